package program

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/jurisdiction"
)

func TestSignUpSettings(t *testing.T) {
	const at, captcha = "brands:\n", "programs.yaml:3: sign_up.captcha"
	for _, c := range []struct {
		name, settings string
		want           []string
	}{
		{"time to confirm", "{confirm_within: 48h}", nil},
		{"time to confirm, too short", "{confirm_within: 9m}", []string{`programs.yaml:3: sign_up.confirm_within: "9m": write how long a person has to answer YES, 10m to 168h`}},
		{"time to confirm, too long", "{confirm_within: 169h}", []string{"sign_up.confirm_within"}},
		{"time to confirm, no duration", "{confirm_within: a day}", []string{"sign_up.confirm_within"}},
		{"a phone's requests", "{requests_per_phone_and_day: 0}", []string{`sign_up.requests_per_phone_and_day: "0": write a whole number from 1 to 10`}},
		{"a network's requests", "{requests_per_network_and_hour: many}", []string{"sign_up.requests_per_network_and_hour"}},
		{"a brand's requests", "{requests_per_brand_and_day: 50000}", nil},
		{"a brand's requests, any number", "{requests_per_brand_and_day: none}", nil},
		{"a brand's requests, not at all", "{requests_per_brand_and_day: 0}", []string{`sign_up.requests_per_brand_and_day: "0": write a whole number from 1 to 1000000`}},
		{"unknown field", "{confirm: 24h}", []string{"sign_up.confirm: unknown field"}},
		{"puzzle", "{captcha: {cost: 20000, tries: 50-60}}", nil},
		{"puzzle too easy", "{captcha: {cost: 999}}", []string{captcha + ".cost"}},
		{"puzzle, tries upside down", "{captcha: {tries: 300-100}}", []string{captcha + `.tries: "300-100": write how many tries`}},
		{"puzzle, one number of tries", "{captcha: {tries: 300}}", []string{captcha + ".tries"}},
		{"puzzle with a site key", "{captcha: {site_key: 0x4AAAAAAABkMYinukE8nz}}", []string{captcha + ".site_key: ALTCHA is served by us and has none; remove the line"}},
		{"unknown provider", "{captcha: {provider: captcha.example}}", []string{captcha + `.provider: "captcha.example": write altcha, turnstile, hcaptcha, recaptcha`}},
		{"turnstile", "{captcha: {provider: turnstile, site_key: 0x4AAAAAAABkMYinukE8nz}}", nil},
		{"turnstile without key", "{captcha: {provider: turnstile}}", []string{captcha + ".site_key: is missing"}},
		{"turnstile with a puzzle", "{captcha: {provider: turnstile, site_key: 0x4AAAAAAABkMYinukE8nz, cost: 5000}}", []string{captcha + ".cost: only ALTCHA's puzzle has it"}},
		{"hcaptcha with a score", "{captcha: {provider: hcaptcha, site_key: 10000000-ffff-ffff-ffff-000000000001, min_score: 0.5}}", []string{captcha + ".min_score: only reCAPTCHA v3"}},
		{"recaptcha", "{captcha: {provider: recaptcha, site_key: 6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI, min_score: 0.5}}", nil},
		{"recaptcha, score", "{captcha: {provider: recaptcha, site_key: 6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI, min_score: 50}}", []string{captcha + ".min_score: write the least"}},
		{"a site key that breaks out", `{captcha: {provider: turnstile, site_key: '"><script>alert(1)'}}`, []string{captcha + ".site_key"}},
	} {
		t.Run(c.name, func(t *testing.T) { edited(t, at, "sign_up: "+c.settings+"\n"+at, c.want) })
	}
	got := edited(t, at, "sign_up: {captcha: {provider: recaptcha, site_key: 6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI, min_score: 0.5}}\n"+at, nil).SignUp.Captcha
	if diff := cmp.Diff(Captcha{Provider: CaptchaReCaptcha, SiteKey: "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI", MinScore: 0.5}, got); diff != "" {
		t.Errorf("recaptcha (-want +got):\n%s", diff)
	}
}

func TestBrandSettings(t *testing.T) {
	const at = "    region: US\n"
	for _, c := range []struct {
		name, setting string
		want          []string
	}{
		{"color", `color: "#0B5FFF"`, nil},
		{"color, a word", "color: blue", []string{`:7: brands[0].color: "blue": write the colour`}},
		{"color that breaks out of a style", `color: "#fff;}b"`, []string{"brands[0].color"}},
		{"links", "links: https://go.example.com", nil},
		{"links with a path", "links: https://example.com/go", []string{`:7: brands[0].links: "https://example.com/go": write https:// and the host`}},
		{"links without encryption", "links: http://go.example.com", []string{"brands[0].links"}},
		{"origin", "origins: [https://www.example.com, https://shop.example.com:8443, http://localhost:3000]", nil},
		{"origin with a path", "origins: [https://www.example.com/]", []string{`:7: brands[0].origins[0]: "https://www.example.com/": write the site's origin`}},
		{"origin of any", `origins: ["*"]`, []string{"brands[0].origins[0]"}},
		{"origin without encryption", "origins: [http://www.example.com]", []string{"brands[0].origins[0]"}},
		{"origin with a policy behind", `origins: ["https://a.example;script-src"]`, []string{"brands[0].origins[0]"}},
		{"origin twice", "origins: [https://a.example, https://a.example]", []string{`brands[0].origins[1]: "https://a.example" is listed twice`}},
		{"countries", "countries: [US]", nil},
		{"a country out of reach", "countries: [US, CA]", []string{
			`:7: brands[0].countries: +12065550100 of program "p" does not reach CA, only US; leave that out`,
			`:7: brands[0].countries: +12065550101 of program "q" does not reach CA, only US; leave that out`,
		}},
		{"country without hours", "countries: [US, UY]", []string{`:7: brands[0].countries[1]: "UY": write a country we have hours for`}},
		{"a state", "countries: [US-FL]", []string{"brands[0].countries[0]"}},
		{"country twice", "countries: [US, US]", []string{"brands[0].countries[1]"}},
	} {
		t.Run(c.name, func(t *testing.T) { edited(t, at, at+"    "+c.setting+"\n", c.want) })
	}
	b := edited(t, at, at+"    countries: [US]\n    color: \"#0B5FFF\"\n", nil).Brands[0]
	if !b.Serves("US") || b.Serves("CA") || b.Color != "#0b5fff" {
		t.Errorf("serves US %t, CA %t, color %s", b.Serves("US"), b.Serves("CA"), b.Color)
	}
}

func TestProgramAndPolicySettings(t *testing.T) {
	const prog, policy = "        opt_out_list: Default\n", "  hours: strict\n"
	for _, c := range []struct {
		name, at, setting string
		want              []string
	}{
		{"restart", prog, "        restart: one step", nil},
		{"restart, unknown", prog, "        restart: at once", []string{`restart: "at once": write confirm or one step`}},
		{"clarify", prog, "        clarify: no", nil},
		{"clarify, unknown", prog, "        clarify: maybe", []string{`clarify: "maybe": write yes or no`}},
		{"answers", policy, "  answers_per_hour: 0", []string{":3: policy.answers_per_hour"}},
		{"revoke all", policy, "  revoke_all: always", nil},
		{"revoke all, day", policy, "  revoke_all: 2027-06-30", nil},
		{"revoke all, no day", policy, "  revoke_all: soon", []string{`policy.revoke_all: "soon": write the day`}},
	} {
		t.Run(c.name, func(t *testing.T) { edited(t, c.at, c.at+c.setting+"\n", c.want) })
	}
	if c := edited(t, prog, prog+"        restart: one step\n        clarify: no\n", nil); !c.Brands[0].Programs[0].OneStep || c.Brands[0].Programs[0].Clarify {
		t.Errorf("%+v", c.Brands[0].Programs[0])
	}
}

// The day counts from its earliest midnight on Earth (47 CFR 64.1200(a)(10), DA 26-12).
func TestRevokeAll(t *testing.T) {
	at := func(text string) time.Time {
		t.Helper()
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	later := RevokeAll{From: jurisdiction.Date{Year: 2028, Month: time.January, Day: 31}}
	for _, c := range []struct {
		rule    RevokeAll
		country string
		at      string
		want    bool
	}{
		{RevokeAll{}, "US", "2027-01-30T09:59:59Z", false},
		{RevokeAll{}, "US", "2027-01-30T10:00:00Z", true},
		{RevokeAll{}, "FR", "2030-01-01T00:00:00Z", false},
		{later, "US", "2027-06-01T00:00:00Z", false},
		{later, "US", "2028-01-30T10:00:00Z", true},
		{later, "FR", "2030-01-01T00:00:00Z", false},
		{RevokeAll{Always: true}, "FR", "2026-01-01T00:00:00Z", true},
		{RevokeAll{Never: true}, "US", "2030-01-01T00:00:00Z", false},
	} {
		if got := c.rule.Reaches(c.country, at(c.at)); got != c.want {
			t.Errorf("%+v in %s at %s: %t", c.rule, c.country, c.at, got)
		}
	}
}
