package limit

import (
	"strings"
	"testing"
)

// A key tells what is counted and hides of whom.
func TestKey(t *testing.T) {
	a, b := Key("ask", "+12065550142"), Key("ask", "+12065550143")
	if !strings.HasPrefix(a, "ask#") || len(a) != len("ask#")+32 || strings.Contains(a, "5550142") || a == b {
		t.Errorf("%s, %s", a, b)
	}
	if a != Key("ask", "+12065550142") || a == Key("sign-up", "+12065550142") {
		t.Error("a key is not of what is counted and of whom")
	}
}

// Neighbours in one /48 are one network; IPv4 addresses, mapped or not, are one each.
func TestNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"203.0.113.7": "203.0.113.7", "::ffff:198.51.100.1": "::ffff:198.51.100.1", "?": "?",
		"2001:db8::1": "2001:db8::/48", "2001:db8::2%eth0": "2001:db8::/48", "2001:db8:0:ffff::1": "2001:db8::/48",
		"2001:db8:1::1": "2001:db8:1::/48",
	} {
		if got := Network(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
