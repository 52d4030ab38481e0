package operator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/table"

	"smsconsent/shared/core/keyword"
)

// maxShown is how many characters of a misread reply are shown.
const maxShown = 100

// measured is how well the replies were read, as classify --labelled --json prints it.
type measured struct {
	Replies int       `json:"replies"`
	Right   int       `json:"right"`
	Kinds   []kindFit `json:"kinds"`
	Misread []misread `json:"misread"`
}

// kindFit is how well replies of one kind are recognized. Recall is the share of the replies with this label that
// were read as this kind. Precision is the share of the replies read as this kind that have this label. A share of
// nothing is nil.
type kindFit struct {
	Kind      keyword.Kind `json:"kind"`
	Labelled  int          `json:"labelled"`
	Read      int          `json:"read"`
	Right     int          `json:"right"`
	Recall    *float64     `json:"recall"`
	Precision *float64     `json:"precision"`
}

// misread is a reply that was not read as its label says.
type misread struct {
	Line  int          `json:"line"`
	Label keyword.Kind `json:"label"`
	Read  keyword.Kind `json:"read"`
	Why   string       `json:"why"`
	Text  string       `json:"text"`
}

// measure reads labelled replies, and prints how well they are understood.
func measure(r io.Reader, w io.Writer, f classifyFlags) error {
	var m measured
	fits := map[keyword.Kind]*kindFit{}
	for _, kind := range keyword.Kinds() {
		fits[kind] = &kindFit{Kind: kind}
	}
	vocabulary := f.vocabulary()
	err := eachReply(r, func(number int, line []byte, _ bool) error {
		label, text, err := labelled(string(line))
		if err != nil {
			return usageError{fmt.Errorf("line %d: %w", number, err)}
		}
		read := vocabulary.Classify(text)
		m.Replies++
		fits[label].Labelled++
		fits[read.Kind].Read++
		if read.Kind == label {
			m.Right++
			fits[label].Right++
			return nil
		}
		m.Misread = append(m.Misread, misread{Line: number, Label: label, Read: read.Kind, Why: read.Why, Text: text})
		return nil
	})
	if err != nil {
		return err
	}
	if m.Replies == 0 {
		return usageError{errors.New("there is no reply to measure: each line is label, tab, reply")}
	}
	for _, kind := range keyword.Kinds() {
		fit := fits[kind]
		fit.Recall, fit.Precision = share(fit.Right, fit.Labelled), share(fit.Right, fit.Read)
		m.Kinds = append(m.Kinds, *fit)
	}
	if f.json {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(m)
	}
	return m.print(w)
}

// labelled splits a line: label, tab, reply, or label, tab, language, tab, reply.
func labelled(line string) (keyword.Kind, string, error) {
	label, text, found := strings.Cut(line, "\t")
	if !found {
		return "", "", errors.New("want label, tab, reply")
	}
	if kind := keyword.Kind(label); slices.Contains(keyword.Kinds(), kind) {
		if _, after, named := strings.Cut(text, "\t"); named {
			text = after
		}
		return kind, text, nil
	}
	return "", "", fmt.Errorf("label %q is none of %s", label, joined(keyword.Kinds()))
}

func joined(kinds []keyword.Kind) string {
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = string(kind)
	}
	return strings.Join(names, ", ")
}

func share(part, whole int) *float64 {
	if whole == 0 {
		return nil
	}
	s := float64(part) / float64(whole)
	return &s
}

func (m *measured) print(w io.Writer) error {
	kinds := table.NewWriter()
	kinds.SetStyle(table.StyleLight)
	kinds.AppendHeader(table.Row{"kind", "labelled", "read", "right", "recall", "precision"})
	for i := range m.Kinds {
		k := &m.Kinds[i]
		kinds.AppendRow(table.Row{k.Kind, k.Labelled, k.Read, k.Right, percent(k.Recall), percent(k.Precision)})
	}
	_, err := fmt.Fprintf(w, "%d of %d read as labelled\n%s\n", m.Right, m.Replies, kinds.Render())
	if err != nil || len(m.Misread) == 0 {
		return err
	}
	wrong := table.NewWriter()
	wrong.SetStyle(table.StyleLight)
	wrong.AppendHeader(table.Row{"line", "label", "read", "why", "reply"})
	for i := range m.Misread {
		x := &m.Misread[i]
		wrong.AppendRow(table.Row{x.Line, x.Label, x.Read, x.Why, shown(x.Text)})
	}
	_, err = fmt.Fprintln(w, wrong.Render())
	return err
}

func percent(share *float64) string {
	if share == nil {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100**share)
}

// shown returns a reply, cut to maxShown characters.
func shown(text string) string {
	if utf8.RuneCountInString(text) <= maxShown {
		return text
	}
	return string([]rune(text)[:maxShown]) + "…"
}
