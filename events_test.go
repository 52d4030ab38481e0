package smsconsent_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func strictly[T any](t *testing.T, raw []byte) T {
	t.Helper()
	var v T
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// The sample events are what people try functions with, so they have the shape AWS delivers and nobody's real number:
// 555-0100 to 555-0199 are set aside for fiction (NANPA).
func TestSampleEvents(t *testing.T) {
	files, err := filepath.Glob("events/*.json")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d events, %v", len(files), err)
	}
	digits := regexp.MustCompile(`\+1\d{10}|\(\d{3}\) ?\d{3}-\d{4}`)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range digits.FindAllString(string(raw), -1) {
				if !regexp.MustCompile(`^(\+1206555|\(206\) ?555-)01\d\d$`).MatchString(n) {
					t.Errorf("%s is not an example number", n)
				}
			}
			var trigger string
			switch name := filepath.Base(file); {
			case strings.HasPrefix(name, "optin-"), strings.HasPrefix(name, "texts-post"), name == "texts-may.json", strings.HasPrefix(name, "records-"), strings.HasPrefix(name, "preferences-"), strings.HasPrefix(name, "link-"):
				e := strictly[events.APIGatewayV2HTTPRequest](t, raw)
				trigger = e.RequestContext.HTTP.Method + " " + e.RequestContext.HTTP.Path
				if e.Version != "2.0" || e.RouteKey != e.RequestContext.RouteKey || e.RawPath != e.RequestContext.HTTP.Path {
					t.Errorf("route %q, path %q disagree with the request context", e.RouteKey, e.RawPath)
				}
				if (strings.HasPrefix(name, "records-") || name == "optin-requests.json" || name == "texts-post.json" || name == "texts-may.json") && (e.RequestContext.Authorizer == nil || e.RequestContext.Authorizer.IAM == nil) {
					t.Error("a signed request comes with the IAM caller")
				}
			case strings.HasPrefix(name, "inbound-"):
				e := strictly[events.SNSEvent](t, raw)
				trigger = e.Records[0].SNS.TopicArn
			case strings.HasPrefix(name, "channels-"), name == "texts-event.json":
				e := strictly[events.EventBridgeEvent](t, raw)
				if trigger = e.DetailType; e.Source == "smsconsent" {
					t.Error("our own events are no news to us")
				}
			case name == "stream.json":
				e := strictly[events.DynamoDBEvent](t, raw)
				trigger = e.Records[0].EventSourceArn
			case strings.HasSuffix(name, "-schedule.json"), name == "audit-follow-up.json":
				for k := range strictly[map[string]string](t, raw) {
					trigger = k
				}
			default:
				// AWS writes eventSourceARN and md5OfBody; the decoder knows both.
				e := strictly[events.SQSEvent](t, raw)
				trigger = e.Records[0].EventSourceARN
				if !json.Valid([]byte(e.Records[0].Body)) {
					t.Error("the body is no JSON")
				}
			}
			if trigger == "" {
				t.Error("nothing says what triggered it")
			}
		})
	}
}
