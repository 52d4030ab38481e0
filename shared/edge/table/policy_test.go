package table_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Every version ever in force stays, and of two who publish over the same one only the first does.
func TestPublicationsFollowOneAnother(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		if p, err := tab.InForce(t.Context()); err != nil || p != (program.Publication{}) {
			t.Errorf("before anybody: %+v (%v)", p, err)
		}
		first := program.Publication{Number: 1, Hash: "one", Before: "built in", At: noon, By: "ana", Tables: "t", TZ: "2026f"}
		second := program.Publication{Number: 2, Hash: "two", Before: "one", At: noon.Add(time.Hour), By: "ben"}
		late := program.Publication{Number: 2, Hash: "three", Before: "one", At: noon.Add(time.Hour), By: "eve"}
		for _, p := range []program.Publication{first, second} {
			if err := tab.Publish(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range []program.Publication{first, late, {Number: 4, Hash: "four"}} {
			if err := tab.Publish(t.Context(), p); !errors.Is(err, table.ErrConflict) {
				t.Errorf("over another than is in force: %v", err)
			}
		}
		if p, err := tab.InForce(t.Context()); err != nil || p != second {
			t.Errorf("in force is %+v (%v)", p, err)
		}
		all, err := tab.Publications(t.Context())
		if diff := cmp.Diff([]program.Publication{first, second}, all); err != nil || diff != "" {
			t.Errorf("on record: %v\n%s", err, diff)
		}
	})
}

// A programs.yaml is read back as it was stored, up to what an item holds once it is compressed; what is not what its
// hash says is not taken for it.
func TestProgramsAreReadBackByTheirHash(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		large := make([]byte, program.MaxFile)
		for i := range large {
			large[i] = "0123456789abcdef"[rand.IntN(4)] // which compresses to a quarter
		}
		for _, text := range [][]byte{[]byte("brands: []\n"), large} {
			if err := tab.StorePrograms(t.Context(), hashOf(text), text); err != nil {
				t.Fatal(err)
			}
			if got, err := tab.Programs(t.Context(), hashOf(text)); err != nil || !bytes.Equal(got, text) {
				t.Errorf("read %d bytes of %d (%v)", len(got), len(text), err)
			}
		}
		if _, err := tab.Programs(t.Context(), hashOf(nil)); !errors.Is(err, table.ErrNotFound) {
			t.Errorf("what nobody kept: %v", err)
		}
		for i := range large {
			large[i] = byte(rand.Uint32()) // which does not compress
		}
		if err := tab.StorePrograms(t.Context(), hashOf(large), large); !errors.Is(err, table.ErrTooLarge) {
			t.Errorf("more than an item holds: %v", err)
		}
		forged := []byte("brands: [another]\n")
		if err := tab.StorePrograms(t.Context(), "aa", forged); err != nil {
			t.Fatal(err)
		}
		if _, err := tab.Programs(t.Context(), "aa"); err == nil {
			t.Error("took a text for another")
		}
		_, err := s.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &s.Table, Item: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "POLICY"}, "sk": &types.AttributeValueMemberS{Value: "CURRENT"},
		}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tab.InForce(t.Context()); err == nil {
			t.Error("took an item that names nothing for what is in force")
		}
	})
}

// What was ever in force stays listed, whatever becomes of the item that says what is now.
func TestAPublicationIsNeverWrittenOver(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	first := program.Publication{Number: 1, Hash: "a", By: "Ana"}
	if err := tab.Publish(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{
		TableName: &s.Table, Key: item{"pk": text("POLICY"), "sk": text("CURRENT")},
	}); err != nil {
		t.Fatal(err)
	}
	if err := tab.Publish(t.Context(), program.Publication{Number: 1, Hash: "b"}); err == nil {
		t.Error("another of its number is listed")
	}
	if all, err := tab.Publications(t.Context()); err != nil || len(all) != 1 || all[0] != first {
		t.Errorf("%+v, %v", all, err)
	}
}

// What is stored under a hash and is no programs.yaml is not read as an empty one, and what else is written in a
// transaction is no publication.
func TestWhatIsNoPublication(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	if _, err := s.Client.PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: &s.Table, Item: item{"pk": text("POLICY"), "sk": text("VERSION#aa"), "yaml": text("brands: []")},
	}); err != nil {
		t.Fatal(err)
	}
	if got, err := tab.Programs(t.Context(), "aa"); err == nil {
		t.Errorf("read %q", got)
	}
	for pk, want := range map[string]bool{"POLICY": true, "CONTACT#example#+1": false} {
		for _, write := range []types.TransactWriteItem{
			{Put: &types.Put{Item: item{"pk": text(pk)}}}, {Update: &types.Update{Key: item{"pk": text("CAMPAIGN#c")}}},
		} {
			in := &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{write}}
			if got := table.IsPublication(in); got != (want && write.Put != nil) {
				t.Errorf("%s: %t", pk, got)
			}
		}
	}
}
