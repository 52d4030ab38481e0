package gate_test

import (
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

func catalog() *program.Catalog {
	silence := program.Patience{Chances: 6, For: 90 * 24 * time.Hour}
	engagement := program.Engagement{Digest: silence, Ask: silence, RemoveAfter: 30 * 24 * time.Hour}
	others := program.OtherChannels{Within: 24 * time.Hour}
	return &program.Catalog{AnswersAnHour: 6, OtherChannels: others, SignUp: program.SignUp{ConfirmWithin: 24 * time.Hour, PerPhoneADay: 2}, Brands: []program.Brand{
		{ID: "example", Name: "Example Corp.", Region: "US", Programs: []program.Program{
			{
				ID: "alerts", Brand: "example", BrandName: "Example Corp.", Class: program.Promotional,
				Identity: program.Identity{Number: "+12065550100"}, OptOutList: "Default", PerSecond: 10,
				Topics: []program.Topic{
					{ID: "alerts", Name: "alerts", Program: "alerts", Class: program.Promotional, Frequency: program.Frequency{Count: 2, Period: program.Month}, Engagement: engagement},
					{ID: "hourly", Name: "hourly news", Program: "alerts", Class: program.Promotional, Frequency: program.Frequency{Count: 20, Period: program.Day}, Engagement: engagement},
				},
			},
			{
				ID: "orders", Brand: "example", BrandName: "Example Corp.", Class: program.Transactional,
				Identity: program.Identity{Number: "+12065550101"}, OptOutList: "orders", PerSecond: 10,
				Topics: []program.Topic{{ID: "orders", Name: "order updates", Program: "orders", Class: program.Transactional}},
			},
		}},
		{ID: "cafe", Name: "Example Cafe", Region: "US", Programs: []program.Program{{
			ID: "news", Brand: "cafe", BrandName: "Example Cafe", Class: program.Promotional, Identity: program.Identity{ShortCode: "12345"},
			Topics: []program.Topic{{ID: "alerts", Name: "news", Program: "news", Class: program.Promotional, Frequency: program.Frequency{Count: 1, Period: program.Week}}},
		}}},
	}}
}

// localFrom is a span of some hours that begins when it is that instant in Seattle, in winter.
func localFrom(at time.Time, hours int) jurisdiction.Local {
	shown := at.Add(-8 * time.Hour)
	return jurisdiction.Local{From: shown, Until: shown.Add(time.Duration(hours) * time.Hour)}
}

// scene is one question to the gate: everything is in order until a test changes something.
type scene struct {
	catalog *program.Catalog
	gate    *gate.Gate
	contact consent.Contact
	place   phone.Place
	mode    jurisdiction.Mode
	text    gate.Text
	now     time.Time
}

// fataler is what a test, a benchmark and a property have in common.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

func newScene(t fataler) *scene {
	t.Helper()
	c := catalog()
	g, err := gate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	joined := noon.Add(-48 * time.Hour)
	return &scene{
		catalog: c, gate: g, place: seattle, mode: jurisdiction.Strict, now: noon,
		contact: consent.Contact{
			Key: consent.Key{Brand: "example", Phone: "+12065550142"},
			Subs: map[string]consent.Subscription{
				"alerts": {State: consent.Subscribed, Program: "alerts", Class: program.Promotional, Since: joined, Request: 1, Proof: 2},
				"hourly": {State: consent.Subscribed, Program: "alerts", Class: program.Promotional, Since: joined, Request: 1, Proof: 2},
				"orders": {State: consent.Subscribed, Program: "orders", Class: program.Transactional, Since: joined, Request: 3, Proof: 4},
			},
		},
		text: gate.Text{Kind: message.Promotional, Program: &c.Brands[0].Programs[0], Topics: []string{"alerts"}, Campaign: "this", Content: "c", Branded: true, OptOut: true},
	}
}

func (s *scene) decide(t fataler) gate.Decision {
	t.Helper()
	book, err := jurisdiction.New(jurisdiction.Policy{Mode: s.mode})
	if err != nil {
		t.Fatal(err)
	}
	hours, err := book.Hours([]phone.Place{s.place})
	if err != nil {
		t.Fatal(err)
	}
	d := s.gate.Decide(gate.Person{Contact: &s.contact, Hours: hours}, s.text, s.now)
	if (d.Verdict == gate.Allow) != (d.Because == "") {
		t.Fatal("what is kept back has a reason a person can read, and nothing else has one:", d.Verdict, d.Rule, d.Because)
	}
	return d
}

func (s *scene) transactional() {
	s.text.Kind, s.text.Program, s.text.Topics = message.Transactional, &s.catalog.Brands[0].Programs[1], []string{"orders"}
}

// told makes orders stand on a telling alone, of a topic that begins with one or does not.
func (s *scene) told(begins bool) {
	s.transactional()
	s.text.Program.Topics[0].Told = begins
	s.sub("orders", func(b *consent.Subscription) { b.Request, b.Proof = 1, 1 })
}

func (s *scene) texted(ago time.Duration, kind message.Kind, topic string) {
	s.contact.Claims = append(s.contact.Claims, consent.Claim{ID: "x", At: s.now.Add(-ago), Kind: kind, Program: "alerts", Topics: []string{topic}, Campaign: "another"})
}

func (s *scene) sub(topic string, change func(*consent.Subscription)) {
	b := s.contact.Subs[topic]
	change(&b)
	s.contact.Subs[topic] = b
}

// pending makes the text a request to confirm the topic.
func (s *scene) pending(topic string) {
	s.text.Kind = message.Confirmation
	s.sub(topic, func(b *consent.Subscription) {
		b.State, b.Since, b.Until = consent.Pending, s.now, s.now.Add(24*time.Hour)
	})
}
