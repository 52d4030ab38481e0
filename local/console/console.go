// Package console adds to the page of shared/edge/console what only the local stack has: phones, a clock, and live
// updates.
package console

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"smsconsent/local/change"
	"smsconsent/local/handset"
	"smsconsent/local/redact"
	"smsconsent/local/reply"
	"smsconsent/local/scheduler"
	"smsconsent/local/sms"
	"smsconsent/local/sqs"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	page "smsconsent/shared/edge/console"
)

// keepAlive is how often an event stream without events sends a sign of life.
const keepAlive = 15 * time.Second

// minTellInterval is the shortest time between two notices of changes to the page.
const minTellInterval = time.Second / 4

// latestPhones is how many phones the page lists, those with the latest texts.
const latestPhones = 50

// Console is the console's page together with the local stack's parts that it shows.
type Console struct {
	*page.Console
	Changes   *change.Count
	Handsets  *handset.Handsets
	Queues    *sqs.Queues
	Schedules *scheduler.Schedules
	Closed    <-chan struct{} // closed when the stack stops serving
}

// State is what the page shows of the local stack.
type State struct {
	Version   int64           `json:"version"` // rises with every change
	Now       time.Time       `json:"now"`
	Numbers   []NumberState   `json:"numbers"`
	Phones    []PhoneState    `json:"phones"` // the phones with the latest texts, newest first
	Queues    map[string]int  `json:"queues"` // messages waiting in jobs, audit, receipts; all dead letters in dead
	Schedules []ScheduleState `json:"schedules"`
}

// PhoneState is a phone with a conversation.
type PhoneState struct {
	Phone  string        `json:"phone"`
	Texts  int           `json:"texts"`
	Last   handset.Entry `json:"last"`
	People []page.Person `json:"people"` // its owner at each brand that has them on record
}

// NumberState is a number that people can text, and its program.
type NumberState struct {
	Brand     string   `json:"brand"`
	BrandName string   `json:"brand_name"`
	Program   string   `json:"program"`
	Class     string   `json:"class"`
	Identity  string   `json:"identity"`
	Topics    []string `json:"topics"`
	Keywords  []string `json:"keywords"`
}

// ScheduleState is a schedule and when it fires next.
type ScheduleState struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// Routes adds the page, and the routes that it calls.
func (c *Console) Routes(mux *http.ServeMux) {
	c.Console.Routes(mux)
	mux.HandleFunc("GET /console/state", c.answerState)
	mux.HandleFunc("GET /console/phones/{phone}", c.answerPlace)
	mux.HandleFunc("GET /console/events", c.streamChanges)
}

func (c *Console) answerState(w http.ResponseWriter, r *http.Request) {
	st, err := c.state(r.Context())
	switch {
	case r.Context().Err() != nil:
	case err != nil:
		c.couldNot(w, "the state of the stack", err)
	default:
		reply.JSON(w, http.StatusOK, st)
	}
}

// couldNot answers that something could not be read.
func (c *Console) couldNot(w http.ResponseWriter, what string, err error) {
	c.Log.Error("cannot read", "what", what, "error", redact.Error(err))
	message := what + " could not be read; the log says why"
	(&reply.Problem{Status: http.StatusInternalServerError, Message: message}).Write(w)
}

// state returns what the page shows of the local stack.
func (c *Console) state(ctx context.Context) (State, error) {
	st := State{
		Version: c.Changes.Now(), Now: c.Stack.Now(), Phones: []PhoneState{}, Numbers: c.numbers(),
		Schedules: []ScheduleState{}, Queues: map[string]int{},
	}
	latest := c.Handsets.Latest(latestPhones)
	numbers := make([]phone.Number, len(latest))
	for i, p := range latest {
		numbers[i] = phone.Number(p.Phone)
	}
	people, err := c.OnRecord(ctx, numbers...)
	if err != nil {
		return st, err
	}
	for _, p := range latest {
		theirs := slices.DeleteFunc(slices.Clone(people), func(one page.Person) bool { return one.Phone != p.Phone })
		st.Phones = append(st.Phones, PhoneState{p.Phone, p.Texts, p.Last, theirs})
	}
	for _, f := range c.Schedules.Firings() {
		st.Schedules = append(st.Schedules, ScheduleState(f))
	}
	for _, q := range c.Queues.Depths() {
		if q.Consumed {
			st.Queues[q.Name] = q.Waiting + q.Hidden
		} else {
			st.Queues["dead"] += q.Waiting + q.Hidden
		}
	}
	return st, nil
}

func (c *Console) numbers() (all []NumberState) {
	for _, b := range c.Programs().Brands {
		for _, p := range b.Programs {
			for _, n := range sms.Numbers(p.Identity) {
				number := NumberState{
					Brand: b.ID, BrandName: b.Name, Program: p.ID, Class: string(p.Class), Identity: n,
					Topics: []string{}, Keywords: []string{},
				}
				for _, t := range p.Topics {
					number.Topics = append(number.Topics, t.ID)
					if t.Keyword != "" {
						number.Keywords = append(number.Keywords, t.Keyword)
					}
				}
				all = append(all, number)
			}
		}
	}
	return all
}

// answerPlace answers where a phone is, and which rules keep texts from it now.
func (c *Console) answerPlace(w http.ResponseWriter, r *http.Request) {
	n, bad := handset.Number(r)
	if bad != nil {
		bad.Write(w)
		return
	}
	brand := r.URL.Query().Get("brand")
	if brand == "" {
		brand = c.Programs().Brands[0].ID
	}
	if _, ok := c.Programs().Brand(brand); !ok {
		reply.BadRequest("brand", "is not a brand of programs.yaml").Write(w)
		return
	}
	found, err := c.Look(r.Context(), consent.Key{Brand: brand, Phone: n})
	switch {
	case r.Context().Err() != nil:
	case err != nil:
		c.couldNot(w, "the phone's place", err)
	default:
		reply.JSON(w, http.StatusOK, found)
	}
}

// streamChanges tells the page by server-sent events when to fetch again. Changes within minTellInterval are told as
// one, because a campaign makes thousands.
func (c *Console) streamChanges(w http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(w)
	if err := out.SetWriteDeadline(time.Time{}); err != nil {
		c.Log.Debug("event stream keeps the server's time limit", "error", err)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	changed, stop := c.Changes.Watch()
	defer stop()
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	for {
		data, _ := json.Marshal(map[string]any{"version": c.Changes.Now(), "now": c.Stack.Now()})
		if _, err := fmt.Fprintf(w, "event: changed\ndata: %s\n\n", data); err != nil {
			return
		}
		if err := out.Flush(); err != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-c.Closed:
			return
		case <-time.After(minTellInterval):
		}
		select {
		case <-r.Context().Done():
			return
		case <-c.Closed:
			return
		case <-changed:
		case <-alive.C:
		}
	}
}
