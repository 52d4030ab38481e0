package table_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// A change writes the contact, its events and what brought it, and those entries of the audience that it may have made
// wrong: no others, for each is two write units more.
func TestHowMuchAChangeWrites(t *testing.T) {
	s := stores.Memory(t)
	bill := dynamotest.NewBill(s.Client)
	tab := table.New(bill, s.Table, ledger(t))
	c := subscribe(t, tab, key, phone.Told{}, alerts.Topics...)
	bill.Take()
	c = commit(t, tab, inboundHeard(c, saidHelp, noon.Add(time.Hour)), noon)
	if calls, _ := bill.Take(); calls[dynamotest.ItemsWritten] != 3 {
		t.Errorf("HELP writes %d items, want the contact, the event and the message", calls[dynamotest.ItemsWritten])
	}
	commit(t, tab, inboundHeard(c, saidStop, noon.Add(2*time.Hour)), noon)
	if calls, _ := bill.Take(); calls[dynamotest.ItemsWritten] != 5 {
		t.Errorf("STOP writes %d items, want two entries of the audience more", calls[dynamotest.ItemsWritten])
	}
}

// asking counts how often each key is asked for.
type asking struct {
	table.API
	keys  map[string]int
	calls int
}

func (a *asking) BatchGetItem(ctx context.Context, in *dynamodb.BatchGetItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error) {
	a.calls++
	for _, wanted := range in.RequestItems {
		if len(wanted.Keys) > 100 {
			return nil, errors.New("DynamoDB takes a hundred keys at once")
		}
		for _, k := range wanted.Keys {
			pk, _ := k["pk"].(*types.AttributeValueMemberS)
			a.keys[pk.Value+" "+sortKey(k)]++
		}
	}
	return a.API.BatchGetItem(ctx, in, opts...)
}

// Each contact is asked for once, a hundred at a time, and fifty with their attributes.
func TestEachContactIsAskedForOnce(t *testing.T) {
	s := stores.Memory(t)
	var keys []consent.Key
	for i := range 250 {
		keys = append(keys, consent.Key{Brand: "example", Phone: phone.Number(fmt.Sprintf("+1206555%04d", i))})
	}
	plain, fields := campaign.Campaign{}, campaign.Campaign{Attributes: map[string][]string{"city": {"Austin"}}}
	for c, want := range map[*campaign.Campaign][2]int{&plain: {3, 250}, &fields: {5, 500}} {
		api := &asking{API: s.Client, keys: map[string]int{}}
		contacts, _, _, err := table.New(api, s.Table, ledger(t)).Recipients(t.Context(), keys, c.NeedsAttributes())
		if err != nil || len(contacts) != len(keys) || api.calls != want[0] || len(api.keys) != want[1] {
			t.Errorf("%d contacts by %d calls for %d keys, want %v; %v", len(contacts), api.calls, len(api.keys), want, err)
		}
		for k, n := range api.keys {
			if n != 1 {
				t.Errorf("%s is asked for %d times", k, n)
			}
		}
	}
}

// A record that fits together is read once; one that does not, three times more, for it may have been written in
// between.
func TestHowOftenARecordIsRead(t *testing.T) {
	s := stores.Memory(t)
	bill := dynamotest.NewBill(s.Client)
	tab := table.New(bill, s.Table, ledger(t))
	c := subscribe(t, tab, key, phone.Told{}, alerts.Topics...)
	c, m := claimText(t, tab, c, 1)
	if err := tab.Record(t.Context(), table.Sent{Key: key, Message: m}); err != nil {
		t.Fatal(err)
	}
	read := func() int {
		bill.Take()
		if _, err := tab.Person(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		calls, _ := bill.Take()
		return calls["Query"]
	}
	r := raw{t, s}
	whole := r.all(key)
	for name, tc := range map[string]struct {
		change func()
		want   int
	}{
		"as it is":                   {func() {}, 1},
		"with an event too few":      {func() { r.remove(key, "EVENT#000000000002") }, 4},
		"with no event":              {func() { r.remove(key, "EVENT#000000000001"); r.remove(key, "EVENT#000000000002") }, 4},
		"without an audience":        {func() { r.remove(key, "AUDIENCE#news") }, 4},
		"with an audience too many":  {func() { r.put(key, "AUDIENCE#other", whole["AUDIENCE#news"]) }, 4},
		"with a text nobody claimed": {func() { r.put(key, "MESSAGE#"+sentText(2).ID, item{"n": number(c.Texts.Count + 1)}) }, 4},
	} {
		tc.change()
		if got := read(); got != tc.want {
			t.Errorf("%s it is read %d times, want %d", name, got, tc.want)
		}
		r.restore(key, whole)
	}
}

// A contact far behind its ledger is moved a hundred events at once; the next try goes on from there.
func TestAContactFarBehindItsLedger(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	r := raw{t, s}
	c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
	before, head := r.all(key)["CONTACT"], c.Head.Seq
	for i := range 130 {
		at := noon.Add(time.Duration(i+2) * time.Minute)
		c = commit(t, tab, inboundHeard(c, saidHelp, at), at)
	}
	r.put(key, "CONTACT", before)
	for _, want := range []int64{head + 100, head + 130, head + 131} {
		c, err := tab.Contact(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		at := noon.Add(24 * time.Hour)
		if _, err := tab.Commit(t.Context(), inboundHeard(c, saidStop, at), at); errors.Is(err, table.ErrConflict) == (want == head+131) {
			t.Fatal(err)
		}
		if c, err = tab.Contact(t.Context(), key); err != nil || c.Head.Seq != want || !c.Suspect {
			t.Fatalf("moved to event %d, want %d; suspect %t, %v", c.Head.Seq, want, c.Suspect, err)
		}
	}
}

// busy has every write be one that somebody else is making at this moment.
type busy struct {
	table.API
	tries int
	then  func()
}

func (b *busy) fail() error {
	if b.tries++; b.then != nil {
		b.then()
	}
	return &types.TransactionConflictException{}
}

func (b *busy) UpdateItem(context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	return nil, b.fail()
}

func (b *busy) PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	return nil, b.fail()
}

func (b *busy) TransactWriteItems(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	none, conflict := "None", "TransactionConflict"
	_ = b.fail()
	return nil, &types.TransactionCanceledException{CancellationReasons: []types.CancellationReason{{Code: &none}, {Code: &conflict}}}
}

// Whoever is turned away tries again, for some three seconds and not for ever, and not when nobody waits any more.
func TestWhoIsTurnedAwayTriesAgain(t *testing.T) {
	s := stores.Memory(t)
	c := subscribe(t, table.New(s.Client, s.Table, ledger(t)), key, phone.Told{}, alerts.Topics[0])
	for name, do := range map[string]func(context.Context, *table.Table) error{
		"UpdateBookkeeping": func(ctx context.Context, tab *table.Table) error {
			return failure(tab.UpdateBookkeeping(ctx, c, func(c consent.Contact) consent.Contact { return c.FollowUpBy(noon) }))
		},
		"Click": func(ctx context.Context, tab *table.Table) error {
			return failure(tab.Click(ctx, key, "c", clicked(noon)))
		},
		"CountOptOut": func(ctx context.Context, tab *table.Table) error {
			return failure(tab.CountOptOut(ctx, "c", "1", noon))
		},
		"CountFates": func(ctx context.Context, tab *table.Table) error {
			return failure(tab.CountFates(ctx, "c", campaign.Fates{OptOuts: 1}))
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			api := &busy{API: s.Client}
			begun := time.Now()
			err := do(t.Context(), table.New(api, s.Table, ledger(t)))
			took := time.Since(begun)
			if err == nil || api.tries < 8 || api.tries > 9 || took < 2*time.Second || took > 8*time.Second {
				t.Errorf("%s: %v after %d tries and %s", name, err, api.tries, took)
			}
			ctx, cancel := context.WithCancel(t.Context())
			api = &busy{API: s.Client, then: cancel}
			if err := do(ctx, table.New(api, s.Table, ledger(t))); !errors.Is(err, context.Canceled) || api.tries != 1 {
				t.Errorf("%s: %v after %d tries, when nobody waits", name, err, api.tries)
			}
		})
	}
}

// A text on record has a number of the contact's, a time to the millisecond, and a click and a status the same.
func TestTimesAreKeptToTheMillisecond(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
	at := noon.Add(time.Hour + 3*time.Millisecond + 700*time.Microsecond).In(time.FixedZone("", 3600))
	want := noon.Add(time.Hour + 3*time.Millisecond)
	cl := claim(1, at)
	c, err := tab.Claim(t.Context(), c, cl, keep)
	if err != nil || c.Claims[0].At != want {
		t.Errorf("claimed at %v, %v", c.Claims[0].At, err)
	}
	m := c.Claims[0].Message()
	m.Status = consent.Sent
	if err := tab.Record(t.Context(), table.Sent{Key: key, Message: m}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		step := consent.StatusChange{At: at.Add(time.Duration(i) * time.Millisecond), Status: consent.Delivered}
		if first, err := tab.MessageStatus(t.Context(), key, m.ID, step); err != nil || first != want {
			t.Errorf("status %d: first %t, %v", i, first, err)
		}
	}
	if first, err := tab.Click(t.Context(), key, m.Campaign, clicked(at)); err != nil || !first {
		t.Errorf("click: %t, %v", first, err)
	}
	if first, err := tab.Click(t.Context(), key, m.Campaign, clicked(want)); err != nil || !first {
		t.Errorf("the same click: %t, %v", first, err)
	}
	for _, step := range texts(t, tab)[0].History {
		if got := step.At; got.Location() != time.UTC || got.Nanosecond()%int(time.Millisecond) != 0 || got.Before(want) || got.After(want.Add(time.Millisecond)) {
			t.Errorf("%s at %v", step.Status, got)
		}
	}
	var sks []string
	for sk := range (raw{t, s}).all(key) {
		if strings.Count(sk, "#") > 1 {
			sks = append(sks, sk)
		}
	}
	if len(sks) != 2 {
		t.Errorf("the steps are %q", sks)
	}
}
