// Package console is the page on which somebody does a day's work with a stack: people and what is on record of them,
// campaigns, audits, and what waits for a person. The local stack adds phones and a clock; over a deployed stack it is
// served on the operator's own machine, with the operator's own credentials.
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

// Config is what a Console works with. Only the first part is needed.
type Config struct {
	Stack *wiring.Deployment
	Log   *slog.Logger

	About     About // what the page says of the stack
	Simulated bool  // the local stack: nobody real is on record, and its page has phones and a clock

	// InForce returns the programs in force, which may be others than a moment ago; nil for those of the stack for good.
	InForce func() *program.Catalog
	// Everybody returns whoever is on record, in the order of their numbers, where they are at hand; nil where the table
	// is to be read through.
	Everybody func(context.Context) ([]consent.Contact, error)
	// Campaigns is what may be done with campaigns; nil for nothing.
	Campaigns Campaigns
	// Record reads a record, and has that noted; nil where the page itself does.
	Record func(context.Context, consent.Key) (json.RawMessage, error)
	// Alarms returns those that ring; nil where there are none to ask about.
	Alarms func(context.Context) ([]Alarm, error)
}

// About is what the page says of the stack.
type About struct {
	Name string `json:"name"` // such as "smsconsent in us-east-1"
	Who  string `json:"who"`  // ARN of whoever looks; empty where that is not known
}

// Alarm is a CloudWatch alarm that rings.
type Alarm struct {
	Name    string    `json:"name"`
	Since   time.Time `json:"since"`
	Because string    `json:"because"` // what it means
}

// Console answers what the page asks. It is safe for concurrent use.
type Console struct {
	Config
	table *table.Table
	kept  *reports.Store
	seal  sealer
	ruled atomic.Pointer[rules]

	mu      sync.Mutex
	figures Figures // as they were counted last
	counted time.Time
}

// rules is programs, and the gate that goes by them.
type rules struct {
	programs *program.Catalog
	gate     *gate.Gate
}

// New makes a console.
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

// rules returns those in force. Programs of which no gate can be made are not put in force, so the last stay.
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

// The policies of template.yaml that the calls of the page need.
const (
	operatorPolicy = "OperatorPolicyArn"
	approverPolicy = "ApproverPolicyArn"
	peoplePolicy   = "PeoplePolicyArn"
	recordsPolicy  = "RecordsPolicyArn"
	textsPolicy    = "TextsPolicyArn"
)

// Routes adds what the page asks for, and the page.
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

// Brand is a brand of programs.yaml, as forms offer it.
type Brand struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Approval bool    `json:"approval"` // its campaigns need one
	Testers  bool    `json:"testers"`  // it has some
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
		Asked  bool    `json:"asked"` // there is something to ask
		Alarms []Alarm `json:"alarms"`
	}{c.Alarms != nil, []Alarm{}}
	if c.Alarms == nil {
		return found, nil
	}
	ringing, err := c.Alarms(r.Context())
	found.Alarms = append(found.Alarms, ringing...)
	return found, err
}

// answer makes a handler of a function that finds what is to be shown. policy names what credentials lack that AWS
// refuses.
func answer(c *Console, policy string, find func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		found, err := find(r)
		switch {
		case r.Context().Err() != nil: // the page went away meanwhile
		case err != nil:
			c.refuse(r.Context(), err, policy).Write(w)
		default:
			gateway.WriteJSON(w, http.StatusOK, found)
		}
	}
}

// refuse says why something could not be done.
func (c *Console) refuse(ctx context.Context, err error, policy string) *gateway.Refusal {
	if refusal, ok := errors.AsType[*gateway.Refusal](err); ok {
		return refusal
	}
	if lacking(err) {
		return missing("your AWS credentials do not allow this: have the policy " + policy +
			" of the stack's outputs attached to whoever you are (docs/console.md)")
	}
	if fault, ok := errors.AsType[smithy.APIError](err); ok && strings.Contains(fault.ErrorCode(), "ExpiredToken") {
		return missing("your AWS credentials have expired: sign in again, and start the console anew")
	}
	c.Log.ErrorContext(ctx, "the console could not do what was asked", "error", err.Error())
	return &gateway.Refusal{
		Status:  http.StatusBadGateway,
		Message: "this could not be read or done; the terminal the console was started in says why",
	}
}

// missing refuses for what credentials lack.
func missing(message string) *gateway.Refusal {
	return &gateway.Refusal{Status: http.StatusForbidden, Field: "policy", Message: message}
}

// lacking reports whether AWS refused for want of a permission.
func lacking(err error) bool {
	fault, ok := errors.AsType[smithy.APIError](err)
	return ok && strings.HasPrefix(fault.ErrorCode(), "AccessDenied")
}

func badRequest(field, message string) error {
	return &gateway.Refusal{Status: http.StatusBadRequest, Field: field, Message: message}
}

// maxRequest is the most bytes a request of the page has.
const maxRequest = 64 << 10

// decode reads the JSON a page sent.
func decode(r *http.Request, into any) error {
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxRequest)).Decode(into); err != nil {
		return badRequest("body", "the request's body is not JSON of the form the page sends")
	}
	return nil
}
