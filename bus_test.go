package smsconsent_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/fact"
)

// The stream tells of everybody, so it is the stream function that reads it and nobody else; and only that function
// puts events on the buses in our name.
func TestTheStreamIsReadByItsFunctionOnly(t *testing.T) {
	tpl := read(t)
	reads, puts := []string{}, []string{}
	for _, s := range tpl.statements() {
		for _, action := range s.actions {
			switch action {
			case "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams":
				reads = append(reads, s.owner+" "+action+" "+strings.Join(s.resources, " "))
			case "events:PutEvents":
				puts = append(puts, s.owner+" "+strings.Join(s.resources, " "))
			}
		}
	}
	slices.Sort(reads)
	want := []string{
		"StreamRole dynamodb:DescribeStream Table.StreamArn", "StreamRole dynamodb:GetRecords Table.StreamArn",
		"StreamRole dynamodb:GetShardIterator Table.StreamArn", "StreamRole dynamodb:ListStreams ${Table.Arn}/stream/*",
	}
	if !slices.Equal(reads, want) {
		t.Errorf("the stream is read by %q, want %q", reads, want)
	}
	slices.Sort(puts)
	if want := []string{"ChannelsPolicy Bus.Arn", "StreamRole PutsPhonesOnBus Bus.Arn PhonesBus.Arn Bus.Arn", "TextsPolicy Bus.Arn"}; !slices.Equal(puts, want) {
		t.Errorf("events are put by %q, want %q", puts, want)
	}
}

// Nothing is dropped in silence: what the function fails on comes again for as long as the stream keeps it, and is then
// told of where an alarm goes off.
func TestTheStreamGivesUpNothingInSilence(t *testing.T) {
	r := read(t).Resources["StreamFunction"]
	p := func(path ...any) any { return r.at(append([]any{"Events", "Written", "Properties"}, path...)...) }
	if got := fmt.Sprint(p("DestinationConfig", "OnFailure", "Destination")); got != "FailedEvents.Arn" {
		t.Errorf("what is given up goes to %s", got)
	}
	if p("BisectBatchOnFunctionError") != true || fmt.Sprint(p("FunctionResponseTypes")) != "[ReportBatchItemFailures]" {
		t.Error("one bad record takes its whole batch with it")
	}
	if fmt.Sprint(p("MaximumRetryAttempts")) != "-1" || fmt.Sprint(p("MaximumRecordAgeInSeconds")) != "79200" {
		t.Errorf("gives up after %v tries or %v s", p("MaximumRetryAttempts"), p("MaximumRecordAgeInSeconds"))
	}
	if fmt.Sprint(p("StartingPosition")) != "TRIM_HORIZON" {
		t.Error("what is written while the stack is made is not told")
	}
	if view := read(t).Resources["Table"].at("StreamSpecification", "StreamViewType"); view != "NEW_IMAGE" {
		t.Errorf("the stream shows %v", view)
	}
}

// eventTypes is every type of event the ledger has, as its source says.
func eventTypes(t *testing.T) []consent.EventType {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "shared/core/consent/ledger.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []consent.EventType
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
			named, _ := v.Type.(*ast.Ident)
			if named != nil && named.Name == "EventType" {
				text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, consent.EventType(text))
			}
		}
		return true
	})
	if len(all) < 13 {
		t.Fatalf("the ledger has %d types of event: the test no longer reads it", len(all))
	}
	return all
}

// The filter lets through what there are facts of, and nothing else: a record that is let through for nothing costs a
// run of the function, and one that is kept back is news that nobody hears.
func TestTheStreamsFilterKnowsTheFacts(t *testing.T) {
	filters, _ := read(t).Resources["StreamFunction"].at("Events", "Written", "Properties", "FilterCriteria", "Filters").([]any)
	type pattern struct {
		EventName []string `json:"eventName"`
		DynamoDB  struct {
			Keys struct {
				SK struct {
					S []map[string]string
				} `json:"sk"`
			}
			NewImage struct {
				Type struct {
					S []map[string][]consent.EventType
				} `json:"type"`
			}
		} `json:"dynamodb"`
	}
	var got []pattern
	for _, f := range filters {
		got = append(got, strictly[pattern](t, []byte(f.(map[string]any)["Pattern"].(string))))
	}
	if len(got) != 2 || got[0].DynamoDB.Keys.SK.S[0]["prefix"] != "EVENT#" || got[1].DynamoDB.Keys.SK.S[0]["prefix"] != "MESSAGE#" {
		t.Fatalf("filters %+v", got)
	}
	if !slices.Equal(got[1].EventName, []string{"INSERT", "MODIFY"}) {
		t.Errorf("texts are told of on %v; what was unconfirmed and is known now is news too", got[1].EventName)
	}
	kept := got[0].DynamoDB.NewImage.Type.S[0]["anything-but"]
	for _, kind := range eventTypes(t) {
		told := fact.OfEvent(fact.Person{}, &consent.Event{Type: kind, At: time.Unix(1, 0)}).Type != ""
		if told == slices.Contains(kept, kind) {
			t.Errorf("an event %q is a fact: %v, and the filter keeps back %v", kind, told, kept)
		}
	}
}

// What others tell by the bus is heard in their own name only, else an opt-out of ours that came back would be told on
// for ever; and what cannot be handed to the function is kept.
func TestTheBusHearsOthersOnly(t *testing.T) {
	tpl := read(t)
	rule := resource{Properties: tpl.Resources["ChannelsFunction"].at("Events", "Told").(map[string]any)}
	if rule.at("Type") != "EventBridgeRule" || rule.at("Properties", "EventBusName") != "Bus" {
		t.Errorf("the rule is %v", rule.Properties)
	}
	if got := fmt.Sprint(rule.at("Properties", "Pattern")); got != "map[detail-type:[smsconsent.touch smsconsent.engagement "+
		"smsconsent.optout smsconsent.attributes] source:[map[anything-but:"+fact.Source+"]]]" {
		t.Errorf("the rule matches %s", got)
	}
	if rule.at("Properties", "DeadLetterConfig", "Arn") != "FailedEvents.Arn" {
		t.Error("what the rule cannot hand over is lost")
	}
	if tpl.Resources["ChannelsFunction"].at("EventInvokeConfig", "DestinationConfig", "OnFailure", "Destination") != "FailedEvents.Arn" {
		t.Error("what the function fails on is lost")
	}
	if policy := fmt.Sprint(tpl.Resources["FailedEventsPolicy"].at("PolicyDocument")); !strings.Contains(policy, "events.amazonaws.com") {
		t.Error("the bus may not write to the queue of failed events")
	}
	for _, s := range tpl.statements() {
		if s.owner == "ChannelsPolicy" && slices.Contains(s.actions, "events:PutEvents") &&
			!strings.Contains(fmt.Sprint(s.condition), "StringNotEquals:map[events:source:"+fact.Source+"]") {
			t.Errorf("who tells may do so in our name: %v", s.condition)
		}
	}
}
