package doctor_test

import (
	"slices"
	"strings"
	"testing"

	"smsconsent/shared/core/doctor"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
)

// What AWS lets a number send depends on its kind and country; only of a 10DLC number it can be more.
func TestRates(t *testing.T) {
	for _, c := range []struct {
		kind, country string
		perSecond     int
		ok            bool
		says          string
	}{
		{"TEN_DLC", "US", 1, true, "at most the 1"},
		{"TEN_DLC", "US", 2, true, "raised"},
		{"LONG_CODE", "US", 1, true, "at most the 1"},
		{"LONG_CODE", "US", 2, false, "more than the 1"},
		{"LONG_CODE", "CA", 2, false, "more than the 1"},
		{"LONG_CODE", "FR", 10, true, "at most the 10"},
		{"LONG_CODE", "FR", 11, false, "more than the 10"},
		{"TOLL_FREE", "US", 3, true, "at most the 3"},
		{"TOLL_FREE", "US", 4, false, "more than the 3"},
		{"SHORT_CODE", "US", 100, true, "at most the 100"},
		{"SHORT_CODE", "CA", 101, false, "more than the 100"},
		{"SHORT_CODE", "FR", 1000, true, "one by one"},
		{"SIMULATOR", "US", 1000, true, "one by one"},
	} {
		programs, seen := catalog(t), healthy()
		programs.Brands[0].Programs[0].PerSecond = c.perSecond
		seen.Numbers.Is[0].Type, seen.Numbers.Is[0].Country = c.kind, c.country
		f := found(t, doctor.Diagnose(programs, stack(), seen), "rate +12065550100")
		if f.OK != c.ok || !strings.Contains(f.Because, c.says) {
			t.Errorf("%s of %s at %d: %+v", c.kind, c.country, c.perSecond, f)
		}
	}
	// A pool sends as fast as its numbers together, and where one of them can be raised it can.
	programs, seen := catalog(t), healthy()
	second := seen.Numbers.Is[1]
	second.Type, second.Phone = "TEN_DLC", "+12065550102"
	seen.Numbers.Is = append(seen.Numbers.Is, second)
	for n, says := range map[int]string{4: "at most the 4", 5: "raised"} {
		programs.Brands[0].Programs[1].PerSecond = n
		if f := found(t, doctor.Diagnose(programs, stack(), seen), "rate pool-1"); !f.OK || !strings.Contains(f.Because, says) {
			t.Errorf("%d a second: %+v", n, f)
		}
	}
	seen.Numbers.Is = seen.Numbers.Is[:1]
	if f := found(t, doctor.Diagnose(programs, stack(), seen), "rate pool-1"); !f.OK || !strings.Contains(f.Because, "not known") {
		t.Errorf("a pool of no known number: %+v", f)
	}
}

func found(t *testing.T, all []doctor.Finding, check string) doctor.Finding {
	t.Helper()
	at := slices.IndexFunc(all, func(f doctor.Finding) bool { return f.Check == check })
	if at < 0 {
		t.Fatalf("nobody looked at %s", check)
	}
	return all[at]
}

// A brand that names no countries serves those there are hours for, and those whose hours the policy lists.
func TestProtectAgainstAllThatAreServed(t *testing.T) {
	programs, seen := catalog(t), healthy()
	programs.Brands[0].Countries = nil
	seen.Protect.Is = doctor.Protect{ID: "protect-1", Allowed: []string{"US", "FR", "GB"}, Blocked: []string{"XX"}}
	if f := found(t, doctor.Diagnose(programs, stack(), seen), "Protect configuration"); !f.OK {
		t.Errorf("%+v", f)
	}
	// Those whose hours the policy lists are served by a brand that serves all, and not by one that names its own.
	programs.Policy.Countries = map[string]jurisdiction.Country{"UY": {}}
	uruguay := &doctor.Seen{}
	*uruguay = *seen
	uruguay.Protect.Is = doctor.Protect{ID: "protect-1", Blocked: []string{"UY"}}
	if f := found(t, doctor.Diagnose(programs, stack(), uruguay), "Protect configuration"); f.OK {
		t.Errorf("%+v", f)
	}
	programs.Brands[0].Countries = []string{"US"}
	if f := found(t, doctor.Diagnose(programs, stack(), uruguay), "Protect configuration"); !f.OK {
		t.Errorf("%+v", f)
	}
	programs.Brands[0].Countries = nil
	seen.Protect.Is.Blocked = []string{"FR"}
	if f := found(t, doctor.Diagnose(programs, stack(), seen), "Protect configuration"); f.OK || f.Because != "blocks FR, which programs.yaml serves" {
		t.Errorf("%+v", f)
	}
	seen.Protect.Is = doctor.Protect{ID: "protect-1", Allowed: []string{"X1", "X2", "X3", "X4", "X5"}}
	if f := found(t, doctor.Diagnose(programs, stack(), seen), "Protect configuration"); !strings.Contains(f.Because, "lets X1, X2, X3, X4, X5 through") {
		t.Errorf("%+v", f)
	}
	seen.Protect.Is.Allowed = append(seen.Protect.Is.Allowed, "X6", "X7")
	if f := found(t, doctor.Diagnose(programs, stack(), seen), "Protect configuration"); !strings.Contains(f.Because, "lets X1, X2, X3, X4, X5 and 2 more through") {
		t.Errorf("%+v", f)
	}
}

// What is not looked at says why, and what is not asked for is not looked at.
func TestWhatIsLeftOutSaysSo(t *testing.T) {
	programs, seen := catalog(t), healthy()
	programs.Brands[0].Programs[0].Identity.International, seen.Numbers.Is[0].International = false, false
	seen.Protect.Is = doctor.Protect{}
	seen.Tries["example/alerts"] = is(doctor.Try{})
	seen.Tries["example/orders"] = denied[doctor.Try]("sms-voice:SendTextMessage")
	seen.Keys["LINK_KEY_PARAMETER"] = is(doctor.Key{Name: "/shop/link-key", Type: "SecureString", Faulty: denied[string]("ssm:GetParameter")})
	all := doctor.Diagnose(programs, stack(), seen)
	if !doctor.Healthy(all) {
		t.Errorf("%+v", all)
	}
	for check, says := range map[string]string{
		"Protect configuration":  "none is in force",
		"dry run example/alerts": "no simulator in US",
		"dry run example/orders": "it takes sms-voice:SendTextMessage",
		"key /shop/link-key":     "may not read it",
	} {
		if f := found(t, all, check); !strings.Contains(f.Because, says) {
			t.Errorf("%+v", f)
		}
	}
	if slices.ContainsFunc(all, func(f doctor.Finding) bool { return strings.HasPrefix(f.Check, "international") }) {
		t.Error("nobody says that it reaches other countries")
	}
}

// A simulator's number is one of its country, so that what is asked of it is what people there get.
func TestSimulatorsAreOfTheirCountry(t *testing.T) {
	for _, country := range []string{"US", "AU", "AT", "BE", "CZ", "DK", "EE", "FI", "FR", "HK"} {
		n, err := phone.Parse(doctor.Simulator(country))
		if err != nil || n.Country() != country {
			t.Errorf("%s is of %q: %v", doctor.Simulator(country), n.Country(), err)
		}
	}
	if doctor.Simulator("ZZ") != "" {
		t.Error("a country there is not has a simulator")
	}
}

// What a CAPTCHA provider gave is a key only where there is a provider, and comes from a file of theirs.
func TestTheSecretOfACaptcha(t *testing.T) {
	programs, seen := catalog(t), healthy()
	programs.SignUp.Captcha.SiteKey = "0x4AAAA"
	seen.Keys["CAPTCHA_SECRET_PARAMETER"] = is(doctor.Key{Name: "/shop/captcha-secret"})
	all := doctor.Diagnose(programs, stack(), seen)
	at := slices.IndexFunc(all, func(f doctor.Finding) bool { return !f.OK })
	if at < 0 || !strings.Contains(all[at].Fix, `--name /shop/captcha-secret --value "$(cat FILE)"`) {
		t.Errorf("%+v", all)
	}
}
