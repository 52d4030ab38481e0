package local

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	api "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"

	"smsconsent/local/lambda"
)

// A stack that keeps its table goes on where it stopped: same clock, and nothing that was to happen is forgotten.
func TestTheNextRunGoesOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "data", "stack.json")
	start := func(f lambda.Functions) *machine {
		log := &syncBuffer{}
		s, err := New(t.Context(), Options{Catalog: testCatalog(), Real: func() time.Time { return begin }, Keep: file, Log: slog.New(slog.NewJSONHandler(log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		s.Attach(f)
		return &machine{s, log}
	}
	first := start(lambda.Functions{})
	first.clock.moveTo(begin.Add(50 * time.Hour))
	once := newSchedule("once", "at(2026-11-26T10:00:00)")
	once.ScheduleExpressionTimezone = aws.String("America/New_York")
	for _, in := range []*scheduler.CreateScheduleInput{once, newSchedule("rate", "rate(1 day)")} {
		if _, err := scheduler.NewFromConfig(first.AWS()).CreateSchedule(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := first.client().SendTextMessage(t.Context(), newText()); err != nil {
		t.Fatal(err)
	}
	if _, err := first.client().PutOptedOutNumber(t.Context(), &api.PutOptedOutNumberInput{OptOutListName: aws.String("example-alerts"), OptedOutNumber: aws.String(person)}); err != nil {
		t.Fatal(err)
	}
	first.put(t, "jobs", "job")
	first.saveChanges()

	second := start(lambda.Functions{})
	if got, want := second.Now(), begin.Add(50*time.Hour); !got.Equal(want) {
		t.Errorf("the clock starts at %v, want %v", got, want)
	}
	was, err := json.Marshal(first.snapshot())
	if err != nil {
		t.Fatal(err)
	}
	is, err := json.Marshal(second.snapshot())
	if err != nil {
		t.Fatal(err)
	}
	if len(was) != len(is) { // maps have no order, schedules neither
		t.Errorf("the next run knows\n%s\nwant\n%s", is, was)
	}
	if talk := second.handsets.Conversation(person); len(talk) != 1 || second.handsets.Keep()[person][0].ID == "" || talk[0].Body != "Hello" {
		t.Errorf("the phone shows %+v", talk)
	}
	if _, err := second.client().SendTextMessage(t.Context(), newText()); err == nil {
		t.Error("an opted-out number was texted after a restart")
	}
	check := &calls{now: second.Now}
	second.Attach(lambda.Functions{"sendcheck": check.function, "receipts": (&calls{}).function})
	second.advance(t, 24*time.Hour)
	for _, want := range []string{`"body":"job"`, `{"name":"once"}`, `{"name":"rate"}`} {
		if !strings.Contains(strings.Join(check.payloads, " "), want) {
			t.Errorf("%s did not happen: %q", want, check.payloads)
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the file: %v, %v", info, err)
	}

	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(t.Context(), Options{Catalog: testCatalog(), Keep: file}); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a damaged file says %v, want its name", err)
	}
}
