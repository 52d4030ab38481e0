package walk_test

import (
	"context"
	"fmt"
	"runtime"
	"strconv"
	"testing"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience/walk"
)

// crowd is a list of so many people of one area, who are made up as they are read.
type crowd int

func (c crowd) NextArea(_ context.Context, _, _ string, _ int, after phone.Area) (phone.Area, bool, error) {
	const area = phone.Area("US-NY|America/New_York")
	return area, after < area, nil
}

func (c crowd) Page(
	_ context.Context, brand, _ string, _ int, _ phone.Area, after string, limit int,
) (people []consent.Key, next string, err error) {
	from, _ := strconv.Atoi(after)
	to := min(from+limit, int(c))
	for n := from; n < to; n++ {
		people = append(people, consent.Key{Brand: brand, Phone: phone.Number(fmt.Sprintf("+1%010d", n))})
	}
	if to < int(c) {
		next = strconv.Itoa(to)
	}
	return people, next, nil
}

// counts counts who is met, and what is held when the last of them is.
type counts struct {
	people int
	live   uint64
}

func (*counts) Enter(context.Context, phone.Area) (string, bool, error) { return "", true, nil }

func (c *counts) Visit(_ context.Context, p walk.Page) (phone.Number, error) {
	c.people += len(p.People)
	if p.Next == "" {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		c.live = m.HeapAlloc
	}
	return "", nil
}

func meet(tb testing.TB, people int) *counts {
	tb.Helper()
	c := &counts{}
	if _, err := (walk.Shard{List: crowd(people), Brand: "example", Page: 25}).Walk(tb.Context(), c); err != nil || c.people != people {
		tb.Fatalf("met %d of %d, %v", c.people, people, err)
	}
	return c
}

// A walk holds a page of people, however many there are.
func TestAWalkHoldsNoMoreOfManyPeople(t *testing.T) {
	few, many := meet(t, 1000), meet(t, 300_000)
	if grown := int64(many.live) - int64(few.live); grown > 1<<20 { // 300,000 keys are 10 MB
		t.Errorf("%d bytes more are held", grown)
	}
}

// The time for each person does not grow with how many there are, nor does what is held.
func BenchmarkWalk(b *testing.B) {
	for _, people := range []int{10_000, 1_000_000, 10_000_000} {
		b.Run(strconv.Itoa(people), func(b *testing.B) {
			var c *counts
			for range b.N {
				c = meet(b, people)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(people), "ns/person")
			b.ReportMetric(float64(c.live)/(1<<20), "MB-held")
		})
	}
}
