package inbound_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"smsconsent/shared/core/program"
)

// What is said is counted by what it is, once for each, as dashboards and alarms read it.
func TestWhatIsHeardIsCounted(t *testing.T) {
	for name, tc := range map[string]struct {
		to, body string
		want     []string
	}{
		"a question":            {alerts, "do you open on sundays?", []string{`"Heard":1`, `"ToRead":1`, `"kind":"other"`}},
		"STOP":                  {alerts, "STOP", []string{`"Heard":1`, `"kind":"opt-out"`}},
		"HELP":                  {alerts, "HELP", []string{`"Heard":1`, `"kind":"help"`}},
		"HELP to nobody":        {givenUp, "HELP", []string{`"Unhandleable":1`}},
		"STOP to a number gone": {givenUp, "STOP", []string{`"OptOutAstray":1`, `"Heard":1`}},
	} {
		w := newWorld(t)
		w.says(her, alerts, "JOIN")
		w.Counted.Reset()
		w.says(her, tc.to, tc.body)
		told := w.Counted.String()
		for _, metric := range tc.want {
			if strings.Count(told, metric) != 1 {
				t.Errorf("%s: want %s once in %s", name, metric, told)
			}
		}
		for _, metric := range []string{"Heard", "ToRead", "Unhandleable", "OptOutAstray", "StopFailed"} {
			wanted := strings.Contains(strings.Join(tc.want, " "), `"`+metric+`"`)
			if strings.Contains(told, `"`+metric+`":`) != wanted {
				t.Errorf("%s: counts %s in %s", name, metric, told)
			}
		}
	}
}

// A dead letter is read as Lambda's own are: by its version, its reason, the event as it came, and who failed on it
// when.
func TestADeadLetterIsAsLambdasOwn(t *testing.T) {
	w := newWorld(t)
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{
		AwsRequestID: "req-1", InvokedFunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:inbound",
	})
	for _, ctx := range []context.Context{ctx, t.Context()} {
		if err := w.handler.Handle(ctx, sns(noon, "x")); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []string{"req-1 arn:aws:lambda:us-east-1:123456789012:function:inbound", " "} {
		var letter struct {
			Version        string
			RequestContext struct{ RequestID, FunctionARN, Condition string }
		}
		if err := json.Unmarshal([]byte(w.Queue.Jobs[i]), &letter); err != nil {
			t.Fatal(err)
		}
		got := letter.RequestContext
		if letter.Version != "1.0" || got.Condition != "Unhandleable" || got.RequestID+" "+got.FunctionARN != want {
			t.Errorf("%s", w.Queue.Jobs[i])
		}
	}
}

// What the programs in force by now may know comes again; what nobody knows is heard, or kept for a person.
func TestNewerProgramsAreWaitedFor(t *testing.T) {
	for name, tc := range map[string]struct {
		to, body string
		newer    bool
		again    bool // it comes again
		kept     int  // dead letters
		events   int
	}{
		"a number they may know":         {givenUp, "HELP", true, true, 0, 0},
		"a number nobody knows":          {givenUp, "HELP", false, false, 1, 0},
		"a STOP to such a number":        {givenUp, "STOP", true, false, 0, 1},
		"a YES to a topic they may know": {alerts, "YES", true, true, 0, 0},
		"a YES to a topic nobody knows":  {alerts, "YES", false, false, 0, 1},
		"a STOP, whatever they may know": {alerts, "STOP", true, false, 0, 1},
		"HELP, whatever they may know":   {alerts, "HELP", true, false, 0, 1},
	} {
		w := newWorld(t)
		w.says(her, alerts, "JOIN")
		_, prog, _ := w.handler.Catalog.ByDestination(alerts)
		if tc.to == alerts {
			prog.Topics = []program.Topic{}
		}
		w.handler.Newer = func(context.Context) bool { return tc.newer }
		before := len(w.at("example", her).Events)
		w.Pass(time.Minute)
		err := w.handler.Handle(t.Context(), sns(w.Clock(), payload(string(her), tc.to, tc.body, "in-9")))
		events := len(w.at("example", her).Events) - before
		if (err != nil) != tc.again || len(w.Queue.Jobs) != tc.kept || events != tc.events {
			t.Errorf("%s: %v, %d dead letters, %d events", name, err, len(w.Queue.Jobs), events)
		}
	}
}

// What sounds like a yes and is none is read where nothing was asked, and so has no answer; what may be an opt-out is
// read whatever was answered.
func TestWhyAPersonReads(t *testing.T) {
	for body, want := range map[string]string{
		"Yes?":                    "no rule understands it",
		"do you open on sundays?": "no rule understands it",
		"can i cancel":            "it may be an opt-out",
	} {
		w := newWorld(t)
		w.says(her, alerts, "JOIN")
		w.says(her, alerts, "YES")
		w.says(her, alerts, body)
		if len(w.tray.read) != 1 || w.tray.read[0].Why != want {
			t.Errorf("%q: read %+v, want %q", body, w.tray.read, want)
		}
	}
	w := newWorld(t)
	w.says(her, alerts, "JOIN")
	if back := w.says(her, alerts, "Yes?"); len(back) == 1 == (len(w.tray.read) == 1) {
		t.Errorf("answered %q, read %+v", back, w.tray.read)
	}
}
