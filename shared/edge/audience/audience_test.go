package audience_test

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

var (
	stores dynamotest.Stores

	noon   = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	alerts = &program.Program{
		ID: "alerts", Brand: "example", Class: program.Promotional,
		Topics: []program.Topic{
			{ID: "alerts", Program: "alerts", Class: program.Promotional},
			{ID: "alerts-2", Program: "alerts", Class: program.Promotional},
		},
	}
)

func TestMain(m *testing.M) { os.Exit(stores.Run(m)) }

// world is a table with people in it.
type world struct {
	*table.Table
	*audience.List
	t *testing.T
}

func each(t *testing.T, f func(t *testing.T, w world)) {
	t.Helper()
	ledger, err := consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte("a key of at least thirty-two bytes")))
	if err != nil {
		t.Fatal(err)
	}
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		f(t, world{table.New(s.Client, s.Table, ledger), audience.New(smallPages{s.Client}, s.Table), t})
	})
}

// smallPages makes DynamoDB end a page after three entries, and a count after one, as it does after a megabyte.
type smallPages struct{ audience.API }

func (p smallPages) Query(ctx context.Context, in *dynamodb.QueryInput, opts ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error) {
	few := *in
	few.Limit = aws.Int32(min(3, cmp.Or(aws.ToInt32(in.Limit), 1)))
	return p.API.Query(ctx, &few, opts...)
}

// commit writes a change whose texts go out.
func (w world) commit(ch consent.Change) consent.Contact {
	w.t.Helper()
	for _, ask := range ch.Ask {
		at := ch.Events[len(ch.Events)-1].At
		ch.Next = ch.Next.WithText(ask, consent.Claim{ID: fmt.Sprint(ch.Next.Version, ask.Program), At: at, Kind: ask.Kind, Program: ask.Program, Topics: ask.Topics}, 0)
	}
	c, err := w.Commit(w.t.Context(), ch, noon)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

var (
	terms = program.SignUp{ConfirmWithin: 24 * time.Hour, PerPhoneADay: 10}

	saidYes   = keyword.Intent{Kind: keyword.Confirm, Confidence: 1}
	saidStop  = keyword.Intent{Kind: keyword.OptOut}
	saidStart = keyword.Intent{Kind: keyword.OptIn, Confidence: 1, Restart: true}
)

func (w world) ask(c consent.Contact, told phone.Told, topics ...program.Topic) consent.Contact {
	w.t.Helper()
	return w.commit(c.Request(consent.Request{At: noon, Source: consent.SourceForm, Topics: topics, Terms: terms, Told: told}))
}

func (w world) say(c consent.Contact, intent keyword.Intent) consent.Contact {
	w.t.Helper()
	return w.commit(c.Hear(consent.Inbound{ID: fmt.Sprint(c.Version), At: noon.Add(time.Duration(c.Version) * time.Minute), Brand: &program.Brand{ID: c.Brand, Programs: []program.Program{*alerts}}, Program: alerts, Terms: terms, Intent: intent}))
}

func (w world) subscribe(brand string, n phone.Number, told phone.Told, topics ...program.Topic) consent.Contact {
	w.t.Helper()
	return w.say(w.ask(consent.Contact{Key: consent.Key{Brand: brand, Phone: n}}, told, topics...), saidYes)
}

// walk meets everybody on a topic in pages of some size, and checks the order of areas on the way.
func (w world) walk(t *testing.T, brand, topic string, size int) map[consent.Key]phone.Area {
	t.Helper()
	met := map[consent.Key]phone.Area{}
	for shard := range audience.Shards {
		var before phone.Area
		for {
			area, ok, err := w.NextArea(w.t.Context(), brand, topic, shard, before)
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			if area <= before {
				t.Fatalf("area %q comes after %q", area, before)
			}
			before = area
			n := w.page(t, brand, topic, shard, area, size, met)
			count, err := w.Count(w.t.Context(), brand, topic, shard, area)
			if err != nil || count != n || n == 0 {
				t.Fatalf("%q has %d people, counted %d, %v", area, n, count, err)
			}
		}
	}
	return met
}

func (w world) page(t *testing.T, brand, topic string, shard int, area phone.Area, size int, met map[consent.Key]phone.Area) (n int) {
	t.Helper()
	for after := ""; ; {
		keys, next, err := w.Page(w.t.Context(), brand, topic, shard, area, after, size)
		if err != nil {
			t.Fatal(err)
		}
		if len(keys) > size {
			t.Fatalf("a page of %d has %d", size, len(keys))
		}
		for _, k := range keys {
			if where, twice := met[k]; twice {
				t.Fatalf("somebody was met in %q and again in %q", where, area)
			}
			if audience.ShardOf(k.Phone) != shard {
				t.Fatal("somebody is in another's shard")
			}
			met[k] = area
		}
		n += len(keys)
		if next == "" {
			return n
		}
		after = next
	}
}

// told makes areas of one place, of several zones of one place, and of several places, so that one area's key begins
// with another's.
func told() []phone.Told {
	return []phone.Told{
		{}, {State: "FL"}, {State: "FL", Zone: "America/New_York"}, {State: "FL", Zone: "America/Chicago"}, {State: "NY"}, {Zone: "America/New_York"}, {Zone: "America/Chicago"},
	}
}

// An entry of the index that names no phone keeps nobody behind it from being met.
func TestABrokenEntryHidesNobody(t *testing.T) {
	stores.Each(t, func(t *testing.T, s dynamotest.Store) {
		ledger, err := consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte("a key of at least thirty-two bytes")))
		if err != nil {
			t.Fatal(err)
		}
		w := world{table.New(s.Client, s.Table, ledger), audience.New(smallPages{s.Client}, s.Table), t}
		want := map[consent.Key]bool{}
		for i := range 30 {
			n := phone.Number([]string{"+1850555", "+1206555", "+1305555"}[i%3] + fmt.Sprintf("%04d", i))
			want[w.subscribe("example", n, phone.Told{}, alerts.Topics[0]).Key] = true
		}
		for i, zone := range []string{"!", "US-FL|America/New_York", "US-FL|America/New_York#+", "US-WA|America/Los_Angeles#", "US-WA|America/Los_Angeles##", "~#nobody#"} {
			for shard := range audience.Shards {
				m := map[string]types.AttributeValue{}
				for name, text := range map[string]string{
					"pk": fmt.Sprint("CONTACT#example#", i), "sk": fmt.Sprint("AUDIENCE#", shard), "aud": fmt.Sprint("example#alerts#", shard), "zone": zone,
				} {
					m[name] = &types.AttributeValueMemberS{Value: text}
				}
				if _, err := s.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &s.Table, Item: m}); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, size := range []int{2, 3, 25} {
			met := map[consent.Key]int{}
			for shard := range audience.Shards {
				for area, ok := phone.Area(""), true; ok; {
					if area, ok, err = w.NextArea(t.Context(), "example", "alerts", shard, area); err != nil {
						t.Fatal(err)
					}
					for after, more := "", ok; more; more = after != "" {
						var keys []consent.Key
						if keys, after, err = w.Page(t.Context(), "example", "alerts", shard, area, after, size); err != nil {
							t.Fatal(err)
						}
						for _, k := range keys {
							met[k]++
						}
					}
				}
			}
			for k := range want {
				if met[k] != 1 {
					t.Errorf("in pages of %d somebody was met %d times", size, met[k])
				}
			}
		}
	})
}

// Everybody subscribed is met exactly once, whatever the size of a page; nobody else is.
func TestWalkMeetsEverybodyOnce(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		want := map[consent.Key]phone.Area{}
		for i := range 60 {
			n := phone.Number([]string{"+1850555", "+1206555", "+1305555"}[i%3] + fmt.Sprintf("%04d", i))
			said := told()[i%len(told())]
			c := w.subscribe("example", n, said, alerts.Topics[i%2])
			area, err := phone.Locate(n, said)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case i%5 == 4:
				w.say(c, saidStop)
			case i%2 == 0:
				want[c.Key] = area
			}
		}
		w.ask(consent.Contact{Key: consent.Key{Brand: "example", Phone: "+12065559999"}}, phone.Told{}, alerts.Topics[0]) // said no YES
		w.subscribe("other", "+12065550001", phone.Told{}, alerts.Topics[0])
		for _, size := range []int{1, 2, 3, 25} {
			if diff := gocmp.Diff(want, w.walk(t, "example", "alerts", size)); diff != "" {
				t.Errorf("pages of %d: %s", size, diff)
			}
		}
	})
}

// I4: the audience follows consent: in by YES, out by STOP, back by START, and elsewhere with a new answer to where
// they are.
func TestAudienceFollowsTheContact(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		const number = phone.Number("+12065550142")
		where := func(topic string) []phone.Area {
			var areas []phone.Area
			for _, area := range w.walk(t, "example", topic, 10) {
				areas = append(areas, area)
			}
			return areas
		}
		expect := func(step string, want phone.Area, topics ...string) {
			t.Helper()
			for _, topic := range []string{"alerts", "alerts-2"} {
				var areas []phone.Area
				if slices.Contains(topics, topic) {
					areas = append(areas, want)
				}
				if diff := gocmp.Diff(areas, where(topic), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s, topic %s: %s", step, topic, diff)
				}
			}
		}
		locate := func(told phone.Told) phone.Area {
			area, err := phone.Locate(number, told)
			if err != nil {
				t.Fatal(err)
			}
			return area
		}
		c := w.ask(consent.Contact{Key: consent.Key{Brand: "example", Phone: number}}, phone.Told{}, alerts.Topics[0])
		expect("before YES", "")
		c = w.say(c, saidYes)
		expect("after YES", locate(phone.Told{}), "alerts")
		c = w.ask(c, phone.Told{State: "OR"}, alerts.Topics[1])
		if locate(phone.Told{}) == locate(phone.Told{State: "OR"}) {
			t.Fatal("the test needs two different areas")
		}
		expect("after a form said where they are", locate(phone.Told{}), "alerts")
		c = w.say(c, saidYes)
		expect("after the second YES", locate(phone.Told{State: "OR"}), "alerts", "alerts-2")
		c = w.say(c, saidStop)
		expect("after STOP", "")
		c = w.say(c, saidStart)
		expect("after START", "")
		w.say(c, saidYes)
		expect("after the YES to it", locate(phone.Told{State: "OR"}), "alerts", "alerts-2")
	})
}

// A person nobody can place is on the list, for the audit, under an area no text goes to.
func TestUnknownPlaceIsNowhere(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		const number = phone.Number("+999123456789")
		if _, err := phone.Locate(number, phone.Told{}); err == nil {
			t.Fatal("the test needs a number nobody can place")
		}
		c := w.subscribe("example", number, phone.Told{}, alerts.Topics[0])
		if diff := gocmp.Diff(map[consent.Key]phone.Area{c.Key: audience.Nowhere}, w.walk(t, "example", "alerts", 1)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestEmptyAudience(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		if n := len(w.walk(t, "example", "alerts", 25)); n != 0 {
			t.Errorf("%d people", n)
		}
		if n, err := w.Count(t.Context(), "example", "alerts", 0, "US-FL|America/New_York"); n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		keys, next, err := w.Page(t.Context(), "example", "alerts", 0, "US-FL|America/New_York", "", 25)
		if len(keys) != 0 || next != "" || err != nil {
			t.Errorf("%v, %q, %v", keys, next, err)
		}
	})
}

// Shards are stored in keys, so they must never change, and each must get its share.
func TestShardOf(t *testing.T) {
	for n, want := range map[phone.Number]int{"+12065550142": 4, "+33612345678": 4, "+819012345678": 1} {
		if got := audience.ShardOf(n); got != want {
			t.Errorf("ShardOf(%s) = %d, and stored keys say %d", n, got, want)
		}
	}
	var people [audience.Shards]int
	const each = 1000
	for i := range each * audience.Shards {
		people[audience.ShardOf(phone.Number(fmt.Sprintf("+1206%07d", 5550000+i)))]++
	}
	for shard, n := range people {
		if n < each*8/10 || n > each*12/10 {
			t.Errorf("shard %d has %d people of %d", shard, n, each)
		}
	}
}

// The keys of the index depend on every area being written with characters behind "$", and on it fitting in a sort key:
// 1,024 bytes (DynamoDB, "Quotas"), of which the number takes 17.
func TestAreasFitTheIndex(t *testing.T) {
	longest := phone.Area("")
	check := func(n phone.Number, told phone.Told) {
		area, err := phone.Locate(n, told)
		if err != nil {
			return
		}
		if i := strings.IndexFunc(string(area), func(r rune) bool { return r <= '$' || r > '~' }); i >= 0 {
			t.Errorf("area %q has a character that does not sort behind $", area)
		}
		if len(area) > len(longest) {
			longest = area
		}
	}
	zones := []string{"", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto", "Europe/Paris", "Pacific/Auckland", "America/Sao_Paulo", "Australia/Sydney"}
	for code := 200; code < 1000; code++ {
		for _, zone := range zones {
			check(phone.Number(fmt.Sprintf("+1%d5550142", code)), phone.Told{Zone: zone})
			check(phone.Number(fmt.Sprintf("+1%d5550142", code)), phone.Told{State: "FL", ZIP: "59001", Zone: zone})
		}
	}
	for code := 20; code < 1000; code++ {
		check(phone.Number(fmt.Sprintf("+%d9123456789", code)[:12]), phone.Told{})
		check(phone.Number(fmt.Sprintf("+%d9123456789", code)[:12]), phone.Told{Zone: "America/New_York"})
	}
	t.Logf("the longest has %d bytes", len(longest))
	if len(longest) > 1024-17 || len(longest) < 100 {
		t.Errorf("the longest area has %d bytes: %s", len(longest), longest)
	}
}

func BenchmarkShardOf(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		audience.ShardOf("+12065550142")
	}
}
