package jurisdiction

import (
	"testing"

	"smsconsent/shared/core/phone"
)

// benchPlaces are the cases of the published figures: a state in one zone, one in two, and a toll-free number, which
// may ring in every state and province.
func benchPlaces(b *testing.B) map[string][]phone.Place {
	b.Helper()
	places := map[string][]phone.Place{}
	for name, n := range map[string]phone.Number{"one zone": "+13055550123", "two zones": "+18505550123", "toll-free": "+18005550123"} {
		area, err := phone.Locate(n, phone.Told{})
		if err != nil {
			b.Fatal(err)
		}
		if places[name], err = area.Places(); err != nil {
			b.Fatal(err)
		}
	}
	return places
}

func BenchmarkPermitted(b *testing.B) {
	for name, places := range benchPlaces(b) {
		b.Run(name, func(b *testing.B) {
			h := hoursOf(b, Policy{}, places...)
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
	for name, places := range benchPlaces(b) {
		b.Run(name, func(b *testing.B) {
			h := hoursOf(b, Policy{}, places...)
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
	for name, places := range benchPlaces(b) {
		b.Run(name, func(b *testing.B) {
			book, err := New(Policy{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := book.Hours(places); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// The first opening of a phone in a new process: zones and calendars are read.
func BenchmarkColdHours(b *testing.B) {
	places := benchPlaces(b)["one zone"]
	for b.Loop() {
		hoursOf(b, Policy{}, places...)
	}
}
