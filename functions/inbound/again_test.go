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
	w := newWorld(t)
	help := sns(w.Clock(), payload(string(her), alerts, "HELP", "again"))
	deliver := func(e events.SNSEvent) {
		t.Helper()
		if err := w.handler.Handle(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	deliver(help)
	for range 8 {
		w.says(her, alerts, "👋")
	}
	deliver(help)
	if n := len(w.Proof(her).Events); len(w.Carrier.Sent) != 1 || n != 9 {
		t.Errorf("%d answers and %d events, want 1 and 9", len(w.Carrier.Sent), n)
	}
}

// I8: a STOP that was undone does not come back, weeks later and after whatever was said since; AWS's list stays as it
// is.
func TestAStopThatComesAgainAfterAStart(t *testing.T) {
	w := newWorld(t)
	w.says(her, alerts, "JOIN")
	w.says(her, alerts, "YES")
	w.Pass(time.Minute)
	stop := sns(w.Clock(), payload(string(her), alerts, "STOP", "again"))
	for i := range 2 {
		if err := w.handler.Handle(t.Context(), stop); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			w.Pass(time.Hour)
			w.followUp("example", her)
			w.says(her, alerts, "START")
			w.says(her, alerts, "YES")
			for range 8 {
				w.says(her, alerts, "👋")
			}
			w.Pass(20 * 24 * time.Hour)
		}
	}
	if state := w.Proof(her).Contact.Subs["alerts"].State; state != consent.Subscribed {
		t.Errorf("she is %s", state)
	}
	w.followUp("example", her)
	if got := strings.Join(w.Carrier.Lists, " "); got != "+Default -Default" {
		t.Errorf("lists: %s", got)
	}
}

// A START that comes again after a STOP was heard which is older than it leaves the number on AWS's list.
func TestAStartThatComesAgainAfterALateStop(t *testing.T) {
	w := newWorld(t)
	w.says(her, alerts, "STOP")
	w.Pass(10 * time.Minute)
	start := sns(w.Clock(), payload(string(her), alerts, "START", "again"))
	if err := w.handler.Handle(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	if err := w.handler.Handle(t.Context(), sns(w.Clock().Add(-11*time.Minute), payload(string(her), alerts, "STOP", "late"))); err != nil {
		t.Fatal(err)
	}
	if err := w.handler.Handle(t.Context(), start); err != nil {
		t.Fatal(err)
	}
	w.Pass(time.Hour)
	w.followUp("example", her)
	c := w.Proof(her).Contact
	if _, stopped := c.StoppedAt("alerts"); !stopped || w.Carrier.Lists[len(w.Carrier.Lists)-1] != "+Default" {
		t.Errorf("stopped: %t, lists: %v", stopped, w.Carrier.Lists)
	}
}
