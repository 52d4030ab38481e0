package memory_test

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

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
