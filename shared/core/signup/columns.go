package signup

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"smsconsent/shared/core/placeholder"
)

const phoneColumn = "phone"

// attributeColumn is the beginning of the name of a column with an attribute: "attribute.first_name".
const attributeColumn = "attribute."

// bom is the byte order mark that spreadsheets write before UTF-8.
const bom = "\xef\xbb\xbf"

// Columns returns the names of all columns a list may have, with NAME for any field of a text. Only phone is
// required.
func Columns() []string {
	all := append([]string{phoneColumn, "topics", "state", "zip", "zone", "locale", "date", "time"}, evidenceColumns()...)
	return append(all, attributeColumn+"NAME")
}

// evidenceColumns returns the columns with evidence. When the person asked is in date and time.
func evidenceColumns() []string {
	return slices.DeleteFunc(evidenceFields(), func(field string) bool { return field == At })
}

// column returns the column of a field of a request.
func column(field string) string {
	if name, ok := strings.CutPrefix(field, "evidence."); ok {
		field = name
	}
	if field == At {
		return "date"
	}
	return field
}

// open reads the first line.
func open(r io.Reader, t Terms) (*list, error) {
	in := bufio.NewReader(r)
	begin, err := in.Peek(len(bom))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case string(begin) == bom:
		_, _ = in.Discard(len(bom)) // it was peeked at
	case bytes.HasPrefix(begin, []byte("\xff\xfe")), bytes.HasPrefix(begin, []byte("\xfe\xff")):
		return nil, errors.New("the file is UTF-16; save it as CSV UTF-8")
	}
	l := &list{Terms: t, guard: &guard{r: in}, lines: map[uint64]int{}}
	l.csv = csv.NewReader(l.guard)
	l.csv.ReuseRecord = true
	header, err := l.record()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; its first line names the columns, such as phone,date,source")
	}
	if err != nil {
		return nil, errors.New(err.Error()) // not as a *Problem: without its first line nothing can be read
	}
	line := l.line
	if len(header) == 1 && strings.ContainsAny(header[0], ";\t") {
		return nil, fmt.Errorf("line %d: the columns are not separated by commas; save the file as CSV with commas", line)
	}
	for i, name := range header {
		known, err := columnNamed(name)
		if err != nil {
			return nil, fmt.Errorf("line %d, column %d: %w", line, i+1, err)
		}
		if first := slices.Index(l.columns, known); first >= 0 {
			return nil, fmt.Errorf("line %d, column %d: %s is column %d already; remove one", line, i+1, known, first+1)
		}
		l.columns = append(l.columns, known)
	}
	if n := len(l.attributes()); n > placeholder.MaxFields {
		return nil, fmt.Errorf("line %d: there are %d attributes; a person has at most %d", line, n, placeholder.MaxFields)
	}
	if !slices.Contains(l.columns, phoneColumn) {
		return nil, fmt.Errorf(
			"line %d: no column is named phone; the first line names the columns, of which there are %s",
			line,
			strings.Join(Columns(), ", "),
		)
	}
	return l, nil
}

// attributes returns the columns with attributes.
func (l *list) attributes() []string {
	return slices.DeleteFunc(slices.Clone(l.columns), func(name string) bool {
		return !strings.HasPrefix(name, attributeColumn)
	})
}

// columnNamed finds a column by a name as people write it: "Collected by".
func columnNamed(name string) (string, error) {
	plain := strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(name)))
	known := Columns()
	if slices.Contains(known, plain) {
		return plain, nil
	}
	if field, is := strings.CutPrefix(plain, attributeColumn); is {
		return plain, placeholder.CheckName(field)
	}
	if numeric(plain) {
		return "", fmt.Errorf(
			"a number where a name should be; put a line before it that names the columns, of which there are %s",
			strings.Join(known, ", "),
		)
	}
	hint := "."
	if near, ok := nearest(plain, known); ok {
		hint = fmt.Sprintf("; do you mean %s?", near)
	}
	return "", fmt.Errorf("%.40q is no column%s There are %s", name, hint, strings.Join(known, ", "))
}

// nearest finds the known name that was probably meant: one that is part of what was written, or differs by at most
// two letters.
func nearest(written string, known []string) (string, bool) {
	for _, has := range []func(s, part string) bool{strings.HasSuffix, strings.Contains} {
		for _, name := range known {
			if has(written, name) {
				return name, true
			}
		}
	}
	best, least := "", 3
	for _, name := range known {
		if n := slips(written, name); n < least {
			best, least = name, n
		}
	}
	return best, best != ""
}

// slips returns the Levenshtein distance: how many letters must be added, removed or changed.
func slips(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
