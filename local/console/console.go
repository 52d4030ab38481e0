// Package console is the page that shows the local stack: phones, clock, campaigns and a person's record, live.
package console

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/local/account"
	"smsconsent/local/change"
	"smsconsent/local/handset"
	"smsconsent/local/redact"
	"smsconsent/local/reply"
	"smsconsent/local/scheduler"
	"smsconsent/local/sms"
	"smsconsent/local/sns"
	"smsconsent/local/sqs"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/reports"
)

//go:embed page
var files embed.FS

// keepAlive is how often a silent event stream shows that it is alive.
const keepAlive = 15 * time.Second

// tellEvery is how often the page is told of changes at most.
const tellEvery = time.Second / 4

// contentSecurity lets the page use its own files and nothing else, and its scripts make no markup out of text: what
// people write stays text.
const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// Console gathers what the page shows.
type Console struct {
	Catalog   func() *program.Catalog // in force
	Now       func() time.Time
	Log       *slog.Logger
	AWS       aws.Config // of the stack, whose table is shown
	Changes   *change.Count
	Handsets  *handset.Handsets
	Queues    *sqs.Queues
	Schedules *scheduler.Schedules
	Topics    *sns.Topics
	People    *People         // is told of what is written
	Closed    <-chan struct{} // is closed when the stack stops serving
}

// State is what the console page shows.
type State struct {
	Version   int64           `json:"version"` // rises with every change
	Now       time.Time       `json:"now"`
	Numbers   []NumberState   `json:"numbers"`
	People    PeopleState     `json:"people"`
	Phones    []PhoneState    `json:"phones"`   // of the people shown, and of the phone asked for
	Contacts  []ContactState  `json:"contacts"` // of these
	Campaigns []CampaignState `json:"campaigns"`
	Queues    map[string]int  `json:"queues"` // messages waiting: jobs, audit, receipts, and dead for all dead letters
	Schedules []ScheduleState `json:"schedules"`
	ToRead    []sns.Letter    `json:"to_read"` // replies put before a person, oldest first
	Audits    []string        `json:"audits"`  // runs of which there is a report, the newest first
}

// PhoneState is one phone that has a conversation.
type PhoneState struct {
	Phone string        `json:"phone"`
	Texts int           `json:"texts"`
	Last  handset.Entry `json:"last"`
}

// NumberState is one number people can text, with the program behind it.
type NumberState struct {
	Brand     string   `json:"brand"`
	BrandName string   `json:"brand_name"`
	Program   string   `json:"program"`
	Class     string   `json:"class"`
	Identity  string   `json:"identity"`
	Topics    []string `json:"topics"`
	Keywords  []string `json:"keywords"`
}

// ContactState is one person at one brand.
type ContactState struct {
	Brand   string                   `json:"brand"`
	Phone   string                   `json:"phone"`
	Topics  map[string]consent.State `json:"topics"`
	Stopped []string                 `json:"stopped"` // keys of consent.Contact.Stopped
	Paused  bool                     `json:"paused"`
}

// CampaignState is one campaign and how far it has come.
type CampaignState struct {
	ID      string          `json:"id"`
	Brand   string          `json:"brand"`
	Topic   string          `json:"topic"`
	Text    string          `json:"text"`
	At      time.Time       `json:"at"`
	Expires time.Time       `json:"expires"`
	State   campaign.State  `json:"state"`
	Why     string          `json:"why,omitempty"`
	Counts  campaign.Counts `json:"counts"`
}

// ScheduleState is one schedule that will fire.
type ScheduleState struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// Routes adds the page and the calls it makes.
func (c *Console) Routes(mux *http.ServeMux) {
	page, err := fs.Sub(files, "page")
	if err != nil {
		panic(err) // the folder is compiled in under this name
	}
	static := http.FileServerFS(page)
	mux.HandleFunc("GET /{file...}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", contentSecurity)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		static.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /console/state", func(w http.ResponseWriter, r *http.Request) {
		state, err := c.state(r.Context(), r.URL.Query())
		c.answer(w, r, state, err, "state")
	})
	mux.HandleFunc("GET /console/phones/{phone}", c.answerPlace)
	c.auditRoutes(mux)
	mux.HandleFunc("GET /console/events", c.streamChanges)
}

// state gathers what the console shows. Of the people it is a page: those that find fits, from the one with that number
// on, and the phone.
func (c *Console) state(ctx context.Context, asked url.Values) (State, error) {
	st := State{
		Version: c.Changes.Now(), Now: c.Now(), Phones: []PhoneState{}, Schedules: []ScheduleState{},
		ToRead: toRead(c.Topics.Letters()),
	}
	for _, b := range c.Catalog().Brands {
		for _, p := range b.Programs {
			for _, n := range sms.Numbers(p.Identity) {
				number := NumberState{
					Brand:     b.ID,
					BrandName: b.Name,
					Program:   p.ID,
					Class:     string(p.Class),
					Identity:  n,
					Topics:    []string{},
					Keywords:  []string{},
				}
				for _, t := range p.Topics {
					number.Topics = append(number.Topics, t.ID)
					if t.Keyword != "" {
						number.Keywords = append(number.Keywords, t.Keyword)
					}
				}
				st.Numbers = append(st.Numbers, number)
			}
		}
	}
	for _, f := range c.Schedules.Firings() {
		st.Schedules = append(st.Schedules, ScheduleState(f))
	}
	st.Queues = map[string]int{}
	for _, q := range c.Queues.Depths() {
		if q.Fed {
			st.Queues[q.Name] = q.Waiting + q.Hidden
		} else {
			st.Queues["dead"] += q.Waiting + q.Hidden
		}
	}
	var err error
	if st.Audits, err = audits(ctx, reports.New(reports.Client(c.AWS), account.ReportsBucket)); err != nil {
		return st, err
	}
	db := dynamodb.NewFromConfig(c.AWS)
	if err := c.People.fresh(ctx, db); err != nil {
		return st, err
	}
	from, _ := strconv.Atoi(asked.Get("from")) // what is no number is the beginning
	var shown []phone.Number
	st.People, shown, st.Contacts = c.People.look(
		c.Handsets.Numbers(), asked.Get("find"), from, phone.Number(asked.Get("phone")), c.Now(),
	)
	for _, n := range shown {
		if talk := c.Handsets.Conversation(n); len(talk) > 0 {
			st.Phones = append(st.Phones, PhoneState{Phone: string(n), Texts: len(talk), Last: talk[len(talk)-1]})
		}
	}
	st.Campaigns, err = campaigns(ctx, db)
	return st, err
}

// answer shows what was found, unless the page went away meanwhile.
func (c *Console) answer(w http.ResponseWriter, r *http.Request, found any, err error, what string) {
	switch {
	case r.Context().Err() != nil:
	case err != nil:
		c.Log.Error("read what the console shows", "of", what, "error", redact.Error(err))
		why := "the " + what + " could not be read; the log says why"
		(&reply.Problem{Status: http.StatusInternalServerError, Message: why}).Write(w)
	default:
		reply.JSON(w, http.StatusOK, found)
	}
}

// streamChanges tells the page by server-sent events when there is something new to fetch. Changes that come while
// the page is busy become one, and so do those of a quarter of a second: a campaign makes thousands.
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
		data, _ := json.Marshal(map[string]any{"version": c.Changes.Now(), "now": c.Now()})
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
		case <-time.After(tellEvery):
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
