package smsconsent_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smsconsent/shared/edge/telemetry"
)

// An event a function could not handle is a lost STOP unless it is kept and somebody is told.
func TestEveryFailureIsKeptAndAlarmed(t *testing.T) {
	tpl := read(t)
	alarmed := map[string]bool{}
	for _, id := range tpl.of("AWS::CloudWatch::Alarm") {
		a := tpl.Resources[id]
		if len(list(a.at("AlarmActions"))) == 0 {
			t.Errorf("%s tells nobody", id)
		}
		alarmed[fmt.Sprint(a.at("MetricName"))+" "+strings.TrimSuffix(fmt.Sprint(a.at("Dimensions", 0, "Value")), ".QueueName")] = true
	}
	for _, id := range tpl.of("AWS::Serverless::Function") {
		if !alarmed["Errors "+id] {
			t.Errorf("no alarm for errors of %s", id)
		}
		fn := tpl.Resources[id]
		all, _ := fn.at("Events").(map[string]any)
		for name := range all {
			kind := fn.at("Events", name, "Type")
			if (kind == "SNS" || kind == "ScheduleV2") && fn.at("EventInvokeConfig", "DestinationConfig", "OnFailure", "Destination") != "FailedEvents.Arn" {
				t.Errorf("%s loses the events of %s it fails on", id, name)
			}
		}
	}
	for _, id := range tpl.of("AWS::SQS::Queue") {
		if tpl.Resources[id].at("SqsManagedSseEnabled") != true {
			t.Errorf("%s is not encrypted", id)
		}
		if tpl.Resources[id].at("RedrivePolicy") == nil && !alarmed["ApproximateNumberOfMessagesVisible "+id] {
			t.Errorf("nobody hears of what lands in %s", id)
		}
	}
	for _, id := range tpl.of("AWS::SNS::Topic") {
		if tpl.Resources[id].at("KmsMasterKeyId") != "TopicKey.Arn" {
			t.Errorf("%s is not under a key AWS services can publish with", id)
		}
	}
}

// source is all code of functions and of what they share.
func source(t *testing.T) []byte {
	t.Helper()
	var code []byte
	for _, folder := range []string{"functions", "shared"} {
		err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			raw, err := os.ReadFile(path)
			code = append(code, raw...)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return code
}

// An alarm sees a metric only under exactly its dimensions. One on a metric that no code counts in that way is silence.
func TestAlarmsWatchMetricsTheCodeCounts(t *testing.T) {
	code := source(t)
	tpl := read(t)
	watched := 0
	for _, id := range tpl.of("AWS::CloudWatch::Alarm") {
		a := tpl.Resources[id]
		namespace := fmt.Sprint(a.at("Namespace"))
		if strings.HasPrefix(namespace, "AWS/") {
			continue
		}
		if want := telemetry.Namespace("${AWS::StackName}"); namespace != want {
			t.Errorf("%s watches %s, want %s: it rings for other stacks, or for none", id, namespace, want)
		}
		watched++
		if a.at("Dimensions") != nil {
			t.Errorf("%s has dimensions; this test knows of none", id)
		}
		name := fmt.Sprint(a.at("MetricName"))
		if !regexp.MustCompile(`Metrics\.Count\("` + name + `", [^,()]+\)`).Match(code) {
			t.Errorf("%s watches %s, which no code counts without dimensions", id, name)
		}
	}
	if watched < 3 {
		t.Errorf("%d alarms on our own metrics, want at least 3", watched)
	}
}

// What nobody sees in a campaign's counts or in a function's errors has an alarm at its first occurrence. (That each
// alarm has a page that says what to do is held in cmd/smsconsent/operator.)
func TestEachOfOurAlarmsTellsAtOnce(t *testing.T) {
	tpl := read(t)
	alarms := map[string]string{} // metric to the alarm's name
	for _, id := range tpl.of("AWS::CloudWatch::Alarm") {
		a := tpl.Resources[id]
		name := strings.TrimPrefix(fmt.Sprint(a.at("AlarmName")), "${AWS::StackName}-")
		if strings.HasPrefix(fmt.Sprint(a.at("Namespace")), "AWS/") {
			continue
		}
		alarms[fmt.Sprint(a.at("MetricName"))] = name
		if a.at("Statistic") != "Sum" || a.number("Threshold") != 1 || a.number("EvaluationPeriods") != 1 || a.number("Period") > 300 {
			t.Errorf("%s does not go off at the first %v within five minutes", name, a.at("MetricName"))
		}
	}
	for metric, name := range map[string]string{
		"SpamReported": "spam-reported", "CampaignPaused": "campaign-paused", "LinksMissing": "links-missing", "Unconfirmed": "unconfirmed",
		"PoisonedContact": "poisoned-contact", "CampaignStuck": "campaign-stuck", "LedgerFault": "ledger-fault",
		"AccountRefused": "account-refused", "ClickLost": "click-lost", "TextStuck": "text-stuck", "TextThrottled": "text-throttled", "LawChangesAhead": "law-changes-ahead",
		"SignUpCeiling":      "sign-up-ceiling",
		"StopFailed":         "stop-failed",
		"ReceiptsMissing":    "receipts-missing",
		"CarrierCodeUnknown": "carrier-code-unknown",
		"ProgramsNotRead":    "programs-not-read",
		"OptedOutAtAWS":      "opted-out-at-aws", "OptOutListUnread": "opt-out-list-unread",
	} {
		if alarms[metric] != name {
			t.Errorf("the alarm on %s is %q, want %q", metric, alarms[metric], name)
		}
	}
}

// alarm is the one alarm on a metric of a function.
func (tpl template) alarm(t *testing.T, metric, function string) resource {
	t.Helper()
	for _, id := range tpl.of("AWS::CloudWatch::Alarm") {
		a := tpl.Resources[id]
		if a.at("MetricName") == metric && a.at("Dimensions", 0, "Value") == function && a.at("Dimensions", 0, "Name") == "FunctionName" && a.at("Namespace") == "AWS/Lambda" {
			return a
		}
	}
	t.Fatalf("no alarm on %s of %s", metric, function)
	return resource{}
}

// A STOP that waits is the beginning of a wrong text. Lambda keeps an event it has no room for for up to six hours and
// counts no error, so its waiting has alarms of its own; and what can wait must leave room for it.
func TestAStopDoesNotWaitUnseen(t *testing.T) {
	tpl := read(t)
	throttles := tpl.alarm(t, "Throttles", "InboundFunction")
	if throttles.at("Statistic") != "Sum" || throttles.number("Threshold") != 1 || throttles.number("Period") > 60 {
		t.Errorf("the first throttled event is seen after %v s, from %v on", throttles.at("Period"), throttles.at("Threshold"))
	}
	age := tpl.alarm(t, "AsyncEventAge", "InboundFunction")
	if ms := age.number("Threshold"); age.at("Statistic") != "Maximum" || ms < 1000 || ms > 60_000 || age.number("Period") > 60 {
		t.Errorf("an event's age is an alarm from %d ms on, want at most a minute, of the oldest", ms)
	}
	const parameter = "InboundReservedConcurrency"
	if got, want := fmt.Sprint(list(tpl.Resources["InboundFunction"].at("ReservedConcurrentExecutions"))), "[ReservesInbound "+parameter+" AWS::NoValue]"; got != want {
		t.Errorf("inbound keeps free %s, want %s", got, want)
	}
	if d := fmt.Sprint(tpl.Parameters[parameter].Default); d != "0" {
		t.Errorf("%s is %s by default; Lambda refuses to keep any in a new account", parameter, d)
	}
	most := 0
	for _, id := range tpl.of("AWS::Serverless::Function") {
		fn := tpl.Resources[id]
		all, _ := fn.at("Events").(map[string]any)
		for name := range all {
			if fn.at("Events", name, "Type") != "SQS" {
				continue
			}
			n := fn.number("Events", name, "Properties", "ScalingConfig", "MaximumConcurrency")
			if n < 2 {
				t.Errorf("queue %s may take all the runs the account has for %s", name, id)
			}
			most += n
		}
	}
	// docs/deploy.md asks for an account limit of 100 and counts on this.
	if most > 24 {
		t.Errorf("queues take up to %d runs at once, want at most 24", most)
	}
}

// An alarm that stands already says nothing of what comes next: a text from a stranger's short code would hide a STOP
// that fails after it. What fails next rings by itself.
func TestNoFailureHidesAnother(t *testing.T) {
	tpl := read(t)
	for _, want := range []struct{ namespace, metric, of string }{
		{"AWS/SQS", "NumberOfMessagesSent", "FailedEvents.QueueName"},
		{telemetry.Namespace("${AWS::StackName}"), "StopFailed", "<nil>"},
	} {
		found := false
		for _, id := range tpl.of("AWS::CloudWatch::Alarm") {
			a := tpl.Resources[id]
			if a.at("Namespace") != want.namespace || a.at("MetricName") != want.metric {
				continue
			}
			found = true
			// Sums of minutes go back by themselves; how many wait does not.
			if a.at("Statistic") != "Sum" || a.number("Threshold") != 1 || a.number("Period") > 300 || a.number("EvaluationPeriods") != 1 ||
				a.at("TreatMissingData") != "notBreaching" || fmt.Sprint(a.at("Dimensions", 0, "Value")) != want.of {
				t.Errorf("%s does not ring at each", id)
			}
		}
		if !found {
			t.Errorf("no alarm on %s", want.metric)
		}
	}
}

// Lambda drops a job that has handed on to itself through SQS some 16 times: the rest of a large campaign would never
// go out. Where that guard is off another one stands.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
func TestJobsMayHandOnToThemselves(t *testing.T) {
	tpl := read(t)
	for _, id := range tpl.of("AWS::Serverless::Function") {
		role := strings.TrimSuffix(fmt.Sprint(tpl.Resources[id].at("Role")), ".Arn")
		handsOn := false
		for _, s := range tpl.statements() {
			if s.owner != role || !slices.Contains(s.actions, "sqs:SendMessage") {
				continue
			}
			all, _ := tpl.Resources[id].at("Events").(map[string]any)
			for name := range all {
				queue, _ := tpl.Resources[id].at("Events", name, "Properties", "Queue").(string)
				handsOn = handsOn || slices.Contains(s.resources, queue)
			}
		}
		if want := slices.Contains([]string{"SendcheckFunction", "AuditFunction"}, id); handsOn != want {
			t.Errorf("%s may put jobs on its own queue = %v, want %v", id, handsOn, want)
		}
		loop := tpl.Resources[id].at("RecursiveLoop")
		switch {
		case handsOn && loop != "Allow":
			t.Errorf("Lambda drops the jobs of %s after some 16 rounds", id)
		case handsOn:
			if n := tpl.alarm(t, "Invocations", id).number("Threshold"); n < 100 || n > 5000 {
				t.Errorf("a loop of %s is noticed at %d runs", id, n)
			}
		case loop != nil:
			t.Errorf("%s allows a loop it has no reason for", id)
		}
	}
}

// A wave that could not be started is kept where somebody sees it, whoever made its schedule: a function or the
// command.
func TestSchedulesHaveDeadLetters(t *testing.T) {
	tpl := read(t)
	for _, id := range []string{"SendcheckFunction", "AuditFunction"} {
		if got := tpl.Resources[id].at("Environment", "Variables", "FAILED_EVENTS_ARN"); got != "FailedEvents.Arn" {
			t.Errorf("%s keeps what its schedules cannot start in %v", id, got)
		}
	}
	mayWrite := false
	for _, s := range tpl.statements() {
		mayWrite = mayWrite || s.owner == "SchedulerRole" && slices.Contains(s.actions, "sqs:SendMessage") && slices.Contains(s.resources, "FailedEvents.Arn")
	}
	if !mayWrite {
		t.Error("EventBridge Scheduler may not write to the queue of failed events")
	}
	settings := strings.Fields(tpl.Outputs["CommandSettings"].Value)
	for _, want := range []string{
		"TABLE_NAME=${Table}", "SENDCHECK_ARN=${SendcheckFunction.Arn}:live", "SCHEDULER_ROLE_ARN=${SchedulerRole.Arn}",
		"SCHEDULE_GROUP=${ScheduleGroup}", "FAILED_EVENTS_ARN=${FailedEvents.Arn}",
		"LINKS_URL=https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}",
	} {
		if !slices.Contains(settings, want) {
			t.Errorf("CommandSettings %q lacks %s", settings, want)
		}
	}
}

// A campaign is looked after every hour, by the input sendcheck knows, whatever became of its own schedules and jobs.
func TestCampaignsAreWatched(t *testing.T) {
	watch := read(t).Resources["SendcheckFunction"].at("Events", "Hourly").(map[string]any)
	p := resource{Properties: watch["Properties"].(map[string]any)}
	if watch["Type"] != "ScheduleV2" || p.at("ScheduleExpression") != "cron(40 * * * ? *)" {
		t.Errorf("campaigns are looked after at %v", p.at("ScheduleExpression"))
	}
	sample, err := os.ReadFile("events/sendcheck-watch-schedule.json")
	if err != nil {
		t.Fatal(err)
	}
	if p.at("Input") != strings.Join(strings.Fields(string(sample)), "") {
		t.Errorf("the input is %v, the sample event %s", p.at("Input"), sample)
	}
}

// Two stacks of an account share no key unless they are told to: what one seals, the other cannot forge.
func TestStacksHaveKeysOfTheirOwn(t *testing.T) {
	tpl := read(t)
	if d := fmt.Sprint(tpl.Parameters["KeyPath"].Default); d != "" {
		t.Errorf("KeyPath is %q in every stack", d)
	}
	keys := 0
	check := func(where string, value any) {
		sub, _ := value.([]any)
		if len(sub) == 3 { // one that is not always there
			sub, _ = sub[1].([]any)
		}
		if len(sub) != 2 || !strings.Contains(fmt.Sprint(sub[0]), "${Path}/") {
			t.Errorf("%s is not under the stack's path: %v", where, value)
			return
		}
		path, _ := sub[1].(map[string]any)
		if got := fmt.Sprint(list(path["Path"])); got != "[NamesKeyPath KeyPath /${AWS::StackName}]" {
			t.Errorf("%s is under %s", where, got)
		}
		keys++
	}
	variables := []map[string]any{tpl.Globals.Function.Environment.Variables}
	for _, id := range tpl.of("AWS::Serverless::Function") {
		own, _ := tpl.Resources[id].at("Environment", "Variables").(map[string]any)
		variables = append(variables, own)
	}
	for _, given := range variables {
		for name, value := range given {
			if strings.HasSuffix(name, "_PARAMETER") && value != "" {
				check(name, value)
			}
		}
	}
	if keys < 9 {
		t.Errorf("only %d keys found: the test no longer reads the template", keys)
	}
}
