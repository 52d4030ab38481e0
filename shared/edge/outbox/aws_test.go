package outbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"testing"
	"time"

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

// A function that slept drops the connections it kept before it sends: what they led to did not wait. Without that they
// are kept, for a text needs no handshake of its own. A client of the caller's is the caller's to close.
func TestConnectionsAreKeptUntilTheyAreDropped(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = w.Write([]byte(`{"MessageId":"aws-1"}`))
	}))
	defer server.Close()
	for _, c := range []struct {
		name           string
		drops, callers bool
		reused         bool
	}{{"kept", false, false, true}, {"dropped", true, false, false}, {"the caller's", true, true, true}} {
		reused, idle := false, make(chan error, 2)
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			GotConn:     func(i httptrace.GotConnInfo) { reused = i.Reused },
			PutIdleConn: func(err error) { idle <- err },
		})
		config := aws.Config{
			Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		}
		if c.callers {
			config.HTTPClient = &http.Client{Transport: &http.Transport{}}
		}
		w := newWorld(t)
		o := outbox.OnAWS(w.Config, config, "texts")
		for range 2 {
			if c.drops {
				o.CloseIdleConnections()
			}
			in := w.inbound(saidHelp)
			if _, err := o.Change(ctx, key, func(c consent.Contact) consent.Change { return c.Hear(in) }); err != nil {
				t.Fatal(err)
			}
			if err := <-idle; err != nil {
				t.Fatal(err)
			}
			w.pass(time.Second)
		}
		if reused != c.reused {
			t.Errorf("%s: the second text found a connection: %t, want %t", c.name, reused, c.reused)
		}
	}
	outbox.New(newWorld(t).Config, &network{}).CloseIdleConnections() // which has none, and is none the worse for it
}
