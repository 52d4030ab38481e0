package local

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

//go:embed console
var consoleFiles embed.FS

// keepAlive is how often a silent event stream shows that it is alive.
const keepAlive = 15 * time.Second

// contentSecurity lets the page use its own files and nothing else, and its scripts make no markup out of text: what
// people write stays text.
const contentSecurity = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// State is what the console page shows.
type State struct {
	Version   int64           `json:"version"` // rises with every change
	Now       time.Time       `json:"now"`
	Numbers   []NumberState   `json:"numbers"`
	Phones    []PhoneState    `json:"phones"`
	Contacts  []ContactState  `json:"contacts"`
	Campaigns []CampaignState `json:"campaigns"`
	Queues    map[string]int  `json:"queues"` // messages waiting: jobs, audit, receipts, and dead for all dead letters
	Schedules []ScheduleState `json:"schedules"`
}

// PhoneState is one phone that has a conversation.
type PhoneState struct {
	Phone string `json:"phone"`
	Texts int    `json:"texts"`
	Last  entry  `json:"last"`
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

func (s *Stack) consoleRoutes(mux *http.ServeMux) {
	page, err := fs.Sub(consoleFiles, "console")
	if err != nil {
		panic(err) // the folder is compiled in under this name
	}
	files := http.FileServerFS(page)
	mux.HandleFunc("GET /{file...}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", contentSecurity)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		files.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /console/state", func(w http.ResponseWriter, r *http.Request) {
		state, err := s.state(r.Context())
		if r.Context().Err() != nil {
			return // the page went away
		}
		if err != nil {
			s.log.Error("read state for the console", "error", redact(err))
			(&problem{http.StatusInternalServerError, "", "the state could not be read; the log says why"}).write(w)
			return
		}
		answer(w, http.StatusOK, state)
	})
	mux.HandleFunc("GET /console/phones/{phone}", s.answerPlace)
	mux.HandleFunc("GET /console/events", s.streamChanges)
}

// state gathers what the console shows.
func (s *Stack) state(ctx context.Context) (State, error) {
	st := State{Version: s.changes.now(), Now: s.Now(), Phones: []PhoneState{}, Schedules: []ScheduleState{}}
	for _, n := range s.handsets.numbers() {
		talk := s.handsets.conversation(phone.Number(n))
		st.Phones = append(st.Phones, PhoneState{Phone: n, Texts: len(talk), Last: talk[len(talk)-1]})
	}
	for _, b := range s.catalog.Brands {
		for _, p := range b.Programs {
			for _, n := range identityNumbers(p.Identity) {
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
	for _, sc := range s.schedules.list(func(sc *schedule) bool { return sc.State == enabled && !sc.due.IsZero() }) {
		st.Schedules = append(st.Schedules, ScheduleState{Name: sc.Name, At: sc.due})
	}
	st.Queues = map[string]int{}
	for _, q := range s.queues.all {
		waiting, hidden := s.queues.depth(q)
		if q.function == "" {
			st.Queues["dead"] += waiting + hidden
		} else {
			st.Queues[q.name] = waiting + hidden
		}
	}
	var err error
	st.Contacts, st.Campaigns, err = s.stored(ctx)
	return st, err
}

// streamChanges tells the page by server-sent events when there is something new to fetch. Changes that come while
// the page is busy become one.
func (s *Stack) streamChanges(w http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(w)
	if err := out.SetWriteDeadline(time.Time{}); err != nil {
		s.log.Debug("event stream keeps the server's time limit", "error", err)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	changed, stop := s.changes.watch()
	defer stop()
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	for {
		data, _ := json.Marshal(map[string]any{"version": s.changes.now(), "now": s.Now()})
		if _, err := fmt.Fprintf(w, "event: changed\ndata: %s\n\n", data); err != nil {
			return
		}
		if err := out.Flush(); err != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-s.closed:
			return
		case <-changed:
		case <-alive.C:
		}
	}
}
