package receipts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/functions/receipts"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/world"
)

const (
	her    = phone.Number("+12065550177")
	spring = "01KB00000000000000000SPR1N" // a campaign
	offer  = "Example Corp.: half of everything is half the price today."
)

var (
	noon      = time.Date(2026, time.December, 1, 12, 0, 0, 0, time.UTC)
	errBroken = errors.New("broken")
)

// id is the ID of the nth text.
func id(n int) string { return fmt.Sprintf("01KB0000000000000000000%03d", n) }

// fixture is the function in its world, two days after a campaign texted her an hour apart.
type fixture struct {
	*world.World
	handler *receipts.Handler
}

func newWorld(t testing.TB, texts int) *fixture {
	t.Helper()
	w := &fixture{World: world.New(t, noon.Add(48*time.Hour))}
	w.StandStill()
	var err error
	w.handler, err = receipts.New(receipts.Config{
		Catalog: w.Catalog, Table: w.Table, Outbox: w.Outbox, Now: w.Now, Log: w.Log, Metrics: w.Metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.MakeUp(her, noon.Add(-24*time.Hour), func(c *consent.Contact) {
		for n := range texts {
			c.Claims = append(c.Claims, consent.Claim{
				ID: id(n), At: noon.Add(time.Duration(n) * time.Hour), Kind: message.Promotional, Program: "alerts",
				Topics: []string{"alerts"}, Campaign: spring, Content: message.ContentHash(offer),
			})
		}
	})
	for _, c := range w.Contact(her).Claims {
		w.record(c)
	}
	if err := w.Table.CreateCampaign(t.Context(), campaign.Campaign{
		ID: spring, Brand: "example", Topic: "alerts", Text: offer,
		At: noon, Expires: noon.Add(72 * time.Hour), State: campaign.Running,
	}); err != nil {
		t.Fatal(err)
	}
	return w
}

// record puts the text of a claim on record as sent.
func (w *fixture) record(c consent.Claim) {
	w.T.Helper()
	m := c.Message()
	m.Status, m.History = consent.Sent, []consent.StatusChange{{At: c.At, Status: consent.Sent}}
	if err := w.Table.Record(w.T.Context(), table.Sent{Key: world.Key(her), Message: m}); err != nil {
		w.T.Fatal(err)
	}
}

// lose takes the text off the record that its sender could not put there.
func (w *fixture) lose() { w.TakeAway(her, "MESSAGE#"+id(0)) }

// text is what is on record of the nth text; the zero Message where it is not on record.
func (w *fixture) text(n int) consent.Message {
	w.T.Helper()
	for _, m := range w.Record(her).Messages {
		if m.ID == id(n) {
			return m
		}
	}
	return consent.Message{}
}

func (w *fixture) health() consent.Health { w.T.Helper(); return w.Contact(her).Health }

func (w *fixture) campaign() campaign.Campaign {
	w.T.Helper()
	c, err := w.Table.Table.Campaign(w.T.Context(), spring)
	if err != nil {
		w.T.Fatal(err)
	}
	return c
}

// noted is what her ledger holds beyond her YES.
func (w *fixture) noted() []consent.Event { return w.Record(her).Events[1:] }

// commits is how often her contact was changed with an event.
func (w *fixture) commits() int { return w.Table.Done("Commit") - 1 }

// counted is how often a metric was counted, one at a time.
func (w *fixture) counted(metric string) int {
	return strings.Count(w.Counted.String(), `"`+metric+`":1`)
}

// event is an SQS body as SNS makes it of AWS's event.
func event(text int, seconds int, kind string, change map[string]any) string {
	at := noon.Add(time.Duration(text)*time.Hour + time.Duration(seconds)*time.Second)
	e := map[string]any{
		"eventType": "TEXT_" + kind, "eventVersion": "1.0", "eventTimestamp": at.UnixMilli(), "isFinal": true,
		"originationPhoneNumber": "+12065550100", "destinationPhoneNumber": string(her), "isInternationalSend": false,
		"messageId": "aws-1", "messageStatus": kind, "totalMessageParts": 1, "totalMessagePrice": 0.00581,
		"context": map[string]string{"brand": "example", "message": id(text)},
	}
	maps.Copy(e, change)
	inner, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	outer, err := json.Marshal(map[string]string{
		"Type": "Notification", "MessageId": "sns-1", "Message": string(inner), "Timestamp": "2026-12-01T12:00:00.000Z",
	})
	if err != nil {
		panic(err)
	}
	return string(outer)
}

// handle gives the bodies as one batch and returns which of them failed.
func (w *fixture) handle(bodies ...string) []string {
	w.T.Helper()
	var batch events.SQSEvent
	for i, body := range bodies {
		batch.Records = append(batch.Records, events.SQSMessage{MessageId: fmt.Sprint(i), Body: body})
	}
	out, err := w.handler.Handle(w.T.Context(), batch)
	if err != nil {
		w.T.Fatal(err)
	}
	failed := []string{}
	for _, f := range out.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	return failed
}
