// Package doctor checks whether an AWS account is set up as programs.yaml and the stack need it. It turns what package
// checkup has read from the account into findings, each with the command that fixes it. To begin, read Diagnose.
package doctor

import (
	"fmt"
	"slices"
	"strings"

	"smsconsent/shared/core/program"
)

// Finding is the result of one check.
type Finding struct {
	Check   string `json:"check"` // what was checked, such as "two-way +12065550100"
	OK      bool   `json:"ok"`
	Because string `json:"because"`
	Fix     string `json:"fix"` // the command that fixes it, or what to do where there is none; empty where OK
	Remedy  Remedy `json:"-"`   // the fix that is safe to make automatically; nil where a person has to decide
}

// Read is an answer of AWS, or why there is none.
type Read[T any] struct {
	Is     T
	Unread *Unread // nil where AWS answered
}

// Unread says why something could not be read.
type Unread struct {
	Action string // the IAM action, such as "sms-voice:DescribePools"
	Denied bool   // the caller lacks that permission
	Why    string // otherwise, AWS's error code
}

// Stack has what the names of a stack's resources are made of.
type Stack struct{ Name, Partition, Region, Account string }

func (s Stack) arn(service, resource string) string {
	return "arn:" + s.Partition + ":" + service + ":" + s.Region + ":" + s.Account + ":" + resource
}

// InboundTopic returns the ARN of the topic for incoming texts.
func (s Stack) InboundTopic() string { return s.arn("sns", s.Name+"-inbound") }

// DeliveryTopic returns the ARN of the topic for delivery events.
func (s Stack) DeliveryTopic() string { return s.arn("sns", s.Name+"-delivery") }

// AlarmTopic returns the ARN of the topic for alarms.
func (s Stack) AlarmTopic() string { return s.arn("sns", s.Name+"-alarms") }

// Alias is the alias of each function that events go to.
const Alias = "live"

// Function returns the full name of a function such as "inbound".
func (s Stack) Function(name string) string { return s.Name + "-" + name }

// ConfigurationSet returns the name of the configuration set through which the stack gets delivery events.
func (s Stack) ConfigurationSet() string { return s.Name }

// Functions returns the names of the functions of a stack.
func Functions() []string {
	return []string{
		"optin", "inbound", "preferences", "sendcheck", "audit", "receipts", "records", "texts", "channels", "link", "stream",
	}
}

// Identity is a phone number or a pool of the account. Only numbers have Phone, Type, Country and International; only
// pools have Members.
type Identity struct {
	ID          string // such as phone-0123456789abcdef or pool-0123456789abcdef
	Phone       string
	Type        string // AWS's NumberType, such as TEN_DLC
	Country     string // ISO 3166-1 alpha-2
	Status      string
	MessageType string
	TwoWay      bool
	TwoWayTo    string // ARN of the topic
	SelfManaged bool   // AWS leaves the answers to STOP and HELP to the owner of the number
	List        string // name of its opt-out list
	Pool        string // ID of the pool the number is in

	International bool // it may send to countries other than its own
	Members       Read[[]string]
}

// Set is a configuration set. Nil means there is none.
type Set struct {
	Protect      string // ID of its Protect configuration
	Destinations []Destination
}

// Destination is where a configuration set sends events.
type Destination struct {
	Name    string
	Enabled bool
	Topic   string
	Events  []string
}

// Protect lists the countries that a Protect configuration blocks and allows. An empty ID means there is none.
type Protect struct {
	ID      string
	Blocked []string
	Allowed []string
}

// Spending is the monthly limit for texts in US dollars: the one in force, and the highest that AWS allows.
type Spending struct{ Enforced, Most int64 }

// Quota is how much of something the account has, and may have.
type Quota struct {
	Name      string
	Used, Max int64
}

// Runs is how many invocations of functions Lambda allows at once: in the account, reserved for inbound, and left for
// the others.
type Runs struct{ Account, Inbound, Left int }

// Function is a deployed function.
type Function struct {
	State     string            // AWS's State; empty where there is no such function
	Variables map[string]string // its environment
}

// Key is a parameter that holds a secret. The secret itself is not here.
type Key struct {
	Name   string
	Type   string       // AWS's type; empty where there is no such parameter
	Faulty Read[string] // what is wrong with its value; empty where nothing is
}

// Subscriptions is the endpoints that hear of a topic: ARNs and e-mail addresses. Who has not confirmed hears nothing.
type Subscriptions = Read[[]string]

// Try is a text of a program that AWS was asked about without sending it (a dry run).
type Try struct {
	To      string // number of a simulator; empty where the program's country has none
	Refused string // AWS's reason; empty where it would have taken the text
}

// Seen is everything that was read from the account.
type Seen struct {
	Numbers   Read[[]Identity]
	Pools     Read[[]Identity]
	Lists     Read[[]string]
	Set       Read[*Set]
	Protect   Read[Protect]
	Spending  Read[Spending]
	Tier      Read[string]
	Quotas    Read[[]Quota]
	Runs      Read[Runs]
	Functions map[string]Read[Function] // by name, such as "inbound"
	Keys      map[string]Read[Key]      // by the variable that names the parameter
	Inbound   Subscriptions
	Delivery  Subscriptions
	Alarms    Subscriptions
	Tries     map[string]Read[Try] // by brand and program, such as "example/alerts"
}

// findings collects the results of the checks.
type findings struct {
	catalog *program.Catalog
	stack   Stack
	seen    *Seen
	all     []Finding
}

// Diagnose returns the result of every check, in the order in which faults are best fixed. Where the account shows no
// function of the stack its name may be mistyped. That is then the only finding, for every other one would take
// numbers from the stack that is meant, or make things for one that does not exist.
func Diagnose(c *program.Catalog, s Stack, seen *Seen) []Finding {
	f := &findings{catalog: c, stack: s, seen: seen}
	if f.nowhere() {
		return f.all
	}
	f.functions()
	f.keys()
	f.tier()
	f.lists()
	f.identities()
	f.set()
	f.subscriptions()
	f.alarms()
	f.protect()
	f.spending()
	f.quotas()
	f.runs()
	f.dryRuns()
	return f.all
}

// Healthy reports whether every check is OK.
func Healthy(all []Finding) bool {
	return !slices.ContainsFunc(all, func(f Finding) bool { return !f.OK })
}

// pass adds a check without a fault.
func (f *findings) pass(check, because string, args ...any) {
	f.all = append(f.all, Finding{Check: check, OK: true, Because: fmt.Sprintf(because, args...)})
}

// fault adds a fault that a person has to fix.
func (f *findings) fault(check, fix, because string, args ...any) {
	f.all = append(f.all, Finding{Check: check, Because: fmt.Sprintf(because, args...), Fix: fix})
}

// fixable adds a fault that may be fixed automatically.
func (f *findings) fixable(check string, r Remedy, because string, args ...any) {
	f.all = append(f.all, Finding{Check: check, Because: fmt.Sprintf(because, args...), Fix: r.Command(), Remedy: r})
}

// unread adds a finding for something that could not be read, and returns true. It returns false where u is nil.
func (f *findings) unread(check string, u *Unread) bool {
	switch {
	case u == nil:
		return false
	case u.Denied:
		fix := "attach DoctorPolicyArn of the stack's outputs to whoever runs this; it allows " + u.Action
		f.fault(check, fix, "not looked at: you lack %s", u.Action)
	default:
		fix := "see to what AWS says of " + u.Action + ", and run smsconsent doctor again"
		f.fault(check, fix, "not looked at: AWS says %s", u.Why)
	}
	return true
}

// nowhere reports whether no function of the stack was seen, and adds a finding that says so.
func (f *findings) nowhere() bool {
	var unread *Unread
	for _, name := range Functions() {
		read := f.seen.Functions[name]
		if read.Is.State != "" {
			return false
		}
		if read.Unread != nil {
			unread = read.Unread
		}
	}
	if f.unread("functions", unread) { // the right to read covers functions of one stack only
		last := &f.all[len(f.all)-1]
		last.Because += fmt.Sprintf("; or there is no stack %s", f.stack.Name)
		last.Fix = "name the stack with --stack, or " + last.Fix
		return true
	}
	because := fmt.Sprintf("there is no stack %s here", f.stack.Name)
	if others := f.others(); len(others) > 0 {
		because += "; numbers send what people text to " + words(others)
	}
	f.fault("functions", "name the stack with --stack, or deploy it: sam deploy", "%s", because)
	return true
}

// others returns the names of the stacks whose inbound topic a number or a pool names.
func (f *findings) others() (names []string) {
	for _, i := range slices.Concat(f.seen.Numbers.Is, f.seen.Pools.Is) {
		topic := i.TwoWayTo[strings.LastIndexByte(i.TwoWayTo, ':')+1:]
		if name, ours := strings.CutSuffix(topic, "-inbound"); ours && i.TwoWay {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (f *findings) functions() {
	var missing, broken []string
	for _, name := range Functions() {
		read := f.seen.Functions[name]
		if f.unread("function "+name, read.Unread) {
			continue
		}
		switch state := read.Is.State; state {
		case "":
			missing = append(missing, name)
		case "Active", "Inactive": // Lambda makes a function inactive after weeks without a call
		default:
			broken = append(broken, name+" is "+state)
		}
	}
	switch {
	case len(missing)+len(broken) > 0:
		f.fault("functions", "sam deploy", "missing: %s; not running: %s", words(missing), words(broken))
	default:
		f.pass("functions", "all %d are deployed", len(Functions()))
	}
}

// words joins names with commas.
func words(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// programs returns every program with its brand.
func (f *findings) programs(yield func(*program.Brand, *program.Program) bool) {
	for i := range f.catalog.Brands {
		b := &f.catalog.Brands[i]
		for j := range b.Programs {
			if !yield(b, &b.Programs[j]) {
				return
			}
		}
	}
}

// Name returns the name of a resource from its ARN or its name.
func Name(nameOrARN string) string { return nameOrARN[strings.LastIndexByte(nameOrARN, '/')+1:] }
