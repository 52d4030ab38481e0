package smsconsent_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"
	"github.com/goccy/go-yaml"

	"smsconsent/shared/core/consent"
)

// What is tried in one environment changes nothing in another, and in production only after a yes.
func TestEachEnvironmentIsAStackOfItsOwn(t *testing.T) {
	raw, err := os.ReadFile("samconfig.toml")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, section := range regexp.MustCompile(`(?m)^\[`).Split(string(raw), -1)[1:] {
		name, rest, _ := strings.Cut(section, "]")
		sections[name] = rest
	}
	stacks := map[string]bool{}
	for _, environment := range []string{"dev", "prod"} {
		name := regexp.MustCompile(`stack_name = "([a-zA-Z][a-zA-Z0-9-]*)"`).FindStringSubmatch(sections[environment+".global.parameters"])
		if name == nil {
			t.Fatalf("%s has no stack", environment)
		}
		stacks[name[1]] = true
		if len(name[1]) > stackName {
			t.Errorf("the name of %s is too long", environment)
		}
		if !strings.Contains(sections[environment+".deploy.parameters"], `s3_prefix = "`+name[1]+`"`) {
			t.Errorf("the packages of %s lie with those of another", environment)
		}
	}
	if len(stacks) != 2 {
		t.Errorf("dev and prod are the stacks %v", stacks)
	}
	if !strings.Contains(sections["prod.deploy.parameters"], "confirm_changeset = true") {
		t.Error("production changes without a yes")
	}
	if sections["default.global.parameters"] != "" || sections["default.deploy.parameters"] != "" {
		t.Error("whoever names no environment deploys to one")
	}
}

// stackName is how long the name of a stack may be.
const stackName = 52

// Names grow with the stack's, and each service cuts them off at another length: CloudFormation would find out in the
// middle of a deployment.
func TestNamesFitTheLongestStackName(t *testing.T) {
	tpl := read(t)
	long := strings.Repeat("s", stackName)
	fits := func(what string, name any, most int) int {
		n := strings.ReplaceAll(fmt.Sprint(name), "${AWS::StackName}", long)
		n = strings.ReplaceAll(n, "AWS::StackName", long)
		if len(n) > most || len(n) < stackName || strings.Contains(n, "${") {
			t.Errorf("%s has %d characters, want at most %d: %v", what, len(n), most, name)
		}
		return len(n)
	}
	longest := 0
	for kind, named := range map[string]struct {
		property string
		most     int
	}{
		"AWS::Serverless::Function":       {"FunctionName", 64},
		"AWS::SQS::Queue":                 {"QueueName", 80},
		"AWS::SNS::Topic":                 {"TopicName", 256},
		"AWS::Events::EventBus":           {"Name", 256},
		"AWS::CloudWatch::Alarm":          {"AlarmName", 255},
		"AWS::Logs::LogGroup":             {"LogGroupName", 512},
		"AWS::Serverless::HttpApi":        {"Name", 128},
		"AWS::Scheduler::ScheduleGroup":   {"Name", 64},
		"AWS::SMSVOICE::ConfigurationSet": {"ConfigurationSetName", 64},
	} {
		ids := tpl.of(kind)
		if len(ids) == 0 {
			t.Errorf("no %s: the test no longer reads the template", kind)
		}
		for _, id := range ids {
			n := fits(id, tpl.Resources[id].at(named.property), named.most)
			if kind == "AWS::Serverless::Function" {
				longest = max(longest, n)
			}
		}
	}
	for _, id := range tpl.of("AWS::Serverless::Function") {
		all, _ := tpl.Resources[id].at("Events").(map[string]any)
		for name := range all {
			if tpl.Resources[id].at("Events", name, "Type") == "ScheduleV2" {
				fits(name, tpl.Resources[id].at("Events", name, "Properties", "Name"), 64)
			}
		}
	}
	if longest != 64 {
		t.Errorf("a function has %d characters of 64: stacks may be named longer than %d", longest, stackName)
	}
	page, err := os.ReadFile("docs/deploy.md")
	if err != nil || !strings.Contains(string(page), fmt.Sprintf("has %d characters at most", stackName)) {
		t.Errorf("docs/deploy.md does not say how long a stack's name may be: %v", err)
	}
}

// Receipts are run for what says what became of a text, and for all that does. AWS hands out no TEXT_SENT.
func TestOnlyWhatBecameOfATextIsAskedFor(t *testing.T) {
	set := read(t).Resources["ConfigurationSet"]
	asked := list(set.at("EventDestinations", 0, "MatchingEventTypes"))
	for _, e := range new(types.EventType).Values() {
		name := string(e)
		if !strings.HasPrefix(name, "TEXT_") {
			continue
		}
		fate, known := consent.FateOf(name)
		if want := known && !fate.Strange && fate.Status != ""; slices.Contains(asked, name) != want {
			t.Errorf("%s is asked for: %v, want %v", name, !want, want)
		}
	}
	if len(asked) < 10 {
		t.Errorf("asked for %v", asked)
	}
}

// A new version gets a tenth of the events first, and goes back when the function's errors ring. What a schedule or an
// event reaches by another name than the alias would be all on the new version at once.
func TestNewVersionsTakeOverByTheAlias(t *testing.T) {
	tpl := read(t)
	alias := tpl.Globals.Function.AutoPublishAlias
	if alias == "" {
		t.Fatal("functions have no alias")
	}
	for _, id := range tpl.of("AWS::Serverless::Function") {
		fn := tpl.Resources[id]
		own := strings.TrimSuffix(id, "Function") + "ErrorsAlarm"
		if fn.at("DeploymentPreference", "Type") != "Rollout" || !slices.Contains(list(fn.at("DeploymentPreference", "Alarms")), own) {
			t.Errorf("%s is rolled out by %v", id, fn.at("DeploymentPreference"))
		}
		variables, _ := fn.at("Environment", "Variables").(map[string]any)
		for name, value := range variables {
			if arn := fmt.Sprint(value); strings.Contains(arn, ":function:") && !strings.HasSuffix(arn, ":"+alias) {
				t.Errorf("%s of %s passes the alias by: %s", name, id, arn)
			}
		}
	}
	if !slices.Contains(list(tpl.Resources["InboundFunction"].at("DeploymentPreference", "Alarms")), "StopFailedAlarm") {
		t.Error("a version that fails on a STOP stays")
	}
	invoked := 0
	for _, s := range tpl.statements() {
		for _, r := range s.resources {
			if s.owner == "SchedulerRole" && strings.Contains(r, ":function:") {
				invoked++
				if !strings.HasSuffix(r, ":"+alias) {
					t.Errorf("schedules pass the alias by: %s", r)
				}
			}
		}
	}
	for _, setting := range strings.Fields(tpl.Outputs["CommandSettings"].Value) {
		if strings.Contains(setting, "Function.Arn}") && !strings.HasSuffix(setting, ":"+alias) {
			t.Errorf("the command passes the alias by: %s", setting)
		}
	}
	if invoked != 3 {
		t.Errorf("schedules invoke %d functions, want 3", invoked)
	}
}

// What identity.yaml connects, the functions hear; and who said STOP stays on the list whatever becomes of its stack.
func TestAnIdentityIsConnectedByItsTemplate(t *testing.T) {
	raw, err := os.ReadFile("identity.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var tpl struct {
		Resources map[string]resource `yaml:"Resources"`
	}
	if err := yaml.Unmarshal(raw, &tpl); err != nil {
		t.Fatal(err)
	}
	exported := fmt.Sprint(read(t).Outputs["InboundTopicArn"].Export["Name"])
	for id, r := range tpl.Resources {
		if r.DeletionPolicy != "Retain" || r.UpdatePolicy != "Retain" {
			t.Errorf("%s goes with its stack", id)
		}
		if r.Type == "AWS::SMSVOICE::OptOutList" {
			continue
		}
		if r.at("TwoWay", "Enabled") != true || r.at("SelfManagedOptOutsEnabled") != true || r.at("OptOutListName") != "List" {
			t.Errorf("%s is not connected: %v", id, r.Properties)
		}
		want := strings.ReplaceAll(exported, "AWS::StackName", "Stack")
		if got, _ := r.at("TwoWay", "ChannelArn").(map[string]any); got["Fn::Sub"] != want {
			t.Errorf("%s hands what people text to %v, want the export %s", id, r.at("TwoWay", "ChannelArn"), want)
		}
	}
	if len(tpl.Resources) != 3 {
		t.Errorf("%d resources, want a list, a pool and a number", len(tpl.Resources))
	}
}

// A stack on a restored table names its own nowhere, for it has none: CloudFormation would refuse it, or a function
// would go on with the lost table.
func TestARestoredTableTakesThePlaceOfTheStacksOwn(t *testing.T) {
	raw, err := os.ReadFile("template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var tpl map[string]any
	if err := yaml.Unmarshal(raw, &tpl); err != nil {
		t.Fatal(err)
	}
	own := regexp.MustCompile(`^Table(\.\w+)?$|\$\{Table\.\w+\}`)
	chosen := 0
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for key := range v {
				walk(path+"."+key, v[key])
			}
		case []any:
			if len(v) == 3 && v[0] == "OwnsTable" {
				if other := fmt.Sprint(v[2]); !strings.Contains(other, "ExistingTable") || own.MatchString(other) {
					t.Errorf("%s: instead of the stack's own stands %s", path, other)
				}
				chosen++
				return
			}
			for i := range v {
				walk(fmt.Sprintf("%s[%d]", path, i), v[i])
			}
		case string:
			if own.MatchString(v) {
				t.Errorf("%s names the stack's own table: %s", path, v)
			}
		}
	}
	walk("Resources", tpl["Resources"])
	walk("Outputs", tpl["Outputs"])
	walk("Globals", tpl["Globals"])
	if chosen < 40 {
		t.Errorf("only %d choices found: the test no longer reads the template", chosen)
	}
	resources, _ := tpl["Resources"].(map[string]any)
	if table, _ := resources["Table"].(map[string]any); table["Condition"] != "OwnsTable" {
		t.Error("a stack on a restored table makes one of its own")
	}
}
