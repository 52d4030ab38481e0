package phone

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
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

// One phone is one Number, however a carrier or a person spells it; what only looks alike stays as it is.
func TestParseSpellsOnePhoneInOneWay(t *testing.T) {
	for _, c := range []struct{ said, want string }{
		{"+5215512345678", "+525512345678"}, // Mexico City; the 1 of mobiles ended in 2019
		{"+525512345678", "+525512345678"},
		{"+5213312345678", "+523312345678"}, // Guadalajara
		{"+541123456789", "+5491123456789"}, // Buenos Aires
		{"+5491123456789", "+5491123456789"},
		{"+542214567890", "+5492214567890"}, // La Plata
		{"+543874567890", "+5493874567890"}, // Salta
		{"+551187654321", "+5511987654321"}, // São Paulo
		{"+5511987654321", "+5511987654321"},
		{"+556891234567", "+5568991234567"}, // Rio Branco

		{"+551131234567", "+551131234567"}, // a landline of São Paulo
		{"+548001234567", "+548001234567"}, // toll-free in Argentina
		{"+5491123456", "+5491123456"},
		{"+52155123456", "+52155123456"}, // too short for either
		{"+12065550142", "+12065550142"},
		{"+33612345678", "+33612345678"},
	} {
		if n, err := Parse(c.said); err != nil || string(n) != c.want {
			t.Errorf("%s: %s, %v; want %s", c.said, n, err, c.want)
		}
	}
}

// Numbers nobody can text are refused wherever a number is located, and nothing may be sent there.
func TestNumbersThatCannotReceiveTexts(t *testing.T) {
	refused := []Number{"+12069765550", "+14169765550"} // premium rate within an area code
	for _, code := range []int{
		500, 521, 522, 523, 524, 525, 526, 527, 528, 529, 533, 544, 566, 577, 588, 600, 622, 700, 710, 900,
	} {
		refused = append(refused, Number(fmt.Sprintf("+1%d2345678", code)))
	}
	for _, n := range refused {
		area, err := Locate(n, Told{State: "FL"})
		var wrong *FieldError
		if area != "" || !errors.Is(err, ErrNoTexts) || !errors.Is(err, ErrUnknownPlace) || !errors.As(err, &wrong) ||
			wrong.Field != FieldPhone || !strings.Contains(wrong.Message, "cannot receive texts") {
			t.Errorf("%s: %q, %v", n, area, err)
		}
	}
	for _, n := range []Number{"+18002345678", "+18882345678", "+12069755550", "+12062349760"} {
		if _, err := Locate(n, Told{}); err != nil {
			t.Errorf("%s: %v", n, err)
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
		if again, err := Parse(string(n)); err != nil || again != n {
			t.Fatalf("%q became %q, and that %q: %v", s, n, again, err)
		}
		if string(n) != s && !slices.Contains([]string{"+521", "+541", "+542", "+543"}, s[:4]) && s[:3] != "+55" {
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
