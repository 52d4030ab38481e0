// Package oracle compares our tables of public holidays with npm's date-holidays, which has other sources. Where they
// differ, we correct our table or explain the difference. Tests in shared/core/phone compare the time zones of phones
// with libphonenumber's map. "make oracle" runs both. Nothing that it downloads is kept.
package oracle
