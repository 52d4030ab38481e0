package channels_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"smsconsent/shared/core/consent"
)

// What other systems tell is counted by its kind and by what became of it, whichever way it came, and logged with who
// told it.
func TestWhatIsToldIsCounted(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.post("/touches", touched())
	w.post("/touches", touched())
	w.post("/touches", touched().With("phone", string(stranger)))
	w.post("/engagements", engaged())
	w.post("/attributes", named(map[string]string{"city": "Austin"}))
	if err := w.hear("crm", "smsconsent.optout", optedOut().String()); err != nil {
		t.Fatal(err)
	}
	if err := w.hear("crm", "smsconsent.optout", optedOut().With("phone", "x").String()); err == nil {
		t.Error("nobody's opt-out passes for told")
	}
	if err := w.hear("crm", "something else", "{}"); err != nil || !strings.Contains(w.Logged.String(), "tells nothing") {
		t.Errorf("%v: %s", err, &w.Logged)
	}
	w.Unanswered = func(string) error { return errBroken }
	if code, _ := w.send("/touches", touched().With("at", "2026-12-01T19:30:00Z").String(), shop); code != http.StatusServiceUnavailable {
		t.Errorf("a fault of ours: %d", code)
	}
	for _, want := range []struct {
		kind, result string
		n            int
	}{
		{"touch", "kept", 1},
		{"touch", "unchanged", 1},
		{"touch", "unknown", 1},
		{"touch", "failed", 1},
		{"engagement", "kept", 1},
		{"attributes", "kept", 1},
		{"optout", "kept", 1},
		{"optout", "failed", 1},
	} {
		if got := w.Count("Told", "kind", "smsconsent."+want.kind, "result", want.result); got != want.n {
			t.Errorf("%s, %s: counted %d, want %d", want.kind, want.result, got, want.n)
		}
	}
	if got := w.Count("Told"); got != 8 {
		t.Errorf("counted %d in all", got)
	}
	log := w.Logged.String()
	for _, line := range []string{"told by another system", "caller=role/shop", "is not noted", "noted=1 failed=false", "noted=0 failed=true"} {
		if !strings.Contains(log, line) {
			t.Errorf("the log lacks %q: %s", line, log)
		}
	}
}

// What we ourselves heard or found nobody else tells of, and evidence that we add ourselves nobody else names.
func TestNobodyTellsInOurName(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for _, source := range []string{
		consent.SourceForm, consent.SourceImport, consent.SourcePage, consent.SourceSMS, consent.SourceCarrier, consent.SourceAudit,
	} {
		if code, said := w.send("/optouts", optedOut().With("source", source).String(), shop); code != http.StatusBadRequest || !strings.Contains(said, "source") {
			t.Errorf("%s: %d %s", source, code, said)
		}
	}
	for _, name := range []string{"id", "caller", "said_at", consent.EvidenceSuperseded} {
		what := optedOut().With("evidence", map[string]string{name: "x"}).String()
		if code, said := w.send("/optouts", what, shop); code != http.StatusBadRequest || !strings.Contains(said, "evidence") {
			t.Errorf("evidence %s: %d %s", name, code, said)
		}
	}
	if c := w.Contact(her); len(c.Stopped) > 0 {
		t.Errorf("she is stopped: %+v", c.Stopped)
	}
}

// Clocks may differ by five minutes, and no more.
func TestHowFarAheadAClockMayBe(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	if code, said := w.send("/touches", touched().With("at", "2026-12-01T20:05:00Z").String(), shop); code != http.StatusOK {
		t.Errorf("five minutes: %d %s", code, said)
	}
	if code, _ := w.send("/touches", touched().With("at", "2026-12-01T20:05:00.001Z").String(), shop); code != http.StatusBadRequest {
		t.Errorf("more: %d", code)
	}
}

// Which failed events tell of opt-outs is told without handling them.
func TestStops(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for payload, want := range map[string]bool{
		`{"detail-type":"smsconsent.optout","detail":{}}`: true,
		`{"rawPath":"/optouts"}`:                          true,
		`{"rawPath":"/prod/optouts"}`:                     true,
		`{"detail-type":"smsconsent.touch"}`:              false,
		`{"rawPath":"/touches"}`:                          false,
		`{"detail-type":"smsconsent.optout","rawPath":7}`: false,
		`x`: false,
	} {
		if got := w.handler.Stops([]byte(payload)); got != want {
			t.Errorf("%s: %t", payload, got)
		}
	}
}

// Ten entries of evidence are taken, and no more.
func TestHowMuchEvidenceThereMayBe(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	evidence := map[string]string{}
	for n := range 11 {
		evidence["e"+strconv.Itoa(n)] = "x"
		code, said := w.send("/optouts", optedOut().With("id", strconv.Itoa(n)).With("evidence", evidence).String(), shop)
		if want := n < 10; (code == http.StatusOK) != want {
			t.Errorf("%d entries: %d %s", len(evidence), code, said)
		}
	}
}
