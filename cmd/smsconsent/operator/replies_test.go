package operator

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
)

type repliesJSON struct {
	Replies []replyShown `json:"replies"`
	More    bool         `json:"more"`
}

// What no rule understands is listed with masked numbers until somebody has read it. Whoever wants the numbers is on
// record; a STOP is never listed.
func TestReplies(t *testing.T) {
	w := newWorld(t)
	if out, _ := execute(t, 0, "replies"); out != "No replies to read, of brand example.\n" {
		t.Errorf("of nobody: %q", out)
	}
	w.subscribes(her)
	w.says(her, "do you open on sundays?")
	w.goTo(tuesday.Add(time.Hour))
	w.says(her, "and when exactly, for I come from far away and would rather not stand before a closed door?")
	w.says(her, "STOP")
	list := func(more ...string) repliesJSON {
		t.Helper()
		out, _ := execute(t, 0, append([]string{"replies", "--json"}, more...)...)
		return strictly[repliesJSON](t, out)
	}
	all := list()
	if len(all.Replies) != 2 || all.More || all.Replies[1].Words != "do you open on sundays?" || all.Replies[1].Phone != "+1••••••0142" ||
		!all.Replies[1].At.Equal(tuesday) || all.Replies[1].Program != "alerts" {
		t.Fatalf("%+v", all)
	}
	if one := list("--most", "1"); len(one.Replies) != 1 || !one.More || !strings.HasPrefix(one.Replies[0].Words, "and when") {
		t.Errorf("the latest: %+v", one)
	}
	out, _ := execute(t, 0, "replies")
	fits(t, out)
	if strings.Contains(out, "5550142") || !strings.Contains(out, "  do you open on sundays?\n  Why: no rule understands it.\n") {
		t.Errorf("in words: %s", out)
	}
	asked := func() int {
		t.Helper()
		s, err := remote(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		askings, err := consentTable(s).ReplyNumbersRequests(t.Context(), "example")
		if err != nil {
			t.Fatal(err)
		}
		return len(askings)
	}
	if n := asked(); n != 0 {
		t.Errorf("%d askings are on record, and nobody asked", n)
	}
	if clear := list("--clear"); clear.Replies[0].Phone != her || asked() != 1 {
		t.Errorf("%+v, %d askings on record", clear, asked())
	}
	execute(t, 0, "replies", "--read", all.Replies[1].ID)
	if left := list(); len(left.Replies) != 1 || left.Replies[0].ID != all.Replies[0].ID {
		t.Errorf("left: %+v", left)
	}
	if read := list("--all").Replies; len(read) != 2 || read[1].ReadBy == "" || !read[1].Read.Equal(tuesday.Add(time.Hour)) {
		t.Errorf("all: %+v", read)
	}
	w.goTo(tuesday.Add(consent.RepliesKept + time.Hour + time.Minute))
	if late := list("--all"); len(late.Replies) != 0 {
		t.Errorf("a month later: %+v", late)
	}
}

func TestRepliesMistakes(t *testing.T) {
	newWorld(t)
	for says, args := range map[string][]string{
		"--most":        {"--most", "0"},
		"--brand":       {"--brand", "nosuch"},
		"no reply":      {"--read", "nosuch"},
		"lists nothing": {"--read", "nosuch", "--clear"},
	} {
		if out, said := execute(t, exitUsage, append([]string{"replies"}, args...)...); out != "" || !strings.Contains(said, says) {
			t.Errorf("%v prints %q and says %q", args, out, said)
		}
	}
}
