package table_test

import (
	"maps"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/testkit/dynamotest"
)

// raw is the table as somebody sees it who may write to it and has no key of the ledger.
type raw struct {
	t testing.TB
	s dynamotest.Store
}

func partition(k consent.Key) string { return "CONTACT#" + k.Brand + "#" + string(k.Phone) }

func text(s string) *types.AttributeValueMemberS { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) *types.AttributeValueMemberN {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

// all is every item of a person by its sort key.
func (r raw) all(k consent.Key) map[string]item {
	r.t.Helper()
	items := map[string]item{}
	in := &dynamodb.QueryInput{
		TableName: &r.s.Table, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("pk = :pk"), ExpressionAttributeValues: item{":pk": text(partition(k))},
	}
	out, err := r.s.Client.Query(r.t.Context(), in)
	if err != nil || len(out.LastEvaluatedKey) > 0 {
		r.t.Fatalf("%d items: %v", len(out.Items), err)
	}
	for _, m := range out.Items {
		items[sortKey(m)] = m
	}
	return items
}

func sortKey(m item) string {
	sk, _ := m["sk"].(*types.AttributeValueMemberS)
	return sk.Value
}

func (r raw) put(k consent.Key, sk string, m item) {
	r.t.Helper()
	m = maps.Clone(m)
	m["pk"], m["sk"] = text(partition(k)), text(sk)
	if _, err := r.s.Client.PutItem(r.t.Context(), &dynamodb.PutItemInput{TableName: &r.s.Table, Item: m}); err != nil {
		r.t.Fatal(err)
	}
}

func (r raw) remove(k consent.Key, sk string) {
	r.t.Helper()
	if _, err := r.s.Client.DeleteItem(r.t.Context(), &dynamodb.DeleteItemInput{TableName: &r.s.Table, Key: item{"pk": text(partition(k)), "sk": text(sk)}}); err != nil {
		r.t.Fatal(err)
	}
}

// restore makes a person's items those, and no others.
func (r raw) restore(k consent.Key, items map[string]item) {
	r.t.Helper()
	for sk := range r.all(k) {
		if _, stays := items[sk]; !stays {
			r.remove(k, sk)
		}
	}
	for sk, m := range items {
		r.put(k, sk, m)
	}
}

// with is a copy of m in which a value is another.
func with(m item, name string, v types.AttributeValue) item {
	m = maps.Clone(m)
	m[name] = v
	return m
}
