package table_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/oklog/ulid/v2"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

var (
	noon   = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	key    = consent.Key{Brand: "example", Phone: "+12065550142"}
	alerts = &program.Program{
		ID: "alerts", Brand: "example", BrandName: "Example Corp.", Class: program.Promotional,
		Identity: program.Identity{Number: "+12065550100"},
		Topics: []program.Topic{
			{ID: "alerts", Name: "alerts", Program: "alerts", Class: program.Promotional, Keyword: "JOIN", Frequency: program.Frequency{Count: 2, Period: program.Month}},
			{ID: "news", Name: "news", Program: "alerts", Class: program.Promotional, Keyword: "NEWS", Frequency: program.Frequency{Count: 1, Period: program.Week}},
		},
	}
)

const keep = 31 * 24 * time.Hour

var (
	saidYes  = keyword.Intent{Kind: keyword.Confirm, Confidence: 1}
	saidStop = keyword.Intent{Kind: keyword.OptOut}
	saidHelp = keyword.Intent{Kind: keyword.Help}
)

// asked is a request whose question went out. Its claim is left out, for the tests count those they make.
func asked(c consent.Contact, at time.Time, told phone.Told, topics ...program.Topic) consent.Change {
	ch := c.Request(consent.Request{At: at, Source: consent.SourceForm, Topics: topics, Terms: program.SignUp{ConfirmWithin: 24 * time.Hour, PerPhoneADay: 2}, Told: told, Evidence: map[string]string{"ip": "192.0.2.1", "agent": ""}})
	ch.Next.Questions[len(ch.Next.Questions)-1].Claim = ulid.ULID{0: 1}.String()
	return ch
}

func inboundHeard(c consent.Contact, intent keyword.Intent, at time.Time) consent.Change {
	return c.Hear(consent.Inbound{ID: fmt.Sprintf("cae173d2-66b9-564c-8309-%012x", at.UnixMilli()), At: at, Brand: &program.Brand{ID: "example", Programs: []program.Program{*alerts}}, Program: alerts, Intent: intent, Body: string(intent.Kind), To: "+12065550100"})
}

func commit(t testing.TB, tab *table.Table, ch consent.Change, at time.Time) consent.Contact {
	t.Helper()
	c, err := tab.Commit(t.Context(), ch, at)
	if err != nil {
		t.Fatalf("commit: %v", err)
	}
	return c
}

// subscribe stores a contact that asked for the topic and said YES.
func subscribe(t testing.TB, tab *table.Table, k consent.Key, told phone.Told, topics ...program.Topic) consent.Contact {
	t.Helper()
	c := commit(t, tab, asked(consent.Contact{Key: k}, noon, told, topics...), noon)
	return commit(t, tab, inboundHeard(c, saidYes, noon.Add(time.Minute)), noon.Add(time.Minute))
}

func claim(n int, at time.Time) consent.Claim {
	return consent.Claim{
		ID: ulid.ULID{15: byte(n), 14: byte(n >> 8)}.String(), At: at, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"},
		Campaign: "01KB3M8Y5T0QF2Z9W6R7C4X1VN", Content: "c",
	}
}

func TestNobodyIsANewContact(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		c, err := tab.Contact(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(consent.Contact{Key: key}, c); diff != "" {
			t.Error(diff)
		}
	})
}

// I4: what a change says is stored as a whole, and the chain verifies.
func TestCommitStoresTheChangeAndItsProof(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		c := subscribe(t, tab, key, phone.Told{State: "WA", ZIP: "98101"}, alerts.Topics...)
		got, err := tab.Contact(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, got); diff != "" {
			t.Errorf("Commit returned something else than it stored: %s", diff)
		}
		if got.Version != 2 || got.Subs["news"].State != consent.Subscribed || got.Told.ZIP != "98101" {
			t.Errorf("stored %+v", got)
		}
		r, err := tab.Person(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if err := ledger(t).Verify(r, noon.Add(time.Hour)); err != nil {
			t.Errorf("I4: %v", err)
		}
		want := []consent.EventType{consent.Requested, consent.Confirmed}
		for i, e := range r.Events {
			if e.Type != want[i] {
				t.Errorf("event %d is %s, want %s", i, e.Type, want[i])
			}
		}
		if len(r.Events) != len(want) {
			t.Errorf("%d events, want %d", len(r.Events), len(want))
		}
		if r.Events[0].Evidence["agent"] != "" || len(r.Events[0].Evidence) != 2 {
			t.Errorf("evidence %v: an answer that was left empty is evidence too", r.Events[0].Evidence)
		}
	})
}

// I4: of two changes decided on the same contact one is written, the other leaves nothing behind.
func TestConflictWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		commit(t, tab, inboundHeard(c, saidStop, noon.Add(time.Hour)), noon.Add(time.Hour))
		before, err := tab.Person(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tab.Commit(t.Context(), asked(c, noon.Add(time.Hour), phone.Told{}, alerts.Topics[1]), noon); !errors.Is(err, table.ErrConflict) {
			t.Errorf("stale change: %v, want ErrConflict", err)
		}
		if _, err := tab.Commit(t.Context(), asked(consent.Contact{Key: key}, noon, phone.Told{}, alerts.Topics[0]), noon); !errors.Is(err, table.ErrConflict) {
			t.Errorf("change of a contact thought new: %v, want ErrConflict", err)
		}
		if _, err := tab.Claim(t.Context(), c, claim(1, noon), keep); !errors.Is(err, table.ErrConflict) {
			t.Errorf("stale claim: %v, want ErrConflict", err)
		}
		after, err := tab.Person(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, after, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("a conflict wrote something: %s", diff)
		}
	})
}

func TestChangeWithoutEventIsRefused(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		if _, err := tab.Commit(t.Context(), consent.Change{Next: consent.Contact{Key: key}}, noon); err == nil {
			t.Error("I4: a change without an event was written")
		}
	})
}

func TestClaimIsStored(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		first, err := tab.Claim(t.Context(), c, claim(1, noon.Add(time.Nanosecond)), keep)
		if err != nil {
			t.Fatal(err)
		}
		second, err := tab.Claim(t.Context(), first, claim(2, noon.Add(40*24*time.Hour)), keep)
		if err != nil {
			t.Fatal(err)
		}
		got, err := tab.Contact(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(second, got); diff != "" {
			t.Errorf("Claim returned something else than it stored: %s", diff)
		}
		if len(got.Claims) != 1 || got.Claims[0].ID != claim(2, noon).ID || got.Version != 4 {
			t.Errorf("claims %+v at version %d, want the second alone at 4: the first is past use", got.Claims, got.Version)
		}
	})
}

// released is the change that takes a claim back.
func released(claimID string) func(consent.Contact) consent.Contact {
	return func(c consent.Contact) consent.Contact { return c.WithoutClaim(claimID) }
}

// A claim that is taken back is gone, so that nothing counts it and nothing grows by it.
func TestAClaimTakenBackIsGone(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		before := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		cl := claim(1, noon)
		c, err := tab.Claim(t.Context(), before, cl, keep)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if c, err = tab.UpdateBookkeeping(t.Context(), c, released(cl.ID)); err != nil {
				t.Fatal(err)
			}
		}
		got, err := tab.Contact(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, got); diff != "" {
			t.Errorf("UpdateBookkeeping returned something else than it stored: %s", diff)
		}
		if _, ok := got.Claimed(cl.ID); ok || got.Version != 4 {
			t.Errorf("claims %+v at version %d, want none at 4: what is gone already is not written again", got.Claims, got.Version)
		}
	})
}

// I4: what needs an event cannot be written without one.
func TestTendChangesNoConsent(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		before := subscribe(t, tab, key, phone.Told{State: "WA"}, alerts.Topics[0])
		ask := consent.Ask{Kind: message.Reply, Answer: message.AnswerHelp, Program: "alerts", From: noon, By: noon.Add(time.Hour)}
		got, err := tab.UpdateBookkeeping(t.Context(), before, func(c consent.Contact) consent.Contact {
			next := inboundHeard(c, saidStop, noon.Add(time.Hour)).Next
			next.Locale, next.Told, next.Paused, next.Head.Seq = "es-US", phone.Told{}, noon, 99
			return next.WithWaiting(ask)
		})
		if err != nil {
			t.Fatal(err)
		}
		want := before.WithWaiting(ask)
		want.Version++
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// A contact that changed meanwhile is changed as it is then.
func TestTendReadsAgainAfterAConflict(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		old, err := tab.Claim(t.Context(), subscribe(t, tab, key, phone.Told{}, alerts.Topics[0]), claim(1, noon), keep)
		if err != nil {
			t.Fatal(err)
		}
		c := commit(t, tab, inboundHeard(old, saidStop, noon.Add(time.Hour)), noon)
		got, err := tab.UpdateBookkeeping(t.Context(), old, released(claim(1, noon).ID))
		if err != nil {
			t.Fatal(err)
		}
		want := c.WithoutClaim(claim(1, noon).ID)
		want.Version++
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
	})
}

func BenchmarkClaim(b *testing.B) {
	s := stores.Memory(b)
	tab := table.New(s.Client, s.Table, ledger(b))
	c := subscribe(b, tab, key, phone.Told{}, alerts.Topics[0])
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		var err error
		// Each is far enough behind the one before for that to be past use, so the contact stays of one size.
		if c, err = tab.Claim(b.Context(), c, claim(n, noon.AddDate(0, 0, 40*n)), keep); err != nil {
			b.Fatal(err)
		}
	}
}
