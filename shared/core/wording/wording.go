// Package wording holds the words of the texts smsconsent writes itself, language by language: ours, and those a brand
// gives in programs.yaml. It knows templates, lists and frequencies; what a text is about comes in as Facts.
//
// The package is pure and safe for concurrent use.
package wording

import (
	"slices"
	"strings"
)

// Text is the name of a text, as programs.yaml spells it.
type Text string

// The texts a brand may word itself.
const (
	Confirmation Text = "confirmation" // to a request
	Welcome      Text = "welcome"      // to the YES or START that subscribed the person
	Help         Text = "help"         // to HELP
	Stop         Text = "stop"         // to the first STOP
	Expired      Text = "expired"      // to a YES that came too late
	Nearly       Text = "nearly"       // to what is almost a YES
	Clarify      Text = "clarify"      // to a STOP nobody can be sure of
	Preferences  Text = "preferences"  // to PREFS
	Reminder     Text = "reminder"     // from the audit
	Renewal      Text = "renewal"      // asks somebody who shows no sign of reading whether they still want the texts
	Notice       Text = "notice"       // at the end of a campaign's text that does not say how to opt out
)

// The texts of the sign-up form. What they say is asked for by law, so a brand can't word them.
const (
	Disclosure Text = "disclosure" // beside the form's button
	Marketing  Text = "marketing"  // a promotional topic in it
	Service    Text = "service"    // a transactional topic in it
)

// Texts lists the texts a brand may word itself.
func Texts() []Text {
	return []Text{Confirmation, Welcome, Help, Stop, Expired, Nearly, Clarify, Preferences, Reminder, Renewal, Notice}
}

// Word is the name of a word that values of placeholders are made with, as programs.yaml spells it.
type Word string

// The words every language needs.
const (
	And      Word = "and"      // before the last of several names
	Or       Word = "or"       // before the last of several choices; a comma before it is written where there are three or more
	All      Word = "all"      // {topics} of the answer to a STOP to everything; holds {brand}
	HelpWord Word = "help"     // what people text for help
	Rates    Word = "rates"    // that texts cost what texts cost, a sentence
	Varies   Word = "varies"   // that no frequency is promised, a sentence
	Message  Word = "message"  // as in "1 msg/month"
	Messages Word = "messages" // as in "2 msgs/month"
	Day      Word = "day"
	Week     Word = "week"
	Month    Word = "month"
	Year     Word = "year"
)

// The words a language may do without.
const (
	Each     Word = "each"     // as in "2 msgs/month each"; without it every topic is listed with its frequency
	Variable Word = "variable" // Varies after the name of a topic in a list
	Email    Word = "email"    // before an e-mail address
	Call     Word = "call"     // before a phone number
)

// Words lists the words every language needs.
func Words() []Word {
	return []Word{And, Or, All, HelpWord, Rates, Varies, Message, Messages, Day, Week, Month, Year}
}

// MoreWords lists the words a language may do without.
func MoreWords() []Word { return []Word{Each, Variable, Email, Call} }

// Language is what is worded in one language.
type Language struct {
	Texts map[Text]string // templates; see Fill
	Words map[Word]string
}

// ours are the languages we have words in, by ISO 639-1 code.
var ours = map[string]Language{"en": english, "es": spanish, "fr": french}

// IsOurs reports whether we have words in the language, an ISO 639-1 code.
func IsOurs(code string) bool { _, ok := ours[code]; return ok }

// Languages lists our languages and the brand's own, ISO 639-1, sorted.
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

// Voice words texts in one language, the brand's own words before ours.
type Voice struct{ own, ours Language }

// Choose finds the voice for a text: the language of the first tag (BCP 47) there are words in, the brand's own or
// ours, and English where there are none or the language lacks that text.
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

// Primary returns, in lower case, the language a BCP 47 tag begins with: "es" of "es-MX".
func Primary(tag string) string {
	code, _, _ := strings.Cut(tag, "-")
	return strings.ToLower(code)
}

// Text returns the template of a text; empty where the language has none.
func (v Voice) Text(t Text) string {
	if own := v.own.Texts[t]; own != "" {
		return own
	}
	return v.ours.Texts[t]
}

// Word returns a word of the language; empty where it has none.
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

// AllLanguages lists the languages IsLanguage knows, sorted.
func AllLanguages() []string { return strings.Fields(iso639) }

const iso639 = " aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et " +
	"eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk " +
	"kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny " +
	"oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk " +
	"tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu "
