package local_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"smsconsent/local/account"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/wiring/schedules"
)

// A campaign says by text what an e-mail said today: whoever got that gets the text when the policy's time is over.
func TestAnEmailPutsOffACampaignOfTheSameContent(t *testing.T) {
	w := newWorld(t, nil)
	const him = "+12065550144"
	w.subscribe(her)
	w.subscribe(him)
	out, err := eventbridge.NewFromConfig(account.AWS(w.url)).PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
		EventBusName: aws.String("smsconsent"), Source: aws.String("com.example.mail"), DetailType: aws.String("smsconsent.touch"),
		Detail: aws.String(fmt.Sprintf(`{"brand":"example","phone":%q,"channel":"email","content":"spring-sale","at":%q}`, her, w.now().Format(time.RFC3339))),
	}}})
	if err != nil || out.FailedEntryCount > 0 {
		t.Fatalf("%+v, %v", out, err)
	}
	at := w.now().Add(time.Minute)
	c := campaign.Campaign{
		ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VN", Brand: "example", Topic: "alerts", Text: "Example Corp.: 20% off today. Reply STOP to opt out.",
		At: at, Expires: at.Add(48 * time.Hour), Created: w.now(), State: campaign.Scheduled, Content: "spring-sale",
	}
	if err := w.table().CreateCampaign(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if err := schedules.Campaigns(w.remote()).Once(t.Context(), "campaign-"+c.ID, at, fmt.Sprintf(`{"campaign":%q}`, c.ID)); err != nil {
		t.Fatal(err)
	}
	got := func(phone string) bool {
		return slices.ContainsFunc(w.screen(phone), func(text string) bool { return strings.Contains(text, "20% off") })
	}
	if w.goTo(at.Add(time.Hour)); got(her) || !got(him) {
		t.Errorf("an hour later she has the text: %v, he: %v", got(her), got(him))
	}
	if w.goTo(at.Add(30 * time.Hour)); !got(her) {
		t.Error("a day later she still lacks the text")
	}
}

// An opt-out of a shop reaches the person's record, ends the texts, and is told on once, as the shop's; and when the
// shop sends that back as another opt-out, it is kept as evidence, and nothing is told any more.
func TestAnOptOutGoesRoundOnce(t *testing.T) {
	w := newWorld(t, nil)
	w.subscribe(her)
	tell := func(id string) string {
		var answer struct{ Status string }
		body := map[string]any{"brand": "example", "phone": her, "everything": true, "source": "shop", "at": w.now().Format(time.RFC3339), "id": id}
		if code := w.call(http.MethodPost, "/optouts", body, &answer); code != http.StatusOK {
			t.Fatalf("answered %d", code)
		}
		return answer.Status
	}
	for _, tc := range [][2]string{{"1", "kept"}, {"1", "unchanged"}, {"2", "kept"}} {
		if got := tell(tc[0]); got != tc[1] {
			t.Errorf("opt-out %s is %s, want %s", tc[0], got, tc[1])
		}
	}
	w.wantState(her, "unsubscribed")
	stops := w.onBus("?bus=smsconsent&type=consent.revoked")
	var detail struct{ Source, Scope string }
	if len(stops) != 1 || json.Unmarshal(stops[0].Detail, &detail) != nil || detail.Source != "shop" || detail.Scope != "everything" {
		t.Errorf("told on as %+v", stops)
	}
	if n := w.dead(); n != 0 {
		t.Errorf("%d dead letters", n)
	}
}

// recipes returns the blocks of a language in the recipes of docs/events.md, in their order.
func recipes(t *testing.T, language string) []string {
	t.Helper()
	raw, err := os.ReadFile("../docs/events.md")
	if err != nil {
		t.Fatal(err)
	}
	_, page, _ := strings.Cut(string(raw), "## Recipes")
	var all []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(page, -1) {
		all = append(all, m[1])
	}
	return all
}

// run runs a command as somebody does who tries a recipe on this stack; the test is skipped where there is no such
// program.
func (w *world) run(name string, args ...string) string {
	w.t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		w.t.Skip("no " + name)
	}
	c := exec.CommandContext(w.t.Context(), name, args...)
	c.Env = append(os.Environ(), "API_URL="+w.url, "AWS_ENDPOINT_URL="+w.url, "AWS_REGION=us-east-1", "AWS_DEFAULT_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_SESSION_TOKEN=token", "AWS_PAGER=")
	out, err := c.CombinedOutput()
	if err != nil {
		w.t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// What a recipe says works as it stands there, but for its day.
func TestRecipesForTheShell(t *testing.T) {
	shell := recipes(t, "sh")
	if len(shell) != 3 {
		t.Fatalf("%d recipes for the shell", len(shell))
	}
	w := newWorld(t, nil)
	w.subscribe(her)
	w.goTo(w.now().Add(25 * time.Hour)) // the YES was a sign of life itself
	for i, want := range []string{`{"status":"kept"}`, `"FailedEntryCount": 0`} {
		script := strings.ReplaceAll(shell[i], "2026-11-23T18:00:00Z", w.now().Format(time.RFC3339))
		if strings.Contains(script, "aws ") {
			w.run("aws", "--version")
		}
		if got := w.run("sh", "-c", script); !strings.Contains(got, want) {
			t.Errorf("recipe %d answers %s", i, got)
		}
	}
	c := w.contact(her)
	if len(c.Touches) != 1 || c.Touches[0].Content != "spring-sale" || !c.Attention["alerts"].Sign.Equal(w.now().Truncate(time.Second)) {
		t.Errorf("she is %+v", c)
	}
}

// An opt-out by hand does what a STOP does.
func TestTheRecipeOfAnOptOut(t *testing.T) {
	w := newWorld(t, nil)
	w.subscribe(her)
	if got := w.run("sh", "-c", recipes(t, "sh")[2]); !strings.Contains(got, `"status"`) {
		t.Errorf("it answers %s", got)
	}
	if c := w.contact(her); c.Subs["alerts"].State != consent.Unsubscribed {
		t.Errorf("she is %+v", c)
	}
}

// The functions of the recipes tell what the events of their services say, in the shapes AWS documents.
func TestRecipesForServices(t *testing.T) {
	python := recipes(t, "python")
	if len(python) != 2 {
		t.Fatalf("%d recipes in Python", len(python))
	}
	w := newWorld(t, nil)
	w.subscribe(her)
	w.subscribe("+12065550144")
	w.goTo(w.now().Add(25 * time.Hour))
	at := w.now().Format(time.RFC3339)
	mail := `"mail":{"timestamp":"` + at + `","messageId":"0100017f","tags":{"brand":["example"],"phone":["12065550142"],"content":["spring-sale"]}}`
	ses := func(kind, more string) string {
		return `{"source":"aws.ses","detail-type":"` + kind + `","time":"` + at + `","detail":{` + mail + more + `}}`
	}
	connect := `{"Name":"ContactFlowEvent","Details":{"ContactData":{"Channel":"VOICE","ContactId":"4a573372-1f28-4e26-b97b-000000000001",
		"CustomerEndpoint":{"Address":"+12065550144","Type":"TELEPHONE_NUMBER"}},"Parameters":{"brand":"example"}}}`
	for i, given := range [][]string{{
		ses("Email Sent", ``), ses("Email Clicked", `,"click":{"timestamp":"`+at+`","link":"https://example.com"}`),
		ses("Email Subscribed", `,"subscription":{"timestamp":"`+at+`","newTopicPreferences":{"unsubscribeAll":false}}`),
		ses("Email Subscribed", `,"subscription":{"timestamp":"`+at+`","newTopicPreferences":{"unsubscribeAll":true}}`),
	}, {connect}} {
		// Connect's recipe reads the machine's clock; the stack's is another.
		recipe := strings.ReplaceAll(python[i], "datetime.now(timezone.utc)", fmt.Sprintf("datetime.fromtimestamp(%d, timezone.utc)", w.now().Unix()))
		script := filepath.Join(t.TempDir(), "recipe.py")
		recipe += "\nimport sys\nfor event in sys.argv[1:]:\n    handler(json.loads(event), None)\n"
		if err := os.WriteFile(script, []byte(recipe), 0o600); err != nil {
			t.Fatal(err)
		}
		if probe := exec.CommandContext(t.Context(), "python3", "-c", "import boto3"); probe.Run() != nil {
			t.Skip("no python3 with boto3")
		}
		w.run("python3", append([]string{script}, given...)...)
	}
	c := w.contact(her)
	if len(c.Touches) != 1 || c.Touches[0].Channel != "email" {
		t.Errorf("she was touched by %+v", c.Touches)
	}
	for phone, source := range map[string]string{her: "ses", "+12065550144": "connect"} {
		events := w.record(phone).Events
		if last := events[len(events)-1]; last.Type != "opted-out" || last.Source != source {
			t.Errorf("%s ends with %+v, want an opt-out told by %s", phone, last, source)
		}
	}
	if n := w.dead(); n != 0 {
		t.Errorf("%d dead letters", n)
	}
}
