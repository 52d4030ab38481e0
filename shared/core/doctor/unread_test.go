package doctor_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"smsconsent/shared/core/doctor"
)

// What cannot be read is a fault that names the right that is lacking, whatever it is.
func TestWhatCannotBeReadIsAFault(t *testing.T) {
	for action, lack := range map[string]func(*doctor.Seen){
		"sms-voice:DescribePhoneNumbers":          func(s *doctor.Seen) { s.Numbers = denied[[]doctor.Identity]("sms-voice:DescribePhoneNumbers") },
		"sms-voice:DescribePools":                 func(s *doctor.Seen) { s.Pools = denied[[]doctor.Identity]("sms-voice:DescribePools") },
		"sms-voice:DescribeOptOutLists":           func(s *doctor.Seen) { s.Lists = denied[[]string]("sms-voice:DescribeOptOutLists") },
		"sms-voice:DescribeConfigurationSets":     func(s *doctor.Seen) { s.Set = denied[*doctor.Set]("sms-voice:DescribeConfigurationSets") },
		"sms-voice:DescribeProtectConfigurations": func(s *doctor.Seen) { s.Protect = denied[doctor.Protect]("sms-voice:DescribeProtectConfigurations") },
		"sms-voice:DescribeSpendLimits":           func(s *doctor.Seen) { s.Spending = denied[doctor.Spending]("sms-voice:DescribeSpendLimits") },
		"sms-voice:DescribeAccountAttributes":     func(s *doctor.Seen) { s.Tier = denied[string]("sms-voice:DescribeAccountAttributes") },
		"sms-voice:DescribeAccountLimits":         func(s *doctor.Seen) { s.Quotas = denied[[]doctor.Quota]("sms-voice:DescribeAccountLimits") },
		"lambda:GetAccountSettings":               func(s *doctor.Seen) { s.Runs = denied[doctor.Runs]("lambda:GetAccountSettings") },
		"lambda:GetFunctionConfiguration": func(s *doctor.Seen) {
			s.Functions["link"] = denied[doctor.Function]("lambda:GetFunctionConfiguration")
		},
		"ssm:DescribeParameters":        func(s *doctor.Seen) { s.Keys["LINK_KEY_PARAMETER"] = denied[doctor.Key]("ssm:DescribeParameters") },
		"sns:ListSubscriptionsByTopic":  func(s *doctor.Seen) { s.Inbound = denied[[]string]("sns:ListSubscriptionsByTopic") },
		"sms-voice:ListPoolOrigination": func(s *doctor.Seen) { s.Pools.Is[0].Members = denied[[]string]("sms-voice:ListPoolOrigination") },
	} {
		seen := healthy()
		lack(seen)
		found := doctor.Diagnose(catalog(t), stack(), seen)
		named := slices.ContainsFunc(found, func(f doctor.Finding) bool {
			return !f.OK && f.Remedy == nil && strings.Contains(f.Because, action) && strings.Contains(f.Fix, "DoctorPolicyArn")
		})
		if !named {
			t.Errorf("nothing says that %s is lacking", action)
		}
		faults := 0
		for _, f := range found {
			if !f.OK {
				faults++
			}
		}
		if faults != 1 {
			t.Errorf("%s is lacking, and %d faults are found: %+v", action, faults, found)
		}
	}
	// Nothing at all was read: no crash, and no clean bill.
	if doctor.Healthy(doctor.Diagnose(catalog(t), stack(), &doctor.Seen{})) {
		t.Error("an account nobody looked at is well")
	}
}

// What is wrong with a key is said without a word of the key.
func TestKeyFaults(t *testing.T) {
	long := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("key", 11)))
	for _, c := range []struct {
		variable, value string
		faulty          bool
	}{
		{"LINK_KEY_PARAMETER", long, false},
		{"LINK_KEY_PARAMETER", base64.StdEncoding.EncodeToString(make([]byte, 32)), false},
		{"LINK_KEY_PARAMETER", base64.StdEncoding.EncodeToString(make([]byte, 31)), true},
		{"LINK_KEY_PARAMETER", "c2VjcmV0", true},
		{"EDGE_SECRET_PARAMETER", strings.Repeat("x", 32), false},
		{"EDGE_SECRET_PARAMETER", strings.Repeat("x", 31), true},
		{"LINK_KEY_PARAMETER", strings.Repeat("?", 64), true},
		{"LEDGER_KEY_PARAMETER", `{"k1":"` + long + `"}`, true},
		{"LINK_KEY_PARAMETER", "not base64 at all", true},
		{"LEDGER_KEY_PARAMETER", long, false},
		{"LEDGER_KEY_PARAMETER", "c2VjcmV0", true},
		{"EDGE_SECRET_PARAMETER", long + " " + long, false},
		{"EDGE_SECRET_PARAMETER", long + " short", true},
		{"EDGE_SECRET_PARAMETER", "", true},
		{"CAPTCHA_SECRET_PARAMETER", "0x4AAAA", false},
		{"CAPTCHA_SECRET_PARAMETER", " ", true},
	} {
		fault := doctor.KeyFault(c.variable, c.value)
		if (fault != "") != c.faulty {
			t.Errorf("%s %q: %q", c.variable, c.value, fault)
		}
		if strings.TrimSpace(c.value) != "" && strings.Contains(fault, c.value) {
			t.Errorf("it tells the key: %q", fault)
		}
	}
}
