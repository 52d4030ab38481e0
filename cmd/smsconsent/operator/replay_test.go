package operator

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"smsconsent/local/account"
)

type replayed struct {
	Events []struct {
		ID       string `json:"id"`
		Queue    string `json:"queue"`
		Function string `json:"function"`
		Reason   string `json:"reason"`
		At       string `json:"at"`
		Phone    string `json:"phone"`
		Stop     bool   `json:"stop"`
		Runs     bool   `json:"runs"`
		Result   string `json:"result"`
	} `json:"events"`
}

func (w *world) buries(queue, body string) {
	w.t.Helper()
	q := sqs.NewFromConfig(account.AWS(w.url))
	in := &sqs.SendMessageInput{QueueUrl: aws.String(account.QueueURL(queue)), MessageBody: aws.String(body)}
	if _, err := q.SendMessage(w.t.Context(), in); err != nil {
		w.t.Fatal(err)
	}
}

// said is what Lambda keeps of a text that inbound failed on.
func said(phone, body, id string) string {
	message, _ := json.Marshal(map[string]string{
		"originationNumber": phone, "destinationNumber": "+12065550100", "messageBody": body, "inboundMessageId": id, "messageKeyword": "KEYWORD",
	})
	payload, _ := json.Marshal(map[string]any{"Records": []any{map[string]any{"EventSource": "aws:sns", "Sns": map[string]string{
		"MessageId": id, "Type": "Notification", "TopicArn": account.TopicARN("smsconsent-inbound"), "Message": string(message),
		"Timestamp": "2027-01-05T18:00:00.000Z",
	}}}})
	return fmt.Sprintf(`{"timestamp":"2027-01-05T18:00:00.000Z","requestContext":{"functionArn":"%s:$LATEST","condition":"RetriesExhausted"},
		"requestPayload":%s,"responsePayload":{"errorMessage":"nobody took +12065550142"}}`, account.FunctionARN("inbound"), payload)
}

func (w *world) stopped() bool {
	w.t.Helper()
	var record struct {
		Topics map[string]struct{ State string }
	}
	w.call(http.MethodGet, "/records/"+her[1:]+"?brand=example", nil, &record)
	return record.Topics["alerts"].State == "unsubscribed"
}

// A STOP that failed is shown as one, without the number; run again it stops, is gone, and running it a second time
// changes nothing.
func TestReplayHandsAStopBack(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.buries("failed-events", said(her, "STOP", "m-1"))
	shown := strictly[replayed](t, first(execute(t, 0, "replay", "--json"))).Events
	if len(shown) != 1 || shown[0].Function != "inbound" || !shown[0].Stop || !shown[0].Runs || shown[0].Phone != "+1••••••0142" {
		t.Fatalf("shown: %+v", shown)
	}
	if strings.Contains(fmt.Sprint(shown), her) || !strings.Contains(shown[0].Reason, "[phone]") {
		t.Errorf("it tells the number: %+v", shown)
	}
	// Nobody said yes: nothing is done, and what was shown can be seen again at once.
	if _, says := execute(t, exitUsage, "replay", "--run"); !strings.Contains(says, "a STOP") || !strings.Contains(says, "--yes") || w.stopped() {
		t.Errorf("it says %s", says)
	}
	ran := strictly[replayed](t, first(execute(t, 0, "replay", "--run", "--yes", "--json"))).Events
	if len(ran) != 1 || ran[0].Result != "handled" || !w.stopped() {
		t.Errorf("ran: %+v", ran)
	}
	if left := strictly[replayed](t, first(execute(t, 0, "replay", "--json"))).Events; len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
	texts := w.got(her, "")
	w.buries("failed-events", said(her, "STOP", "m-1"))
	execute(t, 0, "replay", "--run", "--yes")
	if w.got(her, "") != texts || !w.stopped() {
		t.Errorf("the same STOP a second time: %d texts, then %d", texts, w.got(her, ""))
	}
}

// What fails again stays, and the others go on; what came by a queue goes back to it; what can never be handled is
// dropped by its ID.
func TestReplayLeavesWhatFails(t *testing.T) {
	w := newWorld(t)
	w.buries("failed-events", fmt.Sprintf(`{"requestContext":{"functionArn":"%s"},"requestPayload":"no event"}`, account.FunctionARN("inbound")))
	w.buries("failed-events", "of nobody")
	w.buries("texts-dead-letters", `{"id":"x"}`)
	out, says := execute(t, exitFailed, "replay", "--run", "--yes", "--json")
	ran := strictly[replayed](t, out).Events
	if len(ran) != 3 || !strings.HasPrefix(ran[0].Result, "failed again: inbound") || ran[1].Result != "cannot be handled again" ||
		ran[2].Result != "handled" || ran[2].Queue != "texts-dead-letters" || !strings.Contains(says, "2 of 3 events wait") {
		t.Errorf("%s\n%+v", says, ran)
	}
	left := strictly[replayed](t, first(execute(t, 0, "replay", "--json"))).Events
	if len(left) != 2 || left[0].ID != ran[0].ID || left[1].Runs {
		t.Fatalf("left: %+v", left)
	}
	if mine := strictly[replayed](t, first(execute(t, 0, "replay", "--json", "--function", "inbound"))).Events; len(mine) != 1 {
		t.Errorf("of inbound: %+v", mine)
	}
	execute(t, exitUsage, "replay", "--drop", "nosuch", "--yes")
	dropped := strictly[replayed](t, first(execute(t, 0, "replay", "--drop", left[1].ID, "--yes", "--json"))).Events
	if len(dropped) != 1 || dropped[0].Result != "dropped" {
		t.Errorf("dropped: %+v", dropped)
	}
	if left := strictly[replayed](t, first(execute(t, 0, "replay", "--json"))).Events; len(left) != 1 || left[0].Function != "inbound" {
		t.Errorf("left: %+v", left)
	}
}

// What fails on the local stack is kept as Lambda keeps it.
func TestReplayReadsWhatTheLocalStackBuries(t *testing.T) {
	w := newWorld(t)
	w.raw(http.MethodPut, "/faults", `{"missing":["inbound"]}`)
	w.fails("/handsets/"+her, `{"to":"+12065550100","body":"STOP"}`)
	shown := strictly[replayed](t, first(execute(t, 0, "replay", "--json"))).Events
	if len(shown) != 1 || shown[0].Function != "inbound" || !shown[0].Stop || !shown[0].Runs {
		t.Fatalf("shown: %+v", shown)
	}
	w.raw(http.MethodPut, "/faults", `{}`)
	execute(t, 0, "replay", "--run", "--yes")
}

func TestReplayMistakes(t *testing.T) {
	newWorld(t)
	for says, args := range map[string][]string{
		"--run or --drop": {"replay", "--yes"}, "--run and --drop": {"replay", "--run", "--drop", "x"}, "--stack": {"replay", "--stack", "other"},
		`--function: "inbuond" is none of optin, inbound`: {"replay", "--function", "inbuond"}, `--function: "" is none`: {"replay", "--function", ""},
	} {
		if _, stderr := execute(t, exitUsage, args...); !strings.Contains(stderr, says) {
			t.Errorf("%v says %s", args, stderr)
		}
	}
}

// The lines of one function, and of one invocation, oldest first.
func TestLogs(t *testing.T) {
	w := newWorld(t)
	w.buries("failed-events", fmt.Sprintf(`{"requestContext":{"functionArn":"%s"},"requestPayload":{"Records":[{"Sns":{"Message":"no JSON","MessageId":"m"}}]}}`,
		account.FunctionARN("inbound")))
	execute(t, 0, "replay", "--run", "--yes")
	type line struct {
		At       string `json:"at"`
		Function string `json:"function"`
		Line     string `json:"line"`
	}
	out, _ := execute(t, 0, "logs", "inbound", "--json")
	one := strictly[line](t, strings.SplitN(out, "\n", 2)[0])
	var said struct{ RequestID string }
	if err := json.Unmarshal([]byte(one.Line), &said); err != nil || one.Function != "inbound" || said.RequestID == "" || !strings.Contains(out, "dead letter") {
		t.Fatalf("%v: %s", err, out)
	}
	if out, _ := execute(t, 0, "logs", "--request", said.RequestID); !strings.Contains(out, said.RequestID) || !strings.Contains(out, "  inbound ") {
		t.Errorf("of the invocation: %s", out)
	}
	if out, _ := execute(t, 0, "logs", "inbound", "--since", "2d"); !strings.Contains(out, said.RequestID) {
		t.Errorf("of two days: %s", out)
	}
	if out, _ := execute(t, 0, "logs", "--request", "00000000-0000-4000-8000-000000000000"); out != "" {
		t.Errorf("of another: %s", out)
	}
	for says, args := range map[string][]string{
		"none of optin": {"logs", "nosuch"}, "--since": {"logs", "--since", "0s"},
		"--since: \"1x\" is no time such as 30m, 24h or 2d": {"logs", "--since", "1x"}, "--since: \"-2d\"": {"logs", "--since=-2d"},
		"--request": {"logs", "--request", ""}, "--stack": {"logs", "inbound", "--stack", "other"},
	} {
		if _, stderr := execute(t, exitUsage, args...); !strings.Contains(stderr, says) {
			t.Errorf("%v says %s", args, stderr)
		}
	}
}

// Whoever ends a log that they follow wanted just that: it is no failure, also in the middle of a call.
func TestLogsThatAreFollowedEnd(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	c := logsCommand()
	c.SetContext(ctx)
	cancel()
	d := &deployed{name: account.StackName, aws: account.AWS(w.url), now: tuesday}
	if err := (logsFlags{follow: true}).print(c, d, []string{"inbound"}, tuesday.Add(-time.Hour)); err != nil {
		t.Errorf("it says %v", err)
	}
}

// Without a reason of its own an event tells why nothing can handle it, and nothing before.
func TestReplayTellsWhyAnEventCannotRun(t *testing.T) {
	w := newWorld(t)
	w.buries("failed-events", fmt.Sprintf(`{"requestContext":{"functionArn":"%s"}}`, account.FunctionARN("inbound")))
	shown := strictly[replayed](t, first(execute(t, 0, "replay", "--json"))).Events
	if len(shown) != 1 || shown[0].Runs || !strings.HasPrefix(shown[0].Reason, "the event itself was not kept") {
		t.Errorf("shown: %+v", shown)
	}
}

// Whatever a function failed on stands in its log, and replay says what the carrier refused an answer for.
func TestAFailureStandsInTheLog(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	for fault, says := range map[string]string{
		`{"missing":["inbound"]}`:      "there is no function inbound",
		`{"deny":["SendTextMessage"]}`: "the carrier refused an answer (ACCESS_DENIED)",
	} {
		w.raw(http.MethodPut, "/faults", fault)
		w.fails("/handsets/"+her, `{"to":"+12065550100","body":"HELP"}`)
		if out, _ := execute(t, 0, "logs", "inbound"); !strings.Contains(out, "function failed") || !strings.Contains(out, says) ||
			strings.Contains(out, "5550142") {
			t.Errorf("%s: the log says %s", fault, out)
		}
		if out, _ := execute(t, 0, "replay", "--json"); !strings.Contains(out, says) {
			t.Errorf("%s: replay says %s", fault, out)
		}
	}
}

// What a page has whoever is called out post for a STOP does stop the person.
func TestThePageOfFailedEventsStopsAPerson(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	_, body, _ := strings.Cut(contents(t, "docs", "runbooks", "failed-events.md"), "-d '")
	body, _, _ = strings.Cut(body, "'")
	w.raw(http.MethodPost, "/optouts", body)
	if !w.stopped() {
		t.Errorf("nobody is stopped by %s", body)
	}
}
