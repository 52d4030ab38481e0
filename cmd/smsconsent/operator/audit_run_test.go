package operator

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"

	"smsconsent/local/account"
)

// A run looks at everybody, and makes an opt-out of what AWS's list alone says; its report is there when it is done.
func TestAuditRun(t *testing.T) {
	w := newWorld(t)
	lists := sms.NewFromConfig(account.AWS(w.url))
	in := &sms.PutOptedOutNumberInput{OptOutListName: aws.String("Default"), OptedOutNumber: aws.String(her)}
	if _, err := lists.PutOptedOutNumber(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	out, _ := execute(t, 0, "audit", "run", "--json")
	var got struct {
		Run      string
		People   int
		Findings map[string]int
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || got.Findings["opt-out-only-aws"] != 1 || len(got.Findings) != 1 {
		t.Errorf("%v: %s", err, out)
	}
	if out, _ := execute(t, 0, "audit", "report", got.Run); !strings.Contains(out, "Opt-outs that only AWS knew") {
		t.Errorf("its report says\n%s", out)
	}
}

func TestAuditRunMistakes(t *testing.T) {
	if _, stderr := execute(t, exitUsage, "audit", "run", "--wait", "0s"); !strings.Contains(stderr, "--wait") {
		t.Errorf("it says %s", stderr)
	}
	execute(t, exitUsage, "audit", "run", "now")
}
