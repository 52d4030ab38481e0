package wording

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Advertises returns the words that make a text an advertisement, as they are looked up: in lower case, with # for any
// number and ¤ for any currency sign; empty where it finds none. It reads English, Spanish and French,
// and some German.
//
// A transactional text must not hold any: one offer in it makes the whole text a telemarketing message, which needs the
// consent and the hours of one (FCC, Report and Order 12-21, 2012, paragraphs 30–31 on messages of two purposes). What
// it does not find may be marketing all the same.
func Advertises(text string) string {
	plain, all := offerWords(text), advertising()
	for _, phrase := range all.news {
		plain = strings.ReplaceAll(plain, " "+phrase+" ", " . ")
	}
	for _, phrase := range all.offers {
		if strings.Contains(plain, " "+phrase+" ") {
			return phrase
		}
	}
	if two := hinted(plain, all.hints); two != "" {
		return two
	}
	if code := discountCode(text); code != "" && !slices.ContainsFunc(secretWords, func(word string) bool {
		return strings.Contains(plain, " "+word+" ")
	}) {
		return "code " + code
	}
	return ""
}

// hinted returns two hints that stand in the text; empty where it holds no two that are not part of one another.
func hinted(plain string, hints []string) string {
	first := ""
	for _, hint := range hints {
		if !strings.Contains(plain, " "+hint+" ") {
			continue
		}
		if first != "" && !strings.Contains(first, hint) && !strings.Contains(hint, first) {
			return first + ", " + hint
		}
		if first == "" {
			first = hint
		}
	}
	return ""
}

//go:embed offers.txt
var offersText string

// phrases are what offers.txt holds.
type phrases struct{ offers, hints, news []string }

// advertising reads offers.txt when a text is first looked at, not at each start.
var advertising = sync.OnceValue(func() phrases {
	var all phrases
	for line := range strings.Lines(offersText) {
		line = strings.TrimSuffix(line, "\n")
		hint, isHint := strings.CutPrefix(line, "~ ")
		news, isNews := strings.CutPrefix(line, "! ")
		switch {
		case line == "" || strings.HasPrefix(line, "//"):
		case isHint:
			all.hints = append(all.hints, hint)
		case isNews:
			all.news = append(all.news, news)
		default:
			all.offers = append(all.offers, line)
		}
	}
	return all
})

// offerWords folds a text to words with one space before and behind each: lower case, no accents or punctuation, # for
// a number, ¤ for a currency sign, % for itself.
func offerWords(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	b.WriteByte(' ')
	last := ' '
	put := func(r rune) {
		if apart := r == ' ' || signOf(r) || signOf(last); apart && last != ' ' {
			b.WriteByte(' ')
		}
		if last = r; r != ' ' {
			b.WriteRune(r)
		}
	}
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == 'ʼ':
		case unicode.IsDigit(r):
			if last != '#' {
				put('#')
			}
		case (r == '.' || r == ',') && last == '#': // the point within 19.99; at a sentence's end it makes no difference
		case r == '%':
			put('%')
		case unicode.Is(unicode.Sc, r):
			put('¤')
		case unicode.IsLetter(r):
			put(unicode.ToLower(r))
		default:
			put(' ')
		}
	}
	put(' ')
	return b.String()
}

// signOf reports whether offerWords keeps the sign as a word of its own.
func signOf(r rune) bool { return r == '#' || r == '%' || r == '¤' }

// discountCode returns the code a text asks people to use that is made of a word, such as SAVE20 or SUMMER. A code to
// sign in with has digits first or is all digits.
func discountCode(text string) string {
	tokens := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	for i, token := range tokens {
		if i == 0 || !slices.Contains(codeWords, strings.ToLower(tokens[i-1])) {
			continue
		}
		letters := strings.TrimRightFunc(token, unicode.IsDigit)
		if len(letters) < 3 || letters != strings.ToUpper(letters) || strings.ContainsFunc(letters, unicode.IsDigit) {
			continue
		}
		if slices.Contains(notCodes, letters) {
			continue
		}
		return token
	}
	return ""
}

// codeWords stand before a code.
var codeWords = []string{"code", "codigo", "código", "coupon", "cupón", "cupon", "promo", "gutscheincode", "rabattcode"}

// notCodes are words in capitals that stand behind "code" and are none.
var notCodes = []string{"STOP", "HELP", "YES", "NOT", "NEVER", "WITH", "FOR", "AND", "QR", "PIN", "ONLY", "EXPIRES"}

// secretWords tell a code to sign in or to collect with from one that lowers a price.
//
//nolint:misspell // Spanish and German
var secretWords = []string{
	"verify", "verification", "verificacion", "verifier", "sign in", "signin", "log in", "login", "password",
	"passcode", "security", "seguridad", "securite", "authentication", "otp", "one time", "confirm",
	"confirmar", "confirmer", "iniciar sesion", "connexion", "pick up", "pickup", "collect", "locker", "unlock",
	"check in", "retirer", "recoger", "contrasena", "mot de passe", "pin", "airport", "booking code",
	"confirmation code", "tracking code", "bestatigen", "bestatigung", "bestatigungscode", "anmelden", "anmeldung",
	"einloggen", "passwort", "kennwort", "sicherheitscode", "abholen", "abholung", "abholcode", "packstation",
}
