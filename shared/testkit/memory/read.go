package memory

import (
	"encoding/json"
	"math"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	// page is about how many bytes DynamoDB reads in one Query or Scan.
	page = 1 << 20

	maxGet = 100 // keys of one BatchGetItem
)

func (d *DynamoDB) getItem(in *dynamodb.GetItemInput) (*dynamodb.GetItemOutput, error) {
	m, err := d.one(in.TableName, in.Key, in.ProjectionExpression, in.ExpressionAttributeNames)
	if err != nil {
		return nil, err
	}
	return &dynamodb.GetItemOutput{Item: m}, nil
}

// one returns an item, or the requested parts of it; nil where there is none.
func (d *DynamoDB) one(table *string, key item, only *string, names map[string]string) (item, error) {
	t, err := d.table(table)
	if err != nil {
		return nil, err
	}
	if err := t.isKey(key); err != nil {
		return nil, err
	}
	e := &env{names: names}
	project, err := d.projection(e, only)
	if err != nil {
		return nil, err
	}
	if err := e.allUsed(); err != nil {
		return nil, err
	}
	return project(t.get(key)), nil
}

func (d *DynamoDB) batchGetItem(in *dynamodb.BatchGetItemInput) (*dynamodb.BatchGetItemOutput, error) {
	out := &dynamodb.BatchGetItemOutput{
		Responses: map[string][]item{}, UnprocessedKeys: map[string]types.KeysAndAttributes{},
	}
	n := 0
	for table, asked := range in.RequestItems {
		seen := map[string]bool{}
		for _, key := range asked.Keys {
			if id := identity(table, key); seen[id] {
				return nil, invalid("Provided list of item keys contains duplicates")
			} else if n++; n <= maxGet {
				seen[id] = true
			}
			m, err := d.one(&table, key, asked.ProjectionExpression, asked.ExpressionAttributeNames)
			if err != nil {
				return nil, err
			}
			if m != nil {
				out.Responses[table] = append(out.Responses[table], m)
			}
		}
	}
	if n < 1 || n > maxGet {
		return nil, invalid("a batch must ask for 1 to %d items", maxGet)
	}
	return out, nil
}

// identity returns a string that differs for all items.
func identity(table string, key item) string {
	id, _ := json.Marshal([]any{table, key}) // keys are strings
	return string(id)
}

func (d *DynamoDB) transactGetItems(in *dynamodb.TransactGetItemsInput) (*dynamodb.TransactGetItemsOutput, error) {
	out := &dynamodb.TransactGetItemsOutput{}
	if n := len(in.TransactItems); n < 1 || n > maxTransaction {
		return nil, invalid("a transaction must have 1 to %d parts", maxTransaction)
	}
	for _, p := range in.TransactItems {
		if p.Get == nil {
			return nil, invalid("a part of a transaction that reads must be a Get")
		}
		m, err := d.one(p.Get.TableName, p.Get.Key, p.Get.ProjectionExpression, p.Get.ExpressionAttributeNames)
		if err != nil {
			return nil, err
		}
		out.Responses = append(out.Responses, types.ItemResponse{Item: m})
	}
	return out, nil
}

// look is a Query or a Scan while it reads a view.
type look struct {
	view    *view
	env     *env
	filter  *condition
	project func(item) item
	limit   int32
	count   bool // only the number of items is requested

	items          []item
	found, scanned int32
	size           int
	next           item // key of the last item of this page; nil where no page follows
}

// visit reads an item, and reports whether to go on.
func (l *look) visit(e entry) (bool, error) {
	m := e.item
	if l.view.keysOnly {
		m = l.view.keys(m)
	}
	l.scanned++
	l.size += e.size
	meant := true
	if l.filter != nil {
		var err error
		if meant, err = l.filter.holds(l.env, m); err != nil {
			return false, err
		}
	}
	if meant {
		l.found++
		if !l.count {
			l.items = append(l.items, l.project(m))
		}
	}
	if l.scanned == l.limit || l.size >= page {
		l.next = l.view.keys(e.item)
		return false, nil
	}
	return true, nil
}

// looking prepares what Query and Scan have in common. A Scan's input has all the fields for it.
func (d *DynamoDB) looking(in *dynamodb.ScanInput) (*look, error) {
	t, err := d.table(in.TableName)
	if err != nil {
		return nil, err
	}
	v, err := t.view(in.IndexName)
	if err != nil {
		return nil, err
	}
	if in.IndexName != nil && aws.ToBool(in.ConsistentRead) {
		return nil, invalid("Consistent reads are not supported on global secondary indexes")
	}
	if in.Limit != nil && *in.Limit < 1 {
		return nil, invalid("Limit must be greater than or equal to 1")
	}
	e := &env{names: in.ExpressionAttributeNames, values: in.ExpressionAttributeValues}
	l := &look{view: v, env: e, limit: aws.ToInt32(in.Limit), count: in.Select == types.SelectCount}
	if l.filter, err = d.condition(e, in.FilterExpression); err != nil {
		return nil, err
	}
	l.project, err = d.projection(e, in.ProjectionExpression)
	return l, err
}

// begins returns the entry after which a page begins. ok is false for the first page.
func (l *look) begins(start item) (behind entry, ok bool, err error) {
	if len(start) == 0 {
		return entry{}, false, nil
	}
	if behind, ok = l.view.place(start); !ok || len(start) != len(l.view.names) {
		return entry{}, false, invalid("The provided starting key is invalid")
	}
	return behind, true, nil
}

func (d *DynamoDB) query(in *dynamodb.QueryInput) (*dynamodb.QueryOutput, error) {
	l, err := d.looking(&dynamodb.ScanInput{
		TableName: in.TableName, IndexName: in.IndexName, ConsistentRead: in.ConsistentRead, Limit: in.Limit,
		FilterExpression: in.FilterExpression, ProjectionExpression: in.ProjectionExpression, Select: in.Select,
		ExpressionAttributeNames: in.ExpressionAttributeNames, ExpressionAttributeValues: in.ExpressionAttributeValues,
	})
	if err != nil {
		return nil, err
	}
	asked, err := d.bounds(l.view, l.env, in.KeyConditionExpression)
	if err != nil {
		return nil, err
	}
	if err := l.env.allUsed(); err != nil {
		return nil, err
	}
	behind, begun, err := l.begins(in.ExclusiveStartKey)
	if err != nil {
		return nil, err
	}
	back := in.ScanIndexForward != nil && !*in.ScanIndexForward
	from := entry{spread: spread(asked.hash), hash: asked.hash, at: asked.low}
	if back {
		from.at = asked.high
	}
	if begun && from.before(behind) != back {
		from = behind
	}
	var failed error
	visit := func(at entry) bool {
		if at.hash != asked.hash {
			return false
		}
		where := asked.where(at.sort())
		if where == 0 && (!begun || at.at != behind.at) {
			var more bool
			more, failed = l.visit(at)
			return more
		}
		return where == 0 || (where > 0) == back // skip entries before the range
	}
	if back {
		l.view.items.DescendLessOrEqual(from, visit)
	} else {
		l.view.items.AscendGreaterOrEqual(from, visit)
	}
	return &dynamodb.QueryOutput{
		Items: l.items, Count: l.found, ScannedCount: l.scanned, LastEvaluatedKey: l.next,
	}, failed
}

// scan reads a table, or a segment of it. Items with the same hash are side by side and in order.
func (d *DynamoDB) scan(in *dynamodb.ScanInput) (*dynamodb.ScanOutput, error) {
	l, err := d.looking(in)
	if err != nil {
		return nil, err
	}
	if err := l.env.allUsed(); err != nil {
		return nil, err
	}
	total, segment := uint64(max(aws.ToInt32(in.TotalSegments), 1)), uint64(max(aws.ToInt32(in.Segment), 0))
	if segment >= total || (in.Segment == nil) != (in.TotalSegments == nil) {
		return nil, invalid("Segment must be less than TotalSegments, and both be given")
	}
	edge := func(n uint64) uint64 { return n * (math.MaxUint32 + 1) / total }
	behind, begun, err := l.begins(in.ExclusiveStartKey)
	if err != nil {
		return nil, err
	}
	from := entry{spread: uint32(edge(segment))}
	if begun && from.before(behind) {
		from = behind
	}
	var failed error
	l.view.items.AscendGreaterOrEqual(from, func(at entry) bool {
		if uint64(at.spread) >= edge(segment+1) {
			return false
		}
		if begun && at.hash == behind.hash && at.at == behind.at {
			return true
		}
		var more bool
		more, failed = l.visit(at)
		return more
	})
	return &dynamodb.ScanOutput{
		Items: l.items, Count: l.found, ScannedCount: l.scanned, LastEvaluatedKey: l.next,
	}, failed
}
