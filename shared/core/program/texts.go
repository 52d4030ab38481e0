package program

import (
	"fmt"
	"slices"
	"strings"

	"smsconsent/shared/core/wording"
)

// maxLinkLength is the most characters in the address of a preference page: a host name, a path and a signed token.
const maxLinkLength = 200

// Facts returns the facts for a text of the program about topics (IDs), or about all its topics where none are named.
// A topic that is no longer in programs.yaml is left out. Topics may belong to other programs, as in the answer to a
// STOP that ended several; the contact for help is always the program's.
func (b *Brand) Facts(p *Program, topics []string) wording.Facts {
	about := p.Topics
	if len(topics) > 0 {
		about = nil
		for _, id := range topics {
			if _, t, ok := b.Topic(id); ok {
				about = append(about, *t)
			}
		}
	}
	f := wording.Facts{Brand: b.Name, Keyword: "START"} // which asks for all topics
	if i := slices.IndexFunc(about, func(t Topic) bool { return t.Keyword != "" }); i >= 0 {
		f.Keyword = about[i].Keyword
	}
	for i := range about {
		f.Topics = append(f.Topics, about[i].Fact())
	}
	if len(about) > 0 {
		f.Locale = about[0].Locale
	}
	if len(p.Topics) > 0 {
		// All topics of a program have the same help; Load sees to it.
		f.Email, f.Phone = p.Topics[0].HelpEmail, p.Topics[0].HelpPhone
	}
	return f
}

// Fact returns what a text may say about the topic.
func (t *Topic) Fact() wording.Topic {
	return wording.Topic{Name: t.Name, Count: t.Frequency.Count, Period: wording.Word(t.Frequency.Period)}
}

// texts reads a brand's own wording by language. The programs of the brand must have been read before, because their
// names count in the length of the texts.
func (d *decoder) texts(f field, b *Brand) map[string]wording.Language {
	if f.node == nil {
		return nil
	}
	own := map[string]wording.Language{}
	languages := d.open(f)
	for _, code := range languages.keys() {
		at := languages.get(code)
		if !wording.IsLanguage(code) {
			d.fail(at, "%q is no language; write its two letters (ISO 639-1), such as es", code)
			continue
		}
		own[code] = d.language(at, code, b)
	}
	return own
}

func (d *decoder) language(f field, code string, b *Brand) wording.Language {
	before := len(d.faults)
	o := d.object(f, append(asStrings(wording.Texts()), "words")...)
	words := o.get("words")
	l := wording.Language{Texts: map[wording.Text]string{}, Words: d.words(words, code)}
	for _, t := range wording.Texts() {
		at := o.get(string(t))
		template := d.text(at)
		if template == "" {
			continue
		}
		l.Texts[t] = template
		if err := wording.Check(t, template); err != nil {
			d.fail(at, "%v", err)
		}
	}
	if len(d.faults) > before {
		return l
	}
	for _, t := range wording.Texts() {
		at := o.get(string(t))
		if at.node == nil {
			at = words // a text of ours is as long as its words
		}
		d.checkLength(at, t, code, l, b)
	}
	return l
}

// words reads the words for the values of placeholders. In a language we have, each is optional. In any other
// language all are required, so that no text mixes two languages.
func (d *decoder) words(f field, code string) map[wording.Word]string {
	needed, every := wording.Words(), !wording.IsOurs(code)
	if f.node == nil {
		if every {
			d.missing(f, `{and: "and", …}; a language we have no words in needs `+strings.Join(asStrings(needed), ", "))
		}
		return nil
	}
	names := slices.Concat(needed, wording.MoreWords())
	o := d.object(f, asStrings(names)...)
	english := wording.Choose(nil, wording.Notice)
	words := map[wording.Word]string{}
	for _, w := range names {
		at := o.get(string(w))
		if every && at.node == nil && slices.Contains(needed, w) {
			d.missing(at, fmt.Sprintf("%q, in that language", strings.TrimPrefix(english.Word(w), ", ")))
		}
		text := d.text(at)
		if text == "" {
			continue
		}
		words[w] = text
		if err := wording.CheckWord(w, text); err != nil {
			d.fail(at, "%v", err)
		}
	}
	return words
}

// checkLength reports a fault where AWS would refuse the text because it is too long, for any program of the brand.
func (d *decoder) checkLength(f field, t wording.Text, code string, l wording.Language, b *Brand) {
	voice := wording.Choose(map[string]wording.Language{code: l}, t, code)
	for i := range b.Programs {
		p := &b.Programs[i]
		facts := b.Facts(p, nil)
		facts.Link = strings.Repeat("x", maxLinkLength)
		if n := wording.Characters(voice.Write(t, facts)); n > wording.MaxCharacters {
			d.fail(
				f,
				"makes %s a text of %d characters with the names of all topics of program %q; AWS takes %d at most: shorten it",
				t,
				n,
				p.ID,
				wording.MaxCharacters,
			)
			return
		}
	}
}

func asStrings[S ~string](names []S) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = string(name)
	}
	return all
}
