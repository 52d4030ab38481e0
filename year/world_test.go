package year_test

import (
	"bytes"
	"container/heap"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/cryptotest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/oklog/ulid/v2"

	"smsconsent/local"
	"smsconsent/local/account"
	"smsconsent/local/sms"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/edge/wiring/schedules"
)

//go:embed testdata/programs.yaml
var programs []byte

// beginning is the Monday on which years begin, before anybody may be texted.
var beginning = time.Date(2027, time.January, 4, 9, 0, 0, 0, time.UTC)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// world is the stack, the people, and all that went in and came out.
type world struct {
	t      *testing.T
	stack  *local.Stack
	aws    *wiring.Deployment
	table  *table.Table
	dice   *rand.Rand
	end    time.Time
	people map[string]*person // by phone
	order  []*person
	sends  []*sends

	next    acts
	seq     int
	target  time.Time          // to which time passes
	hurry   context.CancelFunc // something is to be done before that
	resumed int                // campaigns that paused themselves
	logged  bytes.Buffer
}

// act is something that somebody does at a time.
type act struct {
	at  time.Time
	seq int
	do  func()
}

type acts []act

func (a acts) Len() int { return len(a) }
func (a acts) Less(i, j int) bool {
	return a[i].at.Before(a[j].at) || a[i].at.Equal(a[j].at) && a[i].seq < a[j].seq
}
func (a acts) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *acts) Push(x any)   { *a = append(*a, x.(act)) } //nolint:forcetypeassert // only acts are pushed
func (a *acts) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// sends is one campaign.
type sends struct {
	n                int
	id, brand, topic string
	at, expires      time.Time
}

func newWorld(t *testing.T, seed uint64, end time.Time) *world {
	t.Helper()
	cryptotest.SetGlobalRandom(t, seed)
	catalog, err := program.Load(programs)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dice: rand.New(rand.NewPCG(seed, 0)), people: map[string]*person{}, end: end}
	w.stack, err = local.New(t.Context(), local.Options{
		Catalog: catalog, Carried: w.carried, Real: func() time.Time { return beginning },
		Log: slog.New(slog.NewTextHandler(&w.logged, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.stack.Deploy(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.auditWeekly()
	w.aws = account.Deployment(catalog, account.Env, w.stack.AWS(), w.stack.Now)
	if w.table, err = w.aws.SealedTable(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

// auditWeekly has everybody audited once a week, as AuditSchedule of template.yaml may say: whoever audits daily has
// promises kept the sooner. Reminding stays daily.
func (w *world) auditWeekly() {
	client, name := scheduler.NewFromConfig(w.stack.AWS()), aws.String("smsconsent-audit")
	is, err := client.GetSchedule(w.t.Context(), &scheduler.GetScheduleInput{Name: name})
	if err != nil {
		w.t.Fatal(err)
	}
	if _, err := client.UpdateSchedule(w.t.Context(), &scheduler.UpdateScheduleInput{
		Name: name, ScheduleExpression: aws.String("cron(0 14 ? * MON *)"), FlexibleTimeWindow: is.FlexibleTimeWindow, Target: is.Target,
	}); err != nil {
		w.t.Fatal(err)
	}
}

// at has something done at a time, be it while time passes.
func (w *world) at(t time.Time, do func()) {
	w.seq++
	heap.Push(&w.next, act{t, w.seq, do})
	if w.hurry != nil && t.Before(w.target) {
		w.hurry()
	}
}

// live lets the time pass until the end.
func (w *world) live() {
	for len(w.next) > 0 && w.next[0].at.Before(w.end) {
		if w.pass(w.next[0].at) {
			a, _ := heap.Pop(&w.next).(act)
			a.do()
		}
	}
	for !w.pass(w.end) {
		continue
	}
}

// pass lets the time pass until target, or until something happened that somebody does something about before.
func (w *world) pass(target time.Time) bool {
	if !target.After(w.stack.Now()) {
		return true
	}
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	w.target, w.hurry = target, cancel
	err := w.stack.Advance(ctx, target)
	w.hurry = nil
	if err != nil && !errors.Is(err, context.Canceled) {
		w.t.Fatal(err)
	}
	return err == nil
}

// carried notes what the carrier was handed, and has its person look at it.
func (w *world) carried(t sms.Text) {
	p := w.people[string(t.To)]
	if p == nil {
		w.t.Errorf("a text to %s, who is nobody", t.To)
		return
	}
	p.heard(t)
}

// call makes a call of the stack's own.
func (w *world) call(method, path string, in, out any) int {
	w.t.Helper()
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			w.t.Fatal(err)
		}
	}
	r := httptest.NewRequestWithContext(w.t.Context(), method, "http://localhost:8080"+path, &body)
	r.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	w.stack.ServeHTTP(answer, r)
	if out != nil {
		if err := json.Unmarshal(answer.Body.Bytes(), out); err != nil {
			w.t.Fatalf("%s %s: %v: %s", method, path, err, answer.Body)
		}
	}
	return answer.Code
}

// form signs somebody up who says where they live, or does not.
func (w *world) form(phone, brand, zip string, topics ...string) int {
	var challenge captcha.Challenge
	w.call(http.MethodGet, "/opt-in/challenge", nil, &challenge)
	solution, err := captcha.Solve(w.t.Context(), challenge)
	if err != nil {
		w.t.Fatal(err)
	}
	var answer map[string]any
	return w.call(http.MethodPost, "/opt-in", map[string]any{
		"brand": brand, "topics": topics, "phone": phone, "zip": zip, "altcha": solution,
	}, &answer)
}

// send makes a campaign as "smsconsent campaign create" does.
func (w *world) send(brand, topic, says string, runs time.Duration) {
	now := w.stack.Now()
	s := &sends{
		n: len(w.sends) + 1, id: ulid.MustNew(ulid.Timestamp(now), randomness{w.dice}).String(), brand: brand, topic: topic,
		at: now, expires: now.Add(runs),
	}
	w.sends = append(w.sends, s)
	c := campaign.Campaign{
		ID: s.id, Brand: brand, Topic: topic, Text: fmt.Sprintf("%s no. %d.", says, s.n), At: s.at, Expires: s.expires,
		Created: now, State: campaign.Scheduled,
	}
	if err := w.table.CreateCampaign(w.t.Context(), c); err != nil {
		w.t.Fatal(err)
	}
	w.wake("campaign-"+s.id, s)
}

func (w *world) wake(name string, s *sends) {
	input := fmt.Sprintf(`{"campaign":%q}`, s.id)
	if err := schedules.Campaigns(w.aws).Once(w.t.Context(), name, w.stack.Now(), input); err != nil {
		w.t.Fatal(err)
	}
}

// operate is what an operator does every morning: campaigns that paused themselves go on.
func (w *world) operate() (resumed int) {
	now := w.stack.Now()
	for _, s := range w.sends {
		if s.expires.Before(now) {
			continue
		}
		from := []campaign.State{campaign.Paused}
		err := w.table.SetCampaignState(w.t.Context(), s.id, from, campaign.Running, "")
		switch {
		case err == nil:
			resumed++
			w.wake(fmt.Sprintf("campaign-%s-resume-%d", s.id, now.Unix()), s)
		case !errors.Is(err, table.ErrConflict):
			w.t.Fatal(err)
		}
	}
	return resumed
}

// randomness is dice as a reader.
type randomness struct{ dice *rand.Rand }

func (r randomness) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r.dice.Uint32())
	}
	return len(p), nil
}
