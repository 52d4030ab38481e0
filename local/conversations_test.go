package local_test

import (
	"testing"

	"smsconsent/local/conversation"
)

// play has the conversation take place and returns what came back after each of its lines.
func (w *world) play(c conversation.Conversation) [][]string {
	w.t.Helper()
	back := make([][]string, len(c.Lines))
	for i, line := range c.Lines {
		w.goTo(w.now().Add(line.Wait))
		before := len(w.screen(c.Phone))
		w.texts(c.Phone, line.To, line.Says)
		back[i] = w.screen(c.Phone)[before:]
	}
	return back
}

// Every conversation of the demonstration goes as it says: at most one answer to a text (I9), and the one that is
// meant.
func TestConversations(t *testing.T) {
	w := newWorld(t, nil)
	for _, c := range conversation.All() {
		t.Run(c.Case, func(t *testing.T) {
			for i, back := range w.play(c) {
				if line := c.Lines[i]; !line.Matches(back) {
					t.Errorf("%q was answered %q, want %q", line.Says, back, line.Answer)
				}
			}
			if r := w.record(c.Phone); !r.Verified {
				t.Error("I4: the chain does not verify")
			}
		})
	}
}
