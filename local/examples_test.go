package local_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// signed is the same stack behind a port that checks each request's signature, as API Gateway does.
func (w *world) signed() *world {
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.t.Error(err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if got, want := r.Header.Get("Authorization"), w.signature(r, body); got != want {
			w.t.Errorf("signed as\n%s\nwant\n%s", got, want)
			rw.WriteHeader(http.StatusForbidden)
			return
		}
		w.stack.ServeHTTP(rw, r)
	}))
	w.t.Cleanup(s.Close)
	return &world{t: w.t, stack: w.stack, url: s.URL}
}

// signature returns the Authorization header a request should have that signed those headers it says it signed.
func (w *world) signature(r *http.Request, body []byte) string {
	w.t.Helper()
	again := r.Clone(w.t.Context())
	again.URL.Host, again.Header, again.ContentLength = r.Host, http.Header{}, -1
	_, list, _ := strings.Cut(r.Header.Get("Authorization"), "SignedHeaders=")
	list, _, _ = strings.Cut(list, ",")
	for name := range strings.SplitSeq(list, ";") {
		if value := r.Header.Get(name); value != "" {
			again.Header.Set(name, value)
		}
		if name == "content-length" {
			again.ContentLength = r.ContentLength
		}
	}
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		w.t.Error(err)
	}
	sum := sha256.Sum256(body)
	keys := aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local", SessionToken: "token"} // of run
	err = v4.NewSigner().SignHTTP(w.t.Context(), keys, again, hex.EncodeToString(sum[:]), "execute-api", "us-east-1", at)
	if err != nil {
		w.t.Error(err)
	}
	return again.Header.Get("Authorization")
}

// Each example of docs/examples texts one person once, and what it sends is rightly signed.
func TestTheExamplesText(t *testing.T) {
	for _, example := range [][]string{
		{"sh", "../docs/examples/text.sh"},
		{"node", "../docs/examples/text.mjs"},
		{"python3", "../docs/examples/text.py"},
		{"go", "run", "../docs/examples/text"},
	} {
		t.Run(example[0], func(t *testing.T) {
			switch {
			case example[0] == "go" && testing.Short():
				t.Skip("it takes seconds to build")
			case example[0] == "python3" && exec.CommandContext(t.Context(), "python3", "-c", "import botocore").Run() != nil:
				t.Skip("no python3 with botocore")
			}
			w := newWorld(t, nil)
			w.signUp(her, "orders")
			w.texts(her, "+12065550101", "YES")
			for _, want := range []string{"sent", "duplicate"} {
				var answer struct{ Status, ID string }
				said := w.signed().run(example[0], append(example[1:], her, "order-4711")...)
				if json.Unmarshal([]byte(said), &answer) != nil || answer.Status != want || answer.ID != "order-4711" {
					t.Errorf("answered %s, want %s", said, want)
				}
			}
			if n := count(w.screen(her), "your order has shipped"); n != 1 {
				t.Errorf("she got it %d times", n)
			}
		})
	}
}

// What README says of one text to one person works as it stands there, on each store: "Your order has shipped" by curl,
// and the next text by command.
func TestTheReadmesOneText(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds to build")
	}
	raw, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, walk, _ := strings.Cut(string(raw), "**One person, one text.**")
	_, walk, _ = strings.Cut(walk, "```sh\n")
	walk, _, found := strings.Cut(walk, "```")
	if !found {
		t.Fatal("README has no such walk")
	}
	on(t, func(t *testing.T, w *world) {
		w.subscribe(her)
		said := w.run("sh", "-ec", "cd .. && base=$AWS_ENDPOINT_URL && phone="+her+"\n"+walk)
		for _, text := range []string{"your order has shipped.", "your order is here."} {
			if n := count(w.screen(her), text); n != 1 {
				t.Errorf("%q reached her %d times; the commands said %s", text, n, said)
			}
		}
		if !strings.Contains(said, `{"status":"sent","id":"order-4711-shipped"`) || !strings.Contains(said, "allow") {
			t.Errorf("the commands said %s", said)
		}
		r := w.record(her)
		for _, m := range r.Messages {
			if strings.Contains(m.Body, "your order") && (m.Kind != "transactional" || m.Status != "delivered") {
				t.Errorf("on record as %+v", m)
			}
		}
		if !r.Verified {
			t.Error("I4: the chain does not verify")
		}
	})
}
