package operator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"smsconsent/shared/core/signup"
)

// asker posts to a server and notes how long it would have waited.
func asker(t *testing.T, h http.HandlerFunc) (*requests, *[]time.Duration) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	var waits []time.Duration
	a := &api{
		url: server.URL, http: server.Client(), now: func() time.Time { return tuesday },
		aws: aws.Config{Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "token")},
	}
	pause := func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }
	return &requests{api: a, retries: 4, pause: pause}, &waits
}

func sample() signup.Request {
	return signup.Request{Brand: "example", Topics: []string{"alerts"}, Phone: her, Channel: "import", Evidence: map[string]string{"at": "2026-12-24"}}
}

// API Gateway works the signature out again from what arrives (AWS Signature Version 4, service execute-api).
func TestRequestsAreSigned(t *testing.T) {
	var got *http.Request
	var body []byte
	r, _ := asker(t, func(w http.ResponseWriter, r *http.Request) {
		got, body = r, must(io.ReadAll(r.Body))
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"status":"asked"}`)
	})
	if res, err := r.ask(t.Context(), sample()); err != nil || res.status != signup.Asked || !res.done() {
		t.Fatalf("%+v, %v", res, err)
	}
	at, err := time.Parse("20060102T150405Z", got.Header.Get("X-Amz-Date"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+got.Host+"/requests", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	again.Header.Set("Content-Type", "application/json")
	sum := sha256.Sum256(body)
	c := aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret", SessionToken: "token"}
	if err := v4.NewSigner().SignHTTP(t.Context(), c, again, hex.EncodeToString(sum[:]), "execute-api", "eu-west-1", at); err != nil {
		t.Fatal(err)
	}
	if want := again.Header.Get("Authorization"); got.Header.Get("Authorization") != want || !strings.Contains(want, "/eu-west-1/execute-api/aws4_request") {
		t.Errorf("signed %s\nwant   %s", got.Header.Get("Authorization"), want)
	}
	if got.Header.Get("X-Amz-Security-Token") != "token" {
		t.Error("the session's token is missing")
	}
	var posted signup.Request
	if err := json.Unmarshal(body, &posted); err != nil || posted.Phone != her || posted.Channel != "import" {
		t.Errorf("%s (%v)", body, err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Only what the API could not do for the moment is tried again, ever later.
func TestWhatIsTriedAgain(t *testing.T) {
	for _, tc := range []struct {
		name   string
		codes  []int // answered one after the other, the last one for ever
		bodies string
		status signup.Status
		posts  int
	}{
		{"once", []int{202}, `{"status":"asked"}`, signup.Asked, 1},
		{"throttled, then taken", []int{429, 503, 202}, `{"status":"waiting"}`, signup.Waiting, 3},
		{"never taken", []int{500}, `{"message":"Internal Server Error"}`, rowFailed, 5},
		{"never sent", []int{503}, `{"status":"not-sent","reason":"THROTTLED","at":"2027-01-05T18:01:00Z"}`, signup.NotSent, 5},
		{"too late in the day", []int{409}, `{"status":"later","at":"2027-01-06T17:00:00Z"}`, signup.Later, 1},
		{"not sent for good", []int{200}, `{"status":"not-sent","reason":"texts do not reach this number"}`, signup.NotSent, 1},
		{"refused", []int{422}, `{"error":{"field":"phone","message":"empty"}}`, rowRefused, 1},
		{"our fault", []int{503}, `{"error":{"field":"","message":"please try again"}}`, rowFailed, 5},
	} {
		t.Run(tc.name, func(t *testing.T) {
			posts := 0
			r, waits := asker(t, func(w http.ResponseWriter, _ *http.Request) {
				code := tc.codes[min(posts, len(tc.codes)-1)]
				posts++
				w.WriteHeader(code)
				if posts >= len(tc.codes) {
					_, _ = io.WriteString(w, tc.bodies)
				}
			})
			res, err := r.ask(t.Context(), sample())
			if err != nil || res.status != tc.status || posts != tc.posts || len(*waits) != tc.posts-1 {
				t.Errorf("%+v, %v after %d posts and %v", res, err, posts, *waits)
			}
			least := 500 * time.Millisecond
			for i, wait := range *waits {
				if wait < least<<i || wait > 2*least<<i {
					t.Errorf("wait %d is %s", i, wait)
				}
			}
			if again := !res.done(); again != (tc.codes[len(tc.codes)-1] >= 400) {
				t.Errorf("to be tried again at %s", res.retryAt)
			}
		})
	}
}

// An answer that is lost is asked for again; a wait is not waited through by who was interrupted, and a post is.
func TestLostAnswersAndInterruptions(t *testing.T) {
	posts := 0
	r, waits := asker(t, func(w http.ResponseWriter, _ *http.Request) {
		if posts++; posts == 1 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"status":"waiting"}`)
	})
	if res, err := r.ask(t.Context(), sample()); err != nil || res.status != signup.Waiting || len(*waits) != 1 {
		t.Errorf("%+v, %v", res, err)
	}

	r, _ = asker(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	r.pause = pause
	ended, end := context.WithCancel(t.Context())
	end()
	if res, err := r.ask(ended, sample()); err != nil || res.status != rowFailed || res.message != "the API answered Bad Gateway" {
		t.Errorf("%+v, %v", res, err)
	}

	r.url = "http://127.0.0.1:1/requests"
	r.retries = 0
	if res, err := r.ask(t.Context(), sample()); err != nil || res.status != rowFailed || !strings.Contains(res.message, "no answer") || strings.Contains(res.message, "555") {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestEachTopicIsTold(t *testing.T) {
	r, _ := asker(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":"asked","topics":{"orders":"asked","alerts":"subscribed"}}`)
	})
	if res, err := r.ask(t.Context(), sample()); err != nil || res.message != "alerts: subscribed, orders: asked" {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestWhereRequestsArePosted(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_REGION", "us-west-2")
	for address, want := range map[string][2]string{
		"https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com":  {"https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/requests", "eu-central-1"},
		"https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/": {"https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/requests", "eu-central-1"},
		"https://sms.example.com":                                    {"https://sms.example.com/requests", "us-west-2"},
	} {
		t.Setenv("API_URL", address)
		r, err := openRequests(t.Context())
		if err != nil || r.url+requestsPath != want[0] || r.aws.Region != want[1] || r.simulated {
			t.Errorf("%s: %+v, %v", address, r, err)
		}
	}
	path := list(t, "phone\n+12065550142\n")
	for _, address := range []string{"", "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com", "http://sms.example.com"} {
		t.Setenv("API_URL", address)
		if _, says := execute(t, exitUsage, "import", path, "--topic", "alerts"); !strings.Contains(says, "API_URL") {
			t.Errorf("%q: it says %s", address, says)
		}
	}
	t.Setenv("API_URL", "https://sms.example.com")
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", path)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", path)
	if _, says := execute(t, exitFailed, "import", path, "--topic", "alerts"); !strings.Contains(says, "AWS") {
		t.Errorf("without credentials it says %s", says)
	}
}
