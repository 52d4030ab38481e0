package operator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/edge/console"
)

// served is a running console, as a browser that opened its address sees it.
type served struct {
	t            *testing.T
	address, url string // with the token, and without
	token        string
	browser      *http.Client
}

// firstLine hands over what is written first.
type firstLine chan string

func (f firstLine) Write(p []byte) (int, error) {
	select {
	case f <- string(p):
	default:
	}
	return len(p), nil
}

// serve runs smsconsent console over the stack the test has.
func serve(t *testing.T) *served {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	said, ended := make(firstLine, 1), make(chan int, 1)
	var wrong bytes.Buffer
	go func() { ended <- Run(ctx, []string{"console", "--port", "0"}, said, &wrong) }()
	t.Cleanup(func() {
		stop()
		if code := <-ended; code != 0 {
			t.Errorf("the console ended with %d: %s", code, &wrong)
		}
	})
	var line string
	select {
	case line = <-said:
	case code := <-ended:
		ended <- code
		t.Fatalf("the console did not start: %s", &wrong)
	}
	at := strings.TrimSpace(line[max(strings.Index(line, "http"), 0):])
	u, err := url.Parse(at)
	if err != nil || u.Hostname() != "127.0.0.1" || u.Query().Get("token") == "" {
		t.Fatalf("it says %q: %v", line, err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &served{t: t, address: at, url: "http://" + u.Host, browser: &http.Client{Jar: jar}}
	_, page := s.ask(http.MethodGet, strings.TrimPrefix(at, s.url), nil, nil)
	_, rest, ok := strings.Cut(page, `name="token" content="`)
	if s.token, _, _ = strings.Cut(rest, `"`); !ok || s.token == "" {
		t.Fatalf("the page holds no token: %.300s", page)
	}
	return s
}

// ask sends a request as the page does; change makes another of it.
func (s *served) ask(method, path string, body any, change func(*http.Request)) (int, string) {
	s.t.Helper()
	payload, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, bytes.NewReader(payload))
	if err != nil {
		s.t.Fatal(err)
	}
	if method != http.MethodGet {
		r.Header.Set("Origin", s.url)
		r.Header.Set(console.TokenHeader, s.token)
	}
	if change != nil {
		change(r)
	}
	resp, err := s.browser.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// get decodes what the page would be told, which must be there.
func get[T any](s *served, method, path string, body any) (v T) {
	s.t.Helper()
	code, text := s.ask(method, path, body, nil)
	if err := json.Unmarshal([]byte(text), &v); err != nil || code != http.StatusOK {
		s.t.Fatalf("%s %s: %d %s %v", method, path, code, text, err)
	}
	return v
}

// refused is what was wrong, by the field of the page.
func (s *served) refused(method, path string, body any, status int) (field, message string) {
	s.t.Helper()
	code, text := s.ask(method, path, body, nil)
	var r struct {
		Error struct{ Field, Message string }
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil || code != status {
		s.t.Fatalf("%s %s: %d %s, want %d (%v)", method, path, code, text, status, err)
	}
	return r.Error.Field, r.Error.Message
}

// The console acts with the operator's credentials: nobody else on the machine, and no page of anybody else's, gets in.
func TestConsoleLetsInItsOwnPageOnly(t *testing.T) {
	newWorld(t)
	s := serve(t)
	const plan = "/console/campaigns/plan"
	for name, tc := range map[string]struct {
		method, path string
		change       func(*http.Request)
		field        string // that is refused; empty where the guard lets it pass
	}{
		"its page":          {http.MethodGet, "/", nil, ""},
		"its call":          {http.MethodGet, "/console/figures", nil, ""},
		"its act":           {http.MethodPost, "/console/people", nil, ""},
		"rebound name":      {http.MethodGet, "/console/figures", func(r *http.Request) { r.Host = "evil.example:" + r.URL.Port() }, "Host"},
		"another port":      {http.MethodGet, "/console/figures", func(r *http.Request) { r.Host = "127.0.0.1:1" }, "Host"},
		"page from outside": {http.MethodPost, plan, func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, "Origin"},
		"reads from there":  {http.MethodGet, "/console/figures", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, "Origin"},
		"sandboxed page":    {http.MethodPost, plan, func(r *http.Request) { r.Header.Set("Origin", "null") }, "Origin"},
		"without origin":    {http.MethodPost, plan, func(r *http.Request) { r.Header.Del("Origin") }, "Origin"},
		"without token":     {http.MethodPost, plan, func(r *http.Request) { r.Header.Del(console.TokenHeader) }, "token"},
		"with another":      {http.MethodPost, plan, func(r *http.Request) { r.Header.Set(console.TokenHeader, "x") }, "token"},
	} {
		code, text := s.ask(tc.method, tc.path, map[string]string{"phone": her}, tc.change)
		if refused := code == http.StatusForbidden; refused != (tc.field != "") || !strings.Contains(text, tc.field) {
			t.Errorf("%s: %d %.200s", name, code, text)
		}
	}
	stranger := &served{t: t, url: s.url, token: s.token, browser: http.DefaultClient}
	for _, path := range []string{"/", "/console/figures", "/?token=guess", "/console.js"} {
		if code, text := stranger.ask(http.MethodGet, path, nil, nil); code != http.StatusForbidden || strings.Contains(text, s.token) {
			t.Errorf("somebody without the address gets %d for %s", code, path)
		}
	}
	if code, _ := stranger.ask(http.MethodPost, "/console/people", nil, nil); code != http.StatusForbidden {
		t.Errorf("somebody without the address may act: %d", code)
	}
	r, err := s.browser.Get(s.url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if policy := r.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") ||
		r.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("headers %v", r.Header)
	}
}

// Numbers are masked until somebody opens a record, and that is noted by the function that answers.
func TestConsoleShowsPeopleMaskedAndRecordsOnAsking(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.asks("+13055550123")
	w.subscribes("+12145550123")
	w.says("+12145550123", "STOP")
	s := serve(t)
	for query, want := range map[string]string{
		"state=subscribed&topic=alerts": "+1••••••0142 alerts subscribed",
		"state=waiting":                 "+1••••••0123 alerts pending",
		"state=stopped":                 "+1••••••0123 STOP to alerts",
		"state=&words=us-wa":            "+1••••••0142 alerts subscribed",
		"state=&words=stop+alerts":      "+1••••••0123 STOP to alerts",
		"state=&words=washington":       "+1••••••0142 alerts subscribed",
		"state=&words=nobody":           "",
	} {
		found := get[console.People](s, http.MethodGet, "/console/people?"+query, nil)
		var got []string
		for _, p := range found.People {
			got = append(got, fmt.Sprintf("%s %s", p.Phone, p.Facts[0].Text))
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
	found := get[console.People](s, http.MethodPost, "/console/people", map[string]string{"phone": "(206) 555-0142"})
	if len(found.People) != 1 || strings.Contains(fmt.Sprint(found), "555014") {
		t.Fatalf("by phone: %+v", found)
	}
	person := "/console/people/" + found.People[0].ID
	look := get[console.PersonState](s, http.MethodGet, person, nil)
	if strings.Contains(fmt.Sprint(look), "555014") || look.Place.Places[0] != "US-WA" || !look.Place.Permitted || look.Silence[0].Verdict != "allow" {
		t.Errorf("she: %+v", look)
	}
	record := get[onRecord](s, http.MethodPost, person+"/record", map[string]string{})
	if record.Phone != her || !record.Verified || len(record.Events) != 2 {
		t.Errorf("record %+v", record)
	}
	if noted, _ := execute(t, 0, "logs", "records"); !strings.Contains(noted, "record asked for") || strings.Contains(noted, "5550142") {
		t.Errorf("the log of the function says %s", noted)
	}
	nobody := map[string]string{"phone": "+99912345678"}
	if found := get[console.People](s, http.MethodPost, "/console/people", nobody); len(found.People) != 0 {
		t.Errorf("of a number of no country: %+v", found)
	}
	if field, _ := s.refused(http.MethodGet, "/console/people/x", nil, http.StatusBadRequest); field != "id" {
		t.Errorf("an ID of nobody's is refused for %q", field)
	}
}

// Waiting are those who owe a YES, and nobody about whom something else is due.
func TestConsoleCountsWhoOwesAYes(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	w.asks("+13055550123")
	create(t, "Example Corp.: one.")
	w.goTo(tuesday.Add(time.Minute))
	s := serve(t)
	stack, err := remote(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	due, _, err := stack.Audience().Due(t.Context(), "example", tuesday.AddDate(1, 0, 0), "", 10)
	if err != nil || len(due) != 2 {
		t.Fatalf("something is due about %d, %v: this test proves nothing", len(due), err)
	}
	if f := get[console.Figures](s, http.MethodGet, "/console/figures", nil); f.Waiting != 1 || f.More {
		t.Errorf("figures %+v", f)
	}
}

// Lists come by pages, and a page begins where the last one ended.
func TestConsoleListsPeopleByPages(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.subscribes(fmt.Sprintf("+1206555014%d", i))
	}
	s := serve(t)
	for _, state := range []string{"subscribed", ""} {
		seen, after := map[string]bool{}, ""
		for {
			p := get[console.People](s, http.MethodGet, "/console/people?limit=2&state="+state+"&after="+url.QueryEscape(after), nil)
			for _, one := range p.People {
				if seen[one.ID] {
					t.Errorf("%q lists somebody twice", state)
				}
				seen[one.ID] = true
			}
			if after = p.Next; after == "" {
				break
			}
		}
		if len(seen) != 5 {
			t.Errorf("%q lists %d of 5", state, len(seen))
		}
	}
}

// Silence is explained: who had what was promised is told so, with the days, and when the next may come.
func TestConsoleExplainsSilence(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	for i, text := range []string{"One.", "Two."} {
		create(t, text)
		w.goTo(tuesday.Add(time.Duration(i+1) * 24 * time.Hour))
	}
	s := serve(t)
	found := get[console.People](s, http.MethodPost, "/console/people", map[string]string{"phone": her})
	look := get[console.PersonState](s, http.MethodGet, "/console/people/"+found.People[0].ID, nil)
	says := look.Silence[0]
	if says.Because != "they had their 2 texts this month, as was promised" || len(says.Counted) != 2 || says.Until == nil || says.Verdict != "defer" {
		t.Errorf("she is told %+v", says)
	}
}

// A campaign is made as it was planned, and not before somebody saw the plan; then it can be paused, resumed and ended.
func TestConsoleSchedulesWhatWasPlanned(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	s := serve(t)
	if _, why := s.refused(http.MethodPost, "/console/campaigns/"+unknownCampaign, map[string]string{}, http.StatusConflict); !strings.Contains(why, "plan") {
		t.Errorf("without a plan: %s", why)
	}
	draft := console.Draft{Brand: "example", Topic: "alerts", Text: "pumpkins are in.", At: "2027-01-05T19:00:00Z", Expires: "2027-01-05T23:00:00Z"}
	planned := get[console.Planned](s, http.MethodPost, "/console/campaigns/plan", draft)
	if planned.Plan.Will != 1 || planned.Plan.Cost == 0 || len(planned.Plan.Hours) != 1 || planned.Text != "Example Corp.: pumpkins are in." || len(planned.Problems) != 2 {
		t.Errorf("planned %+v", planned)
	}
	type list struct{ Campaigns []console.CampaignState }
	if all := get[list](s, http.MethodGet, "/console/campaigns", nil); len(all.Campaigns) != 0 {
		t.Fatalf("planning made %+v", all)
	}
	one := "/console/campaigns/" + planned.ID
	for range 2 { // a request that is sent twice makes one campaign
		get[any](s, http.MethodPost, one, map[string]string{})
	}
	all := get[list](s, http.MethodGet, "/console/campaigns", nil)
	if len(all.Campaigns) != 1 || all.Campaigns[0].State != "scheduled" || all.Campaigns[0].Text != planned.Text {
		t.Fatalf("campaigns %+v", all)
	}
	if f := get[console.Figures](s, http.MethodGet, "/console/figures", nil); f.Lists[0].People != 1 || f.Next == nil || f.Next.Campaign != planned.ID || f.Stopped != nil {
		t.Errorf("figures %+v", f)
	}
	if field, _ := s.refused(http.MethodPost, one+"/pause", map[string]string{}, http.StatusBadRequest); field != "why" {
		t.Errorf("a pause without a reason is refused for %q", field)
	}
	get[any](s, http.MethodPost, one+"/pause", map[string]string{"why": "the price is wrong"})
	if got := status(t, planned.ID); got.State != "paused" || got.Why != "the price is wrong" {
		t.Errorf("paused: %+v", got)
	}
	get[any](s, http.MethodPost, one+"/resume", map[string]string{})
	w.goTo(tuesday.Add(2 * time.Hour))
	if n := w.got(her, "pumpkins"); n != 1 {
		t.Errorf("she got it %d times", n)
	}
	if code, page := s.ask(http.MethodGet, one+"/report", nil, nil); code != http.StatusOK || !strings.Contains(page, "Sent") {
		t.Errorf("the report: %d %.200s", code, page)
	}
	if _, why := s.refused(http.MethodPost, one+"/cancel", map[string]string{}, http.StatusConflict); !strings.Contains(why, "is done") {
		t.Errorf("ending what is over: %s", why)
	}
}

// What is wrong with a campaign is told at the field of the form.
func TestConsoleNamesTheFieldThatIsWrong(t *testing.T) {
	newWorld(t)
	s := serve(t)
	good := console.Draft{Brand: "example", Topic: "alerts", Text: "open today.", At: "2027-01-05T19:00:00Z", Expires: "2027-01-05T23:00:00Z"}
	for field, spoil := range map[string]func(*console.Draft){
		"topic":   func(d *console.Draft) { d.Topic = "nothing" },
		"text":    func(d *console.Draft) { d.Text = "" },
		"at":      func(d *console.Draft) { d.At = "2026-01-05T19:00:00Z" },
		"expires": func(d *console.Draft) { d.Expires = "2027-01-05T18:30:00Z" },
		"in":      func(d *console.Draft) { d.In = []string{"nowhere"} },
		"says":    func(d *console.Draft) { d.Says = "Ana" },
	} {
		d := good
		spoil(&d)
		got, why := s.refused(http.MethodPost, "/console/campaigns/plan", d, http.StatusBadRequest)
		if got != field || why == "" || strings.HasPrefix(why, "--") {
			t.Errorf("%s: refused for %q: %s", field, got, why)
		}
	}
	planned := get[console.Planned](s, http.MethodPost, "/console/campaigns/plan", good)
	get[any](s, http.MethodPost, "/console/campaigns/"+planned.ID, map[string]string{})
	twin := get[console.Planned](s, http.MethodPost, "/console/campaigns/plan", good)
	if _, why := s.refused(http.MethodPost, "/console/campaigns/"+twin.ID, map[string]string{}, http.StatusConflict); !strings.Contains(why, "says the same") {
		t.Errorf("a twin is refused with %q", why)
	}
}
