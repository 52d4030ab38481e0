// Command bootstrap starts the link function on Lambda.
package main

import (
	"smsconsent/functions/link"
	"smsconsent/shared/edge/wiring"
)

func main() { wiring.Start(link.Wire) }
