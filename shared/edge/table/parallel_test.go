package table_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// rounds is enough for either side to win some.
const rounds = 40

// I1: a STOP and the claim of a text decided on the same contact never both win. Whoever loses decides again: after a
// STOP there is nothing to claim.
func TestStopAndClaimNeverBothWin(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		for n := range rounds {
			c := subscribe(t, tab, consent.Key{Brand: "example", Phone: phone.Number(fmt.Sprintf("+1206555%04d", n))}, phone.Told{}, alerts.Topics[0])
			var stopped, claimed error
			var both sync.WaitGroup
			both.Go(func() {
				_, stopped = tab.Commit(t.Context(), inboundHeard(c, saidStop, noon.Add(time.Hour)), noon.Add(time.Hour))
			})
			both.Go(func() { _, claimed = tab.Claim(t.Context(), c, claim(n, noon.Add(time.Hour)), keep) })
			both.Wait()
			if (stopped == nil) && (claimed == nil) {
				t.Fatal("I1: STOP and claim were both written")
			}
			for _, err := range []error{stopped, claimed} {
				if err != nil && !errors.Is(err, table.ErrConflict) {
					t.Fatalf("%v, want ErrConflict", err)
				}
			}
			r, err := tab.Person(t.Context(), c.Key)
			if err != nil {
				t.Fatal(err)
			}
			if err := ledger(t).Verify(r, noon.Add(time.Hour)); err != nil {
				t.Fatalf("I4: %v", err)
			}
			_, out := r.Contact.StoppedAt("alerts")
			_, has := r.Contact.Claimed(claim(n, noon).ID)
			if out != (stopped == nil) || has != (claimed == nil) {
				t.Fatalf("stopped %t (%v), claimed %t (%v)", out, stopped, has, claimed)
			}
		}
	})
}

// I2: of many jobs that claim the same campaign's text for one person, one gets it.
func TestOneOfManyClaimsOfACampaignWins(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		const jobs = 8
		won := make([]bool, jobs)
		var all sync.WaitGroup
		for n := range jobs {
			all.Go(func() {
				for c := c; ; {
					if _, taken := c.CampaignClaim(claim(n, noon).Campaign); taken {
						return
					}
					_, err := tab.Claim(t.Context(), c, claim(n, noon), keep)
					if err == nil {
						won[n] = true
						return
					}
					if !errors.Is(err, table.ErrConflict) {
						t.Error(err)
						return
					}
					if c, err = tab.Contact(t.Context(), key); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		winners := 0
		for _, w := range won {
			if w {
				winners++
			}
		}
		if winners != 1 {
			t.Errorf("I2: %d jobs claimed, want 1", winners)
		}
	})
}

// I4, I8: whatever people say at once, every change has its event, none is lost, and STOP stands.
func TestParallelChangesAreAllOnRecord(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		said := []keyword.Intent{saidHelp, saidYes, saidStop, saidHelp, saidYes, saidHelp}
		var all sync.WaitGroup
		for n, intent := range said {
			at := noon.Add(time.Hour - time.Duration(n)*time.Second)
			if intent.Kind == keyword.OptOut {
				at = noon.Add(2 * time.Hour)
			}
			all.Go(func() {
				for {
					c, err := tab.Contact(t.Context(), key)
					if err == nil {
						_, err = tab.Commit(t.Context(), inboundHeard(c, intent, at), at)
					}
					if !errors.Is(err, table.ErrConflict) {
						if err != nil {
							t.Error(err)
						}
						return
					}
				}
			})
		}
		all.Wait()
		r, err := tab.Person(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if err := ledger(t).Verify(r, noon.Add(time.Hour)); err != nil {
			t.Errorf("I4: %v", err)
		}
		if len(r.Events) != 2+len(said) {
			t.Errorf("I4: %d events, want %d", len(r.Events), 2+len(said))
		}
		if r.Contact.Subs["alerts"].State != consent.Unsubscribed {
			t.Errorf("I8: %s after a STOP that is newer than all else", r.Contact.Subs["alerts"].State)
		}
	})
}

// A person read while their contact changes is never seen with a ledger that does not fit it.
func TestPersonWhileItChanges(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
		var writer sync.WaitGroup
		writer.Go(func() {
			for n := range rounds {
				at := noon.Add(time.Duration(n+2) * time.Minute)
				next, err := tab.Commit(t.Context(), inboundHeard(c, saidHelp, at), at)
				if err != nil {
					t.Error(err)
					return
				}
				c = next
			}
		})
		for range rounds {
			r, err := tab.Person(t.Context(), key)
			if err != nil {
				t.Error(err)
				break
			}
			if err := ledger(t).Verify(r, noon.Add(time.Hour)); err != nil {
				t.Errorf("I4: %v", err)
			}
		}
		writer.Wait()
	})
}

// Contacts come in the order they were asked for, known or not.
func TestContactsComeInOrder(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		const people = 130 // more than one BatchGetItem takes
		keys := make([]consent.Key, people)
		for i := range keys {
			keys[i] = consent.Key{Brand: "example", Phone: phone.Number(fmt.Sprintf("+1206555%04d", i))}
			if i%10 == 0 {
				commit(t, tab, asked(consent.Contact{Key: keys[i]}, noon, phone.Told{}, alerts.Topics[0]), noon)
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			order := rapid.Permutation(keys).Draw(rt, "order")[:rapid.IntRange(0, people).Draw(rt, "n")]
			got, _, err := tab.Contacts(t.Context(), order)
			if err != nil || len(got) != len(order) {
				rt.Fatalf("%d contacts of %d, %v", len(got), len(order), err)
			}
			for i, c := range got {
				if c.Key != order[i] {
					rt.Fatalf("contact %d is another's", i)
				}
				if known := c.Phone[len(c.Phone)-1] == '0'; (c.Version == 1) != known {
					rt.Fatalf("contact %d has version %d", i, c.Version)
				}
			}
		})
		if _, _, err := tab.Contacts(t.Context(), []consent.Key{keys[0], keys[1], keys[0]}); err == nil {
			t.Error("a key twice was accepted; two decisions on one contact cannot both be saved")
		}
	})
}

// One contact that cannot be understood takes nobody else with it, and nothing is guessed about it (I1). What is said
// of it names no number (I10).
func TestAnUnreadableContactHidesNobody(t *testing.T) {
	for name, broken := range map[string]types.AttributeValue{
		"a letter nobody knows":    &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"alerts": &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"s": &types.AttributeValueMemberS{Value: "?"}}}}},
		"another kind of value":    &types.AttributeValueMemberS{Value: "subscribed"},
		"a number with a fraction": &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"alerts": &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"a": &types.AttributeValueMemberN{Value: "1.5"}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
				var keys []consent.Key
				for i := range 120 {
					keys = append(keys, consent.Key{Brand: "example", Phone: phone.Number(fmt.Sprintf("+1206555%04d", i))})
				}
				bad := keys[55]
				for _, k := range keys[50:60] {
					commit(t, tab, asked(consent.Contact{Key: k}, noon, phone.Told{}, alerts.Topics[0]), noon)
				}
				_, err := s.Client.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
					TableName:        &s.Table,
					Key:              map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "CONTACT#example#" + string(bad.Phone)}, "sk": &types.AttributeValueMemberS{Value: "CONTACT"}},
					UpdateExpression: aws.String("SET #sub = :broken"), ExpressionAttributeNames: map[string]string{"#sub": "sub"},
					ExpressionAttributeValues: map[string]types.AttributeValue{":broken": broken},
				})
				if err != nil {
					t.Fatal(err)
				}
				got, unreadable, err := tab.Contacts(t.Context(), keys)
				if err != nil {
					t.Fatal(err)
				}
				rest := slices.Delete(slices.Clone(keys), 55, 56)
				if !slices.EqualFunc(got, rest, func(c consent.Contact, k consent.Key) bool { return c.Key == k }) {
					t.Errorf("%d contacts of the other %d, or in another order", len(got), len(rest))
				}
				if len(unreadable) != 1 || unreadable[0].Key != bad || !strings.Contains(unreadable[0].Fault.Error(), "sub") || strings.Contains(unreadable[0].Fault.Error(), "555") {
					t.Errorf("unreadable: %v", unreadable)
				}
			})
		})
	}
}
