package inspect_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/report"
)

const day = 24 * time.Hour

var now = time.Date(2027, time.January, 12, 14, 0, 0, 0, time.UTC)

func rules() inspect.Rules {
	return inspect.Rules{
		Now: now, LostAfter: 5 * time.Minute, Grace: 5 * time.Minute,
		Unserved:    func(*consent.Contact) string { return "" },
		Lives:       func(*consent.Contact) time.Duration { return 0 },
		ReminderDue: func(*consent.Contact, string) bool { return false },
	}
}

// subject is somebody about whom all is well.
func subject() inspect.Subject {
	return inspect.Subject{Record: consent.Record{Contact: consent.Contact{
		Key:  consent.Key{Brand: "example", Phone: "+12065550142"},
		Subs: map[string]consent.Subscription{"alerts": {State: consent.Subscribed, Since: now.Add(-40 * day), Request: 1, Proof: 2}},
	}}}
}

func TestLook(t *testing.T) {
	set := func(change func(*consent.Subscription)) func(*inspect.Subject, *inspect.Rules) {
		return func(s *inspect.Subject, _ *inspect.Rules) {
			sub := s.Record.Contact.Subs["alerts"]
			change(&sub)
			s.Record.Contact.Subs["alerts"] = sub
		}
	}
	claim := func(age time.Duration, on ...consent.Status) func(*inspect.Subject, *inspect.Rules) {
		return func(s *inspect.Subject, _ *inspect.Rules) {
			s.Record.Contact.Claims = []consent.Claim{{ID: "t", At: now.Add(-age), Kind: message.Reply}}
			for _, status := range on {
				s.Record.Messages = []consent.Message{{ID: "t", Status: status}}
			}
		}
	}
	lives := func(d time.Duration) func(*inspect.Subject, *inspect.Rules) {
		return func(_ *inspect.Subject, r *inspect.Rules) {
			r.Lives = func(*consent.Contact) time.Duration { return d }
		}
	}
	telling := func(field, value string) func(*inspect.Subject, *inspect.Rules) {
		return func(s *inspect.Subject, _ *inspect.Rules) {
			sub := s.Record.Contact.Subs["alerts"]
			sub.Class, sub.Request, sub.Proof = program.Transactional, 1, 1
			s.Record.Contact.Subs["alerts"] = sub
			with := map[string]string{"at": "2026-12-01", "source": "till", "disclosure": "We text you."}
			with[field] = value
			s.Record.Events = []consent.Event{{Seq: 1, Type: consent.Told, Topics: []string{"alerts"}, Evidence: with}}
		}
	}
	for _, tc := range []struct {
		name   string
		change func(*inspect.Subject, *inspect.Rules)
		want   []report.Kind
	}{
		{"all is well", func(*inspect.Subject, *inspect.Rules) {}, nil},
		{"no confirmation", set(func(s *consent.Subscription) { s.Proof = 0 }), []report.Kind{report.Unproven}},
		{"told, and the telling is whole", telling("source", "checkout"), nil},
		{"told, and nobody can say where", telling("source", ""), []report.Kind{report.Unproven}},
		{"told, and the topic is promotional", func(s *inspect.Subject, r *inspect.Rules) {
			telling("source", "checkout")(s, r)
			set(func(s *consent.Subscription) { s.Class = program.Promotional })(s, r)
		}, []report.Kind{report.Unproven}},
		{"told, and the event is another", func(s *inspect.Subject, r *inspect.Rules) {
			telling("source", "checkout")(s, r)
			s.Record.Events[0].Type = consent.Requested
		}, []report.Kind{report.Unproven}},
		{"a request waits", set(func(s *consent.Subscription) {
			*s = consent.Subscription{State: consent.Pending, Until: now.Add(-4 * time.Minute)}
		}), nil},
		{"a request is over", set(func(s *consent.Subscription) {
			*s = consent.Subscription{State: consent.Pending, Until: now.Add(-6 * time.Minute)}
		}), []report.Kind{report.OverdueAsk}},
		{"claimed just now", claim(4 * time.Minute), nil},
		{"claimed and lost", claim(5 * time.Minute), []report.Kind{report.LeftClaim}},
		{"claimed and recorded", claim(5*time.Minute, consent.Sent), nil},
		{"claimed and refused", claim(5*time.Minute, consent.Rejected), []report.Kind{report.LeftClaim}},
		{"claimed and kept back", claim(5*time.Minute, consent.Withheld), []report.Kind{report.LeftClaim}},
		{"a misplaced entry", func(s *inspect.Subject, _ *inspect.Rules) { s.Misplaced = []string{"alerts"} }, []report.Kind{report.Unlisted}},
		{"a stray entry", func(s *inspect.Subject, r *inspect.Rules) {
			s.Misplaced = []string{"alerts"}
			set(func(s *consent.Subscription) { s.State = consent.Unsubscribed })(s, r)
		}, []report.Kind{report.Stray}},
		{"unreadable", func(s *inspect.Subject, _ *inspect.Rules) {
			s.Fault, s.Unreadable = errors.New("the contact cannot be read"), true
		}, []report.Kind{report.CannotBeRead}},
		{"undeliverable", func(s *inspect.Subject, _ *inspect.Rules) { s.Record.Contact.Health.Undeliverable = true }, []report.Kind{report.Unreachable}},
		{"takes no texts", func(s *inspect.Subject, _ *inspect.Rules) { s.Record.Contact.Health.NoTexts = now }, []report.Kind{report.NoTexts}},
		{"undeliverable and long gone", func(s *inspect.Subject, r *inspect.Rules) {
			s.Record.Contact.Health.Undeliverable = true
			set(func(s *consent.Subscription) { s.State = consent.Unsubscribed })(s, r)
		}, nil},
		{"not served", func(_ *inspect.Subject, r *inspect.Rules) {
			r.Unserved = func(*consent.Contact) string { return "no hours" }
		}, []report.Kind{report.NotServed}},
		{"a consent that lives", lives(40 * day), nil},
		{"a consent that outlived its law", lives(40*day - time.Second), []report.Kind{report.TooOld}},
		{"a reminder is due", func(_ *inspect.Subject, r *inspect.Rules) {
			r.ReminderDue = func(_ *consent.Contact, topic string) bool { return topic == "alerts" }
		}, []report.Kind{report.ReminderDue}},
		{"broken, so that nothing it says counts", func(s *inspect.Subject, r *inspect.Rules) {
			s.Fault, s.Misplaced, s.Record.Contact.Health.Undeliverable = errors.New("event 2 was altered"), []string{"alerts"}, true
			claim(time.Hour)(s, r)
		}, []report.Kind{report.Altered}},
	} {
		s, r := subject(), rules()
		tc.change(&s, &r)
		var kinds []report.Kind
		for _, f := range r.Look(&s) {
			kinds = append(kinds, f.Kind)
			if !slices.Contains(report.Kinds(), f.Kind) {
				t.Errorf("%s: no report has %s", tc.name, f.Kind)
			}
		}
		if !slices.Equal(kinds, tc.want) {
			t.Errorf("%s: found %v, want %v", tc.name, kinds, tc.want)
		}
	}
}
