package memory

import (
	"hash/crc32"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/btree"
)

type item = map[string]types.AttributeValue

// maxItem is how many bytes an item may have (docs.aws.amazon.com, "Service, account, and table quotas").
const maxItem = 400 << 10

// store is a table: its items in the order of its keys, and again in the order of each index.
type store struct {
	made  *dynamodb.CreateTableInput
	views map[string]*view // by name of the index; empty for the table itself
}

// view is a table, or an index of it.
type view struct {
	hash, sort string
	table      []string // names of the table's keys, which order items with the same keys of the index
	names      []string // names of all these keys, each once
	keysOnly   bool
	items      *btree.BTreeG[entry]
}

// entry is an item in a view. As with DynamoDB, hashes are in no useful order.
type entry struct {
	spread uint32 // hash code of the hash key
	hash   string
	at     string // orders the entries with the same hash key
	item   item
	size   int
}

func (e entry) before(o entry) bool {
	if e.spread != o.spread {
		return e.spread < o.spread
	}
	if e.hash != o.hash {
		return e.hash < o.hash
	}
	return e.at < o.at
}

// spread returns a hash code, so that the segments of a Scan are about equal.
func spread(hash string) uint32 { return crc32.ChecksumIEEE([]byte(hash)) }

// last sorts after every string that begins with what precedes it, because UTF-8 has no such byte.
const last = "\xff"

func newStore(in *dynamodb.CreateTableInput) (*store, error) {
	if aws.ToString(in.TableName) == "" || len(in.LocalSecondaryIndexes) > 0 {
		return nil, invalid("a table needs a name, and has no local indexes here")
	}
	for _, a := range in.AttributeDefinitions {
		if a.AttributeType != types.ScalarAttributeTypeS {
			return nil, invalid("keys are strings here, and %s is none", aws.ToString(a.AttributeName))
		}
	}
	keys := keyNames(in.KeySchema)
	t := &store{made: in, views: map[string]*view{"": newView(keys, keys)}}
	for _, x := range in.GlobalSecondaryIndexes {
		v := newView(keyNames(x.KeySchema), keys)
		if x.Projection != nil {
			v.keysOnly = x.Projection.ProjectionType == types.ProjectionTypeKeysOnly
			if x.Projection.ProjectionType == types.ProjectionTypeInclude {
				return nil, invalid("an index has all attributes or the keys alone here")
			}
		}
		t.views[aws.ToString(x.IndexName)] = v
	}
	for _, v := range t.views {
		if v.hash == "" {
			return nil, invalid("a table and its indexes have a key each")
		}
	}
	return t, nil
}

func newView(keys, table []string) *view {
	const degree = 32
	keys = append(slices.Clip(keys), "", "")
	v := &view{hash: keys[0], sort: keys[1], table: table, items: btree.NewG(degree, entry.before)}
	for _, name := range append([]string{v.hash, v.sort}, table...) {
		if name != "" && !slices.Contains(v.names, name) {
			v.names = append(v.names, name)
		}
	}
	return v
}

// keyNames returns the names of a schema's keys, the hash key first.
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

func (t *store) describe() *types.TableDescription {
	d := &types.TableDescription{
		TableName: t.made.TableName, TableStatus: types.TableStatusActive, KeySchema: t.made.KeySchema,
		AttributeDefinitions: t.made.AttributeDefinitions, ItemCount: aws.Int64(int64(t.views[""].items.Len())),
	}
	for _, x := range t.made.GlobalSecondaryIndexes {
		d.GlobalSecondaryIndexes = append(d.GlobalSecondaryIndexes, types.GlobalSecondaryIndexDescription{
			IndexName: x.IndexName, KeySchema: x.KeySchema, Projection: x.Projection, IndexStatus: types.IndexStatusActive,
		})
	}
	return d
}

// view returns the table or the index that a call names.
func (t *store) view(index *string) (*view, error) {
	if v, ok := t.views[aws.ToString(index)]; ok {
		return v, nil
	}
	return nil, invalid("The table does not have the specified index: %s", aws.ToString(index))
}

// place returns an item's entry in a view, and reports whether the item is in it. An item without an index's keys is
// not in the index.
func (v *view) place(m item) (entry, bool) {
	var parts [4]string // the hash and the sort key of the view, and those of the table
	n := 2
	for i, name := range [...]string{v.hash, v.sort} {
		if name == "" {
			continue
		}
		a, is := m[name].(*types.AttributeValueMemberS)
		if !is {
			return entry{}, false
		}
		parts[i] = a.Value
	}
	for _, name := range v.names[min(n, len(v.names)):] { // an index may have several items with the same keys
		a, is := m[name].(*types.AttributeValueMemberS)
		if !is {
			return entry{}, false
		}
		parts[n] = a.Value
		n++
	}
	return entry{spread: spread(parts[0]), hash: parts[0], at: strings.Join(parts[1:n], "\x00")}, true
}

// sort returns the sort key of an entry.
func (e entry) sort() string {
	sort, _, _ := strings.Cut(e.at, "\x00")
	return sort
}

// keys returns the keys of an item in a view.
func (v *view) keys(m item) item {
	keys := make(item, len(v.names))
	for _, name := range v.names {
		keys[name] = m[name]
	}
	return keys
}

// get returns the item with a key; nil for none.
func (t *store) get(key item) item {
	v := t.views[""]
	at, ok := v.place(key)
	if !ok {
		return nil
	}
	e, _ := v.items.Get(at)
	return e.item
}

// set replaces one item by another. Either may be nil.
func (t *store) set(was, is item) {
	size := sizeOf(is)
	for _, v := range t.views {
		if e, ok := v.place(was); ok {
			v.items.Delete(e)
		}
		if e, ok := v.place(is); ok {
			e.item, e.size = is, size
			v.items.ReplaceOrInsert(e)
		}
	}
}

// isKey returns an error where an item is not exactly a key of the table.
func (t *store) isKey(key item) error {
	if len(key) != len(t.views[""].table) {
		return invalid("The provided key element does not match the schema")
	}
	return t.hasKey(key)
}

// hasKey returns an error where an item lacks a key of the table, or has a value that could not be a key of an index.
func (t *store) hasKey(m item) error {
	for index, v := range t.views {
		for _, name := range []string{v.hash, v.sort} {
			a, there := m[name]
			if s, is := a.(*types.AttributeValueMemberS); name != "" && (there || index == "") && (!is || s.Value == "") {
				return invalid("One or more parameter values were invalid: the key %s must be a string, and not empty", name)
			}
		}
	}
	return nil
}

// fits returns an error where an item cannot be stored.
func (t *store) fits(m item) error {
	if err := t.hasKey(m); err != nil {
		return err
	}
	if sizeOf(m) > maxItem {
		return invalid("Item size has exceeded the maximum allowed size")
	}
	return nil
}

// sizeOf returns about how many bytes an item has for DynamoDB.
func sizeOf(m item) int {
	n := 0
	for name, v := range m {
		n += len(name) + sizeOfValue(v)
	}
	return n
}

func sizeOfValue(v types.AttributeValue) int {
	n := 1
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberN:
		return len(v.Value)/2 + 1 //nolint:mnd // two digits a byte
	case *types.AttributeValueMemberB:
		return len(v.Value)
	case *types.AttributeValueMemberM:
		n += 2 + sizeOf(v.Value) + len(v.Value)
	case *types.AttributeValueMemberL:
		n += 2 + len(v.Value)
		for _, e := range v.Value {
			n += sizeOfValue(e)
		}
	case *types.AttributeValueMemberSS:
		n = len(strings.Join(v.Value, ""))
	case *types.AttributeValueMemberNS:
		n = len(strings.Join(v.Value, ""))
	case *types.AttributeValueMemberBS:
		for _, b := range v.Value {
			n += len(b)
		}
	default:
	}
	return n
}
