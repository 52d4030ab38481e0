package placeholder

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"smsconsent/shared/core/wording"
)

// MaxValue is how long a value or fallback may be, in UTF-16 units, the way AWS counts a text's characters.
const MaxValue = 60

// MaxFields is how many fields a person may have, and a text.
const MaxFields = 10

// CheckName returns what is wrong with the name of a field.
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

// Clean returns a value as it is stored and filled in: without white space around it, and composed (NFC).
func Clean(value string) string { return norm.NFC.String(strings.TrimSpace(value)) }

// CheckValue returns why a clean value must not be filled in; nil where it may. People type their names into forms,
// so a value must not bring anything else into our text: no link, no line break, no character that changes how the
// rest is displayed, no placeholder of another tool, no opt-out instructions. A bad value is left out as a whole,
// because a part of it would be something that nobody said.
func CheckValue(value string) error {
	switch {
	case value == "":
		return errors.New("is empty")
	case wording.Characters(value) > MaxValue:
		return fmt.Errorf("has more than %d characters", MaxValue)
	case strings.ContainsFunc(value, isForbidden):
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

// isForbidden reports whether a value must not contain the character: a control character, an invisible one such as
// those that change the direction of writing, an unassigned one, or a brace.
func isForbidden(r rune) bool {
	return r == unicode.ReplacementChar || strings.ContainsRune("{}", r) || r != ' ' && !unicode.IsGraphic(r)
}

func holdsLink(text string) bool { return len(wording.Links(text)) > 0 }
