package consent

import (
	"time"

	"smsconsent/shared/core/program"
)

// Revocation is an opt-out that another system tells of: AWS's opt-out list, a shop, a CRM.
type Revocation struct {
	At       time.Time // when the person said it, by the system's clock
	Source   string    // the system
	ID       string    // the system's ID of it, by which one that comes twice is known; may be empty
	Program  string    // what it reaches: one program, or one topic; where both are empty, all the brand sends
	Topic    string
	Evidence map[string]string

	Brand *program.Brand // whose number it was; its programs' AWS opt-out lists are kept in step
}

// Revoke decides what an opt-out from elsewhere changes. It is what a STOP is, but no text is sent about it. One that
// was undone since by the person's own text, and comes again, changes nothing.
func (c Contact) Revoke(r Revocation) Change {
	scope, lists := r.reach()
	for _, undone := range []string{scope, Everything} {
		if at, ok := c.Undone[undone]; ok && !r.At.After(at) {
			return Change{Next: c}
		}
	}
	ch := Change{Next: c.clone(), Block: lists}
	if r.ID != "" {
		ch.Inbound = r.Source + "/" + r.ID
	}
	_, already := latest(c.Stopped, scope, Everything)
	left := ch.optOut(scope, r.At)
	if already && len(left) == 0 {
		return Change{Next: c, Repeated: true, Inbound: ch.Inbound, Block: lists}
	}
	ch.addEvent(Event{
		Type: OptedOut, At: r.At, Source: r.Source, Program: r.Program, Topics: left, Evidence: r.Evidence,
	})
	return ch
}

// reach returns the key of Stopped the revocation sets, and the programs whose AWS opt-out lists follow. A topic that
// is all its program has stands for the program, as it does where a person texts STOP. What AWS or a carrier tells of
// is on the list already.
func (r *Revocation) reach() (scope string, lists []string) {
	scope = r.Program
	switch {
	case r.Topic != "":
		scope = OneTopic(r.Topic)
		if r.Brand != nil {
			if p, _, ok := r.Brand.Topic(r.Topic); ok && len(p.Topics) == 1 {
				scope = p.ID
			}
		}
	case r.Program == "":
		scope = Everything
	}
	switch {
	case r.Source == SourceCarrier || r.Brand == nil:
		return scope, nil
	case scope == Everything:
		return scope, programIDs(r.Brand)
	}
	if _, ok := r.Brand.Program(scope); ok {
		return scope, []string{scope}
	}
	return scope, nil
}
