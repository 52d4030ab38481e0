package phone

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, s := range []string{"+12065550142", "+33612345678", "+2901234", "+123456789012345"} {
		if n, err := Parse(s); err != nil || string(n) != s {
			t.Errorf("%s: %q, %v", s, n, err)
		}
	}
	for _, s := range []string{"", "+", "12065550142", "+0206555014", "+1206555014a", "+1 206 555 0142", "+123456", "+1234567890123456", "＋12065550142", "tel:+12065550142"} {
		if n, err := Parse(s); !errors.Is(err, ErrInvalid) || n != "" {
			t.Errorf("%q: %q, %v", s, n, err)
		}
	}
}

// I10: no number in a log line, even where one is handed to the logger.
func TestLogValueHidesTheNumber(t *testing.T) {
	var b strings.Builder
	slog.New(slog.NewTextHandler(&b, nil)).Info("sent", "to", Number("+12065550142"))
	if strings.Contains(b.String(), "0142") {
		t.Error(b.String())
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"+12065550142", "+", "++1206555014", "+1206555０142", "+1234567\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := Parse(s)
		if err != nil {
			// One text for all, so that it can hold nothing of what was given.
			if _, same := Parse(""); n != "" || err.Error() != same.Error() {
				t.Fatalf("%q: %q, %v", s, n, err)
			}
			return
		}
		if string(n) != s {
			t.Fatalf("%q became %q", s, n)
		}
		// What parses can be looked up, whatever the answer.
		area, err := Locate(n, Told{})
		if (err == nil) != (area != "") || err != nil && !errors.Is(err, ErrUnknownPlace) {
			t.Fatalf("%s: %q, %v", fmt.Sprintf("%q", s), area, err)
		}
		if (n.Country() == "") != (err != nil) {
			t.Fatalf("%q is of country %q, but %v", s, n.Country(), err)
		}
	})
}
