// Command bootstrap starts the optin function on Lambda.
package main

import (
	"smsconsent/functions/optin"
	"smsconsent/shared/edge/wiring"
)

func main() { wiring.Start(optin.Wire) }
