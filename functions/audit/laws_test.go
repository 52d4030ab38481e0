package audit_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"smsconsent/functions/audit"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/testkit/world"
)

// revokeAll is the day from which one revocation stops every kind of text in the United States (DA 26-12).
var revokeAll = time.Date(2027, time.January, 31, 14, 0, 0, 0, time.UTC)

// Somebody hears of a change of law a month before, and only where it concerns people on the lists.
func TestChangesOfLawAreToldAMonthAhead(t *testing.T) {
	american, french := world.Numbers("212", audience.Shards-1, 1)[0], phone.Number("+33612345678")
	for _, c := range []struct {
		name  string
		who   phone.Number
		at    time.Time
		ahead int
	}{
		{"a month and a day before", american, revokeAll.Add(-31 * day), 0},
		{"a month before", american, revokeAll.Add(-30 * day), 1},
		{"the day before", american, revokeAll.Add(-day), 1},
		{"on the day", american, revokeAll, 0},
		{"where nobody is concerned", french, revokeAll.Add(-day), 0},
		{"where nobody is on a list", "", revokeAll.Add(-day), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.SetClock(c.at)
			if c.who != "" {
				w.person(c.who, c.at, nil)
			}
			w.Wake(`{"audit":"remind"}`)
			if want := fmt.Sprintf(`"LawChangesAhead":%d}`, c.ahead); !strings.Contains(w.Counted.String(), want) {
				t.Errorf("counted %s, want %s", &w.Counted, want)
			}
			told := strings.Count(w.Logged.String(), "place=US rule=revoke-all day=2027-01-31")
			if told != c.ahead || strings.Count(w.Logged.String(), "a rule changes") != c.ahead {
				t.Errorf("the log names the rule %d times, want %d: %s", told, c.ahead, &w.Logged)
			}
		})
	}
}

// Lists that cannot be read keep no audit from its work, and leave the alarm as it stands.
func TestAuditGoesOnWhereTheLawsCannotBeTold(t *testing.T) {
	w := newWorld(t)
	w.handler.Audience = unreadable{w.Audience}
	w.Wake(`{"audit":"remind"}`)
	if len(w.Queue.Jobs) == 0 || strings.Contains(w.Counted.String(), "LawChangesAhead") || !strings.Contains(w.Logged.String(), "changes of law") {
		t.Errorf("%d jobs; counted %s; logged %s", len(w.Queue.Jobs), &w.Counted, &w.Logged)
	}
}

// unreadable is a list whose areas cannot be read.
type unreadable struct{ audit.Audience }

func (unreadable) NextArea(context.Context, string, string, int, phone.Area) (phone.Area, bool, error) {
	return "", false, errBroken
}
