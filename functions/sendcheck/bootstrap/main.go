// Command bootstrap starts the sendcheck function on Lambda.
package main

import (
	"smsconsent/functions/sendcheck"
	"smsconsent/shared/edge/wiring"
)

func main() { wiring.Start(sendcheck.Wire) }
