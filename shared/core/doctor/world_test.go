package doctor_test

import (
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
		Alarms:   is([]string{"desk@example.com"}),
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
