package signup

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// maxRows is the most rows of a list.
const maxRows = 1_000_000

// maxRecord is the most bytes of a row. A row that seems longer lacks a quotation mark.
const maxRecord = 64 << 10

// Terms is what a list is read with.
type Terms struct {
	Catalog *program.Catalog
	Gate    Gate
	Brand   *program.Brand
	Topics  []string       // for rows that name none; may be empty
	Zone    *time.Location // for times without offset
	Now     time.Time
}

// Row is one person of a list.
type Row struct {
	Line     int
	Request  Request
	Question Question // Request, checked
}

// Problem is what is wrong with one row, in words for the person who corrects the list. It contains no phone number.
// The import reports such a row and reads on.
type Problem struct {
	Line    int    `json:"line"`   // of the file, beginning at 1
	Column  int    `json:"column"` // of the table, beginning at 1; 0 where no single one is to blame
	Name    string `json:"name"`   // the column's, or empty
	Message string `json:"message"`
}

func (p *Problem) Error() string {
	if p.Column == 0 {
		return fmt.Sprintf("line %d: %s", p.Line, p.Message)
	}
	return fmt.Sprintf("line %d, column %d (%s): %s", p.Line, p.Column, p.Name, p.Message)
}

// Read reads and checks a list row by row, without keeping it. A bad row comes as a *Problem, and reading goes on.
// Any other error ends it, because the meaning of the rest is unknown.
func Read(r io.Reader, t Terms) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		l, err := open(r, t)
		if err != nil {
			yield(Row{}, err)
			return
		}
		for rows := 0; ; {
			row, err := l.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if errors.Is(err, errBlank) {
				continue
			}
			if rows++; rows > maxRows {
				yield(Row{}, fmt.Errorf("there are more than %d rows; split the file", maxRows))
				return
			}
			if more := yield(row, err); !more || (err != nil && !isProblem(err)) {
				return
			}
		}
	}
}

func isProblem(err error) bool {
	_, ok := errors.AsType[*Problem](err)
	return ok
}

// list is a list being read.
type list struct {
	Terms
	csv     *csv.Reader
	guard   *guard
	columns []string
	line    int            // line on which the last row began
	lines   map[uint64]int // phone → its line
}

// errBlank is returned for a row of empty fields, as spreadsheets leave at the end.
var errBlank = errors.New("blank row")

// next reads and checks one row.
func (l *list) next() (Row, error) {
	fields, err := l.record()
	if err != nil {
		return Row{}, err
	}
	line := l.line
	given := map[string]string{}
	for i, name := range l.columns {
		if !utf8.ValidString(fields[i]) {
			return Row{Line: line}, l.problem(line, name, "is not UTF-8; save the file as CSV UTF-8")
		}
		if value := strings.TrimSpace(fields[i]); value != "" {
			given[name] = value
		}
	}
	if len(given) == 0 {
		return Row{}, errBlank
	}
	row := Row{Line: line}
	if row.Request, err = l.request(line, given); err != nil {
		return row, err
	}
	row.Question, err = row.Request.Check(l.Catalog, l.Gate, l.Now)
	if wrong, ok := errors.AsType[*phone.FieldError](err); ok {
		return row, l.problem(line, column(wrong.Field), wrong.Message)
	}
	if err != nil {
		return row, err
	}
	return row, l.once(line, row.Question.Key.Phone)
}

// record reads the fields of one row. A missing quotation mark may have swallowed rows, which ends the reading.
func (l *list) record() ([]string, error) {
	l.guard.left = maxRecord
	fields, err := l.csv.Read()
	bad, ok := errors.AsType[*csv.ParseError](err)
	switch {
	case err == nil:
		l.line, _ = l.csv.FieldPos(0)
		return fields, nil
	case errors.Is(err, errTooLong):
		return nil, fmt.Errorf(
			"after line %d: a row has more than %d bytes; a quotation mark may be missing",
			l.line,
			maxRecord,
		)
	case !ok:
		return nil, err
	case errors.Is(bad, csv.ErrFieldCount):
		if slices.ContainsFunc(fields, func(f string) bool { return strings.Contains(f, "\n") }) {
			return nil, fmt.Errorf(
				"line %d: has %d fields over several lines, and the first line names %d; a quotation mark may be missing",
				bad.Line,
				len(fields),
				len(l.columns),
			)
		}
		return nil, l.problem(
			bad.Line,
			"",
			fmt.Sprintf(
				"has %d fields, and the first line names %d; put a field that holds a comma into quotation marks",
				len(fields),
				len(l.columns),
			),
		)
	case bad.StartLine != bad.Line:
		return nil, fmt.Errorf("line %d: a quotation mark opens and is not closed where the field ends", bad.StartLine)
	default:
		return nil, l.problem(
			bad.Line,
			"",
			`has a quotation mark inside a field; put the field into quotation marks and write "" for the one inside`,
		)
	}
}

// request makes a request from the fields of a row.
func (l *list) request(line int, given map[string]string) (Request, error) {
	r := Request{
		Brand: l.Brand.ID, Topics: l.Topics, Channel: consent.SourceImport, Evidence: map[string]string{},
		Phone: given[phoneColumn], State: given["state"], ZIP: given["zip"], Zone: given["zone"], Locale: given["locale"],
	}
	if topics := strings.FieldsFunc(given["topics"], func(c rune) bool { return c == ' ' || c == ';' }); len(topics) > 0 {
		r.Topics = topics
	}
	if scientific(r.Phone) {
		return r, l.problem(
			line,
			phoneColumn,
			"a spreadsheet has rounded this number; format the column as text and enter the number again",
		)
	}
	for _, name := range []string{"topics", "state", "zone", "locale"} {
		if numeric(given[name]) {
			return r, l.problem(line, name, "holds a number; is each field in its own column?")
		}
	}
	for _, name := range evidenceColumns() {
		if given[name] != "" {
			r.Evidence[name] = given[name]
		}
	}
	for _, name := range l.attributes() {
		if given[name] == "" {
			continue
		}
		if r.Attributes == nil {
			r.Attributes = map[string]string{}
		}
		r.Attributes[strings.TrimPrefix(name, attributeColumn)] = given[name]
	}
	at, name, err := rowInstant(given["date"], given["time"], l.Zone)
	if err != nil {
		return r, l.problem(line, name, err.Error())
	}
	if at != "" {
		r.Evidence[At] = at
	}
	return r, nil
}

// numeric reports whether a text may be a phone number, which no message may repeat.
func numeric(s string) bool {
	digits := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	return digits >= 7
}

// scientific reports whether a text has the form 1.20656E+10, in which a spreadsheet writes a phone number that it
// took for a quantity.
func scientific(s string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E+")
	return ok && strings.Trim(mantissa, "0123456789.,") == "" && strings.Trim(exponent, "0123456789") == ""
}

// once refuses a phone that is in the list already.
func (l *list) once(line int, n phone.Number) error {
	digits, err := strconv.ParseUint(string(n[1:]), 10, 64) // 15 at most, and eight bytes of memory instead of thirty
	if err != nil {
		return fmt.Errorf("line %d: %w", line, err)
	}
	if first, again := l.lines[digits]; again {
		return l.problem(
			line,
			phoneColumn,
			fmt.Sprintf("the same phone stands on line %d; keep one row, with all its topics", first),
		)
	}
	l.lines[digits] = line
	return nil
}

func (l *list) problem(line int, name, message string) *Problem {
	if name != "" && !slices.Contains(l.columns, name) {
		message, name = "there is no column "+name+": "+message, ""
	}
	return &Problem{Line: line, Column: slices.Index(l.columns, name) + 1, Name: name, Message: message}
}

// guard ends a read that takes too long.
type guard struct {
	r    io.Reader
	left int
}

var errTooLong = errors.New("row too long")

func (g *guard) Read(p []byte) (int, error) {
	if g.left <= 0 {
		return 0, errTooLong
	}
	n, err := g.r.Read(p)
	g.left -= n
	return n, err
}
