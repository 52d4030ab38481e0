package operator

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
)

func campaignStored(t *testing.T, id string) campaign.Campaign {
	t.Helper()
	s, err := remote(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := consentTable(s).Campaign(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A copy says the same to the same people for as long; what flags say, it says instead.
func TestCopy(t *testing.T) {
	newWorld(t)
	first := create(t, "Example Corp.: hi {first_name|there}!", "--text-es", "Example Corp.: ¡hola!", "--content", "november",
		"--digest", "--expires", tuesday.Add(5*time.Hour).Format(time.RFC3339))
	if _, says := execute(t, exitUsage, "campaign", "copy", first, "--json"); !strings.Contains(says, first) {
		t.Errorf("a copy at the same time says %q, want its twin named", says)
	}
	out, _ := execute(t, 0, "campaign", "copy", first, "--at", "thursday 10:00", "--zone", "America/Los_Angeles", "--json")
	was, is := campaignStored(t, first), campaignStored(t, strictly[created](t, out).ID)
	thursday := time.Date(2027, time.January, 7, 18, 0, 0, 0, time.UTC)
	if !is.At.Equal(thursday) || !is.Expires.Equal(thursday.Add(5*time.Hour)) {
		t.Errorf("it is from %s until %s", is.At, is.Expires)
	}
	if is.Text != was.Text || is.Texts["es"] != was.Texts["es"] || is.Content != "november" || !is.Digest || is.Brand != was.Brand || is.Topic != was.Topic {
		t.Errorf("%+v became %+v", was, is)
	}
	out, _ = execute(t, 0, "campaign", "copy", first, "--text", "Example Corp.: one more day.", "--json")
	if is := campaignStored(t, strictly[created](t, out).ID); is.Text != "Example Corp.: one more day." || len(is.Texts) != 0 {
		t.Errorf("with another text it says %+v", is)
	}
	named := []string{"campaign", "copy", first, "--id", "again", "--at", tuesday.Add(90 * time.Hour).Format(time.RFC3339), "--json"}
	out, _ = execute(t, 0, named...)
	if again, _ := execute(t, 0, named...); again != out || campaignStored(t, strictly[created](t, out).ID).Text != was.Text {
		t.Errorf("made once under its name it is %s, and then %s", out, again)
	}
}

// Another text leaves out those in other languages, and whoever writes it learns of each before the question.
func TestAnotherTextLeavesOutLanguages(t *testing.T) {
	newWorld(t)
	at := []string{"--at", tuesday.Add(24 * time.Hour).Format(time.RFC3339)}
	id := create(t, "Example Corp.: one.", append(at, "--text-es", "Uno.", "--text-fr", "Un.")...)
	const left = "the one in "
	fr := filepath.Join(t.TempDir(), "fr.txt")
	if err := os.WriteFile(fr, []byte("Example Corp.: six.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want string
		args []string
	}{
		{left + "es, fr is left out", []string{"copy", id, "--text", "Example Corp.: two.", "--yes"}},
		{left + "es is left out, and its readers get this one; write it anew with --text-es", []string{"edit", id, "--text", "Example Corp.: three.", "--text-fr", "Trois."}},
		{"", []string{"edit", id, "--text", "Example Corp.: four.", "--text-fr", "Quatre."}},
		{"", []string{"edit", id, "--text-fr", "Cinq."}},
		{"", []string{"edit", id, "--text-file", "fr=" + fr}},
	} {
		_, says := execute(t, 0, append([]string{"campaign"}, c.args...)...)
		if !strings.Contains(says, c.want) || c.want == "" && strings.Contains(says, left) {
			t.Errorf("%q: %q, want %q", c.args, says, c.want)
		}
	}
	if c := campaignStored(t, id); c.Text != "Example Corp.: four." || c.Texts["fr"] != "Example Corp.: six." {
		t.Errorf("one text of a file changes it to %q and %q", c.Text, c.Texts)
	}
	sees, _, _ := typing(t, "n\n", "campaign", "edit", id, "--text", "Example Corp.: seven.")
	warning, question := strings.Index(sees, left+"fr"), strings.Index(sees, "Really text")
	if warning < 0 || question < warning {
		t.Errorf("at a terminal one sees %q", sees)
	}
}

// The text of one brand goes out for no other.
func TestCopyForAnotherBrand(t *testing.T) {
	newWorld(t)
	id := create(t, "Example Corp.: one.")
	if _, says := execute(t, exitUsage, "campaign", "copy", id, "--brand", "examplecafe", "--topic", "specials", "--yes"); !strings.Contains(says, "--brand: ") || !strings.Contains(says, "--text") {
		t.Errorf("%q", says)
	}
	out, _ := execute(t, 0, "campaign", "copy", id, "--brand", "examplecafe", "--topic", "specials", "--text", "Two.", "--json")
	if c := campaignStored(t, strictly[created](t, out).ID); c.Text != "Example Cafe: Two." {
		t.Errorf("it says %q", c.Text)
	}
	if out, _ := execute(t, 0, "campaign", "list", "--json"); len(strictly[[]campaignRow](t, out)) != 2 {
		t.Errorf("there is %s", out)
	}
}

// A campaign for part of the list is copied and edited to one for all of it.
func TestWiden(t *testing.T) {
	newWorld(t)
	at := []string{"--at", tuesday.Add(24 * time.Hour).Format(time.RFC3339)}
	id := create(t, "Example Corp.: open.", append(at, "--in", "US-WA", "--attribute", "city=Yakima", "--attribute", "size=M")...)
	out, _ := execute(t, 0, "campaign", "copy", id, "--in", "Everywhere", "--text", "Example Corp.: open, all.", "--json")
	if c := campaignStored(t, strictly[created](t, out).ID); len(c.In) != 0 || len(c.Attributes) != 2 {
		t.Errorf("a copy for every place is for %v %v", c.In, c.Attributes)
	}
	execute(t, 0, "campaign", "edit", id, "--attribute", "anybody", "--json")
	if c := campaignStored(t, id); len(c.In) != 1 || len(c.Attributes) != 0 {
		t.Errorf("edited for anybody it is for %v %v", c.In, c.Attributes)
	}
	for flag, word := range map[string]string{"--in": "everywhere,US", "--attribute": "everybody"} {
		if _, says := execute(t, exitUsage, "campaign", "edit", id, flag, word); !strings.Contains(says, flag+": ") {
			t.Errorf("%s %s: %q", flag, word, says)
		}
	}
}

// What is edited goes out as edited, at its new time, once; what it was before nobody gets, and is free for another.
func TestEdit(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	at := func(h int) string { return tuesday.Add(time.Duration(h) * time.Hour).Format(time.RFC3339) }
	id := create(t, "Example Corp.: wrong price.", "--at", at(1), "--expires", at(8))
	out, _ := execute(t, 0, "campaign", "edit", id, "--text", "Example Corp.: right price.", "--at", at(3), "--json")
	if got := strictly[created](t, out).ID; got != id {
		t.Errorf("it became %s", got)
	}
	if c := campaignStored(t, id); !c.Expires.Equal(tuesday.Add(10*time.Hour)) || c.State != campaign.Scheduled {
		t.Errorf("%+v", c)
	}
	w.goTo(tuesday.Add(2 * time.Hour))
	if n := w.got(her, "price"); n != 0 || status(t, id).State != "scheduled" {
		t.Fatalf("before its new time it reached her %d times, and is %s", n, status(t, id).State)
	}
	w.goTo(tuesday.Add(4 * time.Hour))
	if right, all := w.got(her, "right price"), w.got(her, "price"); right != 1 || all != 1 {
		t.Errorf("it reached her %d times, and as it was before %d times", right, all-right)
	}
	if _, says := execute(t, exitFailed, "campaign", "edit", id, "--text", "Example Corp.: too late."); !strings.Contains(says, "is done") {
		t.Errorf("what is over is edited: %q", says)
	}
	create(t, "Example Corp.: wrong price.", "--at", at(5))
}

func TestEditIsRefused(t *testing.T) {
	w := newWorld(t)
	at := func(h int) string { return tuesday.Add(time.Duration(h) * time.Hour).Format(time.RFC3339) }
	one, two := create(t, "Example Corp.: one.", "--at", at(2)), create(t, "Example Corp.: two.", "--at", at(2))
	if _, says := execute(t, exitUsage, "campaign", "edit", two, "--text", "Example Corp.: one."); !strings.Contains(says, one) {
		t.Errorf("edited to be a twin it says %q", says)
	}
	w.goTo(tuesday.Add(2*time.Hour - time.Minute))
	if _, says := execute(t, exitFailed, "campaign", "edit", two, "--text", "Example Corp.: three."); !strings.Contains(says, "two minutes before") {
		t.Errorf("a minute before it says %q", says)
	}
	if c := campaignStored(t, two); c.Text != "Example Corp.: two." {
		t.Errorf("it became %+v", c)
	}
}

// One that is paused before it begins is edited, stays paused, and waits for its beginning again once it is resumed.
func TestEditPaused(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	at := func(h int) string { return tuesday.Add(time.Duration(h) * time.Hour).Format(time.RFC3339) }
	id := create(t, "Example Corp.: wrong price.", "--at", at(1), "--expires", at(8))
	execute(t, 0, "campaign", "pause", id, "--why", "the price is wrong")
	execute(t, 0, "campaign", "edit", id, "--text", "Example Corp.: nice price.", "--at", at(3), "--json")
	if c := campaignStored(t, id); c.State != campaign.Paused || c.Why != "the price is wrong" || c.Text != "Example Corp.: nice price." {
		t.Errorf("edited it is %+v", c)
	}
	w.goTo(tuesday.Add(2 * time.Hour))
	out, _ := execute(t, 0, "campaign", "resume", id, "--json")
	if m := strictly[moved](t, out); m != (moved{id, "scheduled"}) {
		t.Errorf("resume prints %+v", m)
	}
	out, _ = execute(t, 0, "campaign", "list", "--json")
	if rows := strictly[[]campaignRow](t, out); rows[0].Next == nil || !rows[0].Next.Equal(tuesday.Add(3*time.Hour)) {
		t.Errorf("resumed, it is listed as %+v", rows[0])
	}
	execute(t, 0, "campaign", "edit", id, "--text", "Example Corp.: right price.", "--json")
	if n := w.got(her, "price"); n != 0 {
		t.Errorf("before its new time it reached her %d times", n)
	}
	w.goTo(tuesday.Add(4 * time.Hour))
	if right, all := w.got(her, "right price"), w.got(her, "price"); right != 1 || all != 1 {
		t.Errorf("it reached her %d times, and as it was before %d times", right, all-right)
	}
}

// Who answers for a text answers for it as long as it stays.
func TestEditKeepsWhoAnswers(t *testing.T) {
	newWorld(t)
	out, _ := execute(t, 0, "campaign", "create", "--topic", "orders", "--text", "Example Corp.: recall!", "--urgent", "--says", "Ana Perez",
		"--at", tuesday.Add(time.Hour).Format(time.RFC3339), "--json")
	id := strictly[created](t, out).ID
	execute(t, 0, "campaign", "edit", id, "--at", tuesday.Add(2*time.Hour).Format(time.RFC3339), "--yes")
	if c := campaignStored(t, id); c.Vouched.Urgent != "Ana Perez" {
		t.Errorf("another time: %+v", c.Vouched)
	}
	es := filepath.Join(t.TempDir(), "es.txt")
	if err := os.WriteFile(es, []byte("Example Corp.: retirada.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, another := range [][]string{{"--text-es", "Example Corp.: retirado."}, {"--text-file", "es=" + es}, {"--text", "Example Corp.: no recall."}} {
		execute(t, 0, "campaign", "edit", id, "--urgent", "--says", "Ana Perez", "--yes")
		if c := campaignStored(t, id); c.Vouched.Urgent != "Ana Perez" {
			t.Fatalf("told anew: %+v", c.Vouched)
		}
		execute(t, 0, append([]string{"campaign", "edit", id, "--yes"}, another...)...)
		if c := campaignStored(t, id); c.Vouched.Urgent != "" {
			t.Errorf("with %q: %+v", another, c.Vouched)
		}
	}
}

// Texts come from files, times as people write them, and nothing is made that is meant otherwise.
func TestCreateFlags(t *testing.T) {
	newWorld(t)
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	en, es := file("en.txt", "\ufeffExample Corp.: hi.\n"), file("es.txt", "Example Corp.: hola.\r\n")
	out, _ := execute(t, 0, "campaign", "create", "--topic", "alerts", "--text-file", en, "--text-file", "es="+es,
		"--at", "tomorrow 10:00", "--zone", "America/New_York", "--json")
	c := campaignStored(t, strictly[created](t, out).ID)
	if c.Text != "Example Corp.: hi." || c.Texts["es"] != "Example Corp.: hola." || !c.At.Equal(tuesday.Add(21*time.Hour)) {
		t.Errorf("%+v", c)
	}
	for _, tc := range []struct {
		args []string
		says string
	}{
		{[]string{"--text", "Hi.", "--text-file", en}, "--text-file: "},
		{[]string{"--text-file", filepath.Join(dir, "none.txt")}, "--text-file: "},
		{[]string{"--text", "Hi.", "--text-file", "es=" + file("empty.txt", "\ufeff\n")}, "empty.txt is empty"},
		{[]string{"--text-file", "/dev/zero"}, "--text-file: /dev/zero holds more than 65536 bytes"},
		{[]string{"--text-file", file("twice.txt", "\ufeff\ufeffHi.")}, "--text: character 1 is U+FEFF"},
		{[]string{"--text", "Hi.", "--text-es", "Oferta: \u202e%05"}, "--text-es: character 9 is U+202E"},
		{[]string{"--text", "Hi.", "--at", "tomorrow 10:00"}, "--zone"},
		{[]string{"--text", "Hi.", "--at", "tomorrow 10:00", "--zone", "Mars/Olympus"}, "--zone: "},
		{[]string{"--text", "Hi.", "--at", "2099-01-01T00:00:00Z"}, "--far"},
		{[]string{"--text", "Hi.", "--max-cost", "-1"}, `"--max-cost" flag: it is no sum`},
	} {
		if _, says := execute(t, exitUsage, append([]string{"campaign", "create", "--topic", "alerts", "--json"}, tc.args...)...); !strings.Contains(says, tc.says) {
			t.Errorf("%v: %q, want %q", tc.args, says, tc.says)
		}
	}
	execute(t, 0, "campaign", "create", "--topic", "alerts", "--text", "In far times.", "--at", "2099-01-01T00:00:00Z", "--far", "--json")
}

// - in the place of a file is standard input.
func TestTextOfStandardInput(t *testing.T) {
	newWorld(t)
	root := rootCommand()
	root.SetArgs([]string{"campaign", "create", "--topic", "alerts", "--text-file", "-", "--id", "piped", "--json"})
	root.SetIn(strings.NewReader("\ufeffExample Corp.:\r\nhi.\r\n"))
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	id, _, err := parseID("ID", "piped")
	if c := campaignStored(t, id); err != nil || c.Text != "Example Corp.:\nhi." {
		t.Errorf("%q, %v", c.Text, err)
	}
}

// Who is interrupted while a text is awaited from a terminal or a pipe waits no longer.
func TestInterruptedAtTheText(t *testing.T) {
	newWorld(t)
	ctx, interrupt := context.WithCancel(t.Context())
	silence, end := io.Pipe()
	t.Cleanup(func() { _ = end.Close() })
	root := rootCommand()
	root.SetArgs([]string{"campaign", "plan", "--topic", "alerts", "--text-file", "-"})
	root.SetIn(quiet{silence, interrupt})
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	if err := root.ExecuteContext(ctx); !errors.Is(err, errInterrupted) {
		t.Error(err)
	}
}

func TestMaxCost(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	args := []string{"campaign", "create", "--topic", "alerts", "--text", "Example Corp.: hi.", "--json", "--max-cost"}
	if _, says := execute(t, exitUsage, append(args, "0.001")...); !strings.Contains(says, "--max-cost: it costs about $0.01") {
		t.Errorf("too dear, it says %q", says)
	}
	if list, _ := execute(t, 0, "campaign", "list", "--json"); strings.TrimSpace(list) != "[]" {
		t.Errorf("made is %s", list)
	}
	for value, says := range map[string]string{
		"0": "--max-cost: it costs about $0.01", "NaN": "--max-cost", "Inf": "--max-cost", "-Inf": "--max-cost", "-1": "--max-cost", "x": "--max-cost",
	} {
		if _, said := execute(t, exitUsage, append(args, value)...); !strings.Contains(said, says) {
			t.Errorf("%s: %q, want %q", value, said, says)
		}
	}
	out, _ := execute(t, 0, append(args, "1")...)
	if c := campaignStored(t, strictly[created](t, out).ID); c.Plan.Cents != 1 || c.Plan.Will != 1 {
		t.Errorf("the plan on record is %+v", c.Plan)
	}
}

// Watching ends with the campaign, or with whoever watches; that ends nothing else.
func TestWatch(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	id := create(t, "Example Corp.: pumpkins are in.")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out, says strings.Builder
	if code := Run(ctx, []string{"campaign", "watch", id}, &out, &says); code == 0 && !strings.Contains(says.String(), "goes on") {
		t.Errorf("left alone it says %q", says.String())
	}
	w.goTo(tuesday.Add(2 * time.Minute))
	line, _ := execute(t, 0, "campaign", "watch", id)
	if line != "done: sent 1, wait 0, refused 0, expired 0\n" {
		t.Errorf("it says %q", line)
	}
	line, _ = execute(t, 0, "campaign", "watch", id, "--json")
	if r := strictly[campaignRow](t, line); r.State != campaign.Done || r.Counts.Sent != 1 {
		t.Errorf("it says %q", line)
	}
	execute(t, exitUsage, "campaign", "watch", id, "--every", "0s")
}
