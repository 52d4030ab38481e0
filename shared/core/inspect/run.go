package inspect

import (
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/report"
)

// Run is one audit.
type Run struct {
	ID     string    `json:"id"` // report.ID of Since
	Since  time.Time `json:"since"`
	Parts  []string  `json:"parts"`             // names of what it consists of
	Closed time.Time `json:"finished,omitzero"` // when all parts were done and its figures were handed on
}

// Part is how far one part of an audit has come. What it found is saved before anything is done about it, so that
// nothing found is lost, and nothing counted twice, whenever its function ends.
type Part struct {
	Run, Name string
	Next      string         // where it goes on, in its own words; may hold a phone number
	Todo      []Task         // what was found and counted, and has to be done before it goes on
	Figures   report.Figures // of all before Next
	Done      bool           // there is nothing behind Next; Todo may be left
	Version   int64          // rises by one with every save; 0 where nothing is stored yet
}

// Task is a person about whom something is to be done.
type Task struct {
	consent.Key
	Listed *Listed `json:",omitempty"` // AWS's list has them; nil where that is not what it is about
}

// Listed is an entry of an AWS opt-out list.
type Listed struct {
	Program  string    // whose list it is
	Since    time.Time // when it was put there; UTC
	ByPerson bool      // by a STOP that AWS itself heard
}
