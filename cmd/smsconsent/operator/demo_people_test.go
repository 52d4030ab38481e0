package operator

import (
	"strings"
	"testing"

	"smsconsent/shared/core/consent"
)

// The people of the demonstration are what it says of them, and each record verifies.
func TestDemoPeople(t *testing.T) {
	w := newWorld(t)
	const n = 120
	out, _ := execute(t, 0, "demo", "--url", w.url, "--people", "120")
	if !strings.Contains(out, "120 people signed up to alerts of example") {
		t.Errorf("it says %s", out)
	}
	s, err := remote(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	crowd, err := newCrowd(stage{url: w.url}, n)
	if err != nil {
		t.Fatal(err)
	}
	tab, err := s.SealedTable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	states, tiers, languages := map[consent.State]int{}, map[consent.Tier]int{}, map[string]int{}
	for i := range n {
		r, err := tab.Person(t.Context(), consent.Key{Brand: "example", Phone: crowd.person(i).phone})
		if err != nil {
			t.Fatal(err)
		}
		if fault, err := tab.Verify(t.Context(), r.Contact.Key, s.Now()); fault != nil || err != nil {
			t.Errorf("the record of %s: %v, %v", r.Contact.Phone, fault, err)
		}
		sub := r.Contact.Subs["alerts"]
		states[sub.State]++
		languages[r.Contact.Locale]++
		if sub.State == consent.Subscribed {
			tiers[sub.TierNow()]++
		}
	}
	if states[consent.Subscribed] < 100 || states[consent.Pending] < 4 || states[consent.Unsubscribed] < 2 {
		t.Errorf("states %v", states)
	}
	if tiers[consent.Digest] < 8 || tiers[consent.Regular] < 80 || len(languages) < 3 {
		t.Errorf("tiers %v, languages %v", tiers, languages)
	}
	for people, want := range map[string]string{"0": "--people", "1000000": "as many fictional numbers", "some": "people"} {
		if _, says := execute(t, exitUsage, "demo", "--people", people); !strings.Contains(says, want) {
			t.Errorf("--people %s says %s", people, says)
		}
	}
}
