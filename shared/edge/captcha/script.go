package captcha

import _ "embed" // for the script

// Script is the solver for web pages, a classic script without dependencies. It defines
//
//	solveAltcha(challenge, {progress, workerURL, signal})
//
// which takes what GET /opt-in/challenge answers and promises the value of the form's field altcha. All options may be
// left out: progress is called with an estimate of the part that is done, rising to 1; workerURL is where Worker is
// served, without which, or where the page's policy forbids it, the page's own thread does the work; signal is an
// AbortSignal that ends it.
//
// It needs a secure context, HTTPS or localhost, and of a Content-Security-Policy that script-src and worker-src (or
// the former alone) allow where Script and Worker come from.
//
//go:embed solve.js
var Script []byte

// Worker is what Script's workerURL has to serve, from the page's own origin. It is the same file, which knows where it
// runs.
//
//go:embed solve.js
var Worker []byte
