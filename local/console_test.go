package local

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/local/account"
	"smsconsent/local/console"
	"smsconsent/local/lambda"
	"smsconsent/local/sms"
)

func TestConsoleState(t *testing.T) {
	m := newMachine(t, lambda.Functions{"inbound": (&calls{}).function})
	m.do(t, "POST", "/handsets/"+person, `{"to":"`+alertsNumber+`","body":"JOIN"}`, 200)
	m.put(t, "jobs", "a", "b")
	m.queues.Bury([]byte("lost"))
	var s console.State
	if err := json.Unmarshal([]byte(m.do(t, "GET", "/console/state", "", 200)), &s); err != nil {
		t.Fatal(err)
	}
	if !s.Now.Equal(begin) || s.Version == 0 || len(s.Phones) != 1 || s.Phones[0].Phone != person || s.Phones[0].Texts != 1 || s.Phones[0].Last.Body != "JOIN" || len(s.Phones[0].People) != 0 {
		t.Errorf("state %+v", s)
	}
	if len(s.Numbers) != 5 || s.Numbers[0].Identity != alertsNumber || s.Numbers[0].Brand != "example" || s.Numbers[0].Keywords[0] != "JOIN" || s.Numbers[0].Topics[0] != "alerts" {
		t.Errorf("numbers %+v", s.Numbers)
	}
	if s.Queues["jobs"] != 2 || s.Queues["dead"] != 1 || s.Queues["audit"] != 0 {
		t.Errorf("queues %v", s.Queues)
	}
	if len(s.Schedules) != 2 || s.Schedules[0].Name != "smsconsent-audit" || !s.Schedules[0].At.Equal(time.Date(2026, 11, 24, 14, 0, 0, 0, time.UTC)) {
		t.Errorf("schedules %+v", s.Schedules)
	}
}

func TestConsolePage(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	if page := m.do(t, "GET", "/", "", 200); !strings.HasPrefix(strings.ToLower(page), "<!doctype html>") {
		t.Errorf("the page begins with %.40s", page)
	}
	m.do(t, "GET", "/nothing-here", "", 404)
	m.do(t, "DELETE", "/clock", "", 405)
}

// The page is told of every kind of change, and is not told twice of what came while it was busy.
func TestConsoleEvents(t *testing.T) {
	m := newMachine(t, lambda.Functions{"audit": (&calls{}).function})
	server := httptest.NewServer(m)
	defer server.Close()
	// An event that does not come is a failure, a slow machine is none.
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/console/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("content type %s", got)
	}
	lines := bufio.NewScanner(resp.Body)
	next := func() (version int64) {
		t.Helper()
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				var e struct{ Version int64 }
				if err := json.Unmarshal([]byte(data), &e); err != nil {
					t.Fatal(err)
				}
				return e.Version
			}
			if line := lines.Text(); line != "" && line != "event: changed" {
				t.Fatalf("line %q", line)
			}
		}
		t.Fatal("the stream ended: ", lines.Err())
		return 0
	}
	last := next()
	for name, change := range map[string]func(){
		"text":     func() { m.handsets.Show(sms.Text{To: person}) },
		"queue":    func() { m.put(t, "jobs", "x") },
		"clock":    func() { m.advance(t, time.Second) },
		"opt-out":  func() { m.do(t, "PUT", "/carrier", `{"fault":"none"}`, 200) },
		"schedule": func() { _ = m.schedules.Delete("", "smsconsent-audit") },
		"table": func() {
			_, err := dynamodb.NewFromConfig(m.AWS()).PutItem(t.Context(), &dynamodb.PutItemInput{
				TableName: aws.String(account.TableName),
				Item:      map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "p"}, "sk": &types.AttributeValueMemberS{Value: "s"}},
			})
			if err != nil {
				t.Error(err)
			}
		},
	} {
		before := m.changes.Now()
		change()
		if name == "opt-out" {
			continue // a fault changes nothing that the page shows
		}
		for last <= before {
			last = next()
		}
	}
	// Ending the stack ends the stream.
	m.close()
	for lines.Scan() {
	}
	if err := lines.Err(); err != nil {
		t.Error(err)
	}
}

// A web page from elsewhere must not drive the stack through its user's browser, neither directly nor by a name that
// was made to point here.
func TestOtherPagesAreKeptOut(t *testing.T) {
	ok := func(context.Context, []byte) ([]byte, error) { return []byte(`{"statusCode":202}`), nil }
	m := newMachine(t, lambda.Functions{"optin": ok, "inbound": ok})
	for _, c := range []struct {
		name, method, path, host, origin, site string
		want                                   int
	}{
		{"curl", "POST", "/handsets/" + person, "localhost:8080", "", "", 200},
		{"own page", "POST", "/handsets/" + person, "localhost:8080", "http://localhost:8080", "same-origin", 200},
		{"other page", "POST", "/handsets/" + person, "localhost:8080", "https://evil.example", "cross-site", 403},
		{"other page, old browser", "POST", "/handsets/" + person, "localhost:8080", "https://evil.example", "", 403},
		{"other page, clock", "PUT", "/clock", "localhost:8080", "https://evil.example", "cross-site", 403},
		{"other page, schedules", "POST", "/schedules/x", "localhost:8080", "https://evil.example", "cross-site", 403},
		{"sign-up from any page", "POST", "/opt-in", "localhost:8080", "https://shop.example", "cross-site", 202},
		{"rebound name", "GET", "/handsets", "evil.example:8080", "", "", 403},
		{"rebound name, AWS", "POST", "/", "evil.example", "", "", 403},
		{"name it was given", "GET", "/handsets", "demo.example:8080", "", "", 200},
		{"IPv4", "GET", "/handsets", "127.0.0.1:8080", "", "", 200},
		{"IPv6", "GET", "/handsets", "[::1]:8080", "", "", 200},
		{"IPv6 without port", "GET", "/handsets", "[::1]", "", "", 200},
		{"no host", "GET", "/handsets", "", "", "", 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			m.handler = m.routes([]string{"demo.example"})
			r := httptest.NewRequest(c.method, "http://localhost"+c.path, strings.NewReader(`{"to":"`+alertsNumber+`","body":"YES","now":"2026-11-24T00:00:00Z"}`))
			r.Host = c.host
			if c.origin != "" {
				r.Header.Set("Origin", c.origin)
			}
			if c.site != "" {
				r.Header.Set("Sec-Fetch-Site", c.site)
			}
			w := httptest.NewRecorder()
			m.ServeHTTP(w, r)
			if w.Code != c.want {
				t.Errorf("status %d, want %d: %s", w.Code, c.want, w.Body)
			}
		})
	}
}

func TestServeStopsCleanly(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	l, err := Listen("127.0.0.1", "0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Listen("127.0.0.1", port); err == nil || !strings.Contains(err.Error(), "PORT") || !strings.Contains(err.Error(), port) {
		t.Errorf("a busy port says %v, want its number and PORT", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- m.Serve(ctx, l) }()
	resp, err := http.Get("http://" + l.Addr().String() + "/console/events")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	cancel() // with a stream still open
	if err := <-served; err != nil {
		t.Errorf("stopping: %v", err)
	}
	if _, err := net.Dial("tcp", l.Addr().String()); err == nil {
		t.Error("the port is still open")
	}
}

func TestDynamoDBIsMounted(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	ctx, db := t.Context(), dynamodb.NewFromConfig(m.AWS())
	item := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "p"}, "sk": &types.AttributeValueMemberS{Value: "s"}}
	put := &dynamodb.PutItemInput{TableName: aws.String(account.TableName), Item: item, ConditionExpression: aws.String("attribute_not_exists(pk)")}
	if _, err := db.PutItem(ctx, put); err != nil {
		t.Fatal(err)
	}
	_, err := db.PutItem(ctx, put)
	if _, ok := errors.AsType[*types.ConditionalCheckFailedException](err); !ok {
		t.Errorf("a condition that fails answers %v", err)
	}
	scan, err := db.Scan(ctx, &dynamodb.ScanInput{TableName: aws.String(account.TableName)})
	if err != nil || scan.Count != 1 {
		t.Errorf("scan: %+v, %v", scan, err)
	}
	if _, err := db.Query(ctx, &dynamodb.QueryInput{
		TableName: aws.String(account.TableName), IndexName: aws.String("audience"), KeyConditionExpression: aws.String("aud = :a"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":a": &types.AttributeValueMemberS{Value: "x"}},
	}); err != nil {
		t.Errorf("index audience: %v", err)
	}
	if _, err := db.DescribeLimits(ctx, &dynamodb.DescribeLimitsInput{}); err == nil {
		t.Error("a call the stack does not know was answered")
	}
}
