// Command bootstrap starts the records function on Lambda.
package main

import (
	"smsconsent/functions/records"
	"smsconsent/shared/edge/wiring"
)

func main() { wiring.Start(records.Wire) }
