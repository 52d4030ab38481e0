package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"smsconsent/shared/core/consent"
)

// Step is one thing to do next.
type Step struct {
	When Urgency `json:"when"`
	What string  `json:"what"`           // a sentence or two
	Kind Kind    `json:"kind,omitempty"` // the kind of finding it is about
}

// Thresholds from which a figure leads to a step. A share of a few texts means nothing, so each also needs a count.
const (
	minTexts     = 100
	lowDelivered = 90.0 // percent
	highUnwanted = 0.5  // percent
	minUnwanted  = 3
	highWaiting  = 20.0 // percent
	minRequests  = 20
	lowConfirmed = 50.0 // percent
	highDigest   = 50.0 // percent
	minPeople    = 20
	sharpRise    = 1.5 // times what it was
)

// next returns the steps, the most urgent first.
func next(r *Report) []Step {
	steps := slices.Concat(findingSteps(r), deliverySteps(r), r.optOutSteps(), r.listSteps())
	slices.SortStableFunc(steps, func(a, b Step) int { return a.When.place() - b.When.place() })
	if len(steps) == 0 {
		steps = []Step{{When: Later, What: "Nothing is left to do: every record that was looked at is as it should be."}}
	}
	return steps
}

func (u Urgency) place() int { return slices.Index([]Urgency{Now, Soon, Later}, u) }

// findingSteps returns a step for each kind of finding that is not repaired.
func findingSteps(r *Report) (steps []Step) {
	for _, kind := range r.FoundKinds() {
		found, w := r.Figures.Findings[kind], kind.Words()
		if found.Open() == 0 {
			continue
		}
		steps = append(steps, Step{When: w.When, Kind: kind, What: fmt.Sprintf("%s: %s. %s", w.Title, people(found.Open()), w.Do)})
	}
	return steps
}

// FoundKinds returns the kinds that were found, the most important first. Kinds of another version come last.
func (r *Report) FoundKinds() []Kind {
	known := Kinds()
	kinds := slices.DeleteFunc(slices.Clone(known), func(k Kind) bool { return r.Figures.Findings[k].Count == 0 })
	for _, k := range slices.Sorted(maps.Keys(r.Figures.Findings)) {
		if !slices.Contains(known, k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// deliverySteps returns steps about texts that do not arrive.
func deliverySteps(r *Report) (steps []Step) {
	t := &r.Figures.All.Texts
	if s, ok := share(t.Unwanted, t.Sent); ok && s >= highUnwanted && t.Unwanted >= minUnwanted {
		steps = append(steps, Step{When: Now, What: fmt.Sprintf(
			"Carriers took %s for spam or blocked them (%s %% of all). Stop campaigns until the words and the links in them were looked at.",
			counted(t.Unwanted, "text"), number(s),
		)})
	}
	if s, ok := t.DeliveredShare(); ok && s < lowDelivered && t.Delivered+t.Undelivered >= minTexts {
		steps = append(steps, Step{When: Soon, What: fmt.Sprintf(
			"Only %s %% of the texts arrive. The most frequent reason is %s; ask for numbers anew where people were lost.", number(s), t.mainReason(),
		)})
	}
	if s, ok := share(t.Waiting, t.Sent); ok && s >= highWaiting && t.Sent >= minTexts {
		steps = append(steps, Step{When: Soon, What: fmt.Sprintf(
			"Of %s %% of the texts no delivery receipt came. Look whether the configuration set publishes its events to the delivery topic.", number(s),
		)})
	}
	return steps
}

// mainReason returns the most frequent reason of AWS for texts that did not arrive.
func (t *Texts) mainReason() string {
	most := ""
	for _, reason := range slices.Sorted(maps.Keys(t.Reasons)) {
		if t.Reasons[reason] > t.Reasons[most] {
			most = reason
		}
	}
	return cmp.Or(most, "not told")
}

// optOutSteps returns steps about topics and campaigns with more opt-outs than the limit at which campaigns are
// paused.
func (r *Report) optOutSteps() (steps []Step) {
	for _, id := range r.TopicIDs() {
		t := r.Figures.Topics[id]
		now, ok := t.OptOutRate()
		if !ok || t.Texts.Sent < minTexts {
			continue
		}
		name, limits := r.topic(id)
		if left := limits.OptOuts; left > 0 && left.Exceeded(t.OptOuts, t.Texts.Sent) {
			steps = append(steps, Step{When: Soon, What: fmt.Sprintf(
				"People leave %s: %s opt-outs for 1,000 texts, above its limit of %s. Send fewer texts, or ask what they hoped for.",
				name, number(now), left,
			)})
			continue
		}
		if since, before, ok := r.since(id); ok && before > 0 && since >= sharpRise*before {
			steps = append(steps, Step{When: Soon, What: fmt.Sprintf(
				"More people than before leave %s: since the last run %s opt-outs for 1,000 texts, until then %s. Look at what was sent since.",
				name, number(since), number(before),
			)})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.Figures.Campaigns.Newest)) {
		c := r.Figures.Campaigns.Newest[id]
		if r.Before != nil && !c.First.After(r.Before.Ended) {
			continue // the report before listed it
		}
		name, limits := r.topic(c.Brand + "/" + c.Topic)
		rate, ok := c.OptOutRate()
		if left := limits.OptOuts; ok && left > 0 && c.Texts.Sent >= minTexts && left.Exceeded(c.OptOuts, c.Texts.Sent) {
			steps = append(steps, Step{When: Soon, What: fmt.Sprintf(
				"Campaign %s of %s lost many: %s opt-outs for 1,000 texts. Don't send its like again.", id, name, number(rate),
			)})
		}
	}
	return steps
}

// since returns a topic's opt-outs per 1,000 texts since the audit before, and up to it. It returns false where there
// are too few texts.
func (r *Report) since(topic string) (since, before float64, known bool) {
	if r.Before == nil {
		return 0, 0, false
	}
	now, then := r.Figures.Topics[topic], r.Before.Figures.Topics[topic]
	sent := now.Texts.Sent - then.Texts.Sent
	if sent < minTexts || then.Texts.Sent < minTexts {
		return 0, 0, false
	}
	since, _ = rate(now.OptOuts-then.OptOuts, sent)
	before, _ = then.OptOutRate()
	return since, before, true
}

// listSteps returns steps about people who do not confirm or do not read.
func (r *Report) listSteps() (steps []Step) {
	requested, joined := 0, 0
	for _, m := range r.Figures.All.Months {
		requested += m.Requested
		joined += m.Joined
	}
	if s, ok := share(joined, requested); ok && s < lowConfirmed && requested >= minRequests {
		steps = append(steps, Step{When: Later, What: fmt.Sprintf(
			"Only %s %% of the requests to join are confirmed. Say beside the form that a text will come and asks for a YES.", number(s),
		)})
	}
	for _, id := range r.TopicIDs() {
		t := r.Figures.Topics[id]
		on := t.Tiers[consent.Regular] + t.Tiers[consent.Digest]
		if s, ok := share(t.Tiers[consent.Digest], on); ok && s >= highDigest && on >= minPeople {
			steps = append(steps, Step{When: Later, What: fmt.Sprintf(
				"%s %% of the people on %s rarely answer and get the digest only. Write what this list was joined for.", number(s), r.TopicNamed(id),
			)})
		}
	}
	return steps
}

// number formats a number without trailing zeros.
func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// Grouped formats a number with commas: 1,234,567.
func Grouped(n int) string {
	if n < 0 {
		return "−" + Grouped(-n)
	}
	digits := strconv.Itoa(n)
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return strings.Join(append([]string{digits}, parts...), ",")
}
