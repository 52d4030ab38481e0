package typed

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"smsconsent/shared/core/phone"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		typed, region string
		want          phone.Number
	}{
		{"206-555-0142", "US", "+12065550142"},
		{"(206) 555-0142", "US", "+12065550142"},
		{"206.555.0142", "US", "+12065550142"},
		{" 1 206 555 0142 ", "US", "+12065550142"},
		{"+1 206 555 0142", "FR", "+12065550142"},
		{"tel:+1-206-555-0142", "", "+12065550142"},
		{"TEL:206-555-0142", "US", "+12065550142"},
		{"２０６５５５０１４２", "US", "+12065550142"},
		{"＋１（２０６）５５５－０１４２", "", "+12065550142"},
		{"\u202d+1 206\u00a0555\u20110142\u202c", "", "+12065550142"},
		{"861 555 0142", "US", "+18615550142"}, // in service, unknown to the metadata
		{"(436) 234-5678", "US", "+14362345678"},
		{"800 234 5678", "US", "+18002345678"},
		{"06 12 34 56 78", "FR", "+33612345678"},
		{"+44 (0)7400 123456", "", "+447400123456"},
		{"082 123 4567", "ZA", "+27821234567"},
		{"0049 1512 3456789", "FR", "+4915123456789"},
		{"+52 1 55 1234 5678", "", "+525512345678"},
		{"55 1234 5678", "MX", "+525512345678"},
		{"011 15 2345-6789", "AR", "+5491123456789"},
		{"+54 11 2345-6789", "", "+5491123456789"},
		{"+54 9 11 2345-6789", "", "+5491123456789"},
		{"(11) 8765-4321", "BR", "+5511987654321"},
		{"(11) 98765-4321", "BR", "+5511987654321"},
	} {
		got, err := Number(c.typed, c.region)
		if err != nil || got != c.want {
			t.Errorf("%q in %s: got %q, %v; want %q", c.typed, c.region, got, err, c.want)
		}
	}
}

// What cannot receive a text is refused, with an error that says what to do.
func TestNumberRefuses(t *testing.T) {
	for _, c := range []struct{ typed, region, because string }{
		{"", "US", "empty"},
		{"  ", "US", "empty"},
		{strings.Repeat("1", 65), "US", "longer than 64"},
		{"2065550142", "", "country code"},
		{"+999 123 456 789", "", "country code"},
		{"555-0142", "US", "not ten digits"},
		{"206 555 01423", "US", "not ten digits"},
		{"555 234 5678", "US", "not in use"},
		{"000 234 5678", "US", "ten digits"},
		{"+1 026 234 5678", "", "ten digits"},
		{"206 155 0142", "US", "after the area code"},
		{"206 911 0142", "US", "after the area code"},
		{"900 234 5678", "US", "premium"},
		{"206 976 5678", "US", "premium"},
		{"500 234 5678", "US", "personal communications"},
		{"533 234 5678", "US", "cannot receive texts"},
		{"600 234 5678", "CA", "cannot receive texts"},
		{"700 234 5678", "US", "cannot receive texts"},
		{"710 234 5678", "US", "cannot receive texts"},
		{"206 555 0142 ext. 7", "US", "extension"},
		{"206 555 0142 x7", "US", "extension"},
		{"1-800-FLOWERS", "US", "signs"},
		{"2065550142, 2065550143", "US", "signs"},
		{"+12065550142+12065550143", "US", "plus sign"},
		{"01 42 68 53 00", "FR", "landline"},
		{"0899 12 34 56", "FR", "premium"},
		{"06 12 34 56", "FR", "check the digits"},
		{"+881 612 345 678", "", "not in use"}, // a satellite network: nobody knows where
		{"hello", "US", "signs"},
		{"+", "US", "not a phone number"},
	} {
		got, err := Number(c.typed, c.region)
		if err == nil {
			t.Errorf("%q in %s passed as %s", c.typed, c.region, got)
			continue
		}
		if !strings.HasPrefix(err.Error(), "phone: ") || !strings.Contains(err.Error(), c.because) {
			t.Errorf("%q in %s: %q does not speak of %q", c.typed, c.region, err, c.because)
		}
	}
}

// Whatever is typed: an E.164 number somebody can locate, or an error that names the field and holds no number (I10).
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"206-555-0142", "+44 (0)7400 123456", "tel:+1", "２０６", "1-800-FLOWERS", "+39 06 698", "\x00", "+++"} {
		f.Add(s, "US")
		f.Add(s, "FR")
	}
	long := regexp.MustCompile(`[0-9]{5}`)
	f.Fuzz(func(t *testing.T, s, region string) {
		n, err := Number(s, region)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "phone: ") || long.MatchString(err.Error()) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if p, err := phone.Parse(string(n)); err != nil || p != n {
			t.Fatalf("%q became %q: %v", s, n, err)
		}
		if _, err := phone.Locate(n, phone.Told{}); err != nil {
			t.Fatalf("%q became %q: %v", s, n, err)
		}
		if again, err := Number(string(n), ""); err != nil || again != n {
			t.Fatalf("%q became %q, which became %q: %v", s, n, again, err)
		}
	})
}

func BenchmarkNumber(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Number("(206) 555-0142", "US"); err != nil {
			b.Fatal(err)
		}
	}
}

// A number with +1 reads as the same ten digits do without it, which the metadata reads.
func TestTheTenDigitsAfterOne(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		digits := rapid.StringMatching(`[2-9][0-9]{9}|[2-9][0-9]{2}555[0-9]{4}`).Draw(rt, "digits")
		with, err := Number("+1"+digits, "")
		without, otherwise := Number(digits, "US")
		if with != without || fmt.Sprint(err) != fmt.Sprint(otherwise) {
			rt.Errorf("%s is %q (%v), without +1 %q (%v)", digits, with, err, without, otherwise)
		}
	})
}

func TestMayBeMobile(t *testing.T) {
	for n, want := range map[phone.Number]bool{
		"+12065550142":   true,
		"+18615550142":   true, // in service, unknown to the metadata
		"+14362345678":   true,
		"+14165550142":   true,
		"+18765550142":   true, // Jamaica
		"+18002345678":   false,
		"+15002345678":   false, // personal communications
		"+17002345678":   false,
		"+16002345678":   false,
		"+12069762345":   false, // premium rate within an area code
		"+33612345678":   true,
		"+33756789012":   true,
		"+33912345678":   false, // VoIP
		"+33800123456":   false,
		"+447400123456":  true,
		"+447012345678":  false, // a personal number, at premium rate
		"+448001234567":  false,
		"+5215512345678": false, // as Mexico's mobiles were written until 2019
		"+525512345678":  true,
		"+5511961234567": true,
		"+551123456789":  false,
		"nonsense":       false,
	} {
		if got := MayBeMobile(n); got != want {
			t.Errorf("%s: %v", n, got)
		}
	}
}

// Why a landline is refused is said by the kind of line, and can be told from what is a slip of the finger.
func TestWrongLinesAreOneKindOfError(t *testing.T) {
	for number, want := range map[string]bool{"01 42 68 53 00": true, "0899 12 34 56": true, "06 12": false, "": false} {
		if _, err := Number(number, "FR"); errors.Is(err, phone.ErrNoTexts) != want {
			t.Errorf("%q: %v", number, err)
		}
	}
	if _, err := Number("900 234 5678", "US"); !errors.Is(err, phone.ErrNoTexts) {
		t.Errorf("premium rate: %v", err)
	}
}

func TestInternational(t *testing.T) {
	for n, want := range map[phone.Number]string{"+12065550142": "+1 206-555-0142", "+33612345678": "+33 6 12 34 56 78", "?": "?"} {
		if got := International(n); got != want {
			t.Errorf("%s: %s", n, got)
		}
	}
	if CallingCode("FR") != 33 || CallingCode("US") != 1 || CallingCode("ZZ") != 0 {
		t.Error("calling codes")
	}
}
