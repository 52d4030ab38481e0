package link

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	"github.com/oklog/ulid/v2"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// An ID is one AES block and a tag over it, 23 bytes, 31 characters of base64url. The block holds the first nine bytes
// of the campaign's ULID (its millisecond and 24 random bits), six bits of the link's place in the text and 50 of the
// number's digits: all of it is used, and no two links have the same one, so that a single block hides them as well as
// a cipher can. The tag is HMAC-SHA-256 cut to 56 bits: whoever tries IDs at an API that takes 50 requests a second
// guesses one in some twenty million years. The last character is never "-" or "_", which some phones do not take for
// the end of a link.
const (
	campaignLen  = 9
	shortTagLen  = 7
	shortLen     = aes.BlockSize + shortTagLen
	placeBits    = 6
	digitsBits   = 50
	digitsMask   = 1<<digitsBits - 1
	maxPlace     = 1<<placeBits - 1
	placeNumLen  = (placeBits + digitsBits) / 8
	placeNumHead = 8 - placeNumLen
)

// Target is what a short link stands for: a link in a campaign's text, as one person got it.
type Target struct {
	Campaign CampaignPrefix
	Phone    phone.Number
	Place    int // of the link in the text, from 0
}

// CampaignPrefix is the beginning of a campaign's ULID, by which the campaign is found.
type CampaignPrefix [campaignLen]byte

// Shortener makes and opens the short links of campaigns. It is safe for concurrent use.
type Shortener struct {
	block   cipher.Block
	tagKey  []byte
	api     string
	catalog *program.Catalog
}

// NewShortener makes a shortener from a secret of at least 32 bytes. api is the address that links of brands without
// one of their own begin with, such as "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com".
func NewShortener(secret []byte, api string, catalog *program.Catalog) (*Shortener, error) {
	if len(secret) < 32 {
		return nil, fmt.Errorf("short link secret has %d bytes; give it at least 32", len(secret))
	}
	blockKey, err := hkdf.Key(sha256.New, secret, nil, "smsconsent short link block", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of short links: %w", err)
	}
	tagKey, err := hkdf.Key(sha256.New, secret, nil, "smsconsent short link tag", 32)
	if err != nil {
		return nil, fmt.Errorf("derive the key of short links: %w", err)
	}
	block, err := aes.NewCipher(blockKey)
	if err != nil {
		return nil, fmt.Errorf("key of short links: %w", err)
	}
	return &Shortener{block: block, tagKey: tagKey, api: api, catalog: catalog}, nil
}

// Short returns the address of a link in a campaign's text for one person, the same each time. It fails where the
// campaign's ID is no ULID, or nobody has such a brand, number or place.
func (s *Shortener) Short(key consent.Key, campaign string, place int) (string, error) {
	brand, ok := s.catalog.Brand(key.Brand)
	if !ok {
		return "", fmt.Errorf("short link: brand %q is not in programs.yaml", key.Brand)
	}
	id, err := ulid.ParseStrict(campaign)
	if err != nil {
		return "", fmt.Errorf("short link: campaign %q is no ULID", campaign)
	}
	if place < 0 || place > maxPlace {
		return "", fmt.Errorf("short link: place %d is not within 0 to %d", place, maxPlace)
	}
	digits, err := strconv.ParseUint(string(key.Phone[min(1, len(key.Phone)):]), 10, 64)
	if err != nil || digits > digitsMask {
		return "", errors.New("short link: the contact's phone is no E.164 number")
	}
	var wide [8]byte
	binary.BigEndian.PutUint64(wide[:], uint64(place)<<digitsBits|digits)
	raw := make([]byte, aes.BlockSize, shortLen)
	copy(raw, id[:campaignLen])
	copy(raw[campaignLen:], wide[placeNumHead:])
	s.block.Encrypt(raw, raw)
	raw = append(raw, s.tag(raw)...)
	return brand.LinkingAt(s.api).Links + message.LinkPath + base64.RawURLEncoding.EncodeToString(raw), nil
}

// Open tells what an ID stands for, or returns ErrInvalid. Each ID has exactly one spelling.
func (s *Shortener) Open(id string) (Target, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(id)
	if err != nil || len(id) != message.LinkIDLen || len(raw) != shortLen {
		return Target{}, ErrInvalid
	}
	block, tag := raw[:aes.BlockSize], raw[aes.BlockSize:]
	if !hmac.Equal(s.tag(block), tag) {
		return Target{}, ErrInvalid
	}
	s.block.Decrypt(block, block)
	t := Target{Campaign: CampaignPrefix(block[:campaignLen])}
	var wide [8]byte
	copy(wide[placeNumHead:], block[campaignLen:])
	n := binary.BigEndian.Uint64(wide[:])
	t.Phone = phone.Number("+" + strconv.FormatUint(n&digitsMask, 10))
	t.Place = int(n >> digitsBits) // six bits
	return t, nil
}

func (s *Shortener) tag(block []byte) []byte {
	mac := hmac.New(sha256.New, s.tagKey)
	mac.Write(block)
	return mac.Sum(nil)[:shortTagLen]
}
