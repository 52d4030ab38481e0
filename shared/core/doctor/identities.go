package doctor

import (
	"slices"
	"strconv"
	"strings"

	"smsconsent/shared/core/program"
)

const console = "https://console.aws.amazon.com/sms-voice/"

func (f *findings) lists() {
	if f.unread("opt-out lists", f.seen.Lists.Unread) {
		return
	}
	for _, p := range f.programs {
		list := Name(p.OptOutList)
		if slices.Contains(f.seen.Lists.Is, list) {
			f.pass("opt-out list "+list, "exists")
		} else {
			f.fixable("opt-out list "+list, MakeList{list}, "does not exist; %s needs it for those who say STOP", p.ID)
		}
	}
}

func (f *findings) identities() {
	for _, p := range f.programs {
		read, pool := f.seen.Numbers, p.Identity.Pool != ""
		if pool {
			read = f.seen.Pools
		}
		name := Name(p.Identity.String())
		check := "identity " + name
		if f.unread(check, read.Unread) {
			continue
		}
		at := slices.IndexFunc(read.Is, named(name))
		if at < 0 {
			f.fault(check, "request it at "+console+", or correct identity of "+p.ID+" in programs.yaml",
				"the account has none of that name in %s", f.stack.Region)
			continue
		}
		f.identity(name, &read.Is[at], p)
		if pool {
			f.members(name, &read.Is[at], p)
		}
		f.rate(name, &read.Is[at], p)
	}
}

// named returns a function that reports whether an identity has the ID or the phone number.
func named(name string) func(Identity) bool {
	return func(i Identity) bool { return i.ID == name || i.Phone == name }
}

func (f *findings) identity(name string, is *Identity, p *program.Program) {
	if is.Status == "ACTIVE" {
		f.pass("identity "+name, "is active")
	} else {
		f.fault("identity "+name, "finish its registration, or wait: "+console,
			"is %s, and sends nothing until it is ACTIVE", is.Status)
	}
	if want := strings.ToUpper(string(p.Class)); is.MessageType == want {
		f.pass("message type "+name, "is %s", want)
	} else {
		f.fault("message type "+name, "a number keeps its type: request one that is "+want+", and name it in programs.yaml",
			"is %s, and %s sends %s", is.MessageType, p.ID, want)
	}
	if p.Identity.International && p.Identity.Pool == "" {
		if is.International {
			f.pass("international "+name, "AWS sends from it to other countries")
		} else {
			f.fault("international "+name, cli+"update-phone-number --phone-number-id "+is.ID+" --international-sending-enabled",
				"programs.yaml says that it reaches other countries, and AWS sends from it to %s only", is.Country)
		}
	}
	f.incoming(name, is)
	if list := Name(p.OptOutList); is.List == list {
		f.pass("list "+name, "is %s", list)
	} else {
		// People on the other list said STOP as well, so a person has to decide about them.
		f.fault("list "+name, Update{Pool: is.Phone == "", ID: is.ID, List: list}.Command(),
			"is %s, and programs.yaml says %s; numbers on %s must be put on %s first", is.List, list, is.List, list)
	}
}

// incoming checks whether incoming texts reach the stack, and whether AWS leaves STOP to it. Where AWS stops answering
// STOP and the stack does not get it, nobody honours it. So the second is never fixed without the first.
func (f *findings) incoming(name string, is *Identity) {
	hear := Update{Pool: is.Phone == "", ID: is.ID, TwoWayTo: f.stack.InboundTopic()}
	hears, elsewhere := is.TwoWay && is.TwoWayTo == hear.TwoWayTo, is.TwoWay && is.TwoWayTo != hear.TwoWayTo
	switch {
	case hears:
		f.pass("two-way "+name, "what people text comes to the stack")
	case elsewhere:
		f.fault("two-way "+name, hear.Command(), "what people text goes to %s, which would hear no more of it", is.TwoWayTo)
	default:
		f.fixable("two-way "+name, hear, "is off: nobody hears what people text, STOP included")
	}
	answer := Update{Pool: hear.Pool, ID: is.ID, SelfManaged: true}
	switch {
	case is.SelfManaged:
		f.pass("self-managed opt-outs "+name, "AWS leaves STOP and HELP to the stack")
	case elsewhere:
		f.fault("self-managed opt-outs "+name, answer.Command(),
			"AWS answers STOP itself; first mend two-way, or nobody hears it")
	default:
		f.fixable("self-managed opt-outs "+name, answer, "AWS answers STOP and HELP itself, and the stack never hears them")
	}
}

func (f *findings) members(name string, is *Identity, p *program.Program) {
	check := "numbers " + name
	if f.unread(check, is.Members.Unread) {
		return
	}
	for _, n := range p.Identity.Numbers {
		if !slices.Contains(is.Members.Is, string(n)) {
			f.fault(check, cli+"associate-origination-identity --pool-id "+is.ID+" --iso-country-code "+n.Country()+
				" --origination-identity "+string(n), "%s is not in the pool", n)
			return
		}
	}
	for _, n := range is.Members.Is {
		if !p.Identity.Answers(n) {
			f.fault(check, "add "+n+" to numbers of "+p.ID+" in programs.yaml",
				"the pool also sends from %s, and what people text to it is not known to be for %s", n, p.ID)
			return
		}
	}
	f.pass(check, "are those of programs.yaml")
}

// rate compares messages_per_second with what AWS lets the numbers send. The API does not tell the limit of a single
// number, so the general limit of its type is used, which AWS can raise for a 10DLC number.
// https://docs.aws.amazon.com/sms-voice/latest/userguide/sms-limitations-mps.html
func (f *findings) rate(name string, is *Identity, p *program.Program) {
	check := "rate " + name
	numbers := []Identity{*is}
	if is.Phone == "" {
		numbers = slices.DeleteFunc(slices.Clone(f.seen.Numbers.Is), func(n Identity) bool { return n.Pool != is.ID })
	}
	most, raised := 0, false
	for i := range numbers {
		n, known := generalRate(&numbers[i])
		if !known {
			f.pass(check, "AWS sets the limit of a %s of %s one by one; see Messaging limits at %s",
				numbers[i].Type, numbers[i].Country, console)
			return
		}
		most += n
		raised = raised || numbers[i].Type == "TEN_DLC"
	}
	switch {
	case len(numbers) == 0:
		f.pass(check, "the numbers of the pool are not known")
	case p.PerSecond <= most:
		f.pass(check, "%d a second is at most the %d that AWS allows", p.PerSecond, most)
	case raised:
		f.pass(check, "%d a second is more than the %d a 10DLC number begins with; see that it was raised for you: %s",
			p.PerSecond, most, console)
	default:
		f.fault(check, "write messages_per_second: "+strconv.Itoa(most)+" for "+p.ID+" in programs.yaml",
			"%d a second is more than the %d that AWS allows: the rest is throttled", p.PerSecond, most)
	}
}

// generalRate returns how many message parts per second AWS lets a number of that type send, and false where it does
// not say.
func generalRate(n *Identity) (perSecond int, known bool) {
	switch {
	case n.Type == "SHORT_CODE" && (n.Country == "US" || n.Country == "CA"):
		return 100, true
	case n.Type == "TEN_DLC", n.Type == "LONG_CODE" && (n.Country == "US" || n.Country == "CA"):
		return 1, true
	case n.Type == "LONG_CODE":
		return 10, true
	case n.Type == "TOLL_FREE":
		return 3, true
	default:
		return 0, false
	}
}
