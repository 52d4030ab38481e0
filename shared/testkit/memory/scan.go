package memory

import (
	"cmp"
	"context"
	"hash/fnv"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	minidyn "github.com/truora/minidyn/server"
)

// scanned is about as many bytes as DynamoDB looks at in one Scan.
const scanned = 1 << 20

// scan answers a Scan of a whole table, or of a segment of it, from the table's view: the items of a hash side by side
// and in order, the hashes in an order nobody may rely on, a page at a time. Any other Scan minidyn answers.
func (d *DynamoDB) scan(ctx context.Context, in *minidyn.ScanInput) (*minidyn.ScanOutput, error) {
	v, ok := d.views[aws.ToString(in.TableName)][""]
	if !ok || in.IndexName != nil || in.FilterExpression != nil || in.ProjectionExpression != nil {
		return lent(ctx, d, d.all(aws.ToString(in.TableName)), in, d.minidyn.Scan)
	}
	total := max(aws.ToInt32(in.TotalSegments), 1)
	segment := aws.ToInt32(in.Segment)
	if segment < 0 || segment >= total || (in.Segment == nil) != (in.TotalSegments == nil) {
		return nil, invalid("Segment must be less than TotalSegments, and both be given")
	}
	hashes := slices.SortedFunc(maps.Keys(v.items), func(a, b string) int {
		return cmp.Or(cmp.Compare(scatter(a), scatter(b)), cmp.Compare(a, b))
	})
	from, start, begun := v.place(in.ExclusiveStartKey)
	out, size := &minidyn.ScanOutput{}, 0
	for _, hash := range hashes {
		behind := cmp.Or(cmp.Compare(scatter(hash), scatter(from)), cmp.Compare(hash, from))
		if scatter(hash)%uint32(total) != uint32(segment) || (begun && behind < 0) {
			continue
		}
		for _, at := range slices.Sorted(maps.Keys(v.items[hash])) {
			if begun && behind == 0 && at <= start {
				continue
			}
			m := v.items[hash][at]
			size += sizeOf(m)
			out.Items = append(out.Items, m)
			out.Count++
			if limit := aws.ToInt32(in.Limit); size >= scanned || (limit > 0 && out.Count == limit) {
				out.ScannedCount, out.LastEvaluatedKey = out.Count, v.keys(m)
				return out, nil
			}
		}
	}
	out.ScannedCount = out.Count
	return out, nil
}

// sizeOf is about as many bytes as an item has.
func sizeOf(m item) int {
	n := 0
	for name, v := range m {
		n += len(name) + sizeOfValue(v)
	}
	return n
}

func sizeOfValue(v *minidyn.AttributeValue) int {
	n := len(aws.ToString(v.S)) + len(aws.ToString(v.N)) + len(v.B) + sizeOf(v.M)
	for _, e := range v.L {
		n += sizeOfValue(e)
	}
	for _, s := range v.SS {
		n += len(aws.ToString(s))
	}
	return n
}

// scatter spreads hashes as DynamoDB does, so that no order of theirs shows.
func scatter(hash string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(hash))
	return h.Sum32()
}
