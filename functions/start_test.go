package functions_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"smsconsent/functions"
	"smsconsent/local"
	"smsconsent/shared/testkit/runtimeapi"
)

// clients are the services of AWS whose clients a function is linked with, beside those every function has: a client
// makes hundreds of values, some make thousands, before the function's first line.
var clients = map[string][]string{
	"sendcheck": {"scheduler", "sqs"}, "inbound": {"sns", "sqs"}, "audit": {"s3", "scheduler", "sns", "sqs"}, "link": {"sqs"},
	"texts": {"scheduler", "sqs"}, "stream": {"eventbridge", "sqs"}, "receipts": {"sqs"},
}

// A function is linked with the clients of the services it calls and no others.
func TestAFunctionIsLinkedWithTheClientsItUses(t *testing.T) {
	t.Chdir("..")
	list := exec.CommandContext(t.Context(), "go", "list", "-tags", "lambda.norpc", "-f", `{{.ImportPath}}{{range .Deps}} {{.}}{{end}}`,
		"./functions/.../bootstrap")
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		names := strings.Fields(line)
		function := strings.TrimSuffix(strings.TrimPrefix(names[0], "smsconsent/functions/"), "/bootstrap")
		for _, name := range names[1:] {
			of, client := strings.CutPrefix(name, "github.com/aws/aws-sdk-go-v2/service/")
			if client && !strings.Contains(of, "/") && of != "dynamodb" && of != "pinpointsmsvoicev2" {
				found[function] = append(found[function], of)
			}
		}
	}
	for _, f := range functions.All() {
		if slices.Sort(found[f.Name]); !slices.Equal(found[f.Name], clients[f.Name]) {
			t.Errorf("%s is linked with the clients of %v, want %v", f.Name, found[f.Name], clients[f.Name])
		}
	}
}

// mostBefore is how many values a function may make before its first line: time is measured by the benchmark, and this
// is the part of it that is the same on every machine. A function that does nothing makes 276; the SDK's client of
// DynamoDB alone makes 4,000 more.
func mostBefore(function string) int {
	switch function {
	case "optin", "channels", "texts": // read numbers as people type them, with the metadata of all countries
		return 50_000
	default:
		return 13_000
	}
}

// beginsLightly tests how much a bootstrap makes before its first line.
func beginsLightly(t *testing.T, function, bootstrap, url string) {
	t.Helper()
	env := environment(url)
	env["GODEBUG"] = "inittrace=1"
	fn, err := runtimeapi.Start(t.Context(), bootstrap, env)
	if err != nil {
		t.Fatal(err)
	}
	fn.Stop()
	made, packages := 0, 0
	for _, m := range regexp.MustCompile(`(?m)^init \S+ @.* (\d+) allocs$`).FindAllStringSubmatch(fn.Output(), -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			t.Fatal(err)
		}
		made, packages = made+n, packages+1
	}
	if packages < 50 {
		t.Errorf("only %d packages tell what they make", packages)
	}
	if made > mostBefore(function) {
		t.Errorf("%d values are made before the first line, want at most %d; GODEBUG=inittrace=1 says by whom", made, mostBefore(function))
	}
	t.Logf("%s makes %d values before its first line", function, made)
}

// startup is what the fastest of many cold starts took, in time and in processors' time.
type startup struct{ init, answered, used time.Duration }

// What a cold start costs beside that of a program that does nothing but ask for its first event, and what the first
// event adds. The starts that are waited for are those of a STOP, of a sign-up and of a campaign's beginning. All are
// over the loopback, where nobody waits long for AWS.
func BenchmarkStart(b *testing.B) {
	b.Chdir("..")
	catalog := shipped(b)
	stack, err := local.New(b.Context(), local.Options{Catalog: catalog, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(stack)
	b.Cleanup(server.Close)
	remembers(b, catalog, server.URL)
	names := []string{"bare", "inbound", "optin", "sendcheck"}
	files := map[string]string{
		"bare": "inbound-stop", "inbound": "inbound-stop", "optin": "optin-get", "sendcheck": "sendcheck-schedule",
	}
	bootstraps := map[string]string{"bare": built(b, "./shared/testkit/runtimeapi/bare")}
	for _, name := range names[1:] {
		bootstraps[name] = built(b, "./functions/"+name+"/bootstrap")
	}
	best := map[string]startup{}
	for turn := 0; b.Loop(); turn++ {
		for _, name := range names { // in turns, so that what else the machine does meets all alike
			s := started(b, bootstraps[name], environment(server.URL), fresh(b, files[name], turn))
			if old, there := best[name]; there {
				s = startup{min(s.init, old.init), min(s.answered, old.answered), min(s.used, old.used)}
			}
			best[name] = s
		}
	}
	b.Logf("%-10s %14s %20s %20s", "", "first question", "first answer", "processors")
	for _, name := range names {
		line := fmt.Sprintf("%-10s", name)
		for _, took := range [][2]time.Duration{
			{best[name].init, best["bare"].init}, {best[name].answered, best["bare"].answered}, {best[name].used, best["bare"].used},
		} {
			line += fmt.Sprintf(" %8.1f ms (%4.1fx)", float64(took[0].Microseconds())/1000, float64(took[0])/float64(took[1]))
		}
		b.Log(line)
		b.ReportMetric(float64(best[name].init.Microseconds())/1000, name+"-ms")
	}
}

// fresh is a sample event as nobody has seen it: a text that was heard now.
func fresh(b *testing.B, name string, turn int) []byte {
	b.Helper()
	payload, err := os.ReadFile("events/" + name + ".json")
	if err != nil {
		b.Fatal(err)
	}
	if !bytes.Contains(payload, []byte(`"aws:sns"`)) {
		return payload
	}
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	payload = regexp.MustCompile(`"Timestamp": "[^"]*"`).ReplaceAll(payload, []byte(`"Timestamp": "`+now+`"`))
	payload = bytes.ReplaceAll(payload, []byte("+12065550142"), fmt.Appendf(nil, "+12065550%03d", 100+turn%100))
	return bytes.ReplaceAll(payload, []byte("4f1f4c1e"), fmt.Appendf(nil, "%08x", turn))
}

// started is one cold start, to its first answer.
func started(b *testing.B, bootstrap string, env map[string]string, payload []byte) startup {
	b.Helper()
	began := time.Now()
	fn, err := runtimeapi.Start(b.Context(), bootstrap, maps.Clone(env))
	if err != nil {
		b.Fatal(err)
	}
	answer, err := fn.Invoke(b.Context(), payload, 30*time.Second)
	took := time.Since(began)
	fn.Stop()
	if err != nil || !json.Valid(answer) {
		b.Fatalf("%s: %v\n%s", answer, err, fn.Output())
	}
	return startup{fn.Init, took, fn.Used}
}

// How large each function is as it is uploaded, for the processors that run it.
func BenchmarkZip(b *testing.B) {
	b.Chdir("..")
	template, err := os.ReadFile("template.yaml")
	if err != nil {
		b.Fatal(err)
	}
	deployed := regexp.MustCompile(`(?m)^    Architectures: \[(\w+)\]$`).FindSubmatch(template)
	if deployed == nil {
		b.Fatal("template.yaml names the functions' processors in another way than this benchmark knows")
	}
	for b.Loop() {
		for _, f := range functions.All() {
			size := zipped(b, built(b, "./functions/"+f.Name+"/bootstrap", "GOOS=linux", "GOARCH="+string(deployed[1])))
			b.ReportMetric(float64(size)/(1<<20), f.Name+"-MB")
			if size > mostZipped {
				b.Errorf("Lambda would load %d bytes at each cold start of %s, want at most %d", size, f.Name, mostZipped)
			}
		}
	}
}
