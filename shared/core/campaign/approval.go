package campaign

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Approval says who approved a campaign. The zero Approval means that nobody did.
type Approval struct {
	By string    // ARN of who approved it
	At time.Time // UTC
	Of string    // Campaign.Fingerprint of the approved version
}

// Fingerprint returns a hash of everything an approval is about: what the campaign says, to whom, when, and who made
// it.
func (c *Campaign) Fingerprint() string {
	read := *c
	read.Name, read.State, read.Why, read.Plan, read.Created = "", "", "", Plan{}, time.Time{}
	read.At, read.Expires = c.At.UTC(), c.Expires.UTC()
	sum := sha256.New()
	// All fields are strings, times and flags, so this cannot fail.
	_ = json.NewEncoder(sum).Encode(read)
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// Unapproved returns why a campaign that needs an approval is not approved by a. It is empty where it is: by somebody
// else than who made it, and not changed since.
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

// CheckApprover returns an error where the identity with that ARN may not approve the campaign.
func (c *Campaign) CheckApprover(arn string) error {
	if why := c.Unapproved(Approval{By: arn, Of: c.Fingerprint()}); why != "" {
		return fmt.Errorf("%s: %s, and this is %s", why, c.By, arn)
	}
	return nil
}

// identity returns the user or role of an ARN. The name of a session in a role is dropped, because people choose it
// themselves, so that it proves nothing.
func identity(arn string) string {
	head, role, assumed := strings.Cut(arn, ":assumed-role/")
	if !assumed {
		return arn
	}
	name, _, _ := strings.Cut(role, "/")
	return head + ":assumed-role/" + name
}
