package captcha

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

const testKey = "0123456789abcdef0123456789abcdef"

// easy keeps the tests fast.
func easy() Difficulty { return Difficulty{Cost: 10, MinCounter: 3, MaxCounter: 20} }

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// memory is a Nonces that forgets nothing.
type memory struct {
	mu    sync.Mutex
	spent map[string]time.Time
	err   error
}

func (m *memory) Spend(_ context.Context, nonce string, expires time.Time) (first bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return false, m.err
	}
	if _, ok := m.spent[nonce]; ok {
		return false, nil
	}
	if m.spent == nil {
		m.spent = map[string]time.Time{}
	}
	m.spent[nonce] = expires
	return true, nil
}

func newAltcha(t testing.TB, key string, d Difficulty, random io.Reader) (*Altcha, *memory) {
	t.Helper()
	nonces := &memory{}
	a, err := NewAltcha([]byte(key), d, random, nonces)
	if err != nil {
		t.Fatal(err)
	}
	return a, nonces
}

func challenge(t testing.TB, a *Altcha) Challenge {
	t.Helper()
	c, err := a.Challenge(noon())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func solve(t testing.TB, c Challenge) string {
	t.Helper()
	solved, err := Solve(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return solved
}

// The vectors were made once with altcha-lib 2.8.0, the reference implementation: a challenge of ours that it solved,
// and a challenge that it made and solved with the same key.
func TestWeSpeakTheProtocolOfAltchaLib(t *testing.T) {
	data, err := os.ReadFile("testdata/altcha-lib.json")
	if err != nil {
		t.Fatal(err)
	}
	type exchange struct {
		Challenge json.RawMessage
		Payload   string
	}
	var vectors struct {
		Key, Seed    string
		Now          time.Time
		Ours, Theirs exchange
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	seed, err := hex.DecodeString(vectors.Seed)
	if err != nil {
		t.Fatal(err)
	}
	a, nonces := newAltcha(t, vectors.Key, usual(), bytes.NewReader(seed))

	made, err := a.Challenge(vectors.Now)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := json.Compact(&want, vectors.Ours.Challenge); err != nil {
		t.Fatal(err)
	}
	if string(got) != want.String() {
		t.Errorf("challenge\n%s, want\n%s", got, want.String())
	}
	for name, e := range map[string]exchange{"ours": vectors.Ours, "theirs": vectors.Theirs} {
		if _, err := a.Verify(t.Context(), e.Payload, "", vectors.Now); err != nil {
			t.Errorf("%s: solution of altcha-lib refused: %v", name, err)
		}
		var c Challenge
		if err := json.Unmarshal(e.Challenge, &c); err != nil {
			t.Fatal(err)
		}
		if solution(t, solve(t, c)) != solution(t, e.Payload) {
			t.Errorf("%s: we find another solution than altcha-lib", name)
		}
	}
	if len(nonces.spent) != 2 {
		t.Errorf("%d nonces spent, want 2", len(nonces.spent))
	}
}

func solution(t *testing.T, solved string) Solution { return open(t, solved).Solution }

func open(t testing.TB, solved string) payload {
	t.Helper()
	text, err := base64.StdEncoding.DecodeString(solved)
	if err != nil {
		t.Fatal(err)
	}
	var p payload
	if err := json.Unmarshal(text, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func seal(t testing.TB, p payload) string {
	t.Helper()
	solved, err := encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return solved
}

func TestASolutionCountsOnce(t *testing.T) {
	a, nonces := newAltcha(t, testKey, easy(), rand.Reader)
	c := challenge(t, a)
	solved := solve(t, c)
	result, err := a.Verify(t.Context(), solved, "203.0.113.7", noon())
	if err != nil {
		t.Fatal(err)
	}
	if want := (Result{Provider: "altcha", Detail: "proof of work, cost 10"}); result != want {
		t.Errorf("the evidence is %+v, want %+v", result, want)
	}
	if expires := nonces.spent[c.Parameters.Nonce]; !expires.Equal(noon().Add(TTL)) {
		t.Errorf("nonce kept until %v, want as long as the challenge may be answered: %v", expires, noon().Add(TTL))
	}
	for i := range 2 {
		if _, err := a.Verify(t.Context(), solved, "", noon()); !errors.Is(err, ErrSpent) {
			t.Errorf("use %d: %v, want ErrSpent", i+2, err)
		}
	}
	// Written another way it is the same solution.
	p := open(t, solved)
	p.Solution.DerivedKey = strings.ToUpper(p.Solution.DerivedKey)
	if _, err := a.Verify(t.Context(), seal(t, p), "", noon()); !errors.Is(err, ErrSpent) {
		t.Errorf("upper-case key: %v, want ErrSpent", err)
	}
}

func TestOfManyAtOnceOnePasses(t *testing.T) {
	a, _ := newAltcha(t, testKey, easy(), rand.Reader)
	solved := solve(t, challenge(t, a))
	passed := make(chan bool)
	for range 16 {
		go func() {
			_, err := a.Verify(context.Background(), solved, "", noon())
			passed <- err == nil
		}()
	}
	count := 0
	for range 16 {
		if <-passed {
			count++
		}
	}
	if count != 1 {
		t.Errorf("%d of 16 passed, want 1", count)
	}
}

func TestAChallengeExpires(t *testing.T) {
	a, nonces := newAltcha(t, testKey, easy(), rand.Reader)
	solved := solve(t, challenge(t, a))
	if _, err := a.Verify(t.Context(), solved, "", noon().Add(TTL)); !errors.Is(err, ErrExpired) {
		t.Errorf("at its end: %v, want ErrExpired", err)
	}
	if len(nonces.spent) != 0 {
		t.Error("an expired solution was spent")
	}
	if _, err := a.Verify(t.Context(), solved, "", noon().Add(TTL-time.Second)); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
}

func TestVerifyRefuses(t *testing.T) {
	a, nonces := newAltcha(t, testKey, easy(), rand.Reader)
	stranger, _ := newAltcha(t, strings.Repeat("x", 32), easy(), rand.Reader)
	lighter, _ := newAltcha(t, testKey, Difficulty{Cost: 1, MinCounter: 0, MaxCounter: 0}, rand.Reader)
	solved := solve(t, challenge(t, a))
	text, err := base64.StdEncoding.DecodeString(solved)
	if err != nil {
		t.Fatal(err)
	}

	// forge changes a solution and, where resign is set, signs it with our key: what a bug that leaks a signature would
	// allow.
	forge := func(resign bool, change func(*payload)) string {
		p := open(t, solved)
		change(&p)
		if resign {
			signature, err := a.sign(p.Challenge.Parameters)
			if err != nil {
				t.Fatal(err)
			}
			p.Challenge.Signature = hex.EncodeToString(signature)
		}
		return seal(t, p)
	}
	for _, c := range []struct {
		name, payload string
		want          error
	}{
		{"nothing", "", ErrMissing},
		{"no base64", "{}", ErrInvalid},
		{"base64 of the URL kind without padding", strings.TrimRight(base64.URLEncoding.EncodeToString([]byte("{ }?>")), "="), ErrInvalid},
		{"more behind the base64", solved + "!", ErrInvalid},
		{"no JSON", base64.StdEncoding.EncodeToString([]byte("hello")), ErrInvalid},
		{"JSON null", base64.StdEncoding.EncodeToString([]byte("null")), ErrInvalid},
		{"empty JSON", base64.StdEncoding.EncodeToString([]byte("{}")), ErrInvalid},
		{"the widget's test mode", base64.StdEncoding.EncodeToString([]byte(`{"challenge":null,"solution":null,"test":true}`)), ErrInvalid},
		{"two values", base64.StdEncoding.EncodeToString(append(text, "{}"...)), ErrInvalid},
		{"too long", strings.Repeat("A", maxPayload+4), ErrInvalid},
		{"a negative counter", base64.StdEncoding.EncodeToString(bytes.Replace(text, []byte(`"counter":`), []byte(`"counter":-`), 1)), ErrInvalid},
		{"a challenge of somebody else", solve(t, challenge(t, stranger)), ErrInvalid},
		{"a challenge of ours of lower cost", solve(t, challenge(t, lighter)), ErrInvalid},
		{"no signature", forge(false, func(p *payload) { p.Challenge.Signature = "" }), ErrInvalid},
		{"half a signature", forge(false, func(p *payload) { p.Challenge.Signature = p.Challenge.Signature[:32] }), ErrInvalid},
		{"more behind the signature", forge(false, func(p *payload) { p.Challenge.Signature += "zz" }), ErrInvalid},
		{"cost changed", forge(false, func(p *payload) { p.Challenge.Parameters.Cost = 1 }), ErrInvalid},
		{"expiry changed", forge(false, func(p *payload) { p.Challenge.Parameters.ExpiresAt++ }), ErrInvalid},
		{"nonce changed", forge(false, func(p *payload) { p.Challenge.Parameters.Nonce = strings.Repeat("0", 32) }), ErrInvalid},
		{"salt changed", forge(false, func(p *payload) { p.Challenge.Parameters.Salt = strings.Repeat("0", 32) }), ErrInvalid},
		{"prefix changed", forge(false, func(p *payload) { p.Challenge.Parameters.KeyPrefix = "00" }), ErrInvalid},
		{"key signature changed", forge(false, func(p *payload) { p.Challenge.Parameters.KeySignature = p.Challenge.Signature }), ErrInvalid},
		{"another algorithm, signed", forge(true, func(p *payload) { p.Challenge.Parameters.Algorithm = "SHA-256" }), ErrInvalid},
		{"another cost, signed", forge(true, func(p *payload) { p.Challenge.Parameters.Cost = 9 }), ErrInvalid},
		{"another key length, signed", forge(true, func(p *payload) { p.Challenge.Parameters.KeyLength = 16 }), ErrInvalid},
		{"no key signature, signed", forge(true, func(p *payload) { p.Challenge.Parameters.KeySignature = "" }), ErrInvalid},
		{"no key", forge(false, func(p *payload) { p.Solution.DerivedKey = "" }), ErrInvalid},
		{"only the prefix, which is told", forge(false, func(p *payload) { p.Solution.DerivedKey = p.Challenge.Parameters.KeyPrefix }), ErrInvalid},
		{"the prefix twice", forge(false, func(p *payload) { p.Solution.DerivedKey = strings.Repeat(p.Challenge.Parameters.KeyPrefix, 2) }), ErrInvalid},
		{"more behind the key", forge(false, func(p *payload) { p.Solution.DerivedKey += "zz" }), ErrInvalid},
		{"a key that is not hexadecimal", forge(false, func(p *payload) { p.Solution.DerivedKey = strings.Repeat("zz", 32) }), ErrInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := a.Verify(t.Context(), c.payload, "", noon()); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
	if len(nonces.spent) != 0 {
		t.Errorf("refused solutions spent %d nonces", len(nonces.spent))
	}
	if _, err := a.Verify(t.Context(), solved, "", noon()); err != nil {
		t.Errorf("after all that the true solution is refused: %v", err)
	}
}

func TestAStoreThatFailsIsNotTheVisitorsFault(t *testing.T) {
	a, nonces := newAltcha(t, testKey, easy(), rand.Reader)
	nonces.err = errors.New("throttled")
	_, err := a.Verify(t.Context(), solve(t, challenge(t, a)), "", noon())
	if !errors.Is(err, ErrUnavailable) || !errors.Is(err, nonces.err) {
		t.Fatalf("%v, want ErrUnavailable for the store's error", err)
	}
	for _, other := range []error{ErrMissing, ErrInvalid, ErrExpired, ErrSpent} {
		if errors.Is(err, other) {
			t.Errorf("%v wraps %v", err, other)
		}
	}
}

func TestEveryChallengeIsNewAndAsksForTheWorkConfigured(t *testing.T) {
	d := easy()
	a, _ := newAltcha(t, testKey, d, rand.Reader)
	nonces, least, most := map[string]bool{}, d.MaxCounter, d.MinCounter
	for range 300 {
		c := challenge(t, a)
		counter := solution(t, solve(t, c)).Counter
		least, most = min(least, counter), max(most, counter)
		nonces[c.Parameters.Nonce+c.Parameters.Salt] = true
	}
	if len(nonces) != 300 {
		t.Errorf("%d different challenges of 300", len(nonces))
	}
	if least != d.MinCounter || most != d.MaxCounter {
		t.Errorf("counters from %d to %d, want %d to %d", least, most, d.MinCounter, d.MaxCounter)
	}
}

func TestNewAltchaRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		key string
		d   Difficulty
	}{
		"short key":       {testKey[1:], easy()},
		"no cost":         {testKey, Difficulty{Cost: 0, MinCounter: 1, MaxCounter: 2}},
		"endless cost":    {testKey, Difficulty{Cost: maxCost + 1, MinCounter: 1, MaxCounter: 2}},
		"counters fall":   {testKey, Difficulty{Cost: 1, MinCounter: 3, MaxCounter: 2}},
		"counters escape": {testKey, Difficulty{Cost: 1, MinCounter: 0, MaxCounter: 1<<32 - 1}},
	} {
		if _, err := NewAltcha([]byte(c.key), c.d, rand.Reader, &memory{}); err == nil {
			t.Errorf("%s: no error", name)
		} else if strings.Contains(err.Error(), testKey[1:]) {
			t.Errorf("%s: the key is in the error", name)
		}
	}
}

func TestNewAltchaTakes(t *testing.T) {
	for name, d := range map[string]Difficulty{
		"the least":    {Cost: 1, MinCounter: 0, MaxCounter: 0},
		"the greatest": {Cost: 1_000_000, MinCounter: 1<<32 - 2, MaxCounter: 1<<32 - 2},
	} {
		if _, err := NewAltcha([]byte(testKey), d, rand.Reader, &memory{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewAltcha([]byte(testKey), Difficulty{Cost: 1_000_001}, rand.Reader, &memory{}); err == nil {
		t.Error("a cost nobody can pay was taken")
	}
}

// A solution has four kilobytes at most; line ends within base64 are none of its own.
func TestTheLongestSolution(t *testing.T) {
	a, _ := newAltcha(t, testKey, easy(), rand.Reader)
	solved := solve(t, challenge(t, a))
	if _, err := a.Verify(t.Context(), solved+strings.Repeat("\n", 4097-len(solved)), "", noon()); !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "4096") {
		t.Errorf("4097 bytes: %v", err)
	}
	if _, err := a.Verify(t.Context(), solved+strings.Repeat("\n", 4096-len(solved)), "", noon()); err != nil {
		t.Errorf("4096 bytes: %v", err)
	}
}

func TestChallengeFailsWithoutRandomness(t *testing.T) {
	a, _ := newAltcha(t, testKey, easy(), strings.NewReader("short"))
	if _, err := a.Challenge(noon()); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v, want the reader's error", err)
	}
}

func FuzzVerify(f *testing.F) {
	// The same challenge in all processes of a fuzz run, which takes a solution found once for good.
	seed := bytes.NewReader([]byte("thirty-six bytes of nonce, salt, n." + "\x05"))
	a, err := NewAltcha([]byte(testKey), easy(), seed, free{})
	if err != nil {
		f.Fatal(err)
	}
	c := challenge(f, a)
	f.Add(solve(f, c))
	f.Add("")
	f.Add("bnVsbA==")
	f.Fuzz(func(t *testing.T, solved string) {
		if _, err := a.Verify(t.Context(), solved, "", noon()); err == nil {
			if p := open(t, solved); p.Challenge != c {
				t.Errorf("%q passed", solved)
			}
		}
	})
}

// free never remembers, so that one solution serves all the time.
type free struct{}

func (free) Spend(context.Context, string, time.Time) (bool, error) { return true, nil }

func BenchmarkChallenge(b *testing.B) {
	a, _ := newAltcha(b, testKey, usual(), rand.Reader)
	b.ReportAllocs()
	for b.Loop() {
		challenge(b, a)
	}
}

func BenchmarkVerify(b *testing.B) {
	a, err := NewAltcha([]byte(testKey), easy(), rand.Reader, free{})
	if err != nil {
		b.Fatal(err)
	}
	solved := solve(b, challenge(b, a))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Verify(b.Context(), solved, "", noon()); err != nil {
			b.Fatal(err)
		}
	}
}

// usual is the difficulty programs.yaml has where it names none.
func usual() Difficulty { return Difficulty{Cost: 5000, MinCounter: 100, MaxCounter: 300} }
