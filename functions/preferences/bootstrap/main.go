// Command bootstrap starts the preferences function on Lambda.
package main

import (
	"smsconsent/functions/preferences"
	"smsconsent/shared/edge/wiring"
)

func main() { wiring.Start(preferences.Wire) }
