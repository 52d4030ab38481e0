package memory

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/truora/minidyn/interpreter/language"
	minidyn "github.com/truora/minidyn/server"
)

// The most parts a batch and a transaction may have (docs.aws.amazon.com, BatchWriteItem and TransactWriteItems).
const (
	maxBatch       = 25
	maxTransaction = 100
)

type item = map[string]*minidyn.AttributeValue

// part is one item's share of a write.
type part struct {
	table string
	key   item
	check bool                                                  // its condition is all there is to it
	show  types.ReturnValuesOnConditionCheckFailure             // whether a condition that fails shows the item
	do    func(ctx context.Context, table *string) (any, error) // writes it in that table and returns the answer
}

// draft names the table beside a table in which its items are written. No caller's table can have this name.
func draft(table string) *string { return aws.String(table + " draft") }

// conflict is the error of a write whose conditions do not all hold: a reason for each part.
type conflict []reason

func (c conflict) Error() string {
	codes := make([]string, len(c))
	for i, r := range c {
		codes[i] = r.Code
	}
	why := strings.Join(codes, ", ")
	return "Transaction cancelled, please refer cancellation reasons for specific reasons [" + why + "]"
}

// write does all parts or none and returns the answer of each.
func (d *DynamoDB) write(ctx context.Context, parts []part) ([]any, error) {
	defer func() {
		for _, p := range parts {
			_ = d.minidyn.ClearTable(*draft(p.table)) // it fails only where there is no such table
		}
	}()
	before, err := d.read(ctx, parts)
	if err != nil {
		return nil, err
	}
	answers, err := d.try(ctx, parts, before)
	if err != nil {
		return nil, err
	}
	for _, p := range parts {
		if p.check {
			continue
		}
		is, err := d.get(ctx, draft(p.table), p.key)
		if err != nil {
			return nil, err
		}
		if err := d.set(ctx, &p.table, p.key, is); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// read returns the items the parts are about.
func (d *DynamoDB) read(ctx context.Context, parts []part) ([]item, error) {
	items, seen := make([]item, len(parts)), map[string]bool{}
	for i, p := range parts {
		id, err := json.Marshal([]any{p.table, p.key})
		if err != nil {
			return nil, err
		}
		if seen[string(id)] {
			return nil, invalid("Transaction request cannot include multiple operations on one item")
		}
		seen[string(id)] = true
		if items[i], err = d.get(ctx, &p.table, p.key); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// try does the parts in the drafts.
func (d *DynamoDB) try(ctx context.Context, parts []part, before []item) ([]any, error) {
	answers, reasons, failed := make([]any, len(parts)), make(conflict, len(parts)), false
	for i, p := range parts {
		if err := d.set(ctx, draft(p.table), p.key, before[i]); err != nil {
			return nil, err
		}
		answer, err := p.do(ctx, draft(p.table))
		answers[i], reasons[i] = answer, reason{Code: "None"}
		if _, condition := errors.AsType[*types.ConditionalCheckFailedException](err); condition {
			reasons[i], failed = reason{Code: conditionFailed, Message: "The conditional request failed"}, true
			if p.show == types.ReturnValuesOnConditionCheckFailureAllOld {
				reasons[i].Item = before[i]
			}
		} else if err != nil {
			return nil, err
		}
	}
	if failed {
		return nil, reasons
	}
	return answers, nil
}

// get reads an item. Where it is in a view, minidyn only says whether it can be one of the table.
func (d *DynamoDB) get(ctx context.Context, table *string, key item) (item, error) {
	out, err := d.minidyn.GetItem(ctx, &minidyn.GetItemInput{TableName: table, Key: key})
	if err != nil {
		return nil, err
	}
	if m, ok := d.viewed(*table, key); ok {
		return m, nil
	}
	return out.Item, nil
}

// set puts an item in place of the one with that key, or nothing if it is empty. The old one is deleted first, and
// with it its places in the indexes.
func (d *DynamoDB) set(ctx context.Context, table *string, key, is item) error {
	if all := d.views[*table]; all != nil {
		was, _ := d.viewed(*table, key)
		for _, v := range all {
			v.replace(was, is)
		}
		return nil
	}
	if _, err := d.minidyn.DeleteItem(ctx, &minidyn.DeleteItemInput{TableName: table, Key: key}); err != nil {
		return err
	}
	if len(is) == 0 {
		return nil
	}
	_, err := d.minidyn.PutItem(ctx, &minidyn.PutItemInput{TableName: table, Item: is})
	return err
}

// one does a write of one part.
func (d *DynamoDB) one(ctx context.Context, p part) (any, error) {
	answers, err := d.write(ctx, []part{p})
	if c, ok := errors.AsType[conflict](err); ok {
		return nil, &failure{Type: conditionFailed + "Exception", Message: c[0].Message, Item: c[0].Item}
	}
	if err != nil {
		return nil, err
	}
	return answers[0], nil
}

func (d *DynamoDB) putItem(ctx context.Context, in *minidyn.PutItemInput) (any, error) {
	return d.one(ctx, d.put(in))
}

func (d *DynamoDB) updateItem(ctx context.Context, in *minidyn.UpdateItemInput) (any, error) {
	return d.one(ctx, d.update(in))
}

func (d *DynamoDB) deleteItem(ctx context.Context, in *minidyn.DeleteItemInput) (any, error) {
	return d.one(ctx, d.delete(in))
}

func (d *DynamoDB) put(in *minidyn.PutItemInput) part {
	p := part{table: aws.ToString(in.TableName), key: item{}, show: in.ReturnValuesOnConditionCheckFailure}
	for _, name := range d.keys[p.table] {
		if v, ok := in.Item[name]; ok {
			p.key[name] = v
		}
	}
	p.do = func(ctx context.Context, table *string) (any, error) {
		was, err := d.get(ctx, table, p.key)
		if err != nil {
			return nil, err
		}
		in.TableName = table
		out, err := d.minidyn.PutItem(ctx, in)
		if err != nil {
			return nil, err
		}
		out.Attributes = nil // minidyn answers the new item, asked for or not
		if in.ReturnValues == types.ReturnValueAllOld {
			out.Attributes = was
		}
		return out, nil
	}
	return p
}

func (d *DynamoDB) update(in *minidyn.UpdateItemInput) part {
	p := part{table: aws.ToString(in.TableName), key: in.Key, show: in.ReturnValuesOnConditionCheckFailure}
	p.do = func(ctx context.Context, table *string) (any, error) {
		in.TableName = table
		out, err := d.minidyn.UpdateItem(ctx, in)
		if err != nil {
			return nil, err
		}
		is, err := d.get(ctx, table, p.key)
		if err != nil {
			return nil, err
		}
		for _, name := range removed(in) {
			delete(is, name)
			delete(out.Attributes, name)
		}
		return out, d.set(ctx, table, p.key, is)
	}
	return p
}

// removed names the attributes an update removes, which minidyn leaves where they are (language/environment.go,
// Apply). What lies within an attribute it does remove.
func removed(in *minidyn.UpdateItemInput) []string {
	parser := language.NewUpdateParser(language.NewLexer(aws.ToString(in.UpdateExpression)))
	all, ok := parser.ParseUpdateExpression().Expression.(*language.UpdateExpression)
	if !ok {
		return nil
	}
	var names []string
	for _, e := range all.Expressions {
		action, ok := e.(*language.ActionExpression)
		if !ok || action.Token.Type != language.REMOVE {
			continue
		}
		if id, ok := action.Left.(*language.Identifier); ok {
			names = append(names, cmp.Or(in.ExpressionAttributeNames[id.Value], id.Value))
		}
	}
	return names
}

func (d *DynamoDB) delete(in *minidyn.DeleteItemInput) part {
	p := part{table: aws.ToString(in.TableName), key: in.Key, show: in.ReturnValuesOnConditionCheckFailure}
	p.do = func(ctx context.Context, table *string) (any, error) {
		in.TableName = table
		return d.minidyn.DeleteItem(ctx, in)
	}
	return p
}

// check is a deletion that is not carried out.
func (d *DynamoDB) check(in *minidyn.DeleteItemInput) part {
	p := d.delete(in)
	p.check = true
	return p
}

func (d *DynamoDB) batchWriteItem(ctx context.Context, in *minidyn.BatchWriteItemInput) (any, error) {
	var parts []part
	for table, requests := range in.RequestItems {
		for _, r := range requests {
			switch {
			case r.PutRequest != nil:
				parts = append(parts, d.put(&minidyn.PutItemInput{TableName: &table, Item: r.PutRequest.Item}))
			case r.DeleteRequest != nil:
				parts = append(parts, d.delete(&minidyn.DeleteItemInput{TableName: &table, Key: r.DeleteRequest.Key}))
			}
		}
	}
	if len(parts) < 1 || len(parts) > maxBatch {
		return nil, invalid("a batch must have 1 to 25 parts")
	}
	if _, err := d.write(ctx, parts); err != nil {
		return nil, err
	}
	return map[string]any{"UnprocessedItems": struct{}{}}, nil
}

// transaction is the input of TransactWriteItems. Its parts have the fields of the calls that do the same to one
// item; a condition check has those of a deletion.
type transaction struct {
	TransactItems []struct {
		Put                    *minidyn.PutItemInput
		Update                 *minidyn.UpdateItemInput
		Delete, ConditionCheck *minidyn.DeleteItemInput
	}
}

func (d *DynamoDB) transactWriteItems(ctx context.Context, in *transaction) (any, error) {
	if n := len(in.TransactItems); n < 1 || n > maxTransaction {
		return nil, invalid("a transaction must have 1 to 100 parts")
	}
	parts := make([]part, len(in.TransactItems))
	for i, t := range in.TransactItems {
		switch {
		case t.Put != nil:
			parts[i] = d.put(t.Put)
		case t.Update != nil:
			parts[i] = d.update(t.Update)
		case t.Delete != nil:
			parts[i] = d.delete(t.Delete)
		case t.ConditionCheck != nil:
			parts[i] = d.check(t.ConditionCheck)
		default:
			return nil, invalid("a part of a transaction must be Put, Update, Delete or ConditionCheck")
		}
	}
	_, err := d.write(ctx, parts)
	if c, ok := errors.AsType[conflict](err); ok {
		return nil, &failure{Type: "TransactionCanceledException", Message: c.Error(), Reasons: c}
	}
	return struct{}{}, err
}
