package operator

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"smsconsent/shared/core/campaign"
	audited "smsconsent/shared/core/report"
	"smsconsent/shared/core/result"
)

// roster collects the people of a report. It writes the CSV file as they come, and keeps those that are to be listed.
type roster struct {
	*resultFlags
	campaign string
	file     *os.File
	out      *csv.Writer
	people   []result.Person
}

// openRoster creates the file, if one is wanted. No field begins like a spreadsheet formula, except the phone's own
// plus sign.
func (f *resultFlags) openRoster(c campaign.Campaign) (*roster, error) {
	r := &roster{resultFlags: f, campaign: c.ID}
	if f.csv == "" {
		return r, nil
	}
	var err error
	if r.file, err = os.OpenFile(f.csv, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600); err != nil {
		return nil, usageError{fmt.Errorf("--csv: %w", err)}
	}
	r.out = csv.NewWriter(r.file)
	header := []string{"campaign", "phone", "outcome", "at", "status", "rule", "because", "until", "parts"}
	return r, r.out.Write(header)
}

// keep returns a function that adds a person; nil where nobody wants the people.
func (r *roster) keep() func(result.Person) {
	if !r.resultFlags.people && r.out == nil {
		return nil
	}
	return func(p result.Person) {
		if r.resultFlags.people {
			r.people = append(r.people, p)
		}
		if r.out == nil {
			return
		}
		if !r.clear {
			p = p.Masked()
		}
		_ = r.out.Write([]string{ // close reports an error
			r.campaign, p.Phone, string(p.Outcome), formatTime(p.At), string(p.Status), p.Rule, p.Because, formatTime(p.Until),
			strconv.Itoa(p.Parts),
		})
	}
}

func (r *roster) close() error {
	if r.out == nil {
		return nil
	}
	r.out.Flush()
	if err := errors.Join(r.out.Error(), r.file.Close()); err != nil {
		return fmt.Errorf("--csv: %w", err)
	}
	return nil
}

// page returns the people to list, ordered by number, and how many pages there are; 0 where all are on one page.
func (r *roster) page() (people []result.Person, pages int, err error) {
	slices.SortFunc(r.people, func(a, b result.Person) int { return strings.Compare(a.Phone, b.Phone) })
	people = r.people
	if r.number > 0 {
		pages = max(1, (len(people)+r.perPage-1)/r.perPage)
		if r.number > pages {
			return nil, 0, usageError{fmt.Errorf("--page: %s", pagesAre(pages))}
		}
		from := (r.number - 1) * r.perPage
		people = people[from:min(from+r.perPage, len(people))]
	}
	listed := make([]result.Person, len(people))
	for i, p := range people {
		if listed[i] = p; !r.clear {
			listed[i] = p.Masked()
		}
	}
	return listed, pages, nil
}

func pagesAre(n int) string {
	if n == 1 {
		return "there is 1 page"
	}
	return "there are " + audited.Grouped(n) + " pages"
}

// both tells of each person to each of two, the first of which may be nobody.
func both(keep, tell func(result.Person)) func(result.Person) {
	return func(p result.Person) {
		if keep != nil {
			keep(p)
		}
		tell(p)
	}
}

// formatTime formats an instant; empty for the zero time.
func formatTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
