package smsconsent_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smsconsent/shared/edge/telemetry"
)

// A graph of a metric that nobody counts in that way, or of something that is not there, stays empty and says that all
// is well.
func TestTheDashboardShowsWhatThereIs(t *testing.T) {
	tpl := read(t)
	var board struct {
		Widgets []struct {
			Properties struct {
				Title   string
				Metrics [][]any
			}
		}
	}
	body := fmt.Sprint(tpl.Resources["Dashboard"].at("DashboardBody"))
	if err := json.Unmarshal([]byte(body), &board); err != nil {
		t.Fatalf("the dashboard is no JSON: %v", err)
	}
	names := map[string]bool{}
	for kind, property := range map[string]string{"AWS::Serverless::Function": "FunctionName", "AWS::SQS::Queue": "QueueName"} {
		for _, id := range tpl.of(kind) {
			names[property+" "+fmt.Sprint(tpl.Resources[id].at(property))] = true
		}
	}
	code, ours := string(source(t)), telemetry.Namespace("${AWS::StackName}")
	search := regexp.MustCompile(`^SEARCH\('\{"([^"]+)"((?:,\w+)+)\} MetricName="(\w+)"', '\w+', 300\)$`)
	shown := map[string]bool{}
	for _, w := range board.Widgets {
		for _, m := range w.Properties.Metrics {
			namespace, metric, dimensions := "", "", []string(nil)
			if expression, ok := m[0].(map[string]any); ok {
				parts := search.FindStringSubmatch(fmt.Sprint(expression["expression"]))
				if parts == nil {
					t.Errorf("%s: %v", w.Properties.Title, m)
					continue
				}
				namespace, metric, dimensions = parts[1], parts[3], strings.Split(parts[2][1:], ",")
			} else {
				namespace, metric, dimensions = fmt.Sprint(m[0]), fmt.Sprint(m[1]), []string{fmt.Sprint(m[2])}
			}
			shown[metric] = true
			if namespace != ours {
				if named := fmt.Sprint(m[2], " ", m[3]); !strings.HasPrefix(namespace, "AWS/") || !names[named] {
					t.Errorf("%s shows %s of %s, which is not there", w.Properties.Title, metric, named)
				}
				continue
			}
			call := `Metrics\.Count\("` + metric + `", [^"\n]+`
			for _, d := range dimensions {
				call += `"` + d + `", [^"\n]*(?:"[^"\n]*"[^"\n]*)?`
			}
			if !regexp.MustCompile(call).MatchString(code) {
				t.Errorf("%s shows %s by %v, which no code counts", w.Properties.Title, metric, dimensions)
			}
		}
	}
	for _, want := range []string{
		"Text", "CampaignText", "CampaignRefused", "TextRefused", "Heard", "SignUp", "Duration", "AsyncEventAge", "ApproximateAgeOfOldestMessage",
	} {
		if !shown[want] {
			t.Errorf("nothing shows %s, only %v", want, slices.Sorted(maps.Keys(shown)))
		}
	}
}
