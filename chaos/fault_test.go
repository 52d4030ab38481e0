package chaos_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// fault is a mishap at one call of AWS.
type fault struct {
	On    service // counts only calls of that service; empty counts all
	Name  string  // and only those of that name; empty counts all
	About string  // and only those that hold this; empty counts all
	At    int     // which of them since the step began, from 1
	Kind  mishap
}

func (f fault) String() string {
	which := "call"
	switch {
	case f.Name != "":
		which = f.Name
	case f.On != "":
		which = "call of the " + string(f.On)
	}
	return fmt.Sprintf("%s %d: %s", which, f.At, f.Kind)
}

// mishap is what happens at a call.
type mishap string

const (
	none        mishap = ""
	broken      mishap = "broken"        // it has no effect, and the caller only learns that the connection broke
	down        mishap = "down"          // so do all further calls of the service by this run of the function
	lost        mishap = "lost"          // it takes effect, and the answer is lost
	lostLate    mishap = "lost late"     // it takes effect, and five seconds later its connection breaks
	held        mishap = "held"          // it takes effect five seconds later
	lostForGood mishap = "lost for good" // and all further calls of the service by this run have none
	slow        mishap = "slow"          // it takes effect, and the answer takes 25 seconds
	endBefore   mishap = "ended before"  // the function is ended before it
	endAfter    mishap = "ended after"   // the function is ended after it took effect
)

// trouble is the faults a step has in store, and how far it is.
type trouble struct {
	faults []fault
	calls  []int // that each fault counted
}

func newTrouble(faults []fault) *trouble {
	return &trouble{faults: faults, calls: make([]int, len(faults))}
}

// spared is the faults of steps that met no call. Call it with mu held.
func (w *world) spared() (all []fault) {
	for _, tr := range w.troubles {
		for i, f := range tr.faults {
			if tr.calls[i] < f.At {
				all = append(all, f)
			}
		}
	}
	return all
}

// fault is what happens to a call. Call it with mu held.
func (w *world) fault(c *call) mishap {
	tr := c.by.trouble
	if tr == nil {
		return none
	}
	kind := none
	for i, f := range tr.faults {
		if (f.On != "" && f.On != c.service) || (f.Name != "" && f.Name != c.name) || !bytes.Contains(c.body, []byte(f.About)) {
			continue
		}
		tr.calls[i]++
		if tr.calls[i] == f.At && kind == none {
			kind = f.Kind
		}
	}
	return kind
}

// sky is what the weather may be like for a while.
type sky string

const (
	throttled   sky = "AWS throttles texts"
	unreachable sky = "the carrier cannot be reached"
	failing     sky = "the carrier answers with internal errors"
	spent       sky = "the spending limit is reached"
	suspended   sky = "the account may not send"
	unwritable  sky = "the table takes no writes"
	listless    sky = "AWS's opt-out lists do not answer"
	echoing     sky = "every job and every schedule comes twice at once"
)

func skies() []sky {
	return []sky{throttled, unreachable, failing, spent, suspended, unwritable, listless, echoing}
}

// weather is what becomes of a call for reasons that last. Call it with mu held.
func (w *world) weather(c *call) (*http.Response, error) {
	is := func(s sky) bool { return w.now().Before(w.skies[s]) }
	switch {
	case c.service == theTable && c.writes() && is(unwritable):
		return refusal(http.StatusInternalServerError, "InternalServerError", nil), nil
	case c.service == theLists && is(listless):
		return refusal(http.StatusInternalServerError, "InternalServerException", nil), nil
	case (c.service == theLists || c.service == theSMS) && is(unreachable):
		if c.service == theSMS {
			t := w.handed(c)
			t.outcome, t.reason = outcomeRefused, "UNREACHABLE"
			w.model.text(t)
		}
		return nil, errDial
	case c.service != theSMS:
		return nil, nil
	case is(throttled):
		return w.refuse(w.handed(c), http.StatusBadRequest, "ThrottlingException", "", ""), nil
	case is(failing):
		t := w.handed(c)
		t.outcome = outcomeLost
		w.model.text(t)
		return refusal(http.StatusInternalServerError, "InternalServerException", nil), nil
	case is(spent):
		return w.refuse(w.handed(c), http.StatusBadRequest, "ServiceQuotaExceededException", "Reason", "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"), nil
	case is(suspended):
		return w.refuse(w.handed(c), http.StatusBadRequest, "AccessDeniedException", "Reason", "ACCOUNT_DISABLED"), nil
	}
	return nil, nil
}

// transient reports whether a certain no is one that another try may turn into a yes.
func (t *text) transient() bool {
	return t.outcome == outcomeRefused && (strings.HasPrefix(t.reason, "Throttling") || t.reason == "UNREACHABLE" || t.accountWide())
}

func (t *text) accountWide() bool {
	return strings.HasPrefix(t.reason, "MONTHLY_SPEND_LIMIT") || t.reason == "ACCOUNT_DISABLED"
}

// second is short beside everything the promises speak of.
const second = time.Second
