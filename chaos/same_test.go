package chaos_test

import (
	"slices"
	"testing"
)

// A seed is worth printing only if it plays the same history again, call by call.
func TestTheSameSeedTellsTheSameStory(t *testing.T) {
	catalog := loadPrograms(t, nil)
	for seed := range uint64(2) {
		first, second := run(t, catalog, draw(seed), seed), run(t, catalog, draw(seed), seed)
		if slices.Equal(first.story, second.story) {
			continue
		}
		for n := range min(len(first.story), len(second.story)) {
			if first.story[n] != second.story[n] {
				t.Fatalf("seed %d: line %d is\n%s\nand then\n%s", seed, n, first.story[n], second.story[n])
			}
		}
		t.Fatalf("seed %d: %d lines and then %d", seed, len(first.story), len(second.story))
	}
}
