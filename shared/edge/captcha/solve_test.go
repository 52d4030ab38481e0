package captcha

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"
)

// A walk-through script or a command line must not have to wait: a million rounds take a second.
func TestTheDefaultIsSolvedInSeconds(t *testing.T) {
	d := usual()
	if rounds := d.Cost * int(d.MaxCounter); rounds > 2_000_000 {
		t.Errorf("the worst case is %d rounds", rounds)
	}
	d.MinCounter = d.MaxCounter // the worst case
	a, _ := newAltcha(t, testKey, d, rand.Reader)
	c := challenge(t, a)
	solved, err := Solve(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Verify(t.Context(), solved, "", noon()); err != nil {
		t.Fatal(err)
	}
}

func TestSolveRefusesWhatIsNoChallengeOrTooMuch(t *testing.T) {
	a, _ := newAltcha(t, testKey, easy(), rand.Reader)
	for name, change := range map[string]func(*Parameters){
		"algorithm":      func(p *Parameters) { p.Algorithm = "ARGON2ID" },
		"no cost":        func(p *Parameters) { p.Cost = 0 },
		"endless cost":   func(p *Parameters) { p.Cost = maxCost + 1 },
		"no key":         func(p *Parameters) { p.KeyLength = 0 },
		"endless key":    func(p *Parameters) { p.KeyLength = maxKeyLength + 1 },
		"nonce":          func(p *Parameters) { p.Nonce = "xyz" },
		"salt":           func(p *Parameters) { p.Salt = "xyz" },
		"prefix":         func(p *Parameters) { p.KeyPrefix = "xyz" },
		"half a prefix":  func(p *Parameters) { p.KeyPrefix = p.KeyPrefix[:2] + "zz" },
		"without prefix": func(p *Parameters) { p.KeyPrefix = "" },
	} {
		c := challenge(t, a)
		change(&c.Parameters)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if _, err := Solve(ctx, c); err == nil || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v, want it refused", name, err)
		}
		cancel()
	}
}

// What a challenge may ask of a client at most, and at least.
func TestTheMostWorkSolveTakesOn(t *testing.T) {
	for _, c := range []struct {
		cost, length int
		want         bool
	}{
		{1, 1, true},
		{1, 64, true},
		{1, 65, false},
		{1, 0, false},
		{0, 32, false},
		{1_000_000, 32, true},
		{1_000_001, 32, false},
	} {
		nonce, salt := []byte("sixteen bytes..."), []byte("and sixteen more")
		key, err := derive(nonce, salt, 0, max(c.cost, 1), max(c.length, 1))
		if err != nil {
			t.Fatal(err)
		}
		solved, err := Solve(t.Context(), Challenge{Parameters: Parameters{
			Algorithm: algorithm, Cost: c.cost, KeyLength: c.length,
			Nonce: hex.EncodeToString(nonce), Salt: hex.EncodeToString(salt), KeyPrefix: hex.EncodeToString(key),
		}})
		if (err == nil) != c.want {
			t.Errorf("cost %d, key of %d bytes: %v, want it solved: %t", c.cost, c.length, err, c.want)
			continue
		}
		if c.want && solution(t, solved).Counter != 0 {
			t.Errorf("cost %d, key of %d bytes: counter %d, want the first", c.cost, c.length, solution(t, solved).Counter)
		}
	}
}

func TestSolveEndsWithItsContext(t *testing.T) {
	a, _ := newAltcha(t, testKey, easy(), rand.Reader)
	c := challenge(t, a)
	c.Parameters.KeyPrefix = "00000000000000000000000000000000"
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Solve(ctx, c); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want the context's error", err)
	}
}

// The page's solver runs here in Node, whose WebCrypto, btoa and Promise are those of a browser.
func TestThePagesSolverSolves(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("node is needed to test solve.js")
		}
		t.Skip("NOT TESTED: solve.js, because there is no node on this machine")
	}
	a, _ := newAltcha(t, testKey, usual(), rand.Reader)
	text, err := json.Marshal(challenge(t, a))
	if err != nil {
		t.Fatal(err)
	}
	script := append(bytes.Clone(Script), `
let seen = 0;
const progress = (part) => {
  if (part <= seen || part > 1) throw new Error("progress does not rise to 1: " + part + " after " + seen);
  seen = part;
};
solveAltcha(JSON.parse(process.argv[1]), { progress }).then((solved) => {
  if (seen !== 1) throw new Error("progress ended at " + seen);
  process.stdout.write(solved);
});`...)
	cmd := exec.CommandContext(t.Context(), node, "--eval", string(script), string(text))
	cmd.Stderr = os.Stderr
	solved, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Verify(t.Context(), string(solved), "", noon()); err != nil {
		t.Errorf("what the page found is refused: %v", err)
	}
}
