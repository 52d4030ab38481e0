package program

import "time"

// Publication is on record of each programs.yaml that was put in force in place of the one built into the functions.
// The zero Publication stands where none ever was.
type Publication struct {
	Number int64     // counts them, from 1
	Hash   string    // Catalog.Hash of what was put in force
	Before string    // of what was in force until then
	At     time.Time // when it was
	By     string    // ARN of whoever did it
	Tables string    // hash of the rule tables it was checked with
	TZ     string    // release of the IANA time zone database it was checked with
}
