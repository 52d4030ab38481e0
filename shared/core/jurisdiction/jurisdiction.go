// Package jurisdiction knows when people may be texted: for each country and US state the permitted hours, public
// holidays, caps, consent, content and retention that its law, regulator or carriers require. They are tables that a
// lawyer can read. An engine answers from them for an instant and every place a phone may be in.
//
// The tables have one entry for each place, in one file for each region. docs/jurisdictions.md is generated from them.
// They are not legal advice. Where sources disagree, the stricter reading stands, and the entry says so.
//
// Many statutes speak of "unsolicited" messages, or exempt texts with consent or within a business relationship. Here
// their hours also bind texts that people asked for, under every policy. Nothing is sent without consent here, so with
// the other reading they would never apply. And whether a person's consent covers one more text is argued in court,
// after it was sent.
//
// The package reads no clock and does no I/O.
package jurisdiction

// Tier says who made a rule, so that nobody mistakes a courtesy for a statute.
type Tier string

// The tiers, from the strongest to the weakest.
const (
	TierLaw       Tier = "law"       // a statute or regulation that names text messages or plainly covers them
	TierLawCalls  Tier = "law-calls" // a statute about telephone calls, whose reach to text messages is doubtful
	TierRegulator Tier = "regulator" // a regulator's rule
	TierCarrier   Tier = "carrier"   // a carriers' rule, or a charter that carriers enforce
	TierGuidance  Tier = "guidance"  // what the industry advises
	TierDefault   Tier = "default"   // our own choice of decent hours, or no restriction at all
)

// Certainty says how well an entry is supported.
type Certainty string

// The certainties.
const (
	Found   Certainty = "found"   // a source says so
	Mixed   Certainty = "mixed"   // sources disagree, or support only a part; the stricter reading stands
	General Certainty = "general" // general knowledge without a source; have it reviewed
)

// Source is where an entry comes from.
type Source struct {
	Title string
	URL   string // empty where the law is named, but no page was read
}

// Entry is everything that is known about one place.
type Entry struct {
	Place string // ISO 3166-1 alpha-2, for a US state "US-" and its postal code
	Name  string
	Law   string // the statutes that govern promotional texts

	Rules    []Rule    // permitted hours, a rule for each period; without any, only the country's apply
	Holidays *Calendar // nil where no rule of the place depends on holidays

	Caps []Cap // the law's caps; mode strict adds DefaultCap

	Consent   string // kind of consent a promotional text needs
	SoftOptIn string // whether a purchase can replace it
	Content   string // what a promotional text must contain

	// OptOutMonthly says that telling people once a month how to opt out is enough. Everywhere else each promotional
	// text says it, even where no statute was found that requires it: that is the stricter reading.
	OptOutMonthly bool

	ConsentYears     int    // years after which people must be reminded of their consent; zero where the law names none
	OptOutWithin     string // how soon an opt-out must take effect; here it does at once
	OptOutYears      int    // years for which an opt-out must be honoured; zero for none. Here it holds for ever.
	RevokeAll        Duty   // one revocation stops every kind of text; zero where the law does not say so
	Retention        string // how long to keep the evidence
	OptOutWords      []Words
	TwoWay, SenderID Support // AWS End User Messaging SMS

	AsOf      Date      // when somebody last read the sources of all parts without an AsOf of their own
	Pending   string    // as in Rule, for the rest of the entry
	Certainty Certainty // of the entry except its hours
	Note      string
	Sources   []Source
}

// Rule is when promotional texts may go out in one place, during one period.
type Rule struct {
	From, Until Date    // local days: the first in force, and the first no longer in force; zero means no bound
	AsOf        Date    // when somebody last read its source, or looked for one and found none
	Pending     string  // what may change it: the bill or proceeding, the change, and the day if known
	Law         Reading // only what law, regulators and carriers require
	Strict      Reading // the strictest credible reading; never wider than Law
	Citation    string
	Certainty   Certainty
	Note        string // doubts, exemptions that we do not use, the reason for the stricter reading
}

// Duty is a rule of law that is neither hours nor a cap. The zero Duty means none.
type Duty struct {
	From     Date // first day in force
	AsOf     Date // as in Rule
	Pending  string
	Citation string
}

// Reading is the hours of a rule, read in one way. Friday and Eve only ever narrow Hours.
type Reading struct {
	Hours  Week
	Friday *Window // of Fridays, where the weekend begins then; nil for as Monday to Thursday
	Eve    *Window // of the day before a public holiday; nil for as other days
	Tier   Tier
}

// Words are replies in one language that mean opt-out, beside STOP and the other English words, which count
// everywhere.
type Words struct {
	Language string // BCP 47
	Words    []string
	Reviewed bool // false for everyday words that no native speaker or source has confirmed
}

// Support says whether AWS supports something in a country, by a copy of its table from about 2023.
type Support string

// The kinds of support. SupportUnknown is for places for which nobody read the table.
const (
	SupportUnknown Support = "unknown"

	Yes            Support = "yes"
	No             Support = "no"
	RegisteredOnly Support = "registered only"
	ShortCode      Support = "short code"
	InboundOnly    Support = "inbound-only long code"
)
