package outbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/outbox"
)

// On AWS a text goes out by the configuration set, so that its delivery events come back, and is on record with AWS's
// ID for it.
func TestOnAWS(t *testing.T) {
	var asked struct{ ConfigurationSetName, DestinationPhoneNumber string }
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = w.Write([]byte(`{"MessageId":"aws-1"}`))
	}))
	defer server.Close()
	w := newWorld(t)
	o := outbox.OnAWS(w.Config, aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	}, "texts")
	o.CloseIdleConnections()
	in := w.inbound(saidHelp)
	_, err := o.Change(t.Context(), key, func(c consent.Contact) consent.Change { return c.Hear(in) })
	if err != nil {
		t.Fatal(err)
	}
	m := w.record(t).Messages
	if len(m) != 1 || m[0].AWSID != "aws-1" || m[0].Status != consent.Sent {
		t.Errorf("on record: %+v", m)
	}
	if asked.ConfigurationSetName != "texts" || asked.DestinationPhoneNumber != string(key.Phone) {
		t.Errorf("AWS was asked %+v", asked)
	}
}
