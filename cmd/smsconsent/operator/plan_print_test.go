package operator

import "testing"

func TestMore(t *testing.T) {
	for n, want := range map[int]string{1: "1 more row", 2: "2 more rows", 1200: "1,200 more rows"} {
		if got := more(n, "row"); got != want {
			t.Errorf("%d are %q, want %q", n, got, want)
		}
	}
}
