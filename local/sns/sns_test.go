package sns_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/smithy-go"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/sns"
	"smsconsent/shared/edge/desk"
)

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// What Amazon's own SDK publishes is there to be read, and what SNS refuses is refused.
func TestThePublicSDKPublishes(t *testing.T) {
	changes := 0
	topics := sns.New(func() time.Time { return noon }, func() { changes++ })
	cfg := account.AWS("http://localhost")
	cfg.HTTPClient = awsjson.Client{Handler: topics}
	client := awssns.NewFromConfig(cfg)
	if err := desk.New(client, account.TopicARN("to-read")).Put(t.Context(), desk.Reply{
		Brand: "example", Program: "alerts", From: "+12065550142", Body: "<b>“do you open?”</b>\n& when",
	}); err != nil {
		t.Fatal(err)
	}
	got := topics.Published()
	if len(got) != 1 || changes != 1 || !got[0].At.Equal(noon) || got[0].Topic != account.TopicARN("to-read") {
		t.Fatalf("kept %+v after %d changes", got, changes)
	}
	if !strings.Contains(got[0].Message, "<b>“do you open?”</b>\n& when") {
		t.Errorf("the words are %q", got[0].Message)
	}
	for name, in := range map[string]*awssns.PublishInput{
		"no words":       {TopicArn: aws.String("arn"), Message: aws.String("")},
		"no topic":       {TopicArn: aws.String(""), Message: aws.String("x")},
		"too many words": {TopicArn: aws.String("arn"), Message: aws.String(strings.Repeat("x", 256<<10+1))},
	} {
		_, err := client.Publish(t.Context(), in)
		if api, ok := errors.AsType[smithy.APIError](err); !ok || api.ErrorCode() != "InvalidParameter" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(topics.Published()) != 1 {
		t.Error("what was refused is kept")
	}
}

// A run takes up what the run before kept.
func TestLettersAreTakenUp(t *testing.T) {
	topics := sns.New(time.Now, func() {})
	topics.Restore([]sns.Publication{{At: noon, Topic: "arn", Message: "hello"}})
	if got := topics.Published(); len(got) != 1 || got[0].Message != "hello" {
		t.Errorf("letters %+v", got)
	}
}

func TestAsked(t *testing.T) {
	for _, tc := range []struct {
		method, path string
		want         bool
	}{{"POST", "/", true}, {"GET", "/", false}, {"POST", "/opt-in", false}} {
		if got := sns.IsCall(&http.Request{Method: tc.method, URL: &url.URL{Path: tc.path}}); got != tc.want {
			t.Errorf("%s %s: %t", tc.method, tc.path, got)
		}
	}
}
