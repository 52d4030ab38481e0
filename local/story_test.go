package local_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"

	"smsconsent"
	"smsconsent/local"
	"smsconsent/local/account"
	"smsconsent/local/console"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	numbers "smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/testkit/dynamotest"
)

// world is a running local stack, used only through its HTTP port and the AWS API: as a person with curl would.
type world struct {
	t     *testing.T
	stack *local.Stack
	url   string
}

// newWorld starts a stack at 10:00 in Seattle on a Tuesday that is no holiday, with CAPTCHA puzzles that are no work.
func newWorld(t *testing.T, db http.Handler) *world {
	t.Helper()
	return newWorldOn(t, db, io.Discard, easy(t))
}

// newWorldLogging is newWorld with its log kept.
func newWorldLogging(t *testing.T, log io.Writer) *world {
	t.Helper()
	return newWorldOn(t, nil, log, easy(t))
}

// newWorldAsShipped is newWorld with the puzzles of the shipped programs.yaml.
func newWorldAsShipped(t *testing.T) *world {
	t.Helper()
	return newWorldOn(t, nil, io.Discard, shipped(t))
}

// shipped is the programs.yaml of the repository.
func shipped(t *testing.T) *program.Catalog {
	t.Helper()
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	return catalog
}

// easy is the shipped programs.yaml but for the work of a sign-up, which is a second of every test that signs somebody
// up.
func easy(t *testing.T) *program.Catalog {
	t.Helper()
	catalog := shipped(t)
	puzzle := &catalog.SignUp.Captcha
	puzzle.Cost, puzzle.MinTries, puzzle.MaxTries = 1, 1, 3
	return catalog
}

func newWorldOn(t *testing.T, db http.Handler, log io.Writer, catalog *program.Catalog) *world {
	t.Helper()
	start := time.Date(2027, 1, 5, 18, 0, 0, 0, time.UTC)
	s, err := local.New(t.Context(), local.Options{
		Catalog: catalog, DynamoDB: db, Log: telemetry.NewLogger(log), Real: func() time.Time { return start },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Deploy(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return &world{t: t, stack: s, url: server.URL}
}

// dead is how many dead letters there are.
func (w *world) dead() int {
	w.t.Helper()
	var s console.State
	if code := w.call(http.MethodGet, "/console/state", nil, &s); code != http.StatusOK {
		w.t.Fatalf("console answered %d", code)
	}
	return s.Queues["dead"]
}

func (w *world) call(method, path string, in, out any) int {
	w.t.Helper()
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			w.t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, &body)
	if err != nil {
		w.t.Fatal(err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if out != nil {
		if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
			w.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
	return resp.StatusCode
}

func (w *world) signUp(phone string, topics ...string) int {
	w.t.Helper()
	var challenge captcha.Challenge
	w.call(http.MethodGet, "/opt-in/challenge", nil, &challenge)
	solution, err := captcha.Solve(w.t.Context(), challenge)
	if err != nil {
		w.t.Fatal(err)
	}
	var answer map[string]any
	return w.call(http.MethodPost, "/opt-in", map[string]any{"brand": "example", "topics": topics, "phone": phone, "altcha": solution}, &answer)
}

func (w *world) says(phone, body string) {
	w.t.Helper()
	w.texts(phone, "+12065550100", body)
}

func (w *world) texts(phone, to, body string) {
	w.t.Helper()
	if code := w.call(http.MethodPost, "/handsets/"+url.PathEscape(phone), map[string]string{"to": to, "body": body}, nil); code != http.StatusOK {
		w.t.Fatalf("%s: answered %d", body, code)
	}
}

// screen is what the phone shows, oldest first.
func (w *world) screen(phone string) []string {
	w.t.Helper()
	var talk []struct{ Direction, Body string }
	w.call(http.MethodGet, "/handsets/"+phone, nil, &talk)
	var shown []string
	for _, m := range talk {
		if m.Direction == "in" {
			shown = append(shown, m.Body)
		}
	}
	return shown
}

func (w *world) now() time.Time {
	w.t.Helper()
	var c struct{ Now time.Time }
	w.call(http.MethodGet, "/clock", nil, &c)
	return c.Now
}

func (w *world) goTo(at time.Time) {
	w.t.Helper()
	if code := w.call(http.MethodPut, "/clock", map[string]string{"now": at.Format(time.RFC3339)}, nil); code != http.StatusOK {
		w.t.Fatalf("PUT /clock answered %d", code)
	}
}

func (w *world) remote() *wiring.Deployment {
	return account.Deployment(shipped(w.t), account.Env, account.AWS(w.url), w.now)
}

func (w *world) table() *table.Table {
	return table.New(dynamodb.NewFromConfig(account.AWS(w.url)), account.TableName, consent.Ledger{})
}

// contact reads somebody's contact at the brand "example".
func (w *world) contact(phone string) consent.Contact {
	w.t.Helper()
	c, err := w.table().Contact(w.t.Context(), consent.Key{Brand: "example", Phone: numbers.Number(phone)})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// campaign does what smsconsent campaign create does.
func (w *world) campaign(id, text string, at, expires time.Time) {
	w.t.Helper()
	c := campaign.Campaign{ID: id, Brand: "example", Topic: "alerts", Text: text, At: at, Expires: expires, Created: w.now(), State: campaign.Scheduled}
	if err := w.table().CreateCampaign(w.t.Context(), c); err != nil {
		w.t.Fatal(err)
	}
	if err := w.remote().CampaignSchedules().Once(w.t.Context(), "campaign-"+id, at, fmt.Sprintf(`{"campaign":%q}`, id)); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) status(id string) (campaign.State, campaign.Counts) {
	w.t.Helper()
	c, err := w.table().Campaign(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	shards, err := w.table().Shards(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return c.State, campaign.Total(shards)
}

type record struct {
	Topics map[string]struct{ State string }
	Events []struct {
		Seq        int64
		At         time.Time
		Type, Hash string
		Source     string
	}
	Messages []struct {
		Kind, Body, Status string
		At                 time.Time
	}
	Verified bool
}

func (w *world) record(phone string) record {
	w.t.Helper()
	var r record
	if code := w.call(http.MethodGet, "/records/"+phone+"?brand=example", nil, &r); code != http.StatusOK {
		w.t.Fatalf("GET /records answered %d", code)
	}
	return r
}

func (w *world) optedOut(phone string) bool {
	w.t.Helper()
	out, err := sms.NewFromConfig(account.AWS(w.url)).DescribeOptedOutNumbers(w.t.Context(), &sms.DescribeOptedOutNumbersInput{OptOutListName: aws.String("Default")})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, n := range out.OptedOutNumbers {
		if aws.ToString(n.OptedOutNumber) == phone {
			return true
		}
	}
	return false
}

// on runs a story on both stores.
func on(t *testing.T, story func(t *testing.T, w *world)) {
	t.Run("minidyn", func(t *testing.T) { story(t, newWorld(t, nil)) })
	t.Run("DynamoDB Local", func(t *testing.T) {
		w := newWorld(t, dynamoDBLocal(t))
		defer w.deleteTable()
		story(t, w)
	})
}

// deleteTable leaves the store as it was before the world.
func (w *world) deleteTable() {
	w.t.Helper()
	db := dynamodb.NewFromConfig(w.stack.AWS())
	_, err := db.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: aws.String(account.TableName)})
	if err != nil {
		w.t.Error(err)
	}
}

// inMemory runs a story of many days, and so of many audits, on the quicker store only.
func inMemory(t *testing.T, story func(t *testing.T, w *world)) { story(t, newWorld(t, nil)) }

const her = "+12065550142"

// The whole story: a person signs up, confirms, gets a campaign at a permitted hour, says STOP, and is never texted
// again, with every step on record.
func TestStory(t *testing.T) {
	on(t, func(t *testing.T, w *world) {
		if code := w.signUp(her, "alerts"); code != http.StatusAccepted {
			t.Fatalf("sign-up answered %d, want 202", code)
		}
		ask := "Text YES to join Example Corp. alerts. 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel."
		if got := w.screen(her); !slices.Equal(got, []string{ask}) {
			t.Fatalf("after sign-up the phone shows %q, want just the confirmation request", got)
		}

		w.campaign("01KB00000000000000000000A1", "Example Corp.: too early.", w.now(), w.now().Add(time.Hour))
		w.goTo(w.now().Add(10 * time.Minute))
		if got := w.screen(her); len(got) != 1 {
			t.Fatalf("I5: before YES the phone got %q", got[1:])
		}

		w.says(her, "YES")
		if state := w.record(her).Topics["alerts"].State; state != "subscribed" {
			t.Fatalf("after YES the topic is %s", state)
		}

		seattle, err := time.LoadLocation("America/Los_Angeles")
		if err != nil {
			t.Fatal(err)
		}
		tomorrow := time.Date(2027, 1, 6, 10, 0, 0, 0, seattle)
		w.campaign("01KB00000000000000000000A2", "Example Corp.: pumpkins are in.", tomorrow, tomorrow.Add(8*time.Hour))
		w.goTo(tomorrow.Add(time.Minute))
		if n := count(w.screen(her), "pumpkins"); n != 1 {
			t.Fatalf("the campaign showed up %d times, want once", n)
		}
		if state, c := w.status("01KB00000000000000000000A2"); state != campaign.Done || c != (campaign.Counts{Sent: 1}) {
			t.Fatalf("campaign %s with %+v, want done with one sent", state, c)
		}

		w.says(her, "STOP")
		stop := "STOP: You're unsubscribed from Example Corp. alerts. No more messages will be sent. For more info, email help@example.com or call XXX-555-0199."
		if n := count(w.screen(her), stop); n != 1 {
			t.Fatalf("the STOP answer showed up %d times, want once", n)
		}
		w.says(her, "HELP")
		if n := count(w.screen(her), "HELP: Example Corp. alerts: email help@example.com"); n != 1 {
			t.Errorf("HELP after STOP was answered %d times, want once", n)
		}
		if w.optedOut(her) {
			t.Error("the number is on the AWS opt-out list within the hour of STOP")
		}
		w.goTo(w.now().Add(90 * time.Minute))
		if !w.optedOut(her) {
			t.Error("the number is not on the AWS opt-out list")
		}

		before := len(w.screen(her))
		w.campaign("01KB00000000000000000000A3", "Example Corp.: gone too far.", w.now(), w.now().Add(3*24*time.Hour))
		w.goTo(w.now().Add(4 * 24 * time.Hour))
		if got := w.screen(her); len(got) != before {
			t.Fatalf("I1: after STOP the phone got %q", got[before:])
		}

		r := w.record(her)
		if !r.Verified {
			t.Error("I4: the chain does not verify")
		}
		var types []string
		for i, e := range r.Events {
			types = append(types, e.Type)
			if e.Seq != int64(i+1) {
				t.Errorf("event %d has number %d", i+1, e.Seq)
			}
		}
		if want := []string{"requested", "confirmed", "opted-out", "received"}; !slices.Equal(types, want) {
			t.Errorf("events %v, want %v", types, want)
		}
		var kinds []string
		for i, m := range r.Messages {
			kinds = append(kinds, m.Kind)
			if m.Status != "delivered" {
				t.Errorf("I3: message %d is %s", i, m.Status)
			}
			if i > 0 && m.At.Before(r.Messages[i-1].At) {
				t.Errorf("message %d is older than the one before", i)
			}
		}
		if want := []string{"confirmation", "reply", "promotional", "reply", "reply"}; !slices.Equal(kinds, want) {
			t.Errorf("messages %v, want %v", kinds, want)
		}
	})
}

func count(texts []string, part string) int {
	n := 0
	for _, s := range texts {
		if strings.Contains(s, part) {
			n++
		}
	}
	return n
}

// I6: a campaign due at night waits for the permitted hours, and what cannot be sent by its end expires.
func TestCampaignWaitsForTheMorningOrExpires(t *testing.T) {
	on(t, func(t *testing.T, w *world) {
		w.signUp(her, "alerts")
		w.says(her, "YES")
		shown := len(w.screen(her))
		night := time.Date(2027, 1, 6, 6, 0, 0, 0, time.UTC) // 22:00 in Seattle
		w.campaign("01KB00000000000000000000B1", "Example Corp.: good morning.", night, night.Add(20*time.Hour))
		w.campaign("01KB00000000000000000000B2", "Example Corp.: good night.", night, night.Add(5*time.Hour))
		w.goTo(night.Add(time.Minute))
		if got := w.screen(her); len(got) != shown {
			t.Fatalf("at 22:00 the phone got %q", got[shown:])
		}
		if state, c := w.status("01KB00000000000000000000B1"); state != campaign.Running || c != (campaign.Counts{Deferred: 1}) {
			t.Fatalf("campaign %s with %+v, want running with one deferred", state, c)
		}
		w.goTo(time.Date(2027, 1, 6, 17, 0, 30, 0, time.UTC)) // 09:00:30 in Seattle
		if n := count(w.screen(her), "good morning"); n != 1 {
			t.Fatalf("at 09:00 the campaign showed up %d times, want once", n)
		}
		if state, c := w.status("01KB00000000000000000000B2"); state != campaign.Done || c != (campaign.Counts{Expired: 1}) {
			t.Fatalf("campaign %s with %+v, want done with one expired", state, c)
		}
		if n := count(w.screen(her), "good night"); n != 0 {
			t.Fatal("a campaign was sent after its end")
		}
	})
}

// I7: two messages a month were promised; the third waits until the first is 31 days old.
func TestPromisedFrequencyIsKept(t *testing.T) {
	inMemory(t, func(t *testing.T, w *world) {
		w.signUp(her, "alerts")
		w.says(her, "YES")
		first := w.now().Add(time.Minute)
		for i, at := range []time.Time{first, first.Add(24 * time.Hour), first.Add(48 * time.Hour)} {
			w.campaign(fmt.Sprintf("01KB00000000000000000000C%d", i), fmt.Sprintf("Example Corp.: number %d.", i), at, at.Add(30*24*time.Hour))
		}
		w.goTo(first.Add(30 * 24 * time.Hour))
		if n := count(w.screen(her), "number"); n != 2 {
			t.Fatalf("%d campaigns within 31 days, want two", n)
		}
		w.goTo(first.Add(31*24*time.Hour + time.Hour))
		if n := count(w.screen(her), "number 2"); n != 1 {
			t.Fatalf("the third campaign showed up %d times on day 31, want once", n)
		}
	})
}

// The audit reminds people who were not told for a month how to opt out, once, and in the permitted hours.
func TestAuditReminds(t *testing.T) {
	inMemory(t, func(t *testing.T, w *world) {
		w.signUp(her, "alerts")
		w.says(her, "YES")
		joined := w.now()
		reminder := "You're subscribed to Example Corp. alerts. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe."
		w.goTo(joined.Add(29 * 24 * time.Hour))
		if n := count(w.screen(her), reminder); n != 0 {
			t.Fatal("reminded before the month was over")
		}
		w.goTo(joined.Add(33 * 24 * time.Hour))
		if n := count(w.screen(her), reminder); n != 1 {
			t.Fatalf("reminded %d times, want once", n)
		}
		for _, m := range w.record(her).Messages {
			if m.Kind != "reminder" {
				continue
			}
			if hour := m.At.In(time.FixedZone("PST", -8*3600)).Hour(); hour < 9 || hour >= 20 {
				t.Errorf("I6: reminded at %s", m.At)
			}
		}
	})
}

// START after STOP asks for a new YES, and the AWS opt-out list follows.
func TestStartAfterStop(t *testing.T) {
	on(t, func(t *testing.T, w *world) {
		w.signUp(her, "alerts")
		w.says(her, "YES")
		w.says(her, "STOP")
		w.goTo(w.now().Add(90 * time.Minute))
		if !w.optedOut(her) {
			t.Fatal("the number is not on the AWS opt-out list")
		}
		w.says(her, "START")
		if state := w.record(her).Topics["alerts"].State; state != "pending" {
			t.Errorf("after START the topic is %s", state)
		}
		w.goTo(w.now().Add(time.Minute))
		w.says(her, "YES")
		if state := w.record(her).Topics["alerts"].State; state != "subscribed" {
			t.Errorf("after START and YES the topic is %s", state)
		}
		if w.optedOut(her) {
			t.Error("the number is still on the AWS opt-out list")
		}
	})
}

// started is the DynamoDB Local of this test binary; nil until a test asks for it.
var started *local.DynamoDB

func TestMain(m *testing.M) {
	code := m.Run()
	if started != nil {
		if err := started.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// dynamoDBLocal is a DynamoDB Local without tables, for tests that run one after another.
func dynamoDBLocal(t *testing.T) http.Handler {
	t.Helper()
	if why := dynamotest.Missing(); why != "" {
		if dynamotest.Required() {
			t.Fatal(why)
		}
		t.Skip("NOT TESTED ON DYNAMODB: " + why)
	}
	if started == nil {
		folder, err := dynamotest.Folder()
		if err != nil {
			t.Fatal(err)
		}
		if started, err = local.StartDynamoDB(t.Context(), folder, ""); err != nil {
			t.Fatal(err)
		}
	}
	return started
}
