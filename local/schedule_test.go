package local

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"smsconsent/local/account"
	"smsconsent/local/lambda"
	standin "smsconsent/local/scheduler"
)

func newSchedule(name, expression string) *scheduler.CreateScheduleInput {
	return &scheduler.CreateScheduleInput{
		Name: aws.String(name), ScheduleExpression: aws.String(expression),
		FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		Target:             &types.Target{Arn: aws.String(account.FunctionARN("sendcheck")), RoleArn: aws.String(account.SchedulerRole), Input: aws.String(`{"name":"` + name + `"}`)},
	}
}

func TestSchedulesFireAtTheirTime(t *testing.T) {
	newYork := aws.String("America/New_York")
	for _, c := range []struct {
		name  string
		edit  func(*scheduler.CreateScheduleInput)
		fires []string // within 24 hours of 2026-11-23T18:00Z
		stays bool
	}{
		{"at(2026-11-23T20:30:00)", nil, []string{"23T20:30:00"}, true},
		{"at(2026-11-23T14:00:00)", func(in *scheduler.CreateScheduleInput) { in.ScheduleExpressionTimezone = newYork }, []string{"23T19:00:00"}, true},
		{"at(2026-11-23T20:30:00)", func(in *scheduler.CreateScheduleInput) { in.ActionAfterCompletion = "DELETE" }, []string{"23T20:30:00"}, false},
		{"at(2026-11-23T17:00:00)", nil, []string{"23T18:00:00"}, true},
		{"at(2026-11-23T20:30:00)", func(in *scheduler.CreateScheduleInput) { in.State = "DISABLED" }, nil, true},
		{"at(2026-12-23T20:30:00)", nil, nil, true},
		{"rate(8 hours)", nil, []string{"23T18:00:00", "24T02:00:00", "24T10:00:00", "24T18:00:00"}, true},
		{"rate(8 hours)", func(in *scheduler.CreateScheduleInput) { in.StartDate = aws.Time(begin.Add(time.Hour)) }, []string{"23T19:00:00", "24T03:00:00", "24T11:00:00"}, true},
		{"rate(8 hours)", func(in *scheduler.CreateScheduleInput) {
			in.EndDate, in.ActionAfterCompletion = aws.Time(begin.Add(9*time.Hour)), "DELETE"
		}, []string{"23T18:00:00", "24T02:00:00"}, false},
		{"cron(0 10 * * ? *)", nil, []string{"24T10:00:00"}, true},
		{"cron(0 10 * * ? *)", func(in *scheduler.CreateScheduleInput) { in.ScheduleExpressionTimezone = newYork }, []string{"24T15:00:00"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var fired []string
			var m *machine
			m = newMachine(t, lambda.Functions{"audit": (&calls{}).function, "sendcheck": func(_ context.Context, p []byte) ([]byte, error) {
				if string(p) != `{"name":"one"}` {
					t.Errorf("payload %s", p)
				}
				fired = append(fired, m.Now().Format("02T15:04:05"))
				return nil, nil
			}})
			client, in := scheduler.NewFromConfig(m.AWS()), newSchedule("one", c.name)
			if c.edit != nil {
				c.edit(in)
			}
			if _, err := client.CreateSchedule(t.Context(), in); err != nil {
				t.Fatal(err)
			}
			m.advance(t, 24*time.Hour)
			if fmt.Sprint(fired) != fmt.Sprint(c.fires) {
				t.Errorf("fired %v, want %v", fired, c.fires)
			}
			_, err := client.GetSchedule(t.Context(), &scheduler.GetScheduleInput{Name: aws.String("one")})
			if _, gone := errors.AsType[*types.ResourceNotFoundException](err); gone == c.stays {
				t.Errorf("still there: %v, want %v (%v)", !gone, c.stays, err)
			}
		})
	}
}

// A one-time schedule that has fired fires again only when it is given another time.
func TestUpdatingWhatHasFired(t *testing.T) {
	check := &calls{}
	m := newMachine(t, lambda.Functions{"sendcheck": check.function})
	client := scheduler.NewFromConfig(m.AWS())
	in := newSchedule("one", "at(2026-11-23T18:30:00)")
	if _, err := client.CreateSchedule(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	m.advance(t, time.Hour)
	for i, expression := range []string{"at(2026-11-23T18:30:00)", "at(2026-11-23T20:30:00)"} {
		_, err := client.UpdateSchedule(t.Context(), &scheduler.UpdateScheduleInput{
			Name: in.Name, Description: aws.String("changed"), ScheduleExpression: aws.String(expression), FlexibleTimeWindow: in.FlexibleTimeWindow, Target: in.Target,
		})
		if err != nil {
			t.Fatal(err)
		}
		m.advance(t, time.Hour)
		if check.count() != i+1 {
			t.Errorf("after an update to %s it fired %d times, want %d", expression, check.count(), i+1)
		}
	}
}

func TestTheAuditRunsEveryDay(t *testing.T) {
	audit := &calls{}
	m := newMachine(t, lambda.Functions{"audit": audit.function})
	m.advance(t, 72*time.Hour)
	day := []string{`{"audit":"start"}`, `{"audit":"remind"}`}
	if want := slices.Repeat(day, 3); !slices.Equal(audit.payloads, want) {
		t.Errorf("audit ran with %q, want %q", audit.payloads, want)
	}
}

// Lambda tries an asynchronous event three times, and then keeps it as a dead letter.
func TestAFiringThatFailsIsRetriedAndThenBuried(t *testing.T) {
	check := &calls{answer: func(n int, _ []byte) ([]byte, error) {
		if n == 2 {
			return nil, nil
		}
		return nil, errors.New("down")
	}}
	m := newMachine(t, lambda.Functions{"sendcheck": check.function})
	client := scheduler.NewFromConfig(m.AWS())
	if _, err := client.CreateSchedule(t.Context(), newSchedule("recovers", "at(2026-11-23T18:00:00)")); err != nil {
		t.Fatal(err)
	}
	m.settled(t)
	if check.count() != 2 || m.depthOf("failed-events") != 0 {
		t.Errorf("%d attempts, %d dead; want 2 and none", check.count(), m.depthOf("failed-events"))
	}
	for name, arn := range map[string]string{"fails": account.FunctionARN("sendcheck"), "unknown": account.FunctionARN("nosuch"), "other": "arn:aws:sns:us-east-1:000000000000:x"} {
		in := newSchedule(name, "at(2026-11-23T18:00:00)")
		in.Target.Arn = aws.String(arn)
		if _, err := client.CreateSchedule(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	m.settled(t)
	if check.count() != 5 || m.depthOf("failed-events") != 3 {
		t.Errorf("%d attempts, %d dead; want 5 and 3", check.count(), m.depthOf("failed-events"))
	}
}

func TestSchedulerCalls(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	ctx, client := t.Context(), scheduler.NewFromConfig(m.AWS())
	in := newSchedule("sale", "at(2026-12-01T10:00:00)")
	in.ClientToken = aws.String("token")
	first, err := client.CreateSchedule(ctx, in)
	if err != nil || *first.ScheduleArn != "arn:aws:scheduler:us-east-1:000000000000:schedule/default/sale" {
		t.Fatalf("%+v, %v", first, err)
	}
	if _, err := client.CreateSchedule(ctx, in); err != nil {
		t.Errorf("the same call again with its token: %v", err)
	}
	in.ClientToken = aws.String("other")
	if _, err := client.CreateSchedule(ctx, in); !isConflict(err) {
		t.Errorf("the same name for another schedule: %v", err)
	}
	got, err := client.GetSchedule(ctx, &scheduler.GetScheduleInput{Name: aws.String("sale")})
	if err != nil || *got.ScheduleExpression != "at(2026-12-01T10:00:00)" || *got.ScheduleExpressionTimezone != "UTC" || got.State != "ENABLED" ||
		*got.Target.Input != `{"name":"sale"}` || !got.CreationDate.Equal(begin) {
		t.Errorf("GetSchedule: %+v, %v", got, err)
	}
	update := &scheduler.UpdateScheduleInput{
		Name: in.Name, ScheduleExpression: aws.String("at(2026-12-02T10:00:00)"), FlexibleTimeWindow: in.FlexibleTimeWindow, Target: in.Target,
	}
	if _, err := client.UpdateSchedule(ctx, update); err != nil {
		t.Error(err)
	}
	if !slices.ContainsFunc(m.schedules.Firings(), func(f standin.Firing) bool { return f.Name == "sale" && f.At.Day() == 2 }) {
		t.Errorf("after the update there are due %v", m.schedules.Firings())
	}

	if _, err := client.CreateScheduleGroup(ctx, &scheduler.CreateScheduleGroupInput{Name: aws.String("campaigns")}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"c", "a", "b"} {
		grouped := newSchedule(name, "rate(1 day)")
		grouped.GroupName = aws.String("campaigns")
		if _, err := client.CreateSchedule(ctx, grouped); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	pages := scheduler.NewListSchedulesPaginator(client, &scheduler.ListSchedulesInput{GroupName: aws.String("campaigns"), MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range page.Schedules {
			names = append(names, *s.Name)
		}
	}
	if fmt.Sprint(names) != "[a b c]" {
		t.Errorf("listed %v", names)
	}
	if _, err := client.DeleteScheduleGroup(ctx, &scheduler.DeleteScheduleGroupInput{Name: aws.String("campaigns")}); err != nil {
		t.Error(err)
	}
	all, err := client.ListSchedules(ctx, &scheduler.ListSchedulesInput{})
	if err != nil || len(all.Schedules) != 3 {
		t.Errorf("after its group is gone: %+v, %v", all, err)
	}
	groups, err := client.ListScheduleGroups(ctx, &scheduler.ListScheduleGroupsInput{})
	if err != nil || len(groups.ScheduleGroups) != 1 {
		t.Errorf("groups: %+v, %v", groups, err)
	}
	if _, err := client.GetScheduleGroup(ctx, &scheduler.GetScheduleGroupInput{Name: aws.String("default")}); err != nil {
		t.Error(err)
	}

	if _, err := client.DeleteSchedule(ctx, &scheduler.DeleteScheduleInput{Name: aws.String("sale")}); err != nil {
		t.Error(err)
	}
	if _, err := client.DeleteSchedule(ctx, &scheduler.DeleteScheduleInput{Name: aws.String("sale")}); !isNotFound(err) {
		t.Errorf("deleting twice: %v", err)
	}
	if _, err := client.UpdateSchedule(ctx, update); !isNotFound(err) {
		t.Errorf("updating what is gone: %v", err)
	}
}

func isConflict(err error) bool { _, ok := errors.AsType[*types.ConflictException](err); return ok }

func isNotFound(err error) bool {
	_, ok := errors.AsType[*types.ResourceNotFoundException](err)
	return ok
}

func TestSchedulerRefuses(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	client := scheduler.NewFromConfig(m.AWS())
	for name, edit := range map[string]func(*scheduler.CreateScheduleInput){
		"name":        func(in *scheduler.CreateScheduleInput) { in.Name = aws.String("a b") },
		"long name":   func(in *scheduler.CreateScheduleInput) { in.Name = aws.String(strings.Repeat("a", 65)) },
		"expression":  func(in *scheduler.CreateScheduleInput) { in.ScheduleExpression = aws.String("at(tomorrow)") },
		"zone":        func(in *scheduler.CreateScheduleInput) { in.ScheduleExpressionTimezone = aws.String("Mars/Base") },
		"Go's zone":   func(in *scheduler.CreateScheduleInput) { in.ScheduleExpressionTimezone = aws.String("Local") },
		"role":        func(in *scheduler.CreateScheduleInput) { in.Target.RoleArn = aws.String("admin") },
		"state":       func(in *scheduler.CreateScheduleInput) { in.State = "ON" },
		"action":      func(in *scheduler.CreateScheduleInput) { in.ActionAfterCompletion = "KEEP" },
		"window":      func(in *scheduler.CreateScheduleInput) { in.FlexibleTimeWindow.Mode = "FLEXIBLE" },
		"window mode": func(in *scheduler.CreateScheduleInput) { in.FlexibleTimeWindow.Mode = "MAYBE" },
		"start":       func(in *scheduler.CreateScheduleInput) { in.StartDate = aws.Time(begin.Add(-6 * time.Minute)) },
	} {
		t.Run(name, func(t *testing.T) {
			in := newSchedule("one", "rate(1 day)")
			edit(in)
			_, err := client.CreateSchedule(t.Context(), in)
			if _, ok := errors.AsType[*types.ValidationException](err); !ok {
				t.Errorf("got %v, want a ValidationException", err)
			}
		})
	}
	in := newSchedule("one", "rate(1 day)")
	in.GroupName = aws.String("nosuch")
	if _, err := client.CreateSchedule(t.Context(), in); !isNotFound(err) {
		t.Errorf("unknown group: %v", err)
	}
}
