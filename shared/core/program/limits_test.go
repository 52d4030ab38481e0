package program

import (
	"strings"
	"testing"
)

func TestLimits(t *testing.T) {
	const field = "            locale: en-US                # the language of the texts\n"
	whole := strings.Replace(shipped(t), "            limits: {optouts: 3%, undeliverable: 10%, complaints: 0.5%, least: 50}\n", "", 1)
	fallback := Limits{OptOuts: 300, Undelivered: 1000, Complaints: 50, Least: 50}
	for _, tc := range []struct {
		written string
		want    Limits
		fault   string
	}{
		{"", fallback, ""},
		{"{optouts: 2.5%}", Limits{250, 1000, 50, 50}, ""},
		{"{optouts: 100%, undeliverable: 12.34%, complaints: 0.01%, least: 1}", Limits{10000, 1234, 1, 1}, ""},
		{"{optouts: 3}", fallback, "limits.optouts: \"3\": write a share"},
		{"{optouts: 0%}", fallback, "limits.optouts"},
		{"{undeliverable: 101%}", fallback, "limits.undeliverable"},
		{"{complaints: -1%}", fallback, "limits.complaints"},
		{"{complaints: .%}", fallback, "limits.complaints"},
		{"{least: 0}", fallback, "limits.least"},
		{"{least: few}", fallback, "limits.least"},
		{"{opt_outs: 3%}", fallback, "limits.opt_outs: unknown field"},
	} {
		text := whole
		if tc.written != "" {
			text = strings.Replace(whole, field, field+"            limits: "+tc.written+"\n", 1)
		}
		c, err := Load([]byte(text))
		if tc.fault != "" {
			if err == nil || !strings.Contains(err.Error(), tc.fault) {
				t.Errorf("%s: %v, want %s", tc.written, err, tc.fault)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Brands[0].Programs[0].Topics[0].Limits; got != tc.want {
			t.Errorf("%s is %+v", tc.written, got)
		}
	}
}
