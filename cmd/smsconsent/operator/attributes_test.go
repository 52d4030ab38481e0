package operator

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// What is set of a person is seen, and stands in a campaign's text to them; others read the words behind the bar.
func TestAttributes(t *testing.T) {
	w := newWorld(t)
	const him = "+12065550143"
	w.subscribes(her)
	w.subscribes(him)
	status := func(want string, args ...string) {
		t.Helper()
		out, _ := execute(t, 0, append([]string{"attributes"}, args...)...)
		if !strings.HasPrefix(out, want) {
			t.Errorf("attributes %q prints %q, want %s", args, out, want)
		}
	}
	status("Nothing is known", her)
	status("kept\n", her, "first_name=Ana", "city=San Juan")
	status("unchanged\n", her, "first_name=Ana")
	status("city=San Juan\nfirst_name=Ana\n", "(206) 555-0142")
	status("kept\n", her, "city=")
	status("unknown: ", "+12065550199", "first_name=Eve")
	out, _ := execute(t, 0, "attributes", her, "--json")
	want := addressee{Brand: "example", Phone: her, Attributes: map[string]string{"first_name": "Ana"}}
	if diff := cmp.Diff(want, strictly[addressee](t, out)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if out, _ := execute(t, 0, "attributes", her, "size=M", "--json"); strictly[map[string]string](t, out)["status"] != "kept" {
		t.Errorf("as JSON: %s", out)
	}
	create(t, "Example Corp.: hi {first_name|there}, pumpkins are in.")
	w.goTo(tuesday.Add(time.Minute))
	for number, says := range map[string]string{her: "hi Ana, pumpkins", him: "hi there, pumpkins"} {
		if w.got(number, says) != 1 || w.got(number, "pumpkins") != 1 {
			t.Errorf("%s does not read %q once", number, says)
		}
	}
}

func TestMistakesAboutAttributes(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	full := []string{"attributes", her}
	for _, name := range strings.Split("abcdefghij", "") {
		full = append(full, name+"=x")
	}
	execute(t, 0, full...)
	for _, c := range []struct {
		args []string
		says string
	}{
		{nil, "PHONE is required"},
		{[]string{"12"}, "PHONE: not ten digits"},
		{[]string{her, "Ana"}, "write NAME=VALUE"},
		{[]string{her, "a=x", "a=y"}, "once for each name"},
		{[]string{her, "First Name=Ana"}, "attributes.First Name: write the name of a field"},
		{[]string{her, "first_name=evil.com"}, "attributes.first_name: looks like a link"},
		{[]string{her, "k=x"}, "attributes: would be 11; a person has at most 10"},
		{[]string{her, "--brand", "acme"}, "--brand"},
	} {
		if out, says := execute(t, exitUsage, append([]string{"attributes"}, c.args...)...); !strings.Contains(says, c.says) || out != "" {
			t.Errorf("attributes %q prints %q and says %q, want %q", c.args, out, says, c.says)
		}
	}
	// A number that is right is no mistake, also where nobody is there.
	if _, says := execute(t, exitFailed, "attributes", "+12065550199"); !strings.Contains(says, "nothing on record") {
		t.Errorf("of nobody it says %q", says)
	}
}
