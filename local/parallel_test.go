package local_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// A page and its files are asked for at once, by many people: nobody gets anything of somebody else's answer.
func TestAnswersDoNotMix(t *testing.T) {
	w := newWorld(t, nil)
	var all sync.WaitGroup
	for path, want := range map[string]string{
		"/opt-in?brand=example":                       `data-brand="example"`,
		"/opt-in?brand=examplecafe":                   `data-brand="examplecafe"`,
		"/opt-in/disclosure?brand=example":            `"disclosure_version"`,
		"/records/+12065550142?brand=example":         `"error"`,
		"/opt-in/disclosure?brand=nobody&topic=there": `"error"`,
	} {
		for range 20 {
			all.Go(func() {
				resp, err := http.Get(w.url + path)
				if err != nil {
					t.Error(err)
					return
				}
				defer resp.Body.Close()
				body, err := io.ReadAll(resp.Body)
				if err != nil || !strings.Contains(string(body), want) {
					t.Errorf("%s answered %s with %d bytes that hold no %q: %v", path, resp.Status, len(body), want, err)
				}
			})
		}
	}
	all.Wait()
}
