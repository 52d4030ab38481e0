package campaign

import (
	"testing"
	"time"
)

// A campaign goes out only as somebody else read it.
func TestUnapproved(t *testing.T) {
	const ana, ben = "arn:aws:iam::1:user/ana", "arn:aws:iam::1:user/ben"
	const market, also, boss = "arn:aws:sts::1:assumed-role/market/ana", "arn:aws:sts::1:assumed-role/market/ben", "arn:aws:sts::1:assumed-role/boss/ana"
	c := Campaign{ID: "x", Brand: "example", Text: "Hi.", At: now, Expires: now.Add(time.Hour), By: ana}
	for _, tc := range []struct {
		name   string
		change func(*Campaign)
		by     string
		ok     bool
	}{
		{"nobody", func(*Campaign) {}, "", false},
		{"who made it", func(*Campaign) {}, ana, false},
		{"somebody else", func(*Campaign) {}, ben, true},
		{"nobody made it", func(c *Campaign) { c.By = "" }, ben, false},
		{"the same role under another name", func(c *Campaign) { c.By = market }, also, false},
		{"another role", func(c *Campaign) { c.By = market }, boss, true},
	} {
		made := c
		tc.change(&made)
		if why := made.Unapproved(Approval{By: tc.by, Of: made.Fingerprint()}); (why == "") != tc.ok {
			t.Errorf("%s: %q", tc.name, why)
		}
		if err := made.CheckApprover(tc.by); (err == nil) != tc.ok {
			t.Errorf("%s may: %v", tc.name, err)
		}
	}
	if print := c.Fingerprint(); len(print) != 32 { // 128 bits, which nobody finds twice
		t.Errorf("approved as %s", print)
	}
	// An approval that was given stays one, and is not about the name.
	const given = "8b4c4b80b4e0f405802caeb5a6bd75dc"
	named := c
	named.Name = "weekly-sale"
	if c.Fingerprint() != given || named.Fingerprint() != given {
		t.Errorf("approved as %s, named as %s, want %s", c.Fingerprint(), named.Fingerprint(), given)
	}
	a := Approval{By: ben, Of: c.Fingerprint()}
	for name, change := range map[string]func(*Campaign){
		"text": func(c *Campaign) { c.Text = "Hi!" }, "texts": func(c *Campaign) { c.Texts = map[string]string{"es": "x"} },
		"at": func(c *Campaign) { c.At = c.At.Add(1) }, "expires": func(c *Campaign) { c.Expires = c.Expires.Add(1) },
		"urgent": func(c *Campaign) { c.Vouched.Urgent = "Ana" }, "digest": func(c *Campaign) { c.Digest = true },
		"topic": func(c *Campaign) { c.Topic = "x" }, "by": func(c *Campaign) { c.By = "x" },
	} {
		changed := c
		if change(&changed); changed.Unapproved(a) == "" {
			t.Errorf("approved with another %s", name)
		}
	}
	elsewhere := c
	elsewhere.At, elsewhere.Expires = c.At.In(time.FixedZone("west", -8*3600)), c.Expires.In(time.FixedZone("east", 3600))
	if why := elsewhere.Unapproved(a); why != "" {
		t.Errorf("read on another clock: %s", why)
	}
	same := c
	same.State, same.Plan, same.Why = Running, Plan{Hash: "x"}, "y"
	if why := same.Unapproved(a); why != "" {
		t.Errorf("once it runs: %s", why)
	}
}
