// Package wiring gives a function what it was deployed with: clients, names, keys and the programs.
//
// It opens only what is asked for, because every client makes a cold start longer. It does not use the SDK's config
// package, which takes a third of a start: inside Lambda, Region and credentials are in the environment.
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

// Deployment opens everything that a function may need.
type Deployment struct {
	Getenv  func(variable string) string // reads the environment, which has the names of template.yaml's resources
	AWS     aws.Config
	Catalog *program.Catalog
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *telemetry.Metrics

	// Paced makes texts to many people wait for their turn at the rate of their identity. Without it they are sent as
	// fast as AWS accepts them.
	Paced bool

	// Passed is the clock by which EventBridge Scheduler refuses a time in the past. Nil means that it refuses none.
	Passed func() time.Time

	// Unlimited accepts any number of sign-ups from one network.
	Unlimited bool

	// Secret reads a secret by the name of its parameter. Nil reads it from Parameter Store.
	Secret func(ctx context.Context, name string) ([]byte, error)

	published Published        // where programs newer than Catalog are found; nil to look for none
	stale     *atomic.Bool     // newer programs were found
	secrets   *readings        // secrets read from Parameter Store
	client    *dynamodb.Client // shared by everything that uses the table, so that connections are shared too
	missing   []string         // needed variables that are not set
	outboxes  []*outbox.Outbox // the opened outboxes that can send
}

// New returns a deployment as on Lambda: texts to many people are paced, schedules cannot be made for the past, and
// sign-ups are limited as programs.yaml says.
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

// Tell sets the deployment's log and metrics to be written to w.
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

// Needed returns the value of a variable. Missing reports it where it is not set.
func (d *Deployment) Needed(variable string) string {
	value := d.Getenv(variable)
	if value == "" && !slices.Contains(d.missing, variable) {
		d.missing = append(d.missing, variable)
	}
	return value
}

// Missing returns an error that names every needed variable that is not set; nil where there is none. Without this
// check a function would start, and fail at its first event.
func (d *Deployment) Missing() error {
	errs := make([]error, len(d.missing))
	for i, variable := range d.missing {
		errs[i] = notSet(variable)
	}
	return errors.Join(errs...)
}

func notSet(variable string) error { return fmt.Errorf("%s is not set", variable) }

// AWSFrom returns the AWS configuration of a Lambda function, from the environment that the runtime sets.
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

// Ledger opens the ledger with its secret keys. There is only one key where none was ever replaced.
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

// Table opens the consent table with a ledger that seals its items. The zero Ledger is enough where nothing about a
// person is written.
func (d *Deployment) Table(ledger consent.Ledger) *table.Table {
	return table.New(d.database(), d.Needed("TABLE_NAME"), ledger)
}

func (d *Deployment) database() *dynamodb.Client {
	if d.client == nil {
		d.client = dynamo.Client(d.AWS)
	}
	return d.client
}

// Removed returns when people were removed from a brand's topics, by topic; see table.Removed.
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

// TableAndGate opens the consent table with the ledger's key, and the gate of the programs. It fails where the hours
// of a brand cannot be read, because a function would then text at any hour, or never.
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

// Outbox opens the outbox over the table.
func (d *Deployment) Outbox(t *table.Table, g *gate.Gate) *outbox.Outbox {
	o := outbox.OnAWS(d.outbox(t, g), d.AWS, d.Needed("CONFIGURATION_SET"))
	d.outboxes = append(d.outboxes, o)
	return o
}

// Recovery opens an outbox that cannot send. It only records what others sent.
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

// Links opens the maker of links to preference pages. It also checks them.
func (d *Deployment) Links(ctx context.Context) (*link.Maker, error) {
	key, err := d.Key(ctx, "LINK_KEY_PARAMETER")
	if err != nil {
		return nil, err
	}
	return link.New(key, d.Getenv("PREFERENCES_URL"), d.Catalog, rand.Reader)
}

// ShortLinks opens the maker of campaigns' short links. It also resolves them. api is the address of short links for
// brands without their own; it may be empty where links are only resolved.
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

// LinksURL is the variable with the address of short links for brands without their own.
const LinksURL = "LINKS_URL"

// ReportsBucket returns the name of the bucket with audit reports. Functions that need the bucket open it themselves,
// because S3's client is as large as all others together.
func (d *Deployment) ReportsBucket() string { return d.Needed("REPORTS_BUCKET") }
