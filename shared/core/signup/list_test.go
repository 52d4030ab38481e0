package signup_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/signup"
)

func terms(t testing.TB) signup.Terms {
	t.Helper()
	c, g := world(t)
	return signup.Terms{Catalog: c, Gate: g, Brand: &c.Brands[0], Topics: []string{"alerts"}, Zone: time.UTC, Now: now}
}

// read reads a whole list. The error is the one that ended it.
func read(text string, t signup.Terms) (rows []signup.Row, problems []*signup.Problem, err error) {
	for row, err := range signup.Read(strings.NewReader(text), t) {
		problem, ok := errors.AsType[*signup.Problem](err)
		switch {
		case ok:
			problems = append(problems, problem)
		case err != nil:
			return rows, problems, err
		default:
			rows = append(rows, row)
		}
	}
	return rows, problems, nil
}

// one reads a list that is good, of one row.
func one(t testing.TB, text string, terms signup.Terms) signup.Row {
	t.Helper()
	rows, problems, err := read(text, terms)
	if err != nil || len(problems) != 0 || len(rows) != 1 {
		t.Fatalf("%q: %d rows, %v, %v", text, len(rows), problems, err)
	}
	return rows[0]
}

func TestARowIsARequest(t *testing.T) {
	row := one(t, "\xef\xbb\xbfCollected By,DATE,Time,phone,topics,State,zip,zone,locale,source,disclosure,reference,Attribute.First Name,attribute.city\r\n"+
		"J. Doe,2026-05-01,14:30,(206) 555-0142,orders; alerts,WA,98101,America/Los_Angeles,es-US,\"paper form, Main St\",\"Up to 2 msgs/month.\r\nReply \"\"STOP\"\" to cancel.\",sheet 340,Ana,\r\n", terms(t))
	want := signup.Request{
		Brand: "example", Topics: []string{"orders", "alerts"}, Phone: "(206) 555-0142", State: "WA", ZIP: "98101", Zone: "America/Los_Angeles", Locale: "es-US", Channel: "import",
		Evidence: map[string]string{
			"at": "2026-05-01T14:30:00Z", "source": "paper form, Main St", "disclosure": "Up to 2 msgs/month.\nReply \"STOP\" to cancel.", "collected_by": "J. Doe", "reference": "sheet 340",
		},
		Attributes: map[string]string{"first_name": "Ana"},
	}
	if diff := cmp.Diff(want, row.Request); diff != "" || row.Line != 2 {
		t.Errorf("line %d: %s", row.Line, diff)
	}
	if row.Question.Key.Phone != "+12065550142" || row.Question.Attributes["first_name"] != "Ana" || row.Question.Told != (phone.Told{State: "WA", ZIP: "98101", Zone: "America/Los_Angeles"}) || len(row.Question.Attested.Missing()) != 0 {
		t.Errorf("%+v", row.Question)
	}
}

func TestARowOfAPhoneAlone(t *testing.T) {
	row := one(t, "phone\n+12065550142", terms(t))
	if diff := cmp.Diff([]string{"alerts"}, row.Request.Topics); diff != "" || len(row.Request.Evidence) != 0 || len(row.Question.Attested.Missing()) != 4 {
		t.Errorf("%+v %s", row.Request, diff)
	}
}

func TestWhenAPersonAsked(t *testing.T) {
	for _, tc := range []struct{ zone, date, time, at string }{
		{"UTC", "", "", ""},
		{"UTC", "2026-05-01", "", "2026-05-01"},
		{"UTC", "2026-05-01", "14:30", "2026-05-01T14:30:00Z"},
		{"UTC", "2026-05-01", "9:05:07", "2026-05-01T09:05:07Z"},
		{"UTC", "2026-05-01", "14:30-07:00", "2026-05-01T14:30:00-07:00"},
		{"America/New_York", "2026-05-01", "14:30:59Z", "2026-05-01T14:30:59Z"},
		{"America/New_York", "2026-05-01", "14:30", "2026-05-01T14:30:00-04:00"},
		{"America/New_York", "2026-01-15", "14:30", "2026-01-15T14:30:00-05:00"},
		// Clocks went forward on 8 March 2026 at 02:00 and back on 1 November at 02:00.
		{"America/New_York", "2026-03-08", "01:59:59", "2026-03-08T01:59:59-05:00"},
		{"America/New_York", "2026-03-08", "03:00", "2026-03-08T03:00:00-04:00"},
		{"America/New_York", "2026-11-01", "00:59:59", "2026-11-01T00:59:59-04:00"},
		{"America/New_York", "2026-11-01", "01:30-05:00", "2026-11-01T01:30:00-05:00"},
		{"America/New_York", "2026-11-01", "02:00", "2026-11-01T02:00:00-05:00"},
		{"Pacific/Kiritimati", "2026-05-01", "00:00", "2026-05-01T00:00:00+14:00"},
	} {
		terms := terms(t)
		terms.Zone, _ = time.LoadLocation(tc.zone)
		row := one(t, "phone,date,time\n+12065550142,"+tc.date+","+tc.time+"\n", terms)
		if got := row.Request.Evidence["at"]; got != tc.at {
			t.Errorf("%s %s in %s: %q, want %q", tc.date, tc.time, tc.zone, got, tc.at)
		}
	}
}

// A bad row is told with its line and column, what to do about it and no phone number; the others are read.
func TestBadRows(t *testing.T) {
	for _, tc := range []struct {
		name, header, row string
		column            string
		says              string
	}{
		{"no phone", "phone,source", ",till", "phone", "empty"},
		{"short phone", "phone", "206 555", "phone", "digits"},
		{"rounded phone", "phone", "1.20656E+10", "phone", "format the column as text"},
		{"rounded phone of another country", "source,phone", "till,\"4,47E+11\"", "phone", "format the column as text"},
		{"premium", "phone", "+19005550142", "phone", "premium-rate"},
		{"country", "phone", "+250788123456", "phone", "programs.yaml"},
		{"topic", "phone,topics", "+12065550142,news", "topics", `no topic "news"`},
		{"state", "phone,state", "+12065550142,ZZ", "state", "FL"},
		{"zip", "phone,zip", "+12065550142,00000", "zip", ""},
		{"zone", "phone,zone", "+12065550142,PST", "zone", "America/New_York"},
		{"locale", "phone,locale", "+12065550142,en_US", "locale", "en-US"},
		{"American date", "phone,date", "+12065550142,5/1/2026", "date", "2026-05-01"},
		{"no such day", "phone,date", "+12065550142,2026-02-30", "date", "2026-05-01"},
		{"time without date", "phone,date,time", "+12065550142,,14:30", "time", "date"},
		{"time of twelve hours", "phone,date,time", "+12065550142,2026-05-01,2:30 PM", "time", "14:30"},
		{"the future", "phone,date", "+12065550142,2027-01-01", "date", "future"},
		{"too long ago", "phone,date", "+12065550142,2010-01-01", "date", "10 years"},
		{"skipped hour", "phone,date,time", "+12065550142,2026-03-08,02:30", "time", "skipped"},
		{"repeated hour", "phone,date,time", "+12065550142,2026-11-01,01:30", "time", "01:30-07:00 or 01:30-08:00"},
		{"IP", "phone,ip", "+12065550142,300.1.1.1", "ip", "203.0.113.7"},
		{"long source", "phone,source", "+12065550142," + strings.Repeat("x", 257), "source", "256"},
		{"line break in a source", "phone,source", "+12065550142,\"a\nb\"", "source", "control characters"},
		{"not UTF-8", "phone,source", "+12065550142,M\xfcller", "source", "CSV UTF-8"},
		{"columns in another order", "state,phone", "+12065550142,WA", "state", "own column"},
		{"topics that are a number", "topics,phone", "2065550142,+12065550142", "topics", "own column"},
		{"too few fields", "phone,source,state", "+12065550142,till", "", "has 2 fields, and the first line names 3"},
		{"too many fields", "phone,source", "+12065550142,Main St, Seattle", "", "quotation marks"},
		{"a quotation mark inside", "phone,source", `+12065550142,the "old" form`, "", `write ""`},
		{"text behind a quotation", "phone,source", `+12065550142,"old" form`, "", `write ""`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			terms := terms(t)
			terms.Zone, _ = time.LoadLocation("America/Los_Angeles")
			good := slices.Repeat([]string{""}, strings.Count(tc.header, ",")+1)
			good[slices.Index(strings.Split(tc.header, ","), "phone")] = "+12065550143"
			rows, problems, err := read(tc.header+"\n"+tc.row+"\n"+strings.Join(good, ",")+"\n", terms)
			if err != nil || len(problems) != 1 || len(rows) != 1 {
				t.Fatalf("%d rows, %v, %v", len(rows), problems, err)
			}
			p := problems[0]
			if p.Line != 2 || p.Name != tc.column || !strings.Contains(p.Message, tc.says) {
				t.Errorf("%v", p)
			}
			if want := slices.Index(strings.Split(tc.header, ","), tc.column) + 1; p.Column != want {
				t.Errorf("column %d, want %d", p.Column, want)
			}
			if strings.Contains(p.Error(), "5550142") || !strings.HasPrefix(p.Error(), "line 2") {
				t.Errorf("it says %s", p)
			}
		})
	}
}

func TestTheSamePhoneTwice(t *testing.T) {
	rows, problems, err := read("phone\n+12065550142\n+12065550143\n(206) 555-0142\n12065550142\n", terms(t))
	if err != nil || len(rows) != 2 || len(problems) != 2 {
		t.Fatalf("%d rows, %v, %v", len(rows), problems, err)
	}
	for i, p := range problems {
		if p.Line != i+4 || !strings.Contains(p.Message, "line 2") {
			t.Errorf("%v", p)
		}
	}
}

func TestTopicsAreNeeded(t *testing.T) {
	terms := terms(t)
	terms.Topics = nil
	_, problems, err := read("phone,topics\n+12065550142,\n+12065550143,alerts\n", terms)
	if err != nil || len(problems) != 1 || problems[0].Name != "topics" {
		t.Errorf("%v, %v", problems, err)
	}
}

// Spreadsheets leave rows of nothing behind the last.
func TestBlankRowsAreNoRows(t *testing.T) {
	rows, problems, err := read("phone,source\n\n+12065550142,till\n,\n \t, \n\n+12065550143,\n,\n", terms(t))
	if err != nil || len(problems) != 0 || len(rows) != 2 || rows[1].Line != 7 {
		t.Errorf("%+v %v %v", rows, problems, err)
	}
}

// Where nobody can tell what the rest of a file means, none of it is read.
func TestFilesThatAreNoLists(t *testing.T) {
	for _, tc := range []struct{ name, text, says string }{
		{"empty", "", "empty"},
		{"a byte order mark alone", "\xef\xbb\xbf", "empty"},
		{"UTF-16", "\xff\xfep\x00h\x00", "UTF-16"},
		{"UTF-16 the other way", "\xfe\xff\x00p\x00h", "UTF-16"},
		{"semicolons", "phone;date\n+12065550142;2026-05-01\n", "separated by commas"},
		{"tabs", "phone\tdate\n", "separated by commas"},
		{"no header", "+12065550142,2026-05-01\n", "names the columns"},
		{"no phone", "date,source\n", "no column is named phone"},
		{"unknown", "phone,favourite\n", `"favourite" is no column. There are phone, topics, state`},
		{"a slip", "pohne,date\n", "do you mean phone?"},
		{"part of a name", "phone,sign_up_date\n", "do you mean date?"},
		{"more than a name", "Phone Number\n", "do you mean phone?"},
		{"plural", "phone,topic\n", "do you mean topics?"},
		{"a column without name", "phone,,date\n", `column 2: "" is no column`},
		{"twice", "phone,date,Phone\n", "column 3: phone is column 1 already"},
		{"a bad name of an attribute", "phone,attribute.2nd\n", "column 2: write the name of a field"},
		{"too many attributes", "phone,attribute.a,attribute.b,attribute.c,attribute.d,attribute.e,attribute.f,attribute.g,attribute.h,attribute.i,attribute.j,attribute.k\n", "there are 11 attributes; a person has at most 10"},
		{"a bad first line", "phone,\"date\n", "line 1"},
		{"a quotation that does not end", "phone,source\n+12065550142,\"till\n+12065550143,till\n", "line 2"},
		{"a quotation that ends elsewhere", "phone,source\n+12065550142,\"till\n+12065550143,\"till\n", "line 2"},
		{"a quotation that swallows rows", "phone,source\n+12065550142,\"till\n+12065550143,till\",x\n", "line 2: has 3 fields over several lines"},
		{"a quotation of a megabyte", "phone,source\n+12065550142,\"" + strings.Repeat("x\n", 1<<19), "quotation mark may be missing"},
	} {
		rows, _, err := read(tc.text, terms(t))
		if err == nil || !strings.Contains(err.Error(), tc.says) || len(rows) != 0 || strings.Contains(err.Error(), "555") {
			t.Errorf("%s: %d rows, %v", tc.name, len(rows), err)
		}
	}
}

func TestAReaderThatFails(t *testing.T) {
	broken := errors.New("disk")
	for row, err := range signup.Read(io.MultiReader(strings.NewReader("phone\n+12065550142\n"), iotest.ErrReader(broken)), terms(t)) {
		if row.Line != 2 && !errors.Is(err, broken) {
			t.Errorf("line %d: %v", row.Line, err)
		}
	}
}

func TestAListHasAnEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("reads a million rows")
	}
	terms := terms(t)
	n := 0
	var last error
	for _, err := range signup.Read(&endless{}, terms) {
		n++
		last = err
	}
	if n != signup.MaxRows+1 || last == nil || !strings.Contains(last.Error(), "split the file") {
		t.Errorf("%d rows, %v", n, last)
	}
}

// endless is a list without end, of bad rows, which cost less to read.
type endless struct{ begun bool }

func (e *endless) Read(p []byte) (int, error) {
	if !e.begun {
		e.begun = true
		return copy(p, "phone\n"), nil
	}
	return copy(p, bytes.Repeat([]byte(",\n"), len(p)/2)), nil
}

// Whatever is written as CSV by the rules is read as what it was, and told apart by line.
func TestWhatIsWrittenIsRead(t *testing.T) {
	base := terms(t)
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.Permutation([]string{"phone", "source", "disclosure", "collected_by", "date", "state"}).Draw(t, "columns")
		var file bytes.Buffer
		if rapid.Bool().Draw(t, "bom") {
			file.WriteString("\xef\xbb\xbf")
		}
		out := csv.NewWriter(&file)
		out.UseCRLF = rapid.Bool().Draw(t, "crlf")
		_ = out.Write(columns)
		n := rapid.IntRange(0, 20).Draw(t, "rows")
		word := rapid.StringMatching(`[A-Za-zé"',; ]{0,20}`)
		var want []map[string]string
		for i := range n {
			given := map[string]string{
				"phone": fmt.Sprintf("+120655501%02d", i), "source": word.Draw(t, "source"), "collected_by": word.Draw(t, "who"), "date": "2026-05-01",
				"disclosure": rapid.StringMatching(`[A-Za-z"', \n]{0,40}`).Draw(t, "disclosure"), "state": rapid.SampledFrom([]string{"", "WA", "FL"}).Draw(t, "state"),
			}
			fields := make([]string, len(columns))
			for i, name := range columns {
				fields[i] = given[name]
			}
			_ = out.Write(fields)
			want = append(want, given)
		}
		out.Flush()
		rows, problems, err := read(file.String(), base)
		if err != nil || len(problems) != 0 || len(rows) != n {
			t.Fatalf("%d of %d rows, %v, %v in\n%s", len(rows), n, problems, err, &file)
		}
		for i, row := range rows {
			for name, value := range want[i] {
				got := map[string]string{"phone": row.Request.Phone, "state": row.Request.State, "date": row.Request.Evidence["at"]}
				if _, direct := got[name]; !direct {
					got[name] = row.Request.Evidence[name]
				}
				if got[name] != strings.TrimSpace(value) {
					t.Fatalf("row %d, %s: %q became %q", i, name, value, got[name])
				}
			}
			if i > 0 && row.Line <= rows[i-1].Line {
				t.Fatalf("line %d after line %d", row.Line, rows[i-1].Line)
			}
		}
	})
}

// Whatever a file holds, reading it ends, and each row is good or told as bad with its line.
func FuzzRead(f *testing.F) {
	base := terms(f)
	for _, seed := range []string{
		"phone\n+12065550142\n", "phone,date\r\n+12065550142,2026-05-01\r\n", "\xef\xbb\xbfphone\n1\n", "phone,source\n+12065550142,\"a\n\"\"b\"\n,\n", "phone\n\"\n", "a,b\n",
		"phone,topics,state,zip,zone,locale,date,time,source,page,ip,agent,disclosure,collected_by,reference\n+12065550142,alerts,WA,98101,America/Los_Angeles,en-US,2026-05-01,14:30,a,b,::1,c,d,e,f\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		lines := bytes.Count(file, []byte("\n")) + bytes.Count(file, []byte("\r")) + 1
		seen := map[phone.Number]bool{}
		ended := false
		for row, err := range signup.Read(bytes.NewReader(file), base) {
			if ended {
				t.Fatal("reading went on behind an error that ends it")
			}
			problem, bad := errors.AsType[*signup.Problem](err)
			switch {
			case bad:
				if problem.Line < 2 || problem.Line > lines || problem.Message == "" {
					t.Fatalf("%+v in %d lines", problem, lines)
				}
			case err != nil:
				ended = true
			case row.Line < 2 || row.Line > lines || seen[row.Question.Key.Phone] || row.Request.Channel != "import":
				t.Fatalf("%+v", row)
			default:
				seen[row.Question.Key.Phone] = true
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	terms := terms(b)
	var file bytes.Buffer
	file.WriteString("phone,state,date,time,source,disclosure,collected_by\n")
	for i := range 10_000 {
		fmt.Fprintf(&file, "+1206555%04d,WA,2026-05-01,14:30,\"paper form, Main St\",\"Up to 2 msgs/month. Reply STOP to cancel.\",J. Doe\n", i)
	}
	b.SetBytes(int64(file.Len()))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for _, err := range signup.Read(bytes.NewReader(file.Bytes()), terms) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10_000, "ns/row")
}
