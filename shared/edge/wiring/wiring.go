// Package wiring gives a function what it was deployed with: clients, names, keys and the programs.
//
// It opens only what is asked for, because a cold start pays for every client, and it does without the SDK's config
// package, which costs a third of a start-up: inside Lambda region and credentials are in the environment.
package wiring

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/dynamo"
	"smsconsent/shared/edge/link"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
)

// Deployment is everything a function may open.
type Deployment struct {
	Getenv  func(variable string) string // the environment, which names what template.yaml made
	AWS     aws.Config
	Catalog *program.Catalog
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *telemetry.Metrics

	// Paced has texts to many wait for their turn at the rate of their identity. Otherwise they go as fast as AWS takes
	// them.
	Paced bool

	// Passed is the clock by which EventBridge Scheduler refuses an instant. Nil where it refuses none.
	Passed func() time.Time

	// Unlimited takes any number of sign-ups from one network.
	Unlimited bool

	// Secret reads a secret by parameter name. Nil reads it from Parameter Store.
	Secret func(ctx context.Context, name string) ([]byte, error)

	published Published        // where newer programs than Catalog are; nil where nobody looks
	stale     *atomic.Bool     // somebody found that newer programs are there
	secrets   *readings        // of Parameter Store
	client    *dynamodb.Client // of what reads and writes the table, so that all of it goes by the same connections
	missing   []string         // variables that were needed and are not set
	outboxes  []*outbox.Outbox // those that send, of what was opened
}

// New returns the deployment as it is on Lambda: texts to many are paced by their identity's rate, schedules are
// made for instants to come, and sign-ups are limited as programs.yaml says.
func New(catalog *program.Catalog, getenv func(string) string, cfg aws.Config, now func() time.Time) *Deployment {
	return &Deployment{
		Getenv:  getenv,
		AWS:     cfg,
		Catalog: catalog,
		Now:     now,
		Paced:   true,
		Passed:  now,
	}
}

// Tell has the deployment write its log, and the metrics of its stack, to w.
func (d *Deployment) Tell(w io.Writer) {
	d.Log, d.Metrics = telemetry.NewLogger(w), telemetry.New(w, d.Needed("STACK_NAME"), d.Now)
}

// SignUps returns how many sign-ups one network may send in an hour; 0 for any number.
func (d *Deployment) SignUps() int {
	if d.Unlimited {
		return 0
	}
	return d.Catalog.SignUp.PerNetworkAnHour
}

// Needed returns what a variable is set to. Of one that is not set Missing tells.
func (d *Deployment) Needed(variable string) string {
	value := d.Getenv(variable)
	if value == "" && !slices.Contains(d.missing, variable) {
		d.missing = append(d.missing, variable)
	}
	return value
}

// Missing returns an error that names every variable which something opened so far needs and which is not set; nil
// where there is none. Without it a function would start, and fail at its first event.
func (d *Deployment) Missing() error {
	errs := make([]error, len(d.missing))
	for i, variable := range d.missing {
		errs[i] = notSet(variable)
	}
	return errors.Join(errs...)
}

func notSet(variable string) error { return fmt.Errorf("%s is not set", variable) }

// AWSFrom returns the AWS configuration of a Lambda function, read from the environment the runtime sets.
func AWSFrom(getenv func(string) string) aws.Config {
	cfg := aws.Config{
		Region: getenv("AWS_REGION"),
		Credentials: credentials.NewStaticCredentialsProvider(
			getenv("AWS_ACCESS_KEY_ID"),
			getenv("AWS_SECRET_ACCESS_KEY"),
			getenv("AWS_SESSION_TOKEN"),
		),
		APIOptions: []func(*middleware.Stack) error{onlyRead},
	}
	if endpoint := getenv("AWS_ENDPOINT_URL"); endpoint != "" {
		cfg.BaseEndpoint = aws.String(endpoint)
	}
	return cfg
}

// Ledger opens the ledger with its secret keys, of which there is one where none was ever replaced.
func (d *Deployment) Ledger(ctx context.Context) (consent.Ledger, error) {
	const variable = "LEDGER_KEY_PARAMETER"
	text, err := d.text(ctx, variable)
	if err != nil {
		return consent.Ledger{}, err
	}
	l, err := consent.ParseLedger(string(text))
	if err != nil {
		return consent.Ledger{}, fmt.Errorf("key %q: %w; %s", d.Getenv(variable), err, makeKey)
	}
	return l, nil
}

// Table opens the consent table, whose items the ledger seals. The zero Ledger is enough where nothing about a person
// is written.
func (d *Deployment) Table(ledger consent.Ledger) *table.Table {
	return table.New(d.database(), d.Needed("TABLE_NAME"), ledger)
}

func (d *Deployment) database() *dynamodb.Client {
	if d.client == nil {
		d.client = dynamo.Client(d.AWS)
	}
	return d.client
}

// Removed returns by topic when people were removed from a brand's topics; see table.Removed.
func (d *Deployment) Removed(ctx context.Context, brand string) (map[string][]time.Time, error) {
	return table.Removed(ctx, d.database(), d.Needed("TABLE_NAME"), brand)
}

// SealedTable opens the consent table with the ledger's key.
func (d *Deployment) SealedTable(ctx context.Context) (*table.Table, error) {
	ledger, err := d.Ledger(ctx)
	if err != nil {
		return nil, err
	}
	return d.Table(ledger), nil
}

// TableAndGate opens the consent table with the ledger's key, and the gate of the programs. It fails where the hours of
// a brand cannot be read: a function would text at any hour, or never.
func (d *Deployment) TableAndGate(ctx context.Context) (*table.Table, *gate.Gate, error) {
	t, err := d.SealedTable(ctx)
	if err != nil {
		return nil, nil, err
	}
	g, err := gate.New(d.Catalog)
	if err != nil {
		return nil, nil, err
	}
	return t, g, nil
}

// Audience opens the index of subscribed people.
func (d *Deployment) Audience() *audience.List {
	return audience.New(d.database(), d.Needed("TABLE_NAME"))
}

// Outbox opens the door out over the table.
func (d *Deployment) Outbox(t *table.Table, g *gate.Gate) *outbox.Outbox {
	o := outbox.OnAWS(d.outbox(t, g), d.AWS, d.Needed("CONFIGURATION_SET"))
	d.outboxes = append(d.outboxes, o)
	return o
}

// Recovery opens an outbox that cannot send: it puts on record what others sent.
func (d *Deployment) Recovery(t *table.Table, g *gate.Gate) *outbox.Outbox {
	return outbox.New(d.outbox(t, g), nil)
}

func (d *Deployment) outbox(t *table.Table, g *gate.Gate) outbox.Config {
	return outbox.Config{
		Catalog: d.Catalog,
		Gate:    g,
		Store:   t,
		Now:     d.Now,
		Log:     d.Log,
		Metrics: d.Metrics,
	}
}

// Links makes and opens the links to preference pages.
func (d *Deployment) Links(ctx context.Context) (*link.Maker, error) {
	key, err := d.Key(ctx, "LINK_KEY_PARAMETER")
	if err != nil {
		return nil, err
	}
	return link.New(key, d.Getenv("PREFERENCES_URL"), d.Catalog, rand.Reader)
}

// ShortLinks makes and opens the short links of campaigns. api is the address of those of brands without their own;
// whoever only opens them needs none.
func (d *Deployment) ShortLinks(ctx context.Context, api string) (*link.Shortener, error) {
	key, err := d.Key(ctx, "SHORT_LINK_KEY_PARAMETER")
	if err != nil {
		return nil, err
	}
	return link.NewShortener(key, api, d.Catalog)
}

// PacedOutbox opens an Outbox for jobs that text many people.
func (d *Deployment) PacedOutbox(t *table.Table, g *gate.Gate) *outbox.Outbox {
	o := d.Outbox(t, g)
	if d.Paced {
		o.Pacer = outbox.NewSharedRate(t)
	}
	return o
}

// CampaignOutbox opens an Outbox for campaigns, whose texts may hold links.
func (d *Deployment) CampaignOutbox(ctx context.Context, t *table.Table, g *gate.Gate) (*outbox.Outbox, error) {
	links, err := d.ShortLinks(ctx, d.Needed(LinksURL))
	if err != nil {
		return nil, err
	}
	o := d.PacedOutbox(t, g)
	o.Short = links
	return o, nil
}

// LinksURL is the variable with the address that short links of brands without one of their own begin with.
const LinksURL = "LINKS_URL"

// ReportsBucket returns the name of the bucket of what audits found. Who wants it opens it by itself: S3's client is as
// large as all others together, and only one function needs it.
func (d *Deployment) ReportsBucket() string { return d.Needed("REPORTS_BUCKET") }
