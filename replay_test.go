package smsconsent_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"smsconsent/cmd/smsconsent/operator"
	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/shared/core/failed"
)

// ReplayPolicy allows what smsconsent replay does, and not a thing more: to read and empty the queues of what failed,
// to fill those the functions take from, and to run the functions that failed events are of.
func TestReplayDoesWhatItsPolicyAllows(t *testing.T) {
	_, s := pooledStack(t)
	did := map[string]bool{} // action and resource
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if service, operation := awsjson.Target(r); service == "AmazonSQS" {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			var of struct{ QueueUrl, QueueName string } //nolint:revive // as SQS writes it
			if err := json.Unmarshal(body, &of); err != nil {
				t.Error(err)
			}
			did["sqs:"+operation+" "+strings.TrimPrefix(path.Base(of.QueueUrl+"/"+of.QueueName), account.StackName+"-")] = true
		}
		if path.Base(r.URL.Path) == "invocations" {
			did["lambda:InvokeFunction "+strings.TrimPrefix(path.Base(path.Dir(r.URL.Path)), account.StackName+"-")+":"+r.URL.Query().Get("Qualifier")] = true
		}
		s.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL", server.URL)

	queues := sqs.NewFromConfig(s.AWS())
	bury := func(queue, body string) {
		url := account.QueueURL(account.StackName + "-" + queue)
		if _, err := queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body}); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"inbound", "sendcheck", "audit", "texts", "channels", "stream"} {
		bury("failed-events", fmt.Sprintf(`{"requestContext":{"functionArn":%q},"requestPayload":{}}`, account.FunctionARN(f)))
	}
	for _, queue := range failed.Queues()[1:] {
		bury(queue, `{}`)
	}
	var out, problems bytes.Buffer
	operator.Run(t.Context(), []string{"replay", "--run", "--yes"}, &out, &problems) // some fail, as they should

	tpl, allowed := read(t), map[string]bool{}
	for _, st := range tpl.statements() {
		if st.owner != "ReplayPolicy" {
			continue
		}
		for _, action := range st.actions {
			for _, resource := range st.resources {
				allowed[action+" "+tpl.calledBy(resource)] = true
			}
		}
	}
	for _, did := range slices.Sorted(maps.Keys(did)) {
		if !allowed[did] {
			t.Errorf("the policy does not allow %s", did)
		}
	}
	for _, may := range slices.Sorted(maps.Keys(allowed)) {
		// What was received is either removed or shown again, and which depends on how it ends.
		if !did[may] && !strings.HasPrefix(may, "sqs:DeleteMessage ") && !strings.HasPrefix(may, "sqs:ChangeMessageVisibility ") {
			t.Errorf("replay never does %s", may)
		}
	}
	if tpl.Outputs["ReplayPolicyArn"].Value != "ReplayPolicy" {
		t.Error("the stack does not say what the policy is called")
	}
}

// calledBy returns what a queue or a function is called after the stack's name, of the way a policy names it.
func (tpl template) calledBy(resource string) string {
	id, alias, _ := strings.Cut(strings.Trim(resource, "${}"), "}")
	r := tpl.Resources[strings.TrimSuffix(id, ".Arn")]
	name := fmt.Sprint(r.at("QueueName"))
	if r.Type == "AWS::Serverless::Function" {
		name = fmt.Sprint(r.at("FunctionName")) + alias
	}
	return strings.TrimPrefix(name, "${AWS::StackName}-")
}
