package chaos_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"smsconsent/functions/inbound"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// A process that slept meets a network that forgot its connections. What it was woken for goes out all the same (14).
// This one runs on sockets and the machine's clock.
func TestAProcessThatSleptAnswers(t *testing.T) {
	const people = 12
	s := stores.Memory(t)
	var mu sync.Mutex
	texted := map[string]bool{}
	type conn struct{}
	used := map[net.Conn]bool{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		c := parse(r, body, nil)
		if c.service == theTable {
			response, err := (&store{client: s.Client.Options().HTTPClient}).do(c)
			if err != nil {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			w.WriteHeader(response.StatusCode)
			_, _ = io.Copy(w, response.Body)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		on := r.Context().Value(conn{}).(net.Conn)
		if used[on] {
			_ = on.(*net.TCPConn).SetLinger(0) // closing resets
			_ = on.Close()
			return
		}
		used[on] = true
		var in sendText
		_ = json.Unmarshal(body, &in)
		texted[in.DestinationPhoneNumber] = true
		_, _ = io.WriteString(w, `{"MessageId":"aws-1"}`)
	}))
	server.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, conn{}, c) }
	server.Start()
	defer server.Close()
	d := wiring.New(loadPrograms(t, nil), func(variable string) string {
		return map[string]string{
			"TABLE_NAME": s.Table, "CONFIGURATION_SET": "smsconsent", "FAILED_EVENTS_URL": server.URL, "LEDGER_KEY_PARAMETER": "ledger",
			"TO_READ_TOPIC_ARN": "arn:aws:sns:us-east-1:000000000000:to-read",
		}[variable]
	}, aws.Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("chaos", "chaos", ""), BaseEndpoint: aws.String(server.URL),
	}, time.Now)
	d.Log, d.Metrics, d.Secret = slog.New(slog.DiscardHandler), telemetry.New(io.Discard, "smsconsent", time.Now), secret
	handler, err := wiring.Open(t.Context(), d, inbound.Wire)
	if err != nil {
		t.Fatal(err)
	}
	for n := range people {
		message, err := json.Marshal(map[string]string{
			"originationNumber": fmt.Sprintf("+1206555%04d", 100+n), "destinationNumber": alertsNumber, "messageBody": "HELP", "inboundMessageId": fmt.Sprintf("in-%d", n),
		})
		if err != nil {
			t.Fatal(err)
		}
		event, err := json.Marshal(map[string]any{"Records": []any{map[string]any{"EventSource": "aws:sns", "Sns": map[string]any{
			"MessageId": fmt.Sprintf("sns-%d", n), "Message": string(message), "Timestamp": time.Now().UTC().Format(snsTime),
		}}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := handler.Invoke(t.Context(), event); err != nil && !strings.Contains(err.Error(), "unknown") {
			t.Fatal(err)
		}
	}
	if len(texted) != people {
		t.Errorf("%d of %d people who texted HELP got an answer", len(texted), people)
	}
}
