package outbox_test

import (
	"strings"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
)

// pages makes links that count.
type pages struct {
	made []consent.Key
	at   time.Time
}

func (p *pages) Link(key consent.Key, now time.Time) string {
	p.made, p.at = append(p.made, key), now
	return "https://example.com/preferences?t=secret" + strings.Repeat("x", len(p.made))
}

// An answer brings the person's own link. What goes on record does not hold it: who may read what was sent must not be
// able to act for the person. What the text says is the same whatever its link, so the claim's content is that of the
// text without.
func TestAnswersBringALinkThatIsNotOnRecord(t *testing.T) {
	w := newWorld(t)
	links := &pages{}
	w.Links = links
	w.subscribe(t)
	var contents []string
	for _, intent := range []keyword.Intent{saidHelp, {Kind: keyword.Preferences}, {Kind: keyword.Preferences}} {
		w.pass(time.Minute)
		w.mustHear(t, w.inbound(intent))
		sent := w.carrier.sent[len(w.carrier.sent)-1]
		if !strings.Contains(sent.Body, links.Link(key, w.now())[:len("https://example.com/preferences?t=secret")]) {
			t.Errorf("the answer to %s is %q", intent.Kind, sent.Body)
		}
		c := w.contact(t)
		cl := c.Claims[len(c.Claims)-1]
		contents = append(contents, cl.Content)
		kept := w.text(t, cl.ID)
		if strings.Contains(kept.Body, "secret") || !strings.Contains(kept.Body, "[link]") {
			t.Errorf("on record is %q", kept.Body)
		}
		if sent.Body == kept.Body || message.ContentHash(sent.Body) == cl.Content {
			t.Error("the content of the claim depends on the link")
		}
	}
	if contents[1] != contents[2] || contents[0] == contents[1] {
		t.Errorf("contents %v: the last two say the same, the first something else", contents)
	}
	for _, k := range links.made {
		if k != key {
			t.Errorf("a link for %v", k)
		}
	}
	if !links.at.Equal(w.now()) {
		t.Errorf("the last link was made for %s, want %s", links.at, w.now())
	}
}

// No link is made for what is not an answer, and none where there is no page.
func TestOnlyAnswersHaveLinks(t *testing.T) {
	w := newWorld(t)
	links := &pages{}
	w.Links = links
	if _, err := w.Change(t.Context(), key, func(c consent.Contact) consent.Change {
		return c.Request(consent.Request{At: w.now(), Source: consent.SourceForm, Topics: w.program("alerts").Topics, Terms: w.Catalog.SignUp})
	}); err != nil {
		t.Fatal(err)
	}
	if len(w.carrier.sent) != 1 || len(links.made) != 0 {
		t.Errorf("%d texts, %d links", len(w.carrier.sent), len(links.made))
	}
	w.Links = nil
	w.pass(time.Minute)
	w.mustHear(t, w.inbound(saidHelp))
	if last := w.carrier.sent[len(w.carrier.sent)-1].Body; strings.Contains(last, "http") || strings.HasSuffix(last, " ") {
		t.Errorf("without a page: %q", last)
	}
}
