package smsconsent_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// Who runs the command line schedules texts and reads what audits found; the ledger, people's consent and the door out
// are none of its business.
func TestOperatorsWriteCampaignsOnly(t *testing.T) {
	tpl := read(t)
	campaigns := map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{"CAMPAIGN#*", "CAMPAIGNS", "ALIKE#*"}}}
	clicks := map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{"CLICKS#*"}}}
	replies := map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{"REPLIES#*"}}}
	programs := map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{"POLICY"}}}
	approvals := map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{"APPROVAL#*"}}}
	contacts := map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{"CONTACT#*"}}}
	figures := map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{"AUDIT#*"}}}
	audits := map[string]any{"StringLike": map[string]any{"s3:prefix": "audits/*"}}
	passed := map[string]any{"StringEquals": map[string]any{"iam:PassedToService": "scheduler.amazonaws.com"}}
	want := []statement{
		{"OperatorPolicy", []string{"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"}, []string{"Table.Arn"}, campaigns},
		{"OperatorPolicy", []string{"dynamodb:Query"}, []string{"Table.Arn"}, clicks},
		{"OperatorPolicy", []string{"dynamodb:Query", "dynamodb:PutItem", "dynamodb:UpdateItem"}, []string{"Table.Arn"}, replies},
		{"OperatorPolicy", []string{"dynamodb:GetItem", "dynamodb:Query"}, []string{"Table.Arn"}, programs},
		{"OperatorPolicy", []string{"dynamodb:GetItem"}, []string{"Table.Arn"}, approvals},
		{"OperatorPolicy", []string{"dynamodb:GetItem", "dynamodb:BatchGetItem"}, []string{"Table.Arn"}, contacts},
		{"OperatorPolicy", []string{"dynamodb:Query"}, []string{"${Table.Arn}/index/audience"}, nil},
		{"OperatorPolicy", []string{"dynamodb:Query"}, []string{"Table.Arn"}, figures},
		{"OperatorPolicy", []string{"scheduler:CreateSchedule"}, []string{
			"arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/${ScheduleGroup}/campaign-*",
			"arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule/${ScheduleGroup}/audit-run-*",
		}, nil},
		{"OperatorPolicy", []string{"iam:PassRole"}, []string{"SchedulerRole.Arn"}, passed},
		{"OperatorPolicy", []string{"s3:GetObject"}, []string{"${ReportsBucket.Arn}/audits/*"}, nil},
		{"OperatorPolicy", []string{"s3:ListBucket"}, []string{"ReportsBucket.Arn"}, audits},
		{"OperatorPolicy", []string{"lambda:GetFunctionConfiguration"}, []string{"arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-*"}, nil},
		{"OperatorPolicy", []string{"cloudwatch:DescribeAlarms"}, []string{"arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*"}, nil},
		{"OperatorPolicy", []string{"cloudformation:DescribeStacks"}, []string{"arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/${AWS::StackName}/*"}, nil},
	}
	var got []statement
	for _, s := range tpl.statements() {
		if s.owner == "OperatorPolicy" {
			got = append(got, s)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("operators may\n%v, want\n%v", got, want)
	}
	if tpl.Outputs["OperatorPolicyArn"].Value != "OperatorPolicy" {
		t.Error("the stack does not say what the policy is called")
	}
}

// Whoever imports tells who asked, through the one route that has each of them asked to confirm; nothing else is in
// their reach.
func TestImportersPostRequestsOnly(t *testing.T) {
	tpl := read(t)
	want := []statement{{"ImportPolicy", []string{"execute-api:Invoke"}, []string{"arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/$default/POST/requests"}, nil}}
	got := slices.DeleteFunc(tpl.statements(), func(s statement) bool { return s.owner != "ImportPolicy" })
	if !reflect.DeepEqual(got, want) {
		t.Errorf("importers may\n%v, want\n%v", got, want)
	}
	if tpl.Outputs["ImportPolicyArn"].Value != "ImportPolicy" {
		t.Error("the stack does not say what the policy is called")
	}
	if settings := tpl.Outputs["CommandSettings"].Value; !strings.Contains(settings, " API_URL=https://${Api}.") {
		t.Errorf("the command is not told where to post requests: %s", settings)
	}
}

// call is one action on the table with the partition keys it names.
type call struct {
	action string
	keys   []string
}

// asked is a store that keeps what it was asked for, as IAM takes it: a transaction is its parts, and an index is not
// the table.
type asked struct {
	dynamotest.Store
	client dynamodb.HTTPClient
	calls  []call
	deaf   bool // keeps nothing
}

func newAsked(t *testing.T) *asked {
	t.Helper()
	var stores dynamotest.Stores
	a := &asked{Store: stores.Memory(t)}
	o := a.Client.Options()
	a.client, o.HTTPClient, o.APIOptions = o.HTTPClient, a, nil // over the wire
	a.Client = dynamodb.New(o)
	return a
}

func (a *asked) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var in map[string]any
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch parts, _ := in["TransactItems"].([]any); {
	case a.deaf:
	case parts != nil:
		for _, p := range parts {
			for kind, part := range p.(map[string]any) {
				a.calls = append(a.calls, call{kind + "Item", partitions(part)})
			}
		}
	case in["IndexName"] != nil:
		a.calls = append(a.calls, call{action, []string{fmt.Sprint("index/", in["IndexName"])}})
	default:
		a.calls = append(a.calls, call{action, partitions(in)})
	}
	return a.client.Do(r)
}

// partitions finds every partition key in a request: of an item, of a key and of a key condition.
func partitions(v any) []string {
	var found []string
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			found = append(found, partitions(e)...)
		}
	case map[string]any:
		for name, e := range v {
			value, _ := e.(map[string]any)
			if text, ok := value["S"].(string); ok && (name == "pk" || name == ":pk") {
				found = append(found, text)
			} else {
				found = append(found, partitions(e)...)
			}
		}
	}
	return found
}

// writing is every action by which an item is written.
var writing = []string{
	"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem", "dynamodb:PartiQLInsert",
	"dynamodb:PartiQLUpdate", "dynamodb:PartiQLDelete", "dynamodb:ImportTable",
}

// writes returns the partitions of the table that a policy lets somebody write, as patterns.
func (tpl template) writes(owner string) (patterns []string) {
	for _, s := range tpl.statements() {
		if s.owner != owner || !slices.ContainsFunc(s.actions, func(a string) bool {
			return strings.HasPrefix(a, "dynamodb:") && strings.ContainsAny(a, "*") || slices.Contains(writing, a)
		}) {
			continue
		}
		condition, _ := s.condition.(map[string]any)
		like, _ := condition["ForAllValues:StringLike"].(map[string]any)
		if keys := list(like["dynamodb:LeadingKeys"]); len(keys) > 0 {
			patterns = append(patterns, keys...)
		} else {
			patterns = append(patterns, "*")
		}
	}
	return patterns
}

// Who makes campaigns approves none, and who approves makes none: it is IAM that parts them.
func TestWhoMakesCampaignsApprovesNone(t *testing.T) {
	tpl := read(t)
	if got, want := tpl.writes("ApproverPolicy"), []string{"APPROVAL#*"}; !slices.Equal(got, want) {
		t.Errorf("approvers write %v, want %v", got, want)
	}
	if got, want := tpl.writes("OperatorPolicy"), []string{"CAMPAIGN#*", "CAMPAIGNS", "ALIKE#*", "REPLIES#*"}; !slices.Equal(got, want) {
		t.Errorf("operators write %v, want %v", got, want)
	}
	for id := range tpl.Resources {
		for _, pattern := range tpl.writes(id) {
			if ok, _ := path.Match(pattern, "APPROVAL#x"); (ok || pattern == "*") && id != "ApproverPolicy" {
				t.Errorf("%s may write approvals", id)
			}
		}
	}
	if tpl.Outputs["ApproverPolicyArn"].Value != "ApproverPolicy" {
		t.Error("the stack does not say what the policy is called")
	}
	db := newAsked(t)
	tab := table.New(db.Client, db.Table, consent.Ledger{})
	_ = tab.Approve(t.Context(), "x", campaign.Approval{By: "ben"})
	_, _ = tab.Approval(t.Context(), "x")
	for _, c := range db.calls {
		if !slices.Equal(c.keys, []string{"APPROVAL#x"}) {
			t.Errorf("approving does %s of %v", c.action, c.keys)
		}
	}
}

// What replies and the console do with replies is in the reach of operators; of functions only the one that hears
// people lists any.
func TestWhoListsRepliesAndReadsThem(t *testing.T) {
	tpl := read(t)
	for id := range tpl.Resources {
		if writes := slices.Contains(tpl.writes(id), "REPLIES#*"); writes != (id == "OperatorPolicy" || id == "InboundRole") {
			t.Errorf("%s may write replies: %t", id, writes)
		}
	}
	tr := newTrial(t)
	tr.try("Hear", false)
	tr.calls = nil
	listed, _, err := tr.tab.Replies(t.Context(), "example", false, 9, tr.now)
	if err != nil || len(listed) != 1 {
		t.Fatalf("%+v, %v", listed, err)
	}
	tr.must(tr.tab.MarkRead(t.Context(), &listed[0], "ana", tr.now))
	tr.must(tr.tab.RecordReplyNumbersRequest(t.Context(), "example", table.NumbersRequest{By: "ana", At: tr.now}))
	may := tpl.may("OperatorPolicy")
	for _, c := range tr.calls {
		for _, key := range c.keys {
			kind, _, _ := strings.Cut(key, "#")
			if !may[c.action+" "+kind+"#*"] {
				t.Errorf("operators lack %s of %s", c.action, key)
			}
		}
	}
	if len(tr.calls) != 4 {
		t.Errorf("%d calls, want one to list, one for the words, one to mark, one to ask", len(tr.calls))
	}
}

// Who publishes programs.yaml writes nothing else, and nobody else publishes: no function puts its own rules in force.
func TestWhoPublishesWritesNothingElse(t *testing.T) {
	tpl := read(t)
	for id := range tpl.Resources {
		for _, pattern := range tpl.writes(id) {
			if ok, _ := path.Match(pattern, "POLICY"); (ok || pattern == "*") != (id == "PublisherPolicy") {
				t.Errorf("%s may write %s", id, pattern)
			}
		}
	}
	if got := tpl.writes("PublisherPolicy"); len(got) != 1 || tpl.Outputs["PublisherPolicyArn"].Value != "PublisherPolicy" {
		t.Errorf("publishers write %v", got)
	}
	db := newAsked(t)
	tab := table.New(db.Client, db.Table, consent.Ledger{})
	_ = tab.StorePrograms(t.Context(), "hash", nil)
	_ = tab.Publish(t.Context(), program.Publication{Number: 1, Hash: "hash"})
	_, _ = tab.Publications(t.Context())
	done := tpl.may("PublisherPolicy")
	for _, c := range db.calls {
		if !done[c.action+" POLICY"] || !slices.Equal(c.keys, []string{"POLICY"}) {
			t.Errorf("publishing does %s of %v", c.action, c.keys)
		}
	}
}

// Who reports on campaigns reads people's records, and changes none.
func TestWhoReadsPeopleChangesNothing(t *testing.T) {
	tpl := read(t)
	person := map[string]any{"ForAllValues:StringLike": map[string]any{"dynamodb:LeadingKeys": []any{"CONTACT#*"}}}
	want := []statement{
		{"PeoplePolicy", []string{"dynamodb:Query"}, []string{"Table.Arn"}, person},
	}
	var got []statement
	for _, s := range tpl.statements() {
		if s.owner == "PeoplePolicy" {
			got = append(got, s)
		}
	}
	if !reflect.DeepEqual(got, want) || tpl.Outputs["PeoplePolicyArn"].Value != "PeoplePolicy" {
		t.Errorf("they may\n%v, want\n%v", got, want)
	}
}

// The command's every call on the table is one the policy allows.
func TestOperatorsMayWhatTheCommandDoes(t *testing.T) {
	db := newAsked(t)
	tab := table.New(db.Client, db.Table, consent.Ledger{})
	ctx, id := t.Context(), "01KB3M8Y5T0QF2Z9W6R7C4X1VN"
	now := time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)
	c := campaign.Campaign{ID: id, Brand: "example", Topic: "alerts", Text: "Open today.", At: now, Expires: now.Add(time.Hour), Created: now, State: campaign.Scheduled}

	// What they answer is none of this test's business; what they ask for is.
	_ = tab.CreateCampaign(ctx, c)
	_ = tab.CreateUniqueCampaign(ctx, c)
	_ = tab.EditCampaign(ctx, c, true)
	_, _, _ = tab.Contacts(ctx, []consent.Key{{Brand: "example", Phone: "+12065550142"}})
	_ = tab.SetCampaignState(ctx, id, []campaign.State{campaign.Scheduled}, campaign.Paused, "")
	_, _ = tab.Campaign(ctx, id)
	_, _ = tab.Shards(ctx, id)
	_, _ = tab.Clicks(ctx, id)
	_, _ = tab.Approval(ctx, id)
	_ = tab.RecordNumbersRequest(ctx, id, table.NumbersRequest{By: "ana", At: now})
	_, _ = tab.Campaigns(ctx)
	_, _ = tab.Contact(ctx, consent.Key{Brand: "example", Phone: "+12065550142"})
	_, _ = tab.InForce(ctx)
	_, _ = tab.Programs(ctx, "hash")
	_, _ = tab.Publications(ctx)

	tpl := read(t)
	allowed := func(c call) bool {
		for _, s := range tpl.statements() {
			if s.owner != "OperatorPolicy" || s.condition == nil || !slices.Contains(s.actions, "dynamodb:"+c.action) {
				continue
			}
			patterns := list(s.condition.(map[string]any)["ForAllValues:StringLike"].(map[string]any)["dynamodb:LeadingKeys"])
			if !slices.ContainsFunc(c.keys, func(key string) bool {
				return !slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(p, key); return ok })
			}) {
				return true
			}
		}
		return false
	}
	actions := map[string]bool{}
	for _, c := range db.calls {
		actions[c.action] = true
		if len(c.keys) == 0 || !allowed(c) {
			t.Errorf("the policy does not allow %s of %v", c.action, c.keys)
		}
	}
	for _, a := range []string{"GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem"} {
		if !actions[a] {
			t.Errorf("nothing of the command needs %s", a)
		}
	}
	person := []string{"CONTACT#example#+12065550142"}
	for _, c := range []call{{"PutItem", person}, {"UpdateItem", person}, {"Query", person}, {"PutItem", []string{"CAMPAIGNS", "LIMIT#x"}}} {
		if allowed(c) {
			t.Errorf("the policy allows %s of %v", c.action, c.keys)
		}
	}
}
