// Package redact keeps phone numbers out of the local stack's log, also those in a library's errors.
package redact

import (
	"errors"
	"regexp"
)

var phoneLike = regexp.MustCompile(`\+?[0-9]{7,15}`)

// Error returns an error with the text of err, but without its phone numbers.
func Error(err error) error {
	return errors.New(phoneLike.ReplaceAllString(err.Error(), "[phone]"))
}
