// Package scheduler stands in for Amazon EventBridge Scheduler.
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
	_ "time/tzdata" // AWS knows every IANA name; a machine may know none

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
)

// The states and actions of a schedule, as EventBridge Scheduler writes them.
const (
	enabled     = "ENABLED"
	disabled    = "DISABLED"
	deleteAfter = "DELETE"
)

var (
	scheduleName = regexp.MustCompile(`^[0-9a-zA-Z\-_.]{1,64}$`)
	roleARN      = regexp.MustCompile(`^arn:aws(-[a-z]+)?:iam::\d{12}:role/[\w+=,.@/-]+$`)
)

// schedule is one schedule, with the fields as EventBridge Scheduler's JSON names them.
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
	due  time.Time // next firing; zero when there is none
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

// standing returns those template.yaml sets up on AWS: the daily audit and the daily reminding, every ten minutes the
// follow-up of what is due, and the hourly look whether campaigns get on.
func standing() []*schedule {
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

// Schedules are the stack's schedules and their groups. They are safe for use by several goroutines.
type Schedules struct {
	Options

	mu     sync.Mutex
	all    map[string]*schedule // by group/name
	groups map[string]time.Time // name to creation
}

// Options is what Schedules are made of.
type Options struct {
	Now     func() time.Time
	Changed func() // is called after each change
	Log     *slog.Logger

	// Invoke runs a function by name as an asynchronous event source does, and keeps what fails.
	Invoke func(ctx context.Context, function string, payload []byte) error

	// Bury keeps an event that reaches no function.
	Bury func(payload []byte)

	// Settle does what is due before a call from outside is answered.
	Settle func(ctx context.Context) error
}

// New makes the schedules that template.yaml sets up on AWS.
func New(o Options) (*Schedules, error) {
	ss := &Schedules{
		Options: o,
		all:     map[string]*schedule{},
		groups:  map[string]time.Time{account.ScheduleGroup: o.Now()},
	}
	for _, sc := range standing() {
		if err := ss.create(sc); err != nil {
			return nil, err
		}
	}
	return ss, nil
}

func scheduleARN(group, name string) string {
	return account.ARN("scheduler", "schedule/"+group+"/"+name)
}

// prepare checks a schedule as AWS does and works out when it fires.
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

// compile reads the expression.
func (sc *schedule) compile() error {
	// The name "Local" is Go's own; AWS takes IANA names.
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

// firstDue returns when a new schedule first fires. A one-time schedule whose time has passed fires at once. A rate
// begins at its start and ignores none.
func (sc *schedule) firstDue() time.Time {
	if at, ok := sc.when.(once); ok {
		return time.Time(at)
	}
	return sc.until(sc.when.next(sc.start().Add(-1)))
}

// until drops a firing after the schedule's end.
func (sc *schedule) until(t time.Time, ok bool) time.Time {
	if !ok || (sc.EndDate != nil && t.After(time.Time(*sc.EndDate))) {
		return time.Time{}
	}
	return t
}

// NextDue returns the earliest firing of all; false where there is none.
func (ss *Schedules) NextDue() (time.Time, bool) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if first := ss.first(); first != nil {
		return first.due, true
	}
	return time.Time{}, false
}

// first returns the enabled schedule that fires first; between equals the name decides, so that runs repeat.
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

// firing is one invocation a schedule calls for.
type firing struct {
	name   string
	target string
	input  string
}

// take removes the earliest firing that is due and moves its schedule on.
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

// FireOne invokes the target of one due schedule, and reports whether there was one.
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

// list returns the schedules that match, by group and name.
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

// Firing is a schedule that will fire, and when it next does.
type Firing struct {
	Name string
	At   time.Time
}

// Firings returns what will fire, by group and name.
func (ss *Schedules) Firings() []Firing {
	var all []Firing
	for _, sc := range ss.list(func(sc *schedule) bool { return sc.State == enabled && !sc.due.IsZero() }) {
		all = append(all, Firing{sc.Name, sc.due})
	}
	return all
}

// Delete removes a schedule of a group, of the default one where that is empty.
func (ss *Schedules) Delete(group, name string) error { return ss.delete(group, name) }
