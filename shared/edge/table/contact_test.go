package table

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/oklog/ulid/v2"
	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func draw[T any](name string, t *rapid.T, g *rapid.Generator[T]) T { return g.Draw(t, name) }

func genTime() *rapid.Generator[time.Time] {
	return rapid.OneOf(rapid.Just(time.Time{}), rapid.Map(rapid.Int64Range(-1, 4_000_000_000_000), func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }))
}

func genID() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.Just(""),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 16, 16), func(b []byte) string { return ulid.ULID(b).String() }),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 16, 16), func(b []byte) string { return strings.ToLower(ulid.ULID(b).String()) }),
		rapid.String(),
	)
}

func genHash() *rapid.Generator[string] {
	return rapid.OneOf(rapid.Just(""), rapid.StringMatching(`[0-9a-f]{64}`))
}

func genTimes() *rapid.Generator[map[string]time.Time] {
	return rapid.MapOfN(rapid.StringMatching(`[a-z0-9-]{1,8}|\*`), genTime(), 0, 3)
}

func genContact() *rapid.Generator[consent.Contact] {
	names := rapid.StringMatching(`[a-z0-9-]{1,8}`)
	return rapid.Custom(func(t *rapid.T) consent.Contact {
		c := consent.Contact{
			Key:     consent.Key{Brand: "example", Phone: "+12065550142"},
			Told:    phone.Told{State: draw("state", t, rapid.StringN(0, 3, 8)), ZIP: draw("zip", t, rapid.String()), Zone: draw("zone", t, rapid.String())},
			Locale:  draw("locale", t, rapid.String()),
			Stopped: draw("stopped", t, genTimes()),
			Undone:  draw("undone", t, genTimes()),
			Health: consent.Health{
				Undeliverable: draw("undeliverable", t, rapid.Bool()), Failures: draw("failures", t, rapid.IntRange(0, 9)),
				Delivered: draw("delivered", t, genTime()), Heard: draw("heard", t, genTime()), NoTexts: draw("no texts", t, genTime()),
				Blocked: draw("blocked", t, genTime()),
			},
			Head:    consent.Head{Seq: draw("seq", t, rapid.Int64Range(0, 1<<40)), Hash: draw("head", t, genHash())},
			Version: draw("version", t, rapid.Int64Range(1, 1<<40)),
		}
		c.Subs = draw("subs", t, rapid.MapOfN(names, rapid.Custom(func(t *rapid.T) consent.Subscription {
			return consent.Subscription{
				State:   draw("sub", t, rapid.SampledFrom([]consent.State{"", consent.Pending, consent.Subscribed, consent.Unsubscribed, consent.Expired, consent.Suspended, consent.Removed})),
				Program: draw("program", t, names), Class: draw("class", t, rapid.SampledFrom([]program.Class{"", program.Promotional, program.Transactional})),
				Tier:  draw("tier", t, rapid.SampledFrom([]consent.Tier{"", consent.Regular, consent.Digest, consent.Asked})),
				Moved: draw("moved", t, genTime()),
				Since: draw("since", t, genTime()), Request: draw("request", t, rapid.Int64()), Proof: draw("proof", t, rapid.Int64()),
			}
		}), 0, 3))
		c.Attention = draw("attention", t, rapid.MapOfN(names, rapid.Custom(func(t *rapid.T) consent.Attention {
			return consent.Attention{Chances: draw("chances", t, rapid.IntRange(0, 99)), Sign: draw("sign", t, genTime())}
		}), 0, 3))
		c.Claims = draw("claims", t, rapid.SliceOfN(rapid.Custom(func(t *rapid.T) consent.Claim {
			return consent.Claim{
				ID: draw("id", t, genID()), Number: draw("number", t, rapid.Int64Min(0)), At: draw("at", t, genTime()), Program: draw("program", t, names),
				Kind:     draw("kind", t, rapid.SampledFrom([]message.Kind{"", message.Confirmation, message.Reply, message.Reminder, message.Renewal, message.Promotional, message.Transactional})),
				Topics:   draw("topics", t, rapid.SliceOfN(rapid.String(), 0, 3)),
				Campaign: draw("campaign", t, genID()), Content: draw("content", t, rapid.String()),
				OptOut: draw("optout", t, rapid.Bool()), Change: draw("change", t, rapid.Bool()), Chance: draw("chance", t, rapid.Bool()),
				Answered: draw("answered", t, rapid.Bool()),
			}
		}), 0, 4))
		c.Questions = draw("questions", t, rapid.SliceOfN(rapid.Custom(func(t *rapid.T) consent.Question {
			return consent.Question{
				Request: draw("request", t, rapid.Int64()), Claim: draw("claim", t, genID()), Program: draw("program", t, names),
				Topics: draw("topics", t, rapid.SliceOfN(rapid.String(), 0, 3)), At: draw("at", t, genTime()), Until: draw("until", t, genTime()),
				Told:   phone.Told{State: draw("state", t, rapid.String()), ZIP: draw("zip", t, rapid.String()), Zone: draw("zone", t, rapid.String())},
				Locale: draw("locale", t, rapid.String()),
			}
		}), 0, 3))
		c.Waiting = draw("waiting", t, rapid.SliceOfN(rapid.Custom(func(t *rapid.T) consent.Ask {
			return consent.Ask{
				Kind:   draw("kind", t, rapid.SampledFrom([]message.Kind{message.Confirmation, message.Reply, message.Renewal})),
				Answer: draw("answer", t, rapid.SampledFrom(message.Answers())), Program: draw("program", t, names),
				Topics: draw("topics", t, rapid.SliceOfN(rapid.String(), 0, 3)), Language: draw("language", t, rapid.String()),
				Everything: draw("everything", t, rapid.Bool()), Invited: draw("invited", t, rapid.Bool()), Change: draw("change", t, rapid.Bool()),
				Request: draw("request", t, rapid.Int64()), From: draw("from", t, genTime()), By: draw("by", t, genTime()), Inbound: draw("inbound", t, rapid.String()), Expected: draw("expected", t, genTime()),
			}
		}), 0, 3))
		c.FollowUp, c.Suspect = draw("follow-up", t, genTime()), draw("suspect", t, rapid.Bool())
		c.Texts = consent.TextHead{Count: draw("count", t, rapid.Int64Range(0, 1<<40)), Hash: draw("texts", t, genHash())}
		c.Touches = draw("touches", t, rapid.SliceOfN(rapid.Custom(func(t *rapid.T) consent.Touch {
			return consent.Touch{At: draw("at", t, genTime()), Channel: draw("channel", t, rapid.String()), Content: draw("content", t, rapid.String())}
		}), 0, 3))
		return c
	})
}

// What is stored comes back as it was: nothing that decides whether a phone may be texted is lost or made up on the
// way.
func TestContactComesBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := genContact().Draw(t, "contact")
		m, err := encodeContact(&want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeContact(want.Key, m)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func typicalContact() consent.Contact {
	id := func(n int) string {
		return ulid.MustNew(ulid.Timestamp(noon.Add(time.Duration(n)*time.Hour)), strings.NewReader("0123456789")).String()
	}
	c := consent.Contact{
		Key:    consent.Key{Brand: "example", Phone: "+12065550142"},
		Told:   phone.Told{State: "WA", ZIP: "98101", Zone: "America/Los_Angeles"},
		Locale: "en-US",
		Subs: map[string]consent.Subscription{
			"alerts": {State: consent.Subscribed, Program: "alerts", Class: program.Promotional, Tier: consent.Regular, Since: noon.Add(time.Millisecond), Request: 1, Proof: 2},
			"orders": {State: consent.Subscribed, Program: "orders", Class: program.Transactional, Since: noon.Add(time.Millisecond), Request: 3, Proof: 4},
		},
		Attention: map[string]consent.Attention{"alerts": {Chances: 3, Sign: noon.Add(time.Millisecond)}},
		Undone:    map[string]time.Time{"alerts": noon.Add(3 * time.Millisecond)},
		Touches: []consent.Touch{
			{At: noon.Add(7 * time.Millisecond), Channel: "email", Content: message.ContentHash("one")},
			{At: noon.Add(9 * time.Millisecond), Channel: "push", Content: message.ContentHash("two")},
		},
		Health:  consent.Health{Failures: 1, Delivered: noon.Add(time.Millisecond), Heard: noon.Add(time.Millisecond)},
		Head:    consent.Head{Seq: 12, Hash: strings.Repeat("0123456789abcdef", 4)},
		Texts:   consent.TextHead{Count: 143, Hash: strings.Repeat("fedcba9876543210", 4)},
		Version: 31,
	}
	for i := range 6 {
		c.Claims = append(c.Claims, consent.Claim{
			ID: id(i), Number: int64(138 + i), At: noon.Add(time.Duration(i) * time.Hour), Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"},
			Campaign: id(i + 10), Content: message.ContentHash(strconv.Itoa(i)), OptOut: i%2 == 0, Chance: i%2 == 1,
		})
	}
	return c
}

// sealing is a table that seals what it encodes.
func sealing(t testing.TB) *Table {
	t.Helper()
	ledger, err := consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte("a key of at least thirty-two bytes")))
	if err != nil {
		t.Fatal(err)
	}
	return New(nil, "consent", ledger)
}

// A claim costs one write unit only while the contact stays within 1 KB. Its size stands in docs/architecture.md, where
// each byte more is to show.
func TestTypicalContactIsWithinOneWriteUnit(t *testing.T) {
	c := typicalContact()
	m, err := sealing(t).encode(&c)
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for name, v := range m {
		size += len(name) + sizeOf(v)
	}
	if size != 920 {
		t.Errorf("a typical contact has %d bytes", size)
	}
}

// sizeOf is what DynamoDB bills for a value (Developer Guide, "DynamoDB Item sizes and formats").
func sizeOf(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberB:
		return len(v.Value)
	case *types.AttributeValueMemberBOOL:
		return 1
	case *types.AttributeValueMemberN:
		return len(strings.Trim(strings.TrimLeft(v.Value, "-"), "0"))/2 + 2
	case *types.AttributeValueMemberL:
		n := 3
		for _, e := range v.Value {
			n += 1 + sizeOf(e)
		}
		return n
	case *types.AttributeValueMemberM:
		n := 3
		for k, e := range v.Value {
			n += 1 + len(k) + sizeOf(e)
		}
		return n
	default:
		panic(fmt.Sprintf("%T is not stored in a contact", v))
	}
}
