package operator

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// mayJSON is the contract of may --json.
type mayJSON struct {
	Phone    string              `json:"phone"`
	Verdict  string              `json:"verdict"`
	Until    *time.Time          `json:"until"`
	Rule     string              `json:"rule"`
	Because  string              `json:"because"`
	Citation string              `json:"citation"`
	At       time.Time           `json:"at"`
	Decision string              `json:"decision"`
	Problems []map[string]string `json:"problems"`
	Rules    []struct {
		Name      string     `json:"name"`
		Answer    string     `json:"answer"`
		Until     *time.Time `json:"until"`
		Because   string     `json:"because"`
		Citation  string     `json:"citation"`
		Tier      string     `json:"tier"`
		Certainty string     `json:"certainty"`
	} `json:"rules"`
}

func mayOf(t *testing.T, more ...string) mayJSON {
	t.Helper()
	out, _ := execute(t, 0, append([]string{"may", her, "--topic", "alerts", "--json"}, more...)...)
	return strictly[mayJSON](t, out)
}

// The answer is the stack's own, at its clock, and as explain has it; each has an ID by which it is read back, also
// when the person has changed their mind.
func TestMay(t *testing.T) {
	w := newWorld(t)
	if m := mayOf(t); m.Verdict != "refuse" || m.Rule != "topic-consent" || m.Because == "" || m.Citation == "" || m.Until != nil {
		t.Errorf("of somebody unknown: %+v", m)
	}
	w.subscribes(her)
	before := w.got(her, "")
	m := mayOf(t)
	if m.Verdict != "allow" || m.Rule != "" || m.Because != "" || m.Until != nil || m.Phone != her || !m.At.Equal(tuesday) {
		t.Errorf("of a subscriber: %+v", m)
	}
	explained := mayOf(t, "--explain")
	a, _ := told(t, "topic-consent")
	if diff := cmp.Diff(a.Rules, explained.Rules); diff != "" || len(m.Rules) > 0 {
		t.Errorf("the rules differ from those explain tells: %s", diff)
	}
	if bad := mayOf(t, "--text", ""); bad.Verdict != "refuse" || bad.Rule != "words" || len(bad.Problems) == 0 {
		t.Errorf("of an empty text: %+v", bad)
	}
	w.goTo(tuesday.Add(12 * time.Hour))
	night := mayOf(t, "--text", "Open today.")
	if night.Verdict != "defer" || night.Rule != "permitted-hours" || night.Until == nil || !night.Until.Equal(tuesday.Add(23*time.Hour)) {
		t.Errorf("at night: %+v", night)
	}
	out, _ := execute(t, 0, "may", "(206) 555-0142", "--topic", "alerts", "--explain")
	for _, part := range []string{"example/alerts, at Tue 5 Jan 2027 22:00 PST: defer until", "By rule permitted-hours: ", "Decision ", "topic-consent"} {
		if !strings.Contains(out, part) {
			t.Errorf("it does not say %q:\n%s", part, out)
		}
	}

	w.goTo(tuesday.Add(13 * time.Hour))
	w.says(her, "STOP")
	for _, number := range []string{"", her} {
		args := []string{"may", "--decision", m.Decision}
		if number != "" {
			args = append(args, number)
		}
		out, _ = execute(t, 0, append(args, "--json")...)
		if !strings.Contains(out, `"verdict": "allow"`) || strings.Contains(out, her) != (number != "") {
			t.Errorf("of %q it was answered %s", number, out)
		}
		if out, _ = execute(t, 0, args...); !strings.Contains(out, "example/alerts, at Tue 5 Jan 2027 ") || !strings.Contains(out, ": allow\n") {
			t.Errorf("as text: %s", out)
		}
	}
	// With the ledger, explain repeats the answer for the decision's instant.
	again, _ := told(t, "permitted-hours", "--at", night.At.Format(time.RFC3339Nano))
	if again.Permitted || again.NextOpening == nil || !again.NextOpening.Equal(*night.Until) {
		t.Errorf("of %s explain tells permitted %t until %v, it was answered %+v", night.At, again.Permitted, again.NextOpening, night)
	}
	if m := mayOf(t); m.Verdict != "refuse" || m.Rule != "opted-out" {
		t.Errorf("I1: after STOP: %+v", m)
	}
	if got := w.got(her, ""); got != before+1 { // the answer to STOP
		t.Errorf("asking texted her: %d texts, want %d", got, before+1)
	}
}

func TestMayMistakes(t *testing.T) {
	newWorld(t)
	id := mayOf(t).Decision
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "PHONE"},
		{[]string{her}, "--topic"},
		{[]string{"call me", "--topic", "alerts"}, "PHONE"},
		{[]string{her, "--topic", "nosuch"}, "--topic"},
		{[]string{her, "--topic", "alerts", "--brand", "nosuch"}, "--brand"},
		{[]string{her, her, "--topic", "alerts"}, "arg"},
		{[]string{"--decision", ""}, "--decision"},
		{[]string{"--decision", id + "A"}, "--decision"},
		{[]string{"--decision", "../clock"}, "--decision"},
		{[]string{"--decision", id, "+12065550143"}, "PHONE"},
		{[]string{"--decision", id, "--topic", "alerts"}, "--topic"},
	} {
		if out, says := execute(t, exitUsage, append([]string{"may"}, c.args...)...); !strings.Contains(says, c.says) || out != "" {
			t.Errorf("%q prints %q and says %q, want %s named", c.args, out, says, c.says)
		}
	}
}

// What the API does not answer is no mistake of whoever asks.
func TestRefusals(t *testing.T) {
	for _, tc := range []struct {
		code int
		body string
		says string
	}{
		{http.StatusForbidden, `{"message":"Forbidden"}`, "attach it"},
		{http.StatusServiceUnavailable, `{"error":{"field":"","message":"please try again"}}`, "please try again"},
		{http.StatusBadGateway, `<html>`, "502 Bad Gateway"},
	} {
		err := refusalOf(tc.code, []byte(tc.body), "attach it")
		if _, usage := errors.AsType[usageError](err); usage || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%d: %v", tc.code, err)
		}
	}
}
