package memory

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// How many parts a batch and a transaction may have (docs.aws.amazon.com, BatchWriteItem and TransactWriteItems).
const (
	maxBatch       = 25
	maxTransaction = 100
)

// maxTokens is how many transactions are recognized when they are repeated. DynamoDB recognizes them for ten minutes.
const maxTokens = 1000

// part is a write's part for one item.
type part struct {
	table     *string
	key       item // empty for a put, whose item has the key
	names     map[string]string
	values    item
	condition *string
	show      types.ReturnValuesOnConditionCheckFailure // whether the error of a failed condition has the item

	put    item    // the new item
	update *string // or the update expression
	delete bool    // or the item is deleted; with none of these, the part only checks its condition
}

// done is the effect of a part on an item.
type done struct {
	table   *store
	was, is item
	changes []string // names of the attributes that an update changes
	check   bool
}

// write does all parts or none.
func (d *DynamoDB) write(parts ...part) ([]done, error) {
	all, reasons := make([]done, len(parts)), make([]types.CancellationReason, len(parts))
	seen, failed := map[string]bool{}, false
	for i, p := range parts {
		var held bool
		var err error
		if all[i], held, err = d.try(p); err != nil {
			return nil, err
		}
		if len(parts) > 1 {
			id := identity(aws.ToString(p.table), all[i].table.views[""].keys(p.about()))
			if seen[id] {
				return nil, invalid("Transaction request cannot include multiple operations on one item")
			}
			seen[id] = true
		}
		reasons[i].Code = aws.String("None")
		if !held {
			failed = true
			reasons[i] = types.CancellationReason{
				Code: aws.String("ConditionalCheckFailed"), Message: aws.String("The conditional request failed"),
			}
			if p.show == types.ReturnValuesOnConditionCheckFailureAllOld {
				reasons[i].Item = clone(all[i].was)
			}
		}
	}
	if failed {
		return nil, &types.TransactionCanceledException{
			Message:             aws.String("Transaction cancelled, please refer cancellation reasons for specific reasons"),
			CancellationReasons: reasons,
		}
	}
	for _, w := range all {
		if !w.check {
			w.table.set(w.was, w.is)
		}
	}
	return all, nil
}

// about returns the key of a part's item, together with any other attributes.
func (p part) about() item {
	if p.put != nil {
		return p.put
	}
	return p.key
}

// try computes the effect of a part, and reports whether its condition is true.
func (d *DynamoDB) try(p part) (w done, held bool, err error) {
	if w.table, err = d.table(p.table); err != nil {
		return w, false, err
	}
	if p.put == nil {
		err = w.table.isKey(p.key)
	} else {
		err = w.table.fits(p.put)
	}
	if err != nil {
		return w, false, err
	}
	e := &env{names: p.names, values: p.values}
	only, err := d.condition(e, p.condition)
	if err != nil {
		return w, false, err
	}
	u, err := d.update(e, p.update)
	if err != nil {
		return w, false, err
	}
	if err := e.allUsed(); err != nil {
		return w, false, err
	}
	w.was = w.table.get(p.about())
	if only != nil {
		if held, err := only.holds(e, w.was); err != nil || !held {
			return w, false, err
		}
	}
	switch {
	case p.put != nil:
		w.is = clone(p.put)
	case p.update != nil:
		if w.is, err = u.apply(e, p.key, w.was); err == nil {
			w.changes = u.changes(e)
			err = w.table.fits(w.is)
		}
	default:
		w.check = !p.delete
	}
	return w, true, err
}

// alone does a write with one part.
func (d *DynamoDB) alone(p part) (done, error) {
	all, err := d.write(p)
	if canceled, ok := err.(*types.TransactionCanceledException); ok { //nolint:errorlint // it comes from write itself
		return done{}, &types.ConditionalCheckFailedException{
			Message: canceled.CancellationReasons[0].Message, Item: canceled.CancellationReasons[0].Item,
		}
	}
	if err != nil {
		return done{}, err
	}
	return all[0], nil
}

// answers returns the attributes that ReturnValues requests.
func (w done) answers(asked types.ReturnValue) item {
	some := func(of item) item {
		m := item{}
		for _, name := range w.changes {
			if v, ok := of[name]; ok {
				m[name] = v
			}
		}
		return m
	}
	switch asked {
	case types.ReturnValueAllOld:
		return clone(w.was)
	case types.ReturnValueAllNew:
		return clone(w.is)
	case types.ReturnValueUpdatedOld:
		return clone(some(w.was))
	case types.ReturnValueUpdatedNew:
		return clone(some(w.is))
	case types.ReturnValueNone:
		return nil
	default:
		return nil
	}
}

func (d *DynamoDB) putItem(in *dynamodb.PutItemInput) (*dynamodb.PutItemOutput, error) {
	w, err := d.alone(part{
		table: in.TableName, put: in.Item, condition: in.ConditionExpression, names: in.ExpressionAttributeNames,
		values: in.ExpressionAttributeValues, show: in.ReturnValuesOnConditionCheckFailure,
	})
	if err != nil {
		return nil, err
	}
	return &dynamodb.PutItemOutput{Attributes: w.answers(in.ReturnValues)}, nil
}

func (d *DynamoDB) updateItem(in *dynamodb.UpdateItemInput) (*dynamodb.UpdateItemOutput, error) {
	w, err := d.alone(part{
		table: in.TableName, key: in.Key, update: cmp.Or(in.UpdateExpression, new(string)),
		condition: in.ConditionExpression, names: in.ExpressionAttributeNames,
		values: in.ExpressionAttributeValues, show: in.ReturnValuesOnConditionCheckFailure,
	})
	if err != nil {
		return nil, err
	}
	return &dynamodb.UpdateItemOutput{Attributes: w.answers(in.ReturnValues)}, nil
}

func (d *DynamoDB) deleteItem(in *dynamodb.DeleteItemInput) (*dynamodb.DeleteItemOutput, error) {
	w, err := d.alone(part{
		table: in.TableName, key: in.Key, delete: true, condition: in.ConditionExpression,
		names: in.ExpressionAttributeNames, values: in.ExpressionAttributeValues,
		show: in.ReturnValuesOnConditionCheckFailure,
	})
	if err != nil {
		return nil, err
	}
	return &dynamodb.DeleteItemOutput{Attributes: w.answers(in.ReturnValues)}, nil
}

func (d *DynamoDB) batchWriteItem(in *dynamodb.BatchWriteItemInput) (*dynamodb.BatchWriteItemOutput, error) {
	var parts []part
	for table, requests := range in.RequestItems {
		for _, r := range requests {
			switch {
			case r.PutRequest != nil:
				parts = append(parts, part{table: &table, put: r.PutRequest.Item})
			case r.DeleteRequest != nil:
				parts = append(parts, part{table: &table, key: r.DeleteRequest.Key, delete: true})
			}
		}
	}
	if len(parts) < 1 || len(parts) > maxBatch {
		return nil, invalid("a batch must have 1 to %d parts", maxBatch)
	}
	if _, err := d.write(parts...); err != nil {
		return nil, err
	}
	return &dynamodb.BatchWriteItemOutput{UnprocessedItems: map[string][]types.WriteRequest{}}, nil
}

func (d *DynamoDB) transactWriteItems(in *dynamodb.TransactWriteItemsInput) (*dynamodb.TransactWriteItemsOutput, error) {
	if n := len(in.TransactItems); n < 1 || n > maxTransaction {
		return nil, invalid("a transaction must have 1 to %d parts", maxTransaction)
	}
	token := aws.ToString(in.ClientRequestToken)
	if token != "" && slices.Contains(d.tokens, token) {
		return &dynamodb.TransactWriteItemsOutput{}, nil
	}
	parts := make([]part, len(in.TransactItems))
	for i, t := range in.TransactItems {
		switch {
		case t.Put != nil:
			parts[i] = part{
				table: t.Put.TableName, put: t.Put.Item, condition: t.Put.ConditionExpression,
				names: t.Put.ExpressionAttributeNames, values: t.Put.ExpressionAttributeValues,
				show: t.Put.ReturnValuesOnConditionCheckFailure,
			}
		case t.Update != nil && t.Update.UpdateExpression != nil:
			parts[i] = part{
				table: t.Update.TableName, key: t.Update.Key, update: t.Update.UpdateExpression,
				condition: t.Update.ConditionExpression,
				names:     t.Update.ExpressionAttributeNames, values: t.Update.ExpressionAttributeValues,
				show: t.Update.ReturnValuesOnConditionCheckFailure,
			}
		case t.Delete != nil:
			parts[i] = part{
				table: t.Delete.TableName, key: t.Delete.Key, delete: true, condition: t.Delete.ConditionExpression,
				names: t.Delete.ExpressionAttributeNames, values: t.Delete.ExpressionAttributeValues,
				show: t.Delete.ReturnValuesOnConditionCheckFailure,
			}
		case t.ConditionCheck != nil && t.ConditionCheck.ConditionExpression != nil:
			parts[i] = part{
				table: t.ConditionCheck.TableName, key: t.ConditionCheck.Key,
				condition: t.ConditionCheck.ConditionExpression,
				names:     t.ConditionCheck.ExpressionAttributeNames, values: t.ConditionCheck.ExpressionAttributeValues,
				show: t.ConditionCheck.ReturnValuesOnConditionCheckFailure,
			}
		default:
			return nil, invalid("a part of a transaction must be Put, Update, Delete or ConditionCheck")
		}
	}
	if _, err := d.write(parts...); err != nil {
		return nil, err
	}
	if token != "" {
		d.tokens = append(d.tokens[max(len(d.tokens)-maxTokens+1, 0):], token)
	}
	return &dynamodb.TransactWriteItemsOutput{}, nil
}
