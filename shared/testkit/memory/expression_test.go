package memory_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// sample is an item that has what expressions can be about.
func sample() item {
	set := func(all ...string) types.AttributeValue { return &types.AttributeValueMemberSS{Value: all} }
	return item{
		"pk": str("p"), "sk": str("s"), "text": str("abc"), "n": num(7), "yes": &types.AttributeValueMemberBOOL{Value: true},
		"set": set("a", "b"), "bytes": &types.AttributeValueMemberB{Value: []byte("xyz")},
		"map":  &types.AttributeValueMemberM{Value: item{"in": num(1), "deep": &types.AttributeValueMemberM{Value: item{"er": str("x")}}}},
		"list": &types.AttributeValueMemberL{Value: []types.AttributeValue{num(1), str("two"), num(3)}},
	}
}

// values are what expressions may use.
func values() item {
	return item{
		":n": num(7), ":more": num(8), ":half": &types.AttributeValueMemberN{Value: "0.5"}, ":text": str("abc"), ":a": str("a"),
		":c": str("c"), ":type": str("S"), ":none": &types.AttributeValueMemberNULL{Value: true},
		":set": &types.AttributeValueMemberSS{Value: []string{"b", "c"}}, ":xy": &types.AttributeValueMemberB{Value: []byte("xy")},
		":list": &types.AttributeValueMemberL{Value: []types.AttributeValue{num(9)}}, ":map": &types.AttributeValueMemberM{Value: item{"er": str("x")}},
		":both": &types.AttributeValueMemberSS{Value: []string{"a", "b"}},
	}
}

// used picks of values and names those an expression has.
func used(expression string) (item, map[string]string) {
	words := strings.FieldsFunc(expression, func(r rune) bool { return strings.ContainsRune(" (),=<>+-.[]", r) })
	values, names := values(), map[string]string{"#text": "text", "#map": "map", "#list": "list", "#set": "set"}
	some, called := item{}, map[string]string{}
	for _, w := range words {
		if v, ok := values[w]; ok {
			some[w] = v
		}
		if n, ok := names[w]; ok {
			called[w] = n
		}
	}
	if len(some) == 0 {
		some = nil
	}
	if len(called) == 0 {
		called = nil
	}
	return some, called
}

// code is how a call failed; empty where it did not.
func code(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	api, ok := errors.AsType[smithy.APIError](err)
	if !ok {
		t.Fatal(err)
	}
	return api.ErrorCode()
}

// A condition holds in memory of what it holds of with DynamoDB, and is refused where it is refused there.
func TestConditionsHoldAsWithDynamoDB(t *testing.T) {
	conditions := `
attribute_exists(pk)
attribute_exists(#map.deep.er)
attribute_exists(#map.deep.nil)
attribute_exists(#list[1])
attribute_exists(#list[5])
attribute_not_exists(#text)
attribute_not_exists(absent)
attribute_type(#text, :type)
attribute_type(n, :type)
begins_with(#text, :a)
begins_with(#text, :c)
begins_with(bytes, :xy)
begins_with(n, :a)
contains(#text, :c)
contains(#set, :a)
contains(#set, :c)
contains(#list, :n)
n = :n
n = :text
n <> :n
n <> :text
absent <> :n
absent = :n
absent < :n
n < :more AND n > :half
n <= :n AND n >= :n
n > :more OR #text = :text
NOT n = :n
NOT (n = :more OR #text = :c)
n BETWEEN :half AND :more
n BETWEEN :more AND :half
#text BETWEEN :a AND :c
n IN (:more, :n)
n IN (:more, :half)
#text IN (:a, :c, :text)
size(#text) < :n
size(#set) = :n
size(absent) = :n
#set = :both
#set = :set
#map.deep = :map
#list[0] < #list[2]
n = :missing
n =
(n = :n
n = :n n
nothing(n)
n = :n AND
`
	real := stores.Local(t)
	theirs, mine := store{real.Client, aws.String(real.Table)}, inMemory(t)
	for condition := range strings.Lines(strings.TrimSpace(conditions)) {
		condition = strings.TrimSpace(condition)
		var got [2]string
		for i, s := range []store{theirs, mine} {
			s.put(t, sample())
			values, names := used(condition)
			_, err := s.db.PutItem(t.Context(), &dynamodb.PutItemInput{
				TableName: s.name, Item: sample(), ConditionExpression: &condition,
				ExpressionAttributeValues: values, ExpressionAttributeNames: names,
			})
			got[i] = code(t, err)
		}
		if got[0] != got[1] {
			t.Errorf("%s: %q in memory, %q with DynamoDB", condition, got[1], got[0])
		}
	}
}

// An update leaves an item in memory as it leaves it with DynamoDB, and one that is there and one that is not alike.
func TestUpdatesGoAsWithDynamoDB(t *testing.T) {
	updates := `
SET n = :more
SET n = n + :more, extra = n
SET n = n - :half
SET n = :more + n
SET n = if_not_exists(n, :more) + :n
SET absent = if_not_exists(absent, :more)
SET absent = if_not_exists(absent, n)
SET #list = list_append(#list, :list)
SET #list = list_append(:list, #list)
SET #list[1] = :n
SET #list[9] = :n
SET #map.extra = :n, #map.deep.er = :a
SET #map.nil.deeper = :n
SET #text.nil = :n
SET pk = :a
SET absent = gone
SET n = #text + :n
REMOVE n, #map.deep, #list[0]
REMOVE absent
REMOVE #map.nil
ADD n :half
ADD absent :n
ADD #set :set
ADD absent :set
ADD #text :n
DELETE #set :set
DELETE #set :both
DELETE absent :set
DELETE n :set
SET extra = :a REMOVE n ADD amount :n DELETE #set :set
set extra = :a remove n
SET extra = :missing
SET
SET n :n
REMOVE
CHANGE n
`
	real := stores.Local(t)
	theirs, mine := store{real.Client, aws.String(real.Table)}, inMemory(t)
	for update := range strings.Lines(strings.TrimSpace(updates)) {
		update = strings.TrimSpace(update)
		for _, there := range []bool{true, false} {
			for _, asked := range []types.ReturnValue{types.ReturnValueAllNew, types.ReturnValueAllOld, types.ReturnValueNone} {
				var got [2][]any
				for i, s := range []store{theirs, mine} {
					key := item{"pk": str("p"), "sk": str("s")}
					if _, err := s.db.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: s.name, Key: key}); err != nil {
						t.Fatal(err)
					}
					if there {
						s.put(t, sample())
					}
					values, names := used(update)
					out, err := s.db.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
						TableName: s.name, Key: key, UpdateExpression: &update, ReturnValues: asked,
						ExpressionAttributeValues: values, ExpressionAttributeNames: names,
					})
					got[i] = []any{code(t, err), s.get(t, "p", "s")}
					if err == nil {
						got[i] = append(got[i], out.Attributes)
					}
				}
				if diff := cmp.Diff(got[0], got[1], ignore, sets(), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s, of what is there: %t, asked for %s (-DynamoDB +memory):\n%s", update, there, asked, diff)
				}
			}
		}
	}
}

// sets have no order.
func sets() cmp.Option {
	return cmp.Options{
		cmpopts.IgnoreUnexported(types.AttributeValueMemberSS{}),
		cmp.FilterPath(func(p cmp.Path) bool {
			_, is := p.Index(-2).Type(), p.Last()
			return is.String() == ".Value" && p.Index(-2).Type().String() == "types.AttributeValueMemberSS"
		}, cmpopts.SortSlices(func(a, b string) bool { return a < b })),
	}
}

// Queries and Scans are filtered, cut and parted into pages as with DynamoDB: after a megabyte, and after as many items
// as are asked for, whether the filter lets them through or not.
func TestPagesAreThoseOfDynamoDB(t *testing.T) {
	type asked struct {
		limit        *int32
		filter, only *string
		count        bool
	}
	type page struct {
		keys           []string
		names          int
		count, scanned int32
	}
	play := func(s store, a asked, scan bool) (all []page) {
		var from item
		for {
			values := item{":p": str("p")}
			if a.filter != nil {
				values[":odd"] = num(1)
			}
			in := dynamodb.QueryInput{
				TableName: s.name, KeyConditionExpression: aws.String("pk = :p"), ExpressionAttributeValues: values,
				Limit: a.limit, FilterExpression: a.filter, ProjectionExpression: a.only, ExclusiveStartKey: from,
			}
			if a.count {
				in.Select = types.SelectCount
			}
			out, err := s.db.Query(t.Context(), &in)
			if scan {
				delete(values, ":p")
				if len(values) == 0 {
					values = nil
				}
				var scanned *dynamodb.ScanOutput
				scanned, err = s.db.Scan(t.Context(), &dynamodb.ScanInput{
					TableName: s.name, ExpressionAttributeValues: values, Select: in.Select,
					Limit: a.limit, FilterExpression: a.filter, ProjectionExpression: a.only, ExclusiveStartKey: from,
				})
				if err == nil {
					out = &dynamodb.QueryOutput{Items: scanned.Items, Count: scanned.Count, ScannedCount: scanned.ScannedCount, LastEvaluatedKey: scanned.LastEvaluatedKey}
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			p := page{count: out.Count, scanned: out.ScannedCount}
			for _, m := range out.Items {
				p.names += len(m)
				if sk, ok := m["sk"].(*types.AttributeValueMemberS); ok {
					p.keys = append(p.keys, sk.Value)
				}
			}
			if all = append(all, p); len(out.LastEvaluatedKey) == 0 {
				return all
			}
			from = out.LastEvaluatedKey
		}
	}
	real := stores.Local(t)
	theirs, mine := store{real.Client, aws.String(real.Table)}, inMemory(t)
	for _, s := range []store{theirs, mine} {
		for i, sk := range []string{"a", "b", "c", "d", "e", "f", "g"} {
			s.put(t, item{"pk": str("p"), "sk": str(sk), "odd": num(i % 2), "big": str(strings.Repeat("x", 250<<10))})
		}
	}
	for name, a := range map[string]asked{
		"as they are": {}, "two at a time": {limit: aws.Int32(2)}, "the odd": {filter: aws.String("odd = :odd")},
		"the odd, three at a time": {filter: aws.String("odd = :odd"), limit: aws.Int32(3)},
		"some attributes":          {only: aws.String("sk, odd")}, "how many": {count: true},
	} {
		for _, scan := range []bool{false, true} {
			if a.filter != nil && a.limit == nil && !scan {
				continue // DynamoDB applies the filter after the megabyte (its guide, "Query"); DynamoDB Local before
			}
			if diff := cmp.Diff(play(theirs, a, scan), play(mine, a, scan), cmp.AllowUnexported(page{})); diff != "" {
				t.Errorf("%s, scan %t (-DynamoDB +memory):\n%s", name, scan, diff)
			}
		}
	}
}

// Items are copied on their way in and out: whoever changes what they gave or got changes nothing that is stored.
func TestWhatWasGivenAndGotIsTheCallers(t *testing.T) {
	s := inMemory(t)
	s.db = dynamodb.New(s.db.Options(), func(o *dynamodb.Options) {
		o.APIOptions = append(o.APIOptions, calls(t, *s.name).Direct)
	})
	spoil := func(m item) {
		m["map"].(*types.AttributeValueMemberM).Value["in"] = num(2)
		m["list"].(*types.AttributeValueMemberL).Value[0] = num(2)
		m["text"] = str("spoilt")
	}
	given := sample()
	s.put(t, given)
	spoil(given)
	for range 2 {
		got := s.get(t, "p", "s")
		if diff := cmp.Diff(sample(), got, ignore, sets()); diff != "" {
			t.Fatalf("stored (-want +got):\n%s", diff)
		}
		spoil(got)
	}
	set := item{":m": sample()["map"]}
	out, err := s.db.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: s.name, Key: item{"pk": str("p"), "sk": str("s")}, UpdateExpression: aws.String("SET #map = :m"),
		ExpressionAttributeNames: map[string]string{"#map": "map"}, ExpressionAttributeValues: set, ReturnValues: types.ReturnValueAllNew,
	})
	if err != nil {
		t.Fatal(err)
	}
	set[":m"].(*types.AttributeValueMemberM).Value["in"] = num(2)
	spoil(out.Attributes)
	if diff := cmp.Diff(sample(), s.get(t, "p", "s"), ignore, sets()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

// A call that goes straight to the store is answered as one over the wire.
func TestDirectAnswersAsTheWire(t *testing.T) {
	wire := inMemory(t)
	direct := inMemory(t)
	direct.db = dynamodb.New(direct.db.Options(), func(o *dynamodb.Options) {
		o.HTTPClient = nil // it needs none
		o.APIOptions = append(o.APIOptions, calls(t, *direct.name).Direct)
	})
	for _, s := range []store{wire, direct} {
		s.put(t, sample())
		if diff := cmp.Diff(sample(), s.get(t, "p", "s"), ignore, sets()); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
		_, err := s.db.PutItem(t.Context(), &dynamodb.PutItemInput{
			TableName: s.name, Item: sample(), ConditionExpression: condition(-1), ReturnValuesOnConditionCheckFailure: allOld,
		})
		failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
		if !ok || cmp.Diff(sample(), failed.Item, ignore, sets()) != "" {
			t.Errorf("a condition that does not hold is answered %v", err)
		}
		if got := code(t, s.try(t, item{"pk": str("p")})); got != "ValidationException" {
			t.Errorf("an item without its key is answered %q", got)
		}
	}
}
