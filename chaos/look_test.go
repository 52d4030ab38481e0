package chaos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	core "smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/wiring"
)

// record is a person's record as the records function answers it, as far as the model reads it.
type record struct {
	Topics map[string]struct {
		State string    `json:"state"`
		Since time.Time `json:"since"`
	} `json:"topics"`
	Stopped  map[string]time.Time `json:"stopped"`
	Paused   time.Time            `json:"paused"`
	Events   []recordEvent        `json:"events"`
	Messages []recordMessage      `json:"messages"`
	Verified bool                 `json:"verified"`
	Fault    string               `json:"fault"`
	Health   struct {
		Undeliverable bool `json:"undeliverable"`
	} `json:"health"`
}

type recordEvent struct {
	Seq      int64             `json:"seq"`
	Type     string            `json:"type"`
	At       time.Time         `json:"at"`
	Source   string            `json:"source"`
	Program  string            `json:"program"`
	Topics   []string          `json:"topics"`
	Evidence map[string]string `json:"evidence"`
}

type recordMessage struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	Program  string    `json:"program"`
	Topics   []string  `json:"topics"`
	Campaign string    `json:"campaign"`
	Body     string    `json:"body"`
	Status   string    `json:"status"`
	History  []struct {
		Detail string `json:"detail"`
	} `json:"history"`
}

// record reads a person's record; false where there is nothing on record.
func (w *world) record(phone, brand string) (record, bool) {
	status, body := w.calmly(request{
		function: "records", method: http.MethodGet, path: "/records/" + phone, query: url.Values{"brand": {brand}}.Encode(), ip: "203.0.113.253", signed: true,
	})
	var r record
	switch status {
	case http.StatusOK:
		if err := json.Unmarshal([]byte(body), &r); err != nil {
			w.mu.Lock()
			w.broken("chaos: a record cannot be read: %v", err)
			w.mu.Unlock()
		}
		return r, true
	case http.StatusNotFound:
		return r, false
	default:
		w.mu.Lock()
		w.model.fail("records", "the record of %s at %s is answered %d %s", who(phone), brand, status, body)
		w.mu.Unlock()
		return r, false
	}
}

// stack is the account as whoever calls it has it: a function, an operator, or the harness.
func (w *world) stack() *wiring.Deployment {
	d := wiring.New(w.catalog, func(variable string) string { return w.names[variable] }, aws.Config{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("chaos", "chaos", ""), HTTPClient: wire{w},
		BaseEndpoint: aws.String("http://localhost"),
	}, w.now)
	d.Secret = secret
	return d
}

func (w *world) dynamo() *dynamodb.Client { return dynamodb.NewFromConfig(w.stack().AWS) }

// items is everything in the table.
func (w *world) items() []map[string]types.AttributeValue {
	var all []map[string]types.AttributeValue
	var from map[string]types.AttributeValue
	for {
		out, err := w.dynamo().Scan(context.Background(), &dynamodb.ScanInput{TableName: &w.store.name, ExclusiveStartKey: from})
		if err != nil {
			panic(err)
		}
		all = append(all, out.Items...)
		if from = out.LastEvaluatedKey; from == nil {
			return all
		}
	}
}

func str(v types.AttributeValue) string {
	s, _ := v.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}

// pk is the partition of a person at a brand.
func pk(phone, brand string) string { return "CONTACT#" + brand + "#" + phone }

// size is about what DynamoDB counts for an item.
func size(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberN:
		return len(v.Value)/2 + 1
	case *types.AttributeValueMemberB:
		return len(v.Value)
	case *types.AttributeValueMemberM:
		n := 3
		for k, e := range v.Value {
			n += len(k) + size(e) + 1
		}
		return n
	case *types.AttributeValueMemberL:
		n := 3
		for _, e := range v.Value {
			n += size(e) + 1
		}
		return n
	case *types.AttributeValueMemberSS:
		n := 0
		for _, e := range v.Value {
			n += len(e)
		}
		return n
	default:
		return 1
	}
}

// logMu guards logs apart from mu, for functions log while mu is held by nobody they know of.
func (w *world) logMu() *sync.Mutex { return &w.logging }

// createCampaign is an operator's "campaign create".
func (w *world) createCampaign(s *step) {
	ctx := context.Background()
	st := w.stack()
	now := w.now()
	w.mu.Lock()
	n := len(w.model.campaigns) + 1
	c := &campaign{
		id: fmt.Sprintf("01KB00000000000000000000%02d", n), brand: s.Brand, topic: s.Topics[0], marker: fmt.Sprintf("Offer %d:", n),
		at: now.Add(s.In).Truncate(time.Second), expires: now.Add(s.In + s.For).Truncate(time.Second),
	}
	name := "Example Corp."
	if s.Brand == "cafe" {
		name = "Example Cafe"
	}
	c.text = name + ": " + c.marker + " pumpkins at half price today."
	if !s.Plain {
		c.text += " Reply STOP to cancel."
	}
	w.model.campaigns = append(w.model.campaigns, c)
	w.tell("An operator schedules “%s” for %s, from %s to %s.", c.text, c.topic, stamp(c.at), stamp(c.expires))
	w.mu.Unlock()
	err := st.Table(ledgerless()).CreateCampaign(ctx, core.Campaign{
		ID: c.id, Brand: c.brand, Topic: c.topic, Text: c.text, At: c.at, Expires: c.expires, Created: now, State: core.Scheduled,
	})
	if err == nil {
		err = st.CampaignSchedules().Once(ctx, "campaign-"+c.id, c.at, fmt.Sprintf(`{"campaign":%q}`, c.id))
	}
	if err != nil {
		w.mu.Lock()
		w.broken("chaos: create campaign: %v", err)
		w.mu.Unlock()
	}
}

// operate is an operator's "campaign pause" and "campaign resume" of the last campaign.
func (w *world) operate(s *step) {
	w.mu.Lock()
	if len(w.model.campaigns) == 0 {
		w.mu.Unlock()
		return
	}
	c := w.model.campaigns[len(w.model.campaigns)-1]
	w.tell("An operator %ss “%s”.", s.Do, c.marker)
	c.held = true
	w.mu.Unlock()
	ctx := context.Background()
	st := w.stack()
	t := st.Table(ledgerless())
	if s.Do == holds {
		_ = t.SetCampaignState(ctx, c.id, []core.State{core.Scheduled, core.Running}, core.Paused, "an operator")
		return
	}
	if t.SetCampaignState(ctx, c.id, []core.State{core.Paused}, core.Running, "") != nil {
		return // it is not paused
	}
	now := w.now()
	at := now
	if at.Before(c.at) {
		at = c.at
	}
	if err := st.CampaignSchedules().Once(ctx, fmt.Sprintf("campaign-%s-resume-%d", c.id, now.Unix()), at, fmt.Sprintf(`{"campaign":%q}`, c.id)); err != nil {
		w.mu.Lock()
		w.broken("chaos: resume campaign: %v", err)
		w.mu.Unlock()
	}
}

// rest lets everything under way come to its end, in fair weather.
func (w *world) rest() {
	w.mu.Lock()
	w.trouble = nil
	clear(w.skies)
	w.mu.Unlock()
	w.until(func() bool {
		return w.running == 0 && !w.due() && !slices.ContainsFunc(w.events, func(e *event) bool {
			return e.source == fromQueue || e.source == fromAPI || e.source == fromEvent || (e.source == fromSchedule && e.tries > 0)
		})
	}, w.now().Add(forever))
}

// look lets everything come to rest and compares what is on record with what the model knows.
func (w *world) look() {
	w.rest()
	w.sweep()
	on := map[string]bool{}
	for _, phone := range phones() {
		for _, brand := range []string{"example", "cafe"} {
			w.mu.Lock()
			known := w.model.knows(phone, brand)
			w.mu.Unlock()
			if !known || slices.Contains(w.spoilt, phone) {
				continue
			}
			r, found := w.record(phone, brand)
			w.mu.Lock()
			w.model.checkRecord(phone, brand, r, found)
			for topic, is := range r.Topics {
				on[pk(phone, brand)+" AUDIENCE#"+topic] = is.State == subscribed
			}
			w.mu.Unlock()
		}
	}
	items := w.items()
	w.mu.Lock()
	w.model.checkItems(items, on)
	w.model.checkLogs()
	w.mu.Unlock()
}

// sweep deletes what DynamoDB's time to live would have deleted by now.
func (w *world) sweep() {
	for _, item := range w.items() {
		ttl, ok := item["ttl"].(*types.AttributeValueMemberN)
		if !ok || ttl.Value >= fmt.Sprint(w.now().Unix()) {
			continue
		}
		_, err := w.dynamo().DeleteItem(context.Background(), &dynamodb.DeleteItemInput{
			TableName: &w.store.name, Key: map[string]types.AttributeValue{"pk": item["pk"], "sk": item["sk"]},
		})
		if err != nil {
			panic(err)
		}
	}
}

// settle is the end of a history: what failed is run again, the runs that follow by the clock take place, every
// campaign ends, and what has to be so in the end is looked at.
func (w *world) settle() {
	w.look()
	w.rerun()
	w.mu.Lock()
	target := w.now().Add(26 * time.Hour)
	for _, c := range w.model.campaigns {
		if end := c.expires.Add(2 * time.Hour); end.After(target) {
			target = end
		}
	}
	w.mu.Unlock()
	w.advance(target.Sub(w.now()))
	w.rerun()
	w.mu.Lock()
	w.settled = true
	w.mu.Unlock()
	w.look()
	for _, phone := range phones() {
		for _, brand := range []string{"example", "cafe"} {
			w.mu.Lock()
			known := w.model.knows(phone, brand)
			w.mu.Unlock()
			if known && !slices.Contains(w.spoilt, phone) {
				r, _ := w.record(phone, brand)
				w.mu.Lock()
				w.model.checkEnd(phone, brand, r)
				w.mu.Unlock()
			}
		}
	}
	w.checkCampaigns()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.dead) > 0 {
		w.model.fail("nothing fails for ever", "%d events fail in fair weather", len(w.dead))
	}
}

// rerun is an operator who runs again what had failed for good.
func (w *world) rerun() {
	w.mu.Lock()
	for _, e := range w.dead {
		again := *e
		again.due, again.tries = w.now(), 0
		w.tell("An operator runs again what had failed for good: %s", again.function)
		w.push(&again)
	}
	w.dead = nil
	w.mu.Unlock()
	w.join()
}

// knows reports whether anything was ever asked or said.
func (m *model) knows(phone, brand string) bool {
	return slices.ContainsFunc(m.words, func(s *said) bool { return s.phone == phone && s.brand == brand }) ||
		slices.ContainsFunc(m.requests, func(r *asking) bool { return r.phone == phone && r.brand == brand })
}

// followed is the time within which the runs by the clock put right what a run that was ended left behind.
const followed = time.Hour

const subscribed = "subscribed"

func (m *model) checkRecord(phone, brand string, r record, found bool) {
	if !found {
		return
	}
	if !r.Verified && (m.w.settled || m.w.now().Sub(m.hurt[phone]) > followed) {
		m.fail("I4", "the record of %s at %s does not verify: %s", who(phone), brand, r.Fault)
	}
	for _, topic := range topicsOf(brand) {
		state := r.Topics[topic].State
		may, why := m.mayHave(phone, brand, topic, 1<<62)
		if state == subscribed && !may {
			m.fail("I5", "%s is subscribed to %s: %s", who(phone), topic, why)
		}
		if y := m.mustHave(phone, brand, topic); y != nil && state != subscribed {
			m.fail("a YES subscribes", "%s is %q for %s after their “%s” (%s)", who(phone), state, topic, y.say, y.id)
		}
	}
	m.checkStopped(phone, brand, r)
	m.checkEvents(phone, brand, r)
	m.checkTexts(phone, brand, r)
}

// mustHave is the YES by which a person has to be subscribed; nil where there is none that leaves no doubt.
func (m *model) mustHave(phone, brand, topic string) *said {
	for _, y := range m.words {
		if y.phone != phone || y.brand != brand || y.word.means != yes || y.heard.IsZero() {
			continue
		}
		answered := m.answeredBy(y)
		if len(answered) != 1 || !answered[0].taken || !slices.Contains(answered[0].topics, topic) {
			continue
		}
		q := answered[0]
		if y.at.After(q.at.Add(m.within()-time.Minute)) || y.at.Sub(q.at) < time.Second || m.mayHaveDeclined(y) {
			continue
		}
		doubt := slices.ContainsFunc(m.revocations(phone, brand), func(r revocation) bool {
			return r.covers(topic) && (!r.at.Before(q.at.Add(-second)) || r.heard.IsZero() || r.heard.After(q.at))
		})
		if !doubt {
			return y
		}
	}
	return nil
}

// mayHaveDeclined reports whether a NO of the phone to the same number may have ended the request that a YES answers.
func (m *model) mayHaveDeclined(y *said) bool {
	return slices.ContainsFunc(m.words, func(o *said) bool { return o.phone == y.phone && o.to == y.to && o.word.means == no })
}

// listedBy is how long after it was heard a STOP is on AWS's list at the latest: an hour, the ten minutes until the
// next run, and as much as a run may be put off. That nobody is on it who came back holds at any time.
const listedBy = 90 * time.Minute

// checkStopped compares what was said with what is on record, and that with AWS's list.
func (m *model) checkStopped(phone, brand string, r record) {
	for number, list := range m.w.listOf {
		if brands()[number] != brand {
			continue
		}
		prog := programs()[number]
		_, one := r.Stopped[prog]
		_, all := r.Stopped["*"]
		stopped := one || all
		_, on := m.w.lists[list][phone]
		followed := m.w.settled || (len(m.w.dead) == 0 && m.w.now().Sub(m.hurt[phone]) > 21*time.Minute)
		var last, back, heard time.Time
		ever := false
		for _, v := range m.revocations(phone, brand) {
			if !v.whole || !slices.ContainsFunc(topicsAt(number), v.covers) {
				continue
			}
			ever = true
			for _, at := range []time.Time{v.at, v.heard} {
				if at.After(heard) {
					heard = at
				}
			}
			if v.commit > 0 && v.at.After(last) {
				last = v.at
			}
		}
		due := m.w.settled || m.w.now().Sub(heard) > listedBy
		wrong := on && !m.kept[phone] || !on && due
		if on != stopped && followed && wrong {
			m.fail("I1", "%s is on record as stopped for %s: %v, and on AWS's list: %v", who(phone), prog, stopped, on)
		}
		for _, s := range m.words {
			if s.phone == phone && s.brand == brand && s.lifts() && s.at.After(back) {
				back = s.at
			}
		}
		if !last.IsZero() && !back.After(last) && !stopped {
			m.fail("I8", "%s said STOP to %s at %s and is not stopped", who(phone), prog, stamp(last))
		}
		if heard := m.lifted(phone, number); !heard.IsZero() && heard.After(latest(m.revocations(phone, brand))) && stopped && m.w.settled {
			// A STOP that comes late may win over a START that was said after it: that errs on the right side.
			m.fail("I4", "%s came back to %s at %s, and is on record as stopped since %s%s", who(phone), prog, stamp(heard), stamp(r.Stopped[prog]), stamp(r.Stopped["*"]))
		}
		if !ever && stopped {
			m.fail("I4", "%s is stopped for %s and never said so", who(phone), prog)
		}
	}
}

// lifted is when the person last said START to the number and was heard; zero where they did not, or where AWS refused
// to take the number off its list, or may have been asked to.
func (m *model) lifted(phone, number string) time.Time {
	var last time.Time
	if m.kept[phone] {
		return last
	}
	for _, s := range m.words {
		if s.phone == phone && s.to == number && s.word.means == start && !s.heard.IsZero() && !s.mishap && s.at.After(last) {
			last = s.at
		}
	}
	return last
}

// latest is when something was last said, or heard, against anything.
func latest(all []revocation) time.Time {
	var last time.Time
	for _, r := range all {
		for _, at := range []time.Time{r.at, r.heard} {
			if at.After(last) {
				last = at
			}
		}
	}
	return last
}

func (m *model) checkEvents(phone, brand string, r record) {
	// Every topic is as its last event says.
	last := map[string]recordEvent{}
	for _, e := range r.Events {
		for _, t := range e.Topics {
			switch e.Type {
			case "requested", "confirmed", "opted-out", "restarted", "expired", "suspended", "voided":
				last[t] = e
			}
		}
	}
	for topic, is := range r.Topics {
		e, ok := last[topic]
		if is.State == "expired" && m.w.settled && e.Type != "expired" {
			m.fail("I4", "%s is expired for %s, and the last event about it is %s at %s", who(phone), topic, e.Type, stamp(e.At))
		}
		if on := ok && (e.Type == "confirmed" || e.Type == "restarted"); (is.State == subscribed) != on {
			m.fail("I4", "%s is %s for %s, and the last event about it is %s at %s", who(phone), is.State, topic, e.Type, stamp(e.At))
		}
	}
	// One event for one inbound message.
	seen := map[string]int{}
	for _, e := range r.Events {
		if id := inboundOf(e); id != "" {
			seen[id+" "+e.Type]++
		}
	}
	for id, n := range seen {
		if n > 1 {
			m.fail("I4", "%s of %s has %d events", id, who(phone), n)
		}
	}
	_ = brand
}

// inboundOf is the message an event keeps; empty where it keeps none.
func inboundOf(e recordEvent) string {
	for _, v := range e.Evidence {
		if strings.HasPrefix(v, "in-") {
			return v
		}
	}
	return ""
}

// checkItems bounds the contact and compares the audience with who is subscribed.
func (m *model) checkItems(items []map[string]types.AttributeValue, on map[string]bool) {
	listed := map[string]bool{}
	for _, item := range items {
		listed[str(item["pk"])+" "+str(item["sk"])] = str(item["aud"]) != "" // an entry without its keys is in no audience
	}
	for entry, is := range on {
		if is != listed[entry] {
			m.fail("the audience", "%s: subscribed on record is %v, and in the audience %v", entry, is, listed[entry])
		}
	}
	for _, item := range items {
		if str(item["sk"]) != "CONTACT" {
			continue
		}
		n := 0
		for k, v := range item {
			n += len(k) + size(v)
		}
		if n > largest {
			m.fail("a contact stays small", "%s has %d bytes", str(item["pk"]), n)
		}
	}
}

// largest is the most bytes a contact of a history may have: four topics at most, some questions, and the claims of the
// last weeks.
const largest = 4 << 10

// checkLogs is I10.
func (m *model) checkLogs() {
	m.w.logging.Lock()
	text := m.w.logs.String()
	m.w.logs.Reset()
	m.w.logging.Unlock()
	for _, p := range phones() {
		if strings.Contains(text, p[2:]) {
			m.fail("I10", "the number of %s is in the log", who(p))
		}
	}
	for _, body := range []string{"pumpkins", "Stop. Thank you", "wrong number", "YES to join"} {
		if strings.Contains(text, body) {
			m.fail("I10", "“%s” is in the log", body)
		}
	}
}

// onRecord is a text as it is to be on record: whoever reads the record must not be able to act for the person.
func onRecord(body string) string { return linkPattern.ReplaceAllString(body, "[link]") }

// checkEnd is what has to be so once everything has had its time.
func (m *model) checkEnd(phone, brand string, r record) {
	for _, s := range m.words {
		if s.phone == phone && s.brand == brand {
			m.checkOwed(s)
			m.checkWithheld(s, r)
		}
	}
	for _, q := range m.requests {
		if q.phone == phone && q.brand == brand {
			m.checkAsked(q)
		}
	}
}

// checkTexts is I3: each text the carrier had, or may have had, is on record with its words; and nothing is on record
// as sent that was not.
func (m *model) checkTexts(phone, brand string, r record) {
	best := map[string]*text{}
	for _, t := range m.offered {
		if t.to != phone || m.brandOf(t.from) != brand {
			continue
		}
		if b := best[t.id()]; b == nil || !b.went() || (t.outcome == outcomeTaken && b.outcome != outcomeTaken) {
			best[t.id()] = t
		}
	}
	recorded := map[string]recordMessage{}
	for _, x := range r.Messages {
		recorded[x.ID] = x
	}
	for id, t := range best {
		x, ok := recorded[id]
		switch {
		case !ok && t.went() && !m.w.settled && m.w.now().Sub(t.at) < 2*time.Hour:
			// It has two hours to come on record.
		case !ok && t.went():
			m.fail("I3", "“%s”, handed over for %s at %s, is not on record", brief(t.body), who(phone), stamp(t.at))
		case !ok:
		case t.went() && x.Body != onRecord(t.body):
			m.fail("I3", "“%s”, handed over for %s at %s, is on record as “%s”", brief(t.body), who(phone), stamp(t.at), x.Body)
		case t.went() && (x.Status == "rejected" || x.Status == "withheld"):
			m.fail("I3", "“%s”, handed over for %s at %s, is on record as %s", brief(t.body), who(phone), stamp(t.at), x.Status)
		case t.outcome == outcomeRefused && x.Status == "sent":
			m.fail("I3", "“%s”, refused for %s at %s, is on record as sent", brief(t.body), who(phone), stamp(t.at))
		}
	}
	for id, x := range recorded {
		if best[id] == nil && (x.Status == "sent" || x.Status == "delivered") {
			m.fail("I3", "“%s” is on record as %s for %s, and the carrier never had it", brief(x.Body), x.Status, who(phone))
		}
	}
}

// checkOwed looks for the answers that are owed: one to the STOP that ended something, and one to the YES that began
// something.
func (m *model) checkOwed(s *said) {
	var limit time.Duration
	switch s.word.means {
	case stop, stopAll:
		limit = 5 * time.Minute
		if _, ours := m.w.listOf[s.to]; !ours || !m.endedSomething(s) {
			return
		}
	case yes:
		limit = time.Hour
		if !m.beganSomething(s) {
			return
		}
	default:
		return
	}
	if s.heard.IsZero() || s.mishap || s.heard.Sub(s.at) > limit-30*second {
		return
	}
	var last time.Time
	for _, t := range s.answers {
		if t.went() || !t.transient() || t.accountWide() {
			return
		}
		last = t.at
	}
	if len(s.answers) == 0 || last.Sub(s.at) < 150*second {
		m.fail("answers come", "“%s” (%s) of %s was heard at %s and never answered", s.say, s.id, who(s.phone), stamp(s.heard))
	}
}

// checkWithheld is that a HELP without an answer is on record with the reason.
func (m *model) checkWithheld(s *said, r record) {
	if s.word.means != help || s.heard.IsZero() || s.mishap || len(s.answers) > 0 || s.heard.Sub(s.at) > time.Hour-time.Minute {
		return
	}
	for _, x := range r.Messages {
		if x.Status == "withheld" && !x.At.Before(s.at) && !x.At.After(s.heard) && len(x.History) > 0 && x.History[len(x.History)-1].Detail != "" {
			return
		}
	}
	m.fail("answers come", "“%s” (%s) of %s was heard at %s, and nothing on record says why it has no answer", s.say, s.id, who(s.phone), stamp(s.heard))
}

// endedSomething reports whether a STOP was the first, and there was something to stop.
func (m *model) endedSomething(s *said) bool {
	asked := false
	for _, q := range m.questions {
		asked = asked || (q.to == s.phone && q.from == s.to && q.went() && q.at.Before(s.at.Add(-second)))
	}
	if !asked {
		return false
	}
	for _, r := range m.revocations(s.phone, s.brand) {
		if r.what != fmt.Sprintf("“%s” (%s)", s.say, s.id) {
			return false // somebody who stops more than once: which of them is the first is not told from outside
		}
	}
	return true
}

// beganSomething reports whether a YES subscribed to something it had not before.
func (m *model) beganSomething(y *said) bool {
	answered := m.answeredBy(y)
	if len(answered) != 1 || !answered[0].taken || y.at.After(answered[0].at.Add(m.within()-time.Minute)) {
		return false
	}
	if len(m.revocations(y.phone, y.brand)) > 0 || y.at.Sub(answered[0].at) < time.Second {
		return false // one that came in the same moment as the question may be older
	}
	if m.mayHaveDeclined(y) {
		return false
	}
	for _, o := range m.words {
		if o != y && o.phone == y.phone && o.to == y.to && o.word.means == yes && len(m.answeredBy(o)) > 0 {
			for _, q := range m.answeredBy(o) {
				if slices.ContainsFunc(q.topics, func(t string) bool { return slices.Contains(answered[0].topics, t) }) {
					return false
				}
			}
		}
	}
	return true
}

// checkAsked looks for the question to a request that was taken while the carrier had no room for it.
func (m *model) checkAsked(r *asking) {
	if (r.status != http.StatusAccepted && r.by == "form") || r.mishap || len(r.questions) == 0 {
		return
	}
	var last time.Time
	for _, t := range r.questions {
		if t.went() || !t.transient() {
			return
		}
		last = t.at
	}
	until := r.at.Add(m.within())
	if last.After(until.Add(-3 * time.Hour)) {
		return
	}
	topics := named(r.questions[0].body, r.questions[0].from)
	for _, q := range m.questions {
		if q.to == r.phone && q.went() && q.at.After(r.at) && q.at.Before(until) && slices.ContainsFunc(topics, func(t string) bool { return slices.Contains(q.topics, t) }) {
			return
		}
	}
	for _, v := range m.revocations(r.phone, r.brand) {
		if v.at.Before(until) {
			return
		}
	}
	m.fail("questions come", "the question about %v to %s, for which there was no room at %s, is never asked", topics, who(r.phone), stamp(last))
}

// checkCampaigns is that every campaign has ended, and has counted whom it reached.
func (w *world) checkCampaigns() {
	t := w.stack().Table(ledgerless())
	w.mu.Lock()
	campaigns := slices.Clone(w.model.campaigns)
	w.mu.Unlock()
	for _, c := range campaigns {
		stored, err := t.Campaign(context.Background(), c.id)
		if err != nil {
			panic(err)
		}
		shards, err := t.Shards(context.Background(), c.id)
		if err != nil {
			panic(err)
		}
		counts := core.Total(shards)
		w.mu.Lock()
		if stored.State != core.Done && stored.State != core.Paused {
			w.model.fail("a campaign ends", "%s is %s two hours after its end", c.marker, stored.State)
		}
		reached := map[string]bool{}
		for _, o := range w.model.offered {
			if o.went() && w.model.campaignOf(o) == c {
				reached[o.to] = true
			}
		}
		// Whoever a run was ended about may have been texted, as far as the functions can know.
		if stored.State == core.Done && counts.Sent > len(reached)+len(w.model.hurt) {
			w.model.fail("a campaign counts", "%s counts %d texted, and the carrier had %d", c.marker, counts.Sent, len(reached))
		}
		w.mu.Unlock()
	}
}

// got reports whether a person was sent a campaign's text.
func (w *world) got(person, n int) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.model.offered, func(t *text) bool {
		return t.to == phones()[person] && t.went() && w.model.campaignOf(t) == w.model.campaigns[n-1]
	})
}

// expectCampaign looks for a campaign's text to somebody who has to have it.
func (w *world) expectCampaign(person, n int) {
	if got := w.got(person, n); !got {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.model.fail("a campaign reaches its people", "%s never gets campaign %d", who(phones()[person]), n)
	}
}

// expectAnswer looks for an answer that went to a phone and begins so.
func (w *world) expectAnswer(phone, begins string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.ContainsFunc(w.texts, func(t *text) bool { return t.to == phone && t.went() && strings.HasPrefix(t.body, begins) }) {
		w.model.fail("HELP and STOP ALL are answered", "%s never gets “%s…”", who(phone), begins)
	}
}

// expectListed looks for a number on one of AWS's lists.
func (w *world) expectListed(list, phone string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, on := w.lists[list][phone]; !on {
		w.model.fail("I1", "%s said STOP and is not on AWS's list %s", who(phone), list)
	}
}

// expectAlarm looks for what sets off an alarm of template.yaml.
func (w *world) expectAlarm(name string) {
	template, err := os.ReadFile("../template.yaml")
	if err != nil {
		panic(err)
	}
	m := regexp.MustCompile(`(?s)AlarmName: !Sub "\$\{AWS::StackName\}-` + name + `"\n.*?MetricName: (\w+)`).FindSubmatch(template)
	w.logging.Lock()
	counted := len(m) > 0 && bytes.Contains(w.metrics.Bytes(), []byte(`"Name":"`+string(m[1])+`"`))
	w.logging.Unlock()
	if !counted {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.model.fail("alarms", "%s does not go off", name)
	}
}

// spoil makes a contact one that cannot be read.
func (w *world) spoil(phone string) {
	for _, item := range w.items() {
		if str(item["sk"]) != "CONTACT" || !strings.Contains(str(item["pk"]), phone) {
			continue
		}
		for k, v := range item {
			if _, is := v.(*types.AttributeValueMemberM); is {
				item[k] = &types.AttributeValueMemberS{Value: "spoilt"}
			}
		}
		if _, err := w.dynamo().PutItem(context.Background(), &dynamodb.PutItemInput{TableName: &w.store.name, Item: item}); err != nil {
			panic(err)
		}
	}
	w.mu.Lock()
	w.spoilt = append(w.spoilt, phone)
	w.mu.Unlock()
}
