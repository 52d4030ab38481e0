package plan_test

import (
	"fmt"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/phone"
)

// BenchmarkAdd measures what one person costs a plan, as a multiple of one question to the gate, which is the least it
// can cost.
func BenchmarkAdd(b *testing.B) {
	codes := []string{"206", "212", "305", "808", "907", "312"}
	people := make([]consent.Contact, 1000)
	for i := range people {
		people[i] = subscriber(phone.Number(fmt.Sprintf("+1%s555%04d", codes[i%len(codes)], i)))
		if i%4 == 0 {
			texted(&people[i], tuesday.Add(-time.Hour))
		}
	}
	d := draft(b, 10, tuesday, 72*time.Hour)
	ask := func(i int) gate.Decision {
		return d.Gate.Decide(d.Gate.Person(&people[i%len(people)]), d.Text, tuesday)
	}
	start := time.Now()
	for i := range 100_000 {
		ask(i)
	}
	least := time.Since(start) / 100_000
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		d.Add(&people[i%len(people)], body, nil)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(least), "questions/person")
}
