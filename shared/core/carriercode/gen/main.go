// Command gen writes docs/carrier.md from the table of the carrier's codes to standard output.
package main

import (
	"fmt"
	"os"
	"strings"

	"smsconsent/shared/core/carriercode"
)

func main() {
	if _, err := os.Stdout.WriteString(document(carriercode.All())); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

const opening = `# What the carrier's answers mean

AWS answers each text when it is handed over, and later tells by events what became of it. This is what each code means for the text, for the
phone, for the campaign and for whoever had the text sent. The functions act on the same table, ` + "`shared/core/carriercode`" + `, from which this
page is made by ` + "`make docs`" + `.

A code stands on the text's record as it came, in its history (` + "`GET /records/{phone}`" + `), and a campaign that pauses names it as the reason
(` + "`smsconsent campaign status`" + `). **Codes that are not in these tables** are not dropped: a refusal is a refusal, and pauses the campaign where
its exception is about the account; a kind of event that is new leaves the text ` + "`unconfirmed`" + `, which is never sent again. Both are on record as
they came, the metric ` + "`CarrierCodeUnknown`" + ` counts them, and the alarm ` + "`carrier-code-unknown`" + ` tells.
What is no code at all, and could hold a phone number, is left out.

- *says nothing*: what failed on our side or by time does not count against a phone.
- *a failure*: the third in a row, with none between that arrived, ends all texts to the phone but replies. So does *no phone* at once. A text
  from the phone, or one that arrives, ends it.
- *blocked*: noted on the phone, with the time.
- *counted*: a topic's ` + "`limits`" + ` in programs.yaml say how large a share of a campaign's texts may go undelivered, and draw complaints, before it
  pauses.
- *pauses*: the next text would be refused as well. Answers wait meanwhile, as long as they are of use; STOP counts all the same.
- *comes back*: in a minute, while the campaign's window is open.
`

// document returns the page.
func document(all []carriercode.Code) string {
	var b strings.Builder
	b.WriteString(opening)
	b.WriteString("\n## What became of a text\n\nBy delivery event, up to 72 hours later.\n\n")
	table(&b, all, func(c carriercode.Code) bool { return c.Class == carriercode.Event })
	b.WriteString("\n## Why a text was not taken\n\nAt once, by exception of `SendTextMessage`.\n\n")
	table(&b, all, func(c carriercode.Code) bool { return c.Class != carriercode.Event })
	b.WriteString("\n## What should not come\n\nIt is treated as its exception asks for, and counted and alarmed like a code that nobody knows.")
	strange(&b, all)
	return b.String()
}

func table(b *strings.Builder, all []carriercode.Code, belongs func(carriercode.Code) bool) {
	b.WriteString("| code | what AWS says | the text | the phone | the campaign | what you can do |\n|---|---|---|---|---|---|\n")
	for _, c := range all {
		if c.Strange || !belongs(c) {
			continue
		}
		fmt.Fprintf(b, "| %s | %s | `%s` | %s | %s | %s |\n", c.Row(), c.Means, c.Text, c.Phone, c.Campaign, c.Do)
	}
}

// strange tells of the codes that should not come, those that are alike together.
func strange(b *strings.Builder, all []carriercode.Code) {
	last := carriercode.Code{}
	for _, c := range all {
		if !c.Strange {
			continue
		}
		switch {
		case c.Class == last.Class && c.Means == last.Means:
			b.WriteString(",\n")
		case c.Text == carriercode.NoText:
			fmt.Fprintf(b, "\n\n**%s.** %s It ends in the dead letters of receipts.\n\n", c.Class, c.Means)
		default:
			fmt.Fprintf(b, "\n\n**%s.** %s The text: `%s`; the campaign %s. %s\n\n", c.Class, c.Means, c.Text, c.Campaign, c.Do)
		}
		b.WriteString("`" + c.Code + "`")
		last = c
	}
	b.WriteString("\n")
}
