// Command bootstrap starts the texts function on Lambda.
package main

import (
	"smsconsent/functions/texts"
	"smsconsent/shared/edge/wiring"
)

func main() { wiring.Start(texts.Wire) }
