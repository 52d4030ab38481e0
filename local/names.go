package local

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"smsconsent/shared/edge/wiring"
)

// Names are the resources of the local stack.
func Names() wiring.Names {
	return wiring.Names{
		Table:            TableName,
		JobsQueue:        QueueURL("jobs"),
		AuditQueue:       QueueURL("audit"),
		ConfigurationSet: ConfigurationSet,
		SendcheckARN:     FunctionARN("sendcheck"),
		AuditARN:         FunctionARN("audit"),
		SchedulerRole:    SchedulerRole,
		ScheduleGroup:    ScheduleGroup,
		FailedEventsURL:  QueueURL("events-dead"),
		LedgerKey:        "ledger",
		CaptchaKey:       "captcha",
		CaptchaSecret:    "captcha-secret",
		LinkKey:          "link",
	}
}

// Secret stands in for Parameter Store: fixed keys, so that a ledger kept between runs still verifies. They are in the
// open, so nothing here proves anything to anybody.
func Secret(_ context.Context, name string) ([]byte, error) {
	keys := map[string]string{
		"ledger":  "bG9jYWwgbGVkZ2VyIGtleSwgcHVibGljLCBvZiBubyB2YWx1ZSBhdCBhbGwu",
		"link":    "bG9jYWwgbGluayBrZXksIHB1YmxpYywgb2Ygbm8gdmFsdWUgYXQgYWxsLi4u",
		"captcha": "bG9jYWwgY2FwdGNoYSBrZXksIHB1YmxpYywgb2Ygbm8gdmFsdWUgYXQgYWxs",
	}
	return []byte(keys[name]), nil
}

// Remote is the AWS configuration of another process that calls a local stack over its HTTP port.
func Remote(endpoint string) aws.Config {
	return aws.Config{
		Region:       Region,
		Credentials:  credentials.NewStaticCredentialsProvider("local", "local", ""),
		BaseEndpoint: aws.String(endpoint),
	}
}
