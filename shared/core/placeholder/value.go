package placeholder

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"smsconsent/shared/core/wording"
)

// MaxValue is the most characters of a value or fallback, in UTF-16 units, as AWS counts a text.
const MaxValue = 60

// MaxFields is the most fields a person has, and the most of one text.
const MaxFields = 10

// CheckName says what is wrong with the name of a field.
func CheckName(name string) error {
	odd := strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != ""
	if odd || name == "" || len(name) > maxName || name[0] < 'a' || name == "link" {
		return fmt.Errorf(
			"write the name of a field as up to %d lower-case letters, digits and underscores that begin with a letter, such as first_name",
			maxName,
		)
	}
	return nil
}

// Clean returns a value as it is kept and put into a text: without white space around it, composed (NFC).
func Clean(value string) string { return norm.NFC.String(strings.TrimSpace(value)) }

// CheckValue says why a clean value may not be put into a text; nil where it may. Whoever fills in a form says what
// their name is, so it must bring nothing into our text but itself: no link, no line break, no character that changes
// how others read, no placeholder of another tool, no words on how to opt out. Such a value is left out whole: a part
// of it would be something nobody said.
func CheckValue(value string) error {
	switch {
	case value == "":
		return errors.New("is empty")
	case wording.Characters(value) > MaxValue:
		return fmt.Errorf("has more than %d characters", MaxValue)
	case strings.ContainsFunc(value, isUnfit):
		return errors.New("holds a line break, a brace or a character that can't be shown")
	case holdsLink(value):
		return errors.New("looks like a link, an address or a phone number")
	case wording.Unfilled(value) != "":
		return errors.New("looks like a placeholder nobody filled in")
	case wording.HasOptOut(value):
		return errors.New("holds words on how to opt out")
	}
	return nil
}

// isUnfit reports whether a value may not hold the character: control characters, those of no shape, such as the ones
// that turn the direction of writing, those without a meaning, and what our own marks are made of.
func isUnfit(r rune) bool {
	return r == unicode.ReplacementChar || strings.ContainsRune("{}", r) || r != ' ' && !unicode.IsGraphic(r)
}

func holdsLink(text string) bool { return len(wording.Links(text)) > 0 }
