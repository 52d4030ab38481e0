package local

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"smsconsent/local/lambda"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// begin is a Monday in November, 18:00 UTC.
var begin = time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)

const (
	alertsNumber = "+12065550100"
	ordersNumber = "+12065550101"
	shortCode    = "55123"
	person       = "+12065550142"
)

func testCatalog() *program.Catalog {
	return &program.Catalog{Brands: []program.Brand{
		{ID: "example", Name: "Example Corp.", Region: "US", Programs: []program.Program{
			{
				ID: "alerts", Brand: "example", Class: program.Promotional, OptOutList: "example-alerts",
				Identity: program.Identity{Number: alertsNumber},
				Topics:   []program.Topic{{ID: "alerts", Keyword: "JOIN", Class: program.Promotional}},
			},
			{
				ID: "orders", Brand: "example", Class: program.Transactional, OptOutList: "example-orders",
				Identity: program.Identity{Number: ordersNumber},
				Topics:   []program.Topic{{ID: "orders", Class: program.Transactional}},
			},
		}},
		{ID: "second", Name: "Second Ltd", Region: "US", Programs: []program.Program{
			{
				ID: "news", Brand: "second", Class: program.Promotional, OptOutList: "second-news",
				Identity: program.Identity{ShortCode: shortCode},
			},
			{
				ID: "deals", Brand: "second", Class: program.Promotional, OptOutList: "second-deals",
				Identity: program.Identity{Pool: "pool-1", Numbers: []phone.Number{"+12065550110", "+12065550111"}},
			},
		}},
	}}
}

// machine is a stack with a clock that stands still, so that tests say when time passes.
type machine struct {
	*Stack
	log *syncBuffer
}

func newMachine(t *testing.T, f lambda.Functions) *machine {
	t.Helper()
	log := &syncBuffer{}
	s, err := New(t.Context(), Options{
		Catalog: testCatalog(),
		Real:    func() time.Time { return begin },
		Log:     slog.New(slog.NewJSONHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	// What is done every hour and every ten minutes would stand between everything else that happens.
	for _, often := range []string{"smsconsent-follow-up", "smsconsent-watch"} {
		if err := s.schedules.Delete("", often); err != nil {
			t.Fatal(err)
		}
	}
	s.Attach(f)
	return &machine{Stack: s, log: log}
}

func (m *machine) advance(t *testing.T, by time.Duration) {
	t.Helper()
	if err := m.Advance(t.Context(), m.Now().Add(by)); err != nil {
		t.Fatal(err)
	}
}

// do makes one HTTP call to the stack and checks its status.
func (m *machine) do(t *testing.T, method, target, body string, want int) string {
	t.Helper()
	r := httptest.NewRequest(method, "http://localhost:8080"+target, strings.NewReader(body))
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	if w.Code != want {
		t.Fatalf("%s %s: status %d, want %d: %s", method, target, w.Code, want, w.Body)
	}
	return w.Body.String()
}

// wantError checks the shape every error of the stack's own calls has.
func wantError(t *testing.T, body, field string) {
	t.Helper()
	var e struct {
		Error struct{ Field, Message string }
	}
	if err := json.Unmarshal([]byte(body), &e); err != nil || e.Error.Field != field || e.Error.Message == "" {
		t.Errorf("answer %s names no field %q with a message", body, field)
	}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// calls records what a fake function was given and when, by the stack's clock.
type calls struct {
	mu       sync.Mutex
	now      func() time.Time
	at       []time.Time
	payloads []string
	answer   func(n int, payload []byte) ([]byte, error)
}

func (c *calls) function(_ context.Context, payload []byte) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now != nil {
		c.at = append(c.at, c.now())
	}
	c.payloads = append(c.payloads, string(payload))
	if c.answer == nil {
		return nil, nil
	}
	return c.answer(len(c.payloads), payload)
}

func (c *calls) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.payloads)
}

func TestNewNeedsACatalog(t *testing.T) {
	if _, err := New(t.Context(), Options{}); err == nil {
		t.Error("a stack without programs was made")
	}
}

var _ http.Handler = (*Stack)(nil)
