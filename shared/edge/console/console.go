// Package console is the web page for daily work with a stack: people and their records, campaigns, audits, and
// alarms. Over a deployed stack it runs on the operator's own machine with the operator's credentials ("smsconsent
// console"). The local stack shows the same page, and package local/console adds phones and a clock to it.
//
// To begin, read Config, New and Console.Routes. A console writes nothing about people.
package console

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/smithy-go"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/reports"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// Config is what a Console works with. Stack and Log are required, everything else is optional.
type Config struct {
	Stack *wiring.Deployment
	Log   *slog.Logger

	About     About // what the page shows about the stack
	Simulated bool  // it is the local stack, without real people: the page shows whole numbers, phones and a clock

	// InForce returns the programs in force now. Nil stands for those of the stack, which then never change.
	InForce func() *program.Catalog
	// Everybody returns all contacts, sorted by number. It is for stores in memory. Nil means that the table is scanned in
	// pages.
	Everybody func(context.Context) ([]consent.Contact, error)
	// Campaigns makes and changes campaigns. Nil means that the page only shows them.
	Campaigns Campaigns
	// Record reads a person's record and logs that somebody read it. Nil means that the page does so itself.
	Record func(context.Context, consent.Key) (json.RawMessage, error)
	// Alarms returns the alarms that are ringing. Nil means that there are no alarms.
	Alarms func(context.Context) ([]Alarm, error)
}

// About is what the page shows about the stack.
type About struct {
	Name string `json:"name"` // such as "smsconsent in us-east-1"
	Who  string `json:"who"`  // ARN of the person using the page; empty where unknown
}

// Alarm is a CloudWatch alarm that is ringing.
type Alarm struct {
	Name    string    `json:"name"`
	Since   time.Time `json:"since"`
	Because string    `json:"because"` // what it means
}

// Console answers the requests of the page. It is safe for concurrent use.
type Console struct {
	Config
	table *table.Table
	kept  *reports.Store
	seal  sealer
	ruled atomic.Pointer[rules]

	mu      sync.Mutex
	figures Figures   // the last count
	counted time.Time // time of that count
}

// rules is a catalog of programs and the gate made from it.
type rules struct {
	programs *program.Catalog
	gate     *gate.Gate
}

// New makes a Console.
func New(c Config) (*Console, error) {
	g, err := gate.New(c.Stack.Catalog)
	if err != nil {
		return nil, err
	}
	made := &Console{
		Config: c, table: c.Stack.Table(consent.Ledger{}), // a console writes nothing about people
		kept: reports.New(reports.Client(c.Stack.AWS), c.Stack.ReportsBucket()), seal: newSealer(),
	}
	made.ruled.Store(&rules{c.Stack.Catalog, g})
	return made, nil
}

// rules returns the rules in force. When no gate can be made from new programs, the rules before stay.
func (c *Console) rules() *rules {
	known := c.ruled.Load()
	if c.InForce == nil {
		return known
	}
	if now := c.InForce(); now != known.programs {
		if g, err := gate.New(now); err == nil {
			known = &rules{now, g}
			c.ruled.Store(known)
		}
	}
	return known
}

// Programs returns the programs in force.
func (c *Console) Programs() *program.Catalog { return c.rules().programs }

// The policies in template.yaml that allow what the page does.
const (
	operatorPolicy = "OperatorPolicyArn"
	approverPolicy = "ApproverPolicyArn"
	peoplePolicy   = "PeoplePolicyArn"
	recordsPolicy  = "RecordsPolicyArn"
	textsPolicy    = "TextsPolicyArn"
)

// Routes adds the page and its requests to mux.
func (c *Console) Routes(mux *http.ServeMux) {
	c.pageRoutes(mux)
	mux.HandleFunc("GET /console/about", c.getAbout)
	mux.HandleFunc("GET /console/figures", answer(c, operatorPolicy, c.getFigures))
	mux.HandleFunc("GET /console/people", answer(c, operatorPolicy, c.getPeople))
	mux.HandleFunc("POST /console/people", answer(c, operatorPolicy, c.findPeople))
	mux.HandleFunc("GET /console/people/{id}", answer(c, operatorPolicy, c.getPerson))
	mux.HandleFunc("POST /console/people/{id}/record", answer(c, recordsPolicy, c.openRecord))
	mux.HandleFunc("GET /console/alarms", answer(c, operatorPolicy, c.getAlarms))
	mux.HandleFunc("GET /console/replies", answer(c, operatorPolicy, c.getReplies))
	mux.HandleFunc("POST /console/replies/{id}/read", answer(c, operatorPolicy, c.markRead))
	c.campaignRoutes(mux)
	c.auditRoutes(mux)
}

// Brand is a brand of programs.yaml as forms offer it.
type Brand struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Approval bool    `json:"approval"` // its campaigns need an approval
	Testers  bool    `json:"testers"`  // it has testers
	Topics   []Topic `json:"topics"`
}

// Topic is a topic of a brand.
type Topic struct {
	ID    string        `json:"id"`
	Class program.Class `json:"class"`
}

func (c *Console) getAbout(w http.ResponseWriter, _ *http.Request) {
	brands := []Brand{}
	for i := range c.Programs().Brands {
		b := &c.Programs().Brands[i]
		shown := Brand{ID: b.ID, Name: b.Name, Approval: b.Approval, Testers: len(b.Testers) > 0, Topics: []Topic{}}
		for j := range b.Programs {
			for _, t := range b.Programs[j].Topics {
				shown.Topics = append(shown.Topics, Topic{t.ID, t.Class})
			}
		}
		brands = append(brands, shown)
	}
	gateway.WriteJSON(w, http.StatusOK, struct {
		About
		Simulated bool      `json:"simulated"`
		Brands    []Brand   `json:"brands"`
		Languages []string  `json:"languages"` // that a campaign may have a text of its own in
		Now       time.Time `json:"now"`
	}{c.About, c.Simulated, brands, wording.Languages(nil), c.Stack.Now()})
}

func (c *Console) getAlarms(r *http.Request) (any, error) {
	found := struct {
		Asked  bool    `json:"asked"` // there are alarms that can be asked about
		Alarms []Alarm `json:"alarms"`
	}{c.Alarms != nil, []Alarm{}}
	if c.Alarms == nil {
		return found, nil
	}
	ringing, err := c.Alarms(r.Context())
	found.Alarms = append(found.Alarms, ringing...)
	return found, err
}

// answer returns a handler that writes the result of find as JSON. policy is named to a user whose credentials do not
// allow the request.
func answer(c *Console, policy string, find func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		found, err := find(r)
		switch {
		case r.Context().Err() != nil: // the page was closed meanwhile
		case err != nil:
			c.refuse(r.Context(), err, policy).Write(w)
		default:
			gateway.WriteJSON(w, http.StatusOK, found)
		}
	}
}

// refuse returns the answer to a request that failed.
func (c *Console) refuse(ctx context.Context, err error, policy string) *gateway.Refusal {
	if refusal, ok := errors.AsType[*gateway.Refusal](err); ok {
		return refusal
	}
	if isDenied(err) {
		return denied("your AWS credentials do not allow this: have the policy " + policy +
			" of the stack's outputs attached to whoever you are (docs/console.md)")
	}
	if fault, ok := errors.AsType[smithy.APIError](err); ok && strings.Contains(fault.ErrorCode(), "ExpiredToken") {
		return denied("your AWS credentials have expired: sign in again, and start the console anew")
	}
	c.Log.ErrorContext(ctx, "the console could not do what was asked", "error", err.Error())
	return &gateway.Refusal{
		Status:  http.StatusBadGateway,
		Message: "this could not be read or done; the terminal the console was started in says why",
	}
}

// denied returns the answer to a request that the user's credentials do not allow.
func denied(message string) *gateway.Refusal {
	return &gateway.Refusal{Status: http.StatusForbidden, Field: "policy", Message: message}
}

// isDenied reports whether AWS refused because a permission is missing.
func isDenied(err error) bool {
	fault, ok := errors.AsType[smithy.APIError](err)
	return ok && strings.HasPrefix(fault.ErrorCode(), "AccessDenied")
}

func badRequest(field, message string) error {
	return &gateway.Refusal{Status: http.StatusBadRequest, Field: field, Message: message}
}

// maxRequest is the largest body of a request, in bytes.
const maxRequest = 64 << 10

// decode reads the JSON body of a request.
func decode(r *http.Request, into any) error {
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxRequest)).Decode(into); err != nil {
		return badRequest("body", "the request's body is not JSON of the form the page sends")
	}
	return nil
}
