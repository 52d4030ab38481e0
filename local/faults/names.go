package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"smsconsent/local/account"
	"smsconsent/local/reply"
	"smsconsent/shared/core/doctor"
)

// Operations returns the operations that can be denied: those that the local stack imitates.
func Operations() []string {
	return []string{
		"CreateConfigurationSet", "CreateEventDestination", "CreateOptOutList", "DeleteConfigurationSet",
		"DeleteEventDestination", "DeleteOptOutList", "DeleteOptedOutNumber", "DescribeAccountAttributes",
		"DescribeAccountLimits", "DescribeConfigurationSets", "DescribeOptOutLists", "DescribeOptedOutNumbers",
		"DescribeParameters", "DescribePhoneNumbers", "DescribePools", "DescribeProtectConfigurations",
		"DescribeSpendLimits", "GetAccountSettings", "GetFunctionConcurrency", "GetFunctionConfiguration",
		"GetParameter", "GetParameters", "GetProtectConfigurationCountryRuleSet", "Invoke",
		"ListPoolOriginationIdentities", "ListSubscriptionsByTopic", "Publish", "PutOptedOutNumber",
		"SendTextMessage", "UpdateEventDestination", "UpdatePhoneNumber", "UpdatePool",
	}
}

// read parses the faults in a call. It refuses a name that has no effect, because a test with it would find nothing.
func read(body []byte) (f Faults, bad *reply.Problem) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return f, reply.BadRequest("body", fmt.Sprintf(
			"%s; there are %s, and of a number %s",
			strings.TrimPrefix(err.Error(), "json: "), fields[Faults](), fields[Number](),
		))
	}
	bad = f.unknownValue()
	return f, bad
}

// unknownValue returns the problem of the first value that has no effect; nil where all have one.
func (f *Faults) unknownValue() *reply.Problem {
	numbers := slices.Sorted(maps.Keys(f.Numbers))
	if f.Spend < 0 || f.Concurrency < 0 {
		return reply.BadRequest("body", "spend and concurrency are more than nothing")
	}
	for _, c := range f.Blocked {
		if !regexp.MustCompile(`^[A-Z]{2}$`).MatchString(c) {
			return reply.BadRequest("blocked", fmt.Sprintf("%q is no country such as US", c))
		}
	}
	for _, n := range numbers {
		if !regexp.MustCompile(`^\+[0-9]{7,15}$`).MatchString(n) {
			return reply.BadRequest("numbers", "a phone number is written like +12065550100")
		}
	}
	among := func(field string, values, known []string) *reply.Problem {
		for _, v := range values {
			if !slices.Contains(known, v) {
				known = slices.DeleteFunc(known, func(k string) bool { return k == "" }) // an empty one means no fault
				return reply.BadRequest(field, fmt.Sprintf("%q is none of %s", v, strings.Join(known, ", ")))
			}
		}
		return nil
	}
	checks := []*reply.Problem{
		among("deny", f.Deny, Operations()),
		among("tier", []string{f.Tier}, []string{"", "SANDBOX", "PRODUCTION"}),
		among("keys", slices.Sorted(maps.Keys(f.Keys)), slices.Sorted(maps.Keys(account.Secrets()))),
		among("lost", f.Lost, []string{
			account.StackName + "-inbound", account.StackName + "-delivery", account.StackName + "-alarms",
		}),
		among("missing", f.Missing, doctor.Functions()),
	}
	for _, name := range numbers {
		n := f.Numbers[name]
		checks = append(
			checks,
			among("numbers.status", []string{n.Status}, []string{"", "PENDING", "ACTIVE", "DELETED"}),
			among("numbers.type", []string{n.Type}, []string{"", "SHORT_CODE", "LONG_CODE", "TOLL_FREE", "TEN_DLC"}),
			among("numbers.messageType", []string{n.MessageType}, []string{"", "TRANSACTIONAL", "PROMOTIONAL"}),
		)
	}
	for _, bad := range checks {
		if bad != nil {
			return bad
		}
	}
	return nil
}

// fields returns the names of a struct's fields in JSON.
func fields[T any]() string {
	var all []string
	for f := range reflect.TypeFor[T]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}
