package doctor_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/doctor"
)

func TestAHealthyAccountHasNoFault(t *testing.T) {
	found := doctor.Diagnose(catalog(t), stack(), healthy())
	if len(found) < 20 || !doctor.Healthy(found) {
		t.Errorf("%d checks: %+v", len(found), found)
	}
	var says []string
	for _, f := range found {
		if f.Fix != "" || f.Remedy != nil {
			t.Errorf("%+v", f)
		}
		says = append(says, f.Check+": "+f.Because)
	}
	want := []string{
		"functions: all 11 are deployed",
		"key /shop/captcha-key: is a SecureString, and long enough",
		"key /shop/ledger-key: is a SecureString, and long enough",
		"key /shop/link-key: is a SecureString, and long enough",
		"key /shop/short-link-key: is a SecureString, and long enough",
		"sandbox: the account is out of it",
		"opt-out list alerts-list: exists",
		"opt-out list orders-list: exists",
		"identity +12065550100: is active",
		"message type +12065550100: is PROMOTIONAL",
		"international +12065550100: AWS sends from it to other countries",
		"two-way +12065550100: what people text comes to the stack",
		"self-managed opt-outs +12065550100: AWS leaves STOP and HELP to the stack",
		"list +12065550100: is alerts-list",
		"rate +12065550100: 1 a second is at most the 1 that AWS allows",
		"identity pool-1: is active",
		"message type pool-1: is TRANSACTIONAL",
		"two-way pool-1: what people text comes to the stack",
		"self-managed opt-outs pool-1: AWS leaves STOP and HELP to the stack",
		"list pool-1: is orders-list",
		"numbers pool-1: are those of programs.yaml",
		"rate pool-1: 3 a second is at most the 3 that AWS allows",
		"configuration set shop: exists",
		"event destination: receipts is told what becomes of texts",
		"subscription inbound: arn:aws:lambda:us-east-1:123456789012:function:shop-inbound:live hears of the topic",
		"subscription delivery: arn:aws:sqs:us-east-1:123456789012:shop-receipts hears of the topic",
		"subscription alarms: 1 hear of an alarm",
		"Protect configuration: protect-1 lets through the countries of programs.yaml and no others",
		"spending limit: 500 USD a month, of at most 1000",
		"quotas: there is room for what is missing of numbers, pools, lists and configuration sets",
		"Lambda concurrency: 1000 runs at once, 0 kept for inbound",
		"dry run example/alerts: AWS would take a text to its simulator",
		"dry run example/orders: AWS would take a text to its simulator",
	}
	if diff := cmp.Diff(want, says); diff != "" {
		t.Error(diff)
	}
}

// finalEvents is every event that tells for good what became of a text.
const finalEvents = "TEXT_SUCCESSFUL TEXT_DELIVERED TEXT_INVALID TEXT_INVALID_MESSAGE TEXT_UNREACHABLE TEXT_CARRIER_UNREACHABLE TEXT_BLOCKED " +
	"TEXT_CARRIER_BLOCKED TEXT_SPAM TEXT_TTL_EXPIRED TEXT_PROTECT_BLOCKED TEXT_UNKNOWN"

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
			"create-event-destination --configuration-set-name shop --event-destination-name receipts --matching-event-types " + finalEvents +
				" --sns-destination TopicArn=" + delivery, unasked,
		},
		{
			"tells others only", func(s *doctor.Seen) { s.Set.Is.Destinations[0].Name, s.Set.Is.Destinations[0].Topic = "other", inbound },
			[]string{"event destination"},
			"create-event-destination", unasked,
		},
		{"told of everything", func(s *doctor.Seen) { s.Set.Is.Destinations[0].Events = []string{"ALL"} }, nil, "", asked},
		{"told of what is final", func(s *doctor.Seen) { s.Set.Is.Destinations[0].Events = strings.Fields(finalEvents) }, nil, "", asked},
		{
			"not told of one", func(s *doctor.Seen) { s.Set.Is.Destinations[0].Events = strings.Fields(finalEvents)[1:] },
			[]string{"event destination"},
			"update-event-destination", unasked,
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
			"both", func(s *doctor.Seen) { s.Protect.Is.Allowed, s.Protect.Is.Blocked = []string{"NG"}, []string{"US"} },
			[]string{"Protect configuration"},
			`'{"US":{"ProtectStatus":"ALLOW"},"NG":{"ProtectStatus":"BLOCK"}}'`, asked,
		},
		{"none is in force", func(s *doctor.Seen) { s.Protect.Is = doctor.Protect{} }, nil, "", asked},
		{"two dollars", func(s *doctor.Seen) { s.Spending.Is = doctor.Spending{Enforced: 2, Most: 2} }, nil, "", asked},
		{"no more of what we need none of", func(s *doctor.Seen) { s.Quotas.Is[0] = doctor.Quota{Name: "SENDER_IDS", Used: 1, Max: 1} }, nil, "", asked},
		{"runs enough", func(s *doctor.Seen) { s.Runs.Is = doctor.Runs{Account: 50, Left: 50} }, nil, "", asked},
		{"one run too few", func(s *doctor.Seen) { s.Runs.Is = doctor.Runs{Account: 49, Left: 49} }, []string{"Lambda concurrency"}, "quota", asked},
		{"a function nobody called for weeks", func(s *doctor.Seen) { s.Functions["link"] = is(doctor.Function{State: "Inactive"}) }, nil, "", asked},
		{
			"no stack", func(s *doctor.Seen) {
				for f := range s.Functions {
					s.Functions[f] = is(doctor.Function{})
				}
				s.Keys = nil
			},
			[]string{"functions"},
			"--stack", asked,
		},
		{
			"pool answered by AWS", func(s *doctor.Seen) { s.Pools.Is[0].SelfManaged = false },
			[]string{"self-managed opt-outs pool-1"},
			"update-pool --pool-id pool-1 --self-managed-opt-outs-enabled", unasked,
		},
		{
			"list of a pool", func(s *doctor.Seen) { s.Pools.Is[0].List = "Default" },
			[]string{"list pool-1"},
			"update-pool --pool-id pool-1 --opt-out-list-name orders-list", asked,
		},
		// Off is off, whatever it was set to once.
		{
			"off, and elsewhere before", number(func(i *doctor.Identity) { i.TwoWay, i.TwoWayTo = false, delivery }),
			[]string{"two-way +12065550100"},
			"--two-way-enabled", unasked,
		},
		{
			"edge secret too short", func(s *doctor.Seen) {
				s.Keys["EDGE_SECRET_PARAMETER"] = is(doctor.Key{Name: "/shop/edge", Type: "SecureString", Faulty: is("has fewer than 32 characters")})
			}, []string{"key /shop/edge"}, "put-parameter", asked,
		},
		{
			"a key that AWS fails to show", func(s *doctor.Seen) {
				s.Keys["LINK_KEY_PARAMETER"] = is(doctor.Key{
					Name: "/shop/link-key", Type: "SecureString", Faulty: doctor.Read[string]{Unread: &doctor.Unread{Action: "ssm:GetParameter", Why: "Throttled"}},
				})
			}, []string{"key /shop/link-key"}, "ssm:GetParameter", asked,
		},
		{
			"a try AWS fails", func(s *doctor.Seen) {
				s.Tries["example/alerts"] = doctor.Read[doctor.Try]{Unread: &doctor.Unread{Action: "sms-voice:SendTextMessage", Why: "Internal"}}
			}, []string{"dry run example/alerts"}, "sms-voice:SendTextMessage", asked,
		},
		{
			"a dollar", func(s *doctor.Seen) { s.Spending.Is = doctor.Spending{Enforced: 1, Most: 200} },
			[]string{"spending limit"},
			"set-text-message-spend-limit-override --monthly-limit 200", asked,
		},
		{"a dollar at most", func(s *doctor.Seen) { s.Spending.Is = doctor.Spending{Enforced: 1, Most: 1} }, []string{"spending limit"}, "support", asked},
		{"sandbox", func(s *doctor.Seen) { s.Tier.Is = "SANDBOX" }, []string{"sandbox"}, "production access", asked},
		{"full, and nothing is missing", func(s *doctor.Seen) { s.Quotas.Is[0].Used = 25 }, nil, "", asked},
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
		{"alarms nobody hears", func(s *doctor.Seen) { s.Alarms.Is = nil }, []string{"subscription alarms"}, "shop-alarms", asked},
		{"receipts nobody hears", func(s *doctor.Seen) { s.Delivery.Is = nil }, []string{"subscription delivery"}, "--protocol sqs", asked},
		{
			"refused", func(s *doctor.Seen) {
				s.Tries["example/alerts"] = is(doctor.Try{To: "+14254147755", Refused: "RESOURCE_NOT_ACTIVE"})
			},
			[]string{"dry run example/alerts"},
			"see ConflictException `RESOURCE_NOT_ACTIVE` in docs/carrier.md", asked,
		},
		{
			"refused for want of the set", func(s *doctor.Seen) {
				s.Tries["example/alerts"] = is(doctor.Try{To: "+14254147755", Refused: "NOT_FOUND configuration-set"})
			},
			[]string{"dry run example/alerts"},
			"see ResourceNotFoundException `configuration-set` in docs/carrier.md", asked,
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
