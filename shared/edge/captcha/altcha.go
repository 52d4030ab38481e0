package captcha

import (
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"smsconsent/shared/core/program"
)

// Nonces remembers which challenges were answered.
type Nonces interface {
	// Spend records the nonce until it expires, atomically, and reports whether it was not recorded before.
	Spend(ctx context.Context, nonce string, expires time.Time) (first bool, err error)
}

// Difficulty is how much work a challenge is: Cost rounds of PBKDF2 for every counter tried, and MinCounter to
// MaxCounter tries. Better few tries of many rounds, because every try costs a browser a call into WebCrypto. Making a
// challenge costs the server one try, checking a solution none.
type Difficulty struct {
	Cost       int    // PBKDF2 iterations a try
	MinCounter uint32 // the least number of tries
	MaxCounter uint32 // the greatest
}

// TTL is how long a challenge may be answered: time to fill in a form, and the span a spent nonce has to be kept.
const TTL = 10 * time.Minute

const (
	algorithm = "PBKDF2/SHA-256"
	keyLength = 32 // bytes; also what the widget's AES-based derivation can take
	prefix    = 16 // bytes of the key the client is told

	maxPayload = 4096 // bytes; a solution has about 700
)

// Challenge is what GET /opt-in/challenge answers, as the widget takes it.
type Challenge struct {
	Parameters Parameters `json:"parameters"`
	Signature  string     `json:"signature"` // hex HMAC-SHA-256 of Parameters as JSON
}

// Parameters describe the work. Their order is that of their JSON names, which makes encoding/json write the canonical
// JSON that is signed.
type Parameters struct {
	Algorithm    string `json:"algorithm"`
	Cost         int    `json:"cost"`
	ExpiresAt    int64  `json:"expiresAt"` // Unix seconds
	KeyLength    int    `json:"keyLength"`
	KeyPrefix    string `json:"keyPrefix"`    // hex
	KeySignature string `json:"keySignature"` // hex HMAC-SHA-256 of the whole key
	Nonce        string `json:"nonce"`        // hex
	Salt         string `json:"salt"`         // hex
}

// Solution is what a client found.
type Solution struct {
	Counter    uint32 `json:"counter"`
	DerivedKey string `json:"derivedKey"` // hex
}

// payload is a solution with the challenge it solves, as it comes back in the form's altcha field, in base64.
type payload struct {
	Challenge Challenge `json:"challenge"`
	Solution  Solution  `json:"solution"`
}

// Altcha makes challenges and checks solutions, by the protocol of the npm packages altcha 3 (the widget) and
// altcha-lib 2. The server picks a random counter and derives a key from it; the client, given the first half of that
// key, has to try the counters from 0 up, and shows the whole key as proof. It is safe for concurrent use if random and
// nonces are.
type Altcha struct {
	key        []byte
	difficulty Difficulty
	random     io.Reader
	nonces     Nonces
}

// NewAltcha needs the secret that signs challenges (32 bytes or more, the same for all instances), a cryptographic
// source of randomness and the store of nonces.
func NewAltcha(key []byte, difficulty Difficulty, random io.Reader, nonces Nonces) (*Altcha, error) {
	if len(key) < 32 {
		return nil, fmt.Errorf("captcha key must have at least 32 bytes, has %d", len(key))
	}
	if difficulty.Cost < 1 || difficulty.Cost > maxCost {
		return nil, fmt.Errorf("captcha cost must be 1 to %d, is %d", maxCost, difficulty.Cost)
	}
	if difficulty.MinCounter > difficulty.MaxCounter || difficulty.MaxCounter == math.MaxUint32 {
		return nil, fmt.Errorf(
			"captcha counters must rise and stay below %d, are %d to %d",
			uint32(math.MaxUint32),
			difficulty.MinCounter,
			difficulty.MaxCounter,
		)
	}
	return &Altcha{key: key, difficulty: difficulty, random: random, nonces: nonces}, nil
}

// Challenge makes a challenge that may be answered for TTL from now.
func (a *Altcha) Challenge(now time.Time) (Challenge, error) {
	var seed [36]byte // nonce, salt, counter
	if _, err := io.ReadFull(a.random, seed[:]); err != nil {
		return Challenge{}, fmt.Errorf("read randomness for a captcha challenge: %w", err)
	}
	nonce, salt := seed[:16], seed[16:32]
	counter := a.difficulty.MinCounter + binary.BigEndian.Uint32(
		seed[32:],
	)%(a.difficulty.MaxCounter-a.difficulty.MinCounter+1)

	key, err := derive(nonce, salt, counter, a.difficulty.Cost, keyLength)
	if err != nil {
		return Challenge{}, err
	}
	p := Parameters{
		Algorithm:    algorithm,
		Cost:         a.difficulty.Cost,
		ExpiresAt:    now.Add(TTL).Unix(),
		KeyLength:    keyLength,
		KeyPrefix:    hex.EncodeToString(key[:prefix]),
		KeySignature: hex.EncodeToString(a.mac(key)),
		Nonce:        hex.EncodeToString(nonce),
		Salt:         hex.EncodeToString(salt),
	}
	signature, err := a.sign(p)
	if err != nil {
		return Challenge{}, err
	}
	return Challenge{Parameters: p, Signature: hex.EncodeToString(signature)}, nil
}

// Verify checks what the form's altcha field holds. The visitor's address does not matter.
func (a *Altcha) Verify(ctx context.Context, solved, _ string, now time.Time) (Result, error) {
	p, err := a.check(solved, now)
	if err != nil {
		return Result{}, err
	}
	first, err := a.nonces.Spend(ctx, p.Nonce, time.Unix(p.ExpiresAt, 0))
	if err != nil {
		return Result{}, fmt.Errorf("%w: spend nonce: %w", ErrUnavailable, err)
	}
	if !first {
		return Result{}, ErrSpent
	}
	return Result{Provider: program.CaptchaAltcha, Detail: fmt.Sprintf("proof of work, cost %d", p.Cost)}, nil
}

// Widget says that the page's own scripts write the solution into the field altcha.
func (a *Altcha) Widget() Widget { return Widget{Provider: program.CaptchaAltcha, Field: "altcha"} }

// check finds the parameters of the challenge that was solved. Nothing is written, so what is refused leaves nothing
// behind.
func (a *Altcha) check(solved string, now time.Time) (Parameters, error) {
	if solved == "" {
		return Parameters{}, ErrMissing
	}
	if len(solved) > maxPayload {
		return Parameters{}, fmt.Errorf("%w: longer than %d bytes", ErrInvalid, maxPayload)
	}
	text, err := base64.StdEncoding.DecodeString(solved)
	if err != nil {
		return Parameters{}, fmt.Errorf("%w: not base64", ErrInvalid)
	}
	var answer payload
	if err := json.Unmarshal(text, &answer); err != nil {
		return Parameters{}, fmt.Errorf("%w: not the JSON of a solution", ErrInvalid)
	}

	// The signature makes the parameters ours. It is checked over what was decoded, so nothing unsigned is ever looked at.
	p := answer.Challenge.Parameters
	signature, err := a.sign(p)
	if err != nil {
		return Parameters{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if !equalHex(answer.Challenge.Signature, signature) {
		return Parameters{}, fmt.Errorf("%w: wrong signature", ErrInvalid)
	}
	// A signature of ours for weaker work than we ask today (the difficulty was raised since) is no excuse.
	if p.Algorithm != algorithm || p.KeyLength != keyLength || p.Cost != a.difficulty.Cost {
		return Parameters{}, fmt.Errorf("%w: not the work asked for", ErrInvalid)
	}
	if !now.Before(time.Unix(p.ExpiresAt, 0)) {
		return Parameters{}, ErrExpired
	}
	// Only who tried the counters knows the second half of the key, so the key proves the work and need not be derived
	// again.
	key, err := hex.DecodeString(answer.Solution.DerivedKey)
	if err != nil || !equalHex(p.KeySignature, a.mac(key)) {
		return Parameters{}, fmt.Errorf("%w: wrong key", ErrInvalid)
	}
	return p, nil
}

// sign signs the parameters in canonical JSON: names sorted, no white space.
func (a *Altcha) sign(p Parameters) ([]byte, error) {
	text, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encode captcha parameters: %w", err)
	}
	return a.mac(text), nil
}

// mac signs both parameters and keys. One secret is enough, for JSON is never 32 bytes long here.
func (a *Altcha) mac(message []byte) []byte {
	h := hmac.New(sha256.New, a.key)
	h.Write(message)
	return h.Sum(nil)
}

func equalHex(text string, want []byte) bool {
	got, err := hex.DecodeString(text)
	return err == nil && hmac.Equal(got, want)
}

// derive does one try: the password is the nonce followed by the counter, four bytes, most significant first.
func derive(nonce, salt []byte, counter uint32, cost, length int) ([]byte, error) {
	password := binary.BigEndian.AppendUint32(append(make([]byte, 0, len(nonce)+4), nonce...), counter)
	key, err := pbkdf2.Key(sha256.New, string(password), salt, cost, length)
	if err != nil {
		return nil, fmt.Errorf("derive captcha key: %w", err)
	}
	return key, nil
}
