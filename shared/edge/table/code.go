package table

import (
	"fmt"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
)

// code pairs a word with the letter that stands for it in a stored contact, where every byte counts.
type code[T ~string] struct {
	letter string
	word   T
}

func states() []code[consent.State] {
	return []code[consent.State]{
		{"p", consent.Pending},
		{"s", consent.Subscribed},
		{"u", consent.Unsubscribed},
		{"e", consent.Expired},
		{"h", consent.Suspended},
		{"r", consent.Removed},
	}
}

func classes() []code[program.Class] {
	return []code[program.Class]{{"p", program.Promotional}, {"t", program.Transactional}}
}

func tiers() []code[consent.Tier] {
	return []code[consent.Tier]{{"r", consent.Regular}, {"d", consent.Digest}, {"a", consent.Asked}}
}

func kinds() []code[message.Kind] {
	return []code[message.Kind]{
		{"c", message.Confirmation},
		{"a", message.Reply},
		{"r", message.Reminder},
		{"n", message.Renewal},
		{"p", message.Promotional},
		{"t", message.Transactional},
	}
}

// setCode stores the letter of a word. It returns an error for a word that has none, because such a word could not be
// read back.
func setCode[T ~string](m item, name string, word T, codes []code[T]) error {
	if word == "" {
		return nil
	}
	for _, c := range codes {
		if c.word == word {
			m[name] = str(c.letter)
			return nil
		}
	}
	return fmt.Errorf("%q has no letter to be stored as %s", string(word), name)
}

// readCode returns the word of a stored letter. An unknown letter is a fault.
func readCode[T ~string](r *reader, name string, codes []code[T]) T {
	letter := r.str(name)
	if letter == "" {
		return ""
	}
	for _, c := range codes {
		if c.letter == letter {
			return c.word
		}
	}
	r.fail(name, "a letter we know")
	return ""
}
