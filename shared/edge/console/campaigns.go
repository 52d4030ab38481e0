package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/when"
)

// firstListed is how many campaigns a list shows at first.
const firstListed = 30

// Campaigns makes and changes campaigns for the person using the page. Each method returns a *gateway.Refusal for a
// mistake of that person, and nothing has changed then. The state of a campaign changes in one conditional write, so
// each method may be repeated: the second time it is refused or changes nothing.
type Campaigns interface {
	// Plan returns what a campaign would do, without making it. It is kept in memory under a new ID.
	Plan(ctx context.Context, d Draft) (Planned, error)
	// Create makes the campaign of a plan exactly as it was planned. Called again it makes no second one.
	Create(ctx context.Context, planID string) error
	// Approve records that the person using the page approves a campaign.
	Approve(ctx context.Context, id string) error
	// Test sends the campaign's text to a tester and returns what became of it. language is an ISO 639-1 code, empty for
	// the topic's. Called again it sends again.
	Test(ctx context.Context, id, to, language string) (Tested, error)
	// Pause, Resume and Cancel change the state of a campaign, or of a series and its runs that are not over. Texts that
	// were handed to the carrier are not affected.
	Pause(ctx context.Context, id, why string) error
	Resume(ctx context.Context, id string) error
	Cancel(ctx context.Context, id, why string) error
	// Report returns an HTML page about the outcomes of a campaign.
	Report(ctx context.Context, id string) ([]byte, error)
}

// Tested is what became of a test.
type Tested struct {
	Status  string     `json:"status"`
	Until   *time.Time `json:"until,omitempty"`   // until when it is deferred
	Because string     `json:"because,omitempty"` // why it is
}

// Draft is a campaign as somebody enters it.
type Draft struct {
	Brand        string   `json:"brand"`
	Topic        string   `json:"topic"`
	Text         string   `json:"text"`
	At           string   `json:"at"`         // RFC 3339; empty for now
	Expires      string   `json:"expires"`    // RFC 3339; empty for three days after
	LocalTime    bool     `json:"local_time"` // At and Expires are local times of each person, such as 2026-12-01 10:00
	Far          bool     `json:"far"`        // At is meant to be more than two years away
	In           []string `json:"in"`         // places, such as US-WA; empty for all
	Attributes   []string `json:"attributes"` // only people with these, such as city=Dallas
	Content      string   `json:"content"`    // the ID other channels use for the same content
	MaxCost      string   `json:"max_cost"`   // US dollars; empty for no limit
	Digest       bool     `json:"digest"`
	Again        bool     `json:"again"` // send it although another campaign says the same at the same time
	NotMarketing bool     `json:"not_marketing"`
	Urgent       bool     `json:"urgent"`
	Says         string   `json:"says"` // who vouches for NotMarketing or Urgent

	Texts map[string]string `json:"texts"` // in other languages, by ISO 639-1 code

	Repeat string `json:"repeat"` // five cron fields, in the time zone Zone; empty for once
	Zone   string `json:"zone"`   // IANA name
	For    string `json:"for"`    // longest time of a run, such as 48h
	Until  string `json:"until"`  // no run begins at or after it, RFC 3339; empty for no end
	Times  string `json:"times"`  // number of runs; empty for no end

	// Edits is the ID of the campaign that it replaces, or of the series whose later runs it changes; empty for a new one.
	Edits string `json:"edits"`
}

// Planned is what a campaign would do.
type Planned struct {
	ID       string    `json:"id"` // for Create
	Text     string    `json:"text"`
	At       time.Time `json:"at"`
	Expires  time.Time `json:"expires"`
	Problems []string  `json:"problems"` // warnings
	Approval bool      `json:"approval"` // a second person has to approve it
	Repeat   string    `json:"repeat"`   // when a series is, in words; its next run is planned. Empty for one campaign
	Plan     plan.Plan `json:"plan"`
}

// CampaignState is a campaign and its progress.
type CampaignState struct {
	ID       string          `json:"id"`
	Name     string          `json:"name,omitempty"` // that somebody gave it on the command line
	Brand    string          `json:"brand"`
	Topic    string          `json:"topic"`
	Text     string          `json:"text"`
	In       []string        `json:"in"`
	Digest   bool            `json:"digest"`
	At       time.Time       `json:"at"`
	Expires  time.Time       `json:"expires"`
	Local    *Span           `json:"local,omitempty"` // local times of each person; nil where At and Expires count
	State    campaign.State  `json:"state"`
	Why      string          `json:"why,omitempty"`
	Counts   campaign.Counts `json:"counts"`
	Next     *time.Time      `json:"next,omitempty"`     // when the campaign next looks at people
	Series   string          `json:"series,omitempty"`   // ID of the series it is a run of
	Waits    string          `json:"waits,omitempty"`    // why it waits for approval; empty where it does not
	Approved string          `json:"approved,omitempty"` // who approved it
	rare
}

// rare is what the form shows of a campaign and the list does not.
type rare struct {
	Texts      map[string]string `json:"texts,omitempty"` // in other languages
	Attributes []string          `json:"attributes,omitempty"`
	Content    string            `json:"content,omitempty"`
	Urgent     string            `json:"urgent,omitempty"`        // who vouches for it
	NotSelling string            `json:"not_marketing,omitempty"` // likewise
}

func rareOf(c *campaign.Campaign) rare {
	return rare{c.Texts, c.Wanted(), c.Content, c.Vouched.Urgent, c.Vouched.NotMarketing}
}

// SeriesState is a campaign that is repeated. Its runs are campaigns.
type SeriesState struct {
	ID    string         `json:"id"`
	Name  string         `json:"name,omitempty"` // that somebody gave it on the command line
	Brand string         `json:"brand"`
	Topic string         `json:"topic"`
	Text  string         `json:"text"`
	Cron  string         `json:"cron"`
	Zone  string         `json:"zone"`
	When  string         `json:"when"`            // its schedule in words
	Local bool           `json:"local,omitempty"` // its runs are on each person's own clock
	State campaign.State `json:"state"`
	Why   string         `json:"why,omitempty"`
	Runs  int            `json:"runs"`
	Times int            `json:"times,omitempty"`
	Until *time.Time     `json:"until,omitempty"`

	In     []string `json:"in"`
	Digest bool     `json:"digest"`
	Hours  float64  `json:"hours"`              // that a run takes at most
	Most   *float64 `json:"max_cost,omitempty"` // US dollars a run
	rare
}

// Span is a beginning and an end in local time, for people to read.
type Span struct {
	From  string `json:"from"`
	Until string `json:"until"`

	FromField  string `json:"from_field"` // as a form has it
	UntilField string `json:"until_field"`
}

// campaignList is the newest campaigns and all series.
type campaignList struct {
	Campaigns []CampaignState `json:"campaigns"`
	Series    []SeriesState   `json:"series"`
	Order     []string        `json:"order"` // IDs of both, as campaign.Listed orders them
	All       int             `json:"all"`   // number of all campaigns
	Acts      bool            `json:"acts"`  // the page may change campaigns
}

func (c *Console) campaignRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /console/campaigns", answer(c, operatorPolicy, c.getCampaigns))
	if c.Campaigns == nil {
		return
	}
	mux.HandleFunc("POST /console/campaigns/plan", answer(c, operatorPolicy, func(r *http.Request) (any, error) {
		var d Draft
		if err := decode(r, &d); err != nil {
			return nil, err
		}
		return c.Campaigns.Plan(r.Context(), d)
	}))
	mux.HandleFunc("POST /console/campaigns/{id}", answer(c, operatorPolicy, c.act("create")))
	mux.HandleFunc("POST /console/campaigns/{id}/approve", answer(c, approverPolicy, c.act("approve")))
	mux.HandleFunc("POST /console/campaigns/{id}/test", answer(c, textsPolicy, func(r *http.Request) (any, error) {
		var in struct {
			To       string `json:"to"`
			Language string `json:"language"`
		}
		if err := decode(r, &in); err != nil {
			return nil, err
		}
		return c.Campaigns.Test(r.Context(), r.PathValue("id"), in.To, in.Language)
	}))
	for _, name := range []string{"pause", "resume", "cancel"} {
		mux.HandleFunc("POST /console/campaigns/{id}/"+name, answer(c, operatorPolicy, c.act(name)))
	}
	mux.HandleFunc("GET /console/campaigns/{id}/report", func(w http.ResponseWriter, r *http.Request) {
		page, err := c.Campaigns.Report(r.Context(), r.PathValue("id"))
		c.writePage(w, r, page, err, operatorPolicy+" and "+peoplePolicy)
	})
}

// act returns a handler that carries out one change of a campaign and answers with its ID.
func (c *Console) act(name string) func(*http.Request) (any, error) {
	return func(r *http.Request) (any, error) {
		var in struct {
			Why string `json:"why"`
		}
		if err := decode(r, &in); err != nil {
			return nil, err
		}
		ctx, id := r.Context(), r.PathValue("id")
		var err error
		switch name {
		case "create":
			err = c.Campaigns.Create(ctx, id)
		case "approve":
			err = c.Campaigns.Approve(ctx, id)
		case "pause":
			err = c.Campaigns.Pause(ctx, id, in.Why)
		case "resume":
			err = c.Campaigns.Resume(ctx, id)
		default:
			err = c.Campaigns.Cancel(ctx, id, in.Why)
		}
		return map[string]string{"id": id}, err
	}
}

func (c *Console) getCampaigns(r *http.Request) (any, error) {
	all, err := c.table.Campaigns(r.Context())
	if err != nil {
		return nil, err
	}
	found := campaignList{
		Campaigns: []CampaignState{}, Series: []SeriesState{}, Order: []string{}, All: len(all), Acts: c.Campaigns != nil,
	}
	series, err := c.table.AllSeries(r.Context())
	if err != nil {
		return nil, err
	}
	var listed []campaign.Listed
	for i := range series {
		found.Series = append(found.Series, seriesState(&series[i]))
		listed = append(listed, series[i].Listed())
	}
	slices.SortFunc(all, func(a, b campaign.Campaign) int { return a.Listed().Compare(b.Listed()) })
	most := firstListed
	if r.URL.Query().Get("all") != "" {
		most = len(all)
	}
	for i := range all[:min(len(all), most)] {
		one, err := c.campaignState(r.Context(), &all[i])
		if err != nil {
			return nil, err
		}
		found.Campaigns = append(found.Campaigns, one)
		listed = append(listed, all[i].Listed())
	}
	slices.SortFunc(listed, campaign.Listed.Compare)
	for _, l := range listed {
		found.Order = append(found.Order, l.ID)
	}
	return found, nil
}

func (c *Console) campaignState(ctx context.Context, one *campaign.Campaign) (CampaignState, error) {
	st := CampaignState{
		ID: one.ID, Name: one.Name, Brand: one.Brand, Topic: one.Topic, Text: one.Text, In: append([]string{}, one.In...),
		Digest: one.Digest, At: one.At, Expires: one.Expires, State: one.State, Why: one.Why, Series: one.Series,
		rare: rareOf(one),
	}
	if l := one.Local; !l.IsZero() {
		const shows, field = "Mon 2 Jan 2006, 15:04", "2006-01-02T15:04"
		st.Local = &Span{l.From.Format(shows), l.Until.Format(shows), l.From.Format(field), l.Until.Format(field)}
	}
	shards, err := c.table.Shards(ctx, one.ID)
	if err != nil {
		return st, err
	}
	st.Counts = campaign.Total(shards)
	if next := one.NextLook(shards, c.Stack.Now()); !next.IsZero() {
		st.Next = &next
	}
	if brand, ok := c.Programs().Brand(one.Brand); !ok || !brand.Approval {
		return st, nil
	}
	a, err := c.table.Approval(ctx, one.ID)
	if err != nil {
		return st, err
	}
	if st.Waits = one.Unapproved(a); st.Waits == "" {
		st.Approved = a.By
	}
	return st, nil
}

func seriesState(s *campaign.Series) SeriesState {
	st := SeriesState{
		ID: s.ID, Name: s.Name, Brand: s.Each.Brand, Topic: s.Each.Topic, Text: s.Each.Text, Cron: s.Cron, Zone: s.Zone,
		State: s.State,
		Why:   s.Why, Runs: s.Runs, Times: s.Times, In: append([]string{}, s.Each.In...), Digest: s.Each.Digest,
		When: when.Words(s.Cron, s.Zone), Local: !s.Each.Local.IsZero(), Hours: s.Lasts.Hours(),
		Most: s.MostCost(), rare: rareOf(&s.Each),
	}
	if !s.Until.IsZero() {
		st.Until = &s.Until
	}
	return st
}

// writePage answers with one of our own HTML pages, which need no script.
func (c *Console) writePage(w http.ResponseWriter, r *http.Request, page []byte, err error, policy string) {
	if err != nil {
		refusal := c.refuse(r.Context(), err, policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		http.Error(w, refusal.Message, refusal.Status)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(page) //nolint:gosec // html/template made the page, and its policy allows no script
}
