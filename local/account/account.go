// Package account holds the names, credentials and keys of the local stack's AWS account, for code that calls it. It
// does not import the stack, so that a command can call one that runs in another process.
package account

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/wiring"
)

// The account's names. Its number is not a real one.
const (
	Region           = "us-east-1"
	Account          = "000000000000"
	StackName        = "smsconsent"
	TableName        = "smsconsent"
	ConfigurationSet = "smsconsent"
	ScheduleGroup    = "default"
	BusName          = "smsconsent"
	PhonesBusName    = "smsconsent-phones"
	ReportsBucket    = "smsconsent-reports"
	SchedulerRole    = "arn:aws:iam::" + Account + ":role/smsconsent-scheduler"
)

// FunctionARN returns the ARN under which schedules name a function, such as "sendcheck".
func FunctionARN(name string) string { return ARN("lambda", "function:smsconsent-"+name) }

// ARN returns the ARN of a resource of the account.
func ARN(service, resource string) string {
	return "arn:aws:" + service + ":" + Region + ":" + Account + ":" + resource
}

// TopicARN returns the ARN of an SNS topic.
func TopicARN(name string) string { return ARN("sns", name) }

// TopicTime is how SNS writes times: UTC, in milliseconds.
const TopicTime = "2006-01-02T15:04:05.000Z"

// QueueURL returns the URL of one of the stack's queues: "jobs", "audit", "receipts" or "texts", or one of those
// with "-dead-letters", or "failed-events".
func QueueURL(name string) string { return "http://localhost/" + Account + "/" + name }

// Env returns a function's environment variable on the local stack.
func Env(variable string) string { return Variables()[variable] }

// Variables returns the environment variables of the functions on the local stack.
func Variables() map[string]string {
	return map[string]string{
		"TABLE_NAME":               TableName,
		"JOBS_QUEUE_URL":           QueueURL("jobs"),
		"AUDIT_QUEUE_URL":          QueueURL("audit"),
		"RECEIPTS_QUEUE_URL":       QueueURL("receipts"),
		"CONFIGURATION_SET":        ConfigurationSet,
		"SENDCHECK_ARN":            FunctionARN("sendcheck"),
		"AUDIT_ARN":                FunctionARN("audit"),
		"TEXTS_ARN":                FunctionARN("texts"),
		"SCHEDULER_ROLE_ARN":       SchedulerRole,
		"SCHEDULE_GROUP":           ScheduleGroup,
		"FAILED_EVENTS_URL":        QueueURL("failed-events"),
		"LEDGER_KEY_PARAMETER":     "ledger",
		"CAPTCHA_KEY_PARAMETER":    "captcha",
		"CAPTCHA_SECRET_PARAMETER": "captcha-secret",
		"LINK_KEY_PARAMETER":       "link",
		"SHORT_LINK_KEY_PARAMETER": "short-link",
		"TO_READ_TOPIC_ARN":        TopicARN("to-read"),
		"BUS_NAME":                 BusName,
		"PHONES_BUS_NAME":          PhonesBusName,
		"REPORTS_BUCKET":           ReportsBucket,
		"REPORT_TOPIC_ARN":         TopicARN("reports"),
	}
}

// Deployment opens the local stack for code that calls it. It differs from a deployed one in three ways. Texts are
// sent without pauses, because real time passes while the stack's clock stands still. Schedules may be made for a
// time that has passed. Sign-ups are not limited, because everybody who tries it has the same address.
func Deployment(catalog *program.Catalog, getenv func(string) string, cfg aws.Config, now func() time.Time) *wiring.Deployment {
	d := wiring.New(catalog, getenv, cfg, now)
	d.Paced, d.Passed, d.Unlimited = false, nil, true
	d.Secret = Secret
	return d
}

// Secret returns a key by the name of its parameter, as Parameter Store would.
func Secret(_ context.Context, name string) ([]byte, error) { return []byte(Secrets()[name]), nil }

// Secrets returns the keys by the names of their parameters. They are always the same, so that a ledger kept between
// runs still verifies. They are public, so the ledger proves nothing here.
func Secrets() map[string]string {
	return map[string]string{
		"ledger":     "bG9jYWwgbGVkZ2VyIGtleSwgcHVibGljLCBvZiBubyB2YWx1ZSBhdCBhbGwu",
		"link":       "bG9jYWwgbGluayBrZXksIHB1YmxpYywgb2Ygbm8gdmFsdWUgYXQgYWxsLi4u",
		"short-link": "bG9jYWwgc2hvcnQgbGluayBrZXksIHB1YmxpYywgb2Ygbm8gdmFsdWUgYXQgYWw=",
		"captcha":    "bG9jYWwgY2FwdGNoYSBrZXksIHB1YmxpYywgb2Ygbm8gdmFsdWUgYXQgYWxs",
	}
}

// AWS returns the configuration for SDK clients that call a local stack at an endpoint, such as http://localhost:8080.
func AWS(endpoint string) aws.Config {
	return wiring.AWSFrom(func(variable string) string {
		return map[string]string{
			"AWS_REGION": Region, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_ENDPOINT_URL": endpoint,
		}[variable]
	})
}
