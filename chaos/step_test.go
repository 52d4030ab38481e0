package chaos_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/captcha"
	requests "smsconsent/shared/testkit/request"
)

// verb is what a step does.
type verb string

const (
	waits     verb = "wait"      // time passes
	signsUp   verb = "sign up"   // somebody sends the form
	vouches   verb = "vouch"     // a backend posts a request
	texts     verb = "text"      // a person texts one of the numbers
	chooses   verb = "choose"    // a person posts their preference page
	schedules verb = "schedule"  // an operator creates a campaign
	posts     verb = "post"      // a shop posts a text to one person
	holds     verb = "hold"      // an operator pauses the last campaign
	resumes   verb = "resume"    // and resumes it
	sees      verb = "weather"   // something lasts for a while
	reports   verb = "report"    // a carrier says what became of a text
	looks     verb = "look"      // everything is let come to rest, and looked at
	redeploys verb = "redeploy"  // the functions start anew, with other programs
	tampers   verb = "tamper"    // somebody writes to the table
	sleeps    verb = "stops all" // nothing
)

// step is one step of a history. It is plain data: a history can be cut, changed and played again.
type step struct {
	Do     verb
	After  time.Duration // that pass before it
	Along  bool          // the next step begins at once
	Who    int           // of the phones
	Self   bool          // it is the phone's owner who signs up
	Brand  string        //
	Topics []string      //
	Told   told          // of a sign-up
	To     string        // the number texted
	Say    string        // the words texted
	Late   time.Duration // until SNS brings it
	Again  []time.Duration
	Action string   // of the preference page: save, pause, resume, stop
	On     []string // switches turned on
	Off    []string // and off
	In     time.Duration
	For    time.Duration
	Plain  bool // the campaign's text does not say how to opt out
	Sky    sky
	Nth    int    // of the person's texts, the last is 0
	Event  string // of a delivery event
	Edit   func(w *world)
	Faults []fault
	Seed   uint64 // of the pace of calls
}

// told is what a sign-up says of the person.
type told struct{ State, Zone, Locale string }

// phones are the people of the histories: one in Seattle, one where Florida has two time zones, one in New York, and a
// crowd in Seattle whom the functions walk one after the other.
func phones() []string { return everybody() }

// crowd is the place of the first of the crowd among the phones.
const crowd = 3

var everybody = sync.OnceValue(func() []string {
	all := []string{"+12065550142", "+18505550143", "+12125550144"}
	for n := 0; len(all) < crowd+60; n++ {
		p := fmt.Sprintf("+1206556%04d", n)
		if audience.ShardOf(phone.Number(p)) == 0 {
			all = append(all, p)
		}
	}
	return all
})

// play does the steps in turn.
func (w *world) play(history []step) {
	for n := range history {
		s := &history[n]
		w.mu.Lock()
		w.trouble, w.seed = nil, s.Seed
		w.mu.Unlock()
		if s.After > 0 {
			w.advance(s.After)
		}
		w.mu.Lock()
		w.trouble = newTrouble(s.Faults)
		w.troubles = append(w.troubles, w.trouble)
		w.mu.Unlock()
		w.do(s)
		if !s.Along {
			w.join()
		}
	}
	w.mu.Lock()
	w.trouble = nil
	w.mu.Unlock()
	w.join()
}

func (w *world) do(s *step) {
	switch s.Do {
	case waits:
		w.advance(s.For)
	case signsUp:
		w.signUp(s)
	case vouches:
		w.vouch(s)
	case texts:
		w.text(s)
	case chooses:
		w.choose(s)
	case schedules:
		w.createCampaign(s)
	case posts:
		w.post(s)
	case holds, resumes:
		w.operate(s)
	case sees:
		w.mu.Lock()
		w.skies[s.Sky] = w.now().Add(s.For)
		w.tell("For %s %s.", s.For, s.Sky)
		w.mu.Unlock()
	case reports:
		w.report(s)
	case looks:
		w.look()
	case redeploys, tampers:
		s.Edit(w)
	}
}

// request is one to the API.
type request struct {
	function, method, path, query, media, body, ip string
	signed                                         bool
}

func (r request) event() []byte {
	call := requests.Call{Method: r.method, Path: r.path, Query: r.query, Type: r.media, IP: r.ip}
	if r.signed {
		call.Caller = "arn:aws:iam::" + account + ":user/chaos"
	}
	e := call.Event()
	e.Headers["user-agent"] = "Mozilla/5.0"
	e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString([]byte(r.body)), true
	payload, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	return payload
}

// send has a request answered; then is told the status (0 where the function failed) and the body. Call it with mu
// held.
func (w *world) sendRequest(r request, e *event, then func(status int, body string)) {
	e.due, e.function, e.payload, e.source = w.now(), r.function, r.event(), fromAPI
	e.done = func(out []byte, err error) {
		var a events.APIGatewayV2HTTPResponse
		if err == nil {
			err = json.Unmarshal(out, &a)
		}
		if err != nil {
			a.StatusCode = 0
		}
		if a.IsBase64Encoded {
			raw, _ := base64.StdEncoding.DecodeString(a.Body)
			a.Body = string(raw)
		}
		then(a.StatusCode, a.Body)
	}
	w.push(e)
}

// calmly asks something without faults and weather, and waits for the answer. What else is due happens meanwhile.
func (w *world) calmly(r request) (status int, body string) {
	answered := false
	w.mu.Lock()
	w.sendRequest(r, &event{calm: true, label: "somebody looks"}, func(s int, b string) { status, body, answered = s, b, true })
	w.mu.Unlock()
	w.until(func() bool { return answered }, w.now().Add(forever))
	return status, body
}

func (w *world) ip() string { return fmt.Sprintf("203.0.113.%d", 1+w.seq%250) }

// signUp is somebody sending the form for a phone.
func (w *world) signUp(s *step) {
	status, body := w.calmly(request{function: "optin", method: http.MethodGet, path: "/opt-in/challenge", ip: "203.0.113.251"})
	if status != http.StatusOK {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.broken("chaos: GET /opt-in/challenge answers %d %s", status, body)
		return
	}
	var challenge captcha.Challenge
	if err := json.Unmarshal([]byte(body), &challenge); err != nil {
		panic(err)
	}
	solution, err := captcha.Solve(w.t.Context(), challenge)
	if err != nil {
		panic(err)
	}
	form := map[string]any{"brand": s.Brand, "topics": s.Topics, "phone": phones()[s.Who], "altcha": solution}
	s.Told.add(form)
	posted, err := json.Marshal(form)
	if err != nil {
		panic(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	whose := "A stranger signs"
	if s.Self {
		whose = "The owner of"
	}
	said := ""
	if s.Told != (told{}) {
		said = fmt.Sprintf(", saying %+v", s.Told)
	}
	if s.Self {
		w.tell("%s %s signs up for %s of %s%s.", whose, who(phones()[s.Who]), strings.Join(s.Topics, " and "), s.Brand, said)
	} else {
		w.tell("%s %s up for %s of %s%s.", whose, who(phones()[s.Who]), strings.Join(s.Topics, " and "), s.Brand, said)
	}
	asked := w.model.asked(s, "form")
	w.sendRequest(request{function: "optin", method: http.MethodPost, path: "/opt-in", media: "application/json", body: string(posted), ip: w.ip()},
		&event{trouble: w.trouble, seed: w.seed, cause: asked, label: "optin"}, func(status int, body string) {
			w.tell("  the form is answered %s", answerOf(status, body))
			w.model.answered(asked, status)
		})
}

func answerOf(status int, body string) string {
	if status == 0 {
		return "by nobody, for the function failed"
	}
	if len(body) > 120 {
		body = body[:120] + "…"
	}
	return strconv.Itoa(status) + " " + strings.TrimSpace(body)
}

func (t told) add(form map[string]any) {
	for k, v := range map[string]string{"state": t.State, "zone": t.Zone, "locale": t.Locale} {
		if v != "" {
			form[k] = v
		}
	}
}

// vouch is a backend of the brand's posting that somebody asked.
func (w *world) vouch(s *step) {
	form := map[string]any{"brand": s.Brand, "topics": s.Topics, "phone": phones()[s.Who], "evidence": map[string]any{
		"at": w.now().Format(time.RFC3339), "source": "checkout", "disclosure": "news and deals", "collected_by": "till 4",
	}}
	s.Told.add(form)
	posted, err := json.Marshal(form)
	if err != nil {
		panic(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tell("A shop vouches that %s asked for %s of %s.", who(phones()[s.Who]), strings.Join(s.Topics, " and "), s.Brand)
	asked := w.model.asked(s, "api")
	w.sendRequest(request{function: "optin", method: http.MethodPost, path: "/requests", media: "application/json", body: string(posted), ip: w.ip(), signed: true},
		&event{trouble: w.trouble, seed: w.seed, cause: asked, label: "optin"}, func(status int, body string) {
			w.tell("  the shop is answered %s", answerOf(status, body))
			w.model.answered(asked, status)
		})
}

const snsTime = "2006-01-02T15:04:05.000Z"

// text is a person texting a number.
func (w *world) text(s *step) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := w.now().Truncate(time.Millisecond)
	said := w.model.said(s, at)
	published, err := json.Marshal(map[string]string{
		"originationNumber": phones()[s.Who], "destinationNumber": s.To, "messageKeyword": "JOIN", "messageBody": s.Say, "inboundMessageId": said.id,
	})
	if err != nil {
		panic(err)
	}
	payload, err := json.Marshal(map[string]any{"Records": []any{map[string]any{
		"EventVersion": "1.0", "EventSource": "aws:sns", "EventSubscriptionArn": "arn:aws:sns:us-east-1:" + account + ":inbound:1",
		"Sns": map[string]any{"Type": "Notification", "MessageId": "sns-" + said.id, "Message": string(published), "Timestamp": at.Format(snsTime), "TopicArn": "arn:aws:sns:us-east-1:" + account + ":inbound"},
	}}})
	if err != nil {
		panic(err)
	}
	late := ""
	if s.Late > 0 {
		late = fmt.Sprintf("; it comes %s late", s.Late)
	}
	for _, d := range s.Again {
		late += fmt.Sprintf("; it comes again after %s", d)
	}
	w.tell("%s texts “%s” to %s%s.", who(phones()[s.Who]), s.Say, s.To, late)
	label := fmt.Sprintf("inbound, hearing “%s” (%s),", s.Say, said.id)
	first := &event{due: w.now().Add(s.Late), function: "inbound", payload: payload, source: fromEvent, cause: said, label: label}
	if s.Late == 0 {
		first.trouble, first.seed = w.trouble, w.seed
	}
	w.push(first)
	for _, d := range s.Again {
		w.push(&event{due: w.now().Add(d), function: "inbound", payload: payload, source: fromEvent, cause: said, label: "again " + label})
	}
}

var (
	linkPattern = regexp.MustCompile(`https://text\.example\.com/preferences\?t=([A-Za-z0-9_-]+)`)
	hadPattern  = regexp.MustCompile(`name="had" value="([^"]+)"`)
)

// choose is a person posting their preference page, by the last link they got from the brand.
func (w *world) choose(s *step) {
	w.mu.Lock()
	token := ""
	for _, t := range slices.Backward(w.texts) {
		if m := linkPattern.FindStringSubmatch(t.body); m != nil && t.to == phones()[s.Who] && w.model.brandOf(t.from) == s.Brand {
			token = m[1]
			break
		}
	}
	w.mu.Unlock()
	if token == "" {
		return // there is no link: this step does nothing
	}
	status, page := w.calmly(request{function: "preferences", method: http.MethodGet, path: "/preferences", query: "t=" + token, ip: "203.0.113.252"})
	if status != http.StatusOK {
		return // the link has expired
	}
	form := url.Values{"t": {token}, "action": {s.Action}}
	if s.Action == "save" {
		for _, m := range hadPattern.FindAllStringSubmatch(page, -1) {
			form.Add("had", m[1])
			if !slices.Contains(s.Off, m[1]) {
				form.Add("on", m[1])
			}
		}
		for _, id := range s.On {
			if !slices.Contains(form["on"], id) {
				form.Add("on", id)
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch s.Action {
	case "save":
		w.tell("%s switches %v on and %v off on their page of %s.", who(phones()[s.Who]), s.On, s.Off, s.Brand)
	default:
		w.tell("%s presses “%s” on their page of %s.", who(phones()[s.Who]), s.Action, s.Brand)
	}
	choice := w.model.chose(s, form["had"])
	w.sendRequest(request{function: "preferences", method: http.MethodPost, path: "/preferences", media: "application/x-www-form-urlencoded", body: form.Encode(), ip: w.ip()},
		&event{trouble: w.trouble, seed: w.seed, cause: choice, label: "preferences"}, func(status int, _ string) {
			w.tell("  the page is answered %s", answerOf(status, ""))
			w.model.answeredChoice(choice, status)
		})
}

// report is a carrier's delivery event about a text the person got.
func (w *world) report(s *step) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var t *text
	n := s.Nth
	for _, candidate := range slices.Backward(w.texts) {
		if candidate.to == phones()[s.Who] {
			if n == 0 {
				t = candidate
				break
			}
			n--
		}
	}
	if t == nil {
		return
	}
	now := w.now()
	published, err := json.Marshal(map[string]any{
		"eventType": s.Event, "eventVersion": "1.0", "eventTimestamp": now.UnixMilli(), "isFinal": true, "originationPhoneNumber": t.from,
		"destinationPhoneNumber": t.to, "messageId": fmt.Sprintf("aws-%06d", t.order), "context": t.context,
	})
	if err != nil {
		panic(err)
	}
	envelope, err := json.Marshal(map[string]string{"Type": "Notification", "MessageId": fmt.Sprintf("receipt-%d", w.seq), "Message": string(published), "Timestamp": now.Format(snsTime)})
	if err != nil {
		panic(err)
	}
	w.tell("The carrier reports %s of “%s” to %s.", s.Event, brief(t.body), who(t.to))
	w.model.reported(t, s.Event)
	for i := range 1 + len(s.Again) {
		after := time.Duration(0)
		if i > 0 {
			after = s.Again[i-1]
		}
		id := fmt.Sprintf("receipt-%d-%d", w.seq, i)
		w.push(&event{due: now.Add(s.Late + after), function: "receipts", source: fromQueue, body: string(envelope), id: id})
	}
}

func brief(body string) string {
	if len(body) > 60 {
		return body[:60] + "…"
	}
	return body
}

// ids of topics of a brand.
func topicsOf(brand string) []string {
	if brand == "cafe" {
		return []string{"specials"}
	}
	return []string{"news", "deals", "orders"}
}
