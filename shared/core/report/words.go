package report

// Urgency is how soon something should be done.
type Urgency string

// The urgencies, the most urgent first.
const (
	Now   Urgency = "now"
	Soon  Urgency = "soon"
	Later Urgency = "later"
)

// Words is what people read about a kind of finding.
type Words struct {
	Title string  // such as "Consent without proof"
	Means string  // one sentence: what was found
	Do    string  // one sentence: what to do about those that were not repaired
	When  Urgency // how soon
}

// Words returns what people read about the kind.
func (k Kind) Words() Words {
	switch k {
	case Altered:
		return Words{
			"Records altered", "The record is not as it was stored, or its chain of events does not verify.",
			"Find out who can write to the table; nothing unasked goes to these people until somebody has looked.", Now,
		}
	case CannotBeRead:
		return Words{
			"Records that cannot be read", "What is stored of the person cannot be understood.",
			"Restore the item from a backup; nothing is sent to these people.", Now,
		}
	case Unproven:
		return Words{
			"Consent without proof", "A topic is subscribed, and no request with its confirmation is on record.",
			"Ask these people again, or leave them off the list.", Now,
		}
	case TooOld:
		return Words{
			"Consent older than the law allows", "The law of the place lets a consent live for a time, and it is over.",
			"Ask these people again before anything else is sent to them.", Now,
		}
	case NotServed:
		return Words{
			"Numbers of places not served", "The number is of a place that programs.yaml does not serve, or not any more.",
			"Serve the place again, or take these people off the lists.", Soon,
		}
	case OnlyAtAWS:
		return Words{
			"Opt-outs that only AWS knew", "The number is on AWS's opt-out list and was not opted out here.",
			"Find out why the opt-outs did not come here: see that each number's two-way messaging goes to this system.", Now,
		}
	case OnlyHere:
		return Words{
			"Opt-outs that AWS did not know", "The person opted out here and the number was not on AWS's opt-out list.",
			"Put the numbers on AWS's list; nothing is sent to them meanwhile.", Soon,
		}
	case ReminderDue:
		return Words{
			"Reminders due", "The person was not told for a month how to opt out.",
			"Nothing: they are reminded at permitted hours, as far as the promised frequency leaves room.", Later,
		}
	case ListUnread:
		return Words{
			"Opt-out lists that could not be read", "AWS did not let the audit read one of its opt-out lists.",
			"See that the list of programs.yaml exists in this account and region, and that the audit's role may read it.", Soon,
		}
	case Stray:
		return Words{
			"On a list in error", "The person is on the list that campaigns walk and is not subscribed; campaigns pass them by.",
			"Run the audit again; should it stay, look what writes to the table.", Soon,
		}
	case Unlisted:
		return Words{
			"Missing from a list", "The person is subscribed and not on the list that campaigns walk, so no campaign reaches them.",
			"Run the audit again; should it stay, look what writes to the table.", Soon,
		}
	case LeftClaim:
		return Words{
			"Texts without a record", "A text was claimed and nothing tells what became of it.",
			"Look in the logs for functions that were ended; such a text is recorded as unknown and never sent again.", Soon,
		}
	case OverdueAsk:
		return Words{
			"Requests past their time", "A request to join was not answered in time and is still open.",
			"Look whether the audit's follow-up runs.", Soon,
		}
	case CarrierBlocks:
		return Words{
			"Blocked by the carrier", "The carrier blocks texts to this phone.",
			"Look whether many are of one carrier, and ask AWS Support; a single phone is its owner's choice.", Soon,
		}
	case Unreachable:
		return Words{
			"Phones out of reach", "The carrier says the number is invalid, or three texts in a row did not arrive.",
			"Nothing more is sent to them; ask for a new number where you meet these people elsewhere.", Later,
		}
	case NoTexts:
		return Words{
			"Numbers that take no texts", "The number answers by itself that it takes no texts.",
			"Ask for a mobile number where you meet these people elsewhere.", Later,
		}
	default:
		return Words{Title: string(k), Means: "An audit of another version found this.", Do: "Look at the cases.", When: Soon}
	}
}

// Actions returns every action, in the order in which reports list them.
func Actions() []Action {
	return []Action{Verified, Reminded, Deferred, Suspended, ToDigest, Asked, Removed}
}

// Words returns, in words, that the action was done n times.
func (a Action) Words(n int) string {
	switch a {
	case Verified:
		return counted(n, "record") + " recomputed from the events"
	case Reminded:
		return people(n) + " reminded how to opt out"
	case Deferred:
		return counted(n, "reminder") + " left for permitted hours"
	case Suspended:
		return counted(n, "topic") + " set aside"
	case ToDigest:
		return people(n) + " moved to the digest"
	case Asked:
		return people(n) + " asked whether they still want texts"
	case Removed:
		return people(n) + " taken off a list for want of an answer"
	default:
		return Grouped(n) + " " + string(a)
	}
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return Grouped(n) + " people"
}

// counted returns a number with a noun whose plural ends in s.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Grouped(n) + " " + what + "s"
}
