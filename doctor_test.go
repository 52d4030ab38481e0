package smsconsent_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/functions"
	"smsconsent/local"
	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/doctor"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/checkup"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
)

// actions notes the IAM action of every call on its way.
type actions struct {
	aws.HTTPClient
	noted map[string]bool
}

func (a actions) Do(r *http.Request) (*http.Response, error) {
	service, operation := awsjson.Target(r)
	switch service {
	case "PinpointSMSVoiceV2":
		a.noted["sms-voice:"+operation] = true
	case "AmazonSSM":
		a.noted["ssm:"+operation] = true
	case "DynamoDB_20120810":
		a.noted["dynamodb:"+operation] = true
	case "":
		if strings.Contains(r.URL.Path, "/20") {
			a.noted["lambda:"+map[string]string{
				"configuration": "GetFunctionConfiguration", "concurrency": "GetFunctionConcurrency", "account-settings": "GetAccountSettings",
			}[filepath.Base(r.URL.Path)]] = true
			break
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		if action := form.Get("Action"); action != "GetCallerIdentity" { // everybody may ask who they are
			a.noted["sns:"+action] = true
		}
	}
	return a.HTTPClient.Do(r)
}

// pooled is a brand whose program texts from a pool.
const pooled = `
policy: {hours: strict}
brands:
  - id: example
    name: Example Corp.
    region: US
    terms: https://example.com/terms
    privacy: https://example.com/privacy
    programs:
      - id: alerts
        class: promotional
        identity: {pool: pool-1, numbers: ["+12065550100"]}
        opt_out_list: Default
        topics:
          - {id: alerts, name: alerts, keyword: JOIN, frequency: 2 per month, help: {email: help@example.com}, locale: en-US}
`

// pooledStack is a local stack of the programs whose numbers are in a pool.
func pooledStack(t *testing.T) (*program.Catalog, *local.Stack) {
	t.Helper()
	catalog, err := program.Load([]byte(pooled))
	if err != nil {
		t.Fatal(err)
	}
	s, err := local.New(t.Context(), local.Options{Catalog: catalog, Log: telemetry.NewLogger(io.Discard), Real: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Deploy(t.Context()); err != nil {
		t.Fatal(err)
	}
	return catalog, s
}

// DoctorPolicy allows what the doctor reads and not a thing more, but for two: to read keys, and to text.
func TestTheDoctorReadsAndNoMore(t *testing.T) {
	catalog, s := pooledStack(t)
	cfg := s.AWS()
	noted := map[string]bool{}
	cfg.HTTPClient, cfg.APIOptions = actions{cfg.HTTPClient, noted}, nil // no call goes past the client
	block, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://localhost/faults", strings.NewReader(`{"blocked":["BR"]}`))
	if err != nil {
		t.Fatal(err)
	}
	block.Header.Set("Content-Type", "application/json")
	answer, err := s.AWS().HTTPClient.Do(block)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatal(answer, err)
	}
	answer.Body.Close()
	programs := table.New(dynamodb.NewFromConfig(cfg), account.TableName, consent.Ledger{})
	if catalog, _, err = wiring.InForce(t.Context(), programs, catalog); err != nil {
		t.Fatal(err)
	}
	a, err := checkup.Open(t.Context(), cfg, catalog, account.StackName)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range doctor.Diagnose(catalog, a.Stack, a.Look(t.Context())) {
		if !f.OK && f.Check != "Protect configuration" {
			t.Errorf("%+v", f)
		}
	}
	var allowed []string
	for _, st := range read(t).statements() {
		if st.owner == "DoctorPolicy" {
			allowed = append(allowed, st.actions...)
		}
	}
	for _, action := range allowed {
		_, verb, _ := strings.Cut(action, ":")
		if !noted[action] && action != "logs:FilterLogEvents" {
			t.Errorf("the doctor never does %s", action)
		}
		if !strings.HasPrefix(verb, "Describe") && !strings.HasPrefix(verb, "Get") && !strings.HasPrefix(verb, "List") && !strings.HasPrefix(verb, "Filter") {
			t.Errorf("%s does more than read", action)
		}
	}
	left := []string{"sms-voice:SendTextMessage", "ssm:GetParameter"}
	for action := range noted {
		if slices.Contains(allowed, action) == slices.Contains(left, action) {
			t.Errorf("%s is allowed: %t", action, slices.Contains(allowed, action))
		}
	}
	if read(t).Outputs["DoctorPolicyArn"].Value != "DoctorPolicy" {
		t.Error("the stack does not say what the policy is called")
	}
}

// The doctor knows the functions and keys there are, and how many runs of functions queues may take.
func TestTheDoctorKnowsTheStack(t *testing.T) {
	var names []string
	for _, f := range functions.All() {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	if known := slices.Sorted(slices.Values(doctor.Functions())); !slices.Equal(known, names) {
		t.Errorf("it knows %v, and there are %v", known, names)
	}
	tpl, queued := read(t), 0
	every, keys := map[string]doctor.Read[doctor.Function]{}, map[string]string{}
	for _, f := range doctor.Functions() {
		every[f] = doctor.Read[doctor.Function]{Is: doctor.Function{Variables: map[string]string{}}}
		for variable := range tpl.variables(tpl.function(t, f)) {
			if strings.HasSuffix(variable, "_PARAMETER") {
				every[f].Is.Variables[variable], keys[variable] = variable, variable
			}
		}
	}
	if known := doctor.KeyNames(every); !maps.Equal(known, keys) {
		t.Errorf("it knows the keys %v, and there are %v", known, keys)
	}
	for _, id := range tpl.of("AWS::Serverless::Function") {
		all, _ := tpl.Resources[id].at("Events").(map[string]any)
		for name := range all {
			if n := tpl.Resources[id].number("Events", name, "Properties", "ScalingConfig", "MaximumConcurrency"); n > 0 {
				queued += n
			}
		}
	}
	raw, err := os.ReadFile("template.yaml")
	if err != nil || !strings.Contains(string(raw), "\n    AutoPublishAlias: "+doctor.Alias+"\n") {
		t.Errorf("events do not come to functions by the alias %s: %v", doctor.Alias, err)
	}
	if queued != doctor.Queued {
		t.Errorf("queues take %d runs at once, and the doctor knows of %d", queued, doctor.Queued)
	}
}

// One door out: what looks at the account hands over no text. Its dry runs go by the outbox.
func TestTheCheckupTextsNobody(t *testing.T) {
	files, err := filepath.Glob("shared/edge/checkup/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), ".SendTextMessage") || strings.Contains(string(raw), "SendTextMessageInput") {
			t.Errorf("%s texts", name)
		}
	}
}
