// Package desks opens the desks of the stack a function belongs to. It is apart from package wiring so that a function
// that tells nobody is not linked with the client of SNS, for which each cold start pays.
package desks

import (
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"smsconsent/shared/edge/desk"
	"smsconsent/shared/edge/wiring"
)

// Replies opens the desk where a person reads replies.
func Replies(d *wiring.Deployment) *desk.Desk { return open(d, "TO_READ_TOPIC_ARN") }

// Reports opens the desk where a person reads that an audit is done.
func Reports(d *wiring.Deployment) *desk.Desk { return open(d, "REPORT_TOPIC_ARN") }

func open(d *wiring.Deployment, variable string) *desk.Desk {
	return desk.New(sns.NewFromConfig(d.AWS), d.Needed(variable))
}
