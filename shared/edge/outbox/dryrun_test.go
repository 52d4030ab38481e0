package outbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"smsconsent/shared/edge/outbox"
)

// To ask whether AWS would take a text sends none. Its no is told as a reason, and a no to us asking as an error.
func TestWouldTake(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		answer string
		reason string
		fails  bool
	}{
		"taken":           {200, `{"MessageId":"aws-1"}`, "", false},
		"not taken":       {400, `{"__type":"ConflictException","Message":"no","Reason":"DESTINATION_PHONE_NUMBER_OPTED_OUT"}`, "DESTINATION_PHONE_NUMBER_OPTED_OUT", false},
		"no right to ask": {400, `{"__type":"AccessDeniedException","Message":"no"}`, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []map[string]any
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var body map[string]any
				if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
					t.Error(err)
				}
				asked = append(asked, body)
				w.Header().Set("Content-Type", "application/x-amz-json-1.0")
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.answer))
			}))
			defer server.Close()
			w := newWorld(t)
			reason, err := outbox.WouldTake(t.Context(), aws.Config{
				Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
			}, "texts", key.Phone, w.program("alerts"))
			if reason != c.reason || (err != nil) != c.fails {
				t.Errorf("%q, %v", reason, err)
			}
			if len(asked) != 1 || asked[0]["DryRun"] != true || asked[0]["DestinationPhoneNumber"] != string(key.Phone) ||
				asked[0]["OriginationIdentity"] != "+12065550100" || asked[0]["ConfigurationSetName"] != "texts" {
				t.Errorf("AWS was asked %v", asked)
			}
		})
	}
}
