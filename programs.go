// Package smsconsent holds programs.yaml, so that every binary carries the file it was built with.
package smsconsent

import _ "embed"

//go:embed programs.yaml
var programs string

// Programs is the text of programs.yaml. The caller may change what it gets.
func Programs() []byte { return []byte(programs) }
