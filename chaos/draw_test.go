package chaos_test

import (
	"math/rand/v2"
	"time"
)

// drawer makes histories of a seed.
type drawer struct{ *rand.Rand }

// draw is the history of a seed.
func draw(seed uint64) []step {
	d := drawer{rand.New(rand.NewPCG(seed, 0xC4A05))}
	people := 1
	switch d.IntN(10) {
	case 0:
		people = 3
	case 1, 2, 3, 4:
		people = 2
	}
	var h []step
	// Most histories begin with somebody who signs up, for nothing much happens to anybody else.
	for who := range people {
		if d.chance(4) {
			continue
		}
		brand := d.brand()
		h = append(
			h,
			d.trouble(step{Do: signsUp, Self: true, Who: who, Brand: brand, Topics: d.topics(brand), After: d.moment(), Told: d.told(who)}),
			d.trouble(step{Do: texts, Who: who, To: d.numberOf(brand), Say: "YES", After: d.moment()}),
		)
	}
	for range 4 + d.IntN(22) {
		h = append(h, d.trouble(d.step(people)))
	}
	for i := range h {
		h[i].Seed = d.Uint64()
	}
	return h
}

func (d drawer) chance(oneIn int) bool { return d.IntN(oneIn) == 0 }

func pick[T any](d drawer, of ...T) T { return of[d.IntN(len(of))] }

func (d drawer) brand() string { return pick(d, "example", "example", "example", "cafe") }

func (d drawer) numberOf(brand string) string {
	if brand == "cafe" {
		return "+12065550110"
	}
	if d.chance(5) {
		return "+12065550101"
	}
	return "+12065550100"
}

func (d drawer) topics(brand string) []string {
	if brand == "cafe" {
		return []string{"specials"}
	}
	return pick(d, []string{"news"}, []string{"news"}, []string{"deals"}, []string{"news", "deals"}, []string{"orders"}, []string{"news", "orders"})
}

// moment is how long people and things take between two steps: mostly little, at times long.
func (d drawer) moment() time.Duration {
	switch d.IntN(12) {
	case 0:
		return 0
	case 1, 2, 3:
		return d.upTo(5 * second)
	case 4, 5, 6:
		return d.upTo(3 * time.Minute)
	case 7, 8:
		return d.upTo(20 * time.Minute)
	case 9:
		return d.upTo(3 * time.Hour)
	case 10:
		return d.upTo(16 * time.Hour)
	default:
		if d.chance(6) {
			return d.upTo(20 * 24 * time.Hour)
		}
		return d.upTo(40 * time.Hour)
	}
}

func (d drawer) upTo(most time.Duration) time.Duration {
	return time.Duration(1 + d.Int64N(int64(most))).Truncate(time.Millisecond)
}

func (d drawer) told(who int) told {
	if !d.chance(4) {
		return told{}
	}
	if who == 1 {
		return pick(d, told{Zone: "America/Chicago"}, told{State: "FL", Zone: "America/Chicago"}, told{State: "FL", Zone: "America/New_York"})
	}
	return pick(d, told{Locale: "es"}, told{State: "WA", Zone: "America/Los_Angeles"})
}

func (d drawer) say() string {
	return pick(
		d,
		"YES", "YES", "YES", "YES", "Yes", "STOP", "STOP", "STOP", "Stop. Thank you", "unsubscribe", "STOP NEWS", "STOP DEALS", "STOP ALL",
		"wrong number", "START", "START", "UNSTOP", "JOIN", "JOIN", "DEALS", "CAFE", "ORDERS", "HELP", "HELP", "PREFS", "PREFS", "ok", "ok", "lol", "NO", "NO", "No thanks",
	)
}

func (d drawer) step(people int) step {
	s := step{Who: d.IntN(people), After: d.moment(), Along: d.chance(5)}
	switch n := d.IntN(100); {
	case n < 12:
		s.Do, s.Brand, s.Self = signsUp, d.brand(), d.chance(2)
		s.Topics, s.Told = d.topics(s.Brand), d.told(s.Who)
	case n < 16:
		s.Do, s.Brand = vouches, d.brand()
		s.Topics, s.Told = d.topics(s.Brand), d.told(s.Who)
	case n < 58:
		s.Do, s.Say = texts, d.say()
		s.To = d.numberOf(d.brand())
		if d.chance(5) {
			s.Late = d.moment()
		}
		if d.chance(5) {
			s.Again = append(s.Again, s.Late+d.moment())
		}
	case n < 68:
		s.Do, s.Brand = chooses, d.brand()
		s.Action = pick(d, "save", "save", "save", "pause", "resume", "stop")
		if s.Action == "save" {
			on, off := d.topics(s.Brand), d.topics(s.Brand)
			if d.chance(2) {
				s.On = on
			} else {
				s.Off = off
			}
		}
	case n < 80:
		s.Do, s.Brand = schedules, d.brand()
		s.Topics = []string{pick(d, topicsOf(s.Brand)...)}
		s.In, s.For, s.Plain = d.moment(), time.Hour+d.upTo(30*time.Hour), d.chance(4)
		if d.chance(4) {
			s.In = 0
		}
	case n < 82:
		s.Do = pick(d, holds, resumes)
	case n < 88:
		s.Do, s.Sky = sees, pick(d, skies()...)
		s.For = d.upTo(20 * time.Minute)
	case n < 92:
		s.Do, s.Nth, s.Event = reports, d.IntN(3), pick(d, "TEXT_DELIVERED", "TEXT_DELIVERED", "TEXT_INVALID", "TEXT_UNREACHABLE", "TEXT_CARRIER_BLOCKED", "TEXT_SPAM")
		if d.chance(3) {
			s.Again = []time.Duration{d.moment()}
		}
	case n < 94:
		s.Do = looks
	case n < 97:
		s.Do, s.Brand = posts, d.brand()
		s.Topics, s.For, s.Plain = []string{pick(d, topicsOf(s.Brand)...)}, d.upTo(40*time.Hour), d.chance(4)
		if d.chance(3) {
			s.Again = []time.Duration{d.moment()}
		}
	default:
		s.Do, s.For = waits, d.moment()
	}
	return s
}

// trouble adds faults to some steps.
func (d drawer) trouble(s step) step {
	if !d.chance(6) {
		return s
	}
	for range 1 + d.IntN(2) {
		f := fault{Kind: pick(d, broken, down, lost, lost, lostForGood, slow, endBefore, endBefore, endAfter, endAfter)}
		switch d.IntN(4) {
		case 0:
			f.On, f.At = theSMS, 1
			if d.chance(3) {
				f.At = 1 + d.IntN(3)
			}
		case 1:
			f.On, f.At = theLists, 1+d.IntN(2)
		case 2:
			f.On, f.At = theTable, 1+d.IntN(6)
		default:
			f.At = 1 + d.IntN(10)
		}
		s.Faults = append(s.Faults, f)
	}
	return s
}
