package outbox_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/outbox"
)

// I3: the words of a lost text with fields go on record where the claim's hash shows that they are the very ones: as
// long as what is known of the person is still the same, or was left out then. Otherwise nobody knows them.
func TestALostTextWithFieldsIsRecordedInItsOwnWordsOrNone(t *testing.T) {
	const hi = "Example Corp.: hi {first_name|there}. Reply STOP to cancel."
	ana := map[string]string{"first_name": "Ana"}
	for _, c := range []struct {
		name        string
		sent, later map[string]string
		met         bool // by the campaign itself, which has a text of its own for the person
		want        string
	}{
		{"still the same", ana, ana, false, "Example Corp.: hi Ana. Reply STOP to cancel."},
		{"changed since", ana, map[string]string{"first_name": "Eve"}, false, ""},
		{"gone since", ana, map[string]string{"first_name": ""}, false, ""},
		{"known since", nil, ana, false, "Example Corp.: hi there. Reply STOP to cancel."},
		{"known since, met again", nil, ana, true, "Example Corp.: hi there. Reply STOP to cancel."},
		{"changed since, met again", ana, map[string]string{"first_name": "Eve"}, true, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.subscribe(t)
			k := campaign.Campaign{
				ID: autumn, Brand: "example", Topic: "alerts", Text: hi, At: w.now(), Expires: w.now().Add(72 * time.Hour),
				Created: w.now(), State: campaign.Running, Vouched: message.Vouched{NotMarketing: "Ana Perez"},
			}
			if err := w.table.CreateCampaign(t.Context(), k); err != nil {
				t.Fatal(err)
			}
			topic, _ := w.program("alerts").Topic("alerts")
			text := func(values map[string]string) outbox.Text {
				text := w.campaign(autumn)
				text.Body, text.Content = k.Words(topic, "", values), message.ContentHash(hi)
				return text
			}
			if _, err := w.table.SetAttributes(t.Context(), key, c.sent); err != nil {
				t.Fatal(err)
			}
			w.faults.before = at("record", kill)
			if killed, _ := survive(func() error { _, err := w.send(w.contact(t), text(c.sent)); return err }); !killed {
				t.Fatal("the fault did not strike")
			}
			if _, err := w.table.SetAttributes(t.Context(), key, c.later); err != nil {
				t.Fatal(err)
			}
			w.pass(time.Hour)
			if c.met {
				w.mustSend(t, text(c.later))
			} else if err := w.Reconcile(t.Context(), w.contact(t)); err != nil {
				t.Fatal(err)
			}
			m := w.text(t, w.carrier.sent[0].Context[outbox.ContextMessage])
			if m.Status != consent.Unconfirmed || m.Body != c.want || len(w.carrier.sent) != 1 {
				t.Errorf("%q went out, on record as %q: %+v", w.carrier.sent[0].Body, m.Body, m.History)
			}
			if c.want == "" && !strings.Contains(m.History[0].Detail, "its words are not known") {
				t.Errorf("the record says %q", m.History[0].Detail)
			}
		})
	}
}

// What another channel said in the campaign's words is the same content for everybody, whatever stands in the fields;
// what went to the person is on record by its own hash.
func TestContentIsTheCampaignsAndTheRecordsIsThePersons(t *testing.T) {
	const hi = "Example Corp.: hi {first_name|there}. Reply STOP to cancel."
	w := newWorld(t)
	w.subscribe(t)
	text := w.campaign(autumn)
	text.Body, text.Content = strings.Replace(hi, "{first_name|there}", "Ana", 1), message.ContentHash(hi)
	out := w.mustSend(t, text)
	if m := w.text(t, out.Sent.Message.ID); m.Content != message.ContentHash(text.Body) || m.Body != text.Body {
		t.Errorf("on record as %q, %q", m.Content, m.Body)
	}
	touch := consent.Touch{At: w.now(), Channel: "email", Content: message.ContentHash(hi)}
	_, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change {
		return c.Touch(touch, w.Catalog.OtherChannels.Within)
	})
	if err != nil {
		t.Fatal(err)
	}
	text.Campaign = winter
	if out := w.mustSend(t, text); w.Catalog.OtherChannels.Within > 0 && out.Decision.Rule != "cross-channel" {
		t.Errorf("the same by e-mail a moment ago: %s by %q", out.Decision.Verdict, out.Decision.Rule)
	}
}

// Who answers for a text is on record with it, whoever records it.
func TestWhoAnswersIsOnRecord(t *testing.T) {
	w := newWorld(t)
	w.subscribe(t)
	text := w.campaign(autumn)
	text.Vouched = message.Vouched{NotMarketing: "Ana Perez", Urgent: "Bo Li"}
	out := w.mustSend(t, text)
	if m := w.text(t, out.Sent.Message.ID); m.Vouched != text.Vouched {
		t.Errorf("on record as %+v", m.Vouched)
	}
}
