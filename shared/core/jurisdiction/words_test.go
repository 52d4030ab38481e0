package jurisdiction

import "testing"

func TestMeansOptOut(t *testing.T) {
	for _, c := range []struct {
		country, reply string
		want           bool
	}{
		{"NZ", "REM", true},
		{"NZ", " rem. ", true},
		{"NZ", "Remember me", false},
		{"NZ", "", false},
		{"US", "REM", false},
		{"ZA", "No!", true},
		{"ZA", "no thanks, keep them coming", false},
		{"AE", "b", true},
		{"AE", "bb", false},
		{"TR", "çik", true},
		{"TH", "ยกเลิก", true},
		{"", "STOP", false},
		{"XX", "B", false},
	} {
		if got := MeansOptOut(c.country, c.reply); got != c.want {
			t.Errorf("%s %q: %t", c.country, c.reply, got)
		}
	}
}
