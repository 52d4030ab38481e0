// Package queues opens the queues a function was deployed with. It is apart from package wiring so that a function that
// queues nothing is not linked with the SQS client, which makes each cold start longer.
package queues

import (
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"smsconsent/shared/edge/queue"
	"smsconsent/shared/edge/wiring"
)

// CampaignJobs opens the queue of campaign jobs.
func CampaignJobs(d *wiring.Deployment) *queue.Queue { return open(d, "JOBS_QUEUE_URL") }

// AuditJobs opens the queue of audit jobs.
func AuditJobs(d *wiring.Deployment) *queue.Queue { return open(d, "AUDIT_QUEUE_URL") }

// Receipts opens the queue of delivery events.
func Receipts(d *wiring.Deployment) *queue.Queue { return open(d, "RECEIPTS_QUEUE_URL") }

// DeadLetters opens the queue of events that cannot be handled.
func DeadLetters(d *wiring.Deployment) *queue.Queue { return open(d, "FAILED_EVENTS_URL") }

func open(d *wiring.Deployment, variable string) *queue.Queue {
	return queue.New(sqs.NewFromConfig(d.AWS), d.Needed(variable))
}
