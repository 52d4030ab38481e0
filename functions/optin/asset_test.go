package optin_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"smsconsent/shared/edge/captcha"
)

func TestAssets(t *testing.T) {
	w := newWorld(t)
	page := w.get("/opt-in").Body.String()
	for name, want := range map[string]struct {
		kind, holds string
		onPage      bool
	}{
		"sign-up.css":       {"text/css; charset=utf-8", `[data-brand="example"] { --brand: #0b5fff;`, true},
		"sign-up.js":        {"text/javascript; charset=utf-8", "form[data-smsconsent]", true},
		"captcha.js":        {"text/javascript; charset=utf-8", "solveAltcha", true},
		"captcha-worker.js": {"text/javascript; charset=utf-8", "onmessage", true},
		"embed.js":          {"text/javascript; charset=utf-8", "iframe", false},
	} {
		answer := w.get("/opt-in/assets/" + name)
		if answer.Code != http.StatusOK || answer.Header().Get("Content-Type") != want.kind || !strings.Contains(answer.Body.String(), want.holds) ||
			answer.Header().Get("Cache-Control") != "public, max-age=300" || answer.Header().Get("Cross-Origin-Resource-Policy") != "cross-origin" {
			t.Errorf("%s: %d %v", name, answer.Code, answer.Header())
		}
		version := regexp.MustCompile(regexp.QuoteMeta("opt-in/assets/"+name) + `\?v=([0-9a-f]{16})"`).FindStringSubmatch(page)
		if (version != nil) != want.onPage {
			t.Errorf("%s: on the page as %v", name, version)
		}
		if version == nil {
			continue
		}
		if answer := w.get("/opt-in/assets/" + name + "?v=" + version[1]); answer.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("%s of this version: %v", name, answer.Header())
		}
		if answer := w.get("/opt-in/assets/" + name + "?v=0123456789abcdef"); answer.Header().Get("Cache-Control") != "public, max-age=300" {
			t.Errorf("%s of another version: %v", name, answer.Header())
		}
	}
	if got := w.get("/opt-in/assets/captcha-worker.js").Body.Bytes(); !bytes.Equal(got, captcha.Worker) {
		t.Error("the worker is another")
	}
	// What nobody's page has of its own: inline scripts and styles, which its policy forbids.
	if bad := regexp.MustCompile(`(?i)<script>|<style|\sstyle=|\son[a-z]+=`).FindString(page); bad != "" {
		t.Errorf("the page holds %q", bad)
	}
}

// A brand's colour is used as far as it can be read and seen on the page (WCAG 2.2 AA), and no further.
func TestColors(t *testing.T) {
	for color, want := range map[string]string{
		"#0b5fff": "--brand: #0b5fff; --name-light: #0b5fff; --act-light: #0b5fff; --act-ink-light: #ffffff; --act-dark: #0b5fff; --act-ink-dark: #ffffff; }",
		"#fff2a8": "--brand: #fff2a8; --name-dark: #fff2a8; --act-dark: #fff2a8; --act-ink-dark: #000000; }",
		"#000000": "--brand: #000000; --name-light: #000000; --act-light: #000000; --act-ink-light: #ffffff; }",
		"#ffffff": "--brand: #ffffff; --name-dark: #ffffff; --act-dark: #ffffff; --act-ink-dark: #000000; }",
		"#777777": "--brand: #777777; --act-light: #777777; --act-ink-light: #000000; --act-dark: #777777; --act-ink-dark: #000000; }",
	} {
		w := worldUnder(t, strings.Replace(hostile, `"#0b5fff"`, fmt.Sprintf("%q", color), 1))
		css := w.get("/opt-in/assets/sign-up.css").Body.String()
		if !strings.Contains(css, `[data-brand="example"] { `+want) {
			t.Errorf("%s: %s", color, css)
		}
		for _, paper := range []string{"--paper: #ffffff;", "--paper: #181c22;"} {
			if !strings.Contains(css, paper) {
				t.Errorf("the style sheet's paper is not %s, which the colours are reckoned with", paper)
			}
		}
	}
}
