package functions_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent"
	"smsconsent/functions"
	"smsconsent/local"
	"smsconsent/local/account"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/runtimeapi"
)

// built is a program as the Makefile builds functions, but for this machine unless the environment says another.
func built(t testing.TB, folder string, env ...string) string {
	t.Helper()
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	flags := regexp.MustCompile(`(?m)^LAMBDA := GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go build (-tags \S+) (-trimpath) -ldflags "([^"]+)"$`).
		FindSubmatch(makefile)
	if flags == nil {
		t.Fatal("the Makefile builds functions in another way than this test knows")
	}
	to := filepath.Join(t.TempDir(), "bootstrap")
	args := slices.Concat(
		[]string{"build", string(flags[2]), "-ldflags", string(flags[3]), "-o", to}, strings.Fields(string(flags[1])), []string{folder},
	)
	build := exec.CommandContext(t.Context(), "go", args...)
	build.Env = slices.Concat(os.Environ(), []string{"CGO_ENABLED=0"}, env)
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return to
}

// mostZipped is how large a function may be as it is uploaded, in bytes. Lambda takes 50 million; what is loaded at a
// cold start should be no more than a fifth of that.
const mostZipped = 10 << 20

// zipped is the size of a file as SAM uploads it.
func zipped(t testing.TB, file string) int {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all bytes.Buffer
	z := zip.NewWriter(&all)
	w, err := z.Create("bootstrap")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return all.Len()
}

// remembers puts on record what the sample events speak of: a campaign that is due, and a text that was sent.
func remembers(t testing.TB, catalog *program.Catalog, url string) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	tab, err := account.Deployment(catalog, account.Env, account.AWS(url), time.Now).SealedTable(ctx)
	if err != nil {
		t.Fatal(err)
	}
	err = tab.CreateCampaign(ctx, campaign.Campaign{
		ID: "01M84S1580ABCDEFGHJKMNPQRS", Brand: "example", Topic: "alerts", Text: "Example Corp.: open today.",
		At: now, Expires: now.Add(time.Hour), State: campaign.Scheduled,
	})
	if err != nil {
		t.Fatal(err)
	}
	err = tab.Record(ctx, table.Sent{Key: consent.Key{Brand: "example", Phone: "+12065550142"}, Message: consent.Message{
		ID: "01M84S1580MNPQRSTVWXYZABCD", At: now, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"},
		Body: "Example Corp.: open today.", Status: consent.Sent,
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// environment is what Lambda gives a function of the local stack at an address.
func environment(url string) map[string]string {
	env := account.Variables()
	maps.Copy(env, map[string]string{
		"AWS_ENDPOINT_URL": url, "AWS_REGION": account.Region, "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
		"STACK_NAME": "smsconsent", "LINKS_URL": url, "PREFERENCES_URL": url + "/preferences",
		"FAILED_EVENTS_ARN": "arn:aws:sqs:us-east-1:123456789012:failed",
	})
	return env
}

// Every function starts as the binary that is deployed, reads its keys from Parameter Store, and takes each sample
// event of its triggers without failing, over real calls to the stack; and writes nothing but JSON, in which there is
// no phone number (I10).
func TestEveryBootstrapServesItsSampleEvents(t *testing.T) {
	if testing.Short() {
		t.Skip("builds every function")
	}
	t.Chdir("..")
	catalog := shipped(t)
	files, err := filepath.Glob("events/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range functions.All() {
		mine := slices.DeleteFunc(slices.Clone(files), func(file string) bool {
			kind, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".json"), "-")
			return kind != f.Name
		})
		if len(mine) == 0 {
			t.Errorf("no sample event of %s", f.Name)
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			stack, err := local.New(t.Context(), local.Options{Catalog: catalog, Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(stack)
			t.Cleanup(server.Close)
			remembers(t, catalog, server.URL)
			bootstrap := built(t, "./functions/"+f.Name+"/bootstrap")
			if size := zipped(t, bootstrap); size > mostZipped {
				t.Errorf("Lambda would load %d bytes at each cold start, want at most %d", size, mostZipped)
			}
			fn, err := runtimeapi.Start(t.Context(), bootstrap, environment(server.URL))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(fn.Stop)
			for _, file := range mine {
				serves(t, fn, file)
			}
			beginsLightly(t, f.Name, bootstrap, server.URL)
			for line := range strings.Lines(fn.Output()) {
				if !json.Valid([]byte(line)) {
					t.Errorf("it writes %s", line)
				}
			}
			if number := regexp.MustCompile(`\+?1?206555\d{4}`).FindString(fn.Output()); number != "" {
				t.Errorf("I10: %s is in the log", number)
			}
		})
	}
}

// serves has the function take the event of a file, within the half minute that the strictest has.
func serves(t *testing.T, fn *runtimeapi.Function, file string) {
	t.Helper()
	payload, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	answer, err := fn.Invoke(ctx, payload, 30*time.Second)
	if err != nil {
		t.Errorf("%s: %v\n%s", file, err, fn.Output())
		return
	}
	switch {
	case bytes.Contains(payload, []byte(`"requestContext"`)):
		var page struct{ StatusCode int }
		if err := json.Unmarshal(answer, &page); err != nil || page.StatusCode < 200 || page.StatusCode >= 500 {
			t.Errorf("%s: %s\n%s", file, answer, fn.Output())
		}
	case bytes.Contains(payload, []byte(`"eventSource": "aws:sqs"`)):
		var batch struct{ BatchItemFailures []any }
		if err := json.Unmarshal(answer, &batch); err != nil || len(batch.BatchItemFailures) > 0 {
			t.Errorf("%s: %s\n%s", file, answer, fn.Output())
		}
	}
}

func shipped(t testing.TB) *program.Catalog {
	t.Helper()
	catalog, err := program.Load(smsconsent.Programs())
	if err != nil {
		t.Fatal(err)
	}
	return catalog
}
