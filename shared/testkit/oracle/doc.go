// Package oracle compares our tables of public holidays with npm's date-holidays, which has other sources. Where both
// differ, ours is mended or the difference is explained. Whether phones keep the clocks we think is asked of
// libphonenumber's map in shared/core/phone. "make oracle" asks both; nothing fetched is kept.
package oracle
