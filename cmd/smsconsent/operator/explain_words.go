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

// decidedBy says which rule decided and why, which texts it counted, and when the person may get the text. Where that
// is not before expires, it says that the campaign is over by then. A zero expires means no end.
func decidedBy(why *plan.Why, zones []string, expires time.Time) string {
	said := why.Rule + ": " + why.Because
	for i, cl := range why.Counted {
		what := string(cl.Kind)
		if cl.Campaign != "" {
			what = "campaign …" + cl.Campaign[max(0, len(cl.Campaign)-6):]
		}
		between := ", "
		if i == 0 {
			between = ": "
		}
		said += between + what + " on " + inDay(cl.At, zones)
	}
	if !why.Until.IsZero() {
		said += "; next on " + inZone(why.Until, zones)
		if !expires.IsZero() && !why.Until.Before(expires) {
			said += ", when the campaign is over"
		}
	}
	return said
}

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

// printRulesInWords prints every rule's answer. The rules that keep the text back come first.
func printRulesInWords(w io.Writer, lines []gate.Line, zones []string) {
	for _, keeps := range []bool{true, false} {
		for i := range lines {
			l := &lines[i]
			if (l.Answer != gate.Allow.String()) != keeps {
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
