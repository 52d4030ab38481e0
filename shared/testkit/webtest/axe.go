package webtest

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// violation is a rule that a page breaks, as axe-core reports it.
type violation struct {
	ID      string `json:"id"`
	Impact  string `json:"impact"` // minor, moderate, serious or critical
	Help    string `json:"help"`
	HelpURL string `json:"helpUrl"`
	Nodes   []struct {
		Target         []any  `json:"target"` // selectors, from the outermost frame inwards
		FailureSummary string `json:"failureSummary"`
	} `json:"nodes"`
}

func (v violation) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s (%s): %s\n  %s", v.ID, v.Impact, v.Help, v.HelpURL)
	for _, n := range v.Nodes {
		fmt.Fprintf(&s, "\n  %v\n    %s", n.Target, strings.ReplaceAll(n.FailureSummary, "\n", "\n    "))
	}
	return s.String()
}

// Axe fails the test where the page, as it is shown now, has barriers for people with disabilities: by WCAG 2.2 at
// level AA and axe-core's best practices. What axe-core cannot decide is not checked.
func Axe(t testing.TB, b *Tab) {
	t.Helper()
	for _, v := range b.violations(t) {
		t.Errorf("axe-core: %s", v)
	}
}

// violations runs axe-core in the page, through the browser's debugging protocol, to which the page's security policy
// does not apply.
func (b *Tab) violations(t testing.TB) []violation {
	t.Helper()
	files := Package(
		t,
		"axe-core",
		"4.14.1",
		"sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
	)
	script, err := fs.ReadFile(files, "axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	b.Do(chromedp.Evaluate[chromedp.Void](string(script) + "; undefined"))
	const run = `axe.run(document, {
		resultTypes: ["violations"],
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	}).then((results) => results.violations)`
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]violation](run, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("axe-core: %v", err)
	}
	return found
}
