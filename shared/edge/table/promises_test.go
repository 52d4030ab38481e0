package table_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// What was foreseen of a campaign comes back as it was, beside all else.
func TestAPlanIsStored(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		c := newCampaign(1)
		c.Plan = campaign.Plan{Hash: "a1", People: 4, Will: 3, Parts: 5, Cents: 7}
		if err := tab.CreateCampaign(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		got, err := tab.Campaign(t.Context(), c.ID)
		if diff := cmp.Diff(c, got); err != nil || diff != "" {
			t.Errorf("%v: %s", err, diff)
		}
	})
}

// Whoever writes the contact at this moment makes a conflict of the change, which is decided on again.
func TestAContactThatIsBeingWrittenIsAConflict(t *testing.T) {
	s := stores.Memory(t)
	c := subscribe(t, table.New(s.Client, s.Table, ledger(t)), key, phone.Told{}, alerts.Topics[0])
	for _, reasons := range [][]string{{"TransactionConflict", "None", "None"}, {"None", "TransactionConflict", "None"}} {
		api := canceling{API: s.Client, t: t, reasons: reasons}
		_, err := table.New(&api, s.Table, ledger(t)).Commit(t.Context(), inboundHeard(c, saidStop, noon), noon)
		if !errors.Is(err, table.ErrConflict) || api.puts > 0 {
			t.Errorf("%q: %v after %d puts", reasons, err, api.puts)
		}
	}
}

// Without a key nothing is written that would have to be proved: a function that lacks it fails.
func TestNothingIsWrittenWithoutAKey(t *testing.T) {
	s := stores.Memory(t)
	sound := table.New(s.Client, s.Table, ledger(t))
	c := subscribe(t, sound, key, phone.Told{}, alerts.Topics[0])
	c, claimed := claimText(t, sound, c, 1)
	keyless := table.New(s.Client, s.Table, consent.Ledger{})
	for name, write := range map[string]func() error{
		"a change": func() error {
			return failure(keyless.Commit(t.Context(), inboundHeard(c, saidStop, noon), noon))
		},
		"a claim": func() error { return failure(keyless.Claim(t.Context(), c, claim(1, noon), time.Hour)) },
		"attributes": func() error {
			return failure(keyless.SetAttributes(t.Context(), key, map[string]string{"city": "Austin"}))
		},
		"a text": func() error { return keyless.Record(t.Context(), table.Sent{Key: key, Message: sentText(1)}) },
		"texts": func() error {
			return keyless.Record(t.Context(), table.Sent{Key: key, Message: sentText(1)}, table.Sent{Key: key, Message: sentText(2)})
		},
		"a lost text": func() error { return keyless.RecordUnconfirmed(t.Context(), key, sentText(1)) },
		"bookkeeping": func() error {
			return failure(keyless.UpdateBookkeeping(t.Context(), c, func(c consent.Contact) consent.Contact { return c.FollowUpBy(noon) }))
		},
		"a click": func() error { return failure(keyless.Click(t.Context(), key, "c", clicked(noon))) },
		"a deferred text": func() error {
			return failure(keyless.SaveDeferred(t.Context(), consent.Deferred{Key: key, Ref: "r", Expires: noon}))
		},
		"a status": func() error {
			if err := sound.Record(t.Context(), table.Sent{Key: key, Message: claimed}); err != nil {
				t.Fatal(err)
			}
			return failure(keyless.MessageStatus(t.Context(), key, claimed.ID, clicked(noon)))
		},
	} {
		if err := write(); err == nil {
			t.Errorf("%s is written", name)
		}
	}
	r, err := sound.Person(t.Context(), key)
	if err != nil || r.Contact.Version != c.Version || len(r.Messages) != 1 || len(r.Messages[0].History) != len(claimed.History) || len(r.Attributes) > 0 {
		t.Errorf("%v: %+v", err, r)
	}
}

// counting counts how items are put.
type counting struct {
	table.API
	puts, batches int
}

func (c *counting) PutItem(ctx context.Context, in *dynamodb.PutItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	c.puts++
	return c.API.PutItem(ctx, in, opts...)
}

func (c *counting) BatchWriteItem(ctx context.Context, in *dynamodb.BatchWriteItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.BatchWriteItemOutput, error) {
	c.batches++
	return c.API.BatchWriteItem(ctx, in, opts...)
}

// An answer's text is recorded by a plain put, which functions may do that may not write in batches; a page of a
// campaign in one call.
func TestHowTextsAreRecorded(t *testing.T) {
	s := stores.Memory(t)
	api := &counting{API: s.Client}
	tab := table.New(api, s.Table, ledger(t))
	if err := tab.Record(t.Context(), table.Sent{Key: key, Message: sentText(1)}); err != nil || api.puts != 1 || api.batches != 0 {
		t.Errorf("one: %d puts, %d batches, %v", api.puts, api.batches, err)
	}
	more := []table.Sent{{Key: key, Message: sentText(2)}, {Key: key, Message: sentText(3)}}
	if err := tab.Record(t.Context(), more...); err != nil || api.puts != 1 || api.batches != 1 {
		t.Errorf("two: %d puts, %d batches, %v", api.puts, api.batches, err)
	}
}

// contested has somebody else be quicker with every put.
type contested struct {
	table.API
	tries int
}

func (c *contested) PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	c.tries++
	return nil, &types.ConditionalCheckFailedException{}
}

// Attributes that somebody else is always quicker to write are not reported as written.
func TestAttributesThatNeverFindTheirMoment(t *testing.T) {
	s := stores.Memory(t)
	subscribe(t, table.New(s.Client, s.Table, ledger(t)), key, phone.Told{}, alerts.Topics[0])
	api := &contested{API: s.Client}
	written, err := table.New(api, s.Table, ledger(t)).SetAttributes(t.Context(), key, map[string]string{"city": "Austin"})
	if written || !errors.Is(err, table.ErrConflict) || api.tries < 2 {
		t.Errorf("written %t after %d tries, %v", written, api.tries, err)
	}
}

// I4: a contact whose record does not verify is suspect from then on, so that nothing unasked goes out by it.
func TestVerifyMarksWhomItSuspects(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		now := noon.Add(time.Hour)
		subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		if fault, err := tab.Verify(t.Context(), key, now); fault != nil || err != nil {
			t.Fatalf("%v, %v", fault, err)
		}
		r := raw{t, s}
		for sk := range r.all(key) {
			if len(sk) > 6 && sk[:6] == "EVENT#" {
				r.remove(key, sk)
				break
			}
		}
		fault, err := tab.Verify(t.Context(), key, now)
		c, readErr := tab.Contact(t.Context(), key)
		if fault == nil || err != nil || readErr != nil || !c.Suspect {
			t.Errorf("fault %v, %v; suspect %t, %v", fault, err, c.Suspect, readErr)
		}
	})
}
