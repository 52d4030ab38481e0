package program

import "time"

// Publication records that a programs.yaml was put in force, in place of the one built into the functions or of an
// earlier publication. The zero Publication means that there was none.
type Publication struct {
	Number int64     // 1 for the first
	Hash   string    // Catalog.Hash of the new file
	Before string    // Catalog.Hash of the file that was in force until then
	At     time.Time // UTC
	By     string    // ARN of who published it
	Tables string    // hash of the rule tables it was checked with
	TZ     string    // release of the IANA time zone database it was checked with
}
