package world

import (
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

// Item is an item of the table. Tests use it to change the table without the functions.
type Item = map[string]types.AttributeValue

func primary(n phone.Number, sk string) Item {
	return Item{
		"pk": &types.AttributeValueMemberS{Value: "CONTACT#example#" + string(n)},
		"sk": &types.AttributeValueMemberS{Value: sk},
	}
}

// Item reads one of a person's items. It must exist.
func (w *World) Item(n phone.Number, sk string) Item {
	w.T.Helper()
	in := &dynamodb.GetItemInput{TableName: &w.Store.Table, Key: primary(n, sk)}
	out, err := w.Store.Client.GetItem(w.T.Context(), in)
	if err != nil || len(out.Item) == 0 {
		w.T.Fatalf("item %s: %v, %v", sk, out, err)
	}
	return out.Item
}

// PutBack writes items as they were read.
func (w *World) PutBack(items ...Item) {
	w.T.Helper()
	for _, m := range items {
		in := &dynamodb.PutItemInput{TableName: &w.Store.Table, Item: m}
		if _, err := w.Store.Client.PutItem(w.T.Context(), in); err != nil {
			w.T.Fatal(err)
		}
	}
}

// TakeAway deletes one of a person's items. It must exist.
func (w *World) TakeAway(n phone.Number, sk string) {
	w.T.Helper()
	w.Item(n, sk)
	in := &dynamodb.DeleteItemInput{TableName: &w.Store.Table, Key: primary(n, sk)}
	if _, err := w.Store.Client.DeleteItem(w.T.Context(), in); err != nil {
		w.T.Fatal(err)
	}
}

// Spoil makes a person's contact unreadable.
func (w *World) Spoil(n phone.Number) {
	w.T.Helper()
	m := w.Item(n, "CONTACT")
	m["sub"] = &types.AttributeValueMemberS{Value: "?"}
	w.PutBack(m)
}

// Texts returns every text on record, by its ID. It scans the whole table once, which is cheaper than reading the
// records of many people.
func (w *World) Texts() map[string]consent.Message {
	w.T.Helper()
	texts := map[string]consent.Message{}
	pages := dynamodb.NewScanPaginator(w.Store.Client, &dynamodb.ScanInput{TableName: &w.Store.Table})
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.T.Context())
		if err != nil {
			w.T.Fatal(err)
		}
		for _, m := range page.Items {
			id, is := strings.CutPrefix(attribute(m, "sk"), "MESSAGE#")
			if !is || strings.Contains(id, "#") { // a receipt has "#" in its key
				continue
			}
			ms, err := strconv.ParseInt(attribute(m, "at"), 10, 64)
			if err != nil {
				w.T.Fatal(err)
			}
			texts[id] = consent.Message{
				ID: id, At: time.UnixMilli(ms).UTC(), Campaign: attribute(m, "camp"), Body: attribute(m, "body"),
				Status: consent.Status(attribute(m, "status")),
			}
		}
	}
	return texts
}

func attribute(m Item, name string) string {
	switch v := m[name].(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	default:
		return ""
	}
}
