package table_test

import (
	"encoding/base64"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

type item = map[string]types.AttributeValue

// lived is a person to whom everything happened that leaves an item, and each state their items were in before.
func lived(t *testing.T, tab *table.Table, r raw, k consent.Key) (before []map[string]item) {
	t.Helper()
	at := noon
	step := func() time.Time {
		before = append(before, r.all(k))
		at = at.Add(time.Minute)
		return at
	}
	c := commit(t, tab, asked(consent.Contact{Key: k}, at, phone.Told{State: "WA"}, alerts.Topics...), at)
	c = commit(t, tab, inboundHeard(c, saidYes, step()), at)
	for n := range 2 {
		m := sentText(n + 1)
		var err error
		c, err = tab.Claim(t.Context(), c, consent.Claim{ID: m.ID, At: m.At, Kind: m.Kind, Program: m.Program, Topics: m.Topics, Campaign: m.Campaign}, keep)
		if err != nil {
			t.Fatal(err)
		}
		m.Number = c.Texts.Count
		step()
		if err := tab.Record(t.Context(), table.Sent{Key: k, Message: m}); err != nil {
			t.Fatal(err)
		}
		step()
		if _, err := tab.MessageStatus(t.Context(), k, m.ID, consent.StatusChange{At: m.At.Add(time.Second), Status: consent.Delivered, Detail: "TEXT_DELIVERED"}); err != nil {
			t.Fatal(err)
		}
	}
	c = commit(t, tab, c.Pause(step(), at.AddDate(0, 1, 0), map[string]string{"page": "example.com/preferences"}), at)
	commit(t, tab, inboundHeard(c, keyword.Intent{Kind: keyword.OptOut, Scope: keyword.OneTopic, Topic: "news"}, step()), at)
	return before
}

// The sort keys of what lived leaves.
var (
	eventKeys = []string{"EVENT#000000000001", "EVENT#000000000002", "EVENT#000000000003", "EVENT#000000000004"}
	textKeys  = []string{"MESSAGE#" + sentText(1).ID, "MESSAGE#" + sentText(2).ID}
)

const (
	contactKey  = "CONTACT"
	audienceKey = "AUDIENCE#alerts"
)

// verify is what is said of a person's record a day later.
func verify(t testing.TB, tab *table.Table, k consent.Key) error {
	t.Helper()
	r, err := tab.Person(t.Context(), k)
	if err != nil {
		t.Fatalf("the record cannot be read, so nobody learns what is wrong with it: %v", err)
	}
	return ledger(t).Verify(r, noon.AddDate(0, 0, 1))
}

// receiptOf is the sort key of what a receipt said about a text.
func receiptOf(items map[string]item, text string) string {
	for sk := range items {
		if strings.HasPrefix(sk, text+"#") {
			return sk
		}
	}
	return ""
}

// I4: what somebody without the key does to a person's items shows, and says nothing of the person.
func TestForgeriesShow(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		r := raw{t, s}
		other := consent.Key{Brand: "example", Phone: "+12065550143"}
		before := lived(t, tab, r, key)
		lived(t, tab, r, other)
		whole, others := r.all(key), r.all(other)
		if err := verify(t, tab, key); err != nil {
			t.Fatalf("untouched: %v", err)
		}
		contact, last := whole[contactKey], before[len(before)-1]
		subs := func(change func(alerts item)) item {
			of := maps.Clone(contact["sub"].(*types.AttributeValueMemberM).Value)
			alerts := maps.Clone(of["news"].(*types.AttributeValueMemberM).Value)
			change(alerts)
			of["news"] = &types.AttributeValueMemberM{Value: alerts}
			return with(contact, "sub", &types.AttributeValueMemberM{Value: of})
		}
		for name, forge := range map[string]func(){
			"the STOP deleted": func() { r.remove(key, eventKeys[3]) },
			"the STOP deleted and the head set back": func() {
				r.remove(key, eventKeys[3])
				r.put(key, contactKey, with(with(contact, "seq", number(3)), "head", last[contactKey]["head"]))
			},
			"an older contact put back":          func() { r.put(key, contactKey, last[contactKey]) },
			"an older contact and no STOP":       func() { r.remove(key, eventKeys[3]); r.put(key, contactKey, last[contactKey]) },
			"an older contact without its texts": func() { r.put(key, contactKey, before[1][contactKey]) },
			"an older contact, with its events": func() {
				for _, sk := range eventKeys[2:] {
					r.remove(key, sk)
				}
				r.put(key, contactKey, before[1][contactKey])
			},
			"the state set back":  func() { r.put(key, contactKey, subs(func(news item) { news["s"] = text("s") })) },
			"the stop taken off":  func() { r.put(key, contactKey, with(contact, "off", &types.AttributeValueMemberM{Value: item{}})) },
			"another place":       func() { r.put(key, contactKey, with(contact, "st", text("HI"))) },
			"the pause taken off": func() { r.put(key, contactKey, with(contact, "pau", number(1))) },
			"a claim taken off":   func() { r.put(key, contactKey, with(contact, "cl", &types.AttributeValueMemberL{})) },
			"the contact to end":  func() { r.put(key, contactKey, with(contact, "ttl", number(1))) },
			"the seal taken off":  func() { m := maps.Clone(contact); delete(m, "mac"); r.put(key, contactKey, m) },
			"a seal of another":   func() { r.put(key, contactKey, with(contact, "mac", others[contactKey]["mac"])) },
			"a seal of another key": func() {
				r.put(key, contactKey, with(contact, "mac", &types.AttributeValueMemberB{Value: []byte("0123456789abcdef2")}))
			},
			"a short seal":                 func() { r.put(key, contactKey, with(contact, "mac", &types.AttributeValueMemberB{Value: []byte("1")})) },
			"a contact unreadable":         func() { r.put(key, contactKey, with(contact, "sub", text("?"))) },
			"the contact deleted":          func() { r.remove(key, contactKey) },
			"a body rewritten":             func() { r.put(key, textKeys[0], with(whole[textKeys[0]], "body", text("Example Corp.: another text"))) },
			"a text unreadable":            func() { r.put(key, textKeys[0], with(whole[textKeys[0]], "body", number(1))) },
			"a text refused":               func() { r.put(key, textKeys[1], with(whole[textKeys[1]], "status", text("rejected"))) },
			"a text deleted":               func() { r.remove(key, textKeys[0]); r.remove(key, receiptOf(whole, textKeys[0])) },
			"the last text deleted":        func() { r.remove(key, textKeys[1]); r.remove(key, receiptOf(whole, textKeys[1])) },
			"a text without its receipt's": func() { r.remove(key, textKeys[0]) },
			"a text that never was": func() {
				r.put(key, "MESSAGE#"+sentText(3).ID, with(whole[textKeys[1]], "n", number(3)))
			},
			"a text of another": func() { r.put(key, textKeys[0], others[textKeys[0]]) },
			"texts swapped": func() {
				r.put(key, textKeys[0], whole[textKeys[1]])
				r.put(key, textKeys[1], whole[textKeys[0]])
			},
			"a receipt altered": func() {
				sk := receiptOf(whole, textKeys[0])
				r.put(key, sk, with(whole[sk], "status", text("undelivered")))
			},
			"a receipt moved to the other text": func() {
				sk := receiptOf(whole, textKeys[0])
				r.remove(key, sk)
				r.put(key, strings.Replace(sk, textKeys[0], textKeys[1], 1), whole[sk])
			},
			"another's items": func() { r.restore(key, others) },
			"another's events": func() {
				for _, sk := range eventKeys {
					r.put(key, sk, others[sk])
				}
			},
			"an event that hides more":  func() { r.put(key, eventKeys[0], with(whole[eventKeys[0]], "ttl", number(1))) },
			"an event unreadable":       func() { r.put(key, eventKeys[0], with(whole[eventKeys[0]], "at", text("noon"))) },
			"taken out of the audience": func() { r.remove(key, audienceKey) },
			"put into an audience":      func() { r.put(key, "AUDIENCE#news", before[2]["AUDIENCE#news"]) },
			"put among other shards":    func() { r.put(key, audienceKey, with(whole[audienceKey], "aud", text("example#alerts#99"))) },
			"an item of no kind":        func() { r.put(key, "NOTE", item{}) },
		} {
			forge()
			err := verify(t, tab, key)
			if err == nil {
				t.Errorf("%s: the record verifies", name)
			} else if strings.Contains(err.Error(), "555") || strings.Contains(err.Error(), "Example") {
				t.Errorf("%s: the fault tells of the person: %v", name, err)
			}
			r.restore(key, whole)
		}
		if err := verify(t, tab, key); err != nil {
			t.Errorf("as it was: %v", err)
		}
	})
}

// I4: a person nobody has ever heard of, made up with all that the gate looks at.
func TestAnInventedContactIsSuspect(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		r := raw{t, s}
		lived(t, tab, r, key)
		invented := consent.Key{Brand: "example", Phone: "+12065550199"}
		r.put(invented, contactKey, r.all(key)[contactKey])
		c, err := tab.Contact(t.Context(), invented)
		if err != nil || c.Subs["alerts"].State != consent.Subscribed || !c.Suspect {
			t.Errorf("%+v, %v: want one that is read, and suspect", c, err)
		}
		many, _, err := tab.Contacts(t.Context(), []consent.Key{key, invented})
		if err != nil || many[0].Suspect || !many[1].Suspect {
			t.Errorf("read with others: suspect %t and %t, %v", many[0].Suspect, many[1].Suspect, err)
		}
		if err := verify(t, tab, invented); err == nil {
			t.Error("its record verifies")
		}
	})
}

// I8: what was done to a contact keeps no STOP from being heard, and being written again makes no forgery honest.
func TestASuspectContactHearsAndStaysSuspect(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		r := raw{t, s}
		lived(t, tab, r, key)
		r.put(key, contactKey, with(r.all(key)[contactKey], "st", text("HI")))
		c, err := tab.Contact(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		c = commit(t, tab, inboundHeard(c, saidStop, noon.Add(time.Hour)), noon.Add(time.Hour))
		if _, stopped := c.StoppedAt("alerts"); !stopped || !c.Suspect {
			t.Errorf("after the STOP: %+v", c)
		}
		for name, write := range map[string]func() (consent.Contact, error){
			"a claim": func() (consent.Contact, error) { return tab.Claim(t.Context(), c, claim(9, noon.Add(time.Hour)), keep) },
			"bookkeeping": func() (consent.Contact, error) {
				return tab.UpdateBookkeeping(t.Context(), c, func(c consent.Contact) consent.Contact { return c.FollowUpBy(noon) })
			},
		} {
			if c, err = write(); err != nil || !c.Suspect {
				t.Errorf("%s: suspect %t, %v", name, c.Suspect, err)
			}
		}
		if got, err := tab.Contact(t.Context(), key); err != nil || !got.Suspect {
			t.Errorf("read again: suspect %t, %v", got.Suspect, err)
		}
		if err := verify(t, tab, key); err == nil || !strings.Contains(err.Error(), "altered") {
			t.Errorf("the record: %v", err)
		}
	})
}

// A key is replaced in two steps, with functions of both sides of each at work. One that is taken for the only one
// makes what it did not seal look altered, which is why nobody may just overwrite it.
func TestKeysAreReplacedInTwoSteps(t *testing.T) {
	each(t, func(t *testing.T, _ *table.Table, s dynamotest.Store) {
		with := func(kept string) *table.Table {
			l, err := consent.ParseLedger(kept)
			if err != nil {
				t.Fatal(err)
			}
			return table.New(s.Client, s.Table, l)
		}
		old, fresh := base64.StdEncoding.EncodeToString(make([]byte, 32)), base64.StdEncoding.EncodeToString([]byte(strings.Repeat("k", 32)))
		first, second, third := with(old), with("1:"+old+" 2:"+fresh), with("2:"+fresh+" 1:"+old)
		subscribe(t, first, key, phone.Told{}, alerts.Topics[0])
		for i, tab := range []*table.Table{second, first, third, second, third} {
			c, err := tab.Contact(t.Context(), key)
			if err != nil || c.Suspect {
				t.Errorf("step %d: suspect %t, %v", i, c.Suspect, err)
			}
			at := noon.Add(time.Duration(i+2) * time.Minute)
			commit(t, tab, inboundHeard(c, saidHelp, at), at)
		}
		r, err := third.Person(t.Context(), key)
		if err != nil || r.Contact.Suspect || len(r.Faults) > 0 {
			t.Errorf("with both: suspect %t, faults %v, %v", r.Contact.Suspect, r.Faults, err)
		}
		for name, tab := range map[string]*table.Table{"the old key": first, "the new key under the old ID": with(fresh)} {
			if c, err := tab.Contact(t.Context(), key); err != nil || !c.Suspect {
				t.Errorf("%s alone: suspect %t, %v", name, c.Suspect, err)
			}
		}
		if c, err := table.New(s.Client, s.Table, consent.Ledger{}).Contact(t.Context(), key); err != nil || c.Suspect {
			t.Errorf("without a key nobody can tell: suspect %t, %v", c.Suspect, err)
		}
	})
}

// I4, I8: evidence is never written over, and yet a STOP finds its place, whatever was done to the contact or the
// ledger's end.
func TestAStopFindsItsPlaceBehindWhateverIsThere(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		r := raw{t, s}
		before := lived(t, tab, r, key)
		whole := r.all(key)
		for name, tc := range map[string]struct {
			forge  func()
			events int // that are there already
		}{
			"the contact of the beginning put back": {func() { r.put(key, contactKey, before[1][contactKey]) }, 4},
			"the contact deleted":                   {func() { r.remove(key, contactKey) }, 4},
			"an event made up":                      {func() { r.put(key, "EVENT#000000000005", item{}) }, 5},
			"events made up, some unreadable": {func() {
				r.put(key, "EVENT#000000000005", whole[eventKeys[0]])
				r.put(key, "EVENT#000000000006", item{"at": text("noon")})
			}, 6},
		} {
			tc.forge()
			there := r.all(key)
			at := noon.Add(time.Hour)
			var err error
			for range 2 { // the first moves the contact to the end of the ledger
				var c consent.Contact
				if c, err = tab.Contact(t.Context(), key); err != nil {
					t.Fatal(err)
				}
				if _, err = tab.Commit(t.Context(), inboundHeard(c, saidStop, at), at); !errors.Is(err, table.ErrConflict) {
					break
				}
			}
			c, _ := tab.Contact(t.Context(), key)
			if _, stopped := c.StoppedAt("alerts"); err != nil || !stopped || !c.Suspect || c.Head.Seq != int64(tc.events)+1 {
				t.Errorf("%s: %v, %+v", name, err, c)
			}
			for sk, m := range there {
				if strings.HasPrefix(sk, "EVENT#") && !reflect.DeepEqual(m, r.all(key)[sk]) {
					t.Errorf("%s: %s was written over", name, sk)
				}
			}
			if err := verify(t, tab, key); err == nil {
				t.Errorf("%s: the record verifies", name)
			}
			r.restore(key, whole)
		}
	})
}

// I4: whatever single thing of whatever item is altered, added or taken away.
func TestAnyAlterationOfAnItemShows(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, s dynamotest.Store) {
		r := raw{t, s}
		lived(t, tab, r, key)
		whole := r.all(key)
		keys := slices.DeleteFunc(slices.Sorted(maps.Keys(whole)), func(sk string) bool {
			return strings.HasPrefix(sk, "INBOUND#") // keeps a message from being handled twice, and proves nothing
		})
		rapid.Check(t, func(rt *rapid.T) {
			sk := rapid.SampledFrom(keys).Draw(rt, "item")
			m := maps.Clone(whole[sk])
			delete(m, "pk")
			delete(m, "sk")
			did := alterMap(rt, m, sk)
			r.put(key, sk, m)
			if err := verify(t, tab, key); err == nil {
				rt.Errorf("%s, and the record verifies", did)
			}
			r.put(key, sk, whole[sk])
		})
	})
}

// alterMap changes one thing of m, and says which.
func alterMap(t *rapid.T, m item, path string) string {
	names := slices.Sorted(maps.Keys(m))
	n := rapid.IntRange(0, len(names)).Draw(t, "attribute of "+path)
	if n == len(names) {
		m["zz"] = text("made up")
		return path + ".zz added"
	}
	name := names[n]
	path += "." + name
	if rapid.IntRange(0, 3).Draw(t, "take away") == 0 {
		delete(m, name)
		return path + " taken away"
	}
	m[name], path = alterValue(t, m[name], path)
	return path
}

func alterValue(t *rapid.T, v types.AttributeValue, path string) (types.AttributeValue, string) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return text(v.Value + "x"), path + " longer"
	case *types.AttributeValueMemberN:
		n, err := strconv.ParseInt(v.Value, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return number(n + 1), path + " greater"
	case *types.AttributeValueMemberB:
		b := slices.Clone(v.Value)
		b[rapid.IntRange(0, len(b)-1).Draw(t, "byte")] ^= 1
		return &types.AttributeValueMemberB{Value: b}, path + " another"
	case *types.AttributeValueMemberBOOL:
		return &types.AttributeValueMemberBOOL{Value: !v.Value}, path + " the other"
	case *types.AttributeValueMemberL:
		n := rapid.IntRange(0, len(v.Value)).Draw(t, "element of "+path)
		if n == len(v.Value) {
			return &types.AttributeValueMemberL{Value: append(slices.Clone(v.Value), text("x"))}, path + " longer"
		}
		list := slices.Clone(v.Value)
		var did string
		list[n], did = alterValue(t, list[n], path+"."+strconv.Itoa(n))
		return &types.AttributeValueMemberL{Value: list}, did
	case *types.AttributeValueMemberM:
		m := maps.Clone(v.Value)
		did := alterMap(t, m, path)
		return &types.AttributeValueMemberM{Value: m}, did
	default:
		t.Fatalf("%s is a %T, which nobody has taught this test to alter", path, v)
		return nil, ""
	}
}
