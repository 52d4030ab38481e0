package link_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/link"
)

const page = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/preferences"

var (
	noon   = time.Date(2026, 12, 1, 20, 0, 0, 0, time.UTC)
	her    = consent.Key{Brand: "example", Phone: "+12065550142"}
	secret = []byte("a secret of at least thirty-two bytes")
)

func catalog(ids ...string) *program.Catalog {
	c := &program.Catalog{}
	for _, id := range ids {
		c.Brands = append(c.Brands, program.Brand{ID: id})
	}
	return c
}

func maker(t interface{ Fatal(args ...any) }, secret []byte, random io.Reader, brands ...string) *link.Maker {
	m, err := link.New(secret, page, catalog(brands...), random)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func token(t interface{ Fatal(args ...any) }, address string) string {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get(link.Query)
}

func TestALinkOpensItsPageForADay(t *testing.T) {
	m := maker(t, secret, rand.Reader, "cafe", "example")
	tok := token(t, m.Link(her, noon))
	for _, after := range []time.Duration{0, time.Hour, link.Lifetime - time.Second} {
		key, until, err := m.Open(tok, noon.Add(after))
		if err != nil || key != her || !until.Equal(noon.Add(link.Lifetime)) {
			t.Errorf("after %s: %v until %s, %v", after, key, until, err)
		}
	}
	for _, after := range []time.Duration{link.Lifetime, link.Lifetime + time.Second, 10 * 365 * 24 * time.Hour} {
		if key, until, err := m.Open(tok, noon.Add(after)); !errors.Is(err, link.ErrExpired) || key != (consent.Key{}) || !until.IsZero() {
			t.Errorf("after %s: %v until %s, %v", after, key, until, err)
		}
	}
}

// Whoever it is for, and by whichever brand, a link opens for exactly that contact, and every one is as long as the
// next.
func TestEveryContactHasItsOwnLink(t *testing.T) {
	m := maker(t, secret, rand.Reader, "cafe", "example", "a-brand-with-a-very-long-name")
	rapid.Check(t, func(t *rapid.T) {
		key := consent.Key{
			Brand: rapid.SampledFrom([]string{"cafe", "example", "a-brand-with-a-very-long-name"}).Draw(t, "brand"),
			Phone: phone.Number("+" + strconv.FormatInt(rapid.Int64Range(1_000_000, 999_999_999_999_999).Draw(t, "digits"), 10)),
		}
		now := time.Unix(rapid.Int64Range(0, 4_000_000_000).Draw(t, "now"), 0)
		tok := token(t, m.Link(key, now))
		got, until, err := m.Open(tok, now.Add(link.Lifetime-time.Second))
		if err != nil || got != key || !until.Equal(now.Add(link.Lifetime)) {
			t.Fatalf("%v: opened %v until %s, %v", key, got, until, err)
		}
		if len(tok) != link.TokenLen {
			t.Fatalf("%d characters, want %d", len(tok), link.TokenLen)
		}
		if last := tok[len(tok)-1]; last == '-' || last == '_' {
			t.Fatalf("%s ends in what a phone may not take for part of the link", tok)
		}
	})
}

// No bit, character or length of a token can be changed, and none has a second spelling.
func TestNothingOfATokenCanBeAltered(t *testing.T) {
	m := maker(t, secret, rand.Reader, "example", "cafe")
	tok := token(t, m.Link(her, noon))
	raw, err := base64.RawURLEncoding.DecodeString(tok)
	if err != nil {
		t.Fatal(err)
	}
	altered := map[string]string{
		"empty": "", "cut": tok[1:], "cut at the end": tok[:len(tok)-1], "longer": tok + "A", "padded": tok + "=", "twice": tok + tok,
		"a line end": tok[:20] + "\n" + tok[20:], "a line end for a character": tok[:20] + "\r" + tok[21:], "a space": " " + tok,
		"percent": strings.Replace(tok, tok[:1], "%", 1), "only the nonce": tok[:16], "zeros": strings.Repeat("A", link.TokenLen), "not ASCII": tok[:45] + "é",
		"only line ends": strings.Repeat("\n", link.TokenLen), "standard alphabet": strings.Repeat("+/", link.TokenLen/2) + "A",
	}
	for i := range raw {
		for bit := range 8 {
			changed := bytes.Clone(raw)
			changed[i] ^= 1 << bit
			altered["bit "+strconv.Itoa(8*i+bit)] = base64.RawURLEncoding.EncodeToString(changed)
		}
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range tok {
		for _, c := range alphabet {
			if changed := tok[:i] + string(c) + tok[i+1:]; changed != tok {
				altered["character "+strconv.Itoa(i)+" "+string(c)] = changed
			}
		}
	}
	for name, changed := range altered {
		if key, _, err := m.Open(changed, noon); !errors.Is(err, link.ErrInvalid) || key != (consent.Key{}) {
			t.Errorf("%s: opened %v, %v", name, key, err)
		}
	}
}

// Parts of two good links never make a third.
func TestLinksCannotBeMixed(t *testing.T) {
	m := maker(t, secret, rand.Reader, "example", "cafe")
	mine := token(t, m.Link(her, noon))
	for name, other := range map[string]string{
		"another phone's":   token(t, m.Link(consent.Key{Brand: "example", Phone: "+12065550143"}, noon)),
		"another brand's":   token(t, m.Link(consent.Key{Brand: "cafe", Phone: her.Phone}, noon)),
		"a later one":       token(t, m.Link(her, noon.Add(time.Hour))),
		"the same, another": token(t, m.Link(her, noon)),
	} {
		if mine == other {
			t.Errorf("%s link is the same", name)
		}
		for i := 1; i < link.TokenLen; i++ {
			if mixed := mine[:i] + other[i:]; mixed != mine && mixed != other {
				if key, _, err := m.Open(mixed, noon); !errors.Is(err, link.ErrInvalid) {
					t.Errorf("the first %d characters with %s rest opened %v, %v", i, name, key, err)
				}
			}
		}
	}
}

func TestOnlyOurOwnLinksOpen(t *testing.T) {
	m := maker(t, secret, rand.Reader, "example")
	for name, other := range map[string]*link.Maker{
		"another secret":          maker(t, []byte("another secret of thirty-two bytes or more"), rand.Reader, "example"),
		"a brand that is no more": maker(t, secret, rand.Reader, "example", "gone"),
	} {
		key := her
		if name == "a brand that is no more" {
			key.Brand = "gone"
		}
		if got, _, err := m.Open(token(t, other.Link(key, noon)), noon); !errors.Is(err, link.ErrInvalid) {
			t.Errorf("%s: opened %v, %v", name, got, err)
		}
	}
	// The secret itself seals nothing: who holds it for another purpose makes no links.
	block, err := aes.NewCipher(secret[:32])
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCMWithTagSize(block, 12)
	if err != nil {
		t.Fatal(err)
	}
	sealed := gcm.Seal(make([]byte, 12), make([]byte, 12), make([]byte, 11), []byte("example"))
	if _, _, err := m.Open(base64.RawURLEncoding.EncodeToString(sealed), noon); !errors.Is(err, link.ErrInvalid) {
		t.Errorf("sealed with the bare secret: %v", err)
	}
}

// A link tells nobody whose it is, nor that two are one person's.
func TestALinkHoldsNothingToRead(t *testing.T) {
	m := maker(t, secret, rand.Reader, "example")
	first, second := token(t, m.Link(her, noon)), token(t, m.Link(her, noon))
	raw, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil {
		t.Fatal(err)
	}
	var digits [8]byte
	binary.BigEndian.PutUint64(digits[:], 12065550142)
	for _, readable := range []string{"2065550142", "0142", "example", string(digits[3:])} {
		if strings.Contains(first, readable) || bytes.Contains(raw[12:], []byte(readable)) {
			t.Errorf("the token holds %q", readable)
		}
	}
	same := 0
	for i := range first {
		if first[i] == second[i] {
			same++
		}
	}
	if same > 12 {
		t.Errorf("two links of one person have %d of %d characters in common", same, len(first))
	}
}

func TestTheSecretMustBeLong(t *testing.T) {
	if _, err := link.New(secret[:32], page, catalog("example"), rand.Reader); err != nil {
		t.Errorf("32 bytes: %v", err)
	}
	if _, err := link.New(secret[:31], page, catalog("example"), rand.Reader); err == nil || !strings.Contains(err.Error(), "at least 32") {
		t.Errorf("31 bytes: %v", err)
	}
}

// A link with a nonce that others know, or that opens nobody's page, must not reach a phone.
func TestNoLinkIsBetterThanAWrongOne(t *testing.T) {
	for name, made := range map[string]func(){
		"no randomness": func() { maker(t, secret, strings.NewReader("short"), "example").Link(her, noon) },
		"no number": func() {
			maker(t, secret, rand.Reader, "example").Link(consent.Key{Brand: "example", Phone: "+1206555O142"}, noon)
		},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: a link was made", name)
				}
			}()
			made()
		}()
	}
}

// A link travels as GSM-7 and leaves words room beside it in one text, even at the API's own address in a Region with a
// long name.
func TestALinkIsShort(t *testing.T) {
	const longest = "https://a1b2c3d4e5.execute-api.ap-southeast-1.amazonaws.com/preferences"
	m, err := link.New(secret, longest, catalog("example"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if address := m.Link(her, noon); len(address) > 121 || message.Segments(address).Encoding != message.GSM7 {
		t.Errorf("%s has %d characters", address, len(address))
	}
	if link.TokenLen != 47 {
		t.Errorf("a token of %d characters", link.TokenLen)
	}
}

// The links people hold stay good when the program is built anew: the format does not change unnoticed.
func TestFormatIsStable(t *testing.T) {
	m := maker(t, secret, strings.NewReader("nonce of 12!"), "example")
	const want = page + "?t=bm9uY2Ugb2YgMTIh110E_BqQem4cES7rEPa1cjmZ8rAcqqM"
	if got := m.Link(her, noon); got != want {
		t.Errorf("the link is %s, want %s", got, want)
	}
}

func FuzzOpen(f *testing.F) {
	// The fuzzer's workers are processes of their own: the link must be the same in all of them.
	m := maker(f, secret, strings.NewReader("nonce of 12!"), "example", "cafe")
	mine := token(f, m.Link(her, noon))
	for _, s := range []string{"", "A", mine, mine[:46], strings.Repeat("A", link.TokenLen), strings.Repeat("_", link.TokenLen)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, token string) {
		key, until, err := m.Open(token, noon)
		if token == mine {
			if err != nil || key != her {
				t.Fatalf("%v, %v", key, err)
			}
			return
		}
		if !errors.Is(err, link.ErrInvalid) || key != (consent.Key{}) || !until.IsZero() {
			t.Fatalf("opened %v until %s, %v", key, until, err)
		}
	})
}
