package message

import (
	"crypto/sha256"
	"encoding/base64"
	"unicode"
	"unicode/utf8"
)

// ContentHash identifies what a text says, so that the same is not said again on another channel (practice: avoid
// cross-channel fatigue). Letter case and white space do not matter, for channels set both in their own way. It is
// stable for ever: it is stored. Eight bytes of SHA-256 in base64url, 11 characters.
func ContentHash(body string) string {
	plain := make([]byte, 0, 512)
	gap := false
	for _, r := range body {
		if unicode.IsSpace(r) {
			gap = len(plain) > 0
			continue
		}
		if gap {
			plain, gap = append(plain, ' '), false
		}
		plain = utf8.AppendRune(plain, unicode.ToLower(r))
	}
	return shortHash(plain)
}

func shortHash(text []byte) string {
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:8])
}
