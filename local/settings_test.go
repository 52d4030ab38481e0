package local

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	stub "smsconsent/local/lambda"
)

// What the stack answers of the account's settings has the fields, kinds and values of the SDK's own types: what it
// called otherwise, the SDK would drop without a word.
func TestAnswersOfSettingsAreThoseOfTheSDK(t *testing.T) {
	m := newMachine(t, stub.Functions{"inbound": func(context.Context, []byte) ([]byte, error) { return nil, nil }})
	m.faults(t, `{"blocked":["BR"]}`)
	const protect = `{"ProtectConfigurationId":"protect-00000000000000000000000000000001","NumberCapability":"SMS"}`
	const destination = `{"ConfigurationSetName":"smsconsent","EventDestinationName":"more","MatchingEventTypes":["TEXT_ALL"],
		"SnsDestination":{"TopicArn":"arn:aws:sns:us-east-1:000000000000:smsconsent-delivery"}}`
	for _, c := range []struct {
		target, body string
		of           any
	}{
		{"PinpointSMSVoiceV2.DescribePhoneNumbers", `{}`, sms.DescribePhoneNumbersOutput{}},
		{"PinpointSMSVoiceV2.UpdatePhoneNumber", `{"PhoneNumberId":"+12065550100","TwoWayEnabled":true}`, sms.UpdatePhoneNumberOutput{}},
		{"PinpointSMSVoiceV2.DescribePools", `{}`, sms.DescribePoolsOutput{}},
		{"PinpointSMSVoiceV2.DescribeOptOutLists", `{}`, sms.DescribeOptOutListsOutput{}},
		{"PinpointSMSVoiceV2.DescribeConfigurationSets", `{"ConfigurationSetNames":["smsconsent"]}`, sms.DescribeConfigurationSetsOutput{}},
		{"PinpointSMSVoiceV2.CreateEventDestination", destination, sms.CreateEventDestinationOutput{}},
		{"PinpointSMSVoiceV2.UpdateEventDestination", destination, sms.UpdateEventDestinationOutput{}},
		{"PinpointSMSVoiceV2.DescribeProtectConfigurations", `{}`, sms.DescribeProtectConfigurationsOutput{}},
		{"PinpointSMSVoiceV2.GetProtectConfigurationCountryRuleSet", protect, sms.GetProtectConfigurationCountryRuleSetOutput{}},
		{"PinpointSMSVoiceV2.DescribeSpendLimits", `{}`, sms.DescribeSpendLimitsOutput{}},
		{"PinpointSMSVoiceV2.DescribeAccountAttributes", `{}`, sms.DescribeAccountAttributesOutput{}},
		{"PinpointSMSVoiceV2.DescribeAccountLimits", `{}`, sms.DescribeAccountLimitsOutput{}},
		{"AmazonSSM.DescribeParameters", `{}`, ssm.DescribeParametersOutput{}},
		{"AmazonSSM.GetParameter", `{"Name":"ledger","WithDecryption":true}`, ssm.GetParameterOutput{}},
		{"PinpointSMSVoiceV2.DeleteConfigurationSet", `{"ConfigurationSetName":"smsconsent"}`, sms.DeleteConfigurationSetOutput{}},
		{"/2016-08-19/account-settings", "", lambda.GetAccountSettingsOutput{}},
		{"/2015-03-31/functions/smsconsent-inbound/configuration", "", lambda.GetFunctionConfigurationOutput{}},
		{"/2019-09-30/functions/smsconsent-inbound/concurrency", "", lambda.GetFunctionConcurrencyOutput{}},
	} {
		t.Run(c.target, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "http://localhost/", strings.NewReader(c.body))
			r.Header.Set("X-Amz-Target", c.target)
			if strings.HasPrefix(c.target, "/") {
				r = httptest.NewRequest(http.MethodGet, "http://localhost"+c.target, nil)
			}
			w := httptest.NewRecorder()
			m.ServeHTTP(w, r)
			var answer map[string]any
			if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != http.StatusOK {
				t.Fatalf("%d %s: %v", w.Code, w.Body, err)
			}
			if len(answer) == 0 && !strings.HasSuffix(c.target, "/concurrency") {
				t.Error("it says nothing")
			}
			fits(t, c.target, answer, reflect.TypeOf(c.of))
		})
	}
}

// fits says where a decoded answer is not of a type of the SDK.
func fits(t *testing.T, at string, v any, want reflect.Type) {
	t.Helper()
	for want.Kind() == reflect.Pointer {
		want = want.Elem()
	}
	wrong := func() { t.Errorf("%s is %v, want a %s", at, v, want) }
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			switch want.Kind() {
			case reflect.Map:
				fits(t, at+"."+name, value, want.Elem())
			case reflect.Struct:
				if field, ok := want.FieldByName(name); ok {
					fits(t, at+"."+name, value, field.Type)
				} else {
					t.Errorf("%s has no %s", at, name)
				}
			default:
				wrong()
			}
		}
	case []any:
		if want.Kind() != reflect.Slice {
			wrong()
			return
		}
		for i, value := range v {
			fits(t, fmt.Sprintf("%s[%d]", at, i), value, want.Elem())
		}
	case string:
		if want.Kind() != reflect.String {
			wrong()
		} else if values := reflect.New(want).MethodByName("Values"); values.IsValid() {
			known := values.Call(nil)[0]
			if !slices.Contains(names(known), v) {
				t.Errorf("%s is %q, which is no %s", at, v, want)
			}
		}
	case float64:
		if want != reflect.TypeFor[time.Time]() && !want.ConvertibleTo(reflect.TypeFor[int64]()) {
			wrong()
		}
	case bool:
		if want.Kind() != reflect.Bool {
			wrong()
		}
	}
}

func names(values reflect.Value) (all []string) {
	for i := range values.Len() {
		all = append(all, values.Index(i).String())
	}
	return all
}

func (m *machine) faults(t *testing.T, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPut, "http://localhost/faults", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	m.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
}
