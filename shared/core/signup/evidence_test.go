package signup_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/signup"
)

var now = time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC)

func TestWhatIsKept(t *testing.T) {
	given := map[string]string{
		"at": "2026-05-01T14:30:00+02:00", "source": " paper form, Main St shop ", "page": "https://www.example.com/join", "ip": "2001:db8::1", "agent": "Mozilla/5.0",
		"disclosure": "Up to 2 msgs/month.\nReply STOP to cancel.", "collected_by": "Zoë Müller", "reference": "",
	}
	want := maps.Clone(given)
	want["source"] = "paper form, Main St shop"
	delete(want, "reference")
	e, err := signup.NewEvidence(given, now)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, map[string]string(e)); diff != "" {
		t.Error(diff)
	}
	if missing := e.Missing(); len(missing) != 0 {
		t.Errorf("missing: %v", missing)
	}
}

func TestWhatIsRefused(t *testing.T) {
	for _, tc := range []struct{ field, value, says string }{
		{"colour", "blue", "at, source, page, ip, agent, disclosure, collected_by, reference"},
		{"At", "2026-05-01", "is not known"},
		{strings.Repeat("x", 100), "y", "is not known"},
		{"at", "1 May 2026", "2026-05-01T14:30:00Z"},
		{"at", "2026-05-01T14:30:00", "2026-05-01T14:30:00Z"},
		{"at", "2026-02-30", "2026-05-01"},
		{"at", now.Add(5*time.Minute + time.Second).Format(time.RFC3339), "future"},
		{"at", "2026-11-26", "future"},
		{"at", "2016-11-24T19:59:59Z", "10 years"},
		{"ip", "203.0.113", "203.0.113.7"},
		{"source", strings.Repeat("é", 129), "256"},
		{"page", strings.Repeat("x", 1025), "1024"},
		{"disclosure", strings.Repeat("x", 4097), "4096"},
		{"source", "a\x00b", "control"},
		{"source", "a\nb", "control"},
		{"disclosure", "a\x1bb", "control"},
		{"collected_by", "M\xfcller", "UTF-8"},
	} {
		e, err := signup.NewEvidence(map[string]string{tc.field: tc.value}, now)
		wrong, ok := errors.AsType[*phone.FieldError](err)
		if !ok || e != nil || !strings.HasPrefix("evidence."+tc.field, wrong.Field) || len(wrong.Field) <= len("evidence.") || !strings.Contains(wrong.Message, tc.says) {
			t.Errorf("%s %.40q: %v, want something about %q", tc.field, tc.value, err, tc.says)
		}
	}
}

func TestTheEdgesOfTime(t *testing.T) {
	for _, tc := range []struct {
		at      string
		asked   time.Time
		justNow bool
	}{
		{"2026-11-24T20:05:00Z", now.Add(5 * time.Minute), true},
		{"2026-11-24T21:00:00+01:00", now, true},
		{"2026-11-24T19:00:00Z", now.Add(-time.Hour), true},
		{"2026-11-24T18:59:59Z", now.Add(-time.Hour - time.Second), false},
		{"2016-11-24T20:00:00Z", now.AddDate(-10, 0, 0), false},
		// On Kiritimati the 25th has begun at 10:00 UTC of the 24th. Of a day nobody can say that it was just now.
		{"2026-11-25", time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC), false},
		{"2026-11-24", time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), false},
	} {
		e, err := signup.NewEvidence(map[string]string{"at": tc.at}, now)
		if err != nil {
			t.Errorf("%s: %v", tc.at, err)
			continue
		}
		if asked, ok := e.Asked(); !ok || !asked.Equal(tc.asked) || e.JustNow(now) != tc.justNow {
			t.Errorf("%s: asked %s %t, just now %t", tc.at, asked, ok, e.JustNow(now))
		}
	}
	if _, ok := (signup.Evidence{}).Asked(); ok || (signup.Evidence{}).JustNow(now) {
		t.Error("nobody said when, and yet it is known")
	}
}

// Whatever is given, what is kept passes again unchanged, and what is missing is what is not there.
func TestWhatIsKeptIsKeptAgain(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		given := rapid.MapOf(rapid.SampledFrom(signup.EvidenceFields()), rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"2026-05-01", "10.0.0.1", " "}))).Draw(rt, "given")
		e, err := signup.NewEvidence(given, now)
		if err != nil {
			return
		}
		again, err := signup.NewEvidence(e, now)
		if err != nil || !maps.Equal(e, again) {
			rt.Fatalf("%v became %v (%v)", e, again, err)
		}
		for _, field := range signup.Expected() {
			if (e[field] == "") != slices.Contains(e.Missing(), field) {
				rt.Fatalf("%s of %v: missing %v", field, e, e.Missing())
			}
		}
	})
}
