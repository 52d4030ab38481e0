package consent

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// The least a secret may have, and the most an ID, which stands with everything sealed.
const (
	minSecret = 32
	maxKeyID  = 8
)

// firstKey is the ID of a key without one.
const firstKey = "1"

// signer is one key of a ledger.
type signer struct {
	id     string
	secret []byte
}

func newSigner(id string, secret []byte) (*signer, error) {
	if len(secret) < minSecret {
		return nil, fmt.Errorf("ledger key %s has %d bytes; give it at least %d", id, len(secret), minSecret)
	}
	return &signer{id: id, secret: secret}, nil
}

// sum returns the HMAC-SHA-256 of b.
func (s *signer) sum(b []byte) []byte {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write(b)
	return mac.Sum(nil)
}

// ParseLedger reads the keys of a ledger: either one key, as base64 of at least 32 bytes, which gets the ID 1; or
// several, each as id:base64, separated by white space. IDs have up to eight letters or digits. The first key seals,
// all verify.
func ParseLedger(text string) (Ledger, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return Ledger{}, errors.New("no ledger key")
	}
	var l Ledger
	for i, word := range words {
		id, encoded, named := strings.Cut(word, ":")
		switch {
		case !named && len(words) == 1:
			id, encoded = firstKey, word
		case !named || !isKeyID(id):
			return Ledger{}, fmt.Errorf(
				"ledger key %d of %d has no ID of up to %d letters or digits before a colon",
				i+1,
				len(words),
				maxKeyID,
			)
		}
		if l.signer(id) != nil {
			return Ledger{}, fmt.Errorf("two ledger keys have the ID %s", id)
		}
		secret, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return Ledger{}, fmt.Errorf("ledger key %s is not base64", id) // not the error: it would tell of the secret
		}
		s, err := newSigner(id, secret)
		if err != nil {
			return Ledger{}, err
		}
		l.signers = append(l.signers, s)
	}
	return l, nil
}

func isKeyID(id string) bool {
	return id != "" && len(id) <= maxKeyID && !strings.ContainsFunc(id, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// signer returns the key with that ID, or nil.
func (l Ledger) signer(id string) *signer {
	for _, s := range l.signers {
		if s.id == id {
			return s
		}
	}
	return nil
}

// macSize is how many bytes of an HMAC-SHA-256 are stored: 128 bits cannot be guessed (RFC 2104, section 5).
const macSize = 16

// HasKey reports whether the ledger can seal and verify.
func (l Ledger) HasKey() bool { return len(l.signers) > 0 }

// MAC returns the proof that a holder of the first key wrote the bytes, followed by the ID of the key.
func (l Ledger) MAC(b []byte) ([]byte, error) {
	if !l.HasKey() {
		return nil, errNoKey
	}
	key := l.signers[0]
	return append(key.sum(b)[:macSize], key.id...), nil
}

// VerifyMAC reports whether one of the ledger's keys made the MAC of the bytes.
func (l Ledger) VerifyMAC(mac, b []byte) bool {
	if len(mac) < macSize {
		return false
	}
	key := l.signer(string(mac[macSize:]))
	return key != nil && hmac.Equal(mac[:macSize], key.sum(b)[:macSize])
}

// person returns the name of a person by one key.
func (s *signer) person(k Key) string {
	return hex.EncodeToString(s.sum([]byte("person " + k.Brand + " " + string(k.Phone)))[:8])
}

// Person returns a name for the person in logs and other systems: 16 hexadecimal digits, the same for a person at a
// brand as long as the first key stays first. Without the key nobody can find the number by trying all numbers, which
// takes minutes for a hash without a key. It is empty where the ledger has no key.
func (l Ledger) Person(k Key) string {
	if !l.HasKey() {
		return ""
	}
	return l.signers[0].person(k)
}

// IsPerson reports whether Person returned that name for the person under any of the ledger's keys.
func (l Ledger) IsPerson(name string, k Key) bool {
	return slices.ContainsFunc(l.signers, func(s *signer) bool { return s.person(k) == name })
}
