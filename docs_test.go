package smsconsent_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A page that sends its reader on sends them somewhere: each file and each heading that a page links to is there.
func TestLinksLeadSomewhere(t *testing.T) {
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	books, err := filepath.Glob("docs/runbooks/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages = append(append(pages, books...), "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
	link := regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"`)
	followed := 0
	for _, page := range pages {
		for _, m := range link.FindAllStringSubmatch(prose(t, page), -1) {
			to := m[1] + m[2]
			if strings.Contains(to, ":") || strings.Contains(to, "{") {
				continue // the web, or an example
			}
			file, heading, _ := strings.Cut(to, "#")
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which is not there", page, to)
				continue
			}
			if heading != "" && strings.HasSuffix(target, ".md") && !hasHeading(t, target, heading) {
				t.Errorf("%s links to %s, which has no such heading", page, to)
			}
			followed++
		}
	}
	if followed < 100 {
		t.Errorf("%d links, want at least 100", followed)
	}
}

// prose returns a page without its blocks of code.
func prose(t *testing.T, page string) string {
	t.Helper()
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile("(?s)```.*?```").ReplaceAllString(string(b), "")
}

// hasHeading reports whether a page has the heading that GitHub gives the name, or an anchor of that name.
func hasHeading(t *testing.T, page, name string) bool {
	t.Helper()
	text := prose(t, page)
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		slug := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(m[1]), "")
		if strings.ReplaceAll(slug, " ", "-") == name {
			return true
		}
	}
	return strings.Contains(text, `id="`+name+`"`) || strings.Contains(text, `name="`+name+`"`)
}

// Pages call the command by its name alone, so the two that a reader begins with say how to install it.
func TestPagesSayHowToInstallTheCommand(t *testing.T) {
	for _, page := range []string{"README.md", "docs/deploy.md"} {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), "go install ./cmd/smsconsent") {
			t.Errorf("%s does not say how to install the command", page)
		}
	}
	pages, err := filepath.Glob("docs/*.md")
	runbooks, also := filepath.Glob("docs/runbooks/*.md")
	if err != nil || also != nil {
		t.Fatal(err, also)
	}
	for _, page := range append(pages, runbooks...) {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "go run ./cmd/smsconsent") {
			t.Errorf("%s calls the command in another way than the other pages", page)
		}
	}
}
