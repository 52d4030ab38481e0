package report

import (
	"fmt"
	"strings"
)

// announced is how many of the sentences about what to do next an announcement tells.
const announced = 5

// Announcement returns what people are told when the report is there to be read at the address. No phone number is in
// it, not even a masked one: it goes out by e-mail.
func (r *Report) Announcement(where string) (subject, text string) {
	day := r.Began.Format("2 January 2006")
	subject = fmt.Sprintf("Audit of %s: %s to look at", day, counted(r.Figures.Open(), "finding"))
	var b strings.Builder
	fmt.Fprintf(&b, "The audit of %s looked at %s on record. What to do next:\n\n", day, people(r.Figures.People))
	for i, s := range r.Next {
		if i == announced {
			fmt.Fprintf(&b, "- and %s more in the report\n", Grouped(len(r.Next)-i))
			break
		}
		fmt.Fprintf(&b, "- %s: %s\n", s.When, s.What)
	}
	fmt.Fprintf(&b, "\nRead it with: smsconsent audit report %s\nThe page is %s\n", r.Run, where)
	return subject, b.String()
}
