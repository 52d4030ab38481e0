package consent

// What tests ask directly, and others only as a part of WithClaim and Verify.
var (
	PruneClaims = pruneClaims
	Replay      = replay
)
