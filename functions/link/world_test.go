package link_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/functions/link"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/phone"
	shortlink "smsconsent/shared/edge/link"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/request"
	"smsconsent/shared/testkit/world"
)

const (
	her      = phone.Number("+12065550142")
	pumpkins = "01KB3M8Y5T0QF2Z9W6R7C4X1VN"
	page     = "https://example.com/pumpkins?from=text"
	second   = "https://shop.example.com/"
	iPhone   = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)

var (
	stores    dynamotest.Stores
	noon      = time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC)
	secret    = []byte("one more secret of thirty-two bytes")
	errBroken = errors.New("broken")
)

func TestMain(m *testing.M) { os.Exit(stores.Run(m)) }

// clicks is the queue of those that count.
type clicks struct {
	put   []shortlink.Click
	fails error
	slow  bool
}

func (q *clicks) Put(ctx context.Context, work ...any) error {
	if q.slow {
		<-ctx.Done()
		return context.Cause(ctx)
	}
	for _, job := range work {
		q.put = append(q.put, *job.(shortlink.Clicked).Click)
	}
	return q.fails
}

// fixture is the function in a world with a campaign.
type fixture struct {
	*world.World
	*link.Handler
	shortener *shortlink.Shortener
	clicks    *clicks
}

func newWorld(t testing.TB, s dynamotest.Store) *fixture {
	t.Helper()
	w := &fixture{World: world.On(t, s, programs, noon), clicks: &clicks{}}
	w.StandStill()
	var err error
	if w.shortener, err = shortlink.NewShortener(secret, "https://api.example", w.Catalog); err != nil {
		t.Fatal(err)
	}
	w.create(pumpkins, "Example Corp.: new pumpkins {link:"+page+"} or {link:"+second+"}")
	w.restart()
	return w
}

// restart is a cold start.
func (w *fixture) restart() {
	w.T.Helper()
	var err error
	w.Handler, err = link.New(link.Config{
		Links: w.shortener, Table: w.Table, Clicks: w.clicks, Now: w.Now,
		Log: slog.New(slog.NewTextHandler(&w.Logged, nil)), Metrics: telemetry.New(&w.Counted, "smsconsent", w.Now),
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

func (w *fixture) create(id, text string) {
	w.T.Helper()
	c := campaign.Campaign{
		ID: id, Brand: "example", Topic: "alerts", Text: text, At: noon, Expires: noon.Add(time.Hour), Created: noon, State: campaign.Scheduled,
	}
	if err := w.Table.CreateCampaign(w.T.Context(), c); err != nil {
		w.T.Fatal(err)
	}
	w.Bill.Take()
}

// id is the ID of her link in a campaign.
func (w *fixture) id(campaign string, place int) string {
	w.T.Helper()
	address, err := w.shortener.Short(world.Key(her), campaign, place)
	if err != nil {
		w.T.Fatal(err)
	}
	return strings.TrimPrefix(address, "https://api.example/l/")
}

// get asks as API Gateway does.
func (w *fixture) get(id string, headers map[string]string) events.APIGatewayV2HTTPResponse {
	w.T.Helper()
	return w.ask("GET", "/l/"+id, headers)
}

func (w *fixture) ask(method, path string, headers map[string]string) events.APIGatewayV2HTTPResponse {
	w.T.Helper()
	all := map[string]string{"user-agent": iPhone, "sec-fetch-dest": "document", "sec-fetch-mode": "navigate"}
	maps.Copy(all, headers)
	for _, name := range slices.Collect(maps.Keys(all)) {
		if all[name] == "" {
			delete(all, name)
		}
	}
	e := request.Call{Method: method, Path: path}.Event()
	e.Headers = all
	out, err := w.Handle(w.T.Context(), e)
	if err != nil {
		w.T.Fatal(err)
	}
	return out
}

const programs = `
policy: {hours: strict}
brands:
  - id: example
    name: Example Corp.
    region: US
    programs:
      - id: alerts
        class: promotional
        identity: {number: "+12065550100"}
        opt_out_list: Default
        topics:
          - {id: alerts, name: alerts, frequency: 2 per month, help: {email: help@example.com}, locale: en-US}
`

// click is the click that is to be counted.
func click(place int) shortlink.Click {
	return shortlink.Click{Brand: "example", Phone: her, Campaign: pumpkins, Topic: "alerts", Place: place, At: noon}
}
