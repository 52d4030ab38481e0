package table_test

import (
	"encoding/base64"
	"os"
	"testing"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

var stores dynamotest.Stores

func TestMain(m *testing.M) { os.Exit(stores.Run(m)) }

func ledger(t testing.TB) consent.Ledger {
	t.Helper()
	l, err := consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte("a key of at least thirty-two bytes")))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// each runs f on an empty table of every store.
func each(t *testing.T, f func(t *testing.T, tab *table.Table, s dynamotest.Store)) {
	t.Helper()
	stores.Each(t, func(t *testing.T, s dynamotest.Store) { f(t, table.New(s.Client, s.Table, ledger(t)), s) })
}

// failure is the error of a call whose answer a test does not ask for.
func failure[Answer any](_ Answer, err error) error { return err }
