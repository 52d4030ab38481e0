package captcha

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
)

// The most work Solve takes on, so that a strange server can't keep a client busy for ever.
const (
	maxCost      = 1_000_000
	maxKeyLength = 64
)

// Solve does the work of a challenge on one core and returns the value of the form's altcha field, for command lines
// and tests.
func Solve(ctx context.Context, c Challenge) (string, error) {
	p := c.Parameters
	nonce, errNonce := hex.DecodeString(p.Nonce)
	salt, errSalt := hex.DecodeString(p.Salt)
	want, errPrefix := hex.DecodeString(p.KeyPrefix)
	switch {
	case p.Algorithm != algorithm:
		return "", fmt.Errorf("solve captcha: algorithm is %q, want %q", p.Algorithm, algorithm)
	case p.Cost < 1 || p.Cost > maxCost:
		return "", fmt.Errorf("solve captcha: cost is %d, want 1 to %d", p.Cost, maxCost)
	case p.KeyLength < 1 || p.KeyLength > maxKeyLength:
		return "", fmt.Errorf("solve captcha: keyLength is %d, want 1 to %d", p.KeyLength, maxKeyLength)
	case errNonce != nil || errSalt != nil || errPrefix != nil || len(want) == 0:
		return "", fmt.Errorf("solve captcha: nonce, salt and keyPrefix must be hexadecimal")
	}
	for counter := uint32(0); ; counter++ {
		if err := ctx.Err(); err != nil {
			return "", fmt.Errorf("solve captcha: %w", err)
		}
		key, err := derive(nonce, salt, counter, p.Cost, p.KeyLength)
		if err != nil {
			return "", err
		}
		if bytes.HasPrefix(key, want) {
			return encode(payload{Challenge: c, Solution: Solution{Counter: counter, DerivedKey: hex.EncodeToString(key)}})
		}
		if counter == math.MaxUint32 {
			return "", fmt.Errorf("solve captcha: no counter fits")
		}
	}
}

func encode(p payload) (string, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("encode captcha solution: %w", err)
	}
	return base64.StdEncoding.EncodeToString(text), nil
}
