// Package webtest is for tests of pages in a real browser, headless Chromium. Where a machine lacks what a test needs, the test is
// skipped with a reason; with CI=true it fails.
package webtest
