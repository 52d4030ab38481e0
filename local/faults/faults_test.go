package faults_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"smsconsent/local/faults"
)

// put says what is wrong with an account, and returns the answer.
func put(a *faults.Account, body string) *httptest.ResponseRecorder {
	mux := http.NewServeMux()
	a.Routes(mux)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodPut, "/faults", strings.NewReader(body)))
	return w
}

// A fault that nothing heeds is refused with what there is, and changes nothing.
func TestFaultsThereAreNot(t *testing.T) {
	var a faults.Account
	put(&a, `{"tier":"SANDBOX"}`)
	for body, says := range map[string]string{
		`{"nosuch":1}`:         "nosuch",
		`{"lost":["inbound"]}`: "smsconsent-inbound",
		`{"lost":["smsconsent-inbound"],"missing":["in"]}`: "sendcheck",
		`{"deny":["DescribePool"]}`:                        "DescribePools",
		`{"tier":"sandbox"}`:                               "SANDBOX",
		`{"keys":{"links":""}}`:                            "short-link",
		`{"blocked":["Brazil"]}`:                           "country",
		`{"spend":-1}`:                                     "spend",
		`{"numbers":{"2065550100":{}}}`:                    "+12065550100",
		`{"numbers":{"+12065550100":{"state":"x"}}}`:       "messageType",
		`{"numbers":{"+12065550100":{"status":"GONE"}}}`:   "PENDING",
		`{"numbers":{"+12065550100":{"type":"X"}}}`:        "TEN_DLC",
		`{"numbers":{"+12065550100":{"messageType":"X"}}}`: "PROMOTIONAL",
		`{"missing":"link"}`:                               "missing",
	} {
		w := put(&a, body)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), says) || a.Now().Tier != "SANDBOX" || a.Now().Lost != nil {
			t.Errorf("%s: %d %s, and then %+v", body, w.Code, w.Body, a.Now())
		}
	}
	if w := put(&a, `{}`); w.Code != http.StatusOK || a.Now().Tier != "" {
		t.Errorf("nothing is wrong: %d %+v", w.Code, a.Now())
	}
}

// Whatever of the local stack heeds that it is denied can be denied, and nothing else; and a page names it.
func TestWhatCanBeDenied(t *testing.T) {
	heeds := regexp.MustCompile(`"([A-Z][A-Za-z]+)"(?:: +awsjson\.Operation|, func\()|Denied\("([A-Za-z]+)"\)|action [!=]= "([A-Za-z]+)"`)
	var heed []string
	for _, file := range []string{"sms/sms.go", "ssm/ssm.go", "sns/sns.go", "lambda/api.go"} {
		code, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range heeds.FindAllStringSubmatch(string(code), -1) {
			heed = append(heed, m[1]+m[2]+m[3])
		}
	}
	slices.Sort(heed)
	if known := slices.Sorted(slices.Values(faults.Operations())); !slices.Equal(known, heed) {
		t.Errorf("%q can be denied, and\n%q heed it", known, heed)
	}
}
