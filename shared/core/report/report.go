package report

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
)

// Version is the version of the JSON document. It rises when a reader of the version before would misunderstand it.
const Version = 1

// Report is the result of one audit. Its JSON form is described in docs/schemas/audit-report.json.
type Report struct {
	Version int       `json:"version"`
	Run     string    `json:"run"`    // see ID
	Began   time.Time `json:"began"`  // UTC
	Ended   time.Time `json:"ended"`  // UTC
	Policy  string    `json:"policy"` // hash of the programs.yaml in force
	Brands  []Brand   `json:"brands"`
	Summary []Key     `json:"summary"`
	Next    []Step    `json:"next"`
	Figures Figures   `json:"figures"`
	Before  *Before   `json:"before,omitempty"`
}

// Brand is a brand whose lists were audited.
type Brand struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`
	Topics []TopicName `json:"topics"`
}

// TopicName is a topic and its name.
type TopicName struct {
	ID    string        `json:"id"`
	Name  string        `json:"name"`
	Class program.Class `json:"class"`

	limits program.Limits
}

// Before is the audit before, without what nothing is compared with: months, campaigns and cases.
type Before struct {
	Run     string    `json:"run"`
	Ended   time.Time `json:"ended"` // UTC
	Figures Figures   `json:"figures"`
}

// Key is one of the most important figures.
type Key struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Value  float64  `json:"value"`
	Unit   string   `json:"unit,omitempty"`   // "%" or "per 1,000 texts"; empty for a plain number
	Before *float64 `json:"before,omitempty"` // its value in the audit before; nil where there is none
	Better string   `json:"better,omitempty"` // "up" or "down"; empty where neither is
}

// Change returns by how much the figure has risen since the audit before, and false where that is unknown.
func (k Key) Change() (by float64, known bool) {
	if k.Before == nil {
		return 0, false
	}
	return tenth(k.Value - *k.Before), true
}

// idLayout makes IDs that sort by time and can be part of a file name and an address.
const idLayout = "20060102T150405.000Z"

// ID returns the ID of the audit that began at that time.
func ID(began time.Time) string { return began.UTC().Format(idLayout) }

// ParseID returns when the audit with that ID began, and false where it is no ID.
func ParseID(id string) (began time.Time, ok bool) {
	began, err := time.Parse(idLayout, id)
	return began, err == nil && ID(began) == id
}

// New makes the report of an audit from its figures. before is the report of the audit before it, nil for the first.
func New(c *program.Catalog, began, ended time.Time, f Figures, before *Report) Report {
	r := Report{
		Version: Version, Run: ID(began), Began: began.UTC(), Ended: ended.UTC(), Policy: c.Hash(),
		Brands: brands(c), Figures: f,
	}
	if before != nil {
		// Only what is compared is kept, or each report would contain all earlier ones.
		r.Before = &Before{Run: before.Run, Ended: before.Ended, Figures: before.Figures.withoutDetails()}
	}
	r.Summary = r.summary()
	r.Next = next(&r)
	return r
}

func brands(c *program.Catalog) []Brand {
	all := make([]Brand, len(c.Brands))
	for i := range c.Brands {
		b := &c.Brands[i]
		all[i] = Brand{ID: b.ID, Name: b.Name}
		for j := range b.Programs {
			for _, t := range b.Programs[j].Topics {
				all[i].Topics = append(all[i].Topics, TopicName{ID: t.ID, Name: t.Name, Class: t.Class, limits: t.Limits})
			}
		}
	}
	return all
}

// withoutDetails returns the figures without months, campaigns and cases.
func (f Figures) withoutDetails() Figures {
	f.All.Months, f.Campaigns = nil, Campaigns{}
	topics := map[string]Topic{}
	for id, t := range f.Topics {
		t.Months = nil
		topics[id] = t
	}
	findings := map[Kind]Finding{}
	for kind, found := range f.Findings {
		found.Cases = nil
		findings[kind] = found
	}
	f.Topics, f.Findings = topics, findings
	return f
}

// keyFigure is one of the most important figures and how it is computed. known is false where it cannot be.
type keyFigure struct {
	Key
	of func(f *Figures) (value float64, known bool)
}

// summary returns the most important figures. Those that cannot be computed are left out.
func (r *Report) summary() (keys []Key) {
	number := func(of func(f *Figures) int) func(*Figures) (float64, bool) {
		return func(f *Figures) (float64, bool) { return float64(of(f)), true }
	}
	for _, k := range []keyFigure{
		{
			Key{ID: "subscribed", Name: "People on a list", Better: "up"},
			number(func(f *Figures) int { return f.Subscribed }),
		},
		{
			Key{ID: "open", Name: "Findings to look at", Better: "down"},
			number(func(f *Figures) int { return f.Open() }),
		},
		{
			Key{ID: "opt-outs", Name: "Opt-outs", Unit: "per 1,000 texts", Better: "down"},
			func(f *Figures) (float64, bool) { return f.All.OptOutRate() },
		},
		{
			Key{ID: "delivered", Name: "Delivered", Unit: "%", Better: "up"},
			func(f *Figures) (float64, bool) { return f.All.Texts.DeliveredShare() },
		},
		{Key{ID: "sent", Name: "Texts sent"}, number(func(f *Figures) int { return f.All.Texts.Sent })},
		{
			Key{ID: "unreachable", Name: "Phones out of reach", Better: "down"},
			number(func(f *Figures) int { return f.Unreachable }),
		},
		{
			Key{ID: "pending", Name: "Waiting for a YES"},
			number(func(f *Figures) int { return f.inState(consent.Pending) }),
		},
		{Key{ID: "people", Name: "People on record"}, number(func(f *Figures) int { return f.People })},
	} {
		value, ok := k.of(&r.Figures)
		if !ok {
			continue
		}
		k.Value = value
		if r.Before != nil {
			if before, ok := k.of(&r.Before.Figures); ok {
				k.Before = &before
			}
		}
		keys = append(keys, k.Key)
	}
	return keys
}

// inState returns how many times a topic of a person is in a state.
func (f *Figures) inState(s consent.State) (n int) {
	for _, t := range f.Topics {
		n += t.States[s]
	}
	return n
}

// Open returns how many findings are not repaired.
func (f *Figures) Open() (n int) {
	for _, found := range f.Findings {
		n += found.Open()
	}
	return n
}

// OptOutRate returns the opt-outs per 1,000 texts, rounded to a tenth, and false where no text was sent.
func (t *Tally) OptOutRate() (perThousand float64, known bool) { return rate(t.OptOuts, t.Texts.Sent) }

// OptOutRate returns the opt-outs per 1,000 texts, rounded to a tenth, and false where no text was sent.
func (c *Campaign) OptOutRate() (perThousand float64, known bool) {
	return rate(c.OptOuts, c.Texts.Sent)
}

// ClickShare returns the percentage of people texted who followed a link, rounded to a tenth, and false where none
// was texted.
func (c *Campaign) ClickShare() (percent float64, known bool) { return share(c.Clicks, c.Texts.Sent) }

// DeliveredShare returns the percentage of texts with a known outcome that arrived, rounded to a tenth, and false
// where there are none.
func (t *Texts) DeliveredShare() (percent float64, known bool) {
	return share(t.Delivered, t.Delivered+t.Undelivered)
}

func rate(n, of int) (float64, bool) {
	if of == 0 {
		return 0, false
	}
	return tenth(1000 * float64(n) / float64(of)), true
}

func share(n, of int) (float64, bool) {
	if of == 0 {
		return 0, false
	}
	return tenth(100 * float64(n) / float64(of)), true
}

func tenth(x float64) float64 { return math.Round(10*x) / 10 }

// TopicIDs returns the topics with figures, in the order of programs.yaml. Topics that are no longer in it come last.
func (r *Report) TopicIDs() []string {
	place := map[string]int{}
	for _, b := range r.Brands {
		for _, t := range b.Topics {
			place[b.ID+"/"+t.ID] = len(place) - 1<<20
		}
	}
	var ids []string
	for id := range r.Figures.Topics {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(place[a], place[b]), strings.Compare(a, b)) })
	return ids
}

// TopicNamed returns the brand's and the topic's name, such as "Example Corp. alerts", or the ID of a topic that is
// no longer in programs.yaml.
func (r *Report) TopicNamed(id string) string {
	name, _ := r.topic(id)
	return name
}

// topic returns the name of a topic and its limits, which are zero for a topic that is no longer in programs.yaml.
func (r *Report) topic(id string) (name string, limits program.Limits) {
	brand, topic, _ := strings.Cut(id, "/")
	for _, b := range r.Brands {
		for _, t := range b.Topics {
			if b.ID == brand && t.ID == topic {
				return b.Name + " " + t.Name, t.limits
			}
		}
	}
	return id, limits
}
