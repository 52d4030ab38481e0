package consent

import (
	"maps"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/program"
)

// Revocation is an opt-out that another system reports: AWS's opt-out list, a shop, a CRM.
type Revocation struct {
	At       time.Time // when the person said it, by that system's clock
	Source   string    // the system
	ID       string    // that system's ID of it, which identifies repeats; may be empty
	Program  string    // the program or topic it is about; where both are empty, everything the brand sends
	Topic    string
	Evidence map[string]string

	Brand *program.Brand // whose number it was; its programs' AWS opt-out lists are kept in step
}

const (
	// clocksApart is how far another system's clock may differ from ours. Something older by no more than this may
	// not be older.
	clocksApart = 5 * time.Minute

	// furtherKept limits how many opt-outs that end nothing are added to a ledger. After so many events only a later
	// one adds anything.
	furtherKept = 100
)

// Revoke decides what an opt-out from another system changes. It works like a STOP, but no text is sent about it.
//
// It does not end topics that the person asked us for later, by START or by their YES; the change is then Superseded.
// Where the order is unclear, it ends the topic. One that ends nothing is kept in the ledger as evidence, where it
// has an ID by which a repeat is recognized.
func (c Contact) Revoke(r Revocation) Change {
	scope, lists := r.reach()
	ch := Change{Next: c.clone()}
	if r.ID != "" {
		ch.Inbound = r.Source + " " + r.ID // neither holds a space, so no two opt-outs share a name
	}
	scopes := c.scopesToEnd(scope, &r)
	ch.Superseded = !slices.Equal(scopes, []string{scope})
	ends, later := false, false
	var left []string
	for _, part := range scopes {
		_, stopped := latest(c.Stopped, part, Everything)
		gone := ch.optOut(part, r.At)
		left = append(left, gone...)
		ends, later = ends || !stopped || len(gone) > 0, later || r.At.After(c.Stopped[part])
	}
	ch.Block = slices.DeleteFunc(lists, func(prog string) bool {
		return !slices.Contains(scopes, prog) && !slices.Contains(scopes, Everything)
	})
	evidence := map[string]string{}
	maps.Copy(evidence, r.Evidence)
	e := Event{Type: OptedOut, At: r.At, Source: r.Source, Program: r.Program, Topics: left, Evidence: evidence}
	if !ends {
		if r.ID == "" || !later && c.Head.Seq >= furtherKept {
			return Change{
				Next: c, Repeated: !ch.Superseded, Superseded: ch.Superseded, Inbound: ch.Inbound, Block: ch.Block,
			}
		}
		e.Type = Noted
	}
	if ch.Superseded {
		evidence[EvidenceSuperseded] = "the person asked for some of it later, which goes on"
	}
	ch.addEvent(e)
	return ch
}

// EvidenceSuperseded is the evidence field that says why an opt-out from another system ended nothing.
const EvidenceSuperseded = "superseded"

// scopesToEnd returns the keys of Stopped that the opt-out sets: its scope, or the rest of it without topics that the
// person asked for later. A STOP followed by a START would have left the same.
func (c *Contact) scopesToEnd(scope string, r *Revocation) []string {
	if _, stopped := latest(c.Stopped, scope, Everything); stopped {
		return []string{scope}
	}
	if topic, one := strings.CutPrefix(scope, OneTopic("")); one {
		if c.wantedAfter(r.At, c.Subs[topic].Program, topic) {
			return nil
		}
		return []string{scope}
	}
	programs := []string{scope}
	if scope == Everything {
		programs = nil
		if r.Brand != nil {
			programs = programIDs(r.Brand)
		}
		for _, id := range slices.Sorted(maps.Keys(c.Subs)) {
			if prog := c.Subs[id].Program; !slices.Contains(programs, prog) {
				programs = append(programs, prog)
			}
		}
	}
	var scopes []string
	for _, prog := range programs {
		scopes = append(scopes, c.endsOf(prog, r.At)...)
	}
	if slices.Equal(scopes, programs) {
		return []string{scope}
	}
	return scopes
}

// endsOf returns the keys that an opt-out from a program sets: the program, or single topics where the person asked
// for another of its topics later.
func (c *Contact) endsOf(prog string, at time.Time) []string {
	undone, _ := latest(c.Undone, prog, Everything)
	asked := !at.After(undone)
	var single []string
	for _, id := range slices.Sorted(maps.Keys(c.Subs)) {
		switch s := c.Subs[id]; {
		case s.Program != prog:
		case c.wantedAfter(at, prog, id):
			asked = true
		case s.State != Unsubscribed:
			single = append(single, OneTopic(id))
		}
	}
	if asked {
		return single
	}
	return []string{prog}
}

// wantedAfter reports whether the person told us, certainly after that time, that they want the topic. Being told of
// texts does not count, because others say that; nor does a sign of reading, because it makes no consent newer.
func (c *Contact) wantedAfter(at time.Time, prog, topic string) bool {
	if undone, ok := latest(c.Undone, prog, Everything, OneTopic(topic)); ok && !at.After(undone) {
		return true
	}
	s := c.Subs[topic]
	return s.State == Subscribed && !s.OnlyTold() && at.Add(clocksApart).Before(s.Since)
}

// reach returns the key of Stopped that the opt-out sets, and the programs whose AWS opt-out lists follow. An opt-out
// from the only topic of a program counts for the program, as with a STOP. An opt-out from AWS or a carrier is on the
// list already.
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
