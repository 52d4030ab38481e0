package operator

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/console"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/wiring"
)

// page is what the console's page does with campaigns, and what is stored of them.
type page struct {
	console.Campaigns
	t     *testing.T
	stack *wiring.Deployment
}

func newPage(t *testing.T, w *world, cat *program.Catalog) page {
	t.Helper()
	var p page
	if _, err := w.as(cat, "ana", func(_ *cobra.Command, s *wiring.Deployment) error {
		p = page{ConsoleCampaigns(s), t, s}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

// makes plans a draft and makes a campaign of it, twice over.
func (p page) makes(d console.Draft) campaign.Campaign {
	p.t.Helper()
	planned, err := p.Plan(p.t.Context(), d)
	if err != nil {
		p.t.Fatal(err)
	}
	for range 2 {
		if err := p.Create(p.t.Context(), planned.ID); err != nil {
			p.t.Fatal(err)
		}
	}
	return p.stored(planned.ID)
}

func (p page) stored(id string) campaign.Campaign {
	p.t.Helper()
	c, err := consentTable(p.stack).Campaign(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

// wrong is the field at which the page is told what is wrong.
func wrong(t *testing.T, err error) string {
	t.Helper()
	refusal, ok := errors.AsType[*gateway.Refusal](err)
	if !ok || refusal.Status != http.StatusBadRequest && refusal.Status != http.StatusConflict {
		t.Fatalf("refused with %v", err)
	}
	return refusal.Field
}

func pumpkins(change func(*console.Draft)) console.Draft {
	d := console.Draft{
		Brand: "example", Topic: "alerts", Text: "Example Corp.: pumpkins are in.", At: "2027-01-06T18:00:00Z", Expires: "2027-01-07T02:00:00Z",
	}
	if change != nil {
		change(&d)
	}
	return d
}

// What the form says is what the campaign is; what is wrong is told at its field, and nothing is made of it.
func TestConsoleMakesWhatTheFormSays(t *testing.T) {
	w := newWorld(t)
	cat, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	p := newPage(t, w, cat)
	c := p.makes(pumpkins(func(d *console.Draft) {
		d.Texts = map[string]string{"es": "Example Corp.: hay calabazas."}
		d.In, d.Attributes, d.Content, d.Digest, d.MaxCost = []string{"US-WA"}, []string{"city=Dallas"}, "november", true, "5"
	}))
	if c.Texts["es"] != "Example Corp.: hay calabazas." || c.In[0] != "US-WA" || c.Wanted()[0] != "city=Dallas" || c.Content != "november" ||
		!c.Digest || !c.At.Equal(tuesday.Add(24*time.Hour)) || c.Plan.Hash == "" {
		t.Errorf("it is %+v", c)
	}
	c = p.makes(pumpkins(func(d *console.Draft) {
		d.Text, d.LocalTime, d.At, d.Expires = "Example Corp.: squash.", true, "2027-01-06 10:00", "2027-01-06 18:00"
	}))
	if c.Local.From.Format(clock) != "2027-01-06 10:00" {
		t.Errorf("on each person's own clock: %+v", c)
	}
	for field, change := range map[string]func(*console.Draft){
		"topic": func(d *console.Draft) { d.Topic = "nosuch" }, "text": func(d *console.Draft) { d.Text = "" },
		"at":       func(d *console.Draft) { d.At = "2099-01-06T18:00:00Z"; d.Expires = "" },
		"expires":  func(d *console.Draft) { d.Expires = d.At },
		"in":       func(d *console.Draft) { d.In = []string{"Atlantis"} },
		"text-xx":  func(d *console.Draft) { d.Texts = map[string]string{"xx": "?"} },
		"text-es":  func(d *console.Draft) { d.Texts = map[string]string{"es": "¡ver {link:https://example.com}!"} },
		"max-cost": func(d *console.Draft) { d.MaxCost = "much" }, "attribute": func(d *console.Draft) { d.Attributes = []string{"city"} },
		"content": func(d *console.Draft) { d.Content = "two words" }, "urgent": func(d *console.Draft) { d.Urgent, d.Says = true, "Ana" },
		"repeat": func(d *console.Draft) { d.Repeat, d.Zone, d.Expires = "often", "America/New_York", "" },
		"for": func(d *console.Draft) {
			d.Repeat, d.Zone, d.Expires, d.For = "0 10 * * 1", "America/New_York", "", "long"
		},
		"times": func(d *console.Draft) {
			d.Repeat, d.Zone, d.Expires, d.Times = "0 10 * * 1", "America/New_York", "", "0"
		},
		"until": func(d *console.Draft) {
			d.Repeat, d.Zone, d.Expires, d.Until = "0 10 * * 1", "America/New_York", "", d.At
		},
	} {
		_, err := p.Plan(t.Context(), pumpkins(func(d *console.Draft) { d.Again = true; change(d) }))
		if got := wrong(t, err); got != field {
			t.Errorf("%s is told at %q: %v", field, got, err)
		}
	}
}

// A series is made with its first run, once, and stops and ends with it.
func TestConsoleRepeats(t *testing.T) {
	w := newWorld(t)
	cat, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	p := newPage(t, w, cat)
	run := p.makes(pumpkins(func(d *console.Draft) {
		d.Expires, d.Repeat, d.Zone, d.For, d.Times = "", "0 10 * * 3", "America/Los_Angeles", "48h", "3"
	}))
	all, err := consentTable(p.stack).AllSeries(t.Context())
	if err != nil || len(all) != 1 || all[0].ID != run.Series || all[0].Times != 3 || all[0].Lasts != 48*time.Hour {
		t.Fatalf("series %+v, %v", all, err)
	}
	fresh := pumpkins(func(d *console.Draft) {
		d.Edits, d.Text, d.At, d.Expires, d.Times = run.Series, "Example Corp.: fresh pumpkins.", "", "", "5"
	})
	planned, err := p.Plan(t.Context(), fresh)
	if err != nil || planned.Repeat != "every Wednesday at 10:00, Los Angeles" || !planned.At.Equal(tuesday.Add(8*24*time.Hour)) {
		t.Fatalf("the next run that is made: %+v, %v", planned, err)
	}
	if err := p.Create(t.Context(), planned.ID); err != nil {
		t.Fatal(err)
	}
	fresh.Topic = "orders"
	if _, err := p.Plan(t.Context(), fresh); wrong(t, err) != "topic" {
		t.Error(err)
	}
	if s, err := consentTable(p.stack).Series(t.Context(), run.Series); err != nil || s.Each.Text != "Example Corp.: fresh pumpkins." || s.Times != 5 {
		t.Errorf("changed it is %+v, %v", s, err)
	}
	if text := p.stored(run.ID).Text; text != run.Text {
		t.Errorf("the run that was made says %q", text)
	}
	for _, step := range []struct {
		do          func() error
		series, run campaign.State
	}{
		{func() error { return p.Pause(t.Context(), run.Series, "wait") }, campaign.Paused, campaign.Paused},
		{func() error { return p.Resume(t.Context(), run.Series) }, campaign.Running, campaign.Scheduled},
		{func() error { return p.Cancel(t.Context(), run.Series, "") }, campaign.Canceled, campaign.Canceled},
	} {
		err := step.do()
		s, failed := consentTable(p.stack).Series(t.Context(), run.Series)
		if state := p.stored(run.ID).State; errors.Join(err, failed) != nil || s.State != step.series || state != step.run {
			t.Errorf("the series is %s and its run %s, want %s and %s: %v, %v", s.State, state, step.series, step.run, err, failed)
		}
	}
}

// On each person's own clock it is told by those clocks: in the plan, as the next wave, and in the report.
func TestConsoleTellsOwnClocks(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	s := serve(t)
	planned := get[console.Planned](s, http.MethodPost, "/console/campaigns/plan", pumpkins(func(d *console.Draft) {
		d.At, d.Expires, d.LocalTime = "2027-01-07 10:00", "2027-01-07 18:00", true
	}))
	ten := time.Date(2027, time.January, 7, 10, 0, 0, 0, time.UTC)
	if !planned.Plan.Local.From.Equal(ten) {
		t.Errorf("planned for %v", planned.Plan.Local)
	}
	one := "/console/campaigns/" + planned.ID
	get[any](s, http.MethodPost, one, map[string]string{})
	if f := get[console.Figures](s, http.MethodGet, "/console/figures", nil); f.Next == nil || !f.Next.Local.From.Equal(ten) {
		t.Errorf("the next wave is %+v", f.Next)
	}
	if _, page := s.ask(http.MethodGet, one+"/report", nil, nil); !strings.Contains(page, "From 7 January 2027, 10:00 until 7 January 2027, 18:00 on each person’s own clock.") {
		t.Errorf("the report says %.3000s", page)
	}
}

// A campaign that has not begun is put in the place of what it was, by the rules of campaign edit.
func TestConsoleEdits(t *testing.T) {
	w := newWorld(t)
	cat, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	p := newPage(t, w, cat)
	c := p.makes(pumpkins(nil))
	half := func(change func(*console.Draft)) console.Draft {
		return pumpkins(func(d *console.Draft) {
			d.Edits, d.Text = c.ID, "Example Corp.: half price."
			if change != nil {
				change(d)
			}
		})
	}
	edited := p.makes(half(func(d *console.Draft) { d.At = "2027-01-06T19:00:00Z" }))
	if edited.ID != c.ID || edited.Text != "Example Corp.: half price." || !edited.At.Equal(c.At.Add(time.Hour)) || !edited.Created.Equal(c.Created) {
		t.Errorf("edited it is %+v", edited)
	}
	if all, err := consentTable(p.stack).Campaigns(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("there are %d campaigns: %v", len(all), err)
	}
	if _, err := p.Plan(t.Context(), half(func(d *console.Draft) { d.Topic, d.Text = "orders", "Example Corp.: your order is here." })); wrong(t, err) != "topic" {
		t.Error(err)
	}
	run := p.makes(pumpkins(func(d *console.Draft) {
		d.Text, d.Expires, d.Repeat, d.Zone = "Example Corp.: weekly.", "", "0 10 * * 3", "America/Los_Angeles"
	}))
	moved := half(func(d *console.Draft) { d.Edits, d.At = run.ID, "2027-01-06T20:00:00Z" })
	if _, err := p.Plan(t.Context(), moved); err == nil || wrong(t, err) != "at and --expires" {
		t.Errorf("a run is moved: %v", err)
	}
	w.goTo(tuesday.Add(26 * time.Hour))
	late := newPage(t, w, cat)
	if _, err := late.Plan(t.Context(), half(nil)); err == nil {
		t.Error("one that has begun is edited")
	}
}

// A tester gets what a campaign says, and nobody else does.
func TestConsoleTests(t *testing.T) {
	cat := careful(t)
	w := newWorldOf(t, cat)
	w.subscribes(her)
	p := newPage(t, w, cat)
	c := p.makes(pumpkins(nil))
	if is, err := p.Test(t.Context(), c.ID, her, ""); err != nil || !slices.Contains([]string{"sent", "accepted"}, is.Status) || w.got(her, "pumpkins") != 1 {
		t.Errorf("the test is %+v, %v; she has %d", is, err, w.got(her, "pumpkins"))
	}
	for field, to := range map[string][2]string{"to": {"+13055550123", ""}, "language": {her, "es"}} {
		if _, err := p.Test(t.Context(), c.ID, to[0], to[1]); wrong(t, err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	w.goTo(tuesday.Add(14 * time.Hour)) // at night
	if is, err := p.Test(t.Context(), c.ID, her, ""); err != nil || is.Status != "deferred" || is.Until == nil || is.Because == "" {
		t.Errorf("at night the test is %+v, %v", is, err)
	}
}
