package chaos_test

import "testing"

// A seed is worth printing only if it plays the same history again, call by call.
func TestTheSameSeedTellsTheSameStory(t *testing.T) {
	const seed = 1
	catalog := loadPrograms(t, nil)
	first, second := run(t, catalog, draw(seed), seed), run(t, catalog, draw(seed), seed)
	for n := range max(len(first.story), len(second.story)) {
		if n >= len(first.story) || n >= len(second.story) || first.story[n] != second.story[n] {
			t.Fatalf("from line %d on the stories differ:\n%s\nand\n%s", n, first, second)
		}
	}
}
