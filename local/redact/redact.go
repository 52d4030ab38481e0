// Package redact keeps phone numbers out of the local stack's log, whatever a library put into its error.
package redact

import (
	"errors"
	"regexp"
)

var phoneLike = regexp.MustCompile(`\+?[0-9]{7,15}`)

// Error returns an error that reads like err but for its phone numbers.
func Error(err error) error {
	return errors.New(phoneLike.ReplaceAllString(err.Error(), "[phone]"))
}
