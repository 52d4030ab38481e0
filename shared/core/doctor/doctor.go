// Package doctor judges whether an AWS account is set up as programs.yaml and the stack need it: from what was read of
// the account it makes findings, each with the command that mends it.
package doctor

import (
	"fmt"
	"slices"
	"strings"

	"smsconsent/shared/core/program"
)

// Finding is what one check found.
type Finding struct {
	Check   string `json:"check"` // what was looked at, such as "two-way +12065550100"
	OK      bool   `json:"ok"`
	Because string `json:"because"`
	Fix     string `json:"fix"` // the command that mends it, or what to do where no command does; empty where all is well
	Remedy  Remedy `json:"-"`   // what may be done about it unasked; nil where a person has to decide
}

// Read is something AWS was asked for: what it said, or why it said nothing.
type Read[T any] struct {
	Is     T
	Unread *Unread // nil where AWS answered
}

// Unread says why something could not be read.
type Unread struct {
	Action string // the IAM action, such as "sms-voice:DescribePools"
	Denied bool   // whoever asked lacks it
	Why    string // AWS's code otherwise
}

// Stack is what the resources of a stack are called by.
type Stack struct{ Name, Partition, Region, Account string }

func (s Stack) arn(service, resource string) string {
	return "arn:" + s.Partition + ":" + service + ":" + s.Region + ":" + s.Account + ":" + resource
}

// InboundTopic returns the ARN of the topic to which AWS hands what people text.
func (s Stack) InboundTopic() string { return s.arn("sns", s.Name+"-inbound") }

// DeliveryTopic returns the ARN of the topic to which AWS tells what became of texts.
func (s Stack) DeliveryTopic() string { return s.arn("sns", s.Name+"-delivery") }

// Alias is the alias of each function by which events come to it.
const Alias = "live"

// Function returns the name of a function, such as "inbound".
func (s Stack) Function(name string) string { return s.Name + "-" + name }

// ConfigurationSet returns the name under which AWS tells the stack what became of texts.
func (s Stack) ConfigurationSet() string { return s.Name }

// Functions returns the functions of a stack.
func Functions() []string {
	return []string{
		"optin", "inbound", "preferences", "sendcheck", "audit", "receipts", "records", "texts", "channels", "link", "stream",
	}
}

// Identity is a phone number or a pool of the account. Phone, Type, Country and International are of numbers only,
// Members of pools.
type Identity struct {
	ID          string // such as phone-0123456789abcdef or pool-0123456789abcdef
	Phone       string
	Type        string // AWS's NumberType, such as TEN_DLC
	Country     string // ISO 3166-1 alpha-2
	Status      string
	MessageType string
	TwoWay      bool
	TwoWayTo    string // ARN of the topic
	SelfManaged bool   // AWS leaves answers to STOP and HELP to whoever owns the number
	List        string // name of its opt-out list
	Pool        string // ID of the pool the number is in

	International bool // it sends to other countries than its own
	Members       Read[[]string]
}

// Set is a configuration set. Nil is none.
type Set struct {
	Protect      string // ID of its Protect configuration
	Destinations []Destination
}

// Destination is where a configuration set tells of events.
type Destination struct {
	Name    string
	Enabled bool
	Topic   string
	Events  []string
}

// Protect is what a Protect configuration says of the countries it knows. An empty ID is none.
type Protect struct {
	ID      string
	Blocked []string
	Allowed []string
}

// Spending is a month's limit on texts, in US dollars: what is in force, and what AWS grants at most.
type Spending struct{ Enforced, Most int64 }

// Quota is how much of something the account may have, and has.
type Quota struct {
	Name      string
	Used, Max int64
}

// Runs is how many runs of functions Lambda allows at once: in the account, kept for inbound, and left for the others.
type Runs struct{ Account, Inbound, Left int }

// Function is a function as it is deployed.
type Function struct {
	State     string            // AWS's State; empty where there is no such function
	Variables map[string]string // of its environment
}

// Key is a parameter that holds a secret. The secret itself is not here.
type Key struct {
	Name   string
	Type   string       // AWS's type; empty where there is none of the name
	Faulty Read[string] // what is wrong with its value; empty where nothing is
}

// Subscriptions are who hears of a topic: the endpoints' ARNs.
type Subscriptions = Read[[]string]

// Try is a text of a program that AWS was asked about and did not send.
type Try struct {
	To      string // a simulator's number; empty where the program's country has none
	Refused string // AWS's reason; empty where it would have taken the text
}

// Seen is what was read of the account.
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
	Tries     map[string]Read[Try] // by brand and program, such as "example/alerts"
}

// findings gathers what checks find.
type findings struct {
	catalog *program.Catalog
	stack   Stack
	seen    *Seen
	all     []Finding
}

// Diagnose returns what every check finds, in the order in which things are mended.
func Diagnose(c *program.Catalog, s Stack, seen *Seen) []Finding {
	f := &findings{catalog: c, stack: s, seen: seen}
	f.functions()
	f.keys()
	f.tier()
	f.lists()
	f.identities()
	f.set()
	f.subscriptions()
	f.protect()
	f.spending()
	f.quotas()
	f.runs()
	f.tries()
	return f.all
}

// Healthy reports whether every check is well.
func Healthy(all []Finding) bool {
	return !slices.ContainsFunc(all, func(f Finding) bool { return !f.OK })
}

func (f *findings) well(check, because string, args ...any) {
	f.all = append(f.all, Finding{Check: check, OK: true, Because: fmt.Sprintf(because, args...)})
}

// ill adds a fault that somebody has to mend by hand.
func (f *findings) ill(check, fix, because string, args ...any) {
	f.all = append(f.all, Finding{Check: check, Because: fmt.Sprintf(because, args...), Fix: fix})
}

// curable adds a fault that may be mended unasked.
func (f *findings) curable(check string, r Remedy, because string, args ...any) {
	f.all = append(f.all, Finding{Check: check, Because: fmt.Sprintf(because, args...), Fix: r.Command(), Remedy: r})
}

// unread adds that something could not be looked at, and reports whether that is so.
func (f *findings) unread(check string, u *Unread) bool {
	switch {
	case u == nil:
		return false
	case u.Denied:
		fix := "attach DoctorPolicyArn of the stack's outputs to whoever runs this; it allows " + u.Action
		f.ill(check, fix, "not looked at: you lack %s", u.Action)
	default:
		fix := "see to what AWS says of " + u.Action + ", and run smsconsent doctor again"
		f.ill(check, fix, "not looked at: AWS says %s", u.Why)
	}
	return true
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
		case "Active", "Inactive": // Lambda lets one sleep that nobody called for weeks
		default:
			broken = append(broken, name+" is "+state)
		}
	}
	switch {
	case len(missing) == len(Functions()):
		f.ill("functions", "name the stack with --stack, or deploy it: sam deploy", "there is no stack %s here", f.stack.Name)
	case len(missing)+len(broken) > 0:
		f.ill("functions", "sam deploy", "missing: %s; not running: %s", words(missing), words(broken))
	default:
		f.well("functions", "all %d are deployed", len(Functions()))
	}
}

// words lists names for people.
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

// Name returns what an ARN or a name calls a resource: both ways of writing mean the same thing.
func Name(nameOrARN string) string { return nameOrARN[strings.LastIndexByte(nameOrARN, '/')+1:] }
