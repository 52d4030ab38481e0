package table_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// fewAtOnce makes DynamoDB end a page of a Scan after some items, as it does after a megabyte.
type fewAtOnce struct {
	table.API
	items int32
}

func (f fewAtOnce) Scan(ctx context.Context, in *dynamodb.ScanInput, opts ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error) {
	few := *in
	few.Limit = aws.Int32(f.items)
	return f.API.Scan(ctx, &few, opts...)
}

// joined stores so many people who asked for alerts and said YES.
func joined(t *testing.T, tab *table.Table, n int) (keys []consent.Key) {
	t.Helper()
	for i := range n {
		k := consent.Key{Brand: "example", Phone: phone.Number(fmt.Sprintf("+1206555%04d", 100+i))}
		keys = append(keys, k)
		if i%2 == 0 {
			subscribe(t, tab, k, phone.Told{}, alerts.Topics[0])
		} else {
			commit(t, tab, asked(consent.Contact{Key: k}, noon, phone.Told{}, alerts.Topics[0]), noon)
		}
	}
	return keys
}

// everybody reads all there is, page by page, and returns whom it met.
func everybody(t *testing.T, tab *table.Table) map[consent.Key][]inspect.Subject {
	t.Helper()
	met := map[consent.Key][]inspect.Subject{}
	for segment := range table.Segments {
		for at, pages := (table.Position{}), 0; ; pages++ {
			people, next, err := tab.ScanRecords(t.Context(), segment, at, noon.Add(time.Hour))
			if err != nil || pages > 1000 {
				t.Fatal(pages, err)
			}
			for i := range people {
				s := people[i]
				met[s.Record.Contact.Key] = append(met[s.Record.Contact.Key], s)
			}
			if at = next; at == (table.Position{}) {
				break
			}
		}
	}
	return met
}

// Everybody is met once with all that is on record about them, whatever fits on a page, and nothing but people is met.
func TestEverybodyIsMetOnceAndWhole(t *testing.T) {
	each(t, func(t *testing.T, _ *table.Table, s dynamotest.Store) {
		tab := table.New(s.Client, s.Table, ledger(t))
		keys := joined(t, tab, 24)
		if err := tab.CreateCampaign(t.Context(), newCampaign(1)); err != nil {
			t.Fatal(err)
		}
		if _, err := tab.Allow(t.Context(), "key", 1, time.Hour, noon); err != nil {
			t.Fatal(err)
		}
		for _, items := range []int32{1, 2, 3, 5, 100} {
			met := everybody(t, table.New(fewAtOnce{s.Client, items}, s.Table, ledger(t)))
			if len(met) != len(keys) {
				t.Errorf("pages of %d: met %d people, want %d", items, len(met), len(keys))
			}
			for i, k := range keys {
				if len(met[k]) != 1 {
					t.Fatalf("pages of %d: met person %d %d times", items, i, len(met[k]))
				}
				got := met[k][0]
				if want := 2 - i%2; got.Fault != nil || len(got.Misplaced) > 0 || len(got.Record.Events) != want {
					t.Errorf("pages of %d: person %d has %d events of %d, %v, %v", items, i, len(got.Record.Events), want, got.Fault, got.Misplaced)
				}
			}
		}
	})
}

// What is not as it was stored shows, and marks nobody: that is for whoever acts on it.
func TestEverybodyShowsWhatIsNotWhole(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		k := joined(t, tab, 1)[0]
		at := func(sk string) map[string]types.AttributeValue {
			return map[string]types.AttributeValue{
				"pk": &types.AttributeValueMemberS{Value: "CONTACT#example#" + string(k.Phone)}, "sk": &types.AttributeValueMemberS{Value: sk},
			}
		}
		item := func(sk string) map[string]types.AttributeValue {
			out, err := s.Client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &s.Table, Key: at(sk)})
			if err != nil || len(out.Item) == 0 {
				t.Fatal(out, err)
			}
			return out.Item
		}
		put := func(m map[string]types.AttributeValue) {
			if _, err := s.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &s.Table, Item: m}); err != nil {
				t.Fatal(err)
			}
		}
		remove := func(sk string) {
			if _, err := s.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &s.Table, Key: at(sk)}); err != nil {
				t.Fatal(err)
			}
		}
		contact, event, entry := item("CONTACT"), item("EVENT#000000000001"), item("AUDIENCE#alerts")
		for _, tc := range []struct {
			name       string
			forge      func()
			fault      string
			unreadable bool
			misplaced  bool
		}{
			{"an event is gone", func() { remove("EVENT#000000000001") }, "event", false, false},
			{"the contact is gone", func() { remove("CONTACT") }, "the contact says 0", false, false},
			{"the contact is gibberish", func() {
				m := item("CONTACT")
				m["sub"] = &types.AttributeValueMemberS{Value: "?"}
				put(m)
			}, "cannot be read", true, false},
			{"the entry is gone", func() { remove("AUDIENCE#alerts") }, "", false, true},
			{"the entry was altered", func() {
				m := item("AUDIENCE#alerts")
				m["zone"] = &types.AttributeValueMemberS{Value: "US-FL|America/New_York#+12065550100"}
				put(m)
			}, "was altered", false, false},
			{"nothing", func() {}, "", false, false},
		} {
			tc.forge()
			got := everybody(t, tab)[k]
			if len(got) != 1 {
				t.Fatalf("%s: met %d times", tc.name, len(got))
			}
			if g := got[0]; (g.Fault == nil) != (tc.fault == "") || g.Fault != nil && !strings.Contains(g.Fault.Error(), tc.fault) ||
				g.Unreadable != tc.unreadable || (len(g.Misplaced) > 0) != tc.misplaced {
				t.Errorf("%s: fault %v, unreadable %t, misplaced %v", tc.name, g.Fault, g.Unreadable, g.Misplaced)
			}
			put(contact)
			put(event)
			put(entry)
		}
	})
}

// An entry of the audience that is gone, or that stands where the person is not, is put right; what the person agreed
// to, and what proves it, stays as it is.
func TestRepairAudience(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		k := joined(t, tab, 1)[0]
		pk := map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "CONTACT#example#" + string(k.Phone)}, "sk": &types.AttributeValueMemberS{Value: "AUDIENCE#alerts"},
		}
		before, err := tab.Person(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Client.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &s.Table, Key: pk}); err != nil {
			t.Fatal(err)
		}
		if fault, err := tab.Verify(t.Context(), k, noon.Add(time.Hour)); fault != nil || err != nil {
			t.Errorf("who is off the list by mistake is suspect: %v, %v", fault, err)
		}
		for range 2 {
			if err := tab.RepairAudience(t.Context(), k); err != nil {
				t.Fatal(err)
			}
		}
		after, err := tab.Person(t.Context(), k)
		if err != nil || ledger(t).Verify(after, noon.Add(time.Hour)) != nil {
			t.Fatal(err, after.Faults)
		}
		if after.Contact.Version != before.Contact.Version+1 || len(after.Events) != len(before.Events) || after.Contact.Head != before.Contact.Head {
			t.Errorf("from %+v to %+v", before.Contact, after.Contact)
		}
		if got := everybody(t, tab)[k]; len(got) != 1 || len(got[0].Misplaced) > 0 {
			t.Errorf("still misplaced: %+v", got)
		}
	})
}

// Of two who save the same part one is told that the other did, and parts keep what was saved.
func TestAuditParts(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		ctx := t.Context()
		run := inspect.Run{ID: report.ID(noon), Since: noon, Parts: []string{"1", "lists"}}
		later := inspect.Run{ID: report.ID(noon.Add(time.Hour)), Since: noon.Add(time.Hour)}
		for _, r := range []inspect.Run{run, later, run} {
			if err := tab.StartAudit(ctx, r); err != nil {
				t.Fatal(err)
			}
		}
		if ids, err := tab.Audits(ctx, 5); err != nil || !slices.Equal(ids, []string{later.ID, run.ID}) {
			t.Errorf("audits %v, %v", ids, err)
		}
		p, err := tab.AuditPart(ctx, run.ID, "1")
		if err != nil || p.Version != 0 {
			t.Fatal(p, err)
		}
		p.Next, p.Todo = "here", []inspect.Task{{Key: consent.Key{Brand: "example", Phone: "+12065550142"}}}
		p.Figures.Found(report.Altered, report.CaseOf(p.Todo[0].Key, "", noon, "event 1 was altered"), false)
		saved, err := tab.SaveAuditPart(ctx, p, noon)
		if err != nil {
			t.Fatal(err)
		}
		other := p
		other.Next = "elsewhere"
		if _, err := tab.SaveAuditPart(ctx, other, noon); !errors.Is(err, table.ErrConflict) {
			t.Errorf("the other one: %v, want a conflict", err)
		}
		saved.Done, saved.Todo = true, nil
		if _, err := tab.SaveAuditPart(ctx, saved, noon); err != nil {
			t.Fatal(err)
		}
		got, parts, err := tab.Audit(ctx, run.ID)
		if err != nil || !got.Since.Equal(noon) || !slices.Equal(got.Parts, run.Parts) || !got.Closed.IsZero() {
			t.Errorf("%+v, %v", got, err)
		}
		if len(parts) != 1 || !parts[0].Done || parts[0].Next != "here" || parts[0].Figures.Findings[report.Altered].Count != 1 || len(parts[0].Todo) != 0 {
			t.Errorf("parts %+v", parts)
		}
		if _, _, err := tab.Audit(ctx, "no such"); !errors.Is(err, table.ErrNotFound) {
			t.Errorf("no such audit: %v", err)
		}
	})
}

// One caller hands on the figures of an audit. Should it be ended before it has, another may after ten minutes; once it
// has, nobody may.
func TestOneTakesAnAudit(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		ctx := t.Context()
		take := func(at time.Time, want bool) {
			t.Helper()
			if got, err := tab.TakeAudit(ctx, "a", at); err != nil || got != want {
				t.Errorf("taken at %s: %t, %v", at, got, err)
			}
		}
		take(noon, false)
		if err := tab.StartAudit(ctx, inspect.Run{ID: "a", Since: noon}); err != nil {
			t.Fatal(err)
		}
		take(noon, true)
		take(noon.Add(10*time.Minute), false)
		take(noon.Add(10*time.Minute+time.Millisecond), true)
		if err := tab.CloseAudit(ctx, "a", noon); err != nil {
			t.Fatal(err)
		}
		take(noon.Add(time.Hour), false)
		if run, _, err := tab.Audit(ctx, "a"); err != nil || !run.Closed.Equal(noon) {
			t.Errorf("%+v, %v", run, err)
		}
	})
}

func TestListedNumbersAreKept(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		ctx := t.Context()
		for n, numbers := range [][]uint64{{12065550142, 12065550143}, {441632960001}, {}} {
			for range 2 {
				if err := tab.SaveListed(ctx, "a", "alerts", n, numbers, noon); err != nil {
					t.Fatal(err)
				}
			}
		}
		got, err := tab.Listed(ctx, "a", "alerts")
		if slices.Sort(got); err != nil || !slices.Equal(got, []uint64{12065550142, 12065550143, 441632960001}) {
			t.Errorf("%v, %v", got, err)
		}
		if got, err := tab.Listed(ctx, "a", "alert"); err != nil || len(got) > 0 {
			t.Errorf("another list has %v, %v", got, err)
		}
	})
}
