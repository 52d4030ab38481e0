package console

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/table"
)

const (
	defaultPage = 50   // people on a page by default
	maxPage     = 500  // people on a page at most
	maxLooked   = 3000 // people that one search looks through at most
)

// Person is one person at one brand, as lists show them.
type Person struct {
	ID     string   `json:"id"`    // sealed; only this console can read it
	Phone  string   `json:"phone"` // masked, unless people are simulated
	Brand  string   `json:"brand"`
	Places []string `json:"places"` // such as US-WA; empty where unknown
	Facts  []Fact   `json:"facts"`  // subscriptions, STOPs and pauses
}

// Fact is one thing about a person.
type Fact struct {
	Text string `json:"text"`
	Tone string `json:"tone"` // its kind, such as subscribed
}

// People is a page of people.
type People struct {
	People []Person `json:"people"`
	Next   string   `json:"next"`   // where the next page begins; empty at the end
	Looked int      `json:"looked"` // people who were looked through
}

// cursor is where a page of people ended. It may hold a phone number, so it is sealed before the page gets it.
type cursor struct {
	Shard int // shard of a list, or segment of the table
	After string
	Table table.Position
	Seen  int // people passed, where Config.Everybody returns them
}

// search is what somebody looks for.
type search struct {
	brand, topic string
	state        string // subscribed, waiting or stopped; anything else for everybody
	words        []string
	limit        int
	from         cursor
}

// getPeople answers with a page of people. An index has those on a list and those with something due; for all others
// the table is scanned.
func (c *Console) getPeople(r *http.Request) (any, error) {
	s, err := c.searched(r.URL.Query())
	if err != nil {
		return nil, err
	}
	if c.Everybody != nil && s.state != "subscribed" && s.state != "waiting" {
		return c.amongAll(r.Context(), &s)
	}
	found := People{People: []Person{}}
	for {
		contacts, next, done, err := c.peopleFrom(r.Context(), &s)
		if err != nil {
			if s.state != "subscribed" && s.state != "waiting" && isDenied(err) {
				return nil, c.refuse(r.Context(), err, peoplePolicy)
			}
			return nil, err
		}
		for i := range contacts {
			if p := c.person(&contacts[i]); c.matches(&s, &contacts[i], &p) {
				found.People = append(found.People, p)
			}
		}
		found.Looked += len(contacts)
		s.from = next
		if done {
			return found, nil
		}
		if len(found.People) >= s.limit || found.Looked >= maxLooked {
			found.Next = c.seal.seal(next)
			return found, nil
		}
	}
}

// amongAll searches among the people that Config.Everybody returns.
func (c *Console) amongAll(ctx context.Context, s *search) (any, error) {
	all, err := c.Everybody(ctx)
	if err != nil {
		return nil, err
	}
	found := People{People: []Person{}}
	at := min(s.from.Seen, len(all))
	for ; at < len(all) && len(found.People) < s.limit; at++ {
		found.Looked++
		if p := c.person(&all[at]); c.matches(s, &all[at], &p) {
			found.People = append(found.People, p)
		}
	}
	if at < len(all) {
		found.Next = c.seal.seal(cursor{Seen: at})
	}
	return found, nil
}

func (c *Console) searched(q url.Values) (s search, err error) {
	s = search{state: q.Get("state"), limit: defaultPage, words: strings.Fields(strings.ToLower(q.Get("words")))}
	if n, err := strconv.Atoi(q.Get("limit")); err == nil && n > 0 {
		s.limit = min(n, maxPage)
	}
	if at := q.Get("after"); at != "" && !c.seal.open(at, &s.from) {
		return s, badRequest("after", "the console was started anew since; search again")
	}
	brand := &c.Programs().Brands[0]
	if id := q.Get("brand"); id != "" {
		var ok bool
		if brand, ok = c.Programs().Brand(id); !ok {
			return s, badRequest("brand", "is no brand of programs.yaml")
		}
		s.brand = brand.ID
	}
	if s.state != "subscribed" && s.state != "waiting" {
		return s, nil
	}
	s.brand, s.topic = brand.ID, q.Get("topic")
	if s.topic == "" && s.state == "subscribed" {
		s.topic = brand.Programs[0].Topics[0].ID
	}
	return s, nil
}

// peopleFrom reads the next people for a search. done reports whether these are the last.
func (c *Console) peopleFrom(
	ctx context.Context, s *search,
) (people []consent.Contact, next cursor, done bool, err error) {
	var keys []consent.Key
	next = s.from
	switch s.state {
	case "subscribed":
		keys, next.After, err = c.Stack.Audience().People(ctx, s.brand, s.topic, s.from.Shard, s.from.After, s.limit)
		if next.After == "" {
			next.Shard++
		}
		done = next.Shard >= audience.Shards
	case "waiting":
		ever := c.Stack.Now().AddDate(100, 0, 0)
		keys, next.After, err = c.Stack.Audience().Due(ctx, s.brand, ever, s.from.After, s.limit)
		done = next.After == ""
	default:
		people, next.Table, err = c.table.ScanContacts(ctx, s.from.Shard, s.from.Table)
		if next.Table == (table.Position{}) {
			next.Shard++
		}
		return people, next, next.Shard >= table.Segments, err
	}
	if err != nil || len(keys) == 0 {
		return nil, next, done, err
	}
	people, _, err = c.table.Contacts(ctx, keys)
	return people, next, done, err
}

// matches reports whether a person fits the search: the brand, the state, and every word in what is shown about them,
// in the names of their places, or among their tiers.
func (c *Console) matches(s *search, contact *consent.Contact, p *Person) bool {
	if (s.brand != "" && s.brand != p.Brand) || (s.state == "stopped" && len(contact.Stopped) == 0) ||
		(s.state == "waiting" && !owesYes(contact, c.Stack.Now())) {
		return false
	}
	if len(s.words) == 0 {
		return true
	}
	words := append([]string{p.Phone, p.Brand}, p.Places...)
	for _, place := range p.Places {
		if known, ok := jurisdiction.Lookup(place); ok {
			words = append(words, known.Name)
		}
	}
	for _, f := range p.Facts {
		words = append(words, f.Text, f.Tone)
	}
	for _, sub := range contact.Subs {
		if sub.State == consent.Subscribed {
			words = append(words, string(sub.TierNow()))
		}
	}
	all := strings.ToLower(strings.Join(words, " "))
	return !slices.ContainsFunc(s.words, func(word string) bool { return !strings.Contains(all, word) })
}

// owesYes reports whether a person was asked to confirm something and may do so still.
func owesYes(contact *consent.Contact, now time.Time) bool {
	for _, sub := range contact.Subs {
		if sub.StateAt(now) == consent.Pending {
			return true
		}
	}
	return false
}

// findPeople answers with the person of a phone number at each brand. The number comes in the body, because browsers
// keep addresses.
func (c *Console) findPeople(r *http.Request) (any, error) {
	var in struct {
		Phone string `json:"phone"`
	}
	if err := decode(r, &in); err != nil {
		return nil, err
	}
	number, err := phone.Parse(strings.TrimSpace(in.Phone))
	if err != nil {
		number, err = typed.Number(in.Phone, c.Programs().Brands[0].Region)
	}
	if err != nil {
		return nil, badRequest("phone", err.Error())
	}
	people, err := c.OnRecord(r.Context(), number)
	return People{People: people, Looked: len(c.Programs().Brands)}, err
}

// OnRecord returns the people behind numbers, which must differ, at each brand that has them on record.
func (c *Console) OnRecord(ctx context.Context, numbers ...phone.Number) ([]Person, error) {
	var keys []consent.Key
	for _, n := range numbers {
		for i := range c.Programs().Brands {
			keys = append(keys, consent.Key{Brand: c.Programs().Brands[i].ID, Phone: n})
		}
	}
	contacts, _, err := c.table.Contacts(ctx, keys)
	if err != nil {
		return nil, err
	}
	people := []Person{}
	for i := range contacts {
		if contacts[i].Version > 0 {
			people = append(people, c.person(&contacts[i]))
		}
	}
	return people, nil
}

// person returns what a list shows of a contact.
func (c *Console) person(contact *consent.Contact) Person {
	p := Person{
		ID: c.seal.seal(contact.Key), Phone: c.displayed(contact.Phone), Brand: contact.Brand, Places: []string{},
		Facts: facts(contact, c.Stack.Now()),
	}
	if area, err := phone.Locate(contact.Phone, contact.Told); err == nil {
		if places, err := area.Places(); err == nil {
			p.Places = names(places)
		}
	}
	return p
}

// displayed returns a number as lists show it: for real people masked, as commands and reports do.
func (c *Console) displayed(n phone.Number) string {
	if c.Simulated {
		return string(n)
	}
	return report.Mask(n)
}

// names returns places in the form US-WA.
func names(places []phone.Place) []string {
	all := make([]string, len(places))
	for i, p := range places {
		all[i] = p.Country
		if p.State != "" {
			all[i] += "-" + p.State
		}
	}
	return all
}

// facts returns the subscriptions, STOPs and pauses of a person. A topic that a STOP ended is left out: the STOP says
// so.
func facts(contact *consent.Contact, now time.Time) []Fact {
	all := []Fact{}
	for _, id := range slices.Sorted(maps.Keys(contact.Subs)) {
		sub := contact.Subs[id]
		state := sub.StateAt(now)
		if _, stopped := contact.TopicStoppedAt(sub.Program, id); stopped && state == consent.Unsubscribed {
			continue
		}
		text := id + " " + string(state)
		if tier := sub.TierNow(); state == consent.Subscribed && tier != consent.Regular {
			text += ", " + string(tier)
		}
		all = append(all, Fact{text, string(state)})
	}
	for _, scope := range slices.Sorted(maps.Keys(contact.Stopped)) {
		all = append(all, Fact{stop(scope), "stopped"})
	}
	if contact.Paused.After(now) {
		all = append(all, Fact{"paused", string(consent.Pending)})
	}
	return all
}

// stop describes a key of consent.Contact.Stopped.
func stop(scope string) string {
	switch {
	case scope == consent.Everything:
		return "STOP to everything"
	case strings.HasPrefix(scope, "?"):
		return "NO to a request (" + scope[1:] + ")"
	case strings.HasPrefix(scope, "#"):
		return "STOP to topic " + scope[1:]
	default:
		return "STOP to " + scope
	}
}
