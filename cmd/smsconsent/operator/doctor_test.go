package operator

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"

	"smsconsent/local/account"
)

// finding has the fields of the contract and no others.
type finding struct {
	Check   string `json:"check"`
	OK      bool   `json:"ok"`
	Because string `json:"because"`
	Fix     string `json:"fix"`
}

// ill runs doctor and returns what it finds at fault.
func ill(t *testing.T, want int, flags ...string) []finding {
	t.Helper()
	out, _ := execute(t, want, append([]string{"doctor", "--json"}, flags...)...)
	found := strictly[struct {
		Findings []finding `json:"findings"`
	}](t, out).Findings
	if len(found) < 20 {
		t.Fatalf("%d checks: %s", len(found), out)
	}
	return slices.DeleteFunc(found, func(f finding) bool { return f.OK })
}

// The local stack is well. Whatever is made wrong with it is found by the SDK's own clients, and nothing else is.
func TestDoctorFindsWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	if found := ill(t, 0); len(found) > 0 {
		t.Fatalf("a fresh stack: %+v", found)
	}
	number := "+12065550100"
	for fault, check := range map[string]string{
		`{"tier":"SANDBOX"}`: "sandbox",
		`{"spend":1}`:        "spending limit",
		`{"concurrency":10}`: "Lambda concurrency",
		`{"blocked":["US"]}`: "Protect configuration",
		`{"numbers":{"` + number + `":{"messageType":"TRANSACTIONAL"}}}`: "message type " + number,
		`{"keys":{"link":""}}`:                             "key link",
		`{"keys":{"link":"c2hvcnQ="}}`:                     "key link",
		`{"lost":["smsconsent-inbound"]}`:                  "subscription inbound",
		`{"lost":["smsconsent-alarms"]}`:                   "subscription alarms",
		`{"missing":["link"]}`:                             "functions",
		`{"deny":["DescribePools","DescribeSpendLimits"]}`: "spending limit",
		`{"deny":["DescribeParameters"]}`:                  "key captcha",
		`{"deny":["GetFunctionConcurrency"]}`:              "Lambda concurrency",
		`{"deny":["ListSubscriptionsByTopic"]}`:            "subscription inbound",
	} {
		w.raw(http.MethodPut, "/faults", fault)
		found := ill(t, exitFailed)
		if !slices.ContainsFunc(found, func(f finding) bool { return f.Check == check && f.Fix != "" }) {
			t.Errorf("%s: found %+v, want %s", fault, found, check)
		}
		if strings.Contains(fault, "c2hvcnQ=") && strings.Contains(found[0].Because+found[0].Fix, "c2hvcnQ") {
			t.Errorf("it tells the key: %+v", found)
		}
	}
	w.raw(http.MethodPut, "/faults", `{"numbers":{"`+number+`":{"status":"PENDING"}}}`)
	if found := ill(t, exitFailed); len(found) != 2 || !strings.Contains(found[1].Because, "RESOURCE_NOT_ACTIVE") {
		t.Errorf("a number that is pending: %+v", found)
	}
	// A full account lacks nothing where all is there.
	w.raw(http.MethodPut, "/faults", `{"full":true}`)
	if found := ill(t, 0); len(found) > 0 {
		t.Errorf("a full account: %+v", found)
	}
	// Who may not text need not: that is no fault.
	w.raw(http.MethodPut, "/faults", `{"deny":["SendTextMessage","GetParameter"]}`)
	if found := ill(t, 0); len(found) > 0 {
		t.Errorf("without the rights that DoctorPolicy leaves out: %+v", found)
	}
	w.raw(http.MethodPut, "/faults", `{}`)
	if found := ill(t, 0); len(found) > 0 || w.got("+14254147755", "") != 0 {
		t.Errorf("afterwards: %+v, and the simulator got %d texts", found, w.got("+14254147755", ""))
	}
}

// What is safe is mended by --fix, once it was agreed to, and the account is then well.
func TestDoctorMends(t *testing.T) {
	w := newWorld(t)
	api := sms.NewFromConfig(account.AWS(w.url))
	ctx := t.Context()
	number := aws.String("+12065550100")
	if _, err := api.UpdatePhoneNumber(ctx, &sms.UpdatePhoneNumberInput{
		PhoneNumberId: number, TwoWayEnabled: aws.Bool(false), SelfManagedOptOutsEnabled: aws.Bool(false),
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := api.DeleteOptOutList(ctx, &sms.DeleteOptOutListInput{OptOutListName: aws.String("example-orders")}); err != nil {
		t.Fatal(err)
	}
	if _, err := api.UpdateEventDestination(ctx, &sms.UpdateEventDestinationInput{
		ConfigurationSetName: aws.String(account.ConfigurationSet), EventDestinationName: aws.String("receipts"),
		MatchingEventTypes: []types.EventType{types.EventTypeTextDelivered},
	}); err != nil {
		t.Fatal(err)
	}
	if found := ill(t, exitFailed); len(found) != 4 {
		t.Fatalf("found %+v", found)
	}
	// Nobody was asked: nothing is done.
	if _, says := execute(t, exitUsage, "doctor", "--fix"); !strings.Contains(says, "--yes") || !strings.Contains(says, "create-opt-out-list") {
		t.Errorf("it says %s", says)
	}
	if found := ill(t, exitFailed, "--fix"); len(found) != 4 {
		t.Errorf("with nobody to ask it found %+v", found)
	}
	if found := ill(t, exitFailed); len(found) != 4 {
		t.Errorf("it mended unasked: %+v", found)
	}
	if found := ill(t, 0, "--fix", "--yes"); len(found) != 0 {
		t.Errorf("left: %+v", found)
	}
	out, err := api.DescribePhoneNumbers(ctx, &sms.DescribePhoneNumbersInput{PhoneNumberIds: []string{*number}})
	if err != nil || !out.PhoneNumbers[0].TwoWayEnabled || !strings.HasSuffix(*out.PhoneNumbers[0].TwoWayChannelArn, ":smsconsent-inbound") {
		t.Errorf("%v %+v", err, out)
	}
	if _, err := api.DeleteEventDestination(ctx, &sms.DeleteEventDestinationInput{
		ConfigurationSetName: aws.String(account.ConfigurationSet), EventDestinationName: aws.String("receipts"),
	}); err != nil {
		t.Fatal(err)
	}
	if found := ill(t, exitFailed); len(found) != 1 || found[0].Check != "event destination" {
		t.Errorf("without a destination: %+v", found)
	}
	// What is made may lack something in turn: what is told stands in the configuration set.
	if _, err := api.DeleteConfigurationSet(ctx, &sms.DeleteConfigurationSetInput{ConfigurationSetName: aws.String(account.ConfigurationSet)}); err != nil {
		t.Fatal(err)
	}
	if found := ill(t, 0, "--fix", "--yes"); len(found) != 0 {
		t.Errorf("left: %+v", found)
	}
}

func TestDoctorMistakes(t *testing.T) {
	newWorld(t)
	for says, args := range map[string][]string{"--yes": {"doctor", "--yes"}, "now": {"doctor", "now"}} {
		if _, stderr := execute(t, exitUsage, args...); !strings.Contains(stderr, says) {
			t.Errorf("%v says %s", args, stderr)
		}
	}
	// A mistyped stack gets no command that takes numbers from the one that works, and nothing is made for it.
	for _, fix := range []string{"--stack=other", "--fix"} {
		out, says := execute(t, exitFailed, "doctor", "--stack", "other", fix)
		if !strings.Contains(out, "there is no stack other here; numbers send what people text to smsconsent") ||
			strings.Contains(out+says, "aws pinpoint") {
			t.Errorf("it says %s%s", out, says)
		}
	}
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("SCHEDULE_GROUP", "")
	if _, stderr := execute(t, exitUsage, "doctor"); !strings.Contains(stderr, "--stack") {
		t.Errorf("it says %s", stderr)
	}
}
