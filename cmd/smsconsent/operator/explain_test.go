package operator

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/jurisdiction"
)

// told is what explain answers about alerts, with the answer of one rule.
func told(t *testing.T, rule string, more ...string) (answer, string) {
	t.Helper()
	out, _ := execute(t, 0, append([]string{"explain", her, "--topic", "alerts", "--json"}, more...)...)
	a := decoded(t, out)
	for _, r := range a.Rules {
		if r.Name == rule {
			return a, r.Answer + ": " + r.Because
		}
	}
	t.Fatalf("no rule %s in %s", rule, out)
	return a, ""
}

// Every rule for promotional texts is told, whatever it answers; what is refused has no next opening.
func TestExplain(t *testing.T) {
	w := newWorld(t)
	a, says := told(t, "topic-consent")
	if a.Permitted || a.NextOpening != nil || !strings.HasPrefix(says, "refuse:") || !strings.Contains(says, "never asked") {
		t.Errorf("of somebody unknown it tells %q, permitted %t until %v", says, a.Permitted, a.NextOpening)
	}

	w.asks(her)
	a, says = told(t, "topic-consent")
	if a.Permitted || a.NextOpening != nil || !strings.HasPrefix(says, "refuse:") || strings.Contains(says, "never asked") {
		t.Errorf("of somebody pending it tells %q, permitted %t until %v", says, a.Permitted, a.NextOpening)
	}

	w.says(her, "YES")
	noon, night, morning := tuesday.Add(2*time.Hour), tuesday.Add(12*time.Hour), tuesday.Add(23*time.Hour)
	a, says = told(t, "topic-consent", "--at", noon.Format(time.RFC3339))
	if !a.Permitted || a.NextOpening == nil || !a.NextOpening.Equal(noon) || !strings.HasPrefix(says, "allow:") {
		t.Errorf("at noon it tells %q, permitted %t from %v", says, a.Permitted, a.NextOpening)
	}
	if a.Phone != her || a.Country != "US" || a.State != "WA" || !slices.Equal(a.Zones, []string{"America/Los_Angeles"}) {
		t.Errorf("she is said to be in %s %s %v", a.Country, a.State, a.Zones)
	}
	for _, r := range a.Rules {
		if r.Answer != "allow" {
			t.Errorf("at noon %s answers %s", r.Name, r.Answer)
		}
	}
	a, says = told(t, "permitted-hours", "--at", night.Format(time.RFC3339))
	if a.Permitted || a.NextOpening == nil || !a.NextOpening.Equal(morning) || !strings.HasPrefix(says, "defer:") {
		t.Errorf("at night it tells %q, permitted %t until %v, want %s", says, a.Permitted, a.NextOpening, morning)
	}

	words := inWords(t, "--at", night.Format(time.RFC3339))
	if !strings.HasPrefix(words, her+", example/alerts, at Tue 5 Jan 2027 22:00 PST: has to wait. permitted-hours: ") ||
		!strings.Contains(words, "; next on Wed 6 Jan 2027 09:00 PST.") || strings.Contains(words, "topic-consent") {
		t.Errorf("at night it says %s", words)
	}
	if words := inWords(t, "--at", noon.Format(time.RFC3339)); !strings.Contains(words, ": may have it. No rule of ") {
		t.Errorf("at noon it says %s", words)
	}

	w.says(her, "STOP")
	if a, _ = told(t, "topic-consent"); a.Permitted || a.NextOpening != nil {
		t.Errorf("I1: after STOP it tells permitted %t until %v", a.Permitted, a.NextOpening)
	}
	if words := inWords(t); !strings.Contains(words, "may not have it. opted-out: ") || strings.Contains(words, "next on") {
		t.Errorf("I1: after STOP it says %s", words)
	}
}

// inWords is what explain answers about alerts in words: the deciding rule in three lines, and each with --all.
func inWords(t *testing.T, more ...string) string {
	t.Helper()
	args := append([]string{"explain", her, "--topic", "alerts"}, more...)
	words, _ := execute(t, 0, args...)
	all, _ := execute(t, 0, append(args, "--all")...)
	fits(t, words, all)
	a, _ := told(t, "topic-consent", more...)
	for _, name := range ruleNames(a) {
		if !strings.Contains(all, name) {
			t.Errorf("--all does not tell of %s", name)
		}
	}
	answer, invites := strings.CutSuffix(words, "--all tells what each rule says.\n")
	if !invites || !strings.HasPrefix(all, answer) || strings.Count(words, ".\n") > 3 {
		t.Errorf("it answers\n%s\nand with --all\n%s", words, all)
	}
	return strings.Join(strings.Fields(words), " ")
}

// fits holds answers in words against a screen's width.
func fits(t *testing.T, answers ...string) {
	t.Helper()
	for line := range strings.Lines(strings.Join(answers, "")) {
		if len([]rune(strings.TrimRight(line, "\n"))) > width {
			t.Errorf("wider than %d columns: %q", width, line)
		}
	}
}

func ruleNames(a answer) []string {
	var names []string
	for _, r := range a.Rules {
		names = append(names, r.Name)
	}
	return names
}

// "Was Tuesday's text permitted?" What the person said since does not count, and the text on record is compared.
func TestExplainThePast(t *testing.T) {
	w := newWorld(t)
	before := tuesday.Add(-time.Minute).Format(time.RFC3339)
	a, says := told(t, "topic-consent", "--at", before)
	if a.Permitted || !strings.Contains(says, "never asked") {
		t.Errorf("before anybody asked it tells %q", says)
	}
	if a.Policy == "" || len(a.Texts) != 0 {
		t.Errorf("policy %q, texts %+v", a.Policy, a.Texts)
	}

	w.subscribes(her)
	w.goTo(tuesday.Add(time.Hour))
	w.says(her, "STOP")
	then := tuesday.Add(30 * time.Minute)
	a, says = told(t, "topic-consent", "--at", then.Format(time.RFC3339))
	if !a.Permitted || !strings.HasPrefix(says, "allow:") {
		t.Errorf("between YES and STOP it tells %q", says)
	}
	if len(a.Texts) < 2 {
		t.Fatalf("%d texts on record, want the request, and the welcome", len(a.Texts))
	}
	for _, text := range a.Texts {
		if !text.Same || text.Policy != a.Policy {
			t.Errorf("%+v, answered by %s", text, a.Policy)
		}
	}
	w.goTo(tuesday.Add(2 * time.Hour))
	if a, says = told(t, "topic-consent", "--at", tuesday.Add(90*time.Minute).Format(time.RFC3339)); a.Permitted {
		t.Errorf("after STOP it tells %q", says)
	}
	out, _ := execute(t, 0, "explain", her, "--topic", "alerts", "--at", then.Format(time.RFC3339))
	if words := strings.Join(strings.Fields(out), " "); !strings.Contains(words, "Answered by programs.yaml ") || strings.Count(words, "under this same policy") != len(a.Texts) {
		t.Errorf("it says\n%s", out)
	}
	fits(t, out)
}

func TestTextsUnderAnotherPolicy(t *testing.T) {
	lines := textLines([]consent.Message{{Policy: "now"}, {Policy: "then"}}, "now")
	if !lines[0].Same || lines[1].Same {
		t.Errorf("%+v", lines)
	}
	var b strings.Builder
	(&explainReport{past: true, Policy: "now", Texts: lines}).print(&b, false)
	if !strings.Contains(b.String(), "under another policy, then") || strings.Contains(b.String(), "rule tables were others") {
		t.Error(b.String())
	}
	b.Reset()
	if printTables(&b, "now.0123456789abcdef"); !strings.Contains(b.String(), "rule tables were others then, 0123456789ab.") {
		t.Error(b.String())
	}
	b.Reset()
	if printTables(&b, "now."+jurisdiction.TablesHash()); b.Len() > 0 {
		t.Error(b.String())
	}
}

// explain only reads: what it was asked about is no text, and changes no answer.
func TestExplainSendsNothing(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	before := w.got(her, "")
	for range 5 { // more than the three a day the cap allows
		if a, _ := told(t, "topic-consent"); !a.Permitted {
			t.Fatal("asking made it forbidden")
		}
	}
	if got := w.got(her, ""); got != before {
		t.Errorf("her phone has %d texts, want %d", got, before)
	}
}

func TestExplainMistakes(t *testing.T) {
	newWorld(t)
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "PHONE is required"},
		{[]string{"20655", "--topic", "alerts"}, "PHONE"},
		{[]string{her}, "--topic"},
		{[]string{her, "--topic", "nosuch"}, "--topic"},
		{[]string{her, "--topic", "alerts", "--brand", "nosuch"}, "--brand"},
		{[]string{her, "--topic", "alerts", "--at", "noon"}, "--at"},
		{[]string{her, "--campaign", "nosuch"}, "--campaign"},
		{[]string{her, "--campaign", unknownCampaign, "--topic", "alerts"}, "--topic"},
		{[]string{her, "--campaign", unknownCampaign, "--at", "2027-01-05T18:00:00Z"}, "--at"},
		{[]string{her, "--topic", "alerts", "--at", "2019-12-31T00:00:00Z"}, "--at"},
	} {
		if out, says := execute(t, exitUsage, append([]string{"explain"}, c.args...)...); !strings.Contains(says, c.says) || out != "" {
			t.Errorf("%q prints %q and says %q, want %s named", c.args, out, says, c.says)
		}
	}
}

// whyOf asks why somebody got a campaign or did not, and holds the answer in words against its width.
func whyOf(t *testing.T, phone, id string) (whyReport, string) {
	t.Helper()
	out, _ := execute(t, 0, "explain", phone, "--campaign", id, "--json")
	words, _ := execute(t, 0, "explain", phone, "--campaign", id)
	all, _ := execute(t, 0, "explain", phone, "--campaign", id, "--all")
	fits(t, words, all)
	r := strictly[whyReport](t, out)
	for _, rule := range r.Rules {
		if !strings.Contains(all, rule.Name) {
			t.Errorf("--all does not tell of %s", rule.Name)
		}
	}
	if _, rules, _ := strings.Cut(all, words); r.Verdict != "allow" && slices.ContainsFunc(r.Rules, func(l gate.Line) bool { return l.Name == r.Rule && l.Answer != "allow" }) &&
		!strings.Contains(strings.SplitN(rules, "\n", 2)[0], r.Rule) {
		t.Errorf("--all does not begin with %s, which decided:\n%s", r.Rule, rules)
	}
	if !strings.HasPrefix(all, words) {
		t.Errorf("--all does not begin with the answer:\n%s", all)
	}
	return r, strings.Join(strings.Fields(words), " ")
}

// "Why did she not get it?", while it waits, when it is over, and after much has happened since.
func TestExplainACampaign(t *testing.T) {
	w := newWorld(t)
	const stranger = "+12125550142"
	w.subscribes(her)
	first := create(t, "Example Corp.: first.")
	w.goTo(tuesday.Add(time.Hour))
	second := create(t, "Example Corp.: second.", "--at", tuesday.Add(6*time.Hour).Format(time.RFC3339))
	if r, words := whyOf(t, her, second); r.Outcome != "waiting" || r.Verdict != "defer" || r.Rule != "campaign-window" && r.Rule != "least-gap" || !strings.Contains(words, "waits for it") {
		t.Errorf("before it begins: %+v %s", r, words)
	}
	w.goTo(tuesday.Add(7 * time.Hour))
	third := create(t, "Example Corp.: third.")
	w.goTo(tuesday.Add(8 * time.Hour))
	r, words := whyOf(t, her, first)
	if r.Verdict != "allow" || r.Outcome != "sent" || r.Status != "delivered" || !strings.Contains(words, "got it") {
		t.Errorf("what she got: %+v %s", r, words)
	}
	r, words = whyOf(t, her, third)
	if r.Verdict != "defer" || r.Rule != "promised-frequency" || r.Outcome != "waiting" || len(r.Counted) != 2 || r.Until.Before(tuesday.Add(30*24*time.Hour)) {
		t.Errorf("her texts of the month: %+v", r)
	}
	if !strings.Contains(words, "campaign …"+first[20:]+" on 5 Jan") || !strings.Contains(words, "when the campaign is over") ||
		!strings.Contains(words, ": does not get it in its time, as things stand.") {
		t.Errorf("it says %s", words)
	}
	if r, words := whyOf(t, stranger, third); !strings.Contains(words, ": does not get it, as things stand.") ||
		r.Verdict != "refuse" || r.Rule != "topic-consent" || !r.Rebuilt || !r.At.Equal(tuesday.Add(7*time.Hour)) {
		t.Errorf("of somebody who never asked: %+v", r)
	}
	w.goTo(tuesday.Add(7*time.Hour + 4*24*time.Hour))
	w.says(her, "STOP")
	w.subscribes(stranger)
	r, words = whyOf(t, her, third)
	if r.Verdict != "defer" || r.Rule != "promised-frequency" || r.Outcome != "expired" || !r.Rebuilt || len(r.Counted) != 2 {
		t.Errorf("when it is over, and she has left: %+v", r)
	}
	if !strings.Contains(words, "from the record") {
		t.Errorf("it does not say how it knows: %s", words)
	}
	if r, _ := whyOf(t, stranger, third); r.Rule != "topic-consent" || r.Outcome != "refused" {
		t.Errorf("of somebody who joined when it was over: %+v", r)
	}
}

// A text is explained by the very programs it was decided under, whatever was published since; so is an instant, and
// somebody's place in a campaign.
func TestExplainByThePoliciesOfThen(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	morning := create(t, "Example Corp.: morning.")
	w.goTo(tuesday.Add(time.Minute))
	first := textOnRecord(t, "morning")
	publishing(t, 0, "--file", afternoons(t), "--yes")

	explained := func(more ...string) explainJSON {
		t.Helper()
		out, _ := execute(t, 0, append([]string{"explain", her, "--json"}, more...)...)
		var e explainJSON
		if err := json.Unmarshal([]byte(out), &e); err != nil {
			t.Fatal(err)
		}
		return e
	}
	for name, e := range map[string]explainJSON{
		"the text":              explained("--message", first.ID),
		"by AWS's ID":           explained("--message", first.AWSID),
		"the instant":           explained("--topic", "alerts", "--at", tuesday.Add(30*time.Second).Format(time.RFC3339)),
		"in the campaign":       explained("--campaign", morning),
		"by a file that is not": explained("--message", first.ID, "--programs", afternoons(t)),
	} {
		if e.Policy != first.Policy || e.says("permitted-hours") == "defer" {
			t.Errorf("%s: by %s, %+v, want by %s", name, e.Policy, e.Rules, first.Policy)
		}
	}
	w.goTo(tuesday.Add(5 * time.Hour))
	afternoon := create(t, "Example Corp.: afternoon.")
	w.goTo(tuesday.Add(5*time.Hour + time.Minute))
	now := explained("--topic", "alerts")
	waits := explained("--campaign", afternoon)
	if now.says("permitted-hours") != "defer" || waits.Policy == first.Policy || waits.Outcome != "waiting" {
		t.Errorf("now: %+v; in the campaign: %+v", now, waits)
	}
	w.goTo(tuesday.Add(6*time.Hour + time.Minute))
	second := textOnRecord(t, "afternoon")
	if e := explained("--message", second.ID); e.Policy != second.Policy || second.Policy == first.Policy {
		t.Errorf("the second went under %s, explained by %s; the first under %s", second.Policy, e.Policy, first.Policy)
	}
	if out, _ := execute(t, 0, "explain", her, "--message", first.ID); !strings.Contains(out, "Answered by programs.yaml "+first.Policy[:12]) {
		t.Errorf("in words: %s", out)
	}
	for says, args := range map[string][]string{
		"has no text":           {"--message", "nosuch"},
		"leave out --topic":     {"--message", first.ID, "--topic", "alerts"},
		"give it or --campaign": {"--message", first.ID, "--campaign", morning},
	} {
		if _, said := execute(t, exitUsage, append([]string{"explain", her}, args...)...); !strings.Contains(said, says) {
			t.Errorf("%v says %s", args, said)
		}
	}
}

// Programs that were built in and never published are known by the file that has their hash, and by no other.
func TestExplainByAFileThatWasNeverPublished(t *testing.T) {
	file := edition(t, "answers_per_hour: 6", "answers_per_hour: 5")
	_, deployed, err := programsIn("", file)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorldOf(t, deployed)
	w.subscribes(her)
	text := textOnRecord(t, "HELP")
	args := []string{"explain", her, "--message", text.ID}
	if _, says := execute(t, exitUsage, args...); !strings.Contains(says, "give the file") || !strings.Contains(says, deployed.Hash()) {
		t.Errorf("without the file: %s", says)
	}
	if _, says := execute(t, exitUsage, append(args, "--programs", afternoons(t))...); !strings.Contains(says, "is not what was in force then") {
		t.Errorf("with another: %s", says)
	}
	if out, _ := execute(t, 0, append(args, "--programs", file)...); !strings.Contains(out, "Answered by programs.yaml "+deployed.Hash()[:12]) {
		t.Errorf("with it: %s", out)
	}
}

type explainJSON struct {
	Policy  string `json:"policy"`
	Outcome string `json:"outcome"`
	Rules   []struct {
		Name   string `json:"name"`
		Answer string `json:"answer"`
	} `json:"rules"`
}

func (e explainJSON) says(rule string) string {
	for _, r := range e.Rules {
		if r.Name == rule {
			return r.Answer
		}
	}
	return ""
}

type textJSON struct {
	ID     string `json:"id"`
	AWSID  string `json:"aws_id"`
	Policy string `json:"policy"`
	Body   string `json:"body"`
}

// textOnRecord is the text to her that contains a part.
func textOnRecord(t *testing.T, part string) textJSON {
	t.Helper()
	out, _ := execute(t, 0, "record", her, "--json")
	var r struct {
		Messages []textJSON `json:"messages"`
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	for _, m := range r.Messages {
		if strings.Contains(m.Body, part) {
			return m
		}
	}
	t.Fatalf("no text on record says %q", part)
	return textJSON{}
}
