package captcha

import _ "embed" // for the scripts

// Script is the solver for the page's side, a classic script without dependencies. It defines
//
//	solveAltcha(challenge, {progress, workerURL, signal})
//
// which takes what GET /opt-in/challenge answers and promises the value of the form's field altcha. All options may be left out:
// progress is called with the part of the work that is done, rising from 0 to 1; workerURL is where Worker is served, without which, or
// where the page's policy forbids it, the work is done on the page's own thread; signal is an AbortSignal that ends the work.
//
// It needs a secure context: HTTPS or localhost.
//
//go:embed solve.js
var Script []byte

// Worker is the solver for the worker's side, to be served from the page's own origin.
//
//go:embed solve.js
var Worker []byte
