package table_test

import (
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// What is known of a person is added to, replaced and taken away by name, and stands on their record; nothing unfit is
// kept.
func TestAttributes(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		ctx := t.Context()
		set := func(given, want map[string]string) {
			t.Helper()
			before, err := tab.Attributes(ctx, key)
			if err != nil {
				t.Fatal(err)
			}
			changed, err := tab.SetAttributes(ctx, key, given)
			if err != nil || changed == maps.Equal(before, want) {
				t.Fatalf("%v changed what was %v: %v, %v", given, before, changed, err)
			}
			got, err := tab.Attributes(ctx, key)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("after %v (-want +got):\n%s", given, diff)
			}
		}
		if got, err := tab.Attributes(ctx, key); len(got) > 0 || err != nil {
			t.Errorf("of nobody: %v, %v", got, err)
		}
		if _, err := tab.SetAttributes(ctx, key, map[string]string{"first_name": "Ana"}); !errors.Is(err, table.ErrNoContact) {
			t.Errorf("of nobody something is kept: %v", err)
		}
		subscribe(t, tab, key, phone.Told{}, alerts.Topics...)
		set(map[string]string{"first_name": " Ana ", "city": "Paris"}, map[string]string{"first_name": "Ana", "city": "Paris"})
		set(map[string]string{"city": "", "first_name": "Zoë"}, map[string]string{"first_name": "Zoë"})
		set(map[string]string{"first_name": "Zoë"}, map[string]string{"first_name": "Zoë"})
		many := map[string]string{"first_name": "Ana"}
		for i := range 10 {
			many[fmt.Sprintf("f%d", i)] = "x"
		}
		for _, unfit := range []map[string]string{{"first_name": "evil.com"}, {"First Name": "Ana"}, {"first_name": "a\nb"}, many} {
			_, err := tab.SetAttributes(ctx, key, unfit)
			if _, ok := errors.AsType[*phone.FieldError](err); !ok {
				t.Errorf("%v is kept: %v", unfit, err)
			}
		}
		r, err := tab.Person(ctx, key)
		if diff := cmp.Diff(map[string]string{"first_name": "Zoë"}, r.Attributes); diff != "" || err != nil || len(r.Faults) > 0 {
			t.Errorf("on record (-want +got):\n%s%v, faults %v", diff, err, r.Faults)
		}
		other := consent.Key{Brand: key.Brand, Phone: "+12065550199"}
		contacts, attributes, unreadable, err := tab.Recipients(ctx, []consent.Key{key, other}, true)
		if err != nil || len(unreadable) > 0 || len(contacts) != 2 || contacts[0].Key != key || contacts[1].Key != other {
			t.Errorf("read %v, %v, %v", contacts, unreadable, err)
		}
		if diff := cmp.Diff(map[consent.Key]map[string]string{key: {"first_name": "Zoë"}}, attributes); diff != "" {
			t.Errorf("read with their contacts (-want +got):\n%s", diff)
		}
	})
}

// Two writers at once lose nothing of each other's.
func TestAttributesInParallel(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		subscribe(t, tab, key, phone.Told{}, alerts.Topics...)
		var all sync.WaitGroup
		kept := make([]bool, 3)
		for i := range kept {
			all.Go(func() {
				_, err := tab.SetAttributes(t.Context(), key, map[string]string{fmt.Sprintf("f%d", i): "x"})
				kept[i] = err == nil
				if err != nil && !errors.Is(err, table.ErrConflict) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		got, err := tab.Attributes(t.Context(), key)
		for i := range kept {
			if name := fmt.Sprintf("f%d", i); (got[name] == "x") != kept[i] {
				t.Errorf("%s: kept %v, and there is %v", name, kept[i], got)
			}
		}
		if err != nil || len(got) == 0 {
			t.Errorf("there is %v, %v", got, err)
		}
	})
}

// Attributes that somebody else wrote are not put into a text, and show on the record.
func TestForgedAttributes(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		subscribe(t, tab, key, phone.Told{}, alerts.Topics...)
		if _, err := tab.SetAttributes(t.Context(), key, map[string]string{"first_name": "Ana"}); err != nil {
			t.Fatal(err)
		}
		_, err := s.Client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
			TableName: aws.String(s.Table),
			Key: map[string]types.AttributeValue{
				"pk": &types.AttributeValueMemberS{Value: "CONTACT#" + key.Brand + "#" + string(key.Phone)},
				"sk": &types.AttributeValueMemberS{Value: "ATTRIBUTES"},
			},
			UpdateExpression: aws.String("SET f = :f"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":f": &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{
				"first_name": &types.AttributeValueMemberS{Value: "Eve"},
			}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := tab.Attributes(t.Context(), key); len(got) > 0 || err != nil {
			t.Errorf("read %v, %v", got, err)
		}
		if _, got, _, err := tab.Recipients(t.Context(), []consent.Key{key}, true); len(got) > 0 || err != nil {
			t.Errorf("read with their contacts: %v, %v", got, err)
		}
		if r, err := tab.Person(t.Context(), key); err != nil || len(r.Faults) != 1 || len(r.Attributes) > 0 {
			t.Errorf("on record: %v, faults %v, %v", r.Attributes, r.Faults, err)
		}
		// Whoever writes them anew mends them.
		if _, err := tab.SetAttributes(t.Context(), key, map[string]string{"city": "Paris"}); err != nil {
			t.Error(err)
		}
		if got, err := tab.Attributes(t.Context(), key); err != nil || !maps.Equal(got, map[string]string{"city": "Paris"}) {
			t.Errorf("written anew: %v, %v", got, err)
		}
	})
}
