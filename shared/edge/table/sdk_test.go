package table_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// losesAnswers lets every second request through and drops its answer, so that the SDK sends it again.
type losesAnswers struct {
	through dynamodb.HTTPClient
	lost    atomic.Int64
}

func (l *losesAnswers) Do(r *http.Request) (*http.Response, error) {
	resp, err := l.through.Do(r)
	if err != nil || l.lost.Add(1)%2 == 0 {
		return resp, err
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return nil, io.ErrUnexpectedEOF
}

// A write whose answer got lost is tried again by the SDK. What it then finds is its own doing and no conflict: else a
// text would never go out, or the walk of a shard would end for good.
func TestLostAnswersAreNoConflicts(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		lossy := &losesAnswers{through: s.Client.Options().HTTPClient}
		client := dynamodb.New(s.Client.Options(), func(o *dynamodb.Options) {
			o.HTTPClient, o.APIOptions = lossy, nil // over a wire, which may lose answers
			o.Retryer = retry.NewStandard(func(o *retry.StandardOptions) {
				o.Backoff = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil })
			})
		})
		shaky := table.New(client, s.Table, ledger(t))

		c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		c, err := shaky.Claim(t.Context(), c, claim(1, noon), keep)
		if err != nil || c.Version != 3 {
			t.Fatalf("claim: version %d, %v", c.Version, err)
		}
		shard := campaign.Shard{Campaign: "01KB3M8Y5T0QF2Z9W6R7C4X1VN", Number: 1, Groups: map[string]campaign.Group{"?": {Cursor: "+12065550142"}}}
		for range 2 {
			if err := shaky.SaveShard(t.Context(), shard); err != nil {
				t.Errorf("save shard: %v", err)
			}
			shard.Version++
		}
		c, err = tab.Contact(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		changes := 0
		if c, err = shaky.UpdateBookkeeping(t.Context(), c, func(c consent.Contact) consent.Contact {
			changes++
			return c.WithoutClaim(claim(1, noon).ID)
		}); err != nil || c.Version != 4 || changes != 1 {
			t.Errorf("bookkeeping: version %d after %d changes, %v", c.Version, changes, err)
		}
		stopped, err := shaky.Commit(t.Context(), inboundHeard(c, saidStop, noon.Add(time.Hour)), noon)
		if err != nil || stopped.Version != c.Version+1 {
			t.Errorf("commit: version %d after %d, %v", stopped.Version, c.Version, err)
		}
	})
}

// A claim of a typical contact costs one write unit, a read of it one read unit, a text on record one write unit.
func TestWhatOperationsCost(t *testing.T) {
	s := stores.Local(t)
	bill := dynamotest.NewBill(s.Client)
	tab := table.New(bill, s.Table, ledger(t))
	c := subscribe(t, tab, key, phone.Told{State: "WA", ZIP: "98101", Zone: "America/Los_Angeles"}, alerts.Topics...)
	for n := range 6 {
		at := noon.Add(time.Duration(n+2) * time.Minute)
		c = commit(t, tab, inboundHeard(c, saidHelp, at), at)
		bill.Take()
		var err error
		if c, err = tab.Claim(t.Context(), c, claim(n, at.Add(time.Second)), keep); err != nil {
			t.Fatal(err)
		}
		if _, units := bill.Take(); units != 1 {
			t.Errorf("claim %d consumed %v write units, want 1", n+1, units)
		}
	}
	// In this order: the statuses are those of the texts recorded before.
	for _, op := range []struct {
		what  string
		units float64
		do    func() error
	}{
		{"Contact", 1, func() error { _, err := tab.Contact(t.Context(), key); return err }},
		{"UpdateBookkeeping", 1, func() error { _, err := tab.UpdateBookkeeping(t.Context(), c, released(c.Claims[0].ID)); return err }},
		{"Record", 1, func() error { return tab.Record(t.Context(), table.Sent{Key: key, Message: sentText(1)}) }},
		{"Record of two", 2, func() error {
			return tab.Record(t.Context(), table.Sent{Key: key, Message: sentText(1)}, table.Sent{Key: key, Message: sentText(2)})
		}},
		{"Statuses of two", 1, func() error {
			_, err := tab.Statuses(t.Context(), table.Text{Key: key, ID: sentText(1).ID}, table.Text{Key: key, ID: sentText(2).ID})
			return err
		}},
		{"Spend", 1, func() error { _, err := tab.Spend(t.Context(), "nonce", noon); return err }},
		{"Allow", 1, func() error { _, err := tab.Allow(t.Context(), "key", 1, time.Hour, noon); return err }},
	} {
		bill.Take()
		if err := op.do(); err != nil {
			t.Fatalf("%s: %v", op.what, err)
		}
		if _, units := bill.Take(); units != op.units {
			t.Errorf("%s consumed %v units, want %v", op.what, units, op.units)
		}
	}
}

// turnsAway does one item of each batch and leaves the rest undone, for want of capacity; never one where stuck.
type turnsAway struct {
	table.API
	stuck bool
	calls int
}

func (a *turnsAway) BatchGetItem(ctx context.Context, in *dynamodb.BatchGetItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error) {
	a.calls++
	if a.stuck {
		return &dynamodb.BatchGetItemOutput{UnprocessedKeys: in.RequestItems}, nil
	}
	some, rest := *in, map[string]types.KeysAndAttributes{}
	some.RequestItems = map[string]types.KeysAndAttributes{}
	for name, want := range in.RequestItems {
		first, left := want, want
		first.Keys, left.Keys = want.Keys[:1], want.Keys[1:]
		some.RequestItems[name] = first
		if len(left.Keys) > 0 {
			rest[name] = left
		}
	}
	out, err := a.API.BatchGetItem(ctx, &some, opts...)
	if err == nil {
		out.UnprocessedKeys = rest
	}
	return out, err
}

func (a *turnsAway) BatchWriteItem(ctx context.Context, in *dynamodb.BatchWriteItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.BatchWriteItemOutput, error) {
	a.calls++
	if a.stuck {
		return &dynamodb.BatchWriteItemOutput{UnprocessedItems: in.RequestItems}, nil
	}
	some, rest := *in, map[string][]types.WriteRequest{}
	some.RequestItems = map[string][]types.WriteRequest{}
	for name, want := range in.RequestItems {
		some.RequestItems[name] = want[:1]
		if len(want) > 1 {
			rest[name] = want[1:]
		}
	}
	out, err := a.API.BatchWriteItem(ctx, &some, opts...)
	if err == nil {
		out.UnprocessedItems = rest
	}
	return out, err
}

// What DynamoDB leaves undone in a batch is not forgotten (I3), and not tried for ever.
func TestBatchesAreDoneToTheEnd(t *testing.T) {
	s := stores.Memory(t)
	synctest.Test(t, func(t *testing.T) {
		api := &turnsAway{API: s.Client}
		tab := table.New(api, s.Table, ledger(t))
		var sent []table.Sent
		var keys []consent.Key
		for n := range 5 {
			k := consent.Key{Brand: "example", Phone: phone.Number(fmt.Sprintf("+1206555%04d", n))}
			commit(t, tab, asked(consent.Contact{Key: k}, noon, phone.Told{}, alerts.Topics[0]), noon)
			keys, sent = append(keys, k), append(sent, table.Sent{Key: key, Message: sentText(n)})
		}
		if err := tab.Record(t.Context(), sent...); err != nil || len(texts(t, tab)) != len(sent) {
			t.Errorf("%d texts on record of %d, %v", len(texts(t, tab)), len(sent), err)
		}
		contacts, _, err := tab.Contacts(t.Context(), keys)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range contacts {
			if c.Key != keys[i] || c.Version != 1 {
				t.Errorf("contact %d was left out", i)
			}
		}

		api.stuck, api.calls = true, 0
		if err := tab.Record(t.Context(), sent...); err == nil {
			t.Error("texts were not recorded and nobody was told")
		}
		if _, _, err := tab.Contacts(t.Context(), keys); err == nil {
			t.Error("contacts were not read and nobody was told")
		}
		if api.calls != 16 {
			t.Errorf("%d calls, want 8 for each", api.calls)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := tab.Record(ctx, sent...); !errors.Is(err, context.Canceled) {
			t.Errorf("%v, want the end of the context", err)
		}
	})
}

// secret is what errors of DynamoDB may hold: the key, and the item as it was.
func secret() map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: "CONTACT#example#+12065550142"}, "body": &types.AttributeValueMemberS{Value: "the body"},
	}
}

// I10: errors end up in log lines, so none holds a phone number or the body of a message.
func TestErrorsHoldNoPhoneAndNoBody(t *testing.T) {
	for name, cause := range map[string]func(map[string]types.AttributeValue) error{
		"a failed condition": func(m map[string]types.AttributeValue) error {
			return &types.ConditionalCheckFailedException{Message: aws.String("The conditional request failed"), Item: m}
		},
		"a canceled transaction": func(m map[string]types.AttributeValue) error {
			return &types.TransactionCanceledException{
				Message: aws.String("Transaction cancelled: CONTACT#example#+12065550142"),
				CancellationReasons: []types.CancellationReason{
					{Code: aws.String("None")}, {Code: aws.String("ConditionalCheckFailed"), Item: m, Message: aws.String("the body of CONTACT#example#+12065550142")},
				},
			}
		},
		"an invalid request": func(map[string]types.AttributeValue) error {
			return &smithy.GenericAPIError{Code: "ValidationException", Message: "no such key: CONTACT#example#+12065550142"}
		},
		"an answer that cannot be read": func(map[string]types.AttributeValue) error {
			return &smithy.DeserializationError{Err: errors.New(`invalid character in "the body" of +12065550142`), Snapshot: []byte("the body")}
		},
		"a broken connection": func(map[string]types.AttributeValue) error { return errors.New("dial +12065550142: refused") },
	} {
		t.Run(name, func(t *testing.T) {
			tab := table.New(dynamotest.Watched{See: func(string, *bool) error {
				return &smithy.OperationError{ServiceID: "DynamoDB", OperationName: "Call", Err: cause(secret())}
			}}, "consent", ledger(t))
			k := consent.Key{Brand: "example", Phone: "+12065550142"}
			c := consent.Contact{Key: k, Version: 1}
			m := consent.Message{ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VN", Body: "the body"}
			errs := []error{tab.Record(t.Context(), table.Sent{Key: k, Message: m}), tab.Record(t.Context(), table.Sent{Key: k, Message: m}, table.Sent{Key: k, Message: m})}
			add := func(err error) { errs = append(errs, err) }
			_, err := tab.Contact(t.Context(), k)
			add(err)
			_, _, err = tab.Contacts(t.Context(), []consent.Key{k})
			add(err)
			_, err = tab.Commit(t.Context(), asked(c, noon, phone.Told{}, alerts.Topics[0]), noon)
			add(err)
			_, err = tab.Claim(t.Context(), c, claim(1, noon), keep)
			add(err)
			_, err = tab.UpdateBookkeeping(t.Context(), c, func(c consent.Contact) consent.Contact { return c.FollowUpBy(noon) })
			add(err)
			add(failure(tab.MessageStatus(t.Context(), k, m.ID, consent.StatusChange{At: noon, Status: consent.Delivered})))
			_, err = tab.Person(t.Context(), k)
			add(err)
			_, err = tab.Statuses(t.Context(), table.Text{Key: k, ID: m.ID})
			add(err)
			_, err = tab.Allow(t.Context(), "key", 1, time.Hour, noon)
			add(err)
			add(tab.SaveShard(t.Context(), campaign.Shard{Campaign: "c", Groups: map[string]campaign.Group{"?": {Cursor: "+12065550142"}}}))
			if name != "a failed condition" { // of which RecordUnconfirmed has an answer
				add(tab.RecordUnconfirmed(t.Context(), k, m))
			}
			for i, err := range errs {
				if err == nil {
					t.Errorf("call %d did not fail", i)
					continue
				}
				for _, private := range []string{"2065550142", "the body"} {
					if text := fmt.Sprintf("%v %+v %s", err, err, err); strings.Contains(text, private) {
						t.Errorf("I10: %s", text)
					}
				}
			}
		})
	}
}
