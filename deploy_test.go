// Package smsconsent_test checks the files the product is deployed with: template.yaml, the Makefile that SAM builds by
// and the sample events.
package smsconsent_test

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/functions"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/testkit/wired"
)

// AWS's own two-way tutorial gives its function the right to write to every log of the account. Nothing here may touch
// what is not its own.
func TestPermissionsNameWhatTheyAreFor(t *testing.T) {
	tpl := read(t)
	ss := tpl.statements()
	if len(ss) < 20 {
		t.Fatalf("found only %d statements: the test no longer reads the template", len(ss))
	}
	for _, s := range ss {
		for _, a := range s.actions {
			if strings.Contains(a, "*") {
				t.Errorf("%s allows %s: name each action", s.owner, a)
			}
			if strings.HasPrefix(a, "logs:") && a != "logs:FilterLogEvents" && !slices.Equal(s.resources, []string{strings.TrimSuffix(s.owner, "Role") + "Log.Arn"}) {
				t.Errorf("%s writes logs to %v, want its own log group only", s.owner, s.resources)
			}
		}
		if slices.Equal(s.actions, ofTheAccount()) {
			continue
		}
		// Traces belong to nothing that a permission could name.
		traces := s.owner == "TracingPolicy" && slices.Equal(s.actions, []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords"})
		if !traces && (len(s.resources) == 0 || slices.Contains(s.resources, "*")) {
			t.Errorf("%s allows %v on everything", s.owner, s.actions)
		}
	}
	for _, id := range tpl.of("AWS::Serverless::Function") {
		fn := tpl.Resources[id]
		if want := strings.TrimSuffix(id, "Function") + "Role.Arn"; fn.at("Role") != want {
			t.Errorf("%s has role %v, want %s: the role SAM makes may write to every log group", id, fn.at("Role"), want)
		}
	}
}

// ofTheAccount is what is read of an account as a whole, for which IAM knows no resource.
func ofTheAccount() []string {
	return []string{
		"sms-voice:DescribeSpendLimits", "sms-voice:DescribeAccountAttributes", "sms-voice:DescribeAccountLimits", "lambda:GetAccountSettings",
	}
}

// The preference page ends consent and never brings any back, so it may put numbers on AWS's opt-out lists and take
// none off: that is for who hears a START, and for the follow-up. And only who makes or opens links may read their key.
func TestThePreferencePageMayDoNoMoreThanItDoes(t *testing.T) {
	tpl := read(t)
	for _, s := range tpl.statements() {
		may := slices.Contains([]string{"OptOutListPolicy", "PreferencesRole"}, s.owner)
		if slices.Contains(s.actions, "sms-voice:PutOptedOutNumber") != (may && strings.Contains(fmt.Sprint(s.resources), "opt-out-list")) {
			t.Errorf("%s may %v on %v", s.owner, s.actions, s.resources)
		}
		if s.owner != "OptOutListPolicy" && slices.Contains(s.actions, "sms-voice:DeleteOptedOutNumber") {
			t.Errorf("%s may take numbers off an opt-out list", s.owner)
		}
		for key, owner := range map[string]string{"${Path}/link-key": "LinkPolicy", "${Path}/short-link-key": "ShortLinkPolicy"} {
			if strings.Contains(fmt.Sprint(s.resources, s.condition), key) != (s.owner == owner) {
				t.Errorf("%s reads the key of %s, or does not", s.owner, key)
			}
		}
	}
	for _, id := range tpl.of("AWS::IAM::Role") {
		lifts := slices.Contains(list(tpl.Resources[id].at("ManagedPolicyArns")), "OptOutListPolicy")
		if want := slices.Contains([]string{"InboundRole", "AuditRole"}, id); lifts != want {
			t.Errorf("%s may take numbers off an opt-out list = %v, want %v", id, lifts, want)
		}
		reads := slices.Contains(list(tpl.Resources[id].at("ManagedPolicyArns")), "LinkPolicy")
		if want := slices.Contains([]string{"InboundRole", "PreferencesRole"}, id); reads != want {
			t.Errorf("%s may read the key of links = %v, want %v", id, reads, want)
		}
		// Who answers the internet with short links cannot open a page in somebody's name, and the other way round.
		reads = slices.Contains(list(tpl.Resources[id].at("ManagedPolicyArns")), "ShortLinkPolicy")
		if want := slices.Contains([]string{"SendcheckRole", "LinkRole"}, id); reads != want {
			t.Errorf("%s may read the key of short links = %v, want %v", id, reads, want)
		}
	}
}

// I1 and I3 rest on there being one door out: who cannot send must not hold the permission to.
func TestOnlyFunctionsWithAnOutboxMaySend(t *testing.T) {
	tpl := read(t)
	for _, s := range tpl.statements() {
		if slices.Contains(s.actions, "sms-voice:SendTextMessage") && s.owner != "OutboxPolicy" {
			t.Errorf("%s may send texts by itself", s.owner)
		}
	}
	for _, id := range tpl.of("AWS::IAM::Role") {
		sends := slices.Contains(list(tpl.Resources[id].at("ManagedPolicyArns")), "OutboxPolicy")
		want := slices.Contains([]string{"OptInRole", "InboundRole", "SendcheckRole", "AuditRole", "PreferencesRole", "TextsRole"}, id)
		if sends != want {
			t.Errorf("%s may send = %v, want %v", id, sends, want)
		}
	}
	for _, s := range tpl.statements() {
		for _, a := range s.actions {
			if s.owner == "RecordsRole" && strings.HasPrefix(a, "dynamodb:") && a != "dynamodb:Query" {
				t.Errorf("the records function may %s; it only reads", a)
			}
		}
	}
}

// I3: a text is put on record for its sender once the sender can't be running any more.
func TestNobodySendsForLongerThanATextIsWaitedFor(t *testing.T) {
	tpl := read(t)
	for _, id := range tpl.of("AWS::Serverless::Function") {
		if ran := time.Duration(tpl.Resources[id].number("Timeout")) * time.Second; ran <= 0 || ran >= outbox.LostAfter {
			t.Errorf("%s may run for %s, and after %s its texts count as lost", id, ran, outbox.LostAfter)
		}
	}
}

// The table is the proof of every consent.
func TestTableOutlivesTheStack(t *testing.T) {
	table := read(t).Resources["Table"]
	if table.DeletionPolicy != "Retain" || table.UpdatePolicy != "Retain" {
		t.Errorf("policies are %q and %q, want Retain", table.DeletionPolicy, table.UpdatePolicy)
	}
	for _, path := range [][]any{
		{"DeletionProtectionEnabled"},
		{"PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"},
		{"SSESpecification", "SSEEnabled"},
		{"TimeToLiveSpecification", "Enabled"},
	} {
		if table.at(path...) != true {
			t.Errorf("%v is %v, want true", path, table.at(path...))
		}
	}
	if mode := table.at("BillingMode"); mode != "PAY_PER_REQUEST" {
		t.Errorf("billing mode %v", mode)
	}
}

// What audits found is kept where nobody reads it who may not: no public access, no way but TLS, encrypted; and it
// outlives the stack.
func TestReportsAreKeptPrivately(t *testing.T) {
	tpl := read(t)
	b := tpl.Resources["ReportsBucket"]
	if b.DeletionPolicy != "Retain" || b.UpdatePolicy != "Retain" {
		t.Errorf("deleting the stack deletes the reports: %s, %s", b.DeletionPolicy, b.UpdatePolicy)
	}
	for _, open := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
		if b.at("PublicAccessBlockConfiguration", open) != true {
			t.Errorf("%s is not set", open)
		}
	}
	sse := b.at("BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault", "SSEAlgorithm")
	if sse != "AES256" || b.at("LifecycleConfiguration", "Rules", 0, "Status") != "Enabled" {
		t.Errorf("encrypted by %v, lifecycle %v", sse, b.at("LifecycleConfiguration"))
	}
	deny, _ := tpl.Resources["ReportsBucketPolicy"].at("PolicyDocument", "Statement", 0).(map[string]any)
	want := map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}}
	if deny["Effect"] != "Deny" || deny["Principal"] != "*" || deny["Action"] != "s3:*" || !reflect.DeepEqual(deny["Condition"], want) {
		t.Errorf("without TLS: %v", deny)
	}
	if settings := tpl.Outputs["CommandSettings"].Value; !strings.Contains(settings, " REPORTS_BUCKET=${ReportsBucket} ") {
		t.Errorf("the command is not told where reports are: %s", settings)
	}
}

// A job that comes back while its first run still works would be walked twice at once (AWS asks for six times the
// function's time-out), and one that keeps failing must end where somebody sees it.
func TestQueuesOutlastTheirFunctions(t *testing.T) {
	tpl := read(t)
	triggers := 0
	for _, id := range tpl.of("AWS::Serverless::Function") {
		fn := tpl.Resources[id]
		all, _ := fn.at("Events").(map[string]any)
		for name := range all {
			if fn.at("Events", name, "Type") != "SQS" {
				continue
			}
			triggers++
			queue := strings.TrimSuffix(fmt.Sprint(fn.at("Events", name, "Properties", "Queue")), ".Arn")
			q := tpl.Resources[queue]
			if visible, timeout := q.number("VisibilityTimeout"), fn.number("Timeout"); visible < 6*timeout || timeout <= 0 {
				t.Errorf("%s is hidden for %d s, want at least 6 × %d s of %s", queue, visible, timeout, id)
			}
			if !slices.Contains(list(fn.at("Events", name, "Properties", "FunctionResponseTypes")), "ReportBatchItemFailures") {
				t.Errorf("%s %s fails whole batches", id, name)
			}
			dead := strings.TrimSuffix(fmt.Sprint(q.at("RedrivePolicy", "deadLetterTargetArn")), ".Arn")
			if tpl.Resources[dead].Type != "AWS::SQS::Queue" {
				t.Errorf("%s has no dead-letter queue", queue)
			}
		}
	}
	if triggers != 4 {
		t.Errorf("%d functions are fed by queues, want 4", triggers)
	}
}

// Records are personal data: only who signs with IAM may read them, or tell who asked without a CAPTCHA. The sign-up
// form is for everybody, and a preference page for whoever holds its link.
func TestRoutes(t *testing.T) {
	tpl := read(t)
	got := map[string]string{}
	for _, id := range tpl.of("AWS::Serverless::Function") {
		fn := tpl.Resources[id]
		all, _ := fn.at("Events").(map[string]any)
		for name := range all {
			if fn.at("Events", name, "Type") == "HttpApi" {
				p := func(key ...any) string {
					return fmt.Sprint(fn.at(append([]any{"Events", name, "Properties"}, key...)...))
				}
				got[p("Method")+" "+p("Path")] = id + " " + p("Auth", "Authorizer")
			}
		}
	}
	want := map[string]string{
		"GET /opt-in":                    "OptInFunction <nil>",
		"GET /opt-in/challenge":          "OptInFunction <nil>",
		"POST /opt-in":                   "OptInFunction <nil>",
		"GET /opt-in/disclosure":         "OptInFunction <nil>",
		"GET /opt-in/assets/{name}":      "OptInFunction <nil>",
		"OPTIONS /opt-in":                "OptInFunction <nil>",
		"OPTIONS /opt-in/challenge":      "OptInFunction <nil>",
		"OPTIONS /opt-in/disclosure":     "OptInFunction <nil>",
		"GET /records/{phone}":           "RecordsFunction AWS_IAM",
		"GET /preferences":               "PreferencesFunction <nil>",
		"POST /preferences":              "PreferencesFunction <nil>",
		"GET /preferences/assets/{file}": "PreferencesFunction <nil>",
		"POST /requests":                 "OptInFunction AWS_IAM",
		"GET /l/{id}":                    "LinkFunction <nil>",
		"HEAD /l/{id}":                   "LinkFunction <nil>",
		"POST /texts":                    "TextsFunction AWS_IAM",
		"POST /may":                      "TextsFunction AWS_IAM",
		"GET /may/{id}":                  "TextsFunction AWS_IAM",
		"DELETE /texts/{id}":             "TextsFunction AWS_IAM",
		"POST /touches":                  "ChannelsFunction AWS_IAM",
		"POST /engagements":              "ChannelsFunction AWS_IAM",
		"POST /optouts":                  "ChannelsFunction AWS_IAM",
		"POST /attributes":               "ChannelsFunction AWS_IAM",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("routes:\n got %v\nwant %v", got, want)
	}
	api := tpl.Resources["Api"]
	for route := range want {
		if n := api.number("RouteSettings", route, "ThrottlingRateLimit"); strings.HasPrefix(route, "POST ") && n <= 0 {
			t.Errorf("%s is not throttled", route)
		}
	}
}

// I10: the path of a records request holds a phone number.
func TestAccessLogHoldsNoPhoneNumber(t *testing.T) {
	format := fmt.Sprint(read(t).Resources["Api"].at("AccessLogSettings", "Format"))
	var fields map[string]string
	if err := json.Unmarshal([]byte(format), &fields); err != nil {
		t.Fatalf("access log is not JSON: %v", err)
	}
	allowed := []string{"$context.requestId", "$context.requestTime", "$context.routeKey", "$context.status", "$context.responseLatency"}
	for name, v := range fields {
		if !slices.Contains(allowed, v) {
			t.Errorf("%s logs %s", name, v)
		}
	}
}

func TestSAMFindsABuildOfEachFunction(t *testing.T) {
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	tpl := read(t)
	for _, id := range tpl.of("AWS::Serverless::Function") {
		m := regexp.MustCompile(`(?m)^build-` + id + `: folder = ([a-z]+)$`).FindSubmatch(makefile)
		if m == nil {
			t.Errorf("Makefile has no target build-%s", id)
			continue
		}
		if want := "${AWS::StackName}-" + string(m[1]); tpl.Resources[id].at("FunctionName") != want {
			t.Errorf("%s is named %v, want %s", id, tpl.Resources[id].at("FunctionName"), want)
		}
		if want := strings.ToLower(strings.TrimSuffix(id, "Function")); string(m[1]) != want {
			t.Errorf("build-%s builds %s, want %s", id, m[1], want)
		}
	}
}

// variables is the names of the environment variables that a function is given, by itself or with all others.
func (tpl template) variables(id string) map[string]bool {
	given := map[string]bool{}
	own, _ := tpl.Resources[id].at("Environment", "Variables").(map[string]any)
	for _, vars := range []map[string]any{own, tpl.Globals.Function.Environment.Variables} {
		for name := range vars {
			given[name] = true
		}
	}
	return given
}

// A function is given every variable it reads and none it does not. Without one that it cannot do without it refuses to
// start and says which, for that would else show at its first event.
func TestFunctionsAreGivenTheVariablesTheyRead(t *testing.T) {
	// What a function can do without: an address to show, where to keep what a schedule cannot start, a bus on which phone
	// numbers are told, and a CDN before the API.
	optional := []string{"PREFERENCES_URL", "FAILED_EVENTS_ARN", "PHONES_BUS_NAME", "EDGE_SECRET_PARAMETER"}
	tpl := read(t)
	for _, f := range functions.All() {
		given, asked := tpl.variables(tpl.function(t, f.Name)), map[string]bool{}
		open := func(without string) error {
			d := wired.Stack(t)
			d.Getenv = func(variable string) string {
				asked[variable] = true
				if variable == without {
					return ""
				}
				return strings.ToLower(variable)
			}
			d.Tell(io.Discard)
			_, err := wiring.Open(t.Context(), d, f.Wire)
			return err
		}
		if err := open(""); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		for variable := range asked {
			if !given[variable] && !slices.Contains(optional, variable) {
				t.Errorf("%s reads %s, which it is not given", f.Name, variable)
			}
			err := open(variable)
			switch named := err != nil && strings.Contains(err.Error(), variable+" is not set"); {
			case slices.Contains(optional, variable), f.Name == "inbound" && variable == "LINK_KEY_PARAMETER":
				// A STOP must not wait for the key of a page.
				if err != nil {
					t.Errorf("%s without %s: %v", f.Name, variable, err)
				}
			case !named:
				t.Errorf("%s without %s: %v", f.Name, variable, err)
			}
		}
		for variable := range given {
			// The secret of another provider is read where programs.yaml names one. All functions are given the table's name,
			// and one hears only what its stream says; the ledger's key, and nothing lets link read it.
			unread := variable == "CAPTCHA_SECRET_PARAMETER" || f.Name == "stream" && variable == "TABLE_NAME" ||
				f.Name == "link" && variable == "LEDGER_KEY_PARAMETER"
			if !asked[variable] && !unread {
				t.Errorf("%s is given %s, which it never reads", f.Name, variable)
			}
		}
	}
}
