package doctor_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"smsconsent/shared/core/doctor"
	"smsconsent/shared/core/program"
)

const programs = `
policy: {hours: strict}
brands:
  - id: example
    name: Example Corp.
    region: US
    terms: https://example.com/terms
    privacy: https://example.com/privacy
    countries: [US]
    programs:
      - id: alerts
        class: promotional
        identity: {number: "+12065550100", international: yes}
        opt_out_list: alerts-list
        messages_per_second: 1
        topics:
          - {id: alerts, name: alerts, keyword: JOIN, frequency: 2 per month, help: {email: help@example.com}, locale: en-US}
      - id: orders
        class: transactional
        identity: {pool: pool-1, numbers: ["+18335550101"]}
        opt_out_list: orders-list
        messages_per_second: 3
        topics:
          - {id: orders, name: orders, keyword: ORDERS, help: {email: help@example.com}, locale: en-US}
`

const (
	inbound  = "arn:aws:sns:us-east-1:123456789012:shop-inbound"
	delivery = "arn:aws:sns:us-east-1:123456789012:shop-delivery"
)

func stack() doctor.Stack {
	return doctor.Stack{Name: "shop", Partition: "aws", Region: "us-east-1", Account: "123456789012"}
}

func catalog(t *testing.T) *program.Catalog {
	t.Helper()
	c, err := program.Load([]byte(programs))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func is[T any](v T) doctor.Read[T] { return doctor.Read[T]{Is: v} }

func denied[T any](action string) doctor.Read[T] {
	return doctor.Read[T]{Unread: &doctor.Unread{Action: action, Denied: true, Why: "AccessDeniedException"}}
}

// healthy is an account that is set up as the programs need it.
func healthy() *doctor.Seen {
	number := doctor.Identity{
		ID: "phone-1", Phone: "+12065550100", Type: "TEN_DLC", Country: "US", Status: "ACTIVE", MessageType: "PROMOTIONAL",
		TwoWay: true, TwoWayTo: inbound, SelfManaged: true, List: "alerts-list", International: true,
	}
	pooled := doctor.Identity{
		ID: "phone-2", Phone: "+18335550101", Type: "TOLL_FREE", Country: "US", Status: "ACTIVE", MessageType: "TRANSACTIONAL", Pool: "pool-1",
	}
	pool := doctor.Identity{
		ID: "pool-1", Status: "ACTIVE", MessageType: "TRANSACTIONAL", TwoWay: true, TwoWayTo: inbound, SelfManaged: true,
		List: "orders-list", Members: is([]string{"+18335550101"}),
	}
	seen := &doctor.Seen{
		Numbers: is([]doctor.Identity{number, pooled}), Pools: is([]doctor.Identity{pool}),
		Lists: is([]string{"Default", "alerts-list", "orders-list"}),
		Set: is(&doctor.Set{Destinations: []doctor.Destination{
			{Name: "receipts", Enabled: true, Topic: delivery, Events: []string{"TEXT_ALL"}},
		}}),
		Protect:  is(doctor.Protect{ID: "protect-1", Blocked: []string{"BR", "NG"}, Allowed: []string{"US"}}),
		Spending: is(doctor.Spending{Enforced: 500, Most: 1000}), Tier: is("PRODUCTION"),
		Quotas:    is([]doctor.Quota{{Name: "OPT_OUT_LISTS", Used: 3, Max: 25}}),
		Runs:      is(doctor.Runs{Account: 1000, Left: 1000}),
		Functions: map[string]doctor.Read[doctor.Function]{}, Keys: map[string]doctor.Read[doctor.Key]{},
		Inbound:  is([]string{"arn:aws:lambda:us-east-1:123456789012:function:shop-inbound:live"}),
		Delivery: is([]string{"arn:aws:sqs:us-east-1:123456789012:shop-receipts"}),
		Tries: map[string]doctor.Read[doctor.Try]{
			"example/alerts": is(doctor.Try{To: "+14254147755"}), "example/orders": is(doctor.Try{To: "+14254147755"}),
		},
	}
	for _, f := range doctor.Functions() {
		seen.Functions[f] = is(doctor.Function{State: "Active", Variables: map[string]string{
			"LEDGER_KEY_PARAMETER": "/shop/ledger-key", "LINK_KEY_PARAMETER": "/shop/link-key", "CAPTCHA_KEY_PARAMETER": "/shop/captcha-key",
			"SHORT_LINK_KEY_PARAMETER": "/shop/short-link-key",
		}})
	}
	for variable, name := range doctor.KeyNames(seen.Functions) {
		seen.Keys[variable] = is(doctor.Key{Name: name, Type: "SecureString"})
	}
	return seen
}

func TestAHealthyAccountHasNoFault(t *testing.T) {
	found := doctor.Diagnose(catalog(t), stack(), healthy())
	if len(found) < 20 || !doctor.Healthy(found) {
		t.Errorf("%d checks: %+v", len(found), found)
	}
	for _, f := range found {
		if f.Fix != "" || f.Remedy != nil || f.Because == "" {
			t.Errorf("%+v", f)
		}
	}
}

// Each fault is found, by its check and no other, and comes with what mends it; what is mended unasked is what the
// command says.
func TestEachFaultIsFound(t *testing.T) {
	number := func(change func(*doctor.Identity)) func(*doctor.Seen) {
		return func(s *doctor.Seen) { change(&s.Numbers.Is[0]) }
	}
	key := func(variable string, k doctor.Key) func(*doctor.Seen) {
		return func(s *doctor.Seen) { s.Keys[variable] = is(k) }
	}
	const unasked, asked = true, false
	for _, c := range []struct {
		name   string
		wrong  func(*doctor.Seen)
		checks []string
		fix    string // part of the first check's fix
		cured  bool   // by a remedy
	}{
		{"no number", func(s *doctor.Seen) { s.Numbers.Is = s.Numbers.Is[1:] }, []string{"identity +12065550100"}, "programs.yaml", asked},
		{"pending", number(func(i *doctor.Identity) { i.Status = "PENDING" }), []string{"identity +12065550100"}, "registration", asked},
		{"type", number(func(i *doctor.Identity) { i.MessageType = "TRANSACTIONAL" }), []string{"message type +12065550100"}, "PROMOTIONAL", asked},
		{
			"one-way", number(func(i *doctor.Identity) { i.TwoWay = false }),
			[]string{"two-way +12065550100"},
			"update-phone-number --phone-number-id phone-1 --two-way-enabled --two-way-channel-arn " + inbound, unasked,
		},
		{
			"answered by AWS", number(func(i *doctor.Identity) { i.SelfManaged = false }),
			[]string{"self-managed opt-outs +12065550100"},
			"update-phone-number --phone-number-id phone-1 --self-managed-opt-outs-enabled", unasked,
		},
		// Another system listens: it would hear no more, and until it is settled AWS has to answer STOP.
		{
			"heard elsewhere", number(func(i *doctor.Identity) {
				i.TwoWayTo, i.SelfManaged = "arn:aws:sns:us-east-1:123456789012:other", false
			}),
			[]string{"two-way +12065550100", "self-managed opt-outs +12065550100"},
			"--two-way-channel-arn " + inbound, asked,
		},
		{
			"not abroad", number(func(i *doctor.Identity) { i.International = false }),
			[]string{"international +12065550100"},
			"update-phone-number --phone-number-id phone-1 --international-sending-enabled", asked,
		},
		// Whoever said STOP is on the other list.
		{
			"list", number(func(i *doctor.Identity) { i.List = "Default" }),
			[]string{"list +12065550100"},
			"update-phone-number --phone-number-id phone-1 --opt-out-list-name alerts-list", asked,
		},
		{"rate", number(func(i *doctor.Identity) { i.Type, i.Country = "SHORT_CODE", "GB" }), nil, "", asked},
		{"no pool", func(s *doctor.Seen) { s.Pools.Is = nil }, []string{"identity pool-1"}, "programs.yaml", asked},
		{
			"pool one-way", func(s *doctor.Seen) { s.Pools.Is[0].TwoWay = false },
			[]string{"two-way pool-1"},
			"update-pool --pool-id pool-1 --two-way-enabled", unasked,
		},
		{
			"pool without its number", func(s *doctor.Seen) { s.Pools.Is[0].Members.Is = nil },
			[]string{"numbers pool-1"},
			"associate-origination-identity --pool-id pool-1 --iso-country-code US --origination-identity +18335550101", asked,
		},
		{
			"pool with another number", func(s *doctor.Seen) { s.Pools.Is[0].Members.Is = []string{"+18335550101", "+18335550199"} },
			[]string{"numbers pool-1"},
			"add +18335550199 to numbers of orders", asked,
		},
		{
			"pool too fast", func(s *doctor.Seen) { s.Numbers.Is[1].Type, s.Numbers.Is[1].Country = "LONG_CODE", "CA" },
			[]string{"rate pool-1"},
			"messages_per_second: 1 for orders", asked,
		},
		{
			"no list", func(s *doctor.Seen) { s.Lists.Is = []string{"Default", "orders-list"} },
			[]string{"opt-out list alerts-list"},
			"create-opt-out-list --opt-out-list-name alerts-list", unasked,
		},
		{
			"no set", func(s *doctor.Seen) { s.Set.Is = nil },
			[]string{"configuration set shop"},
			"create-configuration-set --configuration-set-name shop", unasked,
		},
		{
			"tells nobody", func(s *doctor.Seen) { s.Set.Is.Destinations = nil },
			[]string{"event destination"},
			"create-event-destination --configuration-set-name shop --event-destination-name receipts --matching-event-types TEXT_", unasked,
		},
		{
			"tells another", func(s *doctor.Seen) { s.Set.Is.Destinations[0].Topic = inbound },
			[]string{"event destination"},
			"update-event-destination", asked,
		},
		{
			"switched off", func(s *doctor.Seen) { s.Set.Is.Destinations[0].Enabled = false },
			[]string{"event destination"},
			"update-event-destination --configuration-set-name shop --event-destination-name receipts --enabled --matching-event-types TEXT_ALL " +
				"--sns-destination TopicArn=" + delivery, unasked,
		},
		{
			"not told of spam", func(s *doctor.Seen) { s.Set.Is.Destinations[0].Events = []string{"TEXT_DELIVERED"} },
			[]string{"event destination"},
			"TEXT_SPAM", unasked,
		},
		{
			"blocks a country", func(s *doctor.Seen) { s.Protect.Is.Blocked = []string{"US"} },
			[]string{"Protect configuration"},
			`--country-rule-set-updates '{"US":{"ProtectStatus":"ALLOW"}}'`, asked,
		},
		{
			"lets one through", func(s *doctor.Seen) { s.Protect.Is.Allowed = []string{"US", "NG"} },
			[]string{"Protect configuration"},
			`--country-rule-set-updates '{"NG":{"ProtectStatus":"BLOCK"}}'`, asked,
		},
		{
			"a dollar", func(s *doctor.Seen) { s.Spending.Is = doctor.Spending{Enforced: 1, Most: 200} },
			[]string{"spending limit"},
			"set-text-message-spend-limit-override --monthly-limit 200", asked,
		},
		{"a dollar at most", func(s *doctor.Seen) { s.Spending.Is = doctor.Spending{Enforced: 1, Most: 1} }, []string{"spending limit"}, "support", asked},
		{"sandbox", func(s *doctor.Seen) { s.Tier.Is = "SANDBOX" }, []string{"sandbox"}, "production access", asked},
		{"full", func(s *doctor.Seen) { s.Quotas.Is[0].Used = 25 }, []string{"quotas"}, "raised", asked},
		{
			"few runs", func(s *doctor.Seen) { s.Runs.Is = doctor.Runs{Account: 10, Left: 10} },
			[]string{"Lambda concurrency"},
			"aws service-quotas request-service-quota-increase --service-code lambda", asked,
		},
		{"few runs, some kept", func(s *doctor.Seen) { s.Runs.Is = doctor.Runs{Account: 120, Inbound: 10, Left: 20} }, nil, "", asked},
		{"no function", func(s *doctor.Seen) { s.Functions["link"] = is(doctor.Function{}) }, []string{"functions"}, "sam deploy", asked},
		{"failed function", func(s *doctor.Seen) { s.Functions["link"] = is(doctor.Function{State: "Failed"}) }, []string{"functions"}, "sam deploy", asked},
		{
			"no key", key("LINK_KEY_PARAMETER", doctor.Key{Name: "/shop/link-key"}),
			[]string{"key /shop/link-key"},
			`aws ssm put-parameter --type SecureString --name /shop/link-key --value "$(openssl rand -base64 48)"`, asked,
		},
		{"open key", key("LINK_KEY_PARAMETER", doctor.Key{Name: "/shop/link-key", Type: "String"}), []string{"key /shop/link-key"}, "--overwrite", asked},
		{
			"short key", key("LINK_KEY_PARAMETER", doctor.Key{Name: "/shop/link-key", Type: "SecureString", Faulty: is("has 3 bytes, and needs 32")}),
			[]string{"key /shop/link-key"},
			"--overwrite", asked,
		},
		// What the old key of the ledger sealed, no new one verifies.
		{
			"short ledger key",
			key("LEDGER_KEY_PARAMETER", doctor.Key{Name: "/shop/ledger-key", Type: "SecureString", Faulty: is("is short")}),
			[]string{"key /shop/ledger-key"},
			"get-parameter-history", asked,
		},
		{
			"a key nobody may read",
			key("LINK_KEY_PARAMETER", doctor.Key{Name: "/shop/link-key", Type: "SecureString", Faulty: denied[string]("ssm:GetParameter")}), nil, "", asked,
		},
		{"a STOP nobody hears", func(s *doctor.Seen) { s.Inbound.Is = nil }, []string{"subscription inbound"}, "aws sns subscribe --topic-arn " + inbound, asked},
		{"receipts nobody hears", func(s *doctor.Seen) { s.Delivery.Is = nil }, []string{"subscription delivery"}, "--protocol sqs", asked},
		{
			"refused", func(s *doctor.Seen) {
				s.Tries["example/alerts"] = is(doctor.Try{To: "+14254147755", Refused: "RESOURCE_NOT_ACTIVE"})
			},
			[]string{"dry run example/alerts"},
			"RESOURCE_NOT_ACTIVE in docs/carrier.md", asked,
		},
		{"no right to text", func(s *doctor.Seen) { s.Tries["example/alerts"] = denied[doctor.Try]("sms-voice:SendTextMessage") }, nil, "", asked},
		{"no simulator", func(s *doctor.Seen) { s.Tries["example/alerts"] = is(doctor.Try{}) }, nil, "", asked},
	} {
		t.Run(c.name, func(t *testing.T) {
			seen := healthy()
			c.wrong(seen)
			found := doctor.Diagnose(catalog(t), stack(), seen)
			ill := slices.DeleteFunc(slices.Clone(found), func(f doctor.Finding) bool { return f.OK })
			var checks []string
			for _, f := range ill {
				checks = append(checks, f.Check)
				if f.Fix == "" || f.Because == "" || f.Remedy != nil && f.Remedy.Command() != f.Fix {
					t.Errorf("%+v", f)
				}
				if (f.Remedy != nil) != c.cured {
					t.Errorf("%s: a remedy unasked is %t, want %t", f.Check, f.Remedy != nil, c.cured)
				}
			}
			if !slices.Equal(checks, c.checks) {
				t.Fatalf("found %v, want %v", checks, c.checks)
			}
			if len(ill) > 0 && !strings.Contains(ill[0].Fix, c.fix) {
				t.Errorf("the fix is %s, want %s in it", ill[0].Fix, c.fix)
			}
			if doctor.Healthy(found) != (len(checks) == 0) {
				t.Error("it says otherwise of the whole")
			}
		})
	}
}

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
		{"LINK_KEY_PARAMETER", "c2VjcmV0", true},
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
