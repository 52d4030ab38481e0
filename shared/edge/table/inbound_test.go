package table_test

import (
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// An inbound message is handled once, however many came after it: a change decided on the contact as it is now is
// refused and leaves nothing behind. An old STOP that comes again long after the person came back unsubscribes nobody.
func TestAMessageHeardBeforeIsNotWrittenAgain(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		stop := noon.Add(time.Hour)
		c = commit(t, tab, inboundHeard(c, saidStop, stop), stop)
		for i := range 12 {
			c = commit(t, tab, inboundHeard(c, saidHelp, stop.Add(time.Duration(i+1)*time.Minute)), stop)
		}
		before, err := tab.Person(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tab.Commit(t.Context(), inboundHeard(c, saidStop, stop), stop.Add(24*time.Hour)); !errors.Is(err, table.ErrHeard) || errors.Is(err, table.ErrConflict) {
			t.Errorf("heard again: %v, want ErrHeard", err)
		}
		after, err := tab.Person(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, after, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("hearing it again wrote something: %s", diff)
		}
		if err := ledger(t).Verify(after, noon); err != nil {
			t.Errorf("I4: %v", err)
		}
	})
}

// The contact having moved as well, it is one or the other: a conflict is decided again, and then the message is known.
// It is never a fault that only a person could mend.
func TestAMessageHeardBeforeOnAStaleContact(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		stale := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		commit(t, tab, inboundHeard(stale, saidStop, noon.Add(time.Hour)), noon.Add(time.Hour))
		_, err := tab.Commit(t.Context(), inboundHeard(stale, saidStop, noon.Add(time.Hour)), noon.Add(time.Hour))
		if !errors.Is(err, table.ErrHeard) && !errors.Is(err, table.ErrConflict) {
			t.Errorf("%v, want ErrHeard or ErrConflict", err)
		}
	})
}

// Of one message delivered many times at once, one delivery is written.
func TestAMessageDeliveredManyTimesAtOnce(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		var all sync.WaitGroup
		results := make([]error, 6)
		for i := range results {
			all.Go(func() {
				for results[i] = table.ErrConflict; errors.Is(results[i], table.ErrConflict); {
					c, err := tab.Contact(t.Context(), key)
					if err != nil {
						t.Error(err)
						return
					}
					_, results[i] = tab.Commit(t.Context(), inboundHeard(c, saidHelp, noon.Add(time.Hour)), noon.Add(time.Hour))
				}
			})
		}
		all.Wait()
		written := 0
		for _, err := range results {
			switch {
			case err == nil:
				written++
			case !errors.Is(err, table.ErrHeard):
				t.Error(err)
			}
		}
		r, err := tab.Person(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if written != 1 || len(r.Events) != 3 {
			t.Errorf("written %d times, %d events, want once", written, len(r.Events))
		}
	})
}

// Two people's messages, and one person's at two brands, are not each other's, though AWS gave them one ID.
func TestAMessageIsKnownByWhoSentIt(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		for _, k := range []consent.Key{key, {Brand: "example", Phone: "+12065550143"}, {Brand: "other", Phone: key.Phone}} {
			said := inboundHeard(consent.Contact{Key: k}, saidHelp, noon)
			if known, err := tab.Heard(t.Context(), k, said.Inbound); known || err != nil {
				t.Errorf("%v: heard %v, %v, before it was", k, known, err)
			}
			commit(t, tab, said, noon)
			if known, err := tab.Heard(t.Context(), k, said.Inbound); !known || err != nil {
				t.Errorf("%v: heard %v, %v, after it was", k, known, err)
			}
		}
	})
}

// DynamoDB forgets a message once nobody can deliver it any more: SNS tries for 23 days, and a failed event is kept for
// 14.
func TestHowLongAMessageIsKnown(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		ch := inboundHeard(consent.Contact{Key: key}, saidHelp, noon.Add(-20*24*time.Hour))
		commit(t, tab, ch, noon)
		out, err := s.Client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &s.Table, Key: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "CONTACT#example#+12065550142"}, "sk": &types.AttributeValueMemberS{Value: "INBOUND#" + ch.Inbound},
		}})
		if err != nil {
			t.Fatal(err)
		}
		want := strconv.FormatInt(noon.Add(60*24*time.Hour).Unix(), 10)
		if ttl, ok := out.Item["ttl"].(*types.AttributeValueMemberN); !ok || ttl.Value != want || len(out.Item) != 3 {
			t.Errorf("stored %v, want a ttl of %s beside the keys", out.Item, want)
		}
	})
}

// A change that no message caused leaves nothing to remember.
func TestAChangeWithoutAMessageRemembersNone(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		commit(t, tab, asked(consent.Contact{Key: key}, noon, phone.Told{}, alerts.Topics[0]), noon)
		out, err := s.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &s.Table})
		if err != nil || len(out.Items) != 2 {
			t.Errorf("%d items, %v, want the contact and its event", len(out.Items), err)
		}
	})
}

// A STOP to all that a brand may send at most (package program bounds it) is one transaction.
func TestAStopToNinetyTopicsIsOneTransaction(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		wide := *alerts
		wide.Topics = nil
		for i := range 90 {
			wide.Topics = append(wide.Topics, program.Topic{ID: "t" + strconv.Itoa(i), Program: "alerts", Class: program.Promotional})
		}
		c := subscribe(t, tab, key, phone.Told{}, wide.Topics...)
		c = commit(t, tab, inboundHeard(c, saidStop, noon.Add(time.Hour)), noon.Add(time.Hour))
		for id, s := range c.Subs {
			if s.State != consent.Unsubscribed {
				t.Errorf("%s is %s", id, s.State)
			}
		}
		if len(c.Subs) != 90 {
			t.Errorf("%d topics", len(c.Subs))
		}
	})
}
