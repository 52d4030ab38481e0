package memory

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	minidyn "github.com/truora/minidyn/server"
)

// loan is an item of a table that is in a view, for minidyn to answer one call with.
type loan struct {
	table string
	item  item
}

// lent has minidyn answer a call about items that it does not hold.
func lent[In, Out any](
	ctx context.Context, d *DynamoDB, loans []loan, in In, call func(context.Context, In) (Out, error),
) (out Out, err error) {
	defer func() {
		for _, l := range loans {
			_ = d.minidyn.ClearTable(l.table) // it fails only where there is no such table
		}
	}()
	for _, l := range loans {
		put := &minidyn.PutItemInput{TableName: &l.table, Item: l.item}
		if _, err := d.minidyn.PutItem(ctx, put); err != nil {
			return out, err
		}
	}
	return call(ctx, in)
}

// viewed returns the item of a table with that key, where the table's items are in a view and there is one.
func (d *DynamoDB) viewed(table string, key item) (item, bool) {
	v, ok := d.views[table][""]
	if !ok {
		return nil, false
	}
	hash, at, ok := v.place(key)
	if !ok {
		return nil, false
	}
	m, ok := v.items[hash][at]
	return m, ok
}

// loan returns the item of a table with that key, if it has to be lent.
func (d *DynamoDB) loan(table *string, key item) []loan {
	if m, ok := d.viewed(aws.ToString(table), key); ok {
		return []loan{{*table, m}}
	}
	return nil
}

// all returns all items of a table that have to be lent.
func (d *DynamoDB) all(table string) []loan {
	var all []loan
	if v, ok := d.views[table][""]; ok {
		for _, places := range v.items {
			for _, m := range places {
				all = append(all, loan{table, m})
			}
		}
	}
	return all
}

func (d *DynamoDB) getItem(ctx context.Context, in *minidyn.GetItemInput) (*minidyn.GetItemOutput, error) {
	return lent(ctx, d, d.loan(in.TableName, in.Key), in, d.minidyn.GetItem)
}

func (d *DynamoDB) batchGetItem(
	ctx context.Context, in *minidyn.BatchGetItemInput,
) (*minidyn.BatchGetItemOutput, error) {
	var loans []loan
	for table, asked := range in.RequestItems {
		for _, key := range asked.Keys {
			loans = append(loans, d.loan(&table, key)...)
		}
	}
	return lent(ctx, d, loans, in, d.minidyn.BatchGetItem)
}

func (d *DynamoDB) transactGetItems(
	ctx context.Context, in *minidyn.TransactGetItemsInput,
) (*minidyn.TransactGetItemsOutput, error) {
	var loans []loan
	for _, t := range in.TransactItems {
		if t.Get != nil {
			loans = append(loans, d.loan(t.Get.TableName, t.Get.Key)...)
		}
	}
	return lent(ctx, d, loans, in, d.minidyn.TransactGetItems)
}
