package local_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/local"
)

// Every conversation of the demonstration goes as it says: at most one answer to a text (I9), and the one that is meant.
func TestConversations(t *testing.T) {
	w := newWorld(t, nil)
	for _, c := range local.Conversations() {
		t.Run(c.Case, func(t *testing.T) {
			for _, line := range c.Lines {
				w.goTo(w.now().Add(max(line.Wait, time.Second)))
				before := len(w.screen(c.Phone))
				w.texts(c.Phone, line.To, line.Says)
				back := w.screen(c.Phone)[before:]
				if len(back) > 1 || (len(back) == 1) != (line.Answer != "") || len(back) == 1 && !strings.HasPrefix(back[0], line.Answer) {
					t.Errorf("%q was answered %q, want %q", line.Says, back, line.Answer)
				}
			}
			if r := w.record(c.Phone); !r.Verified {
				t.Error("I4: the chain does not verify")
			}
		})
	}
}
