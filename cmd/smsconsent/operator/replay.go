package operator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/doctor"
	"smsconsent/shared/core/failed"
	audited "smsconsent/shared/core/report"
)

type replayFlags struct {
	stack, function string
	drop            []string
	run, yes, json  bool
}

func replayCommand() *cobra.Command {
	var f replayFlags
	c := &cobra.Command{
		Use:   "replay",
		Short: "Show the events that no function could handle, and have them handled again",
		Long: `Show the events in the queue of failed events and in the dead-letter queues: their function, why they failed and when,
with phones masked. --run asks first, and then hands each event back to its function, or to the queue it came from. An
event that fails again stays where it is. Handling an event twice has no effect the second time, because texts, jobs
and receipts are known by their IDs.

--drop deletes events that can never be handled. Look at them first: one of them may be a STOP.`,
		Example: `  smsconsent replay
  smsconsent replay --function inbound --run
  smsconsent replay --drop 5fea7756-0ea4-451a-a703-a558b933e274`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.run && len(f.drop) > 0 {
				return usageError{errors.New("--run and --drop: name one of them")}
			}
			if f.yes && !f.run && len(f.drop) == 0 {
				return usageError{errors.New("--yes says yes to what --run or --drop asks; add one of them")}
			}
			if cmd.Flags().Changed("function") && !slices.Contains(doctor.Functions(), f.function) {
				return noFunction("--function", f.function)
			}
			d, err := openStack(cmd.Context(), f.stack)
			if err != nil {
				return err
			}
			return f.replay(cmd, openMailbox(d))
		},
	}
	stackFlag(c, &f.stack)
	c.Flags().StringVar(&f.function, "function", "", "only events of this function, such as inbound")
	c.Flags().StringSliceVar(&f.drop, "drop", nil, "delete the events with these IDs, unhandled")
	c.Flags().BoolVar(&f.run, "run", false, "have them handled again")
	c.Flags().BoolVar(&f.yes, "yes", false, "with --run or --drop: do not ask first")
	c.Flags().BoolVar(&f.json, "json", false,
		`print {"events":[{"id","queue","function","reason","at","phone","stop","runs","result"}]} as JSON`)
	return c
}

// letter is a failed event in a queue, such as one of dead letters.
type letter struct {
	failed.Event
	body   string
	handle string // SQS's receipt handle, by which it is deleted
	url    string
}

// mailbox holds the failed events, and knows who handles them.
type mailbox interface {
	// Collect returns all events, and hides them from others for ten minutes.
	Collect(ctx context.Context) ([]letter, error)
	// Release makes an event visible again.
	Release(ctx context.Context, l *letter) error
	// Deliver has an event handled again.
	Deliver(ctx context.Context, l *letter) error
	// Remove deletes an event.
	Remove(ctx context.Context, l *letter) error
}

// row is an event as replay prints it.
type row struct {
	ID       string    `json:"id"`
	Queue    string    `json:"queue"`
	Function string    `json:"function"`
	Reason   string    `json:"reason"`
	At       time.Time `json:"at"`
	Phone    string    `json:"phone,omitempty"` // masked
	Stop     bool      `json:"stop"`
	Runs     bool      `json:"runs"`
	Result   string    `json:"result,omitempty"` // handled, dropped, or why not
}

func replayRow(l *letter) row {
	r := row{
		ID: l.ID, Queue: l.Queue, Function: l.Function, Reason: withoutPhones(l.Reason), At: l.At,
		Stop: l.Stop, Runs: l.Runs(),
	}
	if l.Phone != "" {
		r.Phone = audited.Mask(l.Phone)
	}
	if !r.Runs {
		r.Reason = strings.TrimPrefix(r.Reason+"; "+l.Why, "; ")
	}
	return r
}

// withoutPhones masks what may be a phone number in the text of an error.
func withoutPhones(s string) string {
	return regexp.MustCompile(`\+[0-9]{7,15}`).ReplaceAllString(s, "[phone]")
}

func (f replayFlags) replay(cmd *cobra.Command, p mailbox) (err error) {
	ctx := cmd.Context()
	all, err := p.Collect(ctx)
	// What is still in a queue afterwards becomes visible again, also after Ctrl-C.
	gone := map[string]bool{}
	defer func() {
		for i := range all {
			if !gone[all[i].ID] {
				err = errors.Join(err, p.Release(context.WithoutCancel(ctx), &all[i]))
			}
		}
	}()
	if err != nil {
		return err
	}
	chosen := f.choose(all)
	if err := f.unknown(all); err != nil {
		return err
	}
	rows := make([]row, len(chosen))
	for i := range chosen {
		rows[i] = replayRow(chosen[i])
	}
	acts := f.run || len(f.drop) > 0
	if acts || !f.json {
		printLetters(cmd.ErrOrStderr(), rows)
	}
	if acts && len(rows) > 0 {
		yes, err := agreed(cmd, f.yes, f.question(rows))
		if err != nil || !yes {
			return err
		}
		for i, l := range chosen {
			rows[i].Result, gone[l.ID] = f.act(ctx, p, l)
		}
	}
	if f.json {
		if err := printJSON(cmd.OutOrStdout(), map[string][]row{"events": rows}); err != nil {
			return err
		}
	} else if acts {
		printResults(cmd.OutOrStdout(), rows)
	}
	left := 0
	for i := range rows {
		if acts && !gone[rows[i].ID] {
			left++
		}
	}
	if left > 0 {
		return fmt.Errorf("%d of %d events wait as before", left, len(rows))
	}
	return nil
}

// act handles or drops an event. It returns the result in words, and whether the event has left its queue.
func (f replayFlags) act(ctx context.Context, p mailbox, l *letter) (came string, gone bool) {
	came = "dropped"
	if f.run {
		if !l.Runs() {
			return "cannot be handled again", false
		}
		if err := p.Deliver(ctx, l); err != nil {
			return "failed again: " + withoutPhones(err.Error()), false
		}
		came = "handled"
	}
	// Handling an event twice has no effect the second time. So one that cannot be removed now does no harm later.
	if err := p.Remove(ctx, l); err != nil {
		return came + ", and not removed: " + err.Error(), false
	}
	return came, true
}

func (f replayFlags) choose(all []letter) (chosen []*letter) {
	for i := range all {
		byID := len(f.drop) == 0 || slices.Contains(f.drop, all[i].ID)
		if byID && (f.function == "" || f.function == all[i].Function) {
			chosen = append(chosen, &all[i])
		}
	}
	return chosen
}

// unknown returns an error that names an ID of --drop for which there is no event.
func (f replayFlags) unknown(all []letter) error {
	for _, id := range f.drop {
		if !slices.ContainsFunc(all, func(l letter) bool { return l.ID == id }) {
			return usageError{fmt.Errorf("--drop: no event %s waits; smsconsent replay shows those that do", id)}
		}
	}
	return nil
}

func (f replayFlags) question(rows []row) string {
	stops := 0
	for i := range rows {
		if rows[i].Stop {
			stops++
		}
	}
	q := fmt.Sprintf("Have these %d handled again", len(rows))
	if !f.run {
		q = fmt.Sprintf("Take these %d away, unhandled", len(rows))
	}
	if stops > 0 {
		q += fmt.Sprintf(" (a STOP among them: %d)", stops)
	}
	return q + "? Write yes, or anything else to leave them: "
}

func printLetters(w io.Writer, rows []row) {
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(w, "%s  %s  %s in %s", r.At.UTC().Format(time.RFC3339), r.ID, cmp.Or(r.Function, "of no known function"), r.Queue)
		if r.Phone != "" {
			fmt.Fprintf(w, ", from %s", r.Phone)
		}
		if r.Stop {
			fmt.Fprint(w, ", a STOP")
		}
		fmt.Fprintf(w, "\n    %s\n", strings.ReplaceAll(r.Reason, "\n", " "))
	}
	if len(rows) == 0 {
		fmt.Fprintln(w, "There are no failed events.")
	}
}

func printResults(w io.Writer, rows []row) {
	for i := range rows {
		fmt.Fprintf(w, "%s  %s\n", rows[i].ID, rows[i].Result)
	}
}
