// Package wiring gives a function what it was deployed with: clients, names, keys and the programs.
//
// It opens only what is asked for, because a cold start pays for every client, and it does without the SDK's config
// package, which costs a third of a start-up: inside Lambda region and credentials are in the environment.
package wiring

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/link"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/queue"
	"smsconsent/shared/edge/schedule"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
)

// Names are the resources template.yaml made, as the environment variables of its functions name them.
type Names struct {
	Table            string // TABLE_NAME
	JobsQueue        string // JOBS_QUEUE_URL: pages of campaigns
	AuditQueue       string // AUDIT_QUEUE_URL: shards of the audit
	ConfigurationSet string // CONFIGURATION_SET
	SendcheckARN     string // SENDCHECK_ARN
	AuditARN         string // AUDIT_ARN
	SchedulerRole    string // SCHEDULER_ROLE_ARN
	ScheduleGroup    string // SCHEDULE_GROUP
	FailedEvents     string // FAILED_EVENTS_ARN: queue of what a schedule could not start; may be empty
	FailedEventsURL  string // FAILED_EVENTS_URL: the same queue, for what a function cannot handle
	LedgerKey        string // LEDGER_KEY_PARAMETER: name of the SecureString
	CaptchaKey       string // CAPTCHA_KEY_PARAMETER: name of the SecureString
	CaptchaSecret    string // CAPTCHA_SECRET_PARAMETER: the same, with a provider's secret; may be empty
	LinkKey          string // LINK_KEY_PARAMETER: name of the SecureString
	PreferencesURL   string // PREFERENCES_URL: address of the preference page
}

// Deployment is everything a function may open.
type Deployment struct {
	Names   Names
	AWS     aws.Config
	Catalog *program.Catalog
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *telemetry.Metrics

	// Simulated says that AWS is the local stack's: texts go out as fast as they come, because real time passes while its
	// clock stands still, and a schedule may be made for an instant that has passed.
	Simulated bool

	// Secret reads a secret by parameter name. Nil reads it from Parameter Store.
	Secret func(ctx context.Context, name string) ([]byte, error)

	outboxes []*outbox.Outbox // those opened
}

// NamesFrom reads the names from the environment.
func NamesFrom(getenv func(string) string) Names {
	return Names{
		Table:            getenv("TABLE_NAME"),
		JobsQueue:        getenv("JOBS_QUEUE_URL"),
		AuditQueue:       getenv("AUDIT_QUEUE_URL"),
		ConfigurationSet: getenv("CONFIGURATION_SET"),
		SendcheckARN:     getenv("SENDCHECK_ARN"),
		AuditARN:         getenv("AUDIT_ARN"),
		SchedulerRole:    getenv("SCHEDULER_ROLE_ARN"),
		ScheduleGroup:    getenv("SCHEDULE_GROUP"),
		FailedEvents:     getenv("FAILED_EVENTS_ARN"),
		FailedEventsURL:  getenv("FAILED_EVENTS_URL"),
		LedgerKey:        getenv("LEDGER_KEY_PARAMETER"),
		CaptchaKey:       getenv("CAPTCHA_KEY_PARAMETER"),
		CaptchaSecret:    getenv("CAPTCHA_SECRET_PARAMETER"),
		LinkKey:          getenv("LINK_KEY_PARAMETER"),
		PreferencesURL:   getenv("PREFERENCES_URL"),
	}
}

// AWSFrom is the AWS configuration of a Lambda function, read from the environment the runtime sets.
func AWSFrom(getenv func(string) string) aws.Config {
	cfg := aws.Config{
		Region: getenv("AWS_REGION"),
		Credentials: credentials.NewStaticCredentialsProvider(
			getenv("AWS_ACCESS_KEY_ID"),
			getenv("AWS_SECRET_ACCESS_KEY"),
			getenv("AWS_SESSION_TOKEN"),
		),
	}
	if endpoint := getenv("AWS_ENDPOINT_URL"); endpoint != "" {
		cfg.BaseEndpoint = aws.String(endpoint)
	}
	return cfg
}

// Ledger opens the ledger with its secret keys, of which there is one where none was ever replaced.
func (d *Deployment) Ledger(ctx context.Context) (consent.Ledger, error) {
	text, err := d.Text(ctx, d.Names.LedgerKey)
	if err != nil {
		return consent.Ledger{}, err
	}
	l, err := consent.ParseLedger(string(text))
	if err != nil {
		return consent.Ledger{}, fmt.Errorf("key %q: %w; make one with: openssl rand -base64 48", d.Names.LedgerKey, err)
	}
	return l, nil
}

// Table opens the consent table, whose items the ledger seals. The zero Ledger is enough where nothing about a person
// is written.
func (d *Deployment) Table(ledger consent.Ledger) *table.Table {
	return table.New(dynamodb.NewFromConfig(d.AWS), d.Names.Table, ledger)
}

// SealedTable opens the consent table with the ledger's key.
func (d *Deployment) SealedTable(ctx context.Context) (*table.Table, error) {
	ledger, err := d.Ledger(ctx)
	if err != nil {
		return nil, err
	}
	return d.Table(ledger), nil
}

// Audience opens the index of subscribed people.
func (d *Deployment) Audience() *audience.List {
	return audience.New(dynamodb.NewFromConfig(d.AWS), d.Names.Table)
}

// Outbox opens the door out over the table.
func (d *Deployment) Outbox(t *table.Table, g *gate.Gate) *outbox.Outbox {
	o := outbox.OnAWS(outbox.Config{
		Catalog: d.Catalog,
		Gate:    g,
		Store:   t,
		Now:     d.Now,
		Log:     d.Log,
		Metrics: d.Metrics,
	}, d.AWS, d.Names.ConfigurationSet)
	d.outboxes = append(d.outboxes, o)
	return o
}

// Links makes and opens the links to preference pages.
func (d *Deployment) Links(ctx context.Context) (*link.Maker, error) {
	key, err := d.Key(ctx, d.Names.LinkKey)
	if err != nil {
		return nil, err
	}
	return link.New(key, d.Names.PreferencesURL, d.Catalog, rand.Reader)
}

// PacedOutbox is Outbox for jobs that text many people. As many of those run at once as the audience has shards, each
// in a process of its own, so each takes its share of an identity's rate.
func (d *Deployment) PacedOutbox(t *table.Table, g *gate.Gate) *outbox.Outbox {
	o := d.Outbox(t, g)
	if !d.Simulated {
		o.Pacer = outbox.NewSharedRate(audience.Shards)
	}
	return o
}

// CampaignSchedules opens the scheduler whose schedules wake sendcheck.
func (d *Deployment) CampaignSchedules() *schedule.Scheduler {
	return d.schedules(d.Names.SendcheckARN)
}

// AuditSchedules opens the scheduler whose schedules wake the audit.
func (d *Deployment) AuditSchedules() *schedule.Scheduler { return d.schedules(d.Names.AuditARN) }

func (d *Deployment) schedules(function string) *schedule.Scheduler {
	now := d.Now
	if d.Simulated {
		now = nil
	}
	return schedule.New(scheduler.NewFromConfig(d.AWS), schedule.Target{
		FunctionARN:   function,
		RoleARN:       d.Names.SchedulerRole,
		Group:         d.Names.ScheduleGroup,
		DeadLetterARN: d.Names.FailedEvents,
	}, now)
}

// CampaignJobs opens the queue of campaign jobs.
func (d *Deployment) CampaignJobs() *queue.Queue {
	return queue.New(sqs.NewFromConfig(d.AWS), d.Names.JobsQueue)
}

// AuditJobs opens the queue of audit jobs.
func (d *Deployment) AuditJobs() *queue.Queue {
	return queue.New(sqs.NewFromConfig(d.AWS), d.Names.AuditQueue)
}

// DeadLetters opens the queue of events that cannot be handled.
func (d *Deployment) DeadLetters() *queue.Queue {
	return queue.New(sqs.NewFromConfig(d.AWS), d.Names.FailedEventsURL)
}

// Text reads a secret somebody else made, such as a CAPTCHA provider's: the text kept under the name, as it is.
func (d *Deployment) Text(ctx context.Context, name string) ([]byte, error) {
	read := d.Secret
	if read == nil {
		read = d.parameter
	}
	text, err := read(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("read secret %q: %w", name, err)
	}
	return text, nil
}

// Key reads a secret key: the base64 text of at least 32 bytes kept under the name.
func (d *Deployment) Key(ctx context.Context, name string) ([]byte, error) {
	text, err := d.Text(ctx, name)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil || len(key) < 32 {
		return nil, fmt.Errorf(
			"key %q is not the base64 text of at least 32 bytes; make one with: openssl rand -base64 48",
			name,
		)
	}
	return key, nil
}

func (d *Deployment) parameter(ctx context.Context, name string) ([]byte, error) {
	out, err := ssm.NewFromConfig(
		d.AWS,
	).GetParameter(
		ctx,
		&ssm.GetParameterInput{Name: aws.String(name), WithDecryption: aws.Bool(true)},
	)
	if err != nil {
		return nil, err
	}
	return []byte(aws.ToString(out.Parameter.Value)), nil
}
