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

// Part is the progress of one part of an audit. Its findings are saved before anything is done about them. So nothing
// is lost or counted twice, wherever its function is ended.
type Part struct {
	Run, Name string
	Next      string         // where it goes on, in a form of its own; may contain a phone number
	Todo      []Task         // tasks that were counted and must be done before it goes on
	Figures   report.Figures // figures of everything before Next
	Done      bool           // nothing comes after Next; Todo may have tasks left
	Version   int64          // one higher with every save; 0 where nothing is stored
}

// Task is a person about whom something must be done.
type Task struct {
	consent.Key
	Listed *Listed `json:",omitempty"` // AWS's list has them; nil where that is not what it is about
}

// Listed is an entry of an AWS opt-out list.
type Listed struct {
	Program  string    // the program of the list
	Since    time.Time // when the number was put there; UTC
	ByPerson bool      // by a STOP that AWS itself received
}
