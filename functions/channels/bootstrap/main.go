// Command bootstrap starts the channels function on Lambda.
package main

import (
	"smsconsent/functions/channels"
	"smsconsent/shared/edge/wiring"
)

func main() { wiring.Start(channels.Wire) }
