package jurisdiction

import (
	"testing"

	"smsconsent/shared/phone"
)

// benchPlaces are the cases of the published figures: a state in one zone, one in two, and a toll-free number, which may
// be in any state of the United States.
var benchPlaces = []struct {
	name   string
	places []phone.Place
}{
	{"one zone", []phone.Place{florida}},
	{"two zones", []phone.Place{place("US", "FL", "America/Chicago", "America/New_York")}},
	{"toll-free", []phone.Place{place("US", "", tollFreeZones...)}},
}

var tollFreeZones = []string{
	"America/Anchorage", "America/Boise", "America/Chicago", "America/Denver", "America/Detroit", "America/Indiana/Indianapolis",
	"America/Los_Angeles", "America/New_York", "America/Phoenix", "Pacific/Honolulu",
}

func BenchmarkPermitted(b *testing.B) {
	for _, bb := range benchPlaces {
		b.Run(bb.name, func(b *testing.B) {
			h := hoursOf(b, Policy{}, bb.places...)
			noon := at(b, "America/New_York", "2026-11-24 16:00")
			if !h.Permitted(noon) {
				b.Fatal("shut: the benchmark would stop at the first rule")
			}
			b.ReportAllocs()
			for b.Loop() {
				h.Permitted(noon)
			}
		})
	}
}

func BenchmarkNextOpening(b *testing.B) {
	for _, bb := range benchPlaces {
		b.Run(bb.name, func(b *testing.B) {
			h := hoursOf(b, Policy{}, bb.places...)
			eve := at(b, "America/New_York", "2026-11-25 21:00") // the eve of Thanksgiving
			b.ReportAllocs()
			for b.Loop() {
				if _, err := h.NextOpening(eve); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkClosesAt(b *testing.B) {
	h := hoursOf(b, Policy{}, florida)
	noon := at(b, "America/New_York", "2026-11-24 12:00")
	b.ReportAllocs()
	for b.Loop() {
		h.ClosesAt(noon)
	}
}

func BenchmarkHours(b *testing.B) {
	for _, bb := range benchPlaces {
		b.Run(bb.name, func(b *testing.B) {
			book, err := New(Policy{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := book.Hours(bb.places); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkColdHours(b *testing.B) {
	for b.Loop() {
		hoursOf(b, Policy{}, benchPlaces[2].places...)
	}
}

func BenchmarkTablesHash(b *testing.B) {
	for b.Loop() {
		TablesHash()
	}
}
