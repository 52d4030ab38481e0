package wiring_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/schedule"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/edge/wiring/queues"
	"smsconsent/shared/edge/wiring/schedules"
)

// echo is an environment in which every variable holds its own name.
func echo(name string) string { return name }

// vars is an environment.
type vars map[string]string

func (v vars) get(name string) string { return v[name] }

// What is opened and needs a name that is not set is refused by that name, and each but once.
func TestMissingNamesEveryVariableThatIsNotSet(t *testing.T) {
	catalog := &program.Catalog{Brands: []program.Brand{{ID: "example"}}, SignUp: program.SignUp{}}
	d := wiring.New(catalog, vars{"TABLE_NAME": "t"}.get, aws.Config{}, time.Now)
	if err := d.Missing(); err != nil {
		t.Errorf("with nothing opened: %v", err)
	}
	d.Table(consent.Ledger{})
	if err := d.Missing(); err != nil {
		t.Errorf("with the table's name set: %v", err)
	}
	d.Audience()
	d.Outbox(nil, nil)
	d.Recovery(nil, nil)
	schedules.Campaigns(d)
	schedules.Audits(d)
	queues.CampaignJobs(d)
	queues.AuditJobs(d)
	queues.DeadLetters(d)
	d.Later("CAPTCHA_SECRET_PARAMETER")
	got := strings.Split(d.Missing().Error(), "\n")
	slices.Sort(got)
	want := []string{
		"AUDIT_ARN", "AUDIT_QUEUE_URL", "CAPTCHA_SECRET_PARAMETER", "CONFIGURATION_SET", "FAILED_EVENTS_URL", "JOBS_QUEUE_URL",
		"SCHEDULER_ROLE_ARN", "SCHEDULE_GROUP", "SENDCHECK_ARN",
	}
	for i, name := range want {
		want[i] = name + " is not set"
	}
	if !slices.Equal(got, want) {
		t.Errorf("missing:\n%v\nwant\n%v", got, want)
	}
}

// A secret whose name is not set is not asked for: AWS would answer something about its own.
func TestASecretWithoutANameIsRefusedByTheVariable(t *testing.T) {
	d := &wiring.Deployment{Getenv: vars{}.get, Secret: func(context.Context, string) ([]byte, error) {
		t.Error("asked for a secret without a name")
		return nil, nil
	}}
	for variable, open := range map[string]func() error{
		"LEDGER_KEY_PARAMETER":     func() error { _, err := d.SealedTable(t.Context()); return err },
		"LINK_KEY_PARAMETER":       func() error { _, err := d.Links(t.Context()); return err },
		"CAPTCHA_KEY_PARAMETER":    func() error { _, err := d.Key(t.Context(), "CAPTCHA_KEY_PARAMETER"); return err },
		"CAPTCHA_SECRET_PARAMETER": func() error { _, err := d.Later("CAPTCHA_SECRET_PARAMETER")(t.Context()); return err },
	} {
		if err := open(); err == nil || err.Error() != variable+" is not set" {
			t.Errorf("without %s: %v", variable, err)
		}
	}
}

func TestAWSFrom(t *testing.T) {
	cfg := wiring.AWSFrom(echo)
	c, err := cfg.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Region != "AWS_REGION" || c.AccessKeyID != "AWS_ACCESS_KEY_ID" || c.SecretAccessKey != "AWS_SECRET_ACCESS_KEY" || c.SessionToken != "AWS_SESSION_TOKEN" {
		t.Errorf("region %s, key %s", cfg.Region, c.AccessKeyID)
	}
	if aws.ToString(cfg.BaseEndpoint) != "AWS_ENDPOINT_URL" {
		t.Errorf("endpoint %v", cfg.BaseEndpoint)
	}
	if cfg := wiring.AWSFrom(func(string) string { return "" }); cfg.BaseEndpoint != nil {
		t.Errorf("endpoint %q where none is set", *cfg.BaseEndpoint)
	}
}

func withSecret(text string, err error) *wiring.Deployment {
	return &wiring.Deployment{
		Getenv: vars{
			"LEDGER_KEY_PARAMETER": "/smsconsent/ledger", "LINK_KEY_PARAMETER": "/smsconsent/ledger",
			"CAPTCHA_KEY_PARAMETER": "/smsconsent/another", "PREFERENCES_URL": "https://example.com/preferences",
		}.get,
		Secret: func(_ context.Context, name string) ([]byte, error) {
			if name != "/smsconsent/ledger" {
				return nil, errors.New("another parameter")
			}
			return []byte(text), err
		},
	}
}

func TestKey(t *testing.T) {
	long := strings.Repeat("a secret ", 4)[:32]
	for name, text := range map[string]string{
		"32 bytes":                       base64.StdEncoding.EncodeToString([]byte(long)),
		"more":                           base64.StdEncoding.EncodeToString([]byte(long + "!")),
		"a line end, as openssl adds it": base64.StdEncoding.EncodeToString([]byte(long)) + "\n",
	} {
		key, err := withSecret(text, nil).Key(t.Context(), "LEDGER_KEY_PARAMETER")
		if err != nil || !strings.HasPrefix(string(key), long) {
			t.Errorf("%s: %q, %v", name, key, err)
		}
	}
}

// A secret somebody else made is taken as it is.
func TestLater(t *testing.T) {
	s := withSecret(" not base64\n", nil)
	if text, err := s.Later("LEDGER_KEY_PARAMETER")(t.Context()); err != nil || string(text) != " not base64\n" {
		t.Errorf("%q, %v", text, err)
	}
	denied := errors.New("AccessDeniedException")
	if _, err := withSecret("a secret", denied).Later("LEDGER_KEY_PARAMETER")(t.Context()); !errors.Is(err, denied) || !strings.Contains(err.Error(), "/smsconsent/ledger") || strings.Contains(err.Error(), "a secret") {
		t.Errorf("denied: %v", err)
	}
}

// Links are made to the page the stack names, with a key of their own, and open again.
func TestLinks(t *testing.T) {
	catalog := &program.Catalog{Brands: []program.Brand{{ID: "example"}}}
	key := consent.Key{Brand: "example", Phone: "+12065550142"}
	s := withSecret(base64.StdEncoding.EncodeToString([]byte("a key of at least thirty-two bytes")), nil)
	s.Catalog = catalog
	links, err := s.Links(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tok, ok := strings.CutPrefix(links.Link(key, time.Unix(0, 0)), "https://example.com/preferences?t=")
	if !ok {
		t.Errorf("the link leads elsewhere")
	}
	if got, _, err := links.Open(tok, time.Unix(1, 0)); err != nil || got != key {
		t.Errorf("opened %v, %v", got, err)
	}
	s.Getenv = vars{"LINK_KEY_PARAMETER": "/smsconsent/another"}.get
	if _, err := s.Links(t.Context()); err == nil || !strings.Contains(err.Error(), "/smsconsent/another") {
		t.Errorf("without its key: %v", err)
	}
}

// A key that will not do is named with what to do about it, and never shown: the error is logged.
func TestAKeyThatWillNotDoIsNotShown(t *testing.T) {
	for name, text := range map[string]string{
		"not set":         "",
		"not base64":      "a secret that is plain text and long enough to be taken for a key",
		"31 bytes":        base64.StdEncoding.EncodeToString([]byte("a secret that is only 31 bytes.")),
		"cut off":         base64.StdEncoding.EncodeToString([]byte(strings.Repeat("a secret ", 6)))[:63],
		"of the URL kind": strings.Repeat("YSBz_WN-", 8),
	} {
		s := withSecret(text, nil)
		_, err := s.Key(t.Context(), "LEDGER_KEY_PARAMETER")
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if !strings.Contains(err.Error(), `"/smsconsent/ledger"`) || !strings.Contains(err.Error(), "openssl rand -base64 48") {
			t.Errorf("%s: the error names neither key nor fix: %v", name, err)
		}
		for i := 0; i+8 <= len(text); i++ {
			if strings.Contains(err.Error(), text[i:i+8]) {
				t.Errorf("%s: the error shows the key: %v", name, err)
				break
			}
		}
		if _, err := s.SealedTable(t.Context()); err == nil {
			t.Errorf("%s: the table was opened", name)
		}
	}
	denied := errors.New("AccessDeniedException")
	if _, err := withSecret("", denied).Key(t.Context(), "LEDGER_KEY_PARAMETER"); !errors.Is(err, denied) || !strings.Contains(err.Error(), "/smsconsent/ledger") {
		t.Errorf("denied: %v", err)
	}
}

// scheduler is EventBridge Scheduler as its SDK sees it; it keeps what it was asked to make.
type scheduler struct{ made map[string]any }

func (s *scheduler) Do(r *http.Request) (*http.Response, error) {
	if err := json.NewDecoder(r.Body).Decode(&s.made); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{}`))}, nil
}

// Both kinds of schedules invoke their own function, and what cannot be started is kept in the stack's queue.
func TestSchedulesKeepWhatTheyCannotStart(t *testing.T) {
	for function, open := range map[string]func(*wiring.Deployment) *schedule.Scheduler{
		"SENDCHECK_ARN": schedules.Campaigns,
		"AUDIT_ARN":     schedules.Audits,
	} {
		var api scheduler
		cfg := wiring.AWSFrom(func(string) string { return "x" })
		cfg.BaseEndpoint, cfg.HTTPClient = aws.String("https://scheduler"), &api
		s := &wiring.Deployment{Getenv: echo, AWS: cfg}
		if err := open(s).Once(t.Context(), "name", time.Now(), "{}"); err != nil {
			t.Fatal(err)
		}
		target, _ := api.made["Target"].(map[string]any)
		if kept, _ := target["DeadLetterConfig"].(map[string]any); target["Arn"] != function || kept["Arn"] != "FAILED_EVENTS_ARN" {
			t.Errorf("invokes %v, keeps in %v; want %s and FAILED_EVENTS_ARN", target["Arn"], kept["Arn"], function)
		}
	}
}
