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

// Version is that of the document, which rises where a reader of the one before would misunderstand it.
const Version = 1

// Report is what one run of the audit found. As JSON it is the document that docs/audit-report.schema.json describes.
type Report struct {
	Version int       `json:"version"`
	Run     string    `json:"run"`    // see ID
	Began   time.Time `json:"began"`  // UTC
	Ended   time.Time `json:"ended"`  // UTC
	Policy  string    `json:"policy"` // hash of the programs.yaml it was made under
	Brands  []Brand   `json:"brands"`
	Summary []Key     `json:"summary"`
	Next    []Step    `json:"next"`
	Figures Figures   `json:"figures"`
	Before  *Before   `json:"before,omitempty"`
}

// Brand is whose lists were audited.
type Brand struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`
	Topics []TopicName `json:"topics"`
}

// TopicName is what people call a topic.
type TopicName struct {
	ID    string        `json:"id"`
	Name  string        `json:"name"`
	Class program.Class `json:"class"`

	limits program.Limits
}

// Before is the run before, without what nothing is compared with: months, campaigns and cases.
type Before struct {
	Run     string    `json:"run"`
	Ended   time.Time `json:"ended"` // UTC
	Figures Figures   `json:"figures"`
}

// Key is one of the figures to look at first.
type Key struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Value  float64  `json:"value"`
	Unit   string   `json:"unit,omitempty"`   // "%" or "per 1,000 texts"; empty for a plain number
	Before *float64 `json:"before,omitempty"` // in the run before; absent where there is none
	Better string   `json:"better,omitempty"` // "up" or "down"; empty where neither is
}

// Change returns how much higher the figure is than in the run before, and whether it can be told.
func (k Key) Change() (by float64, known bool) {
	if k.Before == nil {
		return 0, false
	}
	return tenth(k.Value - *k.Before), true
}

// idLayout makes IDs whose order is that of time. An ID is part of the name of a file and of an address.
const idLayout = "20060102T150405.000Z"

// ID names the run that began at an instant.
func ID(began time.Time) string { return began.UTC().Format(idLayout) }

// ParseID returns when the run began; false where the text is no ID.
func ParseID(id string) (began time.Time, ok bool) {
	began, err := time.Parse(idLayout, id)
	return began, err == nil && ID(began) == id
}

// New makes the report of the run that began at an instant and ended at another. before is the report of the run before
// it; nil where it is the first.
func New(c *program.Catalog, began, ended time.Time, f Figures, before *Report) Report {
	r := Report{
		Version: Version, Run: ID(began), Began: began.UTC(), Ended: ended.UTC(), Policy: c.Hash(),
		Brands: brands(c), Figures: f,
	}
	if before != nil {
		// Of the run before nothing is kept that nothing is compared with, or reports would hold all those before them.
		r.Before = &Before{Run: before.Run, Ended: before.Ended, Figures: before.Figures.bare()}
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

// bare returns the figures without months, campaigns and cases.
func (f Figures) bare() Figures {
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

// keyed is a figure to look at first, and how it is read off the others; false where nothing can be said of it.
type keyed struct {
	Key
	of func(f *Figures) (value float64, known bool)
}

// summary returns the figures to look at first. One that nothing can be said of is left out.
func (r *Report) summary() (keys []Key) {
	number := func(of func(f *Figures) int) func(*Figures) (float64, bool) {
		return func(f *Figures) (float64, bool) { return float64(of(f)), true }
	}
	for _, k := range []keyed{
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

// inState returns how many times a topic is in a state.
func (f *Figures) inState(s consent.State) (n int) {
	for _, t := range f.Topics {
		n += t.States[s]
	}
	return n
}

// Open returns how many findings are still to be put right.
func (f *Figures) Open() (n int) {
	for _, found := range f.Findings {
		n += found.Open()
	}
	return n
}

// OptOutRate returns the opt-outs for 1,000 texts, to a tenth; false where no text was sent.
func (t *Tally) OptOutRate() (perThousand float64, known bool) { return rate(t.OptOuts, t.Texts.Sent) }

// OptOutRate returns the opt-outs for 1,000 texts, to a tenth; false where no text was sent.
func (c *Campaign) OptOutRate() (perThousand float64, known bool) {
	return rate(c.OptOuts, c.Texts.Sent)
}

// ClickShare returns how many in a hundred of those the campaign's text was sent to followed a link of it, to a tenth;
// false where it was sent to nobody.
func (c *Campaign) ClickShare() (percent float64, known bool) { return share(c.Clicks, c.Texts.Sent) }

// DeliveredShare returns how many in a hundred of the texts whose end is known arrived, to a tenth; false where none
// is.
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

// TopicIDs returns the topics there are figures of, in the order of programs.yaml, and behind them those that are not
// in it any more.
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

// TopicNamed returns what people call a topic, with the brand's name before it: "Example Corp. alerts". A topic that is
// not in programs.yaml any more is called by its ID.
func (r *Report) TopicNamed(id string) string {
	name, _ := r.topic(id)
	return name
}

// topic returns what people call a topic, and its limits; none where it is not in programs.yaml any more.
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
