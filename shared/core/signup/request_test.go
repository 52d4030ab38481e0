package signup_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/signup"
)

// world is the shipped programs, with a brand whose numbers reach every country.
func world(t testing.TB) (*program.Catalog, *gate.Gate) {
	t.Helper()
	const number = `number: "+12065550100"`
	programs := strings.Replace(string(smsconsent.Programs()), number, number+"\n          international: yes", 1)
	programs = strings.Replace(programs, `{number: "+12065550101"}`, `{number: "+12065550101", international: yes}`, 1)
	c, err := program.Load([]byte(programs))
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return c, g
}

func request() signup.Request {
	return signup.Request{Brand: "example", Topics: []string{"orders", "alerts", "orders"}, Phone: "206 555 0142", State: "WA", ZIP: "98101", Locale: "es-US", Channel: "import"}
}

func TestWhatIsAskedAndKept(t *testing.T) {
	c, g := world(t)
	r := request()
	r.Evidence = map[string]string{"source": "till 4"}
	q, err := r.Check(c, g, now)
	if err != nil {
		t.Fatal(err)
	}
	if q.Key != (consent.Key{Brand: "example", Phone: "+12065550142"}) || q.Source != consent.SourceImport || !q.At.Equal(now) || q.Terms != c.SignUp || q.Locale != "es-US" {
		t.Errorf("%+v", q)
	}
	if q.Told != (phone.Told{State: "WA", ZIP: "98101"}) || len(q.Topics) != 2 || q.Topics[0].ID != "orders" || q.Topics[1].ID != "alerts" {
		t.Errorf("%+v", q)
	}
	want := map[string]string{"source": "till 4", "missing": "at, disclosure, collected_by", "topics": "orders alerts", "state": "WA", "zip": "98101", "locale": "es-US"}
	if diff := cmp.Diff(want, q.Evidence); diff != "" {
		t.Error(diff)
	}
}

// A number without a place, such as a toll-free one, has the hours of everywhere; told of a state, of that state.
func TestOpening(t *testing.T) {
	c, g := world(t)
	night := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC) // midnight in Seattle
	for _, tc := range []struct {
		name      string
		phone     string
		told, own phone.Told
		at        string
		opens     time.Time
	}{
		{"on paper", "+12065550142", phone.Told{}, phone.Told{}, "2026-05-01", at(25, 17)},
		{"nobody knows when", "+12065550142", phone.Told{}, phone.Told{}, "", at(25, 17)},
		{"a moment ago", "+12065550142", phone.Told{}, phone.Told{}, "2026-11-25T07:30:00Z", night},
		{"she says Florida", "+12065550142", phone.Told{State: "FL"}, phone.Told{}, "2026-05-01", at(25, 17)},
		{"her YES stands behind Hawaii", "+12065550142", phone.Told{}, phone.Told{State: "HI"}, "2026-05-01", at(25, 19)},
		{"both", "+12065550142", phone.Told{State: "FL"}, phone.Told{State: "HI"}, "2026-05-01", at(25, 19)},
		{"a toll-free number of Hawaii", "+18005550142", phone.Told{State: "HI"}, phone.Told{State: "HI"}, "2026-05-01", at(25, 19)},
	} {
		r := signup.Request{Brand: "example", Topics: []string{"alerts"}, Phone: tc.phone, State: tc.told.State, Evidence: map[string]string{"at": tc.at}}
		q, err := r.Check(c, g, night)
		if err != nil {
			t.Fatal(err)
		}
		opens, err := q.Opening(g, tc.own)
		if err != nil || !opens.Equal(tc.opens) || q.Late == tc.opens.Equal(night) {
			t.Errorf("%s: late: %t, from %s (%v), want %s", tc.name, q.Late, opens, err, tc.opens)
		}
	}
}

func at(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }

// What is posted is what is read, with nothing more and nothing less.
func TestARequestSurvivesItsJSON(t *testing.T) {
	r := request()
	r.Evidence = map[string]string{"at": "2026-05-01"}
	body, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	got, err := signup.Decode(body)
	if diff := cmp.Diff(r, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func FuzzDecode(f *testing.F) {
	c, g := world(f)
	good, err := json.Marshal(request())
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(good), `{}`, `null`, `[]`, `"x"`, `{"evidence":{"at":1}}`, `{"topics":"a"}`, `{"phone":"+12065550142","Phone":"x"}`, "{\"brand\":\"\xff\"}", `{"brand":"example","topics":["alerts"],"phone":"+12065550142","evidence":{"at":"2026-05-01","x":"y"}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := signup.Decode(body)
		if err != nil {
			if _, ok := errors.AsType[*phone.FieldError](err); !ok {
				t.Fatalf("%v is not for the caller", err)
			}
			return
		}
		q, err := r.Check(c, g, now)
		if err != nil {
			wrong, ok := errors.AsType[*phone.FieldError](err)
			if !ok || wrong.Field == "" || wrong.Message == "" {
				t.Fatalf("%v names no field", err)
			}
			return
		}
		known := append(signup.EvidenceFields(), "missing", "topics", "state", "zip", "zone", "locale")
		for field, value := range q.Evidence {
			if !slices.Contains(known, field) || value == "" || len(value) > 4<<10 {
				t.Fatalf("evidence %q is %q", field, value)
			}
		}
		if !strings.HasPrefix(string(q.Key.Phone), "+") || len(q.Topics) == 0 {
			t.Fatalf("%+v", q)
		}
	})
}

// A topic that begins with a telling needs when, where and in which words; the others need nothing more than before.
func TestATellingIsWhole(t *testing.T) {
	c, err := program.Load([]byte(strings.Replace(string(smsconsent.Programs()), "# consent: told\n", "consent: told\n", 1)))
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.New(c)
	if err != nil {
		t.Fatal(err)
	}
	whole := map[string]string{"at": "2026-11-24T19:30:00Z", "source": "checkout", "disclosure": "We text you when it ships."}
	r := request()
	r.Evidence = whole
	q, err := r.Check(c, g, now)
	if err != nil || !q.ToldAt.Equal(now.Add(-30*time.Minute)) || !q.Asks() {
		t.Errorf("%v %+v", err, q)
	}
	r.Topics = []string{"orders"}
	if q, err := r.Check(c, g, now); err != nil || q.Asks() {
		t.Errorf("%v: asks about %+v", err, q.Topics)
	}
	for field, says := range map[string]string{"at": "when the person was told", "source": "where the person was told", "disclosure": "exact words"} {
		r.Evidence = maps.Clone(whole)
		delete(r.Evidence, field)
		_, err := r.Check(c, g, now)
		wrong, ok := errors.AsType[*phone.FieldError](err)
		if !ok || wrong.Field != "evidence."+field || !strings.Contains(wrong.Message, says) || !strings.Contains(wrong.Message, "orders") {
			t.Errorf("without %s: %v", field, err)
		}
	}
	r.Topics = []string{"alerts"}
	if q, err := r.Check(c, g, now); err != nil || !q.ToldAt.IsZero() || !q.Asks() {
		t.Errorf("%v %+v", err, q)
	}
}
