package memory_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/memory"
)

var stores dynamotest.Stores

func TestMain(m *testing.M) { os.Exit(stores.Run(m)) }

type item = map[string]types.AttributeValue

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func num(n int) types.AttributeValue { return &types.AttributeValueMemberN{Value: fmt.Sprint(n)} }

// store is a DynamoDB with a consent table in it.
type store struct {
	db   *dynamodb.Client
	name *string
}

func inMemory(t testing.TB) store {
	t.Helper()
	s := store{name: aws.String("consent"), db: dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: aws.String("http://memory"), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		HTTPClient:  inProcess{memory.New()},
	})}
	if _, err := s.db.CreateTable(t.Context(), table.Definition(*s.name)); err != nil {
		t.Fatal(err)
	}
	return s
}

// calls answers those of a DynamoDB of its own, with a consent table in it.
func calls(t testing.TB, name string) memory.Calls {
	t.Helper()
	d := memory.New()
	if _, err := d.Do(table.Definition(name)); err != nil {
		t.Fatal(err)
	}
	return func(_ context.Context, in any) (any, error) { return d.Do(in) }
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

// each runs a test in memory and on DynamoDB Local, which is right where they differ.
func each(t *testing.T, f func(t *testing.T, s store)) {
	t.Run("memory", func(t *testing.T) { f(t, inMemory(t)) })
	t.Run("DynamoDB Local", func(t *testing.T) {
		s := stores.Local(t)
		f(t, store{s.Client, aws.String(s.Table)})
	})
}

func (s store) put(t testing.TB, m item) {
	t.Helper()
	if _, err := s.db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: s.name, Item: m}); err != nil {
		t.Fatal(err)
	}
}

func (s store) get(t testing.TB, pk, sk string) item {
	t.Helper()
	out, err := s.db.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: s.name, Key: item{"pk": str(pk), "sk": str(sk)}, ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Item
}

// What is empty stays what it is: through a transaction that is rolled back, an update of something else, a search,
// and in what a failed condition shows.
func TestWhatIsEmptyStays(t *testing.T) {
	each(t, func(t *testing.T, s store) {
		emptyMap := func() types.AttributeValue { return &types.AttributeValueMemberM{Value: item{}} }
		emptyList := func() types.AttributeValue { return &types.AttributeValueMemberL{Value: []types.AttributeValue{}} }
		want := item{
			"pk": str("p"), "sk": str("s"), "map": emptyMap(), "list": emptyList(), "text": str(""),
			"M": emptyMap(), "L": emptyList(), "B": str(""),
			"bytes": &types.AttributeValueMemberB{Value: []byte{}},
			"null":  &types.AttributeValueMemberNULL{Value: true}, "no": &types.AttributeValueMemberBOOL{Value: false},
			"in": &types.AttributeValueMemberM{Value: item{
				"map": emptyMap(), "list": emptyList(), "text": str(""), "M": str(""),
			}},
			"many": &types.AttributeValueMemberL{Value: []types.AttributeValue{emptyMap(), emptyList(), str("")}},
		}
		s.put(t, want)
		same := func(when string, got item) {
			t.Helper()
			if diff := cmp.Diff(want, got, ignore); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		same("stored", s.get(t, "p", "s"))

		err := s.transact(t.Context(),
			types.TransactWriteItem{Put: &types.Put{TableName: s.name, Item: item{"pk": str("p"), "sk": str("other")}}},
			types.TransactWriteItem{Put: &types.Put{
				TableName: s.name, Item: item{"pk": str("p"), "sk": str("s")},
				ConditionExpression: condition(-1), ReturnValuesOnConditionCheckFailure: allOld,
			}},
		)
		canceled, ok := errors.AsType[*types.TransactionCanceledException](err)
		if !ok || len(canceled.CancellationReasons) != 2 {
			t.Fatalf("the transaction ended with %v", err)
		}
		same("what the transaction's condition met", canceled.CancellationReasons[1].Item)
		same("after a transaction was rolled back", s.get(t, "p", "s"))
		if got := s.get(t, "p", "other"); got != nil {
			t.Errorf("a transaction that was rolled back left %v", got)
		}

		_, err = s.db.PutItem(t.Context(), &dynamodb.PutItemInput{
			TableName: s.name, Item: item{"pk": str("p"), "sk": str("s")},
			ConditionExpression: condition(-1), ReturnValuesOnConditionCheckFailure: allOld,
		})
		failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
		if !ok {
			t.Fatalf("the put ended with %v", err)
		}
		same("what the put's condition met", failed.Item)

		found, err := s.db.Query(t.Context(), &dynamodb.QueryInput{
			TableName: s.name, KeyConditionExpression: aws.String("pk = :p"), ExpressionAttributeValues: item{":p": str("p")},
		})
		if err != nil || len(found.Items) != 1 {
			t.Fatalf("found %v, %v", found, err)
		}
		same("found", found.Items[0])

		one := &types.AttributeValueMemberL{Value: []types.AttributeValue{num(1)}}
		out, err := s.db.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
			TableName: s.name, Key: item{"pk": str("p"), "sk": str("s")},
			UpdateExpression:          aws.String("SET #map.a = :one, #list = list_append(#list, :list), changed = :one"),
			ExpressionAttributeNames:  map[string]string{"#map": "map", "#list": "list"},
			ExpressionAttributeValues: item{":one": num(1), ":list": one}, ReturnValues: types.ReturnValueAllNew,
		})
		if err != nil {
			t.Fatal(err)
		}
		want["map"], want["list"], want["changed"] = &types.AttributeValueMemberM{Value: item{"a": num(1)}}, one, num(1)
		same("answered by an update", out.Attributes)
		same("after an update", s.get(t, "p", "s"))
	})
}

// failure is how a call failed, as far as a caller can tell; nil where it did not.
func failure(t *rapid.T, err error) any {
	if err == nil {
		return nil
	}
	if canceled, ok := errors.AsType[*types.TransactionCanceledException](err); ok {
		var why []any
		for _, r := range canceled.CancellationReasons {
			why = append(why, aws.ToString(r.Code), r.Item)
		}
		return why
	}
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return []any{failed.ErrorCode(), failed.Item}
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		t.Fatal(err)
	}
	return api.ErrorCode()
}

// all is what the table holds, and what its index lists of each partition, page by page.
func (s store) all(t *rapid.T) any {
	out, err := s.db.Scan(t.Context(), &dynamodb.ScanInput{TableName: s.name, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(out.Items, func(a, b item) int { return slices.Compare(names(a), names(b)) })
	all := []any{out.Items}
	for _, aud := range []string{"x", "y"} {
		pages := dynamodb.NewQueryPaginator(s.db, &dynamodb.QueryInput{
			TableName: s.name, IndexName: aws.String(audience.Index), Limit: aws.Int32(2),
			KeyConditionExpression: aws.String("aud = :aud"), ExpressionAttributeValues: item{":aud": str(aud)},
		})
		listed := []item{}
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			listed = append(listed, page.Items...)
		}
		slices.SortFunc(listed, func(a, b item) int { return slices.Compare(names(a), names(b)) })
		all = append(all, listed)
	}
	return all
}

// names is where an item stands in a listing: equal zones have no order in an index.
func names(m item) []string {
	var all []string
	for _, name := range []string{"zone", "pk", "sk"} {
		if v, ok := m[name].(*types.AttributeValueMemberS); ok {
			all = append(all, v.Value)
		}
	}
	return all
}

// Whatever is written, in memory it goes as with DynamoDB: the same answers, the same reasons, the same items and
// index.
func TestWritesGoAsWithDynamoDB(t *testing.T) {
	real := stores.Local(t)
	rapid.Check(t, func(rt *rapid.T) {
		mine, theirs := inMemory(t), store{real.Client, aws.String(real.Table)}
		theirs.clear(rt)
		for i, st := range rapid.SliceOfN(steps(), 1, 12).Draw(rt, "history") {
			if diff := cmp.Diff(theirs.do(rt, st), mine.do(rt, st), ignore, cmpopts.EquateEmpty()); diff != "" {
				rt.Fatalf("step %d, %+v, is answered (-DynamoDB +memory):\n%s", i, st, diff)
			}
			if diff := cmp.Diff(theirs.all(rt), mine.all(rt), ignore, cmpopts.EquateEmpty()); diff != "" {
				rt.Fatalf("after step %d, %+v (-DynamoDB +memory):\n%s", i, st, diff)
			}
		}
	})
}

func (s store) clear(t *rapid.T) {
	out, err := s.db.Scan(t.Context(), &dynamodb.ScanInput{TableName: s.name, ConsistentRead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range out.Items {
		if _, err := s.db.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: s.name, Key: key(m)}); err != nil {
			t.Fatal(err)
		}
	}
}

// Nobody reads half of a transaction, and of writers at once none is lost.
func TestTransactionsAreWhole(t *testing.T) {
	s := inMemory(t)
	add := func(sk string) types.TransactWriteItem {
		return types.TransactWriteItem{Update: &types.Update{
			TableName: s.name, Key: item{"pk": str("p"), "sk": str(sk)},
			UpdateExpression: aws.String("ADD n :one"), ExpressionAttributeValues: item{":one": num(1)},
		}}
	}
	const writers, rounds = 4, 25
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range rounds {
				if err := s.transact(t.Context(), add("1"), add("2")); err != nil {
					t.Error(err)
				}
			}
		})
		all.Go(func() {
			for range rounds {
				out, err := s.db.Query(t.Context(), &dynamodb.QueryInput{
					TableName: s.name, KeyConditionExpression: aws.String("pk = :p"), ExpressionAttributeValues: item{":p": str("p")},
				})
				if err != nil {
					t.Error(err)
				}
				if len(out.Items) == 2 && !cmp.Equal(out.Items[0]["n"], out.Items[1]["n"], ignore) || len(out.Items) == 1 {
					t.Errorf("read %v in the middle of a transaction", out.Items)
				}
			}
		})
	}
	all.Wait()
	for _, sk := range []string{"1", "2"} {
		if got := s.get(t, "p", sk)["n"]; !cmp.Equal(got, num(writers*rounds), ignore) {
			t.Errorf("%s counted to %v", sk, got)
		}
	}
}

// A table that is deleted is gone, and may be made again.
func TestTables(t *testing.T) {
	s := inMemory(t)
	s.put(t, item{"pk": str("p"), "sk": str("s")})
	tables := func() []string {
		t.Helper()
		out, err := s.db.ListTables(t.Context(), &dynamodb.ListTablesInput{})
		if err != nil {
			t.Fatal(err)
		}
		return out.TableNames
	}
	if got := tables(); !slices.Equal(got, []string{*s.name}) {
		t.Errorf("tables %v", got)
	}
	_, err := s.db.CreateTable(t.Context(), table.Definition(*s.name))
	if _, exists := errors.AsType[*types.ResourceInUseException](err); !exists {
		t.Errorf("making it again ends with %v", err)
	}
	if _, err := s.db.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: s.name}); err != nil {
		t.Fatal(err)
	}
	if got := tables(); len(got) != 0 {
		t.Errorf("tables %v after the only one was deleted", got)
	}
	if _, err := s.db.CreateTable(t.Context(), table.Definition(*s.name)); err != nil {
		t.Fatal(err)
	}
	if got := s.get(t, "p", "s"); got != nil {
		t.Errorf("the new table holds %v", got)
	}
}

func TestWhatIsNoCall(t *testing.T) {
	for operation, want := range map[string]string{
		"Nonsense": "UnknownOperationException", "GetItem": "SerializationException",
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("no JSON"))
		r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
		w := httptest.NewRecorder()
		memory.New().ServeHTTP(w, r)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s is answered %d %s", operation, w.Code, w.Body)
		}
	}
}
