package memory

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	minidyn "github.com/truora/minidyn/server"
)

// view is a table or an index of it by its keys: where its items are, and how a Query looks at what it is about alone.
type view struct {
	hash, sort string
	table      []string // names of the table's keys, in whose order those stand that sort alike
	keysOnly   bool
	items      map[string]map[string]item // by hash and place
}

// views makes the views of a new table: of itself under "", and of its indexes. Tables with keys that are no strings, or
// that have no sort key, have none.
func views(in *minidyn.CreateTableInput) map[string]*view {
	all := map[string]*view{}
	table := keyNames(in.KeySchema)
	if len(table) != 2 {
		return nil
	}
	all[""] = &view{hash: table[0], sort: table[1], table: table, items: map[string]map[string]item{}}
	for _, x := range in.GlobalSecondaryIndexes {
		keys := keyNames(x.KeySchema)
		if len(keys) != 2 || x.Projection == nil || x.Projection.ProjectionType == types.ProjectionTypeInclude {
			return nil
		}
		all[aws.ToString(x.IndexName)] = &view{
			hash: keys[0], sort: keys[1], table: table, items: map[string]map[string]item{},
			keysOnly: x.Projection.ProjectionType == types.ProjectionTypeKeysOnly,
		}
	}
	for _, a := range in.AttributeDefinitions {
		if a.AttributeType != types.ScalarAttributeTypeS {
			return nil
		}
	}
	return all
}

// keyNames are the names of a schema's keys, the hash first.
func keyNames(schema []types.KeySchemaElement) []string {
	var names []string
	for _, k := range schema {
		if k.KeyType == types.KeyTypeHash {
			names = slices.Insert(names, 0, aws.ToString(k.AttributeName))
		} else {
			names = append(names, aws.ToString(k.AttributeName))
		}
	}
	return names
}

// place is where an item stands in a view: its hash, and what orders it there. Not every item is in every index.
func (v *view) place(m item) (hash, at string, ok bool) {
	parts := make([]string, 0, 4)
	for _, name := range append([]string{v.hash, v.sort}, v.table...) {
		a, is := m[name]
		if !is || a.S == nil {
			return "", "", false
		}
		parts = append(parts, *a.S)
	}
	return parts[0], strings.Join(parts[1:], "\x00"), true
}

// replace puts an item in place of what was; either may be empty.
func (v *view) replace(was, is item) {
	if hash, at, ok := v.place(was); ok {
		delete(v.items[hash], at)
	}
	if hash, at, ok := v.place(is); ok {
		if v.items[hash] == nil {
			v.items[hash] = map[string]item{}
		}
		v.items[hash][at] = is
	}
}

// condition is the key conditions this package understands: one hash, and at most one condition on the sort key.
var condition = regexp.MustCompile(
	`^(\S+) = (:\w+)(?: AND (?:begins_with\((\S+), (:\w+)\)|(\S+) BETWEEN (:\w+) AND (:\w+)|(\S+) (=|<=|<|>=|>) (:\w+)))?$`,
)

// bounds is what a Query asks of a view: one hash, and whether the sort key is meant.
type bounds struct {
	hash  string
	meant func(sort string) bool
}

// understand reports whether a Query is one that a view can answer, and what it asks.
func (v *view) understand(in *minidyn.QueryInput) (bounds, bool) {
	m := condition.FindStringSubmatch(aws.ToString(in.KeyConditionExpression))
	simple := in.FilterExpression == nil && in.ProjectionExpression == nil &&
		len(in.AttributesToGet)+len(in.KeyConditions)+len(in.QueryFilter) == 0
	if m == nil || !simple || v.name(in, m[1]) != v.hash {
		return bounds{}, false
	}
	for name := range in.ExpressionAttributeNames {
		if !slices.Contains([]string{m[1], m[3], m[5], m[8]}, name) {
			return bounds{}, false
		}
	}
	if sort := cmp.Or(m[3], m[5], m[8]); sort != "" && v.name(in, sort) != v.sort {
		return bounds{}, false
	}
	values := map[string]string{}
	for _, name := range []string{m[2], m[4], m[6], m[7], m[10]} {
		if a, ok := in.ExpressionAttributeValues[name]; ok && a.S != nil {
			values[name] = *a.S
		} else if name != "" {
			return bounds{}, false
		}
	}
	if len(values) != len(in.ExpressionAttributeValues) {
		return bounds{}, false // minidyn says what is wrong with it
	}
	return bounds{values[m[2]], func(sort string) bool {
		switch {
		case m[3] != "":
			return strings.HasPrefix(sort, values[m[4]])
		case m[5] != "":
			return values[m[6]] <= sort && sort <= values[m[7]]
		case m[9] == "=":
			return sort == values[m[10]]
		case m[9] == "<":
			return sort < values[m[10]]
		case m[9] == "<=":
			return sort <= values[m[10]]
		case m[9] == ">":
			return sort > values[m[10]]
		case m[9] == ">=":
			return sort >= values[m[10]]
		default:
			return true
		}
	}}, true
}

func (*view) name(in *minidyn.QueryInput, written string) string {
	return cmp.Or(in.ExpressionAttributeNames[written], written)
}

// query answers from a view where it can, and lets minidyn answer where it cannot.
func (d *DynamoDB) query(ctx context.Context, in *minidyn.QueryInput) (*minidyn.QueryOutput, error) {
	name := aws.ToString(in.TableName)
	v, ok := d.views[name][aws.ToString(in.IndexName)]
	var asked bounds
	if ok {
		asked, ok = v.understand(in)
	}
	if !ok {
		return lent(ctx, d, d.all(name), in, d.minidyn.Query)
	}
	var places []string
	for at, m := range v.items[asked.hash] {
		if asked.meant(*m[v.sort].S) {
			places = append(places, at)
		}
	}
	slices.Sort(places)
	backwards := in.ScanIndexForward != nil && !*in.ScanIndexForward
	if backwards {
		slices.Reverse(places)
	}
	if _, start, ok := v.place(in.ExclusiveStartKey); ok {
		places = slices.DeleteFunc(places, func(at string) bool {
			return at == start || (at < start) != backwards
		})
	}
	out := &minidyn.QueryOutput{}
	for _, at := range places {
		m := v.items[asked.hash][at]
		if v.keysOnly {
			m = v.keys(m)
		}
		out.Count++
		if in.Select != types.SelectCount {
			out.Items = append(out.Items, m)
		}
		if limit := aws.ToInt32(in.Limit); limit > 0 && out.Count == limit {
			out.LastEvaluatedKey = v.keys(m)
			break
		}
	}
	out.ScannedCount = out.Count
	return out, nil
}

func (v *view) keys(m item) item {
	keys := item{}
	for _, name := range append([]string{v.hash, v.sort}, v.table...) {
		keys[name] = m[name]
	}
	return keys
}
