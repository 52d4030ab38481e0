package console

import (
	"context"
	"net/http"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/plan"
)

// listed is how many campaigns a list has at first; a page asks for more.
const listed = 30

// Campaigns is what may be done with campaigns. What somebody got wrong is told as a *gateway.Refusal.
type Campaigns interface {
	// Plan says what a campaign would do, and makes nothing. Nobody else's plan has its ID.
	Plan(ctx context.Context, d Draft) (Planned, error)
	// Create makes the campaign that was planned, as it was planned, once.
	Create(ctx context.Context, planID string) error
	Approve(ctx context.Context, id string) error
	Pause(ctx context.Context, id, why string) error
	Resume(ctx context.Context, id string) error
	Cancel(ctx context.Context, id, why string) error
	// Report returns the page that says what became of a campaign.
	Report(ctx context.Context, id string) ([]byte, error)
}

// Draft is a campaign as somebody writes it.
type Draft struct {
	Brand        string   `json:"brand"`
	Topic        string   `json:"topic"`
	Text         string   `json:"text"`
	At           string   `json:"at"`         // RFC 3339; empty for now
	Expires      string   `json:"expires"`    // RFC 3339; empty for three days after
	LocalTime    bool     `json:"local_time"` // both are on each person's own clock, such as 2026-12-01 10:00
	In           []string `json:"in"`         // places, such as US-WA; everywhere where there is none
	Digest       bool     `json:"digest"`
	Again        bool     `json:"again"` // although another says the same at the same time
	NotMarketing bool     `json:"not_marketing"`
	Urgent       bool     `json:"urgent"`
	Says         string   `json:"says"` // who answers for that
}

// Planned is what a campaign would do.
type Planned struct {
	ID       string    `json:"id"` // by which it can be made
	Text     string    `json:"text"`
	At       time.Time `json:"at"`
	Expires  time.Time `json:"expires"`
	Problems []string  `json:"problems"` // worth knowing; none of them stops it
	Approval bool      `json:"approval"` // somebody else has to approve it
	Plan     plan.Plan `json:"plan"`
}

// CampaignState is one campaign and how far it has come.
type CampaignState struct {
	ID       string          `json:"id"`
	Brand    string          `json:"brand"`
	Topic    string          `json:"topic"`
	Text     string          `json:"text"`
	In       []string        `json:"in"`
	Digest   bool            `json:"digest"`
	At       time.Time       `json:"at"`
	Expires  time.Time       `json:"expires"`
	Local    *Span           `json:"local,omitempty"` // the same on each person's own clock; absent where it is not meant so
	State    campaign.State  `json:"state"`
	Why      string          `json:"why,omitempty"`
	Counts   campaign.Counts `json:"counts"`
	Next     *time.Time      `json:"next,omitempty"`     // when somebody is looked at next
	Waits    string          `json:"waits,omitempty"`    // why it does not go out though nobody paused it: its approval
	Approved string          `json:"approved,omitempty"` // by whom
}

// Span is from when until when, on clocks that need not show the same time.
type Span struct {
	From  string `json:"from"`
	Until string `json:"until"`
}

// campaignList is the newest campaigns.
type campaignList struct {
	Campaigns []CampaignState `json:"campaigns"`
	All       int             `json:"all"`
	Acts      bool            `json:"acts"` // something may be done with them here
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
	for _, name := range []string{"pause", "resume", "cancel"} {
		mux.HandleFunc("POST /console/campaigns/{id}/"+name, answer(c, operatorPolicy, c.act(name)))
	}
	mux.HandleFunc("GET /console/campaigns/{id}/report", func(w http.ResponseWriter, r *http.Request) {
		page, err := c.Campaigns.Report(r.Context(), r.PathValue("id"))
		c.writePage(w, r, page, err, operatorPolicy+" and "+peoplePolicy)
	})
}

// act does something with a campaign, and answers with its ID.
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
	found := campaignList{Campaigns: []CampaignState{}, All: len(all), Acts: c.Campaigns != nil}
	most := listed
	if r.URL.Query().Get("all") != "" {
		most = len(all)
	}
	for i := range all[:min(len(all), most)] {
		one, err := c.campaignState(r.Context(), &all[i])
		if err != nil {
			return nil, err
		}
		found.Campaigns = append(found.Campaigns, one)
	}
	return found, nil
}

func (c *Console) campaignState(ctx context.Context, one *campaign.Campaign) (CampaignState, error) {
	st := CampaignState{
		ID: one.ID, Brand: one.Brand, Topic: one.Topic, Text: one.Text, In: append([]string{}, one.In...), Digest: one.Digest,
		At: one.At, Expires: one.Expires, State: one.State, Why: one.Why,
	}
	if l := one.Local; !l.IsZero() {
		const shows = "Mon 2 Jan 2006, 15:04"
		st.Local = &Span{l.From.Format(shows), l.Until.Format(shows)}
	}
	shards, err := c.table.Shards(ctx, one.ID)
	if err != nil {
		return st, err
	}
	st.Counts = campaign.Total(shards)
	if next := one.NextLook(shards); !next.IsZero() {
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

// writePage answers with one of our own pages of charts, which need no script.
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
	_, _ = w.Write(page) //nolint:gosec // the page is ours, made by html/template, and its policy allows no script
}
