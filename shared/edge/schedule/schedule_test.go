package schedule_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"smsconsent/shared/edge/schedule"
)

type fake struct {
	err  error
	made []*scheduler.CreateScheduleInput
}

func (f *fake) CreateSchedule(_ context.Context, in *scheduler.CreateScheduleInput, _ ...func(*scheduler.Options)) (*scheduler.CreateScheduleOutput, error) {
	f.made = append(f.made, in)
	return &scheduler.CreateScheduleOutput{}, f.err
}

var (
	noon   = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	target = schedule.Target{FunctionARN: "arn:aws:lambda:us-east-1:1:function:f", RoleARN: "arn:aws:iam::1:role/r", Group: "smsconsent"}
)

func clock() time.Time { return noon }

func TestOnceMakesAScheduleThatForgetsItself(t *testing.T) {
	api := &fake{}
	at := time.Date(2026, 11, 25, 8, 0, 0, 0, time.FixedZone("PST", -8*3600))
	if err := schedule.New(api, target, clock).Once(t.Context(), "campaign-1", at, `{"campaign":"1"}`); err != nil {
		t.Fatal(err)
	}
	want := &scheduler.CreateScheduleInput{
		Name: aws.String("campaign-1"), GroupName: aws.String("smsconsent"),
		ScheduleExpression: aws.String("at(2026-11-25T16:00:00)"), ScheduleExpressionTimezone: aws.String("UTC"),
		ActionAfterCompletion: types.ActionAfterCompletionDelete,
		FlexibleTimeWindow:    &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		Target:                &types.Target{Arn: aws.String(target.FunctionARN), RoleArn: aws.String(target.RoleARN), Input: aws.String(`{"campaign":"1"}`)},
	}
	unexported := cmpopts.IgnoreUnexported(scheduler.CreateScheduleInput{}, types.FlexibleTimeWindow{}, types.Target{})
	if diff := cmp.Diff([]*scheduler.CreateScheduleInput{want}, api.made, unexported); diff != "" {
		t.Error(diff)
	}

	noGroup := target
	noGroup.Group = ""
	if err := schedule.New(api, noGroup, clock).Once(t.Context(), "campaign-1", at, ""); err != nil || api.made[1].GroupName != nil {
		t.Errorf("group %v, %v; want the default one", api.made[1].GroupName, err)
	}
}

// A wave that could not be started must reach somebody before its campaign has ended: EventBridge Scheduler by itself
// tries for 24 hours and then forgets it.
func TestOnceKeepsWhatCouldNotBeStarted(t *testing.T) {
	const queue = "arn:aws:sqs:us-east-1:1:smsconsent-failed-events"
	kept := target
	kept.DeadLetterARN = queue
	api := &fake{}
	if err := schedule.New(api, kept, clock).Once(t.Context(), "campaign-1", noon, `{"campaign":"1"}`); err != nil {
		t.Fatal(err)
	}
	got := api.made[0].Target
	if got.DeadLetterConfig == nil || aws.ToString(got.DeadLetterConfig.Arn) != queue {
		t.Errorf("dead letters go to %+v, want %s", got.DeadLetterConfig, queue)
	}
	if got.RetryPolicy == nil {
		t.Fatal("tried for 24 hours: by then nobody can mend the campaign any more")
	}
	// The API's own bounds: 60 seconds to 24 hours, at most 185 attempts.
	if age := aws.ToInt32(got.RetryPolicy.MaximumEventAgeInSeconds); age < 60 || age > 2*60*60 {
		t.Errorf("tried for %d s, want at most two hours", age)
	}
	if n := aws.ToInt32(got.RetryPolicy.MaximumRetryAttempts); n < 10 || n > 185 {
		t.Errorf("%d retries, want 10 to 185", n)
	}
	if aws.ToString(got.Arn) != target.FunctionARN || aws.ToString(got.Input) != `{"campaign":"1"}` {
		t.Errorf("invokes %s with %s", aws.ToString(got.Arn), aws.ToString(got.Input))
	}
}

func expression(t *testing.T, at time.Time) string {
	t.Helper()
	api := &fake{}
	if err := schedule.New(api, target, clock).Once(t.Context(), "n", at, ""); err != nil {
		t.Fatal(err)
	}
	return aws.ToString(api.made[0].ScheduleExpression)
}

func TestOnceRoundsUpAndNeverAsksForThePast(t *testing.T) {
	for name, tc := range map[string]struct {
		at   time.Time
		want string
	}{
		"a whole second":       {noon.Add(time.Minute), "at(2026-11-24T12:01:00)"},
		"a nanosecond later":   {noon.Add(time.Minute + 1), "at(2026-11-24T12:01:01)"},
		"almost a second":      {noon.Add(time.Minute + time.Second - 1), "at(2026-11-24T12:01:01)"},
		"over midnight":        {noon.Add(12*time.Hour - 1), "at(2026-11-25T00:00:00)"},
		"now":                  {noon, "at(2026-11-24T12:00:05)"},
		"in four seconds":      {noon.Add(4 * time.Second), "at(2026-11-24T12:00:05)"},
		"in five seconds":      {noon.Add(5 * time.Second), "at(2026-11-24T12:00:05)"},
		"in a little more":     {noon.Add(5*time.Second + 1), "at(2026-11-24T12:00:06)"},
		"long past":            {noon.Add(-time.Hour), "at(2026-11-24T12:00:05)"},
		"nobody said when":     {time.Time{}, "at(2026-11-24T12:00:05)"},
		"in another time zone": {noon.Add(time.Hour).In(time.FixedZone("", 5*3600+1800)), "at(2026-11-24T13:00:00)"},
	} {
		if got := expression(t, tc.at); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

// I6: a schedule never wakes anybody before the hour opens, and not a second later than it must.
func TestOnceNeverWakesEarly(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		at := noon.Add(time.Duration(rapid.Int64Range(int64(5*time.Second), int64(365*24*time.Hour)).Draw(rt, "ahead")))
		got, err := time.Parse("at(2006-01-02T15:04:05)", expression(t, at))
		if err != nil {
			rt.Fatal(err)
		}
		if late := got.Sub(at); late < 0 || late >= time.Second {
			rt.Errorf("woken %s after the hour", late)
		}
	})
}

func TestOnceIsHarmlessToRepeat(t *testing.T) {
	wrap := func(err error) error {
		return &smithy.OperationError{ServiceID: "Scheduler", OperationName: "CreateSchedule", Err: err}
	}
	exists := &fake{err: wrap(&types.ConflictException{Message: aws.String("exists")})}
	if err := schedule.New(exists, target, clock).Once(t.Context(), "n", noon, ""); err != nil {
		t.Errorf("a schedule that is there already: %v", err)
	}
	for _, fault := range []error{&types.ThrottlingException{}, &types.ValidationException{}, &types.ServiceQuotaExceededException{}, context.DeadlineExceeded} {
		err := schedule.New(&fake{err: wrap(fault)}, target, clock).Once(t.Context(), "campaign-7", noon, "")
		if !errors.Is(err, fault) || !strings.Contains(err.Error(), "campaign-7") {
			t.Errorf("%T: %v", fault, err)
		}
	}
}
