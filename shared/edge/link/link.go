// Package link makes and opens the links in texts. One to a preference page opens the page of one phone at one brand,
// for a day. A short link of a campaign leads where the campaign says, for good, and tells whose tap it was.
//
// A link holds all it needs, sealed, so nothing is stored, and nobody can read, guess or alter it. Whoever has the link
// of a page can use it, which is why it is sent to the phone it is for and to nobody else.
package link

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// Lifetime is how long a link opens its page.
const Lifetime = 24 * time.Hour

// Why a link does not open.
var (
	ErrExpired = errors.New("link: expired")
	ErrInvalid = errors.New("link: not one of ours")
)

// Query is the name of the query parameter that holds the token.
const Query = "t"

// A token travels by SMS, so it is kept short: base64url of a nonce and, sealed, the number's digits and the second of
// expiry. The brand takes no room: it is authenticated with the rest, and opening tries each. NIST SP 800-38D allows
// tags of 96 bits, and 35 bytes leave the last character no value of "-" or "_", which some phones do not take for the
// end of a link.
const (
	nonceLen  = 12
	digitsLen = 7 // 15 digits, the most E.164 has, take 50 bits
	untilLen  = 4 // Unix seconds, to 2106
	tagLen    = 12
	sealedLen = digitsLen + untilLen + tagLen
)

// TokenLen is the length of every token, in characters.
const TokenLen = ((nonceLen+sealedLen)*8 + 5) / 6

// Maker makes and opens links. It is safe for concurrent use where its source of randomness is.
type Maker struct {
	aead   cipher.AEAD
	page   string
	brands []string
	random io.Reader
}

// New makes a maker of links to the page, an address without query, from a secret of at least 32 bytes. It opens links
// of the brands of the catalog. random is crypto/rand.Reader but in tests.
func New(secret []byte, page string, catalog *program.Catalog, random io.Reader) (*Maker, error) {
	if len(secret) < 32 {
		return nil, fmt.Errorf("link secret has %d bytes; give it at least 32", len(secret))
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "smsconsent preference link", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of links: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("key of links: %w", err)
	}
	aead, err := cipher.NewGCMWithTagSize(block, tagLen)
	if err != nil {
		return nil, fmt.Errorf("key of links: %w", err)
	}
	m := &Maker{aead: aead, page: page, random: random}
	for i := range catalog.Brands {
		m.brands = append(m.brands, catalog.Brands[i].ID)
	}
	return m, nil
}

// Link returns the address of the contact's preference page, good for Lifetime from now on.
func (m *Maker) Link(key consent.Key, now time.Time) string {
	return m.page + "?" + Query + "=" + m.token(key, now.Add(Lifetime))
}

func (m *Maker) token(key consent.Key, until time.Time) string {
	var plain [digitsLen + untilLen]byte
	digits, err := strconv.ParseUint(string(key.Phone[1:]), 10, 64)
	if err != nil {
		panic("link: the contact's phone is no E.164 number") // phone.Parse lets no other in
	}
	var wide [8]byte
	binary.BigEndian.PutUint64(wide[:], digits)
	copy(plain[:], wide[8-digitsLen:])
	binary.BigEndian.PutUint32(plain[digitsLen:], uint32(until.Unix())) //nolint:gosec // to 2106
	token := make([]byte, nonceLen, nonceLen+sealedLen)
	if _, err := io.ReadFull(m.random, token); err != nil {
		panic("link: no randomness") // crypto/rand never fails
	}
	return base64.RawURLEncoding.EncodeToString(m.aead.Seal(token, token, plain[:], []byte(key.Brand)))
}

// Open tells whose page a link's token opens, and until when. The error is ErrExpired or ErrInvalid, and the key is
// then empty.
func (m *Maker) Open(token string, now time.Time) (consent.Key, time.Time, error) {
	// Strict and of one length: each token has exactly one spelling, so a limit for one link cannot be got round by
	// writing it otherwise.
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(token) != TokenLen || len(raw) != nonceLen+sealedLen {
		return consent.Key{}, time.Time{}, ErrInvalid
	}
	for _, brand := range m.brands {
		plain, err := m.aead.Open(nil, raw[:nonceLen], raw[nonceLen:], []byte(brand))
		if err != nil {
			continue
		}
		until := time.Unix(int64(binary.BigEndian.Uint32(plain[digitsLen:])), 0).UTC()
		if !now.Before(until) {
			return consent.Key{}, time.Time{}, ErrExpired
		}
		var wide [8]byte
		copy(wide[8-digitsLen:], plain[:digitsLen])
		return consent.Key{
			Brand: brand,
			Phone: phone.Number("+" + strconv.FormatUint(binary.BigEndian.Uint64(wide[:]), 10)),
		}, until, nil
	}
	return consent.Key{}, time.Time{}, ErrInvalid
}
