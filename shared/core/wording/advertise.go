package wording

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Advertises returns the words in a text that make it an advertisement, or empty where it finds none. The words come
// in lower case, with # for a number and ¤ for a currency sign. It knows English, Spanish, French and some German. A
// text in which it finds nothing may be marketing all the same.
//
// A transactional text must not contain such words: one offer makes the whole text a telemarketing message, with the
// consent and hours that needs (FCC, Report and Order 12-21, 2012, paragraphs 30–31 on messages of two purposes).
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
	if two := twoHints(plain, all.hints); two != "" {
		return two
	}
	if code := discountCode(text); code != "" && !slices.ContainsFunc(signInWords, func(word string) bool {
		return strings.Contains(plain, " "+word+" ")
	}) {
		return "code " + code
	}
	return ""
}

// twoHints returns two hints from the text, or empty where it has fewer. Hints that contain each other count as one.
func twoHints(plain string, hints []string) string {
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

// phrases are the lines of offers.txt by kind. An offer makes an advertisement, two hints do, and news only sounds
// like an offer and is ignored.
type phrases struct{ offers, hints, news []string }

// advertising reads offers.txt when the first text is checked, which keeps cold starts short.
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

// offerWords reduces a text to words with one space around each: lower case, without accents and punctuation, with #
// for a number, ¤ for a currency sign and % for itself.
func offerWords(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	b.WriteByte(' ')
	last := ' '
	put := func(r rune) {
		if apart := r == ' ' || isKeptSign(r) || isKeptSign(last); apart && last != ' ' {
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
		case (r == '.' || r == ',') && last == '#': // the point in 19.99; after a sentence it makes no difference
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

// isKeptSign reports whether offerWords keeps the sign as a word of its own.
func isKeptSign(r rune) bool { return r == '#' || r == '%' || r == '¤' }

// discountCode returns a code from the text that begins with a word, such as SAVE20 or SUMMER. A code for signing in
// begins with digits.
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

// codeWords are the words that come before a code.
var codeWords = []string{"code", "codigo", "código", "coupon", "cupón", "cupon", "promo", "gutscheincode", "rabattcode"}

// notCodes are words in capitals that may come after "code" and are not one.
var notCodes = []string{"STOP", "HELP", "YES", "NOT", "NEVER", "WITH", "FOR", "AND", "QR", "PIN", "ONLY", "EXPIRES"}

// signInWords show that a code is for signing in or picking something up, not for a discount.
//
//nolint:misspell // Spanish and German
var signInWords = []string{
	"verify", "verification", "verificacion", "verifier", "sign in", "signin", "log in", "login", "password",
	"passcode", "security", "seguridad", "securite", "authentication", "otp", "one time", "confirm",
	"confirmar", "confirmer", "iniciar sesion", "connexion", "pick up", "pickup", "collect", "locker", "unlock",
	"check in", "retirer", "recoger", "contrasena", "mot de passe", "pin", "airport", "booking code",
	"confirmation code", "tracking code", "bestatigen", "bestatigung", "bestatigungscode", "anmelden", "anmeldung",
	"einloggen", "passwort", "kennwort", "sicherheitscode", "abholen", "abholung", "abholcode", "packstation",
}
