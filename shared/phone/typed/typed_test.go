package typed

import (
	"regexp"
	"strings"
	"testing"

	"smsconsent/shared/phone"
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
