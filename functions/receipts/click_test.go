package receipts_test

import (
	"encoding/json"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/edge/link"
	"smsconsent/shared/testkit/world"
)

// clicked is the job that says that she followed the first link of the campaign's text.
func clicked(at time.Time) string {
	body, err := json.Marshal(link.Clicked{Click: &link.Click{Brand: "example", Phone: her, Campaign: spring, Topic: "alerts", At: at}})
	if err != nil {
		panic(err)
	}
	return string(body)
}

func (w *fixture) clicks() int {
	w.T.Helper()
	n, err := w.Table.Clicks(w.T.Context(), spring)
	if err != nil {
		w.T.Fatal(err)
	}
	return n
}

// The first click of a text is on its history, counted with its campaign, and a sign that the person reads us. A second
// one, and the first come again, change nothing.
func TestAClickIsOnRecordCountedAndASign(t *testing.T) {
	w := newWorld(t, 1)
	at := noon.Add(90 * time.Minute)
	for _, body := range []string{clicked(at), clicked(at), clicked(at.Add(time.Hour))} {
		if failed := w.handle(body); len(failed) > 0 {
			t.Fatalf("failed: %v\n%s", failed, &w.Logged)
		}
		m := w.text(0)
		last := m.History[len(m.History)-1]
		if len(m.History) != 2 || !last.At.Equal(at) || last.Status != consent.Clicked || last.Detail != "link 1" || m.Status != consent.Sent {
			t.Errorf("on record is %+v", m)
		}
		if sign := w.Contact(her).Attention["alerts"].Sign; !sign.Equal(at) {
			t.Errorf("the last sign is of %s, want %s", sign, at)
		}
		if n := w.clicks(); n != 1 {
			t.Errorf("%d clicks are counted", n)
		}
	}
	if len(w.noted()) != 0 {
		t.Errorf("a sign that brings nobody back is an event: %+v", w.noted())
	}
}

// A click brings back whoever gets digests only of its topic, and on record is by what sign; other topics stay as they
// are.
func TestAClickBringsBackToTheRegularTexts(t *testing.T) {
	w := newWorld(t, 1)
	w.Alter(her, func(c *consent.Contact) {
		s := c.Subs["alerts"]
		s.Tier, s.Moved = consent.Digest, noon
		c.Subs["alerts"], c.Subs["orders"] = s, s
	})
	if failed := w.handle(clicked(noon.Add(90 * time.Minute))); len(failed) > 0 {
		t.Fatal(failed)
	}
	events := w.noted()
	last := events[len(events)-1]
	if last.Type != consent.Moved || last.Evidence["sign"] != "click" || last.Source != consent.SourceLink {
		t.Errorf("on record is %+v", last)
	}
	for topic, want := range map[string]consent.Tier{"alerts": consent.Regular, "orders": consent.Digest} {
		if tier := w.Contact(her).Subs[topic].TierNow(); tier != want {
			t.Errorf("%s: she is in tier %s, want %s", topic, tier, want)
		}
	}
}

// A click never brings back whom STOP ended, and is on record all the same.
func TestAClickAfterASTOPIsNoConsent(t *testing.T) {
	w := newWorld(t, 1)
	w.Says(her, "alerts", keyword.OptOut)
	if failed := w.handle(clicked(w.Clock())); len(failed) > 0 {
		t.Fatal(failed)
	}
	if s := w.Contact(her).Subs["alerts"].State; s != consent.Unsubscribed || w.clicks() != 1 {
		t.Errorf("the topic is %s, %d clicks", s, w.clicks())
	}
}

// A click that fails half way is done whole when it comes again.
func TestAClickThatFailsHalfWayIsFinished(t *testing.T) {
	w := newWorld(t, 1)
	at := noon.Add(90 * time.Minute)
	w.Table.Fault = world.Failing("UpdateBookkeeping", 1, errBroken)
	if failed := w.handle(clicked(at)); len(failed) != 1 {
		t.Fatalf("it did not fail")
	}
	if failed := w.handle(clicked(at)); len(failed) > 0 {
		t.Fatal(failed)
	}
	if sign := w.Contact(her).Attention["alerts"].Sign; !sign.Equal(at) || w.clicks() != 1 {
		t.Errorf("the last sign is of %s, %d clicks", sign, w.clicks())
	}
}
