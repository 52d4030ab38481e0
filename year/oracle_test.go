package year_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// life is what docs/promises.md promises somebody, told from what went in and what came out.
type life struct {
	*person
	t        *testing.T
	told     bool
	pending  map[string]time.Time // when the topic was last asked for
	since    map[string]time.Time // when the topic was confirmed; none unless subscribed
	had      map[string]time.Time // when it was first confirmed; START brings it back
	place    string
	claims   []string             // of moves not confirmed yet
	dead     map[string]bool      // brands whose carrier said that there is no such phone
	alive    map[string]time.Time // when the phone texted such a brand after all
	listed   map[string]time.Time // numbers on whose list at AWS the phone is, since when
	lifted   map[string]time.Time // numbers from whose list it was taken last
	stuck    map[string]bool      // numbers on whose list it has to stay: AWS takes it off once in 30 days
	got      map[int]int          // texts by campaign
	by       map[string][]time.Time
	hinted   map[string]time.Time // when each number last said how to opt out, or its program was joined
	provoked map[string]time.Time // when each number was last texted, or its brand's form filled in
}

// where a number is at home, by area code.
func home(phone string) string {
	return map[string]string{
		"206": "America/Los_Angeles", "213": "America/Los_Angeles", "212": "America/New_York", "305": "America/New_York",
		"312": "America/Chicago", "808": "Pacific/Honolulu",
	}[phone[2:5]]
}

// lives is where a ZIP code is.
func lives(zip string) string {
	return map[string]string{"96813": "Pacific/Honolulu", "10001": "America/New_York", "98101": "America/Los_Angeles"}[zip]
}

// topics are those of a number.
func topics(number string) []string {
	return map[string][]string{alerts: {"news", "deals"}, orders: {"orders"}, cafe: {"specials"}}[number]
}

func numberOf(topic string) string {
	return map[string]string{"news": alerts, "deals": alerts, "orders": orders, "specials": cafe}[topic]
}

func brandOf(number string) string {
	if number == cafe {
		return "cafe"
	}
	return "example"
}

// holidays are those of the United States, as they are kept.
func holidays() []string {
	return []string{
		"2027-01-01", "2027-01-18", "2027-02-15", "2027-05-31", "2027-06-18", "2027-06-19", "2027-07-04", "2027-07-05", "2027-09-06",
		"2027-10-11", "2027-11-11", "2027-11-25", "2027-12-24", "2027-12-25", "2027-12-31", "2028-01-01",
	}
}

// open reports whether somebody may be texted unasked (docs/jurisdictions.md, strict): from 9 to 20 on weekdays and
// Saturdays, from noon on Sundays, not on holidays.
func open(zone string, at time.Time) bool {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	at = at.In(loc)
	first := 9
	if at.Weekday() == time.Sunday {
		first = 12
	}
	return at.Hour() >= first && at.Hour() < 20 && !slices.Contains(holidays(), at.Format(time.DateOnly))
}

// allBrands is from when on a STOP to one program ends all of its brand in the United States (47 CFR 64.1200(a)(10)).
var allBrand = time.Date(2027, time.January, 31, 0, 0, 0, 0, time.UTC)

// fail says which promise was broken, and tells the person's story once.
func (l *life) fail(promise string, e entry, why string, args ...any) {
	l.t.Errorf("%s (%s): %s: %s\n  %s", l.phone, l.habit.name, promise, fmt.Sprintf(why, args...), e)
	if l.told {
		return
	}
	l.told = true
	for _, e := range l.story {
		l.t.Log("  ", e)
	}
}

// hold holds a person's year against the promises.
func (p *person) hold(t *testing.T) {
	l := &life{
		person: p, t: t, pending: map[string]time.Time{}, since: map[string]time.Time{}, had: map[string]time.Time{},
		place: home(p.phone), dead: map[string]bool{}, alive: map[string]time.Time{}, listed: map[string]time.Time{}, lifted: map[string]time.Time{},
		stuck: map[string]bool{}, got: map[int]int{}, by: map[string][]time.Time{},
		hinted: map[string]time.Time{}, provoked: map[string]time.Time{},
	}
	for _, e := range p.story {
		switch e.what {
		case says:
			l.says(e)
		case signs:
			for _, topic := range strings.Fields(e.body) {
				l.provoked[numberOf(topic)] = e.at
				l.ask(e.at, topic)
			}
		case moves:
			l.claims = append(l.claims, e.body)
		case gets:
			l.gets(e)
		default:
		}
	}
	for number := range l.hinted {
		l.reminded(entry{at: p.w.end, what: gets, with: number, body: "the end of the year"}, number)
	}
}

func (l *life) ask(at time.Time, topic string) {
	if l.since[topic].IsZero() {
		l.pending[topic] = at
	}
}

// says is what the person's words do.
func (l *life) says(e entry) {
	l.provoked[e.with] = e.at
	if brand := brandOf(e.with); l.dead[brand] { // a phone that texts works
		l.dead[brand], l.alive[brand] = false, e.at
	}
	l.lift(e)
	switch e.body {
	case "YES":
		for _, topic := range topics(e.with) {
			if asked, ok := l.pending[topic]; ok && e.at.Sub(asked) <= day {
				delete(l.pending, topic)
				l.since[topic] = e.at
				if l.had[topic].IsZero() {
					l.had[topic] = e.at
				}
				if l.hinted[e.with].IsZero() {
					l.hinted[e.with] = e.at
				}
				for _, zip := range l.claims {
					l.place = lives(zip)
				}
				l.claims = nil
			}
		}
	case "NO":
		for _, topic := range topics(e.with) {
			delete(l.pending, topic)
		}
	case "STOP":
		l.end(e, e.at.Before(allBrand))
	case "wrong number":
		l.end(e, false)
	case "START":
		for _, topic := range topics(e.with) {
			if e.with == cafe && !l.had[topic].IsZero() { // restart: one step
				l.since[topic], l.hinted[e.with] = e.at, e.at
			} else {
				l.ask(e.at, topic)
			}
		}
	case "JOIN":
		l.ask(e.at, "news")
	case "DEALS":
		l.ask(e.at, "deals")
	case "ORDERS":
		l.ask(e.at, "orders")
	case "CAFE":
		l.ask(e.at, "specials")
	default:
	}
}

// lift is AWS's list giving the phone free, once in 30 days (docs/keywords.md).
func (l *life) lift(e entry) {
	back := slices.Contains([]string{"START", "JOIN", "DEALS", "ORDERS", "CAFE"}, e.body)
	since, listed := l.listed[e.with]
	if !back || !listed {
		return
	}
	delete(l.listed, e.with)
	if e.at.Sub(since) < time.Hour {
		return // it is put there an hour after a STOP
	}
	last, before := l.lifted[e.with]
	l.stuck[e.with] = before && e.at.Sub(last) < 30*day
	if !l.stuck[e.with] {
		l.lifted[e.with] = e.at
	}
}

func (l *life) end(e entry, alone bool) {
	for _, number := range []string{alerts, orders, cafe} {
		if number != e.with && (alone || brandOf(number) != brandOf(e.with)) {
			continue
		}
		l.reminded(e, number)
		delete(l.hinted, number)
		if _, listed := l.listed[number]; !listed {
			l.listed[number] = e.at
		}
		for _, topic := range topics(number) {
			delete(l.since, topic)
			delete(l.pending, topic)
		}
	}
}

// subscribed reports whether the person has any topic of a number.
func (l *life) subscribed(number string) bool {
	return slices.ContainsFunc(topics(number), func(t string) bool { return !l.since[t].IsZero() })
}

// interval is how long somebody goes without being told how to opt out: 30 days, and where a day that may be texted on
// and the daily audit do not meet at once, some more.
const interval = 30 * day

// reminded holds that not too long passed since a number last said how to opt out.
func (l *life) reminded(e entry, number string) {
	said, ok := l.hinted[number]
	if !ok || number == orders || l.dead[brandOf(number)] || l.stuck[number] || !l.subscribed(number) {
		return
	}
	if back := l.alive[brandOf(number)]; back.After(said) { // nobody could be reminded before
		said = back
	}
	if gap := e.at.Sub(said); gap > interval+4*day {
		l.fail("a reminder each 30 days", e, "%s said nothing of how to opt out for %.1f days", number, gap.Hours()/24)
	}
}

// gets holds a text against what was said before it.
func (l *life) gets(e entry) {
	answer := e.n == 0 && e.at.Sub(l.provoked[e.with]) < 5*time.Minute
	switch {
	case e.n > 0:
		l.campaign(e)
	case !answer:
		l.reminder(e)
	}
	if strings.Contains(e.body, "STOP") {
		l.reminded(e, e.with)
		if _, joined := l.hinted[e.with]; joined {
			l.hinted[e.with] = e.at
		}
	}
	if e.text.Event() == "TEXT_INVALID" {
		l.dead[brandOf(e.with)] = true
	}
}

func (l *life) unasked(e entry) {
	if e.with != orders && !open(l.place, e.at) {
		l.fail("I6", e, "%s is no hour at %s", e.at, l.place)
	}
	if l.dead[brandOf(e.with)] {
		l.fail("undeliverable", e, "the carrier said that there is no such phone")
	}
}

func (l *life) campaign(e entry) {
	s := l.w.sends[e.n-1]
	l.unasked(e)
	if l.since[s.topic].IsZero() {
		l.fail("I1, I5", e, "they are not subscribed to %s", s.topic)
	}
	if l.got[e.n]++; l.got[e.n] > 1 {
		l.fail("I2", e, "it came before")
	}
	if e.at.Before(s.at) || !e.at.Before(s.expires) || e.with != numberOf(s.topic) {
		l.fail("I6", e, "it is campaign %+v", *s)
	}
	l.by[s.topic] = append(l.by[s.topic], e.at)
	l.by["all"] = append(l.by["all"], e.at)
	within := func(of string, span time.Duration) int {
		return len(slices.DeleteFunc(slices.Clone(l.by[of]), func(t time.Time) bool { return e.at.Sub(t) >= span }))
	}
	promised := map[string]struct {
		n    int
		span time.Duration
	}{"news": {2, 31 * day}, "deals": {1, week}, "specials": {1, week}, "orders": {1000, week}}[s.topic]
	if n := within(s.topic, promised.span); n > promised.n {
		l.fail("I7", e, "it is number %d of %s within %s", n, s.topic, promised.span)
	}
	if n := within("all", day); n > 3 && s.topic != "orders" {
		l.fail("I7", e, "it is number %d within a day", n)
	}
}

func (l *life) reminder(e entry) {
	l.unasked(e)
	if !l.subscribed(e.with) || !strings.Contains(e.body, "STOP") || e.with == orders {
		l.fail("I1, I5", e, "nobody asked for it")
	}
	if gap := e.at.Sub(l.hinted[e.with]); gap < interval-time.Hour {
		l.fail("a reminder each 30 days", e, "the last word of how to opt out is %.1f days old", gap.Hours()/24)
	}
}
