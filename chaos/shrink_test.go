package chaos_test

import (
	"slices"
	"time"
)

// shrink makes a history as short and plain as it can be and still be one that fails. tries bounds the work.
func shrink(h []step, fails func([]step) bool, tries int) []step {
	try := func(c []step) bool {
		if tries == 0 {
			return false
		}
		tries--
		return fails(c)
	}
	for changed := true; changed && tries > 0; {
		changed = false
		// Whole parts go first, large ones before small ones.
		for size := max(1, len(h)/2); size >= 1; size /= 2 {
			for from := 0; from < len(h); {
				c := slices.Concat(h[:from], h[min(from+size, len(h)):])
				if len(c) < len(h) && try(c) {
					h, changed = c, true
					continue
				}
				from += size
			}
		}
		for n := range h {
			for _, simpler := range simpler(h[n]) {
				c := slices.Clone(h)
				c[n] = simpler
				if try(c) {
					h, changed = c, true
				}
			}
		}
	}
	return h
}

// simpler is the step with one thing less.
func simpler(s step) []step {
	var all []step
	with := func(edit func(*step)) {
		c := s
		c.Faults, c.Again, c.Topics = slices.Clone(s.Faults), slices.Clone(s.Again), slices.Clone(s.Topics)
		edit(&c)
		all = append(all, c)
	}
	for i := range s.Faults {
		with(func(c *step) { c.Faults = slices.Delete(c.Faults, i, i+1) })
	}
	for i := range s.Again {
		with(func(c *step) { c.Again = slices.Delete(c.Again, i, i+1) })
	}
	if s.Along {
		with(func(c *step) { c.Along = false })
	}
	if s.Late > 0 {
		with(func(c *step) { c.Late = 0 })
	}
	if s.Told != (told{}) {
		with(func(c *step) { c.Told = told{} })
	}
	if len(s.Topics) > 1 {
		with(func(c *step) { c.Topics = c.Topics[:1] })
		with(func(c *step) { c.Topics = c.Topics[1:] })
	}
	if s.Plain {
		with(func(c *step) { c.Plain = false })
	}
	if s.Who > 0 {
		with(func(c *step) { c.Who = 0 })
	}
	for _, round := range []time.Duration{0, second, time.Minute, time.Hour} {
		if round < s.After && s.After%time.Minute != 0 {
			with(func(c *step) { c.After = round })
		}
	}
	if s.After.Truncate(time.Minute) != s.After {
		with(func(c *step) { c.After = c.After.Truncate(time.Minute) })
	}
	return all
}
