package sendcheck_test

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"smsconsent/functions/sendcheck"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/testkit/wired"
	"smsconsent/shared/testkit/world"
)

func TestWire(t *testing.T) {
	wired.Whole(t, sendcheck.Wire, sendcheck.New, "ledger_key_parameter", "short_link_key_parameter")
	wired.Readable(t, sendcheck.Wire)
}

// What a run would cost is worked out by the built-in prices for whom the table has on the list, links as they go out
// and all; of a run that has begun, from now on.
func TestTheWiredFunctionPlansItsRuns(t *testing.T) {
	w := newWorld(t)
	for _, n := range world.Numbers("206", 3, 2) {
		w.Subscribe(n, tuesday.Add(-24*time.Hour), "alerts")
	}
	o := w.Store.Client.Options()
	d := wired.Stack(t)
	d.Now, d.Log = w.Now, w.Log
	d.AWS = aws.Config{
		Region: o.Region, Credentials: o.Credentials, HTTPClient: o.HTTPClient, BaseEndpoint: o.BaseEndpoint,
	}
	d.Secret = func(context.Context, string) ([]byte, error) {
		return []byte(base64.StdEncoding.EncodeToString([]byte(world.LedgerKey))), nil
	}
	d.Getenv = func(variable string) string {
		switch variable {
		case "TABLE_NAME":
			return w.Store.Table
		case wiring.LinksURL:
			return "https://links.example.net"
		default:
			return strings.ToLower(variable)
		}
	}
	h, err := sendcheck.Wire(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	p, err := h.Plan(t.Context(), campaign.Campaign{
		ID: pumpkins, Brand: "example", Topic: "alerts", Text: "Example Corp.: see {link:https://example.com/pumpkins}",
		At: tuesday.Add(-20 * time.Hour), Expires: tuesday.Add(8 * time.Hour), State: campaign.Scheduled,
	})
	if err != nil {
		t.Fatal(err)
	}
	links := strings.Contains(p.Longest.Text, "https://links.example.net/")
	if p.Will != 2 || p.Cost <= 0 || !links || p.First.Before(tuesday) {
		t.Errorf("%+v", p)
	}
	if _, err := h.Plan(t.Context(), campaign.Campaign{ID: pumpkins, Brand: "example", Topic: "nothing"}); err == nil {
		t.Error("a topic that is not there is planned")
	}
}
