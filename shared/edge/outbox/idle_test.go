package outbox

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// A function that slept drops the connections it kept before it sends: what they led to did not wait. A client of the
// caller's is the caller's to close, and a carrier of the caller's may have none.
func TestWhoseConnectionsAreDropped(t *testing.T) {
	if OnAWS(Config{}, aws.Config{}, "texts").idle == nil {
		t.Error("our own client keeps its connections")
	}
	theirs := OnAWS(Config{}, aws.Config{HTTPClient: http.DefaultClient}, "texts")
	if theirs.idle != nil {
		t.Error("the caller's connections are dropped")
	}
	theirs.CloseIdleConnections()
	New(Config{}, nil).CloseIdleConnections()

	dropped := 0
	o := Outbox{idle: func() { dropped++ }}
	if o.CloseIdleConnections(); dropped != 1 {
		t.Errorf("dropped %d times", dropped)
	}
}
