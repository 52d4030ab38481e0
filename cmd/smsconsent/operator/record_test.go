package operator

import (
	"strings"
	"testing"
	"time"
)

// A compliance officer reads where a person stands and how it came to that, and the evidence as it is stored.
func TestRecord(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	create(t, "Example Corp.: pumpkins are in.")
	w.goTo(tuesday.Add(time.Minute))
	for _, number := range []string{her, "(206) 555-0142"} {
		out, _ := execute(t, 0, "record", number)
		for _, want := range []string{
			her + " at example", "Verified: all of it is whole", "alerts: subscribed since", "confirmed by sms", "pumpkins are in",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("record of %s lacks %q:\n%s", number, want, out)
			}
		}
		if strings.Index(out, "confirmed by") > strings.Index(out, "pumpkins are in") {
			t.Errorf("not in the order of time:\n%s", out)
		}
	}
	out, _ := execute(t, 0, "record", her, "--json")
	if !strings.Contains(out, `"verified": true`) || !strings.Contains(out, `"hash"`) {
		t.Errorf("not the whole record: %s", out)
	}
}

func TestMistakesAboutRecords(t *testing.T) {
	newWorld(t)
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"record"}, 2, "PHONE is required"},
		{[]string{"record", "12"}, 2, "PHONE: "},
		{[]string{"record", her, "--brand", "acme"}, 2, "acme"},
		{[]string{"record", "+12065550199"}, exitFailed, "nothing on record for this phone"},
	} {
		if _, says := execute(t, c.code, c.args...); !strings.Contains(says, c.says) {
			t.Errorf("%q says %q, want %q", c.args, says, c.says)
		}
	}
}
