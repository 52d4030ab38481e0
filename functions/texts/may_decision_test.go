package texts_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/functions/texts"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/testkit/world"
)

// lookUp asks what a decision was.
func (w *fixture) lookUp(id, query string) (int, texts.Decided, gateway.Refusal) {
	w.T.Helper()
	code, said := w.call(http.MethodGet, "/may/"+id, query, "", shop)
	var d texts.Decided
	var r gateway.RefusalBody
	if err := json.Unmarshal([]byte(said), &d); err != nil {
		w.T.Fatalf("%d %s", code, said)
	}
	if err := json.Unmarshal([]byte(said), &r); err != nil {
		w.T.Fatal(err)
	}
	return code, d, r.Error
}

// A decision is read back as it was answered, at any time after and without a look at the table, by whoever has its ID.
func TestADecisionIsReadBack(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	night := noon.Add(10 * time.Hour)
	w.SetClock(night)
	m := w.may(whether(her).With("text", openToday))
	version, policy := w.Contact(her).Version, w.Gate.Policy()
	programs, tables, _ := strings.Cut(policy, ".")
	w.Pass(400 * 24 * time.Hour)
	w.Bill.Take()
	want := texts.Decided{
		Verdict: "defer", Until: m.Until, Rule: "permitted-hours", Citation: m.Citation, Brand: "example", Topic: "alerts", At: m.At,
		Version: version, Content: message.ContentHash(openToday), Policy: programs[:12] + "." + tables[:12], Decision: m.Decision,
	}
	if m.Until == nil || m.At.Before(night) {
		t.Fatalf("answered %+v", m)
	}
	if code, got, _ := w.lookUp(m.Decision, ""); code != http.StatusOK || cmp.Diff(want, got) != "" {
		t.Errorf("%d %s", code, cmp.Diff(want, got))
	}
	want.Phone = her
	for _, query := range []string{"phone=%2B12065550142", "phone=+12065550142"} {
		if code, got, _ := w.lookUp(m.Decision, query); code != http.StatusOK || cmp.Diff(want, got) != "" {
			t.Errorf("%s: %d %s", query, code, cmp.Diff(want, got))
		}
	}
	for query, status := range map[string]int{"phone=" + url.QueryEscape(string(him)): http.StatusNotFound, "phone=me": http.StatusBadRequest} {
		if code, _, r := w.lookUp(m.Decision, query); code != status || r.Field != "phone" {
			t.Errorf("%s: %d %+v", query, code, r)
		}
	}
	if calls, _ := w.Bill.Take(); len(calls) > 0 {
		t.Errorf("asked DynamoDB for %v", calls)
	}
	if code, said := w.call(http.MethodGet, "/may/"+m.Decision, "", "", ""); code != http.StatusForbidden {
		t.Errorf("unsigned: %d %s", code, said)
	}
	raw, err := base64.RawURLEncoding.DecodeString(m.Decision)
	if err != nil || strings.Contains(string(raw), "2065550142") {
		t.Errorf("the phone can be read from %q (%v)", raw, err)
	}
}

// What nobody stored, and what all rules allow, is read back as that.
func TestADecisionOfNothing(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for number, want := range map[string]texts.Decided{
		string(him): {Verdict: "refuse", Rule: "topic-consent"},
		string(her): {Verdict: "allow", Version: w.Contact(her).Version},
	} {
		m := w.may(body{"brand": "example", "topic": "orders", "phone": number})
		_, d, _ := w.lookUp(m.Decision, "")
		if d.Verdict != want.Verdict || d.Rule != want.Rule || d.Version != want.Version || d.Until != nil || d.Content != "" {
			t.Errorf("%+v", d)
		}
	}
}

// A decision is about the text that would go: with the brand in front where it is promotional, else as given.
func TestADecisionIsAboutTheTextThatGoes(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for topic, goes := range map[string]string{"alerts": "Example Corp.: Open today.", "orders": "Open today."} {
		m := w.may(whether(her).With("topic", topic).With("text", "Open today."))
		if _, d, _ := w.lookUp(m.Decision, ""); d.Content != message.ContentHash(goes) {
			t.Errorf("%s: the decision is about another text than %q", topic, goes)
		}
	}
}

// The same answer has one ID, and each difference makes another.
func TestADecisionHasOneID(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.StandStill()
	ids := map[string]bool{}
	for _, q := range []body{
		whether(her), whether(her).With("text", openToday), whether(him), whether(her).With("topic", "orders"), whether(her),
	} {
		ids[w.may(q).Decision] = true
	}
	w.SetClock(noon.Add(time.Millisecond))
	ids[w.may(whether(her)).Decision] = true
	if len(ids) != 5 {
		t.Errorf("%d IDs, want 5", len(ids))
	}
}

// An ID with any bit altered, cut, prolonged, or made of two, is no decision of ours.
func TestAForgedDecisionIsRefused(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	id, other := w.may(whether(her)).Decision, w.may(whether(him)).Decision
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		t.Fatal(err)
	}
	forged := []string{
		"x", id + "%0A", id[:9] + "%0D%0A" + id[9:],
		id[:len(id)-1], id + "A", id + "=", strings.ToLower(id), id[:30] + other[30:], id[:len(id)-24] + other[len(other)-24:],
		base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(raw), "allow", "defer", 1))),
		base64.RawURLEncoding.EncodeToString([]byte("|||||||||||" + string(raw[len(raw)-17:]))),
	}
	for i := range len(raw) * 8 {
		bit := append([]byte{}, raw...)
		bit[i/8] ^= 1 << (i % 8)
		forged = append(forged, base64.RawURLEncoding.EncodeToString(bit))
	}
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for _, letter := range letters { // the last one has bits that belong to no byte
		if last := string(letter); last != id[len(id)-1:] {
			forged = append(forged, id[:len(id)-1]+last)
		}
	}
	for _, f := range forged {
		if code, d, r := w.lookUp(f, ""); code != http.StatusNotFound || r.Field != "decision" || d.Verdict != "" {
			t.Fatalf("%s: %d %+v", f, code, d)
		}
	}
	if code, _, _ := w.lookUp(id, ""); code != http.StatusOK {
		t.Errorf("its own: %d", code)
	}
}

// A decision outlives the key it was sealed with, as long as that still verifies.
func TestADecisionOutlivesItsKey(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	id := w.may(whether(her)).Decision
	with := func(keys string) *fixture {
		ledger, err := consent.ParseLedger(keys)
		if err != nil {
			t.Fatal(err)
		}
		c := w.handler.Config
		c.Ledger = ledger
		h, err := texts.New(c)
		if err != nil {
			t.Fatal(err)
		}
		return &fixture{World: w.World, handler: h}
	}
	old := base64.StdEncoding.EncodeToString([]byte(world.LedgerKey))
	young := base64.StdEncoding.EncodeToString([]byte("another key of at least 32 bytes."))
	if code, d, _ := with("2:"+young+" 1:"+old).lookUp(id, "phone=%2B12065550142"); code != http.StatusOK || d.Phone != her {
		t.Errorf("with a new key before the old one: %d %+v", code, d)
	}
	if code, _, _ := with("2:"+young).lookUp(id, ""); code != http.StatusNotFound {
		t.Errorf("without its key: %d", code)
	}
}

// An ID of any length with a letter more, which no ID has, is no decision of ours: each has one spelling.
func TestALetterTooManyIsRefused(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	ends := map[int]bool{}
	for _, q := range []body{whether(her), whether(him), whether(him).With("text", openToday), whether("+33612345678")} {
		id := w.may(q).Decision
		ends[len(id)%4] = true
		for _, more := range []string{"!", "=", "~"} {
			if code, _, r := w.lookUp(id+more, ""); code != http.StatusNotFound || r.Field != "decision" {
				t.Errorf("%s%s: %d %+v", id, more, code, r)
			}
		}
	}
	if !ends[0] {
		t.Errorf("no ID is of whole groups: %v", ends)
	}
}

// A decision is read back whatever its seal is made of, be it of what parts its fields.
func TestADecisionWithAnySeal(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	parted := false
	for range 60 {
		m := w.may(whether(her))
		raw, err := base64.RawURLEncoding.DecodeString(m.Decision)
		if err != nil {
			t.Fatal(err)
		}
		parted = parted || strings.Count(string(raw), "|") > 11
		if code, d, _ := w.lookUp(m.Decision, ""); code != http.StatusOK || !d.At.Equal(m.At) {
			t.Fatalf("%s: %d %+v", m.Decision, code, d)
		}
	}
	if !parted {
		t.Error("no seal has what parts fields in it")
	}
}

// What was answered of a contact that cannot be understood is read back too.
func TestADecisionOnWhatCannotBeRead(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	policy := ""
	for _, spoilt := range []bool{false, true} {
		if spoilt {
			w.Spoil(her)
		}
		m := w.may(whether(her))
		_, d, _ := w.lookUp(m.Decision, "phone=%2B12065550142")
		if spoilt && (m.Because == "" || d.Verdict != "refuse" || d.Rule != "readable" || d.Version != 0 || d.Phone != her || d.Policy != policy) {
			t.Errorf("%+v is read back as %+v", m, d)
		}
		policy = d.Policy
	}
}
