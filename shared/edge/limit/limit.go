// Package limit names the counters that limit how often something may be done.
package limit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"time"
)

// Counter counts what was done under a key.
type Counter interface {
	// Allow counts once more, and reports whether that keeps within limit in the window that now is in.
	Allow(ctx context.Context, key string, limit int, window time.Duration, now time.Time) (bool, error)
}

// Key returns the key under which it is counted what somebody does. Whom holds an address, a number or a token, which
// a counter does not need: the key has a hash of it.
func Key(what, whom string) string {
	sum := sha256.Sum256([]byte(whom))
	return what + "#" + hex.EncodeToString(sum[:16])
}

// Network returns a visitor's address or, because one customer of a provider gets so many, the /48 of an IPv6 one
// (RFC 6177: a site gets a /48 to a /64).
func Network(address string) string {
	if ip, err := netip.ParseAddr(address); err == nil && ip.Unmap().Is6() {
		if prefix, err := ip.WithZone("").Prefix(48); err == nil {
			return prefix.String()
		}
	}
	return address
}
