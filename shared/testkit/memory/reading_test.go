package memory_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"smsconsent/shared/edge/audience"
)

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
