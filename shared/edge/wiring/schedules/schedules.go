// Package schedules opens the schedulers a function was deployed with. It is apart from package wiring so that a
// function that schedules nothing is not linked with the EventBridge Scheduler client, which makes each cold start
// longer.
package schedules

import (
	"github.com/aws/aws-sdk-go-v2/service/scheduler"

	"smsconsent/shared/edge/schedule"
	"smsconsent/shared/edge/wiring"
)

// Campaigns opens the scheduler whose schedules wake sendcheck.
func Campaigns(d *wiring.Deployment) *schedule.Scheduler { return open(d, "SENDCHECK_ARN") }

// Texts opens the scheduler whose schedules wake waiting texts.
func Texts(d *wiring.Deployment) *schedule.Scheduler { return open(d, "TEXTS_ARN") }

// Audits opens the scheduler whose schedules wake the audit.
func Audits(d *wiring.Deployment) *schedule.Scheduler { return open(d, "AUDIT_ARN") }

func open(d *wiring.Deployment, function string) *schedule.Scheduler {
	return schedule.New(scheduler.NewFromConfig(d.AWS), schedule.Target{
		FunctionARN:   d.Needed(function),
		RoleARN:       d.Needed("SCHEDULER_ROLE_ARN"),
		Group:         d.Needed("SCHEDULE_GROUP"),
		DeadLetterARN: d.Getenv("FAILED_EVENTS_ARN"),
	}, d.Passed)
}
