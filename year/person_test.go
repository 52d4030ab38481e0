package year_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"smsconsent/local/sms"
)

// The numbers people text.
const (
	alerts = "+12065550100"
	orders = "+12065550101"
	cafe   = "+12065550110"
)

// person is a phone, and whoever holds it.
type person struct {
	w     *world
	phone string
	habit habit
	dice  *rand.Rand
	story []entry
	fault string // the phone's, at the carrier
	moved bool
}

// entry is one thing that happened, as it was seen from outside.
type entry struct {
	at   time.Time
	what kind
	with string // the number texted, or that texted; the brand of a form
	body string // the text; the topics of a form; the fault; the ZIP code
	text sms.Text
	n    int // of the campaign
}

type kind string

const (
	says  kind = "says"    // the person texts
	gets  kind = "gets"    // the carrier is handed a text
	signs kind = "signs"   // somebody fills in the form with the number
	phone kind = "phone"   // the phone or its carrier changes
	moves kind = "moves"   // says on a form where they live
	owner kind = "changes" // the number has another owner
)

func (e entry) String() string {
	return fmt.Sprintf("%s %-7s %-13s %s %s", e.at.Format("2006-01-02 Mon 15:04:05"), e.what, e.with, e.body, e.text.Event())
}

func (p *person) note(what kind, with, body string) {
	p.story = append(p.story, entry{at: p.w.stack.Now(), what: what, with: with, body: body})
}

func (p *person) chance(percent int) bool { return p.dice.IntN(100) < percent }

// between draws a time.
func (p *person) between(least, most time.Duration) time.Duration {
	return least + time.Duration(p.dice.Int64N(int64(most-least)/int64(time.Second)))*time.Second
}

func (p *person) after(d time.Duration, do func()) { p.w.at(p.w.stack.Now().Add(d), do) }

func (p *person) say(to, body string) {
	p.note(says, to, body)
	path := "/handsets/" + url.PathEscape(p.phone)
	if code := p.w.call(http.MethodPost, path, map[string]string{"to": to, "body": body}, nil); code != http.StatusOK {
		p.w.t.Errorf("%s says %q and is answered %d", p.phone, body, code)
	}
}

func (p *person) sign(brand, zip string, topics ...string) {
	if zip != "" {
		p.note(moves, brand, zip)
	}
	p.note(signs, brand, strings.Join(topics, " "))
	if code := p.w.form(p.phone, brand, zip, topics...); code != http.StatusAccepted {
		p.w.t.Errorf("the form with %s, %s and %v answers %d", p.phone, zip, topics, code)
	}
}

func (p *person) breaks(fault string) {
	p.fault = fault
	p.note(phone, "", fault)
	in := map[string]string{"phone": p.phone, "fault": fault}
	if code := p.w.call(http.MethodPut, "/carrier", in, nil); code != http.StatusOK {
		p.w.t.Errorf("the carrier's fault %s is answered %d", fault, code)
	}
}

var tag = regexp.MustCompile(` no\. (\d+)\.`)

// heard is the person's carrier being handed a text, and the person reading it if it arrives.
func (p *person) heard(t sms.Text) {
	e := entry{at: t.At, what: gets, with: t.From, body: t.Body, text: t}
	if m := tag.FindStringSubmatch(t.Body); m != nil {
		e.n, _ = strconv.Atoi(m[1])
	}
	p.story = append(p.story, e)
	if t.Event() != "TEXT_DELIVERED" {
		return
	}
	if e.n > 0 {
		p.habit.campaign(p, e)
	} else if strings.Contains(t.Body, "YES") {
		p.habit.asked(p, t.From)
	}
}

// habit is how somebody takes what comes.
type habit struct {
	name     string
	begin    func(p *person)
	asked    func(p *person, from string)
	campaign func(p *person, e entry)
}

// agrees says YES, sooner or later.
func agrees(p *person, from string) {
	p.after(p.between(time.Minute, 8*time.Hour), func() { p.say(from, "YES") })
}

func keepsSilent(*person, entry) {}

// joins signs somebody up in the first weeks by text.
func joins(words ...string) func(p *person) {
	return func(p *person) {
		for i, word := range words {
			to := map[string]string{"ORDERS": orders, "CAFE": cafe}[word]
			if to == "" {
				to = alerts
			}
			// The second word comes when the first is through, so that no YES answers two questions.
			p.after(p.between(time.Duration(i)*2*day, time.Duration(i)*2*day+10*time.Hour)+p.arrival(), func() { p.say(to, word) })
		}
	}
}

// arrival spreads people over the first three weeks.
func (p *person) arrival() time.Duration {
	n, _ := strconv.Atoi(p.phone[len(p.phone)-4:])
	return time.Duration(n%21) * day
}

// habits is who lives there, and how many of a hundred.
func habits() []struct {
	percent int
	habit
} {
	engaged := func(p *person, e entry) {
		if p.chance(15) {
			p.after(p.between(time.Minute, 5*time.Hour), func() { p.say(e.with, "thank you") })
		}
	}
	all := []struct {
		percent int
		habit
	}{
		{25, habit{"engaged", joins("JOIN", "DEALS"), agrees, engaged}},
		{10, habit{"a shopper", joins("ORDERS", "JOIN"), agrees, keepsSilent}},
		{15, habit{"gone", joins("JOIN"), agrees, keepsSilent}},
		{10, habit{"fading", joins("DEALS", "CAFE"), agrees, func(p *person, e entry) {
			if e.at.Before(beginning.Add(60 * day)) {
				engaged(p, e)
			}
		}}},
		{12, habit{"changing", joins("JOIN", "CAFE"), agrees, changes}},
		{8, habit{"moving", joins("JOIN"), agrees, moving}},
		{7, habit{"dying", joins("JOIN", "DEALS"), agrees, dies}},
		{5, habit{"handed on", joins("JOIN"), agrees, handedOn}},
		{4, habit{"refused by the carrier", joins("JOIN", "CAFE"), agrees, refused}},
		{4, habit{"signed up by others", signedUp, func(p *person, from string) {
			if p.chance(50) {
				p.after(p.between(time.Minute, 20*time.Hour), func() { p.say(from, "NO") })
			}
		}, keepsSilent}},
	}
	return all
}

// changes says STOP now and then, and START or a keyword later.
func changes(p *person, e entry) {
	if !p.chance(12) {
		return
	}
	p.after(p.between(time.Minute, 2*day), func() {
		p.say(e.with, "STOP")
		if p.chance(70) {
			p.after(p.between(5*day, 50*day), func() { p.say(e.with, map[bool]string{true: "START", false: keywordOf(e.with)}[p.chance(50)]) })
		}
	})
}

func keywordOf(number string) string {
	return map[string]string{alerts: "JOIN", orders: "ORDERS", cafe: "CAFE"}[number]
}

// moving tells in a form that they live elsewhere, once, and goes on there.
func moving(p *person, _ entry) {
	if p.moved || !p.chance(50) {
		return
	}
	p.moved = true
	zip := []string{"96813", "10001", "98101"}[p.dice.IntN(3)]
	p.after(p.between(day, 20*day), func() { p.sign("example", zip, "deals") })
}

// dies is a number that ends, some day.
func dies(p *person, _ entry) {
	if p.fault == "" && p.chance(10) {
		p.breaks("invalid")
	}
}

// handedOn is a number that ends, and belongs to somebody else two months later, who knows nothing of us.
func handedOn(p *person, e entry) {
	stranger := func() {
		p.note(owner, "", "a stranger")
		p.habit = habit{
			"a stranger's", nil,
			func(*person, string) {},
			func(p *person, e entry) {
				p.after(p.between(time.Minute, day), func() { p.say(e.with, "wrong number") })
			},
		}
	}
	switch {
	case p.fault != "" || !p.chance(20):
	case p.chance(50):
		p.breaks("invalid")
		p.after(60*day, func() {
			p.breaks("none")
			stranger()
			p.after(p.between(day, 20*day), func() {
				p.habit.asked, p.habit.campaign = agrees, keepsSilent
				p.say(e.with, keywordOf(e.with))
			})
		})
	default:
		p.fault = "handed on"
		p.after(p.between(day, 20*day), stranger)
	}
}

// refused is a phone whose carrier lets none of our campaigns through for a while.
func refused(p *person, _ entry) {
	if p.fault == "" && p.chance(20) {
		p.after(time.Hour, func() { p.breaks("TEXT_CARRIER_BLOCKED") })
		p.after(60*day, func() { p.breaks("none") })
	}
}

// signedUp is somebody whose number others put in the form.
func signedUp(p *person) {
	p.after(p.between(time.Hour, 60*day), func() { p.sign("example", "", "news") })
}
