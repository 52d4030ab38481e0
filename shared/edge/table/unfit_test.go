package table

import (
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience"
)

// What has the right kind and makes no sense is a fault as well, and the fault says where it is.
func TestWhatMakesNoSenseIsAFault(t *testing.T) {
	all := map[string]form{}
	for _, f := range forms(t) {
		all[f.name] = f
	}
	short := &types.AttributeValueMemberB{Value: make([]byte, 15)}
	in := func(name string, v types.AttributeValue) types.AttributeValue {
		return &types.AttributeValueMemberM{Value: item{"x": &types.AttributeValueMemberM{Value: item{name: v}}}}
	}
	listed := func(name string, v types.AttributeValue) types.AttributeValue {
		return &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberM{Value: item{name: v}}}}
	}
	for _, tc := range []struct {
		form, name string
		v          types.AttributeValue
		says       string
	}{
		{"a contact", "ver", num(0), "ver"},
		{"a contact", "seq", &types.AttributeValueMemberN{Value: "1.5"}, "seq"},
		{"a contact", "txn", &types.AttributeValueMemberN{Value: "99999999999999999999"}, "txn"},
		{"a contact", "sub", in("s", str("?")), `sub: x: attribute "s"`},
		{"a contact", "sub", in("c", str("?")), `sub: x: attribute "c"`},
		{"a contact", "sub", in("t", str("?")), `sub: x: attribute "t"`},
		{"a contact", "cl", listed("k", str("?")), `cl: attribute "k"`},
		{"a contact", "cl", listed("i", short), `cl: attribute "i"`},
		{"a contact", "cl", listed("g", short), `cl: attribute "g"`},
		{"a contact", "w", listed("k", str("?")), `w: attribute "k"`},
		{"an event", "sk", str("EVENT#first"), "sk"},
		{"numbers of a list", "n", &types.AttributeValueMemberB{Value: make([]byte, 9)}, "opt-out list"},
		{"a publication", "hash", str(""), "hash"},
		{"a publication", "ver", num(0), "hash"},
		{"a part of an audit", "todo", str("{"), "JSON"},
		{"a part of an audit", "fig", str("["), "JSON"},
	} {
		f := all[tc.form]
		_, err := f.read(New(&single{it: with(f.item, tc.name, tc.v)}, "consent", consent.Ledger{}))
		if err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s whose %s is %v: %v, want a word of %s", tc.form, tc.name, tc.v, err, tc.says)
		}
	}
}

// What has no letter, or is no hash, is refused before it is stored: it would come back as another thing.
func TestWhatCannotComeBackIsNotStored(t *testing.T) {
	for name, change := range map[string]func(*consent.Contact){
		"state":           func(c *consent.Contact) { c.Subs["alerts"] = consent.Subscription{State: "new"} },
		"class":           func(c *consent.Contact) { c.Subs["alerts"] = consent.Subscription{Class: "new"} },
		"tier":            func(c *consent.Contact) { c.Subs["alerts"] = consent.Subscription{Tier: "new"} },
		"kind":            func(c *consent.Contact) { c.Claims = append(c.Claims, consent.Claim{Kind: "new"}) },
		"kind of waiting": func(c *consent.Contact) { c.Waiting = []consent.Ask{{Kind: "new"}} },
		"head":            func(c *consent.Contact) { c.Head.Hash = "no hash" },
		"head in capitals": func(c *consent.Contact) {
			c.Head.Hash = strings.ToUpper(c.Head.Hash)
		},
		"texts": func(c *consent.Contact) { c.Texts.Hash = "a" },
	} {
		c := typicalContact()
		change(&c)
		tab := sealing(t)
		before := typicalContact()
		before.Claims = nil
		if m, err := tab.encode(&c); err == nil {
			t.Errorf("%s is stored as %v", name, m)
		}
		if _, err := tab.replace(t.Context(), &c, &before); err == nil {
			t.Errorf("%s is replaced", name)
		}
		if _, err := tab.replace(t.Context(), &before, &c); err == nil {
			t.Errorf("%s takes a contact's place", name)
		}
	}
	c := typicalContact()
	c.Subs["alerts"] = consent.Subscription{State: "new"}
	ch := consent.Change{Next: c, Events: []consent.Event{{Seq: c.Head.Seq + 1, Type: consent.Noted, At: noon}}}
	if _, err := sealing(t).Commit(t.Context(), ch, noon); err == nil {
		t.Error("a change to a state that is none is written")
	}
	e := filled[consent.Event]()
	e.Prev = "no hash"
	if m, err := encodeEvent(consent.Key{}, &e); err == nil {
		t.Errorf("an event behind none is stored as %v", m)
	}
}

// What is zero takes no room, for a contact must stay within a write unit; and it comes back as it was.
func TestWhatIsZeroTakesNoRoom(t *testing.T) {
	key := consent.Key{Brand: "example", Phone: "+12065550142"}
	c := consent.Contact{Key: key, Version: 1}
	m, err := encodeContact(&c)
	if err != nil || len(m) != 3 {
		t.Errorf("%v, %v: want the keys and the version", m, err)
	}
	if got, err := decodeContact(key, m); err != nil || !reflect.DeepEqual(got, c) {
		t.Errorf("%v: %s", err, cmp.Diff(c, got))
	}
	e, err := encodeEvent(key, &consent.Event{Seq: 1})
	if err != nil || len(e) != 2 {
		t.Errorf("an event is %v, %v", e, err)
	}
	if got, err := decodeEvent(e); err != nil || !reflect.DeepEqual(got, consent.Event{Seq: 1}) {
		t.Errorf("an event of nothing is read as %+v, %v", got, err)
	}
	if text := encodeMessage(key, &consent.Message{}); len(text) != 2 {
		t.Errorf("a text is %v", text)
	}
	s := encodeShard(&campaign.Shard{Groups: map[string]campaign.Group{"?": {}}})
	if g := s["groups"].(*types.AttributeValueMemberM).Value["?"].(*types.AttributeValueMemberM); len(g.Value) > 0 {
		t.Errorf("a group is %v", g.Value)
	}
	c.Claims = []consent.Claim{{ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VN", At: noon}, {ID: "another"}}
	c.Claims[0].At, _ = idTime(func() types.AttributeValue { setULID(m, "i", c.Claims[0].ID); return m["i"] }())
	claims, err := encodeClaims(c.Claims)
	if err != nil || len(claims.Value[0].(*types.AttributeValueMemberM).Value) != 1 {
		t.Errorf("%v, %v: the time is that of the ID", claims.Value[0], err)
	}
}

// An item that somebody puts in the place of another is not taken for it.
func TestAnAnswerToAnotherQuestionIsNone(t *testing.T) {
	c := typicalContact()
	m, err := encodeContact(&c)
	if err != nil {
		t.Fatal(err)
	}
	other := consent.Key{Brand: "example", Phone: "+12065550143"}
	got, _, err := New(&single{it: m}, "consent", consent.Ledger{}).Contacts(t.Context(), []consent.Key{other})
	if err == nil {
		t.Errorf("read %+v", got)
	}
}

// Whoever stands in the audience where the contact would not have them is misplaced: in another list, in another area,
// or in none.
func TestMisplaced(t *testing.T) {
	c := typicalContact()
	right := audienceEntry(&c, "alerts")
	_, paris := audience.Entry("example", "alerts", phone.Area("FR|Europe/Paris"), c.Phone)
	for name, tc := range map[string]struct {
		change func(item)
		wrong  bool
	}{
		"as it should be": {func(item) {}, false},
		"another list":    {func(m item) { m["aud"] = str("example#news#1") }, true},
		"another area":    {func(m item) { m["zone"] = str(paris) }, true},
		"no list":         {func(m item) { delete(m, "aud"); delete(m, "zone") }, true},
	} {
		p := newPerson(c.Key)
		p.Contact = c
		p.lists["orders"] = audienceEntry(&c, "orders")
		m := maps.Clone(right)
		tc.change(m)
		p.lists["alerts"] = m
		want := []string(nil)
		if tc.wrong {
			want = []string{"alerts"}
		}
		if got := p.misplaced(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// The stream tells of people's events, texts and what became of them; of all else it says whose it is, or nothing.
func TestReadWritten(t *testing.T) {
	key := consent.Key{Brand: "example", Phone: "+12065550142"}
	for name, tc := range map[string]struct {
		m    item
		want StreamItem
		err  bool
	}{
		"a contact":           {m: primary(contactKey(key), contactSort), want: StreamItem{Key: key}},
		"a campaign":          {m: primary(campaignKey("c"), campaignSort)},
		"no brand":            {m: primary("CONTACT#+12065550142", eventSort(1)), err: true},
		"no phone":            {m: primary("CONTACT#example#12", eventSort(1)), err: true},
		"no key":              {m: item{"pk": num(1)}, err: true},
		"an event of no rank": {m: primary(contactKey(key), "EVENT#x"), err: true},
	} {
		got, err := ReadStreamItem(tc.m)
		if diff := cmp.Diff(tc.want, got); (err != nil) != tc.err || !tc.err && diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

// Texts of a record come in the order of time, whatever their IDs are; and a click belongs to the text of its campaign
// that went out.
func TestAPersonsTextsInOrder(t *testing.T) {
	key := consent.Key{Brand: "example", Phone: "+12065550142"}
	tab := New(nil, "consent", consent.Ledger{})
	p := newPerson(key)
	click := primary(contactKey(key), clickSort("c"))
	setStep(click, consent.StatusChange{At: noon.Add(time.Hour), Status: consent.Clicked})
	tab.take(&p, click)
	for i, m := range []consent.Message{
		{ID: "1", At: noon.Add(4 * time.Minute), Campaign: "c", Status: consent.Sent},
		{ID: "2", At: noon.Add(3 * time.Minute), Campaign: "other", Status: consent.Sent},
		{ID: "3", At: noon.Add(2 * time.Minute), Campaign: "c", Status: consent.Withheld},
		{ID: "4", At: noon.Add(time.Minute), Campaign: "c", Status: consent.Rejected},
	} {
		m.Number = int64(i + 1)
		tab.take(&p, encodeMessage(key, &m))
	}
	p.order()
	ids := ""
	for _, m := range p.Messages {
		ids += fmt.Sprintf("%s%d ", m.ID, len(m.History))
	}
	if ids != "40 30 20 11 " || len(p.Faults) > 0 {
		t.Errorf("%s, %v", ids, p.Faults)
	}
}

// What was sealed yesterday has to be ours tomorrow: the form that is sealed never changes.
func TestTheSealedFormStays(t *testing.T) {
	m := item{
		"pk": str("CONTACT#example#+1"), "n": num(7), "b": &types.AttributeValueMemberB{Value: []byte{1, 2}},
		"t": &types.AttributeValueMemberBOOL{Value: true}, "f": &types.AttributeValueMemberBOOL{},
		"l":     &types.AttributeValueMemberL{Value: []types.AttributeValue{str("x"), num(1)}},
		"m":     &types.AttributeValueMemberM{Value: item{"mac": str("y"), "a": num(2)}},
		"o":     &types.AttributeValueMemberNULL{Value: true},
		macName: &types.AttributeValueMemberB{Value: []byte("left out")},
	}
	const want = "item\x08" + "\x01bB\x02\x01\x02" + "\x01fF" + "\x01lL\x02S\x01xN\x011" + "\x01mM\x02\x01aN\x012\x03macS\x01y" +
		"\x01nN\x017" + "\x01o?" + "\x02pkS\x12CONTACT#example#+1" + "\x01tT"
	if got := string(canonical(m)); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Of several faults the first is told, in the order in which an item is read.
func TestTheFirstFaultIsTold(t *testing.T) {
	c := typicalContact()
	m, err := encodeContact(&c)
	if err != nil {
		t.Fatal(err)
	}
	m = with(with(with(m, "loc", num(1)), "fu", str("x")), "ver", num(0))
	if _, err := decodeContact(c.Key, m); err == nil || !strings.Contains(err.Error(), `"loc"`) {
		t.Errorf("%v", err)
	}
	m = with(with(m, "loc", str("en")), "sub", &types.AttributeValueMemberM{Value: item{"x": num(1)}})
	if _, err := decodeContact(c.Key, m); err == nil || !strings.Contains(err.Error(), `"fu"`) {
		t.Errorf("%v", err)
	}
}

// Nobody whose place is unknown is in an audience from which texts go out.
func TestTheAudienceOfNowhere(t *testing.T) {
	c := typicalContact()
	c.Phone, c.Told = "+15552345678", phone.Told{}
	entry := audienceEntry(&c, "alerts")
	if zone := (&reader{m: entry}).str("zone"); !strings.HasPrefix(zone, string(audience.Nowhere)+"#") {
		t.Errorf("%s", zone)
	}
}

// Of a text and of what a receipt said of it, it is told which was altered.
func TestWhichPartOfATextWasAltered(t *testing.T) {
	key := consent.Key{Brand: "example", Phone: "+12065550142"}
	step := consent.StatusChange{At: noon, Status: consent.Delivered}
	status := primary(contactKey(key), stepSort("1", step))
	setStep(status, step)
	for name, tc := range map[string]struct {
		m    item
		says string
	}{
		"the text":   {encodeMessage(key, &consent.Message{ID: "1"}), "text 1 was altered"},
		"its status": {status, "a status of text 1 was altered"},
	} {
		p := newPerson(key)
		p.Messages = []consent.Message{{ID: "1"}}
		if err := sealing(t).add(&p, tc.m); err == nil || err.Error() != tc.says {
			t.Errorf("%s: %v, want %s", name, err, tc.says)
		}
	}
}
