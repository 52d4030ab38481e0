package year_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"testing"
	"time"
)

var (
	peopleFlag = flag.Int("year.people", 0, "how many people live the year; 0 for a few")
	monthsFlag = flag.Int("year.months", 0, "how many months it has; 0 for a few")
	seedFlag   = flag.Uint64("year.seed", 1, "what it is drawn from")
)

// Everybody's year keeps what docs/promises.md promises, and the figures are those of a recount.
func TestYear(t *testing.T) {
	people, months := 60, 3
	if testing.Short() {
		people, months = 40, 2
	}
	if *peopleFlag > 0 {
		people = *peopleFlag
	}
	if *monthsFlag > 0 {
		months = *monthsFlag
	}
	// There is little that lives long, and much that does not: collected less often, a year takes a third less time. What
	// many people leave behind is to fit in an ordinary machine.
	defer debug.SetGCPercent(debug.SetGCPercent(800)) //nolint:mnd // percent
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(3 << 30))
	w := newWorld(t, *seedFlag, beginning.AddDate(0, months, 0))
	w.settle(people)
	w.company()
	w.live()
	if w.logged.Len() > 0 {
		t.Errorf("functions failed: %.2000s", &w.logged)
	}
	w.hold()
	if t.Failed() {
		t.Logf("it is lived again with SEED=%d PEOPLE=%d MONTHS=%d", *seedFlag, people, months)
	}
}

// settle has people move in, each with a habit and a phone of one of six places.
func (w *world) settle(n int) {
	codes := []string{"206", "212", "312", "305", "808", "213"}
	for i := range n {
		percent, drawn := 0, habit{}
		at := (i*37 + i/100) % 100 // habits are spread over the places
		for _, h := range habits() {
			if percent += h.percent; at < percent {
				drawn = h.habit
				break
			}
		}
		number := fmt.Sprintf("+1%s555%04d", codes[i%len(codes)], i)
		p := &person{w: w, phone: number, habit: drawn, dice: rand.New(rand.NewPCG(*seedFlag, uint64(i)+1))}
		w.people[number], w.order = p, append(w.order, p)
		w.at(beginning, func() { p.habit.begin(p) })
	}
}

// company plans what the company does: news at the beginning of each month and sometimes in its middle, deals each week
// and too often, specials each week, something about everybody's orders each month.
func (w *world) company() {
	every := func(from time.Time, step time.Duration, do func(n int)) {
		for n, at := 0, from; at.Before(w.end); n, at = n+1, at.Add(step) {
			w.at(at, func() { do(n) })
		}
	}
	every(beginning.Add(8*day+6*time.Hour), 4*week+2*day, func(int) { w.send("example", "news", "Example Corp.: news", 3*day) })
	every(beginning.Add(20*day+11*time.Hour), 9*week, func(int) { w.send("example", "news", "Example Corp.: more news", 2*day) })
	every(beginning.Add(9*day+7*time.Hour), week, func(n int) {
		w.send("example", "deals", "Example Corp.: a deal", 2*day)
		if n%5 == 4 {
			w.at(w.stack.Now().Add(3*day), func() { w.send("example", "deals", "Example Corp.: a last deal", day) })
		}
	})
	every(beginning.Add(11*day+13*time.Hour), week, func(int) { w.send("cafe", "specials", "Example Cafe: specials", 2*day) })
	every(beginning.Add(25*day+19*time.Hour), 5*week, func(int) { w.send("example", "orders", "Example Corp.: your order", day) })
	every(beginning.Add(15*time.Hour+30*time.Minute), day, func(int) { w.resumed += w.operate() })
}
