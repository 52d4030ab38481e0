package audit_test

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"smsconsent/functions/audit"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/world"
)

// twoPages begins each segment with a page that has nobody.
type twoPages struct {
	audit.Table
	second int // how often the next page was asked for where it is
	firsts int // how often the first of contacts was
}

func (p *twoPages) ScanRecords(
	ctx context.Context, segment int, after table.Position, now time.Time,
) ([]inspect.Subject, table.Position, error) {
	if after == (table.Position{}) {
		return nil, table.Position{PK: "CONTACT#example#+1", SK: "CONTACT"}, nil
	}
	if after == (table.Position{PK: "CONTACT#example#+1", SK: "CONTACT"}) {
		p.second++
	}
	return p.Table.ScanRecords(ctx, segment, table.Position{}, now)
}

func (p *twoPages) ScanContacts(
	ctx context.Context, segment int, after table.Position,
) ([]consent.Contact, table.Position, error) {
	first := table.Position{PK: "CONTACT#example#+1", SK: "CONTACT"}
	if after != first {
		p.firsts++
		return nil, first, nil
	}
	return p.Table.ScanContacts(ctx, segment, table.Position{})
}

// A segment of several pages is gone through to its end, each page where the one before ended.
func TestASegmentOfSeveralPages(t *testing.T) {
	w := newWorld(t)
	w.person("+12125550142", two.Add(-48*time.Hour), nil)
	pages := &twoPages{Table: w.handler.Table}
	w.handler.Table = pages
	w.wake(`{"audit":"start"}`)
	w.RunOut()
	if all := w.reported(); len(all) != 1 || all[0].People != 1 || pages.second != table.Segments || pages.firsts != table.Segments {
		t.Errorf("reported %+v; %d second pages, %d first of contacts", all, pages.second, pages.firsts)
	}
}

// Whoever said stop is held against AWS's lists, in whichever part of the table they are.
func TestWhoeverSaidStopIsOnTheList(t *testing.T) {
	w := newWorld(t)
	people := world.Numbers("212", 1, 16)
	for _, n := range people {
		w.Subscribe(n, two.Add(-72*time.Hour), "alerts")
		w.Means(n, "alerts", keyword.Intent{Kind: keyword.OptOut})
	}
	w.GoTo(two.Add(48 * time.Hour))
	w.Carrier.Lists = nil
	w.wake(`{"audit":"start"}`)
	w.RunOut()
	for _, n := range people {
		if _, on, err := w.Carrier.Listed(t.Context(), "Default", n); err != nil || !on {
			t.Errorf("%s is not on AWS's list, %v", n[8:], err)
		}
	}
	if all := w.reported(); len(all) != 1 || all[0].Findings[report.OnlyHere].Count != len(people) {
		t.Errorf("reported %+v", all)
	}
}

// A part whose place cannot be read fails, rather than beginning anew or passing for done.
func TestAPartWhosePlaceCannotBeRead(t *testing.T) {
	for _, part := range []string{"lists", "segment-0"} {
		w := newWorld(t)
		w.Wake(`{"audit":"start"}`)
		jobs := w.Queue.Jobs
		w.Queue.Jobs = nil
		p := inspect.Part{Run: report.ID(w.begun(jobs[0])), Name: part, Next: "nowhere"}
		if _, err := w.Table.SaveAuditPart(t.Context(), p, two); err != nil {
			t.Fatal(err)
		}
		for _, job := range jobs {
			if strings.Contains(job, `"`+part+`"`) && w.Deliver(t.Context(), job) {
				t.Errorf("%s passes for done", part)
			}
		}
	}
}

// begun is when the audit began whose job it is.
func (w *fixture) begun(job string) time.Time {
	w.T.Helper()
	var j struct{ Since time.Time }
	if err := json.Unmarshal([]byte(job), &j); err != nil {
		w.T.Fatal(err)
	}
	return j.Since
}

// Whoever reads another language is reminded in theirs.
func TestARemindersLanguage(t *testing.T) {
	w := newWorld(t)
	languages := map[phone.Number]string{"+12125550142": "", "+12125550143": "es-US"}
	for n, locale := range languages {
		w.person(n, two.Add(-80*24*time.Hour), func(c *consent.Contact) { c.Locale = locale })
	}
	w.run()
	brand, _ := w.Catalog.Brand("example")
	prog, topic := w.Topic("alerts")
	said := map[string]bool{}
	for n, locale := range languages {
		want := message.Compose(brand, prog, message.RemindOfTopics, []string{"alerts"}, message.Wording{Language: cmp.Or(locale, topic.Locale)})
		got := ""
		for _, sent := range w.Carrier.Sent {
			if sent.To == n {
				got = sent.Body
			}
		}
		if said[got] = true; got != want {
			t.Errorf("%q is told %q, want %q", locale, got, want)
		}
	}
	if len(said) != 2 {
		t.Errorf("both are told %v", said)
	}
}

// A reminder speaks of the topic it is due for, and of no other of its program.
func TestAReminderSpeaksOfItsTopic(t *testing.T) {
	w := newWorld(t)
	prog, topic := w.Topic("alerts")
	topic.ID, topic.Name = "concerts", "concerts"
	prog.Topics = append(prog.Topics, topic)
	w.person("+12125550142", two.Add(-80*day), nil)
	w.run()
	if n := len(w.Carrier.Sent); n != 1 || !strings.Contains(w.Carrier.Sent[0].Body, "alerts") || strings.Contains(w.Carrier.Sent[0].Body, "concerts") {
		t.Errorf("%d texts: %+v", n, w.Carrier.Sent)
	}
}
