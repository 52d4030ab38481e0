// Package dynamotest runs tests of the consent table on every store: Amazon's DynamoDB Local, which is right where
// they differ, and package memory, the imitation in the local stack.
//
//	var stores dynamotest.Stores
//
//	func TestMain(m *testing.M) { os.Exit(stores.Run(m)) }
//
//	func TestX(t *testing.T) {
//		stores.Each(t, func(t *testing.T, s dynamotest.Store) { … })
//	}
package dynamotest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go/middleware"

	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/memory"
)

// Store is a DynamoDB with an empty consent table in it.
type Store struct {
	Client   *dynamodb.Client
	Table    string // its name
	InMemory bool   // the imitation in memory
}

// Stores starts what tests ask for. The zero value is ready for use.
type Stores struct {
	once  sync.Once
	local *process
	err   error

	mu     sync.Mutex
	tables int
}

// Run runs the tests of a package and stops what they started. It returns what os.Exit takes.
func (s *Stores) Run(m *testing.M) int {
	code := m.Run()
	if err := s.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// Stop stops what was started.
func (s *Stores) Stop() error {
	if s.local == nil {
		return nil
	}
	return s.local.Stop()
}

// Each runs f on each store, each time with a table of its own. Where DynamoDB Local is not to be had, that part of the
// test is skipped, or fails where Required.
func (s *Stores) Each(t *testing.T, f func(t *testing.T, s Store)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { f(t, s.Memory(t)) })
	t.Run("DynamoDB Local", func(t *testing.T) { f(t, s.Local(t)) })
}

// Local is a table in the DynamoDB Local of this test binary, which is started when first asked for. With -short, which
// has no time to start one, that part of the test is skipped.
func (s *Stores) Local(t testing.TB) Store {
	t.Helper()
	if testing.Short() {
		t.Skip("no DynamoDB Local with -short")
	}
	if why := Missing(); why != "" {
		if Required() {
			t.Fatal(why)
		}
		t.Skip("NOT TESTED ON DYNAMODB: " + why)
	}
	s.once.Do(func() { s.local, s.err = start() })
	if s.err != nil {
		t.Fatal(s.err)
	}
	return s.create(t, Store{Client: s.local.client})
}

// Memory is a table in memory. Its client reaches it without a wire; the HTTPClient of its options is the wire, for
// tests that put something in between.
func (s *Stores) Memory(t testing.TB) Store {
	t.Helper()
	db := memory.New()
	answer := memory.Calls(func(_ context.Context, in any) (any, error) { return db.Do(in) })
	return s.create(t, Store{InMemory: true, Client: dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: aws.String("http://memory"),
		Credentials: aws.AnonymousCredentials{}, DisableValidateResponseChecksum: true, // nobody is between
		HTTPClient: inProcess{answer}, APIOptions: []func(*middleware.Stack) error{answer.Direct},
	})})
}

func (s *Stores) create(t testing.TB, store Store) Store {
	t.Helper()
	s.mu.Lock()
	s.tables++
	store.Table = fmt.Sprintf("consent-%d", s.tables)
	s.mu.Unlock()
	if _, err := store.Client.CreateTable(t.Context(), table.Definition(store.Table)); err != nil {
		t.Fatalf("create table: %v", err)
	}
	return store
}

// inProcess calls a handler instead of a socket.
type inProcess struct{ handler http.Handler }

func (c inProcess) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w.Result(), nil
}
