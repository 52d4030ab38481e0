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
		Region: "local", BaseEndpoint: aws.String("http://memory"), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
		HTTPClient:  inProcess{memory.New()},
	})}
	if _, err := s.db.CreateTable(t.Context(), table.Definition(*s.name)); err != nil {
		t.Fatal(err)
	}
	return s
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

// ignore leaves out what the SDK's types carry besides values.
var ignore = cmpopts.IgnoreUnexported(
	types.AttributeValueMemberS{}, types.AttributeValueMemberN{}, types.AttributeValueMemberB{},
	types.AttributeValueMemberM{},
	types.AttributeValueMemberL{}, types.AttributeValueMemberBOOL{}, types.AttributeValueMemberNULL{},
)

// step is one call that writes, to be done to every store alike.
type step struct {
	call  string
	parts []write // several for a batch or a transaction
}

// write is one item's share of a step.
type write struct {
	kind string // what a transaction or a batch does with the item
	item item
	only int // 1 if only where it is there, -1 if only where it is not
}

func steps() *rapid.Generator[step] {
	return rapid.Custom(func(t *rapid.T) step {
		calls := []string{"put", "update", "delete", "batch", "transaction", "transaction"}
		st, most := step{call: rapid.SampledFrom(calls).Draw(t, "call")}, 1
		if st.call == "batch" || st.call == "transaction" {
			most = 4
		}
		some := rapid.SampledFrom([]string{"a1", "a2", "a3", "b1", "b2", "b3"})
		for _, key := range rapid.SliceOfNDistinct(some, 1, most, rapid.ID).Draw(t, "keys") {
			m := item{"pk": str(key[:1]), "sk": str(key[1:])}
			if rapid.Bool().Draw(t, "indexed") {
				m["aud"] = str(rapid.SampledFrom([]string{"x", "y"}).Draw(t, "aud"))
				m["zone"] = str(rapid.SampledFrom([]string{"z1", "z2", "z3", "z4"}).Draw(t, "zone"))
			}
			if rapid.Bool().Draw(t, "more") {
				m["v"] = num(rapid.IntRange(0, 9).Draw(t, "v"))
			}
			st.parts = append(st.parts, write{
				kind: rapid.SampledFrom([]string{"put", "update", "delete", "check"}).Draw(t, "kind"),
				item: m,
				only: rapid.SampledFrom([]int{0, 0, 1, -1}).Draw(t, "only"),
			})
		}
		return st
	})
}

// update sets what m has and removes what it lacks.
func update(m item) (*string, item) {
	set, remove := "", ""
	values := item{}
	for _, name := range []string{"aud", "zone", "v"} {
		if v, ok := m[name]; ok {
			set += ", #" + name + " = :" + name
			values[":"+name] = v
		} else {
			remove += ", #" + name
		}
	}
	expression := ""
	if set != "" {
		expression = "SET " + set[2:] + " "
	}
	if remove != "" {
		expression += "REMOVE " + remove[2:]
	}
	if len(values) == 0 {
		values = nil
	}
	return &expression, values
}

func key(m item) item { return item{"pk": m["pk"], "sk": m["sk"]} }

func condition(only int) *string {
	switch only {
	case 1:
		return aws.String("attribute_exists(pk)")
	case -1:
		return aws.String("attribute_not_exists(pk)")
	default:
		return nil
	}
}

const allOld = types.ReturnValuesOnConditionCheckFailureAllOld

// do does a step and tells how it went: what was answered, or how it failed.
func (s store) do(t *rapid.T, st step) any {
	ctx := t.Context()
	switch st.call {
	case "batch":
		var requests []types.WriteRequest
		for _, w := range st.parts {
			if w.kind == "delete" {
				requests = append(requests, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: key(w.item)}})
			} else {
				requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{Item: w.item}})
			}
		}
		return failure(t, s.batch(ctx, requests...))
	case "transaction":
		var parts []types.TransactWriteItem
		for _, w := range st.parts {
			parts = append(parts, s.part(w))
		}
		return failure(t, s.transact(ctx, parts...))
	default:
		st.parts[0].kind = st.call
		answered, err := s.single(ctx, s.part(st.parts[0]))
		if err != nil {
			return failure(t, err)
		}
		return answered
	}
}

// part is a write as part of a transaction.
func (s store) part(w write) (p types.TransactWriteItem) {
	only := condition(w.only)
	switch w.kind {
	case "put":
		p.Put = &types.Put{
			TableName: s.name, Item: w.item, ConditionExpression: only, ReturnValuesOnConditionCheckFailure: allOld,
		}
	case "update":
		expression, values := update(w.item)
		p.Update = &types.Update{
			TableName: s.name, Key: key(w.item), UpdateExpression: expression, ExpressionAttributeValues: values,
			ExpressionAttributeNames: map[string]string{"#aud": "aud", "#zone": "zone", "#v": "v"},
			ConditionExpression:      only, ReturnValuesOnConditionCheckFailure: allOld,
		}
	case "delete":
		p.Delete = &types.Delete{
			TableName: s.name, Key: key(w.item), ConditionExpression: only, ReturnValuesOnConditionCheckFailure: allOld,
		}
	default:
		if only == nil { // a check must have a condition
			only = condition(1)
		}
		p.ConditionCheck = &types.ConditionCheck{
			TableName: s.name, Key: key(w.item), ConditionExpression: only, ReturnValuesOnConditionCheckFailure: allOld,
		}
	}
	return p
}

// single does what a part of a transaction would do as a call of its own, and returns what it answers.
func (s store) single(ctx context.Context, p types.TransactWriteItem) (item, error) {
	switch {
	case p.Put != nil:
		out, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{
			TableName: s.name, Item: p.Put.Item, ConditionExpression: p.Put.ConditionExpression,
			ReturnValues: types.ReturnValueAllOld, ReturnValuesOnConditionCheckFailure: allOld,
		})
		if err != nil {
			return nil, err
		}
		return out.Attributes, nil
	case p.Update != nil:
		out, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName: s.name, Key: p.Update.Key, UpdateExpression: p.Update.UpdateExpression,
			ExpressionAttributeNames:  p.Update.ExpressionAttributeNames,
			ExpressionAttributeValues: p.Update.ExpressionAttributeValues,
			ConditionExpression:       p.Update.ConditionExpression,
			ReturnValues:              types.ReturnValueAllNew, ReturnValuesOnConditionCheckFailure: allOld,
		})
		if err != nil {
			return nil, err
		}
		return out.Attributes, nil
	default:
		out, err := s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: s.name, Key: p.Delete.Key, ConditionExpression: p.Delete.ConditionExpression,
			ReturnValues: types.ReturnValueAllOld, ReturnValuesOnConditionCheckFailure: allOld,
		})
		if err != nil {
			return nil, err
		}
		return out.Attributes, nil
	}
}

func (s store) transact(ctx context.Context, parts ...types.TransactWriteItem) error {
	_, err := s.db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: parts})
	return err
}

func (s store) batch(ctx context.Context, requests ...types.WriteRequest) error {
	all := map[string][]types.WriteRequest{*s.name: requests}
	_, err := s.db.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: all})
	return err
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

// A Query answers what its key condition means, in the order of the sort key, and says where the next page begins.
func TestQuery(t *testing.T) {
	each(t, func(t *testing.T, s store) {
		for _, sk := range []string{"a", "b", "ba", "c", "d"} {
			m := item{"pk": str("p"), "sk": str(sk), "n": num(1)}
			if sk != "ba" { // not everything is in the index
				m["aud"], m["zone"] = str("x"), str("z"+sk)
			}
			for _, pk := range []string{"p", "q"} {
				m["pk"] = str(pk)
				if pk == "q" {
					m["aud"] = str("y")
				}
				if _, err := s.db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: s.name, Item: m}); err != nil {
					t.Fatal(err)
				}
			}
		}
		moved := &dynamodb.DeleteItemInput{TableName: s.name, Key: item{"pk": str("p"), "sk": str("d")}}
		if _, err := s.db.DeleteItem(t.Context(), moved); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name, condition string
			low, high       string
			back            bool
			limit           int32
			behind, want    string // sort keys
			more            bool
		}{
			{name: "all", condition: "#h = :h", want: "a b ba c"},
			{name: "backwards", condition: "#h = :h", back: true, want: "c ba b a"},
			{name: "a page", condition: "#h = :h", limit: 2, want: "a b", more: true},
			{name: "the next page", condition: "#h = :h", limit: 2, behind: "b", want: "ba c", more: true},
			{name: "the page after the last", condition: "#h = :h", limit: 2, behind: "c"},
			{name: "backwards behind", condition: "#h = :h", back: true, behind: "ba", want: "b a"},
			{name: "equal", condition: "#h = :h AND #s = :low", low: "b", want: "b"},
			{name: "less", condition: "#h = :h AND #s < :low", low: "b", want: "a"},
			{name: "at most", condition: "#h = :h AND #s <= :low", low: "b", want: "a b"},
			{name: "more", condition: "#h = :h AND #s > :low", low: "b", want: "ba c"},
			{name: "at least", condition: "#h = :h AND #s >= :low", low: "b", want: "b ba c"},
			{name: "between", condition: "#h = :h AND #s BETWEEN :low AND :high", low: "b", high: "c", want: "b ba c"},
			{name: "begins", condition: "#h = :h AND begins_with(#s, :low)", low: "b", want: "b ba"},
		} {
			for _, index := range []bool{false, true} {
				in := &dynamodb.QueryInput{
					TableName: s.name, KeyConditionExpression: &c.condition, ScanIndexForward: aws.Bool(!c.back),
					ExpressionAttributeNames: map[string]string{"#h": "pk"}, ExpressionAttributeValues: item{":h": str("p")},
				}
				before := ""
				if index {
					in.IndexName, before = aws.String(audience.Index), "z"
					in.ExpressionAttributeNames["#h"], in.ExpressionAttributeValues[":h"] = "aud", str("x")
				}
				if c.limit > 0 {
					in.Limit = &c.limit
				}
				for name, value := range map[string]string{":low": c.low, ":high": c.high} {
					if value != "" {
						in.ExpressionAttributeValues[name] = str(before + value)
						in.ExpressionAttributeNames["#s"] = map[bool]string{false: "sk", true: "zone"}[index]
					}
				}
				if c.behind != "" {
					in.ExclusiveStartKey = item{"pk": str("p"), "sk": str(c.behind)}
					if index {
						in.ExclusiveStartKey["aud"], in.ExclusiveStartKey["zone"] = str("x"), str("z"+c.behind)
					}
				}
				want, more := c.want, c.more
				if index { // "ba" is not in it, and the second page is not full
					want = strings.Join(strings.Fields(strings.ReplaceAll(" "+want+" ", " ba ", " ")), " ")
					more = more && c.behind == ""
				}
				out, err := s.db.Query(t.Context(), in)
				if err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
				var got []string
				for _, m := range out.Items {
					got = append(got, m["sk"].(*types.AttributeValueMemberS).Value)
					if _, whole := m["n"]; whole == index {
						t.Errorf("%s, index %t: %v; the index holds keys only", c.name, index, m)
					}
				}
				if strings.Join(got, " ") != want || (len(out.LastEvaluatedKey) > 0) != more || int(out.Count) != len(got) {
					t.Errorf("%s, index %t: %q, of %d, more %v; want %q, more %t", c.name, index, got, out.Count, out.LastEvaluatedKey, want, more)
				}
			}
		}
	})
}

// What DynamoDB refuses, memory refuses by the same name.
func TestRefusals(t *testing.T) {
	each(t, func(t *testing.T, s store) {
		m := item{"pk": str("p"), "sk": str("s")}
		put := types.TransactWriteItem{Put: &types.Put{TableName: s.name, Item: m}}
		absent := aws.String("absent")
		many := func(n int) (parts []types.TransactWriteItem, requests []types.WriteRequest) {
			for i := range n {
				m := item{"pk": str("p"), "sk": str(fmt.Sprint(i))}
				parts = append(parts, types.TransactWriteItem{Put: &types.Put{TableName: s.name, Item: m}})
				requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{Item: m}})
			}
			return parts, requests
		}
		none := []types.TransactWriteItem{}
		hundred, _ := many(100)
		tooMany, _ := many(101)
		_, full := many(25)
		_, tooFull := many(26)
		for name, tc := range map[string]struct {
			err  error
			want string
		}{
			"a transaction about one item twice": {s.transact(t.Context(), put, put), "ValidationException"},
			"a batch about one item twice":       {s.batch(t.Context(), full[0], full[0]), "ValidationException"},
			"a transaction of nothing":           {s.transact(t.Context(), none...), "ValidationException"},
			"a transaction of 100":               {s.transact(t.Context(), hundred...), ""},
			"a transaction of 101":               {s.transact(t.Context(), tooMany...), "ValidationException"},
			"a part that is none":                {s.transact(t.Context(), types.TransactWriteItem{}), "ValidationException"},
			"a batch of 25":                      {s.batch(t.Context(), full...), ""},
			"a batch of 26":                      {s.batch(t.Context(), tooFull...), "ValidationException"},
			"a batch of nothing":                 {s.batch(t.Context()), "ValidationException"},
			"an item without its key":            {s.try(t, item{"pk": str("p")}), "ValidationException"},
			"a key that is a number":             {s.try(t, item{"pk": str("p"), "sk": num(1)}), "ValidationException"},
			"a table that is not there":          {store{s.db, absent}.try(t, m), "ResourceNotFoundException"},
			"a transaction in no table": {
				s.transact(t.Context(), types.TransactWriteItem{Put: &types.Put{TableName: absent, Item: m}}),
				"ResourceNotFoundException",
			},
		} {
			got := ""
			if api, ok := errors.AsType[smithy.APIError](tc.err); ok {
				got = api.ErrorCode()
			} else if tc.err != nil {
				got = tc.err.Error()
			}
			if got != tc.want {
				t.Errorf("%s: %v, want %q", name, tc.err, tc.want)
			}
		}
	})
}

func (s store) try(t *testing.T, m item) error {
	_, err := s.db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: s.name, Item: m})
	return err
}

// A table that is deleted is gone, with its draft, and may be made again.
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
