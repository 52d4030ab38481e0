package signup

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
)

// The fields of evidence.
const (
	At          = "at"           // when the person asked: RFC 3339, or the day alone where no more is known
	Source      = "source"       // where: "paper form, Main St shop"
	Page        = "page"         // address of the page, where there was one
	IP          = "ip"           // the person's address there
	Agent       = "agent"        // their browser
	Disclosure  = "disclosure"   // the exact words the person was shown
	CollectedBy = "collected_by" // who took the request down
	Reference   = "reference"    // where the original is kept: "box 12, sheet 340"
)

const (
	// slack is how far two clocks may differ.
	slack = 5 * time.Minute

	// oldest is how many years old a request may be. Nobody remembers longer what they signed.
	oldest = 10

	// moment is how long a person expects an answer to what they did.
	moment = time.Hour
)

// Evidence is what a caller says about how the person asked, by the names of fields, none of them empty. The ledger
// has it next to what we saw ourselves.
type Evidence map[string]string

// evidenceFields returns the names of all fields of evidence.
func evidenceFields() []string {
	return []string{At, Source, Page, IP, Agent, Disclosure, CollectedBy, Reference}
}

// Expected returns the fields without which a request proves little. A caller who cannot give them must say so in the
// ledger.
func Expected() []string { return []string{At, Source, Disclosure, CollectedBy} }

// most returns the most bytes of a field, because evidence must fit into an item for years.
func most(field string) int {
	switch field {
	case Disclosure:
		return 4 << 10
	case Page:
		return 1 << 10
	default:
		return 256
	}
}

// newEvidence checks the given fields and drops empty ones. The error is a *phone.FieldError.
func newEvidence(given map[string]string, now time.Time) (Evidence, error) {
	known := evidenceFields()
	e := Evidence{}
	for _, field := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(known, field) {
			return nil, wrong(
				evidenceOf(fmt.Sprintf("%.40s", field)),
				"is not known; evidence has "+strings.Join(known, ", "),
			)
		}
		value := strings.TrimSpace(given[field])
		if value == "" {
			continue
		}
		if err := check(field, value, now); err != nil {
			return nil, wrong(evidenceOf(field), err.Error())
		}
		e[field] = value
	}
	return e, nil
}

// evidenceOf returns the path of an evidence field in a request.
func evidenceOf(field string) string { return "evidence." + field }

func check(field, value string, now time.Time) error {
	if n := most(field); len(value) > n {
		return fmt.Errorf("has %d bytes; shorten it to %d", len(value), n)
	}
	if !utf8.ValidString(value) {
		return errors.New("is not UTF-8")
	}
	if strings.ContainsFunc(
		value,
		func(r rune) bool { return unicode.IsControl(r) && (field != Disclosure || !unicode.IsSpace(r)) },
	) {
		return errors.New("has control characters; remove them")
	}
	switch field {
	case At:
		return checkAt(value, now)
	case IP:
		if _, err := netip.ParseAddr(value); err != nil {
			return errors.New("is not an IP address such as 203.0.113.7")
		}
	}
	return nil
}

func checkAt(value string, now time.Time) error {
	at, _, err := instant(value)
	switch {
	case err != nil:
		return err
	case at.After(now.Add(slack)):
		return errors.New("lies in the future; write when the person asked")
	case at.Before(now.AddDate(-oldest, 0, 0)):
		return fmt.Errorf("lies more than %d years back; ask the person anew", oldest)
	}
	return nil
}

// instant parses At. For a day alone, dayOnly is set, and the instant is when the day begins in the first place on
// earth.
func instant(value string) (at time.Time, dayOnly bool, err error) {
	if at, err = time.Parse(time.RFC3339, value); err == nil {
		return at, false, nil
	}
	if at, err = time.Parse(time.DateOnly, value); err == nil {
		return at.Add(-14 * time.Hour), true, nil
	}
	return time.Time{}, false, errors.New(
		"is no instant such as 2026-05-01T14:30:00Z or 2026-05-01T14:30:00+02:00, nor a day such as 2026-05-01",
	)
}

// Missing returns the expected fields that are missing.
func (e Evidence) Missing() []string {
	return slices.DeleteFunc(Expected(), func(field string) bool { return e[field] != "" })
}

// telling returns when the person was told of the texts, zero where none of the topics can begin that way. For one
// that does, the evidence must be complete, because it replaces the person's YES.
func (e Evidence) telling(topics []program.Topic) (time.Time, error) {
	i := slices.IndexFunc(topics, func(t program.Topic) bool { return t.Told })
	if i < 0 {
		return time.Time{}, nil
	}
	write := map[string]string{
		At: "when the person was", Source: "where the person was", Disclosure: "the exact words in which the person was",
	}
	for _, field := range consent.TellingEvidence() {
		if e[field] == "" || lettersIn(e[field]) < fewestLetters(field) {
			return time.Time{}, wrong(evidenceOf(field), fmt.Sprintf(
				"is missing or says nothing, and topic %s begins with a telling: write %s told that these texts come", topics[i].ID, write[field],
			))
		}
	}
	at, _, err := instant(e[At])
	return at, err
}

// fewestLetters returns the least number of letters in a field that proves that the person was told.
func fewestLetters(field string) int {
	switch field {
	case Disclosure:
		return 5
	case Source:
		return 1
	default:
		return 0
	}
}

func lettersIn(text string) int {
	n := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// Asked returns when the person asked, or the beginning of the day where only that is given, and false where it is
// unknown.
func (e Evidence) Asked() (time.Time, bool) {
	at, _, err := instant(e[At])
	return at, err == nil
}

// justNow reports whether the person asked within the last hour, so that a text now is no surprise.
func (e Evidence) justNow(now time.Time) bool {
	at, dayOnly, err := instant(e[At])
	return err == nil && !dayOnly && now.Sub(at) <= moment
}
