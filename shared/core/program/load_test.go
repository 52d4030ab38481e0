package program

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/jurisdiction"
)

func shipped(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("../../../programs.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// defaultEngagement is what a promotional topic has that says nothing of it.
var defaultEngagement = Engagement{
	Digest: Patience{6, 90 * 24 * time.Hour}, Ask: Patience{3, 90 * 24 * time.Hour}, RemoveAfter: 30 * 24 * time.Hour,
}

const base = `policy:
  hours: strict
brands:
  - id: a
    name: A
    region: US
    programs:
      - id: p
        class: promotional
        identity: {number: "+12065550100"}
        opt_out_list: Default
        topics:
          - id: t
            name: news
            keyword: JOIN
            frequency: 2 per month
            help: {email: help@example.com}
      - id: q
        class: transactional
        identity: {number: +12065550101}
        opt_out_list: q
        topics:
          - id: u
            name: orders
            help: {phone: XXX-555-0199}
`

func TestLoadNamesLineFieldAndFix(t *testing.T) {
	const prog0, topic0 = "brands[0].programs[0]", "brands[0].programs[0].topics[0]"
	for _, c := range []struct {
		name, from, to string
		want           []string // each in one line of the error, in this order; none: it loads
	}{
		{"nothing", "", "", nil},
		{"approval and testers", "    region: US\n", "    region: US\n    approval: required\n    testers: [\"+12065550142\", \"+12065550143\"]\n", nil},
		{"approval by nobody", "    region: US\n", "    region: US\n    approval: none\n", nil},
		{"approval, another word", "    region: US\n", "    region: US\n    approval: always\n", []string{"brands[0].approval: \"always\": write none or required"}},
		{"a tester without a country", "    region: US\n", "    region: US\n    testers: [\"2065550142\"]\n", []string{"brands[0].testers[0]: \"2065550142\": write the number as +12065550142, in quotes"}},
		{"a tester twice", "    region: US\n", "    region: US\n    testers: [\"+12065550142\", \"+12065550142\"]\n", []string{"brands[0].testers[1]: +12065550142 is there twice"}},
		{"brand or message type on the same number", "+12065550101", "+12065550100", []string{
			"programs.yaml:20: brands[0].programs[1].identity.number: +12065550100 is also the origination identity of a/p (line 10); give each brand and message type its own (AWS: use dedicated short codes)",
		}},
		{"a pool's number", `{number: +12065550101}`, `{pool: pool-1, numbers: ["+12065550100"]}`, []string{
			"programs.yaml:20: brands[0].programs[1].identity.numbers[0]: +12065550100 is also the origination identity of a/p (line 10)",
		}},
		{"opt-out list", "list: q", "list: Default", []string{"programs.yaml:21: brands[0].programs[1].opt_out_list: Default is also the opt-out list of a/p (line 11)"}},
		{"opt-out list by ARN", "list: q", "list: arn:aws:sms-voice:us-east-1:123456789012:opt-out-list/Default", []string{":21: brands[0].programs[1].opt_out_list: arn:"}},
		{"no opt-out list", "        opt_out_list: q\n", "", []string{":18: brands[0].programs[1].opt_out_list: is missing"}},
		{"promotional without promise", "            frequency: 2 per month\n", "", []string{":13: " + topic0 + `.frequency: is missing; write for example "2 per month"`}},
		{"a transactional topic that is told", "            name: orders\n", "            name: orders\n            consent: told\n", nil},
		{"a promotional topic that is told", "            name: news\n", "            name: news\n            consent: told\n", []string{
			":15: " + topic0 + ".consent: only a transactional topic can be told; a promotional one needs each person's YES: write confirmed, or remove the line",
		}},
		{"a promotional topic that is confirmed", "            name: news\n", "            name: news\n            consent: confirmed\n", nil},
		{"consent, another word", "            name: orders\n", "            name: orders\n            consent: implied\n", []string{
			`.topics[0].consent: "implied": write confirmed or told`,
		}},
		{"frequency, once a week", "2 per month", "1 per week", nil},
		{"frequency, per day", "2 per month", "3 per day", nil},
		{"frequency, per year", "2 per month", "4 per year", nil},
		{"frequency, most", "2 per month", "100 per month", nil},
		{"frequency, too many", "2 per month", "101 per month", []string{":16: " + topic0 + `.frequency: "101 per month": write "2 per month"`}},
		{"frequency, none", "2 per month", "0 per month", []string{topic0 + ".frequency"}},
		{"frequency, words", "2 per month", "twice a month", []string{topic0 + ".frequency"}},
		{"frequency, plural", "2 per month", "2 per months", []string{topic0 + ".frequency"}},
		{"frequency, leading zero", "2 per month", "02 per month", []string{topic0 + ".frequency"}},
		{"frequency, negative", "2 per month", "-2 per month", []string{topic0 + ".frequency"}},
		{"frequency, of nothing", "2 per month", "2 per hour", []string{topic0 + ".frequency"}},
		{"frequency, bare number", "2 per month", "2", []string{topic0 + ".frequency"}},
		{"id missing", "  - id: a\n    name: A", "  - name: A", []string{":4: brands[0].id: is missing"}},
		{"id malformed", "id: t", "id: News", []string{`:13: ` + topic0 + `.id: "News": write 1 to 32 lower-case letters`}},
		{"id too long", "id: t", "id: " + strings.Repeat("t", 33), []string{topic0 + ".id"}},
		{"id with the key separator", "id: t", `id: "a#b"`, []string{topic0 + ".id"}},
		{"program id twice", "id: q", "id: p", []string{`:18: brands[0].programs[1].id: "p" is also the program of line 8`}},
		{"topic id twice in the brand", "id: u", "id: t", []string{`:23: brands[0].programs[1].topics[0].id: "t" is also the topic of line 13`}},
		{"number without plus", `"+12065550100"`, `"12065550100"`, []string{":10: " + prog0 + `.identity.number: "12065550100": write + and the country code`}},
		{"number with spaces", `"+12065550100"`, `"+1 206 555 0100"`, []string{prog0 + ".identity.number"}},
		{"short code", `{number: "+12065550100"}`, `{short_code: 012345}`, nil},
		{"short code too short", `{number: "+12065550100"}`, `{short_code: "12"}`, []string{prog0 + `.identity.short_code: "12": write 3 to 8 digits`}},
		{"short code too long", `{number: "+12065550100"}`, `{short_code: "123456789"}`, []string{prog0 + ".identity.short_code"}},
		{"short code with letters", `{number: "+12065550100"}`, `{short_code: "12a45"}`, []string{prog0 + ".identity.short_code"}},
		{"both number and short code", `{number: "+12065550100"}`, `{number: "+12065550100", short_code: "12345"}`, []string{prog0 + ".identity: has 2 of number, short_code and pool; write exactly one"}},
		{"no identity", `{number: "+12065550100"}`, `{}`, []string{prog0 + ".identity: has 0 of"}},
		{"pool without numbers", `{number: "+12065550100"}`, `{pool: pool-1}`, []string{prog0 + ".identity.numbers: is missing"}},
		{"pool with no numbers", `{number: "+12065550100"}`, `{pool: pool-1, numbers: []}`, []string{prog0 + ".identity.numbers: is empty"}},
		{"a pool's number twice", `{number: "+12065550100"}`, `{pool: pool-1, numbers: ["+12065550100", "+12065550100"]}`, []string{prog0 + ".identity.numbers[1]"}},
		{"a pool", `{number: "+12065550100"}`, `{pool: pool-1, numbers: ["+12065550100"]}`, nil},
		{
			"one pool by ID and by ARN", "brands:\n",
			"brands:\n  - id: z\n    name: Z\n    region: US\n    programs:\n" +
				"      - {id: p, class: transactional, identity: {pool: pool-1, numbers: [+12065550105]}, opt_out_list: x, topics: [{id: t, name: t, help: {phone: 1}}]}\n" +
				"      - {id: q, class: transactional, identity: {pool: arn:aws:sms-voice:us-east-1:123456789012:pool/pool-1, numbers: [+12065550106]}, opt_out_list: y, topics: [{id: u, name: u, help: {phone: 1}}]}\n",
			[]string{":9: brands[0].programs[1].identity.pool: pool-1 is also the origination identity of z/p (line 8)"},
		},
		{"numbers of no pool", `{number: "+12065550100"}`, `{number: "+12065550100", numbers: ["+12065550105"]}`, []string{prog0 + ".identity.numbers: only a pool has numbers"}},
		{"keyword means stop", "JOIN", "QUIT", []string{":15: " + topic0 + `.keyword: "QUIT" can't be a keyword`}},
		{"keyword starts as one of AWS", "JOIN", "STOPWATCH", []string{topic0 + ".keyword"}},
		{"keyword in small letters", "JOIN", "join", []string{topic0 + `.keyword: "join": write 1 to 30 capital letters`}},
		{"keyword of two words", "JOIN", "JOIN US", []string{topic0 + ".keyword"}},
		{"keyword too long", "JOIN", strings.Repeat("J", 31), []string{topic0 + ".keyword"}},
		{"keyword left out", "            keyword: JOIN\n", "", nil},
		{"no YAML 1.1 surprises", "JOIN", "YES", []string{topic0 + `.keyword: "YES" can't be a keyword`}},
		{"a brand that is none", "  - id: a\n", "  - x\n  - id: a\n", []string{":4: brands[0]: write fields"}},
		{"help that is none", "{phone: XXX-555-0199}", "XXX-555-0199", []string{"topics[0].help: write fields"}},
		{"class", "transactional", "marketing", []string{`:19: brands[0].programs[1].class: "marketing": write promotional or transactional`}},
		{"speed", "list: q", "list: q\n        messages_per_second: 0", []string{":22: brands[0].programs[1].messages_per_second"}},
		{"speed, no number", "list: q", "list: q\n        messages_per_second: fast", []string{":22: brands[0].programs[1].messages_per_second"}},
		{"e-mail", "email: help@example.com", "email: help at example", []string{topic0 + ".help.email"}},
		{"e-mail with a name", "email: help@example.com", `email: "Help <help@example.com>"`, []string{topic0 + ".help.email"}},
		{"no help", "            help: {phone: XXX-555-0199}\n", "", []string{":23: brands[0].programs[1].topics[0].help: is missing"}},
		{"empty help", "{phone: XXX-555-0199}", "{}", []string{":25: brands[0].programs[1].topics[0].help: is missing"}},
		{"help phone too long", "XXX-555-0199", strings.Repeat("1", 31), []string{".help.phone: has 31 characters"}},
		{
			"topics with different help", "            help: {phone: XXX-555-0199}\n",
			"            help: {phone: XXX-555-0199}\n          - id: v\n            name: more\n            help: {phone: XXX-555-0198}\n",
			[]string{`:26: brands[0].programs[1].topics[1].help: differs from that of topic "u"`},
		},
		{
			"one keyword for two topics", "            help: {email: help@example.com}\n",
			"            help: {email: help@example.com}\n          - {id: v, name: more, keyword: JOIN, frequency: 1 per day, help: {email: help@example.com}}\n",
			[]string{`:18: brands[0].programs[0].topics[1].keyword: "JOIN" is also the keyword of line 15`},
		},
		{"the same keyword on another number", "name: orders", "name: orders\n            keyword: JOIN", nil},
		{"locale", "name: orders", "name: orders\n            locale: fr-CA", nil},
		{"locale with a script", "name: orders", "name: orders\n            locale: zh-Hant-TW", nil},
		{"locale of a continent", "name: orders", "name: orders\n            locale: es-419", nil},
		{"locale of too many parts", "name: orders", "name: orders\n            locale: en-US-GB", []string{".locale: \"en-US-GB\": write a language tag"}},
		{"locale malformed", "name: orders", "name: orders\n            locale: en_US", []string{".locale: \"en_US\": write a language tag"}},
		{"region", "region: US", "region: usa", []string{`:6: brands[0].region: "usa"`}},
		{"region Norway", "region: US", "region: NO", nil},
		{"terms", "region: US", "region: US\n    terms: http://example.com", []string{":7: brands[0].terms"}},
		{"name too long", "name: A", "name: " + strings.Repeat("A", 61), []string{":5: brands[0].name: has 61 characters"}},
		{"name of dots", "name: A", "name: ...x...", nil},
		{"name of nothing but dots", "name: A", `name: ".."`, []string{`:5: brands[0].name: ".."`}},
		{"name with a line break", "name: A", `name: "A\nB"`, []string{":5: brands[0].name: \"A\\nB\" holds a line break"}},
		{"name with an invisible character", "name: A", `name: "A\u200b"`, []string{":5: brands[0].name"}},
		{"name with a space at the end", "name: A", `name: "A "`, []string{":5: brands[0].name"}},
		{"too many topics", "          - id: t\n", strings.Repeat("          - {id: x, name: x, frequency: 1 per day, help: {email: help@example.com}}\n", 10) + "          - id: t\n", append([]string{
			":12: " + prog0 + ".topics: has 11 topics",
		}, make([]string, 9)...)},
		{"unknown field", "keyword: JOIN", "keywrod: JOIN", []string{":15: " + topic0 + ".keywrod: unknown field; the fields here are id, name, keyword"}},
		{"unknown field at the top", "policy:", "polcy:", []string{"programs.yaml:1: polcy: unknown field"}},
		{"a field twice", "name: A\n", "name: A\n    name: B\n", []string{":6: brands[0].name: written twice, first in line 5"}},
		{"an empty field", "keyword: JOIN", "keyword:", []string{":15: " + topic0 + ".keyword: is empty"}},
		{"an empty needed field", "name: A", "name:", []string{":5: brands[0].name: is empty"}},
		{"an empty quotation", "name: A", `name: ""`, []string{":5: brands[0].name: is empty"}},
		{"an empty entry", "          - id: u\n", "          -\n          - id: u\n", []string{"brands[0].programs[1].topics[0]: is empty"}},
		{"a list for a value", "name: A", "name: [A]", []string{":5: brands[0].name: write one plain value"}},
		{"a value for a list", "        topics:\n          - id: u\n            name: orders\n            help: {phone: XXX-555-0199}\n", "        topics: u\n", []string{":22: brands[0].programs[1].topics: write a list"}},
		{"a value for fields", "{number: +12065550101}", "+12065550101", []string{":20: brands[0].programs[1].identity: write fields"}},
		{"an anchor", "name: A", "name: &x A", []string{":5: brands[0].name: write one plain value"}},
		{"a tag", "name: A", "name: !!str A", []string{":5: brands[0].name: write one plain value"}},
		{"a merge key", "    name: A\n", "    <<: {name: A}\n", []string{"brands[0].name: is missing", `brands[0]: key "<<": write a plain word`}},
		{"a second document", "            help: {phone: XXX-555-0199}\n", "            help: {phone: XXX-555-0199}\n---\nbrands: []\n", []string{"programs.yaml:26: write one YAML document"}},
		{"no YAML", "policy:", "policy: [", []string{"the file is not YAML: "}},
		{"not UTF-8", "name: A", "name: \xff", []string{"programs.yaml:5: the file is not UTF-8"}},
		{"mode", "hours: strict", "hours: lax", []string{`:2: policy.hours: "lax": write strict, law or business`}},
		{"law", "hours: strict", "hours: law", nil},
		{"country", "hours: strict", "countries: {KE: {weekdays: 09:00-18:00, saturday: none, sunday: none, holidays: none, holiday_dates: [2026-12-25]}}", nil},
		{"country without holidays", "hours: strict", "countries: {KE: {weekdays: 09:00-18:00, saturday: none, sunday: none, holidays: none}}", []string{":2: policy.countries.KE: holiday_dates: list the public holidays"}},
		{"country code", "hours: strict", "countries: {ken: {weekdays: 09:00-18:00, saturday: none, sunday: none, holidays: 09:00-18:00}}", []string{":2: policy.countries.ken: countries.ken: write the country"}},
		{"country hours", "hours: strict", "countries: {KE: {weekdays: 9-18, saturday: none, sunday: none, holidays: none}}", []string{`:2: policy.countries.KE.weekdays: window "9-18": write it as`}},
		{"country day left out", "hours: strict", "countries: {KE: {weekdays: 09:00-18:00, saturday: none, holidays: none}}", []string{":2: policy.countries.KE.sunday: is missing"}},
		{"holiday date", "hours: strict", "countries: {KE: {weekdays: 09:00-18:00, saturday: none, sunday: none, holidays: none, holiday_dates: [25 Dec]}}", []string{":2: policy.countries.KE.holiday_dates[0]: date"}},
		{"brand hours never open", "region: US", "region: US\n    hours: {weekdays: none, saturday: none, sunday: none, holidays: none}", []string{":7: brands[0].hours: weekdays: no day"}},
		{"several at once, in the order of the file", "name: A\n    region: US", "nmae: A\n    region: us", []string{":4: brands[0].name: is missing", ":5: brands[0].nmae: unknown", ":6: brands[0].region"}},
	} {
		t.Run(c.name, func(t *testing.T) { edited(t, c.from, c.to, c.want) })
	}
}

// edited loads the base file with one change. want is in each line of the error, in this order; none: it loads.
func edited(t *testing.T, from, to string, want []string) *Catalog {
	t.Helper()
	if !strings.Contains(base, from) {
		t.Fatalf("the base file has no %q", from)
	}
	catalog, err := Load([]byte(strings.Replace(base, from, to, 1)))
	if len(want) == 0 {
		if err != nil {
			t.Fatal(err)
		}
		return catalog
	}
	if err == nil || catalog != nil {
		t.Fatalf("loaded %v, want an error", catalog)
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d errors, want %d:\n%v", len(lines), len(want), err)
	}
	for i, line := range want {
		if !strings.Contains(lines[i], line) {
			t.Errorf("error %d is\n%s\nwant in it\n%s", i, lines[i], line)
		}
	}
	return nil
}

// A STOP to everything a brand sends is one transaction, which DynamoDB bounds.
func TestABrandHasNoMoreTopicsThanAStopCanEnd(t *testing.T) {
	for topics, want := range map[int]string{90: "", 91: "a STOP can end 90 at once at most"} {
		var file strings.Builder
		file.WriteString("brands:\n  - id: example\n    name: Example Corp.\n    region: US\n    programs:\n")
		for i := range topics {
			if i%10 == 0 {
				fmt.Fprintf(&file, "      - id: p%d\n        class: transactional\n        identity: {number: \"+120655501%02d\"}\n        opt_out_list: l%d\n        topics:\n", i, i, i)
			}
			fmt.Fprintf(&file, "          - {id: t%d, name: topic %d, help: {email: help@example.com}}\n", i, i)
		}
		_, err := Load([]byte(file.String()))
		if (err == nil) != (want == "") || (err != nil && !strings.Contains(err.Error(), want)) {
			t.Errorf("%d topics: %v, want %q", topics, err, want)
		}
	}
}

func TestLoadRefusesWhatIsNoFile(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "programs.yaml:1: the file is empty"},
		{"only an end", "...", "programs.yaml:1: the file is empty"},
		{"only a comment", "# brands\n", "programs.yaml:1: the file is empty"},
		{"a list", "- a\n", "programs.yaml:1: write fields"},
		{"no brands", "brands: []\n", "programs.yaml:1: brands: is empty"},
		{"a directive", "%YAML 1.2\n---\n" + base, "write one YAML document"},
		{"too large", base + strings.Repeat("#", MaxFile), "programs.yaml:1: the file has"},
	} {
		if _, err := Load([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

// A brand narrows the policy. Were the policy lost on the way, its countries would be shut, or "strict" would not hold.
func TestBrandHoursKeepThePolicy(t *testing.T) {
	text := strings.NewReplacer(
		"  hours: strict\n", "  hours: law\n  countries: {KE: {weekdays: 09:00-18:00, saturday: none, sunday: none, holidays: none, holiday_dates: [2026-12-25]}}\n",
		"    region: US\n", "    region: US\n    hours: {weekdays: 10:00-16:00, saturday: none, sunday: none, holidays: none}\n",
	).Replace(base)
	c, err := Load([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	ten := jurisdiction.Week{Weekday: jurisdiction.Window{From: 600, To: 960}}
	want := c.Policy
	want.Narrow = &ten
	if diff := cmp.Diff(&want, c.Brands[0].Hours); diff != "" {
		t.Errorf("brand hours (-want +got):\n%s", diff)
	}
	if c.Policy.Narrow != nil {
		t.Error("the brand's hours withOwnHoursOnly those of all brands")
	}
	if c.Policy.Mode != jurisdiction.Law || c.Policy.Countries["KE"].Hours.Weekday != (jurisdiction.Window{From: 540, To: 1080}) {
		t.Errorf("policy %+v", c.Policy)
	}
}

func TestDefaultsAreTheSafeOnes(t *testing.T) {
	c, err := Load([]byte(strings.Replace(base, "policy:\n  hours: strict\n", "", 1)))
	if err != nil {
		t.Fatal(err)
	}
	p := c.Brands[0].Programs[0]
	if c.Policy.Mode != jurisdiction.Strict || p.PerSecond != 1 || p.Topics[0].Locale != "en-US" {
		t.Errorf("mode %q, %d a second, locale %q", c.Policy.Mode, p.PerSecond, p.Topics[0].Locale)
	}
	want := SignUp{
		ConfirmWithin: 24 * time.Hour, PerPhoneADay: 2, PerNetworkAnHour: 60, PerBrandADay: 1000,
		Captcha: Captcha{Provider: CaptchaAltcha, Cost: 5000, MinTries: 100, MaxTries: 300},
	}
	if diff := cmp.Diff(want, c.SignUp); diff != "" {
		t.Errorf("sign-up (-want +got):\n%s", diff)
	}
	if c.AnswersAnHour != 6 || c.RevokeAll != (RevokeAll{}) || p.OneStep || !p.Clarify || c.Brands[0].Programs[1].Clarify {
		t.Errorf("%d answers an hour, revoke all %+v, programs %+v", c.AnswersAnHour, c.RevokeAll, c.Brands[0].Programs)
	}
	if b := c.Brands[0]; b.Color != "" || b.Origins != nil || b.Serves("FR") || !b.Serves("US") {
		t.Errorf("brand %+v", b)
	}
}

func TestLongestWindow(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		promised []Frequency
		want     time.Duration
	}{
		{nil, 0},
		{[]Frequency{{}}, 0},
		{[]Frequency{{3, Day}, {}, {1, Week}}, 7 * day},
		{[]Frequency{{4, Year}, {2, Month}}, 366 * day},
	} {
		b := Brand{Programs: []Program{{}, {}}}
		for i, f := range c.promised {
			p := &b.Programs[i%2]
			p.Topics = append(p.Topics, Topic{Frequency: f})
		}
		if got := b.LongestWindow(); got != c.want {
			t.Errorf("LongestWindow of %v = %s, want %s", c.promised, got, c.want)
		}
	}
}

// Whatever the file holds, Load does not panic, gives a catalog or errors and never both, and each error has a line of
// the file.
func FuzzLoad(f *testing.F) {
	f.Add(shipped(f))
	f.Add(base)
	f.Add(strings.Replace(base, "    region: US\n", "    region: US\n    texts:\n      de: {welcome: '{topics}[ {link}] STOP=Ende', "+german+"}\n", 1))
	for _, s := range []string{"", "brands: [", "a: &x [*x]\n", "? [a]\n: b\n", "brands:\n- {id: 1, 2: 3}\n", "\ufeffbrands: []", "a: |\n  b\n", "policy: {countries: {KE: }}\n", "brands:\r\n  - id: a\r\n", "<<: *a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Load([]byte(text))
		if (c == nil) == (err == nil) {
			t.Fatalf("catalog %v and error %v", c, err)
		}
		if err == nil {
			return
		}
		all, ok := err.(interface{ Unwrap() []error })
		if !ok {
			t.Fatalf("%T is not joined", err)
		}
		lines, before := strings.Count(text, "\n")+1, 0
		for _, one := range all.Unwrap() {
			at, ok := errors.AsType[*fault](one)
			if !ok || at.line < 1 || at.line > lines || at.line < before {
				t.Fatalf("line of %v is not within 1 to %d, or before that of the error above", one, lines)
			}
			before = at.line
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	text := []byte(shipped(b))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(text); err != nil {
			b.Fatal(err)
		}
	}
}
