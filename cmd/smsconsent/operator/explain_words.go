package operator

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/text"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/plan"
)

// width is how many columns a terminal has at least.
const width = 80

// sayLine prints a sentence in lines that fit the terminal.
func sayLine(w io.Writer, format string, values ...any) {
	fmt.Fprintln(w, toWidth(fmt.Sprintf(format, values...), ""))
}

// decidedBy says which rule decided and why, which texts it counted, and when the person may get the text. It says
// nothing of a time that is not after now, and of one that is not before expires that the campaign is over by then. A
// zero expires means no end.
func decidedBy(why *plan.Why, zones []string, now, expires time.Time) string {
	said := why.Rule + ": " + why.Because
	for i, cl := range why.Counted {
		what := kindOf(string(cl.Kind), cl.Ref)
		if cl.Campaign != "" {
			what = shortCampaign(cl.Campaign)
		}
		between := ", "
		if i == 0 {
			between = ": "
		}
		said += between + what + " on " + inDay(cl.At, zones)
	}
	if why.Until.After(now) {
		said += "; next on " + inZone(why.Until, zones)
		if !expires.IsZero() && !why.Until.Before(expires) {
			said += ", when the campaign is over"
		}
	}
	return said
}

// kindOf adds to the kind of a text that it is the test of a campaign. The rules count it as any other.
func kindOf(kind, ref string) string {
	if of, ok := testedCampaign(ref); ok {
		return kind + " (test of " + shortCampaign(of) + ")"
	}
	return kind
}

// shortCampaign names a campaign by the end of its ID.
func shortCampaign(id string) string { return "campaign …" + id[max(0, len(id)-6):] }

func inDay(at time.Time, zones []string) string {
	fields := strings.Fields(inZone(at, zones)) // Mon 2 Jan 2006 15:04 MST
	return strings.Join(fields[1:3], " ")
}

// toWidth breaks a text into lines that fit the terminal. The lines after the first begin with indent.
func toWidth(line, indent string) string {
	lines := strings.Split(text.WrapSoft(line, width-len(indent)), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"+indent), " \n")
}

// printRulesInWords prints every rule's answer. The rule that decided comes first, then the
// others that keep the text back.
func printRulesInWords(w io.Writer, lines []gate.Line, decided string, zones []string) {
	rank := func(l *gate.Line) int {
		switch {
		case l.Answer == gate.Allow.String():
			return 2
		case l.Name != decided:
			return 1
		default:
			return 0
		}
	}
	for want := range 3 {
		for i := range lines {
			l := &lines[i]
			if rank(l) != want {
				continue
			}
			said := fmt.Sprintf("%-7s %s", l.Answer, l.Name)
			if l.Because != "" {
				said += ": " + l.Because
			}
			if l.Citation != "" {
				said += " (" + l.Citation + ")"
			}
			if l.Until != nil {
				said += "; until " + inZone(*l.Until, zones)
			}
			const indent = "        "
			fmt.Fprintln(w, toWidth(said, indent))
		}
	}
}
