// Package schedule makes one-time schedules in EventBridge Scheduler.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

// API is what is needed of the AWS client.
type API interface {
	CreateSchedule(
		context.Context,
		*scheduler.CreateScheduleInput,
		...func(*scheduler.Options),
	) (*scheduler.CreateScheduleOutput, error)
}

// Target says which function a schedule invokes and as whom.
type Target struct {
	FunctionARN string
	RoleARN     string // role EventBridge Scheduler assumes to invoke it
	Group       string // schedule group; empty for the default one

	// DeadLetterARN is the SQS queue that gets what the function could not be invoked with. Without one EventBridge
	// Scheduler drops it after 24 hours, and nobody hears of a campaign that never went on.
	DeadLetterARN string
}

// Scheduler makes schedules for one target.
type Scheduler struct {
	api    API
	target Target
	now    func() time.Time
}

// New makes a scheduler. now tells which instants have passed, for EventBridge Scheduler refuses those; nil where it
// does not.
func New(api API, target Target, now func() time.Time) *Scheduler {
	return &Scheduler{api: api, target: target, now: now}
}

// patience is how long EventBridge Scheduler tries to invoke a function before somebody is told: much shorter than the
// 24 hours it takes by itself, after which most campaigns have ended, and long enough for a passing fault.
const patience = 2 * time.Hour

// attempts is the most EventBridge Scheduler makes, so that it is patience that ends them.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
const attempts = 185

// soon is how far ahead a schedule is made that should fire at once: EventBridge Scheduler refuses an instant that has
// passed when the call arrives.
const soon = 5 * time.Second

// Once has the target invoked with input at the given instant, or at once where that has passed, and then forgets the
// schedule. A schedule that exists under the name is left as it is, so repeating the call is harmless.
func (s *Scheduler) Once(ctx context.Context, name string, at time.Time, input string) error {
	if s.now != nil {
		if earliest := s.now().Add(soon); at.Before(earliest) {
			at = earliest
		}
	}
	in := &scheduler.CreateScheduleInput{
		Name: aws.String(name),
		// Scheduler takes whole seconds in UTC; rounding up never wakes anybody early.
		ScheduleExpression: aws.String(
			"at(" + at.UTC().Add(time.Second-1).Truncate(time.Second).Format("2006-01-02T15:04:05") + ")",
		),
		ScheduleExpressionTimezone: aws.String("UTC"),
		ActionAfterCompletion:      types.ActionAfterCompletionDelete,
		FlexibleTimeWindow:         &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		Target: &types.Target{
			Arn:     aws.String(s.target.FunctionARN),
			RoleArn: aws.String(s.target.RoleARN),
			Input:   aws.String(input),
		},
	}
	if s.target.Group != "" {
		in.GroupName = aws.String(s.target.Group)
	}
	// Where nothing is kept of what fails, giving up sooner would only lose it sooner.
	if s.target.DeadLetterARN != "" {
		in.Target.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(s.target.DeadLetterARN)}
		in.Target.RetryPolicy = &types.RetryPolicy{
			MaximumEventAgeInSeconds: aws.Int32(int32(patience / time.Second)),
			MaximumRetryAttempts:     aws.Int32(attempts),
		}
	}
	_, err := s.api.CreateSchedule(ctx, in)
	if _, exists := errors.AsType[*types.ConflictException](err); err != nil && !exists {
		return fmt.Errorf("create schedule %s: %w", name, err)
	}
	return nil
}
