package inbound_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/consent"
)

// I9: a message is heard once, however much was said since it first came.
func TestAMessageThatComesAgainAfterManyOthers(t *testing.T) {
	b := newBench(t)
	help := sns(b.now, payload(string(her), alerts, "HELP", "again"))
	deliver := func(e events.SNSEvent) {
		t.Helper()
		if err := b.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	deliver(help)
	for range 8 {
		b.says(her, alerts, "👋")
	}
	deliver(help)
	if n := len(b.record(her).Events); len(b.texts) != 1 || n != 9 {
		t.Errorf("%d answers and %d events, want 1 and 9", len(b.texts), n)
	}
}

// I8: a STOP that was undone does not come back, weeks later and after whatever was said since; AWS's list stays as it
// is.
func TestAStopThatComesAgainAfterAStart(t *testing.T) {
	b := newBench(t)
	b.says(her, alerts, "JOIN")
	b.says(her, alerts, "YES")
	b.now = b.now.Add(time.Minute)
	stop := sns(b.now, payload(string(her), alerts, "STOP", "again"))
	for i := range 2 {
		if err := b.Handle(t.Context(), stop); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			b.says(her, alerts, "START")
			b.says(her, alerts, "YES")
			for range 8 {
				b.says(her, alerts, "👋")
			}
			b.now = b.now.Add(20 * 24 * time.Hour)
		}
	}
	if state := b.record(her).Contact.Subs["alerts"].State; state != consent.Subscribed {
		t.Errorf("she is %s", state)
	}
	if got := strings.Join(b.listed, " "); got != "+Default -Default" {
		t.Errorf("lists: %s", got)
	}
}

// A START that comes again after a STOP was heard which is older than it leaves the number on AWS's list.
func TestAStartThatComesAgainAfterALateStop(t *testing.T) {
	b := newBench(t)
	b.says(her, alerts, "STOP")
	b.now = b.now.Add(10 * time.Minute)
	start := sns(b.now, payload(string(her), alerts, "START", "again"))
	if err := b.Handle(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	if err := b.Handle(t.Context(), sns(b.now.Add(-11*time.Minute), payload(string(her), alerts, "STOP", "late"))); err != nil {
		t.Fatal(err)
	}
	if err := b.Handle(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	c := b.record(her).Contact
	if _, stopped := c.StoppedAt("alerts"); !stopped || b.listed[len(b.listed)-1] != "+Default" {
		t.Errorf("stopped: %t, lists: %v", stopped, b.listed)
	}
}
