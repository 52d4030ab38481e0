// Package dynamotest runs tests of the consent table on both stores: Amazon's DynamoDB Local, and package memory, which
// imitates DynamoDB in the local stack. Where they differ, DynamoDB Local is right.
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

// Store is a DynamoDB with an empty consent table.
type Store struct {
	Client   *dynamodb.Client
	Table    string // its name
	InMemory bool   // the store is package memory
}

// Stores starts the stores that tests use. The zero value is ready for use.
type Stores struct {
	once  sync.Once
	local *process
	err   error

	mu     sync.Mutex
	tables int
}

// Run runs the tests of a package and stops what they started. It returns the exit code.
func (s *Stores) Run(m *testing.M) int {
	code := m.Run()
	if err := s.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// Stop stops the started stores.
func (s *Stores) Stop() error {
	if s.local == nil {
		return nil
	}
	return s.local.Stop()
}

// Each runs f on each store, each time with a new table. Without DynamoDB Local that part of the test is skipped, or
// fails where Required.
func (s *Stores) Each(t *testing.T, f func(t *testing.T, s Store)) {
	t.Helper()
	t.Run("memory", func(t *testing.T) { f(t, s.Memory(t)) })
	t.Run("DynamoDB Local", func(t *testing.T) { f(t, s.Local(t)) })
}

// Local returns a table in the test binary's DynamoDB Local, which starts with the first call. With -short that part
// of the test is skipped, because starting takes seconds.
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

// Memory returns a table in memory. Its client calls the store directly. The HTTPClient in its options reaches it
// over HTTP, for tests that put something in between.
func (s *Stores) Memory(t testing.TB) Store {
	t.Helper()
	db := memory.New()
	answer := memory.Calls(func(_ context.Context, in any) (any, error) { return db.Do(in) })
	return s.create(t, Store{InMemory: true, Client: dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: aws.String("http://memory"),
		Credentials: aws.AnonymousCredentials{}, DisableValidateResponseChecksum: true, // no network can garble it
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

// inProcess sends HTTP requests to a handler, without a socket.
type inProcess struct{ handler http.Handler }

func (c inProcess) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	return w.Result(), nil
}
