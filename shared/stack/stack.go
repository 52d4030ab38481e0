// Package stack gives a function what it was deployed with: clients, names, keys and the programs.
//
// It opens only what is asked for, because a cold start pays for every client, and it does without the SDK's config
// package, which costs a third of a start-up: inside Lambda region and credentials are in the environment.
package stack

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
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"smsconsent/shared/audience"
	"smsconsent/shared/carrier"
	"smsconsent/shared/consent"
	"smsconsent/shared/gate"
	"smsconsent/shared/jobs"
	"smsconsent/shared/link"
	"smsconsent/shared/outbox"
	"smsconsent/shared/program"
	"smsconsent/shared/schedule"
	"smsconsent/shared/table"
	"smsconsent/shared/telemetry"
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
	CaptchaSecret    string // CAPTCHA_SECRET_PARAMETER: name of the SecureString with the secret of a CAPTCHA provider; needed with one only
	LinkKey          string // LINK_KEY_PARAMETER: name of the SecureString
	PreferencesURL   string // PREFERENCES_URL: address of the preference page
}

// Stack is everything a function may open.
type Stack struct {
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

	texts *carrier.Client // by which texts go out; nil as long as nobody asked for a carrier
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
		Region:      getenv("AWS_REGION"),
		Credentials: credentials.NewStaticCredentialsProvider(getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY"), getenv("AWS_SESSION_TOKEN")),
	}
	if endpoint := getenv("AWS_ENDPOINT_URL"); endpoint != "" {
		cfg.BaseEndpoint = aws.String(endpoint)
	}
	return cfg
}

// Ledger opens the ledger with its secret keys, of which there is one where none was ever replaced.
func (s *Stack) Ledger(ctx context.Context) (consent.Ledger, error) {
	text, err := s.Text(ctx, s.Names.LedgerKey)
	if err != nil {
		return consent.Ledger{}, err
	}
	l, err := consent.ParseLedger(string(text))
	if err != nil {
		return consent.Ledger{}, fmt.Errorf("key %q: %w; make one with: openssl rand -base64 48", s.Names.LedgerKey, err)
	}
	return l, nil
}

// Table opens the consent table, whose items the ledger seals. The zero Ledger is enough where nothing about a person is written.
func (s *Stack) Table(ledger consent.Ledger) *table.Table {
	return table.New(dynamodb.NewFromConfig(s.AWS), s.Names.Table, ledger)
}

// SealedTable opens the consent table with the ledger's key.
func (s *Stack) SealedTable(ctx context.Context) (*table.Table, error) {
	ledger, err := s.Ledger(ctx)
	if err != nil {
		return nil, err
	}
	return s.Table(ledger), nil
}

// Audience opens the index of subscribed people.
func (s *Stack) Audience() *audience.List {
	return audience.New(dynamodb.NewFromConfig(s.AWS), s.Names.Table)
}

// Carrier opens AWS End User Messaging SMS, by an HTTP client of its own unless AWS names one.
func (s *Stack) Carrier() *carrier.Carrier {
	cfg := s.AWS
	if cfg.HTTPClient == nil {
		if s.texts == nil {
			s.texts = carrier.NewClient()
		}
		cfg.HTTPClient = s.texts
	}
	return carrier.New(sms.NewFromConfig(cfg), s.Names.ConfigurationSet)
}

// Outbox opens the door out over the table.
func (s *Stack) Outbox(t *table.Table, g *gate.Gate) *outbox.Outbox {
	return &outbox.Outbox{Catalog: s.Catalog, Gate: g, Store: t, Carrier: s.Carrier(), Now: s.Now, Log: s.Log, Metrics: s.Metrics}
}

// Links makes and opens the links to preference pages.
func (s *Stack) Links(ctx context.Context) (*link.Maker, error) {
	key, err := s.Key(ctx, s.Names.LinkKey)
	if err != nil {
		return nil, err
	}
	return link.New(key, s.Names.PreferencesURL, s.Catalog, rand.Reader)
}

// PacedOutbox is Outbox for jobs that text many people. As many of those run at once as the audience has shards, each in a
// process of its own, so each takes its share of an identity's rate.
func (s *Stack) PacedOutbox(t *table.Table, g *gate.Gate) *outbox.Outbox {
	o := s.Outbox(t, g)
	if !s.Simulated {
		o.Pacer = outbox.NewSharedRate(audience.Shards)
	}
	return o
}

// CampaignSchedules opens the scheduler whose schedules wake sendcheck.
func (s *Stack) CampaignSchedules() *schedule.Scheduler { return s.schedules(s.Names.SendcheckARN) }

// AuditSchedules opens the scheduler whose schedules wake the audit.
func (s *Stack) AuditSchedules() *schedule.Scheduler { return s.schedules(s.Names.AuditARN) }

func (s *Stack) schedules(function string) *schedule.Scheduler {
	now := s.Now
	if s.Simulated {
		now = nil
	}
	return schedule.New(scheduler.NewFromConfig(s.AWS), schedule.Target{
		FunctionARN: function, RoleARN: s.Names.SchedulerRole, Group: s.Names.ScheduleGroup, DeadLetterARN: s.Names.FailedEvents,
	}, now)
}

// CampaignJobs opens the queue of campaign jobs.
func (s *Stack) CampaignJobs() *jobs.Queue {
	return jobs.New(sqs.NewFromConfig(s.AWS), s.Names.JobsQueue)
}

// AuditJobs opens the queue of audit jobs.
func (s *Stack) AuditJobs() *jobs.Queue {
	return jobs.New(sqs.NewFromConfig(s.AWS), s.Names.AuditQueue)
}

// DeadLetters opens the queue of events that cannot be handled.
func (s *Stack) DeadLetters() *jobs.Queue {
	return jobs.New(sqs.NewFromConfig(s.AWS), s.Names.FailedEventsURL)
}

// Text reads a secret somebody else made, such as a CAPTCHA provider's: the text kept under the name, as it is.
func (s *Stack) Text(ctx context.Context, name string) ([]byte, error) {
	read := s.Secret
	if read == nil {
		read = s.parameter
	}
	text, err := read(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("read secret %q: %w", name, err)
	}
	return text, nil
}

// Key reads a secret key: the base64 text of at least 32 bytes kept under the name.
func (s *Stack) Key(ctx context.Context, name string) ([]byte, error) {
	text, err := s.Text(ctx, name)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil || len(key) < 32 {
		return nil, fmt.Errorf("key %q is not the base64 text of at least 32 bytes; make one with: openssl rand -base64 48", name)
	}
	return key, nil
}

func (s *Stack) parameter(ctx context.Context, name string) ([]byte, error) {
	out, err := ssm.NewFromConfig(s.AWS).GetParameter(ctx, &ssm.GetParameterInput{Name: aws.String(name), WithDecryption: aws.Bool(true)})
	if err != nil {
		return nil, err
	}
	return []byte(aws.ToString(out.Parameter.Value)), nil
}
