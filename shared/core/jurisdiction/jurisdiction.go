// Package jurisdiction knows who may be texted when: for each country and US state the permitted hours, public
// holidays, caps, consent, content and retention that its law, regulator or carriers ask for, as tables that a lawyer
// can read, and an engine that answers for an instant and every place a phone may be in.
//
// The tables are one entry a place, in one file a region. docs/jurisdictions.md is generated from them. They are not
// legal advice. Where sources disagree the stricter reading stands, and the entry says so.
//
// Many statutes speak of "unsolicited" messages, or give way to consent or to a business relationship. They are all
// read in one way: their hours bind texts that people asked for, too, under every policy. Nothing goes out here
// without consent, so the other reading would leave nothing of them; and whether what a person agreed to covers one
// more text is argued in court, after it went out.
//
// The package reads no clock and does no I/O.
package jurisdiction

// Tier says who asks for a rule, so that nobody mistakes a courtesy for a statute.
type Tier string

// The tiers, from the strongest to the weakest.
const (
	TierLaw       Tier = "law"       // a statute or regulation that names text messages or plainly covers them
	TierLawCalls  Tier = "law-calls" // a statute about telephone calls, whose reach to text messages is doubtful
	TierRegulator Tier = "regulator" // a regulator's rule
	TierCarrier   Tier = "carrier"   // an operators' rule or a charter that operators enforce
	TierGuidance  Tier = "guidance"  // what the industry advises
	TierDefault   Tier = "default"   // nobody's rule: our own choice of decent hours, or no restriction at all
)

// Certainty says how well a row is supported.
type Certainty string

// The certainties.
const (
	Found   Certainty = "found"   // a source says so
	Mixed   Certainty = "mixed"   // sources disagree, or only part of the row has one; the stricter reading stands
	General Certainty = "general" // general knowledge that no source has confirmed: have it reviewed
)

// Source is where a row comes from.
type Source struct {
	Title string
	URL   string // empty where the law itself is named and no page of it was read
}

// Entry is all that is known about one place.
type Entry struct {
	Place string // ISO 3166-1 alpha-2, for a US state "US-" and its postal code
	Name  string
	Law   string // the statutes that govern promotional texts

	Rules    []Rule    // permitted hours, a rule a period; none: those of the country alone
	Holidays *Calendar // nil where no rule of the place heeds holidays

	Caps []Cap // what the place's law allows at most; under strict the default of three a day comes on top

	Consent   string // kind of consent a promotional text needs
	SoftOptIn string // whether a purchase can stand in for it
	Content   string // what a promotional text must contain

	// OptOutMonthly says that telling people once a month how to opt out is enough. Everywhere else each promotional
	// text tells it, also where no statute was read that asks for it: the stricter reading.
	OptOutMonthly bool

	ConsentYears     int    // years after which people must be told anew that they consented; zero: the law names none
	OptOutWithin     string // how soon an opt-out must take effect at the latest; this application does it at once
	OptOutYears      int    // years for which an opt-out must be honoured by law; zero: none named. We keep it for ever.
	RevokeAll        Duty   // one revocation reaches every kind of text; zero: the law does not say so
	Retention        string // how long to keep the evidence
	OptOutWords      []Words
	TwoWay, SenderID Support // AWS End User Messaging SMS

	AsOf      Date      // day on which somebody last read the sources of what carries no day of its own
	Pending   string    // what would change the rest of the entry, as in Rule
	Certainty Certainty // of the entry but for its hours, which carry their own
	Note      string
	Sources   []Source
}

// Rule is when promotional texts may go out in one place, for one period.
type Rule struct {
	From, Until Date    // first local day in force, and first no longer; zero: no bound
	AsOf        Date    // day on which somebody last read its source, or looked for one and found none
	Pending     string  // what would change it: the bill or proceeding, the change, and the day where one is known
	Law         Reading // only what law, regulator or carriers ask
	Strict      Reading // the strictest credible reading; never wider than Law
	Citation    string
	Certainty   Certainty
	Note        string // doubts, exemptions not used, why the stricter reading was taken
}

// Duty is a rule of law that is neither hours nor a cap. The zero Duty is none.
type Duty struct {
	From     Date // first day in force
	AsOf     Date // as in Rule
	Pending  string
	Citation string
}

// Reading is the hours of one reading of a rule. Friday and Eve only ever cut what Hours permits.
type Reading struct {
	Hours  Week
	Friday *Window // of Fridays, where the week ends then; nil: as Monday to Thursday
	Eve    *Window // of the day before a public holiday; nil: as other days
	Tier   Tier
}

// Words are replies that mean opt-out in one language, beside STOP and the other English words, which count everywhere.
type Words struct {
	Language string // BCP 47
	Words    []string
	Reviewed bool // false: everyday words that no native speaker or source has confirmed yet
}

// Support says what AWS can do in a country, by a copy of its table from about 2023.
type Support string

// What AWS can do. SupportUnknown is for places AWS' table was not read for.
const (
	SupportUnknown Support = "unknown"

	Yes            Support = "yes"
	No             Support = "no"
	RegisteredOnly Support = "registered only"
	ShortCode      Support = "short code"
	InboundOnly    Support = "inbound-only long code"
)
