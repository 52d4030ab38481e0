// Package desks opens the desks that a function was deployed with. It is apart from package wiring so that a function
// that notifies nobody is not linked with the SNS client, which makes each cold start longer.
package desks

import (
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"smsconsent/shared/edge/desk"
	"smsconsent/shared/edge/wiring"
)

// Replies opens the desk that tells people about replies to read.
func Replies(d *wiring.Deployment) *desk.Desk { return open(d, "TO_READ_TOPIC_ARN") }

// Reports opens the desk that tells people when an audit is done.
func Reports(d *wiring.Deployment) *desk.Desk { return open(d, "REPORT_TOPIC_ARN") }

func open(d *wiring.Deployment, variable string) *desk.Desk {
	return desk.New(sns.NewFromConfig(d.AWS), d.Needed(variable))
}
