package chaos_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// post is a shop posting a text to one person, and, where it hears nothing, posting it again.
func (w *world) post(s *step) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	n := len(w.model.singles) + 1
	c := &campaign{
		brand: s.Brand, topic: s.Topics[0], marker: fmt.Sprintf("Parcel %d:", n), at: now, single: true,
		expires: now.Add(max(s.For, 10*time.Minute)).Truncate(time.Second),
	}
	c.text = c.marker + " it is on its way."
	if !s.Plain {
		c.text += " Reply STOP to cancel."
	}
	w.model.singles = append(w.model.singles, c)
	posted, err := json.Marshal(map[string]string{
		"brand": c.brand, "topic": c.topic, "phone": phones()[s.Who], "text": c.text, "id": fmt.Sprintf("parcel-%d", n),
		"expires": c.expires.Format(time.RFC3339),
	})
	if err != nil {
		panic(err)
	}
	w.tell("A shop posts “%s” for %s, about %s, until %s.", c.text, who(phones()[s.Who]), c.topic, stamp(c.expires))
	r := request{function: "texts", method: http.MethodPost, path: "/texts", media: "application/json", body: string(posted), ip: w.ip(), signed: true}
	answered := func(status int, body string) { w.tell("  the shop is answered %s", answerOf(status, body)) }
	w.sendRequest(r, &event{trouble: w.trouble, seed: w.seed, label: "texts"}, answered)
	for _, after := range s.Again {
		e := &event{label: "texts, again,"}
		w.sendRequest(r, e, answered)
		e.due = now.Add(after)
	}
}

// refuseSingle looks for a shop's text that nobody may get.
func (w *world) refuseSingle(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.model.singles[n-1]
	for _, t := range w.model.offered {
		if t.went() && w.model.campaignOf(t) == c {
			w.model.fail("I1", "%s gets %s at %s", who(t.to), c.marker, stamp(t.at))
		}
	}
}

func singleScenarios() []scenario {
	return []scenario{
		{name: "single texts count for the promise, however long their ID is known", history: then(joined(0), []step{
			{Do: posts, Brand: "example", Topics: []string{"news"}, For: time.Hour, After: time.Minute},
			{Do: posts, Brand: "example", Topics: []string{"news"}, For: time.Hour, After: 24 * time.Hour},
			{Do: texts, To: alertsNumber, Say: "HELP", After: 15 * 24 * time.Hour},
			{Do: posts, Brand: "example", Topics: []string{"news"}, For: time.Hour, After: time.Minute},
		})},
		{name: "a STOP ends a single text that waits for the morning, and a new YES does not bring it back", history: then(joined(0), []step{
			{Do: posts, Brand: "example", Topics: []string{"news"}, For: 24 * time.Hour, After: 12 * time.Hour},
			{Do: texts, To: alertsNumber, Say: "STOP", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "START", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
			{Do: waits, For: 20 * time.Hour},
		}), check: func(w *world) { w.refuseSingle(1) }},
		{name: "a single text that is posted twice while its function is ended goes once", history: then([]step{
			{Do: texts, To: ordersNumber, Say: "ORDERS"},
			{Do: texts, To: ordersNumber, Say: "YES", After: time.Minute},
			{Do: posts, Brand: "example", Topics: []string{"orders"}, For: time.Hour, After: time.Minute, Again: []time.Duration{0, 2 * time.Minute}, Faults: []fault{
				{On: theSMS, At: 1, Kind: endAfter},
			}},
			{Do: waits, For: 3 * time.Hour},
			{Do: looks},
		})},
		{name: "9 a single text is on record where its function is ended, and nobody posts it again", history: then([]step{
			{Do: texts, To: ordersNumber, Say: "ORDERS"},
			{Do: texts, To: ordersNumber, Say: "YES", After: time.Minute},
			{Do: posts, Brand: "example", Topics: []string{"orders"}, For: time.Hour, After: 26 * time.Hour, Faults: []fault{
				{On: theSMS, At: 1, Kind: endAfter},
			}},
			{Do: waits, For: 3 * time.Hour},
			{Do: looks},
		})},
	}
}
