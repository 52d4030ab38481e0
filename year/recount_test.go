package year_test

import (
	"net/http"
	"net/url"
	"time"

	"smsconsent/shared/core/campaign"
)

// hold holds everybody's year against the promises, and each figure against a recount.
func (w *world) hold() {
	for _, p := range w.order {
		p.hold(w.t)
		w.proven(p)
	}
	recount := w.recount()
	var sum campaign.Fates
	for _, s := range w.sends {
		if s.expires.Add(5 * day).After(w.end) {
			continue // its last opt-outs may not be counted yet
		}
		tally, err := w.table.Fates(w.t.Context(), s.id)
		if err != nil {
			w.t.Fatal(err)
		}
		shards, err := w.table.Shards(w.t.Context(), s.id)
		if err != nil {
			w.t.Fatal(err)
		}
		want := recount[s.n-1]
		if tally.All != want {
			w.t.Errorf("campaign %d of %s: %+v are counted, and a recount gives %+v", s.n, s.topic, tally.All, want)
		}
		if sent := campaign.Total(shards).Sent; sent != want.Delivered+want.Undelivered {
			w.t.Errorf("campaign %d of %s: %d are counted as sent, and the carrier was handed %+v", s.n, s.topic, sent, want)
		}
		sum = sum.Add(want)
	}
	w.t.Logf("%d people, %d campaigns: %+v; paused and resumed %d times", len(w.order), len(w.sends), sum, w.resumed)
	if sum.Delivered < 2*len(w.order) || sum.Undelivered == 0 || sum.OptOuts == 0 {
		w.t.Error("too little happened for this to prove anything")
	}
}

// recount is what became of each campaign's texts, by what the carrier was handed and what people answered.
func (w *world) recount() []campaign.Fates {
	all := make([]campaign.Fates, len(w.sends))
	for _, p := range w.order {
		last := map[string]entry{} // by topic
		for _, e := range p.story {
			switch {
			case e.what == gets && e.n > 0:
				f := &all[e.n-1]
				if e.text.Event() == "TEXT_DELIVERED" {
					f.Delivered++
				} else {
					f.Undelivered++
				}
				last[w.sends[e.n-1].topic] = e
			case e.what == says && (e.body == "STOP" || e.body == "wrong number"):
				for topic, text := range last {
					ends := numberOf(topic) == e.with || brandOf(numberOf(topic)) == brandOf(e.with) &&
						(e.body == "wrong number" || !e.at.Before(allBrand))
					if !ends {
						continue
					}
					if e.at.Sub(text.at) <= 3*day {
						all[text.n-1].OptOuts++
					}
					delete(last, topic)
				}
			default:
			}
		}
	}
	return all
}

// proven holds that a person's record verifies, and has each text the carrier was handed, and no other.
func (w *world) proven(p *person) {
	for _, brand := range []string{"example", "cafe"} {
		handed := 0
		for _, e := range p.story {
			if e.what == gets && brandOf(e.with) == brand {
				handed++
			}
		}
		var record struct {
			Verified bool
			Messages []struct {
				At     time.Time
				Status string
			}
		}
		code := w.call(http.MethodGet, "/records/"+url.PathEscape(p.phone)+"?brand="+brand, nil, &record)
		if code == http.StatusNotFound && handed == 0 {
			continue
		}
		on := 0
		for _, m := range record.Messages {
			if m.Status != "withheld" && m.Status != "rejected" {
				on++
			}
		}
		if code != http.StatusOK || !record.Verified || on != handed {
			w.t.Errorf("I3, I4: the record of %s at %s is answered %d, verified %t, with %d of %d texts",
				p.phone, brand, code, record.Verified, on, handed)
		}
	}
}
