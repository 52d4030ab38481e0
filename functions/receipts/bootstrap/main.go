// Command bootstrap starts the receipts function on Lambda.
package main

import (
	"smsconsent/functions/receipts"
	"smsconsent/shared/edge/wiring"
)

func main() { wiring.Start(receipts.Wire) }
