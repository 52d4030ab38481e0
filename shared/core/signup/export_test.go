package signup

import "time"

// What the tests of this package look at from outside.
var (
	EvidenceFields = evidenceFields
	NewEvidence    = newEvidence
)

const MaxRows = maxRows

func (e Evidence) JustNow(now time.Time) bool { return e.justNow(now) }
