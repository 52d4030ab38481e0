package chaos_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/program"
)

// crowded is a history in which a campaign texts a page of people at once while things go wrong: functions are ended
// between a claim and its text and after it, the carrier takes texts and its answer never comes, jobs and schedules
// come twice at once, and people say STOP at that very moment.
func crowded(seed uint64) []step {
	d := drawer{rand.New(rand.NewPCG(seed, 0xA70CE))}
	people := 5 + d.IntN(10)
	h := crowdJoins(people)
	const ahead = 2 * time.Minute
	h = append(h, step{
		Do: schedules, Brand: "example", Topics: []string{"news"}, In: ahead, For: 2 * time.Hour, Plain: d.chance(3), After: time.Minute,
	})
	if d.chance(2) {
		h = append(h, step{Do: sees, Sky: pick(d, echoing, echoing, throttled), For: ahead + d.upTo(3*second)})
	}
	for range 1 + d.IntN(people) {
		s := step{
			Do: texts, Who: crowd + d.IntN(people), To: alertsNumber,
			Say:  pick(d, "STOP", "STOP", "STOP NEWS", "STOP ALL", "HELP", "ok"),
			Late: ahead + d.upTo(2*second), Along: true,
		}
		if d.chance(4) {
			s.Again = []time.Duration{s.Late + d.upTo(2*second)}
		}
		h = append(h, s)
	}
	h = append(h, step{Do: waits, For: ahead + 10*time.Minute, Faults: d.amongTexts(people)}, step{Do: waits, For: 3 * time.Hour})
	for i := range h {
		h[i].Seed = d.Uint64()
	}
	return h
}

// amongTexts is mishaps at the texts of a page, and at what is written about their people.
func (d drawer) amongTexts(people int) []fault {
	var all []fault
	for range 1 + d.IntN(3) {
		f := fault{At: 1 + d.IntN(people)}
		if d.chance(3) {
			f.On, f.About = theTable, "CONTACT#"
			f.At += d.IntN(2 * people)
			f.Kind = pick(d, lost, lostLate, held, broken, endBefore, endAfter)
		} else {
			f.On = theSMS
			f.Kind = pick(d, endBefore, endBefore, endAfter, endAfter, lost, lostLate, held, slow, broken)
		}
		all = append(all, f)
	}
	return all
}

// gapless is programs without a gap between two offers: nothing but the claim keeps a campaign from going to somebody
// twice.
func gapless(t *testing.T) *program.Catalog {
	t.Helper()
	return loadPrograms(t, func(yaml string) string {
		return strings.Replace(yaml, "policy: {", "policy: {least_gap: none, ", 1)
	})
}

// TestAtOnce holds the promises to a page whose texts go at once.
func TestAtOnce(t *testing.T) {
	catalog := gapless(t)
	from, count := *seedFlag, *countFlag
	if count == 0 {
		count = 2 * few
	}
	offers, stopped, ended := 0, 0, 0
	for seed := from; seed < from+uint64(count); seed++ {
		h := crowded(seed)
		r := play(t, catalog, h, seed, false, func(w *world) {
			w.mu.Lock()
			defer w.mu.Unlock()
			got := map[string]int{}
			for _, x := range w.texts {
				if x.class == "PROMOTIONAL" && strings.Contains(x.body, "pumpkins") {
					offers++
					got[x.to]++
				}
			}
			for _, s := range h {
				if s.Do == texts && s.Say == "STOP" && got[phones()[s.Who]] == 0 {
					stopped++
				}
			}
			for _, line := range w.told {
				if strings.Contains(line, " is ended ") {
					ended++
				}
			}
		})
		if r.kept() {
			continue
		}
		kind := r.kinds()[0]
		h = shrink(h, func(c []step) bool { return slices.Contains(run(t, catalog, c, seed).kinds(), kind) }, patience/10)
		t.Fatalf("seed %d: %s\nthe shortest history that does it:\n%s", seed, kind, run(t, catalog, h, seed))
	}
	t.Logf("%d histories from seed %d: %d offers, %d people whose STOP came first, functions ended %d times", count, from, offers, stopped, ended)
	if count >= few && (offers < 3*count || stopped == 0 || ended == 0) {
		t.Error("too little went on to have proved anything")
	}
}

// TestAtOnceInParallel plays such pages with nothing waiting, so that texts that go at once are truly parallel. The
// race detector looks at them.
func TestAtOnceInParallel(t *testing.T) {
	catalog := gapless(t)
	for seed := range uint64(few / 2) {
		if r := play(t, catalog, crowded(1<<32+seed), seed, true, nil); !r.kept() {
			t.Fatalf("seed %d in parallel:\n%s", 1<<32+seed, r)
		}
	}
}
