// Command bootstrap starts the audit function on Lambda.
package main

import (
	"smsconsent/functions/audit"
	"smsconsent/shared/edge/wiring"
)

func main() { wiring.Start(audit.Wire) }
