package operator

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/spf13/cobra"

	"smsconsent/shared/edge/console"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// Who makes a campaign that needs an approval can't approve it on the page either; somebody else can.
func TestConsoleApprovesAsWhoeverRunsIt(t *testing.T) {
	cat := careful(t)
	w := newWorldOf(t, cat)
	w.subscribes(her)
	desk := func(user string, do func(console.Campaigns) error) error {
		_, err := w.as(cat, user, func(_ *cobra.Command, s *wiring.Deployment) error { return do(ConsoleCampaigns(s)) })
		return err
	}
	var planned console.Planned
	draft := console.Draft{Brand: "example", Topic: "alerts", Text: "Example Corp.: pumpkins are in.", At: "2027-01-05T18:00:00Z"}
	if err := desk("ana", func(c console.Campaigns) (err error) {
		if planned, err = c.Plan(t.Context(), draft); err != nil {
			return err
		}
		return c.Create(t.Context(), planned.ID)
	}); err != nil || !planned.Approval {
		t.Fatalf("%v, needs approval: %t", err, planned.Approval)
	}
	approve := func(c console.Campaigns) error { return c.Approve(t.Context(), planned.ID) }
	if refusal, ok := errors.AsType[*gateway.Refusal](desk("ana", approve)); !ok || refusal.Status != http.StatusConflict {
		t.Errorf("she approves her own: %v", refusal)
	}
	w.goTo(tuesday.Add(10 * time.Minute))
	if n := w.got(her, "pumpkins"); n != 0 {
		t.Error("it went out unapproved")
	}
	if err := desk("ben", approve); err != nil {
		t.Error(err)
	}
	w.goTo(tuesday.Add(20 * time.Minute))
	if n := w.got(her, "pumpkins"); n != 1 {
		t.Errorf("approved, it came %d times", n)
	}
}

// refusing is an AWS that lets nobody do one thing.
type refusing struct {
	aws.HTTPClient
	action string
}

func (r refusing) Do(req *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(req.Header.Get("X-Amz-Target"), "."+r.action) {
		return r.HTTPClient.Do(req)
	}
	return &http.Response{
		StatusCode: http.StatusBadRequest, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Request: req,
		Body: io.NopCloser(strings.NewReader(`{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"not authorized"}`)),
	}, nil
}

// Whoever lacks a policy is told which, and is shown the rest.
func TestConsoleNamesThePolicyThatIsMissing(t *testing.T) {
	w := newWorld(t)
	w.subscribes(her)
	for action, tc := range map[string]struct{ path, policy string }{
		"Scan":  {"/console/people?state=stopped", "PeoplePolicyArn"},
		"Query": {"/console/people?state=subscribed&topic=alerts", "OperatorPolicyArn"},
	} {
		cat, err := Catalog()
		if err != nil {
			t.Fatal(err)
		}
		s, err := localRemote(t.Context(), w.url, cat)
		if err != nil {
			t.Fatal(err)
		}
		s.AWS.HTTPClient = refusing{http.DefaultClient, action}
		var log bytes.Buffer
		page, err := console.New(console.Config{Stack: s, Log: telemetry.NewLogger(&log)})
		if err != nil {
			t.Fatal(err)
		}
		mux := http.NewServeMux()
		page.Routes(mux)
		ask := func(path string) *httptest.ResponseRecorder {
			answer := httptest.NewRecorder()
			mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
			return answer
		}
		if got := ask(tc.path); got.Code != http.StatusForbidden || !strings.Contains(got.Body.String(), tc.policy) {
			t.Errorf("without %s: %d %s", action, got.Code, got.Body)
		}
		if got := ask("/audits"); got.Code != http.StatusOK {
			t.Errorf("without %s the audits answer %d %s", action, got.Code, got.Body)
		}
	}
}

// Alarms that ring are told with what each means; the local stack, which has none, says so.
func TestConsoleTellsWhichAlarmsRing(t *testing.T) {
	w := newWorld(t)
	cat, err := Catalog()
	if err != nil {
		t.Fatal(err)
	}
	s, err := localRemote(t.Context(), w.url, cat)
	if err != nil {
		t.Fatal(err)
	}
	for want, ask := range map[string]func(context.Context) ([]console.Alarm, error){
		`{"asked":false,"alarms":[]}`: nil,
		`{"asked":true,"alarms":[{"name":"s-one","since":"2027-01-05T18:00:00Z","because":"why"}]}`: ringingAlarms(alarms{{
			AlarmName: aws.String("s-one"), AlarmDescription: aws.String("why"), StateUpdatedTimestamp: &tuesday,
		}}, "s"),
	} {
		page, err := console.New(console.Config{Stack: s, Alarms: ask})
		if err != nil {
			t.Fatal(err)
		}
		mux := http.NewServeMux()
		page.Routes(mux)
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/console/alarms", nil))
		if got := strings.TrimSpace(answer.Body.String()); got != want {
			t.Errorf("alarms %s, want %s", got, want)
		}
	}
}
