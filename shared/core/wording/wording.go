// Package wording writes the texts that smsconsent itself sends, such as the answer to STOP: our words in English,
// Spanish and French, and those that a brand gives in programs.yaml. What a text is about comes in as Facts. Which
// text is sent when is decided in package consent. To begin, read Voice.Write and Fill.
//
// It also checks texts that people write for campaigns: does one say how to opt out (HasOptOut), is it an advertisement
// (Advertises), does it contain links (Links) or placeholders that nobody filled in (Unfilled)?
//
// The package is pure and safe for concurrent use.
package wording

import (
	"slices"
	"strings"
)

// Text is the name of a text in programs.yaml.
type Text string

// The texts a brand may word itself.
const (
	Confirmation Text = "confirmation" // the answer to a request: asks for a YES
	Welcome      Text = "welcome"      // the answer to the YES or START that subscribed the person
	Help         Text = "help"         // the answer to HELP
	Stop         Text = "stop"         // the answer to the first STOP
	Expired      Text = "expired"      // the answer to a YES that came too late
	Nearly       Text = "nearly"       // the answer to what is almost a YES
	Clarify      Text = "clarify"      // the answer to a text that may have meant STOP
	Preferences  Text = "preferences"  // the answer to PREFS
	Reminder     Text = "reminder"     // sent by the audit: the person is subscribed
	Renewal      Text = "renewal"      // asks a person who shows no sign of reading whether they still want the texts
	Notice       Text = "notice"       // at the end of a campaign's text that does not say how to opt out
)

// The texts on the sign-up form. The law says what is in them, so a brand cannot change them.
const (
	Disclosure Text = "disclosure" // next to the form's button
	Marketing  Text = "marketing"  // describes a promotional topic in the disclosure
	Service    Text = "service"    // describes a transactional topic in the disclosure
)

// Texts returns the texts whose wording a brand may choose.
func Texts() []Text {
	return []Text{Confirmation, Welcome, Help, Stop, Expired, Nearly, Clarify, Preferences, Reminder, Renewal, Notice}
}

// Word is the name, in programs.yaml, of a word from which values of placeholders are made.
type Word string

// The words every language needs.
const (
	And      Word = "and"      // before the last of several names
	Or       Word = "or"       // before the last of several choices; a comma in front of it is used with three or more
	All      Word = "all"      // {topics} in the answer to a STOP to everything; contains {brand}
	HelpWord Word = "help"     // what people text for help
	Rates    Word = "rates"    // the sentence that message and data rates may apply
	Varies   Word = "varies"   // the sentence that no frequency is promised
	Message  Word = "message"  // as in "1 msg/month"
	Messages Word = "messages" // as in "2 msgs/month"
	Day      Word = "day"
	Week     Word = "week"
	Month    Word = "month"
	Year     Word = "year"
)

// The words a language may do without.
const (
	Each     Word = "each"     // as in "2 msgs/month each"; without it each topic is listed with its frequency
	Variable Word = "variable" // like Varies, after the name of a topic in a list
	Email    Word = "email"    // before an e-mail address
	Call     Word = "call"     // before a phone number
)

// Words returns the words that every language needs.
func Words() []Word {
	return []Word{And, Or, All, HelpWord, Rates, Varies, Message, Messages, Day, Week, Month, Year}
}

// MoreWords returns the words that a language may leave out.
func MoreWords() []Word { return []Word{Each, Variable, Email, Call} }

// Language has the texts and words of one language.
type Language struct {
	Texts map[Text]string // templates; see Fill
	Words map[Word]string
}

// ours has our own wording by ISO 639-1 code.
var ours = map[string]Language{"en": english, "es": spanish, "fr": french}

// IsOurs reports whether we have wording in the language, an ISO 639-1 code.
func IsOurs(code string) bool { _, ok := ours[code]; return ok }

// Languages returns the codes (ISO 639-1) of our languages and of the brand's own, sorted.
func Languages(own map[string]Language) []string {
	codes := make([]string, 0, len(ours)+len(own))
	for code := range ours {
		codes = append(codes, code)
	}
	for code := range own {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// Voice writes texts in one language, in the brand's wording where it has one and in ours otherwise.
type Voice struct{ own, ours Language }

// Choose returns the Voice for a text, in the first language among tags (BCP 47) that the brand or we have wording
// in. It is English where there is no such language, or where that language lacks the text.
func Choose(own map[string]Language, t Text, tags ...string) Voice {
	for _, tag := range tags {
		code := Primary(tag)
		_, theirs := own[code]
		if !theirs && !IsOurs(code) {
			continue
		}
		if v := (Voice{own[code], ours[code]}); v.Text(t) != "" {
			return v
		}
		break
	}
	return Voice{own["en"], ours["en"]}
}

// Primary returns the language of a BCP 47 tag in lower case: "es" for "es-MX".
func Primary(tag string) string {
	code, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(code)
}

// Text returns the template of a text, empty where the language has none.
func (v Voice) Text(t Text) string {
	if own := v.own.Texts[t]; own != "" {
		return own
	}
	return v.ours.Texts[t]
}

// Word returns a word of the language, empty where it has none.
func (v Voice) Word(w Word) string {
	if own := v.own.Words[w]; own != "" {
		return own
	}
	return v.ours.Words[w]
}

// IsLanguage reports whether code is a language of ISO 639-1.
func IsLanguage(code string) bool {
	return len(code) == 2 && strings.Contains(iso639, " "+code+" ")
}

// AllLanguages returns all codes that IsLanguage accepts, sorted.
func AllLanguages() []string { return strings.Fields(iso639) }

const iso639 = " aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et " +
	"eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk " +
	"kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny " +
	"oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk " +
	"tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
