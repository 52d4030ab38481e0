package doctor

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"smsconsent/shared/core/carriercode"
	"smsconsent/shared/core/jurisdiction"
)

func (f *findings) tier() {
	switch {
	case f.unread("sandbox", f.seen.Tier.Unread):
	case f.seen.Tier.Is == "PRODUCTION":
		f.pass("sandbox", "the account is out of it")
	default:
		f.fault("sandbox", "request production access at "+console,
			"the account is in the sandbox: only verified numbers can be texted, for a dollar a month")
	}
}

// finalEvents returns the events that give the final status of a text.
func finalEvents() (names []string) {
	for _, c := range carriercode.All() {
		// According to AWS a destination cannot subscribe to TEXT_SENT.
		if c.Class == carriercode.Event && c.Text != carriercode.UnderWay && c.Text != carriercode.NoText {
			names = append(names, c.Code)
		}
	}
	return names
}

// missingEvents returns the final events that a destination does not get.
func (d *Destination) missingEvents() []string {
	if slices.Contains(d.Events, "TEXT_ALL") || slices.Contains(d.Events, "ALL") {
		return nil
	}
	return slices.DeleteFunc(finalEvents(), func(e string) bool { return slices.Contains(d.Events, e) })
}

func (f *findings) set() {
	name, topic := f.stack.ConfigurationSet(), f.stack.DeliveryTopic()
	check := "configuration set " + name
	set := f.seen.Set.Is
	switch {
	case f.unread(check, f.seen.Set.Unread):
		return
	case set == nil:
		f.fixable(check, MakeSet{name}, "does not exist, and AWS refuses every text; then run smsconsent doctor again")
		return
	}
	f.pass(check, "exists")
	check = "event destination"
	at := slices.IndexFunc(set.Destinations, func(d Destination) bool { return d.Topic == topic })
	if at < 0 {
		tell := Tell{New: true, Set: name, Name: "receipts", Topic: topic, Events: finalEvents()}
		if slices.ContainsFunc(set.Destinations, func(d Destination) bool { return d.Name == tell.Name }) {
			tell.New = false
			f.fault(check, tell.Command(), "receipts goes to another topic than %s, which would hear no more of it", topic)
			return
		}
		f.fixable(check, tell, "nobody is told what becomes of texts")
		return
	}
	d := &set.Destinations[at]
	missingEvents := d.missingEvents()
	tell := Tell{Set: name, Name: d.Name, Topic: topic, Events: slices.Concat(d.Events, missingEvents)}
	switch {
	case !d.Enabled:
		f.fixable(check, tell, "%s is switched off: nobody is told what becomes of texts", d.Name)
	case len(missingEvents) > 0:
		f.fixable(check, tell, "%s is not told of %s", d.Name, strings.Join(missingEvents, ", "))
	default:
		f.pass(check, "%s is told what becomes of texts", d.Name)
	}
}

func (f *findings) subscriptions() {
	for _, s := range []struct {
		name, endpoint string
		read           Subscriptions
	}{
		{"inbound", f.stack.arn("lambda", "function:"+f.stack.Function("inbound")+":"+Alias), f.seen.Inbound},
		{"delivery", f.stack.arn("sqs", f.stack.Name+"-receipts"), f.seen.Delivery},
	} {
		check := "subscription " + s.name
		switch {
		case f.unread(check, s.read.Unread):
		case slices.Contains(s.read.Is, s.endpoint):
			f.pass(check, "%s hears of the topic", Name(s.endpoint))
		default:
			topic := f.stack.InboundTopic()
			protocol := "lambda"
			if s.name == "delivery" {
				topic, protocol = f.stack.DeliveryTopic(), "sqs"
			}
			f.fault(check, "aws sns subscribe --topic-arn "+topic+" --protocol "+protocol+" --notification-endpoint "+s.endpoint,
				"%s does not hear of the topic", s.endpoint)
		}
	}
}

// alarms checks whether somebody hears an alarm. The endpoints are people's addresses, so none is told.
func (f *findings) alarms() {
	const check = "subscription alarms"
	switch {
	case f.unread(check, f.seen.Alarms.Unread):
	case len(f.seen.Alarms.Is) > 0:
		f.pass(check, "%d hear of an alarm", len(f.seen.Alarms.Is))
	default:
		f.fault(check, "aws sns subscribe --protocol email --notification-endpoint YOUR-ADDRESS --topic-arn "+f.stack.AlarmTopic(),
			"nobody hears of an alarm: no address is subscribed, or nobody has clicked the link in AWS's e-mail yet")
	}
}

func (f *findings) protect() {
	const check = "Protect configuration"
	p := f.seen.Protect.Is
	if f.unread(check, f.seen.Protect.Unread) {
		return
	}
	if p.ID == "" {
		f.pass(check, "none is in force: nothing but countries in programs.yaml keeps texts from going to other countries")
		return
	}
	named, all := f.served()
	serves := func(country string) bool {
		_, known := jurisdiction.Lookup(country)
		return slices.Contains(named, country) || all && known
	}
	wrong := func(countries []string, status string, is func(string) bool) (updates []string, which []string) {
		for _, c := range countries {
			if is(c) {
				which = append(which, c)
				updates = append(updates, fmt.Sprintf("%q:{%q:%q}", c, "ProtectStatus", status))
			}
		}
		return updates, which
	}
	open, shut := wrong(p.Blocked, "ALLOW", serves)
	shutting, pumped := wrong(p.Allowed, "BLOCK", func(c string) bool { return !serves(c) })
	if len(open)+len(shutting) == 0 {
		f.pass(check, "%s lets through the countries of programs.yaml and no others", p.ID)
		return
	}
	fix := cli + "update-protect-configuration-country-rule-set --protect-configuration-id " + p.ID +
		" --number-capability SMS --country-rule-set-updates '{" + strings.Join(slices.Concat(open, shutting), ",") + "}'"
	if len(shut) > 0 {
		f.fault(check, fix, "blocks %s, which programs.yaml serves", words(shut))
	} else {
		f.fault(check, fix, "lets %s through, which programs.yaml does not serve", firstFew(pumped))
	}
}

// served returns the countries that brands name. all reports whether some brand serves every country with known
// hours.
func (f *findings) served() (named []string, all bool) {
	for i := range f.catalog.Brands {
		b := &f.catalog.Brands[i]
		named, all = append(named, b.Countries...), all || b.Countries == nil
	}
	if all {
		named = slices.AppendSeq(named, maps.Keys(f.catalog.Policy.Countries))
	}
	return named, all
}

// firstFew lists at most five names, and how many more there are.
func firstFew(names []string) string {
	if len(names) > 5 {
		return strings.Join(names[:5], ", ") + fmt.Sprintf(" and %d more", len(names)-5)
	}
	return words(names)
}

func (f *findings) spending() {
	const check = "spending limit"
	s := f.seen.Spending.Is
	switch {
	case f.unread(check, f.seen.Spending.Unread):
	case s.Enforced > 1:
		f.pass(check, "%d USD a month, of at most %d", s.Enforced, s.Most)
	case s.Most > s.Enforced:
		f.fault(check, cli+"set-text-message-spend-limit-override --monthly-limit "+strconv.FormatInt(s.Most, 10),
			"%d USD a month, which some hundred texts use up; AWS allows up to %d", s.Enforced, s.Most)
	default:
		f.fault(check, "have it raised: https://console.aws.amazon.com/support/home#/case/create",
			"%d USD a month, which some hundred texts use up, and AWS allows no more yet", s.Enforced)
	}
}

// quotas checks whether there is room for what is missing, by AWS's names.
func (f *findings) quotas() {
	const check = "quotas"
	if f.unread(check, f.seen.Quotas.Unread) {
		return
	}
	missing := f.missing()
	for _, q := range f.seen.Quotas.Is {
		if n := missing[q.Name]; n > 0 && q.Used+n > q.Max {
			f.fault(check, "delete what nobody uses, or have it raised: https://console.aws.amazon.com/servicequotas/",
				"%d of %s are missing, and the account has %d of the %d it may have", n, q.Name, q.Used, q.Max)
			return
		}
	}
	f.pass(check, "there is room for what is missing of numbers, pools, lists and configuration sets")
}

// missing returns how many of each quota's things have yet to be made. What could not be read counts as there.
func (f *findings) missing() map[string]int64 {
	n := map[string]int64{}
	if f.seen.Set.Unread == nil && f.seen.Set.Is == nil {
		n["CONFIGURATION_SETS"] = 1
	}
	met := map[string]bool{}
	lacks := func(quota, name string, unread *Unread, there func() bool) {
		if key := quota + " " + name; unread == nil && !met[key] && !there() {
			met[key] = true
			n[quota]++
		}
	}
	for _, p := range f.programs {
		list, identity := Name(p.OptOutList), Name(p.Identity.String())
		lacks("OPT_OUT_LISTS", list, f.seen.Lists.Unread, func() bool { return slices.Contains(f.seen.Lists.Is, list) })
		quota, read := "PHONE_NUMBERS", f.seen.Numbers
		if p.Identity.Pool != "" {
			quota, read = "POOLS", f.seen.Pools
		}
		lacks(quota, identity, read.Unread, func() bool { return slices.ContainsFunc(read.Is, named(identity)) })
	}
	return n
}

// Queued is how many invocations may work on queues at once; see MaximumConcurrency in template.yaml.
const Queued = 24

// spare is how many invocations should be left for incoming texts and clicks.
const spare = 26

func (f *findings) runs() {
	const check = "Lambda concurrency"
	r := f.seen.Runs.Is
	switch {
	case f.unread(check, f.seen.Runs.Unread):
	case r.Inbound > 0 || r.Left >= Queued+spare:
		f.pass(check, "%d runs at once, %d kept for inbound", r.Account, r.Inbound)
	default:
		const more = "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384" +
			" --desired-value 1000"
		f.fault(check, more, "%d runs at once for all functions of the account: while a campaign takes %d of them a STOP waits",
			r.Left, Queued)
	}
}

func (f *findings) dryRuns() {
	for b, p := range f.programs {
		name := b.ID + "/" + p.ID
		check := "dry run " + name
		try := f.seen.Tries[name]
		switch {
		case try.Unread != nil && try.Unread.Denied:
			// IAM cannot allow a dry run alone: it would allow sending as well. So DoctorPolicy does not include it.
			f.pass(check, "not tried: it takes %s, which is the right to text people", try.Unread.Action)
		case f.unread(check, try.Unread):
		case try.Is.To == "":
			f.pass(check, "not tried: AWS has no simulator in %s", b.Region)
		case try.Is.Refused != "":
			row := try.Is.Refused
			if c, ok := carriercode.Refused(row); ok {
				row = c.Row()
			}
			fix := "see " + row + " in docs/carrier.md; what is mended above may mend it too"
			f.fault(check, fix, "AWS would refuse a text: %s", try.Is.Refused)
		default:
			f.pass(check, "AWS would take a text to its simulator")
		}
	}
}

// Simulator returns the number of an AWS simulator in a country that accepts every text, or empty where we know none.
// https://docs.aws.amazon.com/sms-voice/latest/userguide/test-phone-numbers.html
func Simulator(country string) string {
	return map[string]string{
		"US": "+14254147755", "AU": "+61455944038", "AT": "+43676800442031", "BE": "+32460213922", "CZ": "+420790542286",
		"DK": "+4525919410", "EE": "+37282720792", "FI": "+3584573979110", "FR": "+33755512501", "HK": "+85257048426",
	}[country]
}
