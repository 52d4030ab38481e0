package smsconsent_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smsconsent/functions"
)

// services are the prefixes of actions by the names that AWS's SDK gives services. DynamoDB's are held to each role's
// partitions by TestFunctionsMayDoWithTheTableWhatTheyDo, and keys by TestFunctionsMayReadTheKeysTheyAreGiven.
var services = map[string]string{
	"Pinpoint SMS Voice V2": "sms-voice", "SQS": "sqs", "Scheduler": "scheduler", "SNS": "sns", "S3": "s3", "EventBridge": "events",
}

// actionOf is the permission that a call needs, where it is not named as the call.
var actionOf = map[string]string{
	"sqs:SendMessageBatch": "sqs:SendMessage", "s3:ListObjectsV2": "s3:ListBucket", "s3:HeadObject": "s3:GetObject",
}

// calledBy is what each function called over the tests of the local stack, as permissions.
func calledBy(t *testing.T) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile("local/testdata/calls.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(raw)) {
		function, call, _ := strings.Cut(strings.TrimSpace(line), " ")
		service, operation := call[:strings.LastIndexByte(call, ' ')], call[strings.LastIndexByte(call, ' ')+1:]
		if service == "DynamoDB" {
			continue
		}
		prefix, known := services[service]
		if !known {
			t.Errorf("%s calls %s, of which this test knows nothing", function, service)
		}
		action := prefix + ":" + operation
		if needs, other := actionOf[action]; other {
			action = needs
		}
		if !slices.Contains(all[function], action) {
			all[function] = append(all[function], action)
		}
	}
	return all
}

// ofAWS is what a role allows for what AWS does in its name: to write logs, hand over events, decrypt and schedule.
var ofAWS = regexp.MustCompile(
	`^(logs|kms|dynamodb|xray|ssm):|^iam:PassRole$|^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes)$`,
)

// Whatever a function calls over all tests of the local stack, its role allows; and what its role allows, it calls
// there, but for what only a failure has it do.
func TestFunctionsMayCallWhatTheyCall(t *testing.T) {
	// By function and action, when it is called for. Tests of inbound, audit and the outbox have it happen.
	onlyOnFailure := map[string]string{
		"inbound sms-voice:PutOptedOutNumber":       "the table takes no STOP, or one comes again an hour after it was said",
		"inbound sms-voice:DescribeOptedOutNumbers": "a START comes again that the list does not know of",
		"preferences sms-voice:PutOptedOutNumber":   "the table does not take a stop of everything",
		"audit sms-voice:DeleteOptedOutNumber":      "inbound was ended between a START and the list",
	}
	tpl, calls := read(t), calledBy(t)
	for _, f := range functions.All() {
		role := strings.TrimSuffix(tpl.function(t, f.Name), "Function") + "Role"
		owners := append(list(tpl.Resources[role].at("ManagedPolicyArns")), role)
		allowed := map[string]bool{}
		for _, s := range tpl.statements() {
			for _, action := range s.actions {
				kept := action == "sqs:SendMessage" && slices.Equal(s.resources, []string{"FailedEvents.Arn"})
				if kept && tpl.Resources[tpl.function(t, f.Name)].at("EventInvokeConfig", "DestinationConfig", "OnFailure") != nil {
					continue // Lambda keeps there what the function fails on
				}
				if slices.Contains(owners, s.owner) && !ofAWS.MatchString(action) {
					allowed[action] = true
				}
			}
		}
		for _, action := range calls[f.Name] {
			if !allowed[action] {
				t.Errorf("%s may not %s, and does", f.Name, action)
			}
		}
		for _, action := range slices.Sorted(maps.Keys(allowed)) {
			why, rare := onlyOnFailure[f.Name+" "+action]
			if called := slices.Contains(calls[f.Name], action); called == rare {
				t.Errorf("%s may %s: called %v, and only on failure: %q", f.Name, action, called, why)
			}
		}
	}
	if len(calls) < 8 {
		t.Errorf("only %d functions call anything but the table", len(calls))
	}
}

// A function may read the keys it is given the names of, at once, and no other.
func TestFunctionsMayReadTheKeysTheyAreGiven(t *testing.T) {
	tpl := read(t)
	name := regexp.MustCompile(`\$\{Path\}/([a-z-]+)`)
	for _, f := range functions.All() {
		id := tpl.function(t, f.Name)
		given, readable := map[string]bool{}, map[string]bool{}
		own, _ := tpl.Resources[id].at("Environment", "Variables").(map[string]any)
		variables := maps.Clone(tpl.Globals.Function.Environment.Variables)
		maps.Copy(variables, own)
		for variable, value := range variables {
			if m := name.FindStringSubmatch(fmt.Sprint(value)); m != nil && strings.HasSuffix(variable, "_PARAMETER") {
				given[m[1]] = true
			}
		}
		role := strings.TrimSuffix(id, "Function") + "Role"
		owners := append(list(tpl.Resources[role].at("ManagedPolicyArns")), role)
		for _, s := range tpl.statements() {
			if !slices.Contains(owners, s.owner) || !slices.Contains(s.actions, "ssm:GetParameters") {
				continue
			}
			for _, m := range name.FindAllStringSubmatch(fmt.Sprint(s.resources), -1) {
				readable[m[1]] = true
			}
		}
		if !maps.Equal(given, readable) {
			t.Errorf("%s is given %v, and may read %v", f.Name, slices.Sorted(maps.Keys(given)), slices.Sorted(maps.Keys(readable)))
		}
	}
}
