package local_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"

	"smsconsent"
	"smsconsent/cmd/smsconsent/operator"
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
	"smsconsent/shared/edge/wiring/schedules"
	"smsconsent/shared/testkit/request"
	testworld "smsconsent/shared/testkit/world"
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
	return withEase(shipped(t))
}

// abroad is easy, with numbers that reach every country.
func abroad(t *testing.T) *program.Catalog {
	t.Helper()
	catalog, err := program.Load([]byte(testworld.Abroad(string(smsconsent.Programs()))))
	if err != nil {
		t.Fatal(err)
	}
	return withEase(catalog)
}

func withEase(catalog *program.Catalog) *program.Catalog {
	puzzle := &catalog.SignUp.Captcha
	puzzle.Cost, puzzle.MinTries, puzzle.MaxTries = 1, 1, 3
	return catalog
}

func newWorldOn(t *testing.T, db http.Handler, log io.Writer, catalog *program.Catalog) *world {
	t.Helper()
	start := time.Date(2027, 1, 5, 18, 0, 0, 0, time.UTC)
	s, err := local.New(t.Context(), local.Options{
		Called:  called.note,
		Catalog: catalog, DynamoDB: db, Log: telemetry.NewLogger(log), Real: func() time.Time { return start },
		Campaigns: operator.ConsoleCampaigns,
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
	return request.JSON(w.t, method, w.url+path, in, out)
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
	if err := schedules.Campaigns(w.remote()).Once(w.t.Context(), "campaign-"+id, at, fmt.Sprintf(`{"campaign":%q}`, id)); err != nil {
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
	t.Run("memory", func(t *testing.T) { story(t, newWorld(t, nil)) })
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
