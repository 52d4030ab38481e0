package dynamo_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/edge/dynamo"
)

// Of twenty-five calls at once, as a campaign's job makes them, none later needs a new connection.
func TestAsManyConnectionsAreKeptAsAJobUses(t *testing.T) {
	const atOnce = 25
	var connected atomic.Int32
	var all sync.WaitGroup // of the calls under way
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		all.Done()
		all.Wait()
		_, _ = w.Write([]byte("{}"))
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connected.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	client := dynamo.Client(aws.Config{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: aws.AnonymousCredentials{},
	})
	for range 4 {
		all.Add(atOnce)
		var calls sync.WaitGroup
		for range atOnce {
			calls.Go(func() {
				if _, err := client.ListTables(t.Context(), &dynamodb.ListTablesInput{}); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
	}
	if n := connected.Load(); n != atOnce {
		t.Errorf("%d connections, want %d", n, atOnce)
	}
}
