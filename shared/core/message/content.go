package message

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"smsconsent/shared/core/wording"
)

// ContentHash identifies what a text says, so that the same is not said again on another channel (practice: avoid
// cross-channel fatigue). Letter case and white space do not matter, because channels differ in them. It is stored,
// so it must never change: eight bytes of SHA-256 in base64url, 11 characters.
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

// Invites reports whether a text asks its reader to answer; see wording.Invites.
func Invites(body string) bool { return wording.Invites(body) }

// HasAddress reports whether a text contains a web address, as a link of ours or in full; see wording.HasAddress.
func HasAddress(body string) bool { return wording.HasAddress(body) }

// maxContentID is the most characters of an ID that several channels use for the same content.
const maxContentID = 40

// CheckContentID returns what is wrong with an ID that several channels use for the same content.
func CheckContentID(id string) error {
	odd := func(r rune) bool { return r <= ' ' || r > '~' }
	if id == "" || len(id) > maxContentID || strings.ContainsFunc(id, odd) {
		return fmt.Errorf("write 1 to %d letters, digits and signs without spaces, such as spring-sale", maxContentID)
	}
	return nil
}

func shortHash(text []byte) string {
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:8])
}
