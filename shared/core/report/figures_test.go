package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/report"
)

var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// life draws what may be stored of somebody: they ask, confirm, stop, come back and are taken off, and are texted.
func life(t *rapid.T) *consent.Record {
	r := &consent.Record{Contact: consent.Contact{
		Key:  consent.Key{Brand: rapid.SampledFrom([]string{"example", "cafe"}).Draw(t, "brand"), Phone: phone.Number(fmt.Sprintf("+1212555%04d", rapid.IntRange(0, 9999).Draw(t, "phone")))},
		Subs: map[string]consent.Subscription{},
	}}
	at := noon.Add(-200 * day)
	for seq := range int64(rapid.IntRange(0, 8).Draw(t, "events")) {
		at = at.Add(time.Duration(rapid.IntRange(1, 40*24).Draw(t, "hours")) * time.Hour)
		topic := rapid.SampledFrom([]string{"alerts", "news"}).Draw(t, "topic")
		e := consent.Event{Seq: seq + 1, At: at, Program: "alerts", Topics: []string{topic}, Effect: consent.Effect{Class: program.Promotional}}
		switch r.Contact.Subs[topic].State {
		case consent.Pending:
			e.Type = rapid.SampledFrom([]consent.EventType{consent.Confirmed, consent.Lapsed}).Draw(t, "type")
		case consent.Subscribed:
			e.Type = rapid.SampledFrom([]consent.EventType{consent.OptedOut, consent.SetAside}).Draw(t, "type")
			e.Stopped = map[string]time.Time{consent.OneTopic(topic): at}
		case consent.Unsubscribed:
			e.Type, e.Lifted = consent.Restarted, []string{consent.OneTopic(topic)}
		default:
			e.Type, e.Until = consent.Requested, at.Add(400*day)
		}
		if e.Type == consent.SetAside {
			e.Stopped = nil
		}
		r.Events = append(r.Events, e)
		for _, s := range consent.Steps(r.Events) {
			r.Contact.Subs = s.Subs
		}
	}
	for n := range rapid.IntRange(0, 4).Draw(t, "texts") {
		m := consent.Message{
			ID: fmt.Sprint(n), At: noon.Add(-time.Duration(rapid.IntRange(0, 150).Draw(t, "days")) * day), Topics: []string{"alerts"},
			Campaign: rapid.SampledFrom([]string{"", "01C1", "01C2"}).Draw(t, "campaign"),
			Status: rapid.SampledFrom([]consent.Status{
				consent.Sent, consent.Unconfirmed, consent.Rejected, consent.Withheld, consent.Delivered, consent.Undelivered,
			}).Draw(t, "status"),
		}
		m.History = []consent.StatusChange{{At: m.At, Status: m.Status, Detail: rapid.SampledFrom([]string{"TEXT_SPAM", "TEXT_INVALID"}).Draw(t, "why")}}
		r.Messages = append(r.Messages, m)
	}
	return r
}

// part draws the figures of some people, with findings about them.
func part(t *rapid.T) report.Figures {
	var f report.Figures
	for range rapid.IntRange(0, 3).Draw(t, "people") {
		r := life(t)
		f.Add(r, noon)
		if rapid.Bool().Draw(t, "found") {
			kind := rapid.SampledFrom(report.Kinds()).Draw(t, "kind")
			f.Found(kind, report.CaseOf(r.Contact.Key, "alerts", noon.Add(-day), ""), rapid.Bool().Draw(t, "mended"))
			f.Did(report.Reminded, 1)
		}
	}
	// More campaigns than are told one by one, of different parts of the time.
	for range rapid.SampledFrom([]int{0, 0, 150, 300}).Draw(t, "campaigns") {
		id := fmt.Sprintf("02%03d", rapid.IntRange(0, 400).Draw(t, "id"))
		f.Add(&consent.Record{Messages: []consent.Message{{ID: id, At: noon, Campaign: id, Status: consent.Sent}}}, noon)
	}
	return f
}

func same(a, b report.Figures) string { return cmp.Diff(a, b, cmpopts.EquateEmpty()) }

// However the people were shared out and in whatever order the parts come: the figures of a run are the same, and no
// part is changed by being added.
func TestPartsAddUpInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := part(t), part(t), part(t)
		before, _ := json.Marshal([]report.Figures{a, b, c})
		if d := same(a.Plus(b), b.Plus(a)); d != "" {
			t.Fatalf("a+b is not b+a: %s", d)
		}
		if d := same(a.Plus(b).Plus(c), a.Plus(b.Plus(c))); d != "" {
			t.Fatalf("(a+b)+c is not a+(b+c): %s", d)
		}
		if d := same(a.Plus(report.Figures{}), a); d != "" {
			t.Fatalf("a+nothing is not a: %s", d)
		}
		if after, _ := json.Marshal([]report.Figures{a, b, c}); !bytes.Equal(after, before) {
			t.Fatal("a part was changed by being added")
		}
		// A part is kept as JSON until the run is complete.
		var kept report.Figures
		if b, err := json.Marshal(a); err != nil || json.Unmarshal(b, &kept) != nil {
			t.Fatal(err)
		}
		if d := same(kept, a); d != "" {
			t.Fatalf("kept as JSON it is another: %s", d)
		}
	})
}

// What the months tell adds up to where people stand: whoever came and did not leave is on the list. And each text is
// in one of the ways it can end.
func TestTheFiguresAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f report.Figures
		texts := 0
		for range rapid.IntRange(0, 6).Draw(t, "people") {
			r := life(t)
			texts += len(r.Messages)
			f.Add(r, noon)
		}
		left := func(months map[string]report.Month) (n int) {
			for _, m := range months {
				n += m.Joined - m.Left
			}
			return n
		}
		for id, topic := range f.Topics {
			if n := left(topic.Months); n != topic.States[consent.Subscribed] {
				t.Fatalf("%s: by the months %d are left, %d are subscribed", id, n, topic.States[consent.Subscribed])
			}
			if n := topic.Tiers[consent.Regular]; n != topic.States[consent.Subscribed] {
				t.Fatalf("%s: %d in tiers, %d subscribed", id, n, topic.States[consent.Subscribed])
			}
		}
		if n := left(f.All.Months); n != f.Subscribed {
			t.Fatalf("by the months %d people are left, %d are on a list", n, f.Subscribed)
		}
		all := f.All.Texts
		if all.Delivered+all.Undelivered+all.Waiting+all.Unknown != all.Sent || all.Sent+all.Rejected+all.Withheld != texts {
			t.Fatalf("of %d texts: %+v", texts, all)
		}
	})
}

// Millions of people and thousands of campaigns leave a part that fits into one item of the table.
func TestAPartStaysSmall(t *testing.T) {
	var f report.Figures
	reason := consent.StatusChange{Status: consent.Undelivered, Detail: "TEXT_CARRIER_UNREACHABLE"}
	for i := range 3000 {
		key := consent.Key{Brand: "example", Phone: phone.Number(fmt.Sprintf("+1212555%04d", i))}
		id := fmt.Sprintf("01KB000000000000000000%04d", i)
		f.Add(&consent.Record{Contact: consent.Contact{Key: key}, Messages: []consent.Message{
			{ID: id, At: noon, Campaign: id, Topics: []string{"alerts"}, Status: consent.Undelivered, History: []consent.StatusChange{reason}},
		}}, noon)
		for _, kind := range report.Kinds() {
			f.Found(kind, report.CaseOf(key, "alerts", noon, "the last three texts failed"), false)
		}
	}
	b, err := json.Marshal(f)
	if err != nil || len(b) > 150_000 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	if n := len(f.Campaigns.Newest); n != report.MaxCampaigns || f.Campaigns.Earlier.Texts.Sent != 3000-n {
		t.Errorf("%d campaigns told, %d texts before", n, f.Campaigns.Earlier.Texts.Sent)
	}
	if strings.Contains(string(b), "212555") {
		t.Error("a phone number is in it")
	}
}

// An opt-out answers the latest campaign within three days before it, and no text that never went out.
func TestWhichCampaignAnOptOutAnswers(t *testing.T) {
	text := func(id string, age time.Duration, s consent.Status) consent.Message {
		return consent.Message{ID: id, Campaign: id, Topics: []string{"alerts"}, At: noon.Add(-age), Status: s}
	}
	for name, c := range map[string]struct {
		texts []consent.Message
		want  string
	}{
		"the only one":       {[]consent.Message{text("a", time.Hour, consent.Delivered)}, "a"},
		"the later of two":   {[]consent.Message{text("a", 2*day, consent.Delivered), text("b", day, consent.Sent)}, "b"},
		"none after it":      {[]consent.Message{text("a", 2*day, consent.Delivered), text("b", -day, consent.Delivered)}, "a"},
		"none long before":   {[]consent.Message{text("a", 3*day+time.Second, consent.Delivered)}, ""},
		"none that was kept": {[]consent.Message{text("a", 2*day, consent.Sent), text("b", day, consent.Withheld), text("c", day, consent.Rejected)}, "a"},
	} {
		r := &consent.Record{Messages: c.texts, Events: []consent.Event{
			{Seq: 1, Type: consent.Requested, At: noon.Add(-9 * day), Program: "alerts", Topics: []string{"alerts"}, Effect: consent.Effect{Until: noon}},
			{Seq: 2, Type: consent.Confirmed, At: noon.Add(-9 * day), Topics: []string{"alerts"}},
			{Seq: 3, Type: consent.OptedOut, At: noon, Program: "alerts", Topics: []string{"alerts"}, Effect: consent.Effect{Stopped: map[string]time.Time{"alerts": noon}}},
		}}
		var f report.Figures
		f.Add(r, noon)
		if f.All.OptOuts != 1 || f.Topics["/alerts"].OptOuts != 1 {
			t.Errorf("%s: %d opt-outs, of the topic %d", name, f.All.OptOuts, f.Topics["/alerts"].OptOuts)
		}
		for id, got := range f.Campaigns.Newest {
			if want := map[bool]int{true: 1}[id == c.want]; got.OptOuts != want {
				t.Errorf("%s: campaign %s has %d, want %d", name, id, got.OptOuts, want)
			}
		}
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[phone.Number]string{
		"+12125550142": "+1••••••0142", "+447700900123": "+44••••••0123", "+2907123": "+29•7123", "": "", "+123": "••••", "+12345": "••••••",
	} {
		if got := report.Mask(in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}
