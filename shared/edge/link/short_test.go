package link_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/oklog/ulid/v2"
	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/link"
)

const (
	api      = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
	pumpkins = "01KB3M8Y5T0QF2Z9W6R7C4X1VN"
)

func shortener(t interface{ Fatal(args ...any) }, secret []byte) *link.Shortener {
	brands := &program.Catalog{Brands: []program.Brand{{ID: "example"}, {ID: "cafe", Links: "https://cafe.example"}}}
	s, err := link.NewShortener(secret, api, brands)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// id is the ID of a link that has to be made.
func id(t interface{ Fatal(args ...any) }, s *link.Shortener, key consent.Key, campaign string, place int) string {
	address, err := s.Short(key, campaign, place)
	if err != nil {
		t.Fatal(err)
	}
	return address[strings.LastIndex(address, "/")+1:]
}

func beginning(campaign string) (p link.CampaignPrefix) {
	u := ulid.MustParseStrict(campaign)
	copy(p[:], u[:])
	return p
}

// Whoever, whichever campaign and place: a link opens as exactly that one, is the same each time, and as long as all.
func TestEachShortLinkIsItsOwn(t *testing.T) {
	s := shortener(t, secret)
	seen := map[string]link.Target{}
	rapid.Check(t, func(t *rapid.T) {
		campaign := ulid.ULID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "campaign"))
		campaign[0] &= 0x7f // a string of one has three bits there, and its time is far off
		key := consent.Key{Brand: "example", Phone: phone.Number("+" + strconv.FormatInt(rapid.Int64Range(1_000_000, 999_999_999_999_999).Draw(t, "digits"), 10))}
		place := rapid.IntRange(0, 63).Draw(t, "place")
		short := id(t, s, key, campaign.String(), place)
		want := link.Target{Campaign: beginning(campaign.String()), Phone: key.Phone, Place: place}
		if got, err := s.Open(short); err != nil || got != want {
			t.Fatalf("opened %v, %v, want %v", got, err, want)
		}
		if again := id(t, s, key, campaign.String(), place); again != short {
			t.Fatal("made anew, it is another")
		}
		if other, ok := seen[short]; ok && other != want {
			t.Fatalf("%v and %v have one link", other, want)
		}
		seen[short] = want
		if last := short[len(short)-1]; len(short) != message.LinkIDLen || last == '-' || last == '_' {
			t.Fatalf("%s has %d characters", short, len(short))
		}
	})
}

// Only what we made opens: no bit, character or length can be changed, and none has a second spelling.
func TestNothingOfAShortLinkCanBeAltered(t *testing.T) {
	s := shortener(t, secret)
	short := id(t, s, her, pumpkins, 0)
	raw, err := base64.RawURLEncoding.DecodeString(short)
	if err != nil {
		t.Fatal(err)
	}
	altered := []string{"", short[1:], short[:30], short + "A", short + "=", short[:10] + "\n" + short[10:], " " + short, short[:30] + "\n", short[:8] + strings.Repeat("\n", 23), strings.Repeat("A", 31), short[:29] + "é"}
	for i := range 8 * len(raw) {
		changed := bytes.Clone(raw)
		changed[i/8] ^= 1 << (i % 8)
		altered = append(altered, base64.RawURLEncoding.EncodeToString(changed))
	}
	for i := range short {
		for _, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/" {
			if changed := short[:i] + string(c) + short[i+1:]; changed != short {
				altered = append(altered, changed)
			}
		}
	}
	other := id(t, s, consent.Key{Brand: "example", Phone: "+12065550143"}, pumpkins, 0)
	for i := 1; i < len(short); i++ {
		if mixed := short[:i] + other[i:]; mixed != short && mixed != other {
			altered = append(altered, mixed)
		}
	}
	altered = append(altered, id(t, shortener(t, []byte("another secret of thirty-two bytes or more")), her, pumpkins, 0))
	for _, changed := range altered {
		if got, err := s.Open(changed); !errors.Is(err, link.ErrInvalid) || got != (link.Target{}) {
			t.Errorf("%q opened %v, %v", changed, got, err)
		}
	}
}

// A link tells nobody whose it is, nor that two are of one person or one campaign.
func TestAShortLinkHoldsNothingToRead(t *testing.T) {
	s := shortener(t, secret)
	raw := func(key consent.Key, campaign string, place int) []byte {
		b, err := base64.RawURLEncoding.DecodeString(id(t, s, key, campaign, place))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	mine := raw(her, pumpkins, 0)
	var digits [8]byte
	binary.BigEndian.PutUint64(digits[:], 12065550142)
	if u := ulid.MustParseStrict(pumpkins); bytes.Contains(mine, digits[4:]) || bytes.Contains(mine, u[:4]) {
		t.Errorf("%x holds its number or campaign", mine)
	}
	for name, other := range map[string][]byte{
		"the next link of the text": raw(her, pumpkins, 1), "the next number": raw(consent.Key{Brand: "example", Phone: "+12065550143"}, pumpkins, 0),
		"the next campaign": raw(her, "01KB3M8Y5V0QF2Z9W6R7C4X1VN", 0),
	} {
		same := 0
		for i := range mine {
			if mine[i] == other[i] {
				same++
			}
		}
		if same > 5 {
			t.Errorf("%s has %d of %d bytes in common", name, same, len(mine))
		}
	}
}

func TestWhereShortLinksBegin(t *testing.T) {
	s := shortener(t, secret)
	for brand, want := range map[string]string{"example": api + "/l/", "cafe": "https://cafe.example/l/"} {
		got, err := s.Short(consent.Key{Brand: brand, Phone: her.Phone}, pumpkins, 0)
		if err != nil || !strings.HasPrefix(got, want) || len(got) != len(want)+message.LinkIDLen || message.Segments(got).Encoding != message.GSM7 {
			t.Errorf("%s: %s, %v", brand, got, err)
		}
	}
}

func TestNoShortLinkIsBetterThanAWrongOne(t *testing.T) {
	s := shortener(t, secret)
	for name, made := range map[string]func() (string, error){
		"a brand nobody knows": func() (string, error) { return s.Short(consent.Key{Brand: "gone", Phone: her.Phone}, pumpkins, 0) },
		"no campaign's ID":     func() (string, error) { return s.Short(her, "pumpkins", 0) },
		"no number": func() (string, error) {
			return s.Short(consent.Key{Brand: "example", Phone: "+1206555O142"}, pumpkins, 0)
		},
		"nobody": func() (string, error) { return s.Short(consent.Key{Brand: "example"}, pumpkins, 0) },
		"too many digits": func() (string, error) {
			return s.Short(consent.Key{Brand: "example", Phone: "+9999999999999999"}, pumpkins, 0)
		},
		"no place":       func() (string, error) { return s.Short(her, pumpkins, -1) },
		"the 65th place": func() (string, error) { return s.Short(her, pumpkins, 64) },
	} {
		if got, err := made(); err == nil || got != "" {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	if got, err := s.Open(id(t, s, her, pumpkins, 63)); err != nil || got.Place != 63 {
		t.Errorf("the 64th place: %+v, %v", got, err)
	}
	if _, err := link.NewShortener(secret[:32], api, catalog("example")); err != nil {
		t.Errorf("32 bytes: %v", err)
	}
	if _, err := link.NewShortener(secret[:31], api, catalog("example")); err == nil || !strings.Contains(err.Error(), "at least 32") {
		t.Errorf("31 bytes: %v", err)
	}
}

// The links people hold stay good when the program is built anew.
func TestShortFormatIsStable(t *testing.T) {
	const want = api + "/l/9o27GrvwQb6bKiKnv6Fn3TJf4bDJ2HQ"
	if got, err := shortener(t, secret).Short(her, pumpkins, 2); err != nil || got != want {
		t.Errorf("the link is %s, %v, want %s", got, err, want)
	}
}

func FuzzOpenShort(f *testing.F) {
	s := shortener(f, secret)
	mine := id(f, s, her, pumpkins, 0)
	for _, seed := range []string{"", "A", mine, mine[:30], strings.Repeat("A", 31), strings.Repeat("_", 31)} {
		f.Add(seed)
	}
	want := link.Target{Campaign: beginning(pumpkins), Phone: her.Phone}
	f.Fuzz(func(t *testing.T, short string) {
		got, err := s.Open(short)
		if short == mine && err == nil && got == want {
			return
		}
		if !errors.Is(err, link.ErrInvalid) || got != (link.Target{}) {
			t.Fatalf("opened %v, %v", got, err)
		}
	})
}
