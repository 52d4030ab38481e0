package channels_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/functions/channels"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/schema"
	"smsconsent/shared/testkit/wired"
	"smsconsent/shared/testkit/world"
)

var (
	stores dynamotest.Stores
	api    schema.API
)

func TestMain(m *testing.M) { os.Exit(stores.Run(m)) }

const (
	her      = phone.Number("+12065550142")
	stranger = phone.Number("+12065550143")
)

var (
	noon      = time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC) // in Seattle
	errBroken = errors.New("broken")
)

// What another channel sent is kept on the contact of whoever signed up, once, for as long as a text has to wait for
// it.
func TestATouchIsKept(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := newWorld(t, store)
		for _, tc := range []struct {
			what thing
			want string
		}{
			{touched(), "kept"},
			{touched(), "unchanged"},
			{touched().With("content", "another"), "kept"},
			{touched().With("content", "old").With("at", "2026-11-30T20:00:00Z"), "unchanged"},
			{touched().With("phone", string(stranger)), "unknown"},
		} {
			if got := w.post("/touches", tc.what); got != tc.want {
				t.Errorf("%s is %s, want %s", tc.what, got, tc.want)
			}
		}
		want := []consent.Touch{
			{At: noon.Add(-time.Hour), Channel: "email", Content: "spring-sale"},
			{At: noon.Add(-time.Hour), Channel: "email", Content: "another"},
		}
		if got := w.Contact(her).Touches; !slices.Equal(got, want) {
			t.Errorf("kept %+v", got)
		}
		if c := w.Contact(stranger); c.Version != 0 {
			t.Errorf("of a stranger there is %+v", c)
		}
		w.Proof(her)
	})
}

// A sign that she reads us begins the count of her chances anew.
func TestAnEngagementCounts(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for _, tc := range []struct {
		what thing
		want string
	}{
		{engaged(), "kept"},
		{engaged(), "unchanged"},
		{engaged().With("at", "2026-12-01T18:00:00Z").With("id", "x"), "unchanged"},
		{engaged().With("phone", string(stranger)).With("topic", "alerts"), "unknown"},
	} {
		if got := w.post("/engagements", tc.what); got != tc.want {
			t.Errorf("%s is %s, want %s", tc.what, got, tc.want)
		}
	}
	if got := w.Contact(her).Attention["alerts"].Sign; !got.Equal(noon.Add(-time.Hour)) {
		t.Errorf("engaged at %v", got)
	}
}

// What is known of her is kept for the fields of texts, and is no change of her contact; nothing is kept of a stranger,
// and no more than a text may have.
func TestAttributesAreKept(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := newWorld(t, store)
		before := w.Contact(her)
		many := map[string]string{}
		for i := range 9 {
			many[fmt.Sprintf("f%d", i)] = "x"
		}
		ana := map[string]string{"first_name": " Ana ", "city": "Paris"}
		for _, tc := range []struct {
			what thing
			want string
		}{
			{named(ana), "kept"},
			{named(ana), "unchanged"},
			{named(map[string]string{"city": ""}), "kept"},
			{named(map[string]string{"city": ""}), "unchanged"},
			{named(ana).With("phone", string(stranger)), "unknown"},
			{named(many), "kept"},
			{named(map[string]string{"f9": "x"}), "refused"},
		} {
			if got := w.post("/attributes", tc.what); got != tc.want {
				t.Errorf("%s is %s, want %s", tc.what, got, tc.want)
			}
		}
		many["first_name"] = "Ana"
		if got := w.Record(her).Attributes; !maps.Equal(got, many) {
			t.Errorf("on record is %v", got)
		}
		if c := w.Record(stranger); c.Contact.Version != 0 || len(c.Attributes) > 0 {
			t.Errorf("of a stranger there is %+v", c)
		}
		if after := w.Contact(her); after.Version != before.Version {
			t.Error("her contact was changed")
		}
		w.Proof(her)
		body := "[" + named(map[string]string{"f9": "x"}).String() + "," + named(ana).With("phone", string(stranger)).String() + "]"
		want := `[{"status":"refused","error":{"field":"attributes","message":"would be 11; a person has at most 10: take one away by giving it without a value"}},{"status":"unknown"}]`
		if code, answer := w.send("/attributes", body, shop); code != http.StatusOK || answer != want {
			t.Errorf("a list is answered %d %s", code, answer)
		}
		if err := w.hear("com.example.crm", "smsconsent.attributes", named(map[string]string{"f9": "x"}).String()); err == nil || !strings.Contains(err.Error(), "detail.attributes: would be 11") {
			t.Errorf("by the bus: %v", err)
		}
	})
}

// By the bus the same is told as by request, in the name of the event's source.
func TestTheBusTellsTheSame(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for _, tc := range []struct {
		kind   string
		detail thing
	}{
		{"smsconsent.touch", touched()},
		{"smsconsent.engagement", engaged()},
		{"smsconsent.attributes", named(map[string]string{"first_name": "Ana"})},
		{"smsconsent.optout", optedOut().With("source", nil).With("topic", "alerts").With("everything", nil)},
	} {
		if err := w.hear("com.example.crm", tc.kind, tc.detail.String()); err != nil {
			t.Errorf("%s: %v", tc.kind, err)
		}
	}
	r := w.Proof(her)
	if last := r.Events[len(r.Events)-1]; len(r.Contact.Touches) != 1 || r.Attributes["first_name"] != "Ana" || r.Contact.Attention["alerts"].Sign.IsZero() || last.Source != "com.example.crm" || last.Evidence["caller"] != "" {
		t.Errorf("on record is %+v, she is %+v", last, r.Contact)
	}
}

// Nothing of ours comes back in: a rule that lets our own events through would tell an opt-out on for ever.
func TestOurOwnEventsAreNoNews(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	before := w.Contact(her).Version
	for _, tc := range []struct{ source, kind string }{
		{"smsconsent", "smsconsent.optout"}, {"smsconsent", "consent.revoked"}, {"com.example.crm", "consent.revoked"}, {"aws.s3", "Object Created"},
	} {
		if err := w.hear(tc.source, tc.kind, optedOut().String()); err != nil {
			t.Errorf("%+v: %v", tc, err)
		}
	}
	if after := w.Contact(her).Version; after != before {
		t.Error("something was noted")
	}
}

// An event that is not as it should be fails, so that it ends where somebody looks, and says what to mend. I10: without
// the number.
func TestAnEventThatIsWrongFails(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for field, what := range map[string]thing{
		"phone": optedOut().With("phone", "+1206555014"), "id": optedOut().With("id", nil), "everything": optedOut().With("topic", "alerts"),
	} {
		err := w.hear("com.example.crm", "smsconsent.optout", what.String())
		if err == nil || !strings.Contains(err.Error(), "detail."+field) || strings.Contains(err.Error(), "206555") {
			t.Errorf("%s: %v", what, err)
		}
	}
	w.Table.Unreadable = map[string]error{"Contact": errBroken}
	if err := w.hear("com.example.crm", "smsconsent.optout", optedOut().String()); !errors.Is(err, errBroken) && (err == nil || !strings.Contains(err.Error(), "broken")) {
		t.Errorf("where the table fails: %v", err)
	}
	if _, err := w.handler.Invoke(t.Context(), []byte(`[]`)); err == nil {
		t.Error("what is no event at all is taken")
	}
}

// What is wrong is answered by its field and how to mend it, and nothing is noted, not even what else was in the list.
func TestRefusals(t *testing.T) {
	long := strings.Repeat("x", 65)
	for _, tc := range []struct {
		path, body, field, says string
	}{
		{"/touches", `{`, "", "not a JSON object such as"},
		{"/touches", `null`, "", "not a JSON object such as"},
		{"/touches", `[`, "", "not JSON"},
		{"/touches", `[]`, "", "1 to 100"},
		{"/touches", `[` + strings.Repeat(touched().String()+",", 100) + touched().String() + `]`, "", "not 101"},
		{"/touches", `[` + touched().String() + `,` + touched().With("phone", "12").String() + `]`, "[1].phone", ""},
		{"/touches", touched().With("body", "hi").String(), "body", "is not known"},
		{"/touches", touched().With("channel", 7).String(), "channel", "must be a string, not a number"},
		{"/touches", touched().With("brand", "acme").String(), "brand", "no brand"},
		{"/touches", touched().With("phone", "").String(), "phone", ""},
		{"/touches", touched().With("at", "yesterday").String(), "at", "such as 2026"},
		{"/touches", touched().With("at", "2026-12-01T20:05:01Z").String(), "at", "future"},
		{"/touches", touched().With("at", nil).String(), "at", "such as 2026"},
		{"/touches", touched().With("channel", "E-Mail").String(), "channel", "such as email"},
		{"/touches", touched().With("content", nil).String(), "content", "--content"},
		{"/touches", touched().With("content", long).String(), "content", "--content"},
		{"/engagements", engaged().With("kind", nil).String(), "kind", "such as purchase"},
		{"/engagements", engaged().With("topic", "orders.x").String(), "topic", "no topic"},
		{"/engagements", engaged().With("id", "a b").String(), "id", "without spaces"},
		{"/attributes", named(nil).String(), "attributes", "write some"},
		{"/attributes", named(nil).With("attributes", []string{"a"}).String(), "attributes", "object of strings"},
		{"/attributes", named(map[string]string{"First Name": "Ana"}).String(), "attributes.First Name", "such as first_name"},
		{"/attributes", named(map[string]string{"a": "b\nc"}).String(), "attributes.a", "on one line"},
		{"/attributes", named(map[string]string{"a": "x"}).With("phone", "12").String(), "phone", ""},
		{"/attributes", named(map[string]string{"a": "x"}).With("brand", "acme").String(), "brand", "no brand"},
		{"/attributes", named(map[string]string{"a": "x"}).With("at", "2026-12-01T20:00:00Z").String(), "at", "is not known"},
		{"/optouts", optedOut().With("everything", nil).String(), "everything", "say one of"},
		{"/optouts", optedOut().With("everything", "yes").String(), "everything", "true or false"},
		{"/optouts", optedOut().With("program", "alerts").String(), "everything", "say one of"},
		{"/optouts", optedOut().With("everything", nil).With("program", "x").String(), "program", "no program"},
		{"/optouts", optedOut().With("everything", nil).With("topic", "x").String(), "topic", "no topic"},
		{"/optouts", optedOut().With("at", "yesterday").String(), "at", "such as 2026"},
		{"/optouts", optedOut().With("source", nil).String(), "source", "such as crm"},
		{"/optouts", optedOut().With("source", "sms").String(), "source", "we ourselves heard"},
		{"/optouts", optedOut().With("id", "").String(), "id", "own ID"},
		{"/optouts", optedOut().With("evidence", []string{}).String(), "evidence", "object of strings"},
		{"/optouts", optedOut().With("evidence", map[string]string{"caller": "me"}).String(), "evidence", "no name"},
		{"/optouts", optedOut().With("evidence", map[string]string{"a": "b\x00"}).String(), "evidence.a", "control"},
		{"/optouts", optedOut().With("evidence", map[string]string{"a": strings.Repeat("x", 513)}).String(), "evidence.a", "512"},
	} {
		w := newWorld(t, stores.Memory(t))
		before := w.Contact(her)
		code, body := w.send(tc.path, tc.body, shop)
		var got struct {
			Error struct{ Field, Message string }
		}
		if err := json.Unmarshal([]byte(body), &got); err != nil || code != http.StatusBadRequest || got.Error.Field != tc.field ||
			got.Error.Message == "" || !strings.Contains(got.Error.Message, tc.says) {
			t.Errorf("%s %.120s: %d %s", tc.path, tc.body, code, body)
		}
		if after := w.Record(her); after.Contact.Version != before.Version || len(after.Attributes) > 0 {
			t.Errorf("%s %.120s: something was noted", tc.path, tc.body)
		}
	}
}

func TestUnsignedRequestsTellNothing(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	if code, _ := w.send("/optouts", optedOut().String(), ""); code != http.StatusForbidden || len(w.Contact(her).Stopped) > 0 {
		t.Errorf("answered %d", code)
	}
	if code, _ := w.send("/optout", optedOut().String(), shop); code != http.StatusNotFound {
		t.Errorf("another path answered %d", code)
	}
}

// A list is answered one by one; where the table fails amid it, the same may be posted again.
func TestAListIsNotedOneByOne(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	body := `[` + touched().String() + `,` + touched().With("phone", string(stranger)).String() + `,` + touched().With("content", "b").String() + `]`
	w.Table.Fault = world.Failing("UpdateBookkeeping", 1, errBroken)
	if code, answer := w.send("/touches", body, shop); code != http.StatusServiceUnavailable || strings.Contains(answer, "broken") {
		t.Errorf("%d %s", code, answer)
	}
	if code, answer := w.send("/touches", body, shop); code != http.StatusOK || answer != `[{"status":"kept"},{"status":"unknown"},{"status":"kept"}]` {
		t.Errorf("%d %s", code, answer)
	}
	if log := w.Logged.String(); !strings.Contains(log, "role/shop") || strings.Contains(log, "spring-sale") {
		t.Errorf("the log is %s", log)
	}
}

// I4: whatever is told in whatever order and however often, there is one event for an opt-out, and what other channels
// sent takes so much room on her contact and no more.
func TestToldInAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, stores.Memory(t))
		w.T = t
		for range rapid.IntRange(1, 12).Draw(rt, "things") {
			switch rapid.IntRange(0, 2).Draw(rt, "kind") {
			case 0:
				content := fmt.Sprintf("%064d", rapid.IntRange(0, 20).Draw(rt, "content"))
				w.post("/touches", touched().With("content", content).With("channel", "push-and-more-16"))
			case 1:
				w.post("/engagements", engaged())
			default:
				w.post("/optouts", optedOut())
			}
		}
		stops := 0
		for _, e := range w.Proof(her).Events {
			if e.Type == consent.OptedOut {
				stops++
			}
		}
		if stops > 1 || len(w.Contact(her).Touches) > 6 {
			rt.Errorf("%d opt-outs, %d touches", stops, len(w.Contact(her).Touches))
		}
	})
}

// What the schemas describe is what is taken.
func TestTheSchemasAreOfWhatIsTaken(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	paths := map[string]string{"touch": "/touches", "engagement": "/engagements", "optout": "/optouts", "attributes": "/attributes"}
	for name, what := range map[string]thing{
		"touch": touched(), "engagement": engaged(), "optout": optedOut(), "attributes": named(map[string]string{"first_name": "Ana"}),
	} {
		path := paths[name]
		for field, value := range what.With("surplus", 1) {
			for variant, changed := range map[string]thing{"without": what.With(field, nil), "with": what.With(field, value), "another": what.With(field, 7)} {
				code, _ := w.send(path, changed.String(), shop)
				if err := schema.Check(t, name+".json", []byte(changed.String())); (err == nil) != (code == http.StatusOK) {
					t.Errorf("%s %s %s: answered %d, the schema says %v", name, variant, field, code, err)
				}
			}
		}
	}
	for _, sample := range []string{"touch", "optout", "attributes"} {
		raw, err := os.ReadFile("../../events/channels-" + sample + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.handler.Invoke(t.Context(), raw); err != nil {
			t.Errorf("the sample event: %v", err)
		}
	}
}

// Whatever is posted is answered, never with a fault of ours.
func FuzzPost(f *testing.F) {
	f.Add("/touches", touched().String())
	f.Add("/engagements", engaged().String())
	f.Add("/optouts", optedOut().String())
	f.Add("/attributes", named(map[string]string{"first_name": "Ana"}).String())
	f.Add("/optouts", `[{"everything":1},{}]`)
	handler, err := channels.Wire(f.Context(), wired.Stack(f))
	if err != nil {
		f.Fatal(err)
	}
	config := handler.Config
	config.Outbox, config.Table = nobody{}, nobody{}
	if handler, err = channels.New(config); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, path, body string) {
		w := &fixture{World: &world.World{T: t}, handler: handler}
		if code, answer := w.send(path, body, shop); code >= 500 {
			t.Errorf("%s %q: %d %s", path, body, code, answer)
		}
	})
}
