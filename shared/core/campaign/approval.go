package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Approval is somebody's word that a campaign may go out as it stands; the zero Approval where nobody gave it.
type Approval struct {
	By string    // ARN
	At time.Time // UTC
	Of string    // Campaign.Fingerprint of what they read
}

// Fingerprint identifies what a campaign says, to whom, when and by whom: what one who approves it approves.
func (c *Campaign) Fingerprint() string {
	read := *c
	read.State, read.Why, read.Plan, read.Created = "", "", Plan{}, time.Time{}
	read.At, read.Expires = c.At.UTC(), c.Expires.UTC()
	sum := sha256.New()
	// Strings, times and flags only, so it cannot fail.
	_ = json.NewEncoder(sum).Encode(read)
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// Unapproved tells why a campaign that needs an approval has none; empty where it has one by another than who made it.
func (c *Campaign) Unapproved(a Approval) string {
	switch {
	case a.By == "":
		return "nobody approved it"
	case c.By == "":
		return "nobody knows who made it, so nobody else can approve it"
	case identity(a.By) == identity(c.By):
		return "who made it can't approve it"
	case a.Of != c.Fingerprint():
		return "it was changed since it was approved"
	default:
		return ""
	}
}

// CheckApprover returns an error where that identity may not approve the campaign.
func (c *Campaign) CheckApprover(arn string) error {
	if why := c.Unapproved(Approval{By: arn, Of: c.Fingerprint()}); why != "" {
		return fmt.Errorf("%s: %s, and this is %s", why, c.By, arn)
	}
	return nil
}

// identity is the user or role behind an ARN. Whoever takes a role names the session themselves, so that proves
// nothing.
func identity(arn string) string {
	head, role, assumed := strings.Cut(arn, ":assumed-role/")
	if !assumed {
		return arn
	}
	name, _, _ := strings.Cut(role, "/")
	return head + ":assumed-role/" + name
}
