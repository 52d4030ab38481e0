package consent

import "time"

// What tests ask directly, and others only as a part of WithClaim and Verify.
var Replay = replay

func PruneClaims(claims []Claim, now time.Time, keep time.Duration) []Claim {
	c := Contact{Claims: claims}
	return c.pruneClaims(now, keep)
}
