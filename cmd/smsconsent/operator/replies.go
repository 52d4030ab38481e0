package operator

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	audited "smsconsent/shared/core/report"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// maxReplies is how many replies are searched for those to mark as read.
const maxReplies = 10_000

type repliesFlags struct {
	brand            string
	read             []string
	most             int
	all, clear, json bool
}

// replyShown is a reply as replies prints it.
type replyShown struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Brand   string    `json:"brand"`
	Program string    `json:"program"`
	Phone   string    `json:"phone"`
	Words   string    `json:"words"`
	Why     string    `json:"why"`
	Read    time.Time `json:"read,omitzero"`
	ReadBy  string    `json:"read_by,omitempty"`

	zones []string
}

func repliesCommand() *cobra.Command {
	var f repliesFlags
	c := &cobra.Command{
		Use:   "replies",
		Short: "List the replies that no rule answers, which a person should read",
		Long: `List the replies of the last 30 days that a person should read, newest first: replies that no rule understands, and
more words in the replies of people who said STOP (docs/replies.md). Replies that somebody marked as read are left
out.

Phone numbers are masked. With --clear they are not, and who asked for them is recorded.`,
		Example: `  smsconsent replies
  smsconsent replies --brand examplecafe --clear
  smsconsent replies --json
  smsconsent replies --read 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.most < 1 {
				return usageError{fmt.Errorf("--most: %d is not a number of replies, from 1 on", f.most)}
			}
			if len(f.read) > 0 && (f.all || f.clear || f.json) {
				return usageError{errors.New("--read: it lists nothing; leave out --all, --clear and --json")}
			}
			s, err := remote(cmd.Context())
			if err != nil {
				return err
			}
			return f.run(cmd, s)
		},
	}
	c.Flags().StringVar(&f.brand, "brand", "", "brand ID (default: the first of programs.yaml)")
	c.Flags().IntVar(&f.most, "most", 50, "how many to list at most")
	c.Flags().BoolVar(&f.all, "all", false, "also list replies that somebody has read")
	c.Flags().BoolVar(&f.clear, "clear", false, "do not mask phone numbers; that you asked is recorded")
	c.Flags().StringSliceVar(&f.read, "read", nil, "mark these as read, by their IDs")
	c.Flags().BoolVar(&f.json, "json", false, `print {"replies":[{"id","at","brand","program","phone","words","why",…}],"more"} as JSON`)
	return c
}

func (f *repliesFlags) run(cmd *cobra.Command, s *wiring.Deployment) error {
	brand, err := brandOf(s.Catalog, f.brand)
	if err != nil {
		return err
	}
	if len(f.read) > 0 {
		return f.markRead(cmd, s, brand.ID)
	}
	ctx, t := cmd.Context(), consentTable(s)
	if f.clear {
		who, err := caller(ctx, s)
		if err != nil {
			return fmt.Errorf("--clear: nobody is told without being on record: %w", err)
		}
		if err := t.RecordReplyNumbersRequest(ctx, brand.ID, consenttable.NumbersRequest{By: who, At: s.Now()}); err != nil {
			return err
		}
	}
	found, more, err := t.Replies(ctx, brand.ID, f.all, f.most, s.Now())
	if err != nil {
		return err
	}
	shown := make([]replyShown, len(found))
	for i := range found {
		shown[i] = f.shown(&found[i])
	}
	if f.json {
		return printJSON(cmd.OutOrStdout(), struct {
			Replies []replyShown `json:"replies"`
			More    bool         `json:"more"`
		}{shown, more})
	}
	if len(shown) == 0 {
		fmt.Fprintf(cmd.OutOrStdout(), "No replies to read, of brand %s.\n", brand.ID)
	}
	printReplies(cmd.OutOrStdout(), shown, more)
	return nil
}

func (f *repliesFlags) shown(r *consent.Reply) replyShown {
	number := string(r.Phone)
	if !f.clear {
		number = audited.Mask(r.Phone)
	}
	return replyShown{
		ID: r.ID, At: r.At, Brand: r.Brand, Program: r.Program, Phone: number, Words: r.Words, Why: r.Why, Read: r.Read,
		ReadBy: r.ReadBy, zones: zonesAbout(r.Phone, phone.Told{}),
	}
}

func printReplies(w io.Writer, shown []replyShown, more bool) {
	for i := range shown {
		r := &shown[i]
		fmt.Fprintf(w, "%s  %s to %s\n", inZone(r.At, r.zones), r.Phone, r.Program)
		fmt.Fprintf(w, "  %s\n", toWidth(r.Words, "  "))
		fmt.Fprintf(w, "  %s\n", toWidth("Why: "+r.Why+".", "  "))
		if !r.Read.IsZero() {
			fmt.Fprintf(w, "  Read on %s by %s\n", inZone(r.Read, nil), r.ReadBy)
		}
		fmt.Fprintf(w, "  ID %s\n", r.ID)
	}
	if more {
		fmt.Fprintf(w, "There are others: --most lists more than %d.\n", len(shown))
	}
}

// markRead marks replies as read. It marks none where one of the IDs is not listed.
func (f *repliesFlags) markRead(cmd *cobra.Command, s *wiring.Deployment, brand string) error {
	ctx, t := cmd.Context(), consentTable(s)
	listed, _, err := t.Replies(ctx, brand, true, maxReplies, s.Now())
	if err != nil {
		return err
	}
	var meant []consent.Reply
	for _, id := range f.read {
		at := slices.IndexFunc(listed, func(r consent.Reply) bool { return r.ID == id })
		if at < 0 {
			return usageError{fmt.Errorf("--read: no reply %q is listed; smsconsent replies names them", id)}
		}
		meant = append(meant, listed[at])
	}
	who, err := caller(ctx, s)
	if err != nil {
		return err
	}
	for i := range meant {
		if err := t.MarkRead(ctx, &meant[i], who, s.Now()); err != nil {
			return err
		}
		fmt.Fprintf(cmd.OutOrStdout(), "Read: %s\n", meant[i].ID)
	}
	return nil
}
