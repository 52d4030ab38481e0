package captcha

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"smsconsent/shared/testkit/webtest"
)

// form is a site with a sign-up form of which only the CAPTCHA is there.
type form struct {
	altcha *Altcha
	nonces *memory
	policy string // Content-Security-Policy
	page   string // what is in the form
	files  map[string][]byte

	mu    sync.Mutex
	asked map[string]int // requests by path
}

func newForm(t *testing.T, d Difficulty) *form {
	t.Helper()
	a, nonces := newAltcha(t, testKey, d, rand.Reader)
	return &form{
		altcha: a, nonces: nonces, asked: map[string]int{},
		// No blob:, no inline script, nothing of anybody else.
		policy: "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; form-action 'self'; img-src data:",
		files:  map[string][]byte{"/opt-in/assets/captcha.js": Script, "/opt-in/assets/captcha-worker.js": Worker},
	}
}

func (f *form) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.asked[r.URL.Path]++
	f.mu.Unlock()
	w.Header().Set("Content-Security-Policy", f.policy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	switch file, ok := f.files[r.URL.Path]; {
	case ok && strings.HasSuffix(r.URL.Path, ".css"):
		w.Header().Set("Content-Type", "text/css")
		_, _ = w.Write(file)
	case ok:
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(file)
	case r.URL.Path == "/opt-in/challenge":
		c, err := f.altcha.Challenge(noon())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(c)
	case r.URL.Path == "/opt-in" && r.Method == http.MethodPost:
		result, err := f.altcha.Verify(r.Context(), r.PostFormValue("altcha"), "", noon())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		fmt.Fprintf(w, `<!DOCTYPE html><link rel="icon" href="data:,"><p id="result">%s`, result.Detail)
	case r.URL.Path == "/opt-in":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><title>Sign up</title><link rel="icon" href="data:,">
<main><h1>Sign up</h1><form method="post" action="/opt-in">%s<button>Sign up</button></form></main></html>`, f.page)
	default:
		http.NotFound(w, r)
	}
}

func (f *form) open(t *testing.T) *webtest.Tab {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return webtest.Open(t, server.URL+"/opt-in")
}

func (f *form) requests(path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked[path]
}

// solver is a page's script that solves with our own, and keeps what happens.
const solver = `
"use strict";
const seen = { told: [], derived: 0, breaks: 0, took: 0 };
const { subtle } = crypto;
const deriveBits = subtle.deriveBits.bind(subtle);
subtle.deriveBits = (...args) => { seen.derived++; return deriveBits(...args); };
const abort = new AbortController();
const solve = async (options) => {
  const challenge = await (await fetch("/opt-in/challenge")).json();
  const tick = setInterval(() => { seen.breaks++; }, 1);
  const start = performance.now();
  try {
    seen.solved = await solveAltcha(challenge, options);
    document.forms[0].elements.altcha.value = seen.solved;
  } catch (problem) {
    seen.problem = problem.name + ": " + problem.message;
  }
  seen.took = Math.round(performance.now() - start);
  clearInterval(tick);
};
`

const ownField = `<input type="hidden" name="altcha"><script src="/opt-in/assets/captcha.js"></script><script src="/solver.js"></script>`

// send sends the form, whose solution is accepted.
func send(b *webtest.Tab) {
	b.Click("form > button")
	b.Until(`document.getElementById("result").textContent === "proof of work, cost 5000"`)
}

func TestInBrowserOurScriptSolvesInAWorker(t *testing.T) {
	t.Parallel()
	f := newForm(t, usual())
	f.page, f.files["/solver.js"] = ownField, []byte(solver+`solve({ progress: (part) => seen.told.push(part), workerURL: "/opt-in/assets/captcha-worker.js" });`)
	b := f.open(t)
	b.Until("seen.solved || seen.problem")
	t.Logf("solved in a worker in %s ms, told %s times, %s breaks", b.Get("seen.took"), b.Get("seen.told.length"), b.Get("seen.breaks"))
	if got := b.Get("seen.derived"); got != "0" {
		t.Errorf("the page's own thread tried %s counters", got)
	}
	checkProgress(t, b)
	send(b)
	b.Quiet()
}

// checkProgress wants parts that rise to 1, more than a few.
func checkProgress(t *testing.T, b *webtest.Tab) {
	t.Helper()
	if got := b.Get(`seen.told.length > 5 && seen.told.every((part, i) => part > (seen.told[i - 1] ?? 0)) && seen.told.at(-1) === 1`); got != "true" {
		t.Errorf("progress was told as %s", b.Get("seen.told"))
	}
}

// Where there can be no worker the form works all the same, and the page goes on living while its thread works.
func TestInBrowserOurScriptSolvesWithoutAWorker(t *testing.T) {
	t.Parallel()
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(Worker)
	}))
	t.Cleanup(stranger.Close)
	for _, c := range []struct {
		name, policy, workerURL string
		complaint               string // in the console
	}{
		{"none", "", `undefined`, ""},
		{"forbidden by the policy", "worker-src 'none'", `"/opt-in/assets/captcha-worker.js"`, "Content Security Policy"},
		{"not found", "", `"/nowhere.js"`, "404"},
		{"on another origin", "", strconv.Quote(stranger.URL + "/worker.js"), ""},
		{"one that breaks", "", `"/breaks.js"`, ""},
		{"one that breaks half-way", "", `"/half.js"`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newForm(t, usual())
			if c.policy != "" {
				f.policy = strings.Replace(f.policy, "worker-src 'self'", c.policy, 1)
			}
			f.page = ownField
			f.files["/breaks.js"] = []byte(`throw new Error("broken");`)
			f.files["/half.js"] = []byte(`onmessage = () => { postMessage({ tried: 40 }); throw new Error("broken"); };`)
			f.files["/solver.js"] = []byte(solver + `solve({ progress: (part) => seen.told.push(part), workerURL: ` + c.workerURL + ` });`)
			b := f.open(t)
			b.Until("seen.solved || seen.problem")
			t.Logf("solved on the page's thread in %s ms, %s breaks", b.Get("seen.took"), b.Get("seen.breaks"))
			checkProgress(t, b)
			if got := b.Get("seen.breaks > 5"); got != "true" {
				t.Errorf("the page could do other things only %s times", b.Get("seen.breaks"))
			}
			send(b)
			if c.complaint == "" {
				b.Quiet()
			} else {
				b.Quiet(c.complaint)
			}
		})
	}
}

func TestInBrowserSolvingCanBeCancelled(t *testing.T) {
	t.Parallel()
	endless := Difficulty{Cost: 1000, MinCounter: 1 << 30, MaxCounter: 1 << 30}
	for name, workerURL := range map[string]string{"worker": `"/opt-in/assets/captcha-worker.js"`, "page": `undefined`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newForm(t, endless)
			f.page = ownField
			f.files["/solver.js"] = []byte(solver + `
				const progress = (part) => { seen.told.push(part); if (seen.told.length === 3) abort.abort(); };
				solve({ progress, workerURL: ` + workerURL + `, signal: abort.signal }).then(() => solve({ signal: abort.signal })).then(() => { seen.end = true; });`)
			b := f.open(t)
			b.Until("seen.end")
			if got := b.Get("seen.problem"); !strings.HasPrefix(got, "AbortError") {
				t.Errorf("the promise was broken with %s", got)
			}
			if got := b.Get("new Promise((done) => setTimeout(() => done(seen.told.length), 200))"); got != "3" {
				t.Errorf("told %s times, want no more after the third", got)
			}
			b.Quiet()
		})
	}
}

func TestInBrowserAWorkerTellsWhatIsWrongWithAChallenge(t *testing.T) {
	t.Parallel()
	f := newForm(t, easy())
	f.page, f.files["/solver.js"] = ownField, []byte(`
		solveAltcha({ parameters: { algorithm: "ARGON2ID" } }, { workerURL: "/opt-in/assets/captcha-worker.js" }).catch((problem) => { window.problem = problem.message; });`)
	b := f.open(t)
	b.Until(`window.problem === "Unknown challenge: ARGON2ID"`)
	b.Quiet()
}

// Who builds a form of their own may take ALTCHA's widget from npm instead of our script, in the build that has all in
// one file or in that for strict policies.
func TestInBrowserALTCHAsWidgetSolvesOurChallenges(t *testing.T) {
	t.Parallel()
	const widget = `<altcha-widget challenge="/opt-in/challenge" configuration='{"minDuration":0}'></altcha-widget>`
	files := webtest.Altcha(t)
	file := func(name string) []byte {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, c := range []struct {
		name, policy, head string
		files              map[string][]byte
	}{
		{
			"one file", "default-src 'none'; script-src 'self'; worker-src blob:; connect-src 'self'; form-action 'self'; img-src data:; style-src 'unsafe-inline'",
			`<script type="module" src="/altcha.js"></script>`,
			map[string][]byte{"/altcha.js": file("dist/main/altcha.min.js")},
		},
		{
			"strict", "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; form-action 'self'; img-src data:; style-src 'self'",
			`<link rel="stylesheet" href="/altcha.css"><script type="module" src="/altcha.js"></script><script type="module" src="/register.js"></script>`,
			map[string][]byte{
				"/altcha.js": file("dist/external/altcha.min.js"), "/altcha.css": file("dist/external/altcha.css"), "/pbkdf2.js": file("dist/workers/pbkdf2.js"),
				"/register.js": []byte(`$altcha.algorithms.set("PBKDF2/SHA-256", () => new Worker("/pbkdf2.js"));`),
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newForm(t, usual())
			f.policy, f.page, f.files = c.policy, c.head+widget, c.files
			b := f.open(t)
			b.Until(`document.querySelector("altcha-widget input[type=checkbox]")`)
			b.Get("window.start = performance.now()")
			b.Click("altcha-widget input[type=checkbox]")
			b.Until(`document.forms[0].elements.altcha?.value`)
			t.Logf("the widget solved in %s ms", b.Get("Math.round(performance.now() - start)"))
			send(b)
			if asked, spent := f.requests("/opt-in/challenge"), len(f.nonces.spent); asked != 1 || spent != 1 {
				t.Errorf("%d challenges asked for, %d spent, want one of each", asked, spent)
			}
			b.Quiet()
		})
	}
}
