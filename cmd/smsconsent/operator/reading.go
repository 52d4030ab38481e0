package operator

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"smsconsent/shared/core/keyword"
)

// readingInFull is how one line was read, as classify --explain --json prints it.
type readingInFull struct {
	reading
	Language string            `json:"language"`
	Cut      bool              `json:"cut"`
	Spoken   []string          `json:"spoken"`
	Readings []keyword.Reading `json:"readings"`
}

// printReading prints how a reply was read: its words and the rules that were tried, for each reading.
func printReading(w io.Writer, text string, e *keyword.Explanation) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  %s\t%s\tconfidence %g%s\n", text, e.Intent.Kind, e.Intent.Why, e.Intent.Confidence,
		in(e.Intent.Language))
	if e.Cut {
		fmt.Fprintf(&b, "  only the first %d characters were read\n", keyword.MaxRunes)
	}
	if len(e.Spoken) > 0 {
		fmt.Fprintf(&b, "  most of its words are known in: %s\n", languages(e.Spoken))
	}
	for i := range e.Readings {
		printOne(&b, &e.Readings[i])
	}
	_, err := fmt.Fprintln(w, b.String())
	return err
}

// printOne prints one reading. Sections of rules in which there was nothing to try are gathered on one line.
func printOne(b *strings.Builder, r *keyword.Reading) {
	mended := ""
	if r.Mended {
		mended = ", slips mended"
	}
	fmt.Fprintf(b, "  read%s%s: %s, %s\n    words\n", in(r.Language), mended, r.Kind, r.Why)
	for i := range r.Words {
		fmt.Fprintf(b, "      %s\n", wordLine(&r.Words[i]))
	}
	b.WriteString("    rules\n")
	var silent []string
	tell := func() {
		if silent != nil {
			fmt.Fprintf(b, "      %s: none to try\n", strings.Join(silent, ", "))
			silent = nil
		}
	}
	for i := range r.Sections {
		s := &r.Sections[i]
		if len(s.Tried)+len(s.Fits) == 0 {
			silent = append(silent, s.Name)
			continue
		}
		tell()
		fmt.Fprintf(b, "      %s: ", s.Name)
		if len(s.Tried) > 0 {
			fmt.Fprintf(b, "tried %s", strings.Join(s.Tried, "; "))
		}
		for n, fit := range s.Fits {
			if n+len(s.Tried) > 0 {
				b.WriteString("\n        ")
			}
			fmt.Fprintf(b, "fits %s (%q)", fit.Rule, fit.Words)
		}
		b.WriteString("\n")
	}
	tell()
}

// wordLine returns a word as written, what it was read as and known as where that differs, and its classes.
func wordLine(w *keyword.Word) string {
	var b strings.Builder
	b.WriteString(w.Written)
	last := w.Written
	for _, next := range []string{w.Read, w.Known} {
		if next != "" && !strings.EqualFold(next, last) {
			b.WriteString(" → " + next)
			last = next
		}
	}
	if w.Guessed {
		b.WriteString(" (guessed)")
	}
	b.WriteString(": " + cmp.Or(strings.Join(w.Classes, ", "), "known, of no class"))
	if w.Topic != "" {
		b.WriteString(" of " + w.Topic)
	}
	return b.String()
}

func in(language string) string {
	if language == "" {
		return ""
	}
	return " in " + language
}

// languages joins codes. The empty code, of words that all languages share, becomes "all".
func languages(codes []string) string {
	var named []string
	for _, code := range codes {
		named = append(named, cmp.Or(code, "all"))
	}
	return strings.Join(named, ", ")
}
