package report

import (
	"fmt"
	"strings"
)

// maxAnnounced is how many next steps an announcement lists.
const maxAnnounced = 5

// Announcement returns the e-mail that says that the report can be read at the address where. It contains no phone
// numbers, not even masked ones.
func (r *Report) Announcement(where string) (subject, text string) {
	day := r.Began.Format("2 January 2006")
	subject = fmt.Sprintf("Audit of %s: %s to look at", day, counted(r.Figures.Open(), "finding"))
	var b strings.Builder
	fmt.Fprintf(&b, "The audit of %s looked at %s on record. What to do next:\n\n", day, people(r.Figures.People))
	for i, s := range r.Next {
		if i == maxAnnounced {
			fmt.Fprintf(&b, "- and %s more in the report\n", Grouped(len(r.Next)-i))
			break
		}
		fmt.Fprintf(&b, "- %s: %s\n", s.When, s.What)
	}
	fmt.Fprintf(&b, "\nRead it with: smsconsent audit report %s\nThe page is %s\n", r.Run, where)
	return subject, b.String()
}
