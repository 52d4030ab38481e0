// Command bootstrap starts the stream function on Lambda.
package main

import (
	"smsconsent/functions/stream"
	"smsconsent/shared/edge/wiring"
)

func main() { wiring.Start(stream.Wire) }
