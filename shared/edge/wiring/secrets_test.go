package wiring_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"smsconsent/shared/edge/wiring"
)

// Without a name there is no CDN; with one, whoever cannot read what it shows must not start, nor take what can be
// guessed.
func TestEdge(t *testing.T) {
	secret := func(text string, err error) *wiring.Deployment {
		return &wiring.Deployment{Getenv: echo, Secret: func(context.Context, string) ([]byte, error) { return []byte(text), err }}
	}
	none := secret("", errors.New("asked for a secret without a name"))
	none.Getenv = vars{}.get
	if edge, err := none.Edge(t.Context()); err != nil || !reflect.ValueOf(edge).IsZero() {
		t.Errorf("without a name: %v", err)
	}
	long, blank := strings.Repeat("a-secret", 4), " \n"
	for text, good := range map[string]bool{
		long: true, long + "\n": true, long + " another " + long: false, long + " " + long: true, long[1:]: false, "": false, blank: false,
	} {
		_, err := secret(text, nil).Edge(t.Context())
		if (err == nil) != good || err != nil && (strings.Contains(err.Error(), "a-secret") || !strings.Contains(err.Error(), "openssl")) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := secret(long, errors.New("AccessDenied")).Edge(t.Context()); err == nil {
		t.Error("a secret that cannot be read is none")
	}
}

// parameterStore answers GetParameters, if it is asked to decrypt, and keeps what it was asked for.
type parameterStore struct {
	values map[string]string
	denied string // a name that nobody may read
	busy   int    // calls it has no room for, before it has

	mu  sync.Mutex // for what is read ahead
	all [][]string
}

func (p *parameterStore) asked() [][]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.all)
}

func (p *parameterStore) Do(r *http.Request) (*http.Response, error) {
	var in struct {
		Names          []string
		WithDecryption bool
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return nil, err
	}
	if !in.WithDecryption || r.Header.Get("X-Amz-Target") != "AmazonSSM.GetParameters" {
		return nil, errors.New("another call")
	}
	p.mu.Lock()
	p.all = append(p.all, in.Names)
	busy := len(p.all) <= p.busy
	p.mu.Unlock()
	answer := func(status int, body any) (*http.Response, error) {
		raw, err := json.Marshal(body)
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(raw)))}, err
	}
	if busy {
		return answer(http.StatusBadRequest, map[string]string{"__type": "ThrottlingException"})
	}
	if slices.Contains(in.Names, p.denied) {
		return answer(http.StatusBadRequest, map[string]string{"__type": "AccessDeniedException"})
	}
	type parameter struct{ Name, Value string }
	var out struct {
		Parameters        []parameter
		InvalidParameters []string
	}
	for _, name := range in.Names {
		if value, ok := p.values[name]; ok {
			out.Parameters = append(out.Parameters, parameter{name, value})
		} else {
			out.InvalidParameters = append(out.InvalidParameters, name)
		}
	}
	return answer(http.StatusOK, out)
}

// inStore is a deployment whose secrets lie in the store under the names of their variables.
func inStore(p *parameterStore, given ...string) *wiring.Deployment {
	cfg := wiring.AWSFrom(func(name string) string {
		return map[string]string{"AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "s"}[name]
	})
	cfg.HTTPClient = p
	return &wiring.Deployment{AWS: cfg, Now: time.Now, Getenv: func(variable string) string {
		if slices.Contains(given, variable) {
			return "/" + strings.ToLower(variable)
		}
		return ""
	}}
}

func aKey(of string) string {
	return base64.StdEncoding.EncodeToString([]byte(strings.Repeat(of, 32)[:32]))
}

// A start costs Parameter Store one call, however many secrets it takes: an account may ask forty times a second.
func TestAStartReadsItsSecretsAtOnce(t *testing.T) {
	store := &parameterStore{values: map[string]string{"/ledger_key_parameter": aKey("l"), "/link_key_parameter": aKey("k")}}
	d := inStore(store, "LEDGER_KEY_PARAMETER", "LINK_KEY_PARAMETER", "EDGE_SECRET_PARAMETER", "CAPTCHA_SECRET_PARAMETER", "TABLE_NAME")
	for variable, want := range map[string]string{"LEDGER_KEY_PARAMETER": "l", "LINK_KEY_PARAMETER": "k"} {
		if key, err := d.Key(t.Context(), variable); err != nil || string(key) != strings.Repeat(want, 32) {
			t.Errorf("%s = %q, %v", variable, key, err)
		}
	}
	if _, err := d.Edge(t.Context()); err == nil || !strings.Contains(err.Error(), `"/edge_secret_parameter": ParameterNotFound`) {
		t.Errorf("a secret that is not there: %v", err)
	}
	want := [][]string{{"/ledger_key_parameter", "/link_key_parameter", "/edge_secret_parameter"}}
	if !reflect.DeepEqual(store.asked(), want) {
		t.Errorf("asked for %v, want %v", store.asked(), want)
	}
}

// What is read ahead is read once.
func TestSecretsAreReadAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &parameterStore{values: map[string]string{"/ledger_key_parameter": aKey("l")}, busy: 1}
		d := inStore(store, "LEDGER_KEY_PARAMETER")
		d.Prefetch(t.Context())
		synctest.Wait()
		if len(store.asked()) == 0 {
			t.Error("nothing was asked for ahead")
		}
		for range 2 {
			if key, err := d.Key(t.Context(), "LEDGER_KEY_PARAMETER"); err != nil || string(key) != strings.Repeat("l", 32) {
				t.Errorf("%q, %v", key, err)
			}
		}
		if len(store.asked()) != 2 {
			t.Errorf("asked %d times, want once more after it had no room", len(store.asked()))
		}
	})
}

// A secret of somebody else's is read when it is called for, and each time anew: it was replaced where it is refused.
func TestASecretForLaterIsReadAnew(t *testing.T) {
	store := &parameterStore{values: map[string]string{"/captcha_secret_parameter": "one"}}
	d := inStore(store, "CAPTCHA_SECRET_PARAMETER")
	read := d.Later("CAPTCHA_SECRET_PARAMETER")
	for _, want := range []string{"one", "two"} {
		store.values["/captcha_secret_parameter"] = want
		if text, err := read(t.Context()); err != nil || string(text) != want {
			t.Errorf("%q, %v; want %q", text, err, want)
		}
	}
}

// Where many functions start at once Parameter Store has no room for some, and they wait for it.
func TestABusyParameterStoreIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &parameterStore{values: map[string]string{"/ledger_key_parameter": aKey("l")}, busy: 9}
		if _, err := inStore(store, "LEDGER_KEY_PARAMETER").Key(t.Context(), "LEDGER_KEY_PARAMETER"); err != nil {
			t.Errorf("after %d calls: %v", len(store.asked()), err)
		}
		store = &parameterStore{busy: 100}
		_, err := inStore(store, "LEDGER_KEY_PARAMETER", "LINK_KEY_PARAMETER").Key(t.Context(), "LEDGER_KEY_PARAMETER")
		if err == nil || !strings.Contains(err.Error(), "ThrottlingException") || len(store.asked()) != 10 {
			t.Errorf("asked %d times: %v", len(store.asked()), err)
		}
	})
}

// A STOP does not wait for the key of a page that nobody lets inbound read.
func TestASecretThatMayNotBeReadTakesNoOtherAlong(t *testing.T) {
	store := &parameterStore{values: map[string]string{"/ledger_key_parameter": aKey("l")}, denied: "/link_key_parameter"}
	d := inStore(store, "LEDGER_KEY_PARAMETER", "LINK_KEY_PARAMETER")
	if _, err := d.Key(t.Context(), "LEDGER_KEY_PARAMETER"); err != nil {
		t.Error(err)
	}
	if _, err := d.Key(t.Context(), "LINK_KEY_PARAMETER"); err == nil || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("the other: %v", err)
	}
}
