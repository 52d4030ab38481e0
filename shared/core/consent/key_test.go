package consent_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
)

func secret(letter string) string {
	return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(letter, 32)))
}

// ledgerOf is a ledger with the keys as they are kept.
func ledgerOf(t *testing.T, kept string) consent.Ledger {
	t.Helper()
	l, err := consent.ParseLedger(kept)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestKeysAsTheyAreKept(t *testing.T) {
	a, b := secret("a"), secret("b")
	for _, tc := range []struct{ kept, fault string }{
		{a, ""},
		{" " + a + "\n", ""},
		{"1:" + a, ""},
		{"2:" + b + " 1:" + a, ""},
		{"2026Nov1:" + b + "\n1:" + a + "\n", ""},
		{"09azAZ:" + a, ""},
		{"", "no ledger key"},
		{" \n", "no ledger key"},
		{a + " " + b, "key 1 of 2 has no ID"},
		{"2:" + b + " " + a, "key 2 of 2 has no ID"},
		{":" + a, "key 1 of 1 has no ID"},
		{"too long1:" + a, "key 1 of 2 has no ID"},
		{"toolong12:" + a, "key 1 of 1 has no ID"},
		{"a-b:" + a, "key 1 of 1 has no ID"},
		{"/:" + a, "key 1 of 1 has no ID"},
		{"@:" + a, "key 1 of 1 has no ID"},
		{"[:" + a, "key 1 of 1 has no ID"},
		{"`:" + a, "key 1 of 1 has no ID"},
		{"{:" + a, "key 1 of 1 has no ID"},
		{"1:" + b + " 1:" + a, "two ledger keys have the ID 1"},
		{"not base64", "key 1 of 2 has no ID"},
		{"2:secret!", "ledger key 2 is not base64"},
		{"2:" + base64.StdEncoding.EncodeToString(make([]byte, 31)), "ledger key 2 has 31 bytes"},
	} {
		_, err := consent.ParseLedger(tc.kept)
		switch {
		case tc.fault == "" && err != nil:
			t.Errorf("%q: %v", tc.kept, err)
		case tc.fault != "" && (err == nil || !strings.Contains(err.Error(), tc.fault)):
			t.Errorf("%q: %v, want %q", tc.kept, err, tc.fault)
		case err != nil && (strings.Contains(err.Error(), a) || strings.Contains(err.Error(), b)):
			t.Errorf("%q: the fault tells the secret", tc.kept)
		}
	}
}

// A key can be replaced: what the older one sealed still verifies, and what the new one seals says so.
func TestKeysCanBeReplaced(t *testing.T) {
	s := begin(t)
	old, both, fresh := ledgerOf(t, secret("a")), ledgerOf(t, "2:"+secret("b")+" 1:"+secret("a")), ledgerOf(t, "2:"+secret("b"))
	s.ledger = old
	s.request(noon, alerts.Topics[0])
	s.ledger = both
	s.hear("1", saidYes, noon)
	if s.events[0].KeyID != "1" || s.events[1].KeyID != "2" {
		t.Errorf("sealed with %q and %q", s.events[0].KeyID, s.events[1].KeyID)
	}
	if err := both.Verify(s.record(), noon); err != nil {
		t.Errorf("with both keys: %v", err)
	}
	for name, l := range map[string]consent.Ledger{"the old key": old, "the new key": fresh, "no key": {}} {
		if err := l.Verify(s.record(), noon); err == nil || !strings.Contains(err.Error(), "not at hand") {
			t.Errorf("with %s alone: %v", name, err)
		}
	}
	r := s.record()
	r.Events[1].KeyID = "1"
	if err := both.Verify(r, noon); err == nil {
		t.Error("an event passes for sealed with another key")
	}
}

func TestNothingIsSealedWithoutAKey(t *testing.T) {
	s := begin(t)
	ch := s.contact.Request(consent.Request{At: noon, Source: consent.SourceForm, Topics: alerts.Topics, Terms: terms})
	if _, err := (consent.Ledger{}).Seal(ch, noon); err == nil {
		t.Error("sealed without a key")
	}
	if _, err := consent.ParseLedger(base64.StdEncoding.EncodeToString(make([]byte, 31))); err == nil {
		t.Error("a key of 31 bytes is accepted")
	}
}

// Who is who in logs and other systems stays the same for ever, and is 16 digits; a name is one person's, by any key.
func TestThePersonsName(t *testing.T) {
	k := consent.Key{Brand: "example", Phone: "+12065550142"}
	old, both := ledgerOf(t, secret("a")), ledgerOf(t, "2:"+secret("b")+" 1:"+secret("a"))
	const want = "9fb3aeef1bc1a715"
	if got := old.Person(k); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if (consent.Ledger{}).Person(k) != "" || both.Person(k) == want || len(both.Person(k)) != 16 {
		t.Errorf("by the newer key %s", both.Person(k))
	}
	other := consent.Key{Brand: "cafe", Phone: k.Phone}
	if !both.IsPerson(want, k) || !both.IsPerson(both.Person(k), k) || both.IsPerson(want, other) || old.IsPerson(both.Person(k), k) {
		t.Error("a name passes for another's, or not for its own")
	}
}

// What is sealed is what can be stored: instants in UTC, to the millisecond.
func TestInstantsAreSealedAsTheyAreStored(t *testing.T) {
	s := begin(t)
	at := noon.Add(time.Microsecond).In(time.FixedZone("west", -8*3600))
	e := consent.Event{Seq: 1, Type: consent.OptedOut, At: at, Source: consent.SourceSMS}
	e.Stopped, e.Until = map[string]time.Time{consent.Everything: at}, at
	ch, err := s.ledger.Seal(consent.Change{Next: s.contact, Events: []consent.Event{e}}, at)
	if err != nil {
		t.Fatal(err)
	}
	sealed := ch.Events[0]
	for name, got := range map[string]time.Time{
		"at": sealed.At, "recorded": sealed.Recorded, "until": sealed.Until, "stopped": sealed.Stopped[consent.Everything],
	} {
		if got != noon {
			t.Errorf("%s: %s", name, got)
		}
	}
	if e.Stopped[consent.Everything] != at {
		t.Error("to seal altered the event")
	}
}

// An event that does not follow the last one is not sealed: somebody else wrote one meanwhile.
func TestAnEventOutOfOrderIsNotSealed(t *testing.T) {
	s := begin(t)
	ch := s.contact.Request(consent.Request{At: noon, Source: consent.SourceForm, Topics: alerts.Topics, Terms: terms})
	ch.Events[0].Seq++
	if _, err := s.ledger.Seal(ch, noon); err == nil {
		t.Error("sealed")
	}
}

// Only who has the key can make a MAC, and only of the very bytes.
func TestMAC(t *testing.T) {
	old, both, fresh := ledgerOf(t, secret("a")), ledgerOf(t, "2:"+secret("b")+" 1:"+secret("a")), ledgerOf(t, "2:"+secret("b"))
	mac, err := both.MAC([]byte("words"))
	if err != nil || len(mac) != 17 || mac[16] != '2' {
		t.Fatalf("%x, %v", mac, err)
	}
	if !both.VerifyMAC(mac, []byte("words")) || !fresh.VerifyMAC(mac, []byte("words")) {
		t.Error("whoever has the key does not know the MAC")
	}
	of1, err := old.MAC([]byte("words"))
	if err != nil || !both.VerifyMAC(of1, []byte("words")) {
		t.Errorf("the older key's MAC is not known: %v", err)
	}
	for name, made := range map[string]bool{
		"other bytes":         both.VerifyMAC(mac, []byte("word")),
		"another ledger":      old.VerifyMAC(mac, []byte("words")),
		"a ledger of no keys": (consent.Ledger{}).VerifyMAC(mac, []byte("words")),
		"another key's ID":    both.VerifyMAC(append(mac[:16:16], '1'), []byte("words")),
		"no key's ID":         both.VerifyMAC(mac[:16], []byte("words")),
		"cut off":             both.VerifyMAC(mac[:15], []byte("words")),
		"empty":               both.VerifyMAC(nil, []byte("words")),
	} {
		if made {
			t.Errorf("%s: passes for made by the ledger", name)
		}
	}
	if _, err := (consent.Ledger{}).MAC(nil); err == nil {
		t.Error("a MAC without a key")
	}
}
