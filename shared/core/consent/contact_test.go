package consent_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
)

// Of several opt-outs from the same program or topic the latest counts.
func TestStoppedAtTheLatest(t *testing.T) {
	first, second, third := noon, noon.Add(time.Minute), noon.Add(2*time.Minute)
	for _, tc := range []struct {
		name           string
		stopped        map[string]time.Time
		program, topic time.Time // zero where nothing was said stop to
	}{
		{"nothing", nil, time.Time{}, time.Time{}},
		{"another program and topic", map[string]time.Time{"orders": first, "#alerts": first}, time.Time{}, time.Time{}},
		{"the topic", map[string]time.Time{"#news": first}, time.Time{}, first},
		{"the program, then everything", map[string]time.Time{"alerts": first, "*": second}, second, second},
		{"everything, then the program", map[string]time.Time{"alerts": second, "*": first}, second, second},
		{"the topic last", map[string]time.Time{"alerts": first, "*": second, "#news": third}, second, third},
		{"the topic first", map[string]time.Time{"alerts": third, "*": second, "#news": first}, third, third},
	} {
		c := consent.Contact{Stopped: tc.stopped}
		if at, ok := c.StoppedAt("alerts"); !at.Equal(tc.program) || ok == tc.program.IsZero() {
			t.Errorf("%s: the program was stopped at %s, %t", tc.name, at, ok)
		}
		if at, ok := c.TopicStoppedAt("alerts", "news"); !at.Equal(tc.topic) || ok == tc.topic.IsZero() {
			t.Errorf("%s: the topic was stopped at %s, %t", tc.name, at, ok)
		}
	}
}

// An opt-out counts also where nobody knows when it was said.
func TestStoppedAtAnUnknownTime(t *testing.T) {
	c := consent.Contact{Stopped: map[string]time.Time{"alerts": {}}}
	if _, stopped := c.StoppedAt("alerts"); !stopped {
		t.Error("it does not count")
	}
}

// I7: a claim stays as long as a rule may ask for it, to the instant, and no longer.
func TestHowLongClaimsAreKept(t *testing.T) {
	const day = 24 * time.Hour
	campaign := consent.Claim{Kind: message.Promotional, Campaign: "spring"}
	reply, transactional := consent.Claim{Kind: message.Reply}, consent.Claim{Kind: message.Transactional}
	reminder, question := consent.Claim{Kind: message.Reminder}, consent.Claim{Kind: message.Confirmation}
	for _, tc := range []struct {
		claim       consent.Claim
		keep, stays time.Duration
	}{
		{reply, 90 * day, 3 * day},
		{transactional, 90 * day, 3 * day},
		{campaign, 0, 35 * day},
		{campaign, 90 * day, 90 * day},
		{reminder, 90 * day, 90 * day},
		{question, 30 * day, 35 * day},
		{consent.Claim{Kind: message.Renewal}, 90 * day, 90 * day},
		{consent.Claim{Kind: message.Promotional, Ref: "single"}, 0, 35 * day},
		{consent.Claim{Kind: message.Promotional, Ref: "single"}, 90 * day, 90 * day},
	} {
		for age, kept := range map[time.Duration]bool{0: true, tc.stays: true, tc.stays + time.Millisecond: false} {
			cl := tc.claim
			cl.At = noon.Add(-age)
			if got := consent.PruneClaims([]consent.Claim{cl}, noon, tc.keep); len(got) == 1 != kept {
				t.Errorf("%s of campaign %q, %s old where promises reach %s: kept %t", cl.Kind, cl.Campaign, age, tc.keep, len(got) == 1)
			}
		}
	}
}

// A question counts for the day and the month in which it went out, to the instant; nothing else does.
func TestAsksLeft(t *testing.T) {
	for _, c := range []struct {
		age  time.Duration
		left int // of two a day, where four others went out in the month
	}{
		{0, 1}, {aDay - time.Millisecond, 1}, {aDay, 1}, {30*aDay - time.Millisecond, 1}, {30 * aDay, 2},
	} {
		var contact consent.Contact
		for _, age := range []time.Duration{2 * aDay, 3 * aDay, 4 * aDay, 5 * aDay} {
			contact.Claims = append(contact.Claims, consent.Claim{Kind: message.Confirmation, At: noon.Add(-age)})
		}
		contact.Claims = append(contact.Claims,
			consent.Claim{Kind: message.Confirmation, At: noon.Add(-c.age)}, consent.Claim{Kind: message.Reply, At: noon})
		if got := contact.AsksLeft(noon, 2); got != c.left {
			t.Errorf("one %s ago: %d left, want %d", c.age, got, c.left)
		}
		contact.Claims = contact.Claims[4:]
		if got, want := contact.AsksLeft(noon, 1), 1; (got == want) != (c.age >= aDay) {
			t.Errorf("the only one %s ago: %d left of the day", c.age, got)
		}
	}
}

// The ID of a single text is known for two weeks, as long as a request for it may come again (I2).
func TestHowLongTheIDOfASingleTextIsKnown(t *testing.T) {
	for age, kept := range map[time.Duration]bool{14 * aDay: true, 14*aDay + time.Millisecond: false} {
		cl := consent.Claim{Kind: message.Transactional, Ref: "order", At: noon.Add(-age)}
		if got := consent.PruneClaims([]consent.Claim{cl}, noon, 0); (len(got) == 1) != kept {
			t.Errorf("%s old: %+v", age, got)
		}
	}
}

// The words of a single text are kept for two hours, in which its record may be missing (I3), and no longer.
func TestHowLongWordsAreKept(t *testing.T) {
	for age, kept := range map[time.Duration]bool{2 * time.Hour: true, 2*time.Hour + time.Millisecond: false} {
		cl := consent.Claim{Kind: message.Transactional, Ref: "order", Body: "words", Vouched: "shop", At: noon.Add(-age)}
		got := consent.PruneClaims([]consent.Claim{cl}, noon, 0)
		if len(got) != 1 || (got[0].Body == "words") != kept || (got[0].Vouched == "shop") != kept {
			t.Errorf("%s old: %+v", age, got)
		}
	}
}

// A text of no campaign is not the one of the campaign without a name, nor that of a caller who gave no ID.
func TestNoNameFindsNoText(t *testing.T) {
	c := consent.Contact{Claims: []consent.Claim{
		{ID: "a", Kind: message.Reply}, {ID: "b", Campaign: "spring"}, {ID: "c", Ref: "order"},
	}}
	for name, found := range map[string]string{"": "", "summer": "", "spring": "b"} {
		if cl, ok := c.CampaignClaim(name); cl.ID != found || ok != (found != "") {
			t.Errorf("campaign %q: %q", name, cl.ID)
		}
	}
	for name, found := range map[string]string{"": "", "invoice": "", "order": "c"} {
		if cl, ok := c.SingleClaim(name); cl.ID != found || ok != (found != "") {
			t.Errorf("single text %q: %q", name, cl.ID)
		}
	}
}

// What goes on record of a text is all that its claim says.
func TestATextIsOnRecordAsItWasClaimed(t *testing.T) {
	cl := consent.Claim{
		ID: "01", Number: 7, At: noon, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: "spring", Content: "c",
		Notice: "es", OptOut: true,
	}
	want := consent.Message{
		ID: "01", Number: 7, At: noon, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: "spring", Content: "c",
		Notice: "es",
	}
	if diff := cmp.Diff(want, cl.Message()); diff != "" {
		t.Error(diff)
	}
}

// A contact is looked at again when the first of its open requests runs out, or before that where a follow-up is due.
func TestDue(t *testing.T) {
	pending := func(after time.Duration) consent.Subscription {
		return consent.Subscription{State: consent.Pending, Until: noon.Add(after)}
	}
	over := consent.Subscription{State: consent.Subscribed, Until: noon}
	for _, tc := range []struct {
		name     string
		followUp time.Time
		subs     []consent.Subscription
		want     time.Time
	}{
		{"nothing", time.Time{}, nil, time.Time{}},
		{"no open request", time.Time{}, []consent.Subscription{over}, time.Time{}},
		{"two requests", time.Time{}, []consent.Subscription{pending(2), over, pending(1)}, noon.Add(1)},
		{"a follow-up", noon.Add(3), []consent.Subscription{over}, noon.Add(3)},
		{"a follow-up before a request", noon.Add(1), []consent.Subscription{pending(2)}, noon.Add(1)},
		{"a request before a follow-up", noon.Add(3), []consent.Subscription{pending(4), pending(2)}, noon.Add(2)},
	} {
		c := consent.Contact{FollowUp: tc.followUp, Subs: map[string]consent.Subscription{}}
		for i, sub := range tc.subs {
			c.Subs[string(rune('a'+i))] = sub
		}
		if got := c.Due(); !got.Equal(tc.want) {
			t.Errorf("%s: due %s, want %s", tc.name, got, tc.want)
		}
	}
}
