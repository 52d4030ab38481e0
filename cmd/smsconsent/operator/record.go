package operator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

func recordCommand() *cobra.Command {
	var brand string
	var asJSON bool
	c := &cobra.Command{
		Use:   "record PHONE",
		Short: "Show everything on record about a person, and whether it verifies",
		Long: `Show a person's subscriptions, everything that happened and was sent, and whether the record is complete and
unchanged. It is read by GET /records, which notes who read it (docs/records.md). --json prints the whole answer. It
is the evidence, with the page, address and words of each sign-up.`,
		Example: `  smsconsent record +12065550142
  smsconsent record "(206) 555-0142" --brand examplecafe
  smsconsent record +12065550142 --json > record.json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			who, _, err := parseAddressee(cmd, brand, args)
			if err != nil {
				return err
			}
			var r onRecord
			body, err := readRecord(cmd, who, &r, func() bool { return r.Phone != "" })
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), json.RawMessage(body))
			}
			r.show(cmd.OutOrStdout())
			return nil
		},
	}
	c.Flags().StringVar(&brand, "brand", "", "brand ID (default: the first of programs.yaml)")
	c.Flags().BoolVar(&asJSON, "json", false, "print the whole record as JSON")
	return c
}

// readRecord reads a person's record into a, and returns the body it came in.
func readRecord(cmd *cobra.Command, who addressee, a any, answered func() bool) ([]byte, error) {
	key := consent.Key{Brand: who.Brand, Phone: who.Phone}
	body, err := callAPI(cmd.Context(), http.MethodGet, recordPath(key), attachRecords, nil, a, answered)
	if nobody, ok := errors.AsType[absentError](err); ok {
		err = errors.New(nobody.Error()) // the number may be right, so this is no mistake in an argument
	}
	return body, err
}

// onRecord is the part of a record that people are shown.
type onRecord struct {
	Phone    phone.Number `json:"phone"`
	Brand    string       `json:"brand"`
	Verified bool         `json:"verified"`
	Fault    string       `json:"fault"`
	Topics   map[string]struct {
		State string    `json:"state"`
		Since time.Time `json:"since"`
		Tier  string    `json:"tier"`
	} `json:"topics"`
	Events []struct {
		At     time.Time `json:"at"`
		Type   string    `json:"type"`
		Source string    `json:"source"`
		Topics []string  `json:"topics"`
	} `json:"events"`
	Messages []struct {
		At     time.Time `json:"at"`
		Kind   string    `json:"kind"`
		Ref    string    `json:"ref"`
		Status string    `json:"status"`
		Body   string    `json:"body"`
	} `json:"messages"`
}

func (r *onRecord) show(w io.Writer) {
	zones := zonesAbout(r.Phone, phone.Told{})
	fmt.Fprintf(w, "%s at %s\n", r.Phone, r.Brand)
	if r.Verified {
		fmt.Fprintln(w, "Verified: all of it is whole and as it was stored.")
	} else {
		fmt.Fprintf(w, "NOT verified: %s\n", r.Fault)
	}
	for _, id := range slices.Sorted(maps.Keys(r.Topics)) {
		t := r.Topics[id]
		fmt.Fprintf(w, "%s: %s since %s", id, t.State, inZone(t.Since, zones))
		if t.Tier != "" {
			fmt.Fprintf(w, ", tier %s", t.Tier)
		}
		fmt.Fprintln(w)
	}
	type line struct {
		at   time.Time
		says string
	}
	var all []line
	for _, e := range r.Events {
		says := strings.TrimSpace(e.Type + " by " + e.Source + " " + strings.Join(e.Topics, ", "))
		all = append(all, line{e.At, says})
	}
	for _, m := range r.Messages {
		all = append(all, line{m.At, fmt.Sprintf("%s %s: %s", kindOf(m.Kind, m.Ref), m.Status, m.Body)})
	}
	slices.SortStableFunc(all, func(a, b line) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	for _, l := range all {
		fmt.Fprintf(w, "%s  %s\n", inZone(l.at, zones), strings.ReplaceAll(l.says, "\n", " "))
	}
}
