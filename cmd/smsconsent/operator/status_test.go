package operator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"smsconsent/shared/core/doctor"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/zoneinfo"
)

func stackStatus(t *testing.T) statusReport {
	t.Helper()
	return statusThatExits(t, 0)
}

func statusThatExits(t *testing.T, code int) statusReport {
	t.Helper()
	out, _ := execute(t, code, "status", "--json")
	return strictly[statusReport](t, out)
}

// What is in force is told with since when and by whom; what the stack does not answer is named.
func TestStatus(t *testing.T) {
	w := newWorld(t)
	own, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	s := stackStatus(t)
	if s.Programs != (programsStatus{Hash: own.Hash(), BuiltIn: own.Hash()}) || s.Release.Tables != jurisdiction.TablesHash() || s.Release.TZ != zoneinfo.Release {
		t.Errorf("before anybody publishes: %+v", s)
	}
	if len(s.Functions) != len(doctor.Functions()) || len(s.Waiting) != 0 {
		t.Errorf("%d functions, waiting: %+v", len(s.Functions), s.Waiting)
	}
	if len(s.Unknown) != 0 {
		t.Errorf("not known: %q", s.Unknown)
	}

	w.subscribes(her)
	id := create(t, "Example Corp.: open today.", "--at", tuesday.Add(time.Minute).Format(time.RFC3339))
	r := publishing(t, 0, "--file", afternoons(t), "--yes")
	w.goTo(tuesday.Add(time.Hour))
	s = stackStatus(t)
	by := "arn:aws:iam::000000000000:user/local"
	if s.Programs != (programsStatus{r.Hash, 1, tuesday, by, own.Hash(), own.Hash()}) {
		t.Errorf("published: %+v", s.Programs)
	}
	if len(s.Waiting) != 1 || s.Waiting[0] != (waitingStatus{"campaign " + id, tuesday.Add(time.Minute)}) {
		t.Errorf("waiting: %+v", s.Waiting)
	}
	back := publishing(t, 0, "--file", edition(t), "--yes")
	if s = stackStatus(t); len(s.Published) != 2 || s.Published[0].Hash != r.Hash || s.Programs.Hash != back.Hash || s.Programs.Before != r.Hash {
		t.Errorf("went back: %+v, of %+v", s.Programs, s.Published)
	}
	publishing(t, 0, "--file", afternoons(t), "--yes")
	out, _ := execute(t, 0, "status")
	for _, part := range []string{r.Hash, "by " + by, "built with another, " + own.Hash(), "inbound", "Alarms       the local stack has none", id, "before     " + back.Hash} {
		if !strings.Contains(out, part) {
			t.Errorf("%q is not in\n%s", part, out)
		}
	}
}

// Programs that this command cannot read are named by their hash, and the rest is told.
func TestStatusOfProgramsOfAnotherRelease(t *testing.T) {
	newWorld(t)
	s, err := remoteUnderBuiltIn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text := []byte("brands: a word by then\n")
	sum := sha256.Sum256(text)
	hash := hex.EncodeToString(sum[:])
	err = consentTable(s).StorePrograms(t.Context(), hash, text)
	if err := errors.Join(err, consentTable(s).Publish(t.Context(), program.Publication{Number: 1, Hash: hash})); err != nil {
		t.Fatal(err)
	}
	r := statusThatExits(t, exitFailed)
	if r.Programs.Hash != hash || len(r.Functions) == 0 || !strings.Contains(strings.Join(r.Unknown, "\n"), "cannot be read by this release") {
		t.Errorf("%+v", r)
	}
}

// A stack that is not there is a mistake, and what is lacking of one that is there is named and no success.
func TestStatusOfWhatIsNotThere(t *testing.T) {
	w := newWorld(t)
	if out, says := execute(t, exitUsage, "status", "--stack", "nosuch"); out != "" || !strings.Contains(says, "--stack: there is no function of a stack nosuch") {
		t.Errorf("%s%s", out, says)
	}
	w.raw(http.MethodPut, "/faults", `{"missing":["link"]}`)
	r := statusThatExits(t, exitFailed)
	if len(r.Functions) != len(doctor.Functions())-1 || len(r.Unknown) != 1 || !strings.Contains(r.Unknown[0], "link: not there") {
		t.Errorf("%+v", r)
	}
	if _, says := execute(t, exitFailed, "status"); !strings.Contains(says, "functions are missing") || strings.Contains(says, "PolicyArn") {
		t.Errorf("of a function that is missing it says %s", says)
	}
	w.raw(http.MethodPut, "/faults", `{"deny":["GetFunctionConfiguration"]}`)
	if out, says := execute(t, exitFailed, "status"); !strings.Contains(out, "Not known    the functions") || !strings.Contains(says, "not known: 1") {
		t.Errorf("%s%s", out, says)
	}
}

// alarms answers with one alarm a page.
type alarms []types.MetricAlarm

func (a alarms) DescribeAlarms(
	_ context.Context, in *cloudwatch.DescribeAlarmsInput, _ ...func(*cloudwatch.Options),
) (*cloudwatch.DescribeAlarmsOutput, error) {
	n := len(aws.ToString(in.NextToken))
	out := &cloudwatch.DescribeAlarmsOutput{MetricAlarms: a[n : n+1]}
	if n+1 < len(a) {
		out.NextToken = aws.String(strings.Repeat("x", n+1))
	}
	return out, nil
}

func TestAlarmsThatRing(t *testing.T) {
	alarm := func(name string) types.MetricAlarm {
		return types.MetricAlarm{AlarmName: aws.String(name), AlarmDescription: aws.String("why"), StateUpdatedTimestamp: aws.Time(tuesday)}
	}
	var r statusReport
	if err := r.readAlarms(t.Context(), alarms{alarm("s-one"), alarm("s-two")}, "s"); err != nil || len(r.Alarms) != 2 {
		t.Fatalf("%+v (%v)", r.Alarms, err)
	}
	if r.Alarms[1] != (alarmStatus{"s-two", tuesday, "why"}) {
		t.Errorf("%+v", r.Alarms[1])
	}
}

func TestVersion(t *testing.T) {
	out, _ := execute(t, 0, "--version")
	for _, part := range []string{"smsconsent ", "commit ", runtime.Version(), jurisdiction.TablesHash(), zoneinfo.Release} {
		if !strings.Contains(out, part) {
			t.Errorf("%q is not in\n%s", part, out)
		}
	}
}
