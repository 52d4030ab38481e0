package console

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// sealer hides phone numbers in what the page sends back: the ID of a person, and where a page of people ended. Its
// key lives as long as the process. Equal values are sealed alike, so that the page recognizes a person.
type sealer struct {
	gcm cipher.AEAD
	mac []byte
}

func newSealer() sealer {
	key := make([]byte, 64)
	_, _ = rand.Read(key) // never fails
	block, err := aes.NewCipher(key[:32])
	if err == nil {
		var gcm cipher.AEAD
		if gcm, err = cipher.NewGCM(block); err == nil {
			return sealer{gcm, key[32:]}
		}
	}
	panic(err) // AES takes keys of 32 bytes
}

// seal hides a value, which must be encodable as JSON.
func (s sealer) seal(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // only our own structs of strings and numbers are sealed
	}
	sum := hmac.New(sha256.New, s.mac)
	sum.Write(text)
	nonce := sum.Sum(nil)[:s.gcm.NonceSize()]
	return base64.RawURLEncoding.EncodeToString(s.gcm.Seal(nonce, nonce, text, nil))
}

// open reads what seal made, and reports whether this process sealed it.
func (s sealer) open(sealed string, into any) bool {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(raw) < s.gcm.NonceSize() {
		return false
	}
	text, err := s.gcm.Open(nil, raw[:s.gcm.NonceSize()], raw[s.gcm.NonceSize():], nil)
	return err == nil && json.Unmarshal(text, into) == nil
}
