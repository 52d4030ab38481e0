// Command bootstrap starts the inbound function on Lambda.
package main

import (
	"smsconsent/functions/inbound"
	"smsconsent/shared/edge/wiring"
)

func main() { wiring.Start(inbound.Wire) }
