// Package scheduler imitates Amazon EventBridge Scheduler.
package scheduler

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // AWS knows every IANA time zone, but a machine may have no time zone database

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
)

// The states and the action of a schedule, as EventBridge Scheduler spells them.
const (
	enabled     = "ENABLED"
	disabled    = "DISABLED"
	deleteAfter = "DELETE"
)

var (
	scheduleName = regexp.MustCompile(`^[0-9a-zA-Z\-_.]{1,64}$`)
	roleARN      = regexp.MustCompile(`^arn:aws(-[a-z]+)?:iam::\d{12}:role/[\w+=,.@/-]+$`)
)

// schedule is a schedule, with the field names of EventBridge Scheduler's JSON.
type schedule struct {
	ActionAfterCompletion      string           `json:",omitempty"`
	ClientToken                string           `json:",omitempty"`
	Description                string           `json:",omitempty"`
	EndDate                    *awsjson.Seconds `json:",omitempty"`
	FlexibleTimeWindow         *timeWindow      `json:",omitempty"`
	GroupName                  string           `json:",omitempty"`
	Name                       string           `json:",omitempty"`
	ScheduleExpression         string           `json:",omitempty"`
	ScheduleExpressionTimezone string           `json:",omitempty"`
	StartDate                  *awsjson.Seconds `json:",omitempty"`
	State                      string           `json:",omitempty"`
	Target                     *scheduleTarget  `json:",omitempty"`

	// The rest is set by the stack, not the caller.
	Arn                  string          `json:",omitempty"`
	CreationDate         awsjson.Seconds `json:",omitzero"`
	LastModificationDate awsjson.Seconds `json:",omitzero"`

	when expression
	due  time.Time // next firing; zero where there is none
}

type timeWindow struct {
	Mode                   string `json:",omitempty"`
	MaximumWindowInMinutes int    `json:",omitempty"`
}

type scheduleTarget struct {
	Arn              string          `json:",omitempty"`
	RoleArn          string          `json:",omitempty"`
	Input            string          `json:",omitempty"`
	DeadLetterConfig json.RawMessage `json:",omitempty"`
	RetryPolicy      json.RawMessage `json:",omitempty"`
}

// deployed returns the schedules of template.yaml: the daily audit, the daily reminders, the follow-ups every ten
// minutes, and the hourly look at campaigns.
func deployed() []*schedule {
	on := func(name, function, expression, input string) *schedule {
		return &schedule{
			Name: name, ScheduleExpression: expression, FlexibleTimeWindow: &timeWindow{Mode: "OFF"},
			Target: &scheduleTarget{Arn: account.FunctionARN(function), RoleArn: account.SchedulerRole, Input: input},
		}
	}
	return []*schedule{
		on("smsconsent-audit", "audit", "cron(0 14 * * ? *)", `{"audit":"start"}`),
		on("smsconsent-remind", "audit", "cron(0 14 * * ? *)", `{"audit":"remind"}`),
		on("smsconsent-follow-up", "audit", "cron(0/10 * * * ? *)", `{"audit":"follow-up"}`),
		on("smsconsent-watch", "sendcheck", "cron(40 * * * ? *)", `{"watch":"campaigns"}`),
	}
}

// Schedules are the stack's schedules and their groups. They are safe for concurrent use.
type Schedules struct {
	Options

	mu     sync.Mutex
	all    map[string]*schedule // by group/name
	groups map[string]time.Time // time of creation by name
}

// Options configures Schedules.
type Options struct {
	Now     func() time.Time
	Changed func() // called after each change
	Log     *slog.Logger

	// Invoke runs a function by name as an asynchronous event source does. It buries an event that fails.
	Invoke func(ctx context.Context, function string, payload []byte) error

	// Bury keeps an event that reaches no function, for replay.
	Bury func(payload []byte)

	// Settle does what is due, before a call from outside is answered.
	Settle func(ctx context.Context) error
}

// New returns the schedules of template.yaml.
func New(o Options) (*Schedules, error) {
	ss := &Schedules{
		Options: o,
		all:     map[string]*schedule{},
		groups:  map[string]time.Time{account.ScheduleGroup: o.Now()},
	}
	for _, sc := range deployed() {
		if err := ss.create(sc); err != nil {
			return nil, err
		}
	}
	return ss, nil
}

func scheduleARN(group, name string) string {
	return account.ARN("scheduler", "schedule/"+group+"/"+name)
}

// prepare validates a schedule as AWS does, and works out when it fires.
func (sc *schedule) prepare(now time.Time) error {
	bad := func(text string) error { return &awsjson.Error{Code: "ValidationException", Text: text} }
	if !scheduleName.MatchString(sc.Name) {
		return bad("Name must be 1 to 64 of the characters 0-9 a-z A-Z - _ .")
	}
	sc.GroupName = cmp.Or(sc.GroupName, account.ScheduleGroup)
	sc.State = cmp.Or(sc.State, enabled)
	sc.ScheduleExpressionTimezone = cmp.Or(sc.ScheduleExpressionTimezone, "UTC")
	sc.ActionAfterCompletion = cmp.Or(sc.ActionAfterCompletion, "NONE")
	switch {
	case sc.State != enabled && sc.State != disabled:
		return bad("State must be ENABLED or DISABLED")
	case sc.ActionAfterCompletion != deleteAfter && sc.ActionAfterCompletion != "NONE":
		return bad("ActionAfterCompletion must be NONE or DELETE")
	case sc.FlexibleTimeWindow == nil || (sc.FlexibleTimeWindow.Mode != "OFF" && sc.FlexibleTimeWindow.Mode != "FLEXIBLE"):
		return bad("FlexibleTimeWindow.Mode must be OFF or FLEXIBLE")
	case sc.FlexibleTimeWindow.Mode == "FLEXIBLE" && (sc.FlexibleTimeWindow.MaximumWindowInMinutes < 1 || sc.FlexibleTimeWindow.MaximumWindowInMinutes > 1440):
		return bad("FlexibleTimeWindow.MaximumWindowInMinutes must be between 1 and 1440")
	case sc.Target == nil || sc.Target.Arn == "":
		return bad("Target.Arn is missing")
	case !roleARN.MatchString(sc.Target.RoleArn):
		return bad("Target.RoleArn must be the ARN of an IAM role")
	}
	if sc.StartDate != nil && time.Time(*sc.StartDate).Before(now.Add(-5*time.Minute)) {
		return bad("The StartDate you specify cannot be earlier than 5 minutes ago.")
	}
	sc.LastModificationDate = awsjson.Seconds(now)
	if err := sc.compile(); err != nil {
		return bad(err.Error())
	}
	sc.Arn = scheduleARN(sc.GroupName, sc.Name)
	sc.due = sc.firstDue()
	return nil
}

// compile parses the schedule's expression.
func (sc *schedule) compile() error {
	// The name "Local" is one of Go, not of the IANA.
	zone, err := time.LoadLocation(sc.ScheduleExpressionTimezone)
	if err != nil || sc.ScheduleExpressionTimezone == "Local" {
		return errors.New("ScheduleExpressionTimezone is not a time zone")
	}
	if sc.when, err = parseExpression(sc.ScheduleExpression, zone, sc.start()); err != nil {
		return fmt.Errorf("ScheduleExpression %w", err)
	}
	return nil
}

// start returns when a recurring schedule begins.
func (sc *schedule) start() time.Time {
	if sc.StartDate != nil {
		return time.Time(*sc.StartDate)
	}
	return time.Time(sc.LastModificationDate)
}

// firstDue returns when a new schedule first fires. A one-time schedule in the past fires at once. A rate fires at
// its start, even where that has passed.
func (sc *schedule) firstDue() time.Time {
	if at, ok := sc.when.(once); ok {
		return time.Time(at)
	}
	return sc.until(sc.when.next(sc.start().Add(-1)))
}

// until returns t, or zero where that is after the schedule's end or not ok.
func (sc *schedule) until(t time.Time, ok bool) time.Time {
	if !ok || (sc.EndDate != nil && t.After(time.Time(*sc.EndDate))) {
		return time.Time{}
	}
	return t
}

// NextDue returns when the next schedule fires; false where none does.
func (ss *Schedules) NextDue() (time.Time, bool) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if first := ss.first(); first != nil {
		return first.due, true
	}
	return time.Time{}, false
}

// first returns the enabled schedule that fires first. Of several at the same time it is the first by name, so that
// every run has the same order.
func (ss *Schedules) first() *schedule {
	var first *schedule
	for _, sc := range ss.all {
		if sc.State != enabled || sc.due.IsZero() {
			continue
		}
		if first == nil || sc.due.Before(first.due) || (sc.due.Equal(first.due) && sc.Arn < first.Arn) {
			first = sc
		}
	}
	return first
}

// firing is an invocation by a schedule.
type firing struct {
	name   string
	target string
	input  string
}

// take returns the earliest firing that is due, and sets its schedule to the next.
func (ss *Schedules) take() (firing, bool) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	sc := ss.first()
	if sc == nil || sc.due.After(ss.Now()) {
		return firing{}, false
	}
	f := firing{name: sc.Name, target: sc.Target.Arn, input: cmp.Or(sc.Target.Input, "{}")}
	f.input = strings.NewReplacer(
		"<aws.scheduler.schedule-arn>", sc.Arn,
		"<aws.scheduler.scheduled-time>", sc.due.Format(time.RFC3339),
		"<aws.scheduler.execution-id>", awsjson.NewID(),
		"<aws.scheduler.attempt-number>", strconv.Itoa(1),
	).Replace(f.input)
	if _, oneTime := sc.when.(once); oneTime {
		sc.due = time.Time{}
	} else {
		sc.due = sc.until(sc.when.next(sc.due))
	}
	if sc.due.IsZero() && sc.ActionAfterCompletion == deleteAfter {
		delete(ss.all, sc.key())
	}
	return f, true
}

// FireOne invokes the target of one schedule that is due, and reports whether there was one.
func (ss *Schedules) FireOne(ctx context.Context) bool {
	f, ok := ss.take()
	if !ok {
		return false
	}
	name, known := strings.CutPrefix(f.target, account.FunctionARN(""))
	if !known {
		ss.Log.Error("schedule has a target the local stack cannot invoke", "schedule", f.name)
		ss.Bury([]byte(f.input))
		return true
	}
	if err := ss.Invoke(ctx, name, []byte(f.input)); err != nil {
		ss.Log.Error("schedule's event moved to the dead-letter queue", "schedule", f.name, "error", err)
	}
	ss.Changed()
	return true
}

func (sc *schedule) key() string { return sc.GroupName + "/" + sc.Name }

// list returns the schedules that match, ordered by group and name.
func (ss *Schedules) list(match func(*schedule) bool) []schedule {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	var found []schedule
	for _, sc := range ss.all {
		if match(sc) {
			found = append(found, *sc)
		}
	}
	slices.SortFunc(found, func(a, b schedule) int { return cmp.Compare(a.key(), b.key()) })
	return found
}

// Firing is a schedule and when it fires next.
type Firing struct {
	Name string
	At   time.Time
}

// Firings returns the next firing of each schedule, ordered by group and name.
func (ss *Schedules) Firings() []Firing {
	var all []Firing
	for _, sc := range ss.list(func(sc *schedule) bool { return sc.State == enabled && !sc.due.IsZero() }) {
		all = append(all, Firing{sc.Name, sc.due})
	}
	return all
}

// Delete removes a schedule. An empty group means the default group.
func (ss *Schedules) Delete(group, name string) error { return ss.delete(group, name) }
