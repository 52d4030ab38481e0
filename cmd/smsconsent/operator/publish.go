package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"smsconsent"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/zoneinfo"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// publishReport is what publish prints.
type publishReport struct {
	Hash      string   `json:"hash"`    // of the file
	Changes   []string `json:"changes"` // in words, with the number of people affected
	Refused   []string `json:"refused"` // in words: what subscribed or asked people would lose
	Published bool     `json:"published,omitempty"`

	before program.Publication // the publication in force; its Number is 0 where nobody has published
	over   string              // hash of the programs in force
}

type publishFlags struct {
	file, show        string
	dryRun, yes, json bool
}

// printInForce is the value of --print alone: the programs in force.
const printInForce = "in force"

func publishCommand() *cobra.Command {
	var f publishFlags
	c := &cobra.Command{
		Use:   "publish",
		Short: "Put a programs.yaml in force, without a deploy",
		Long: `Check a programs.yaml, say what changes for whom compared with the one in force, and put it in force. Functions obey
it within a minute.

A file is refused where it takes something from people who are subscribed or may still say YES: their topic, the
number by which they stop it, or their country. If somebody else has published since you looked, nothing is put in
force: look at the difference again.

Every version that was ever in force is kept, with the time and the person who published it. smsconsent status lists
the versions, and --print prints one. Publish an older file to go back to it.`,
		Example: `  smsconsent publish --dry-run
  smsconsent publish --file programs.yaml --dry-run --json
  smsconsent publish --file programs.yaml --yes
  smsconsent publish --print > programs.yaml
  smsconsent publish --print=5ec96ae796b0 > before.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("print") {
				return f.publish(cmd)
			}
			if f.show == "" {
				return usageError{errors.New("--print=: write the beginning of a hash behind it, or --print alone for the file in force")}
			}
			return printPrograms(cmd, f.show)
		},
	}
	c.Flags().StringVar(&f.file, "file", "programs.yaml", "the file")
	c.Flags().StringVar(&f.show, "print", "", "print the file in force, or the one with this hash (its beginning is enough), and publish nothing")
	c.Flags().Lookup("print").NoOptDefVal = printInForce
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, "say what would change, and change nothing")
	c.Flags().BoolVar(&f.yes, "yes", false, "do not ask first")
	c.Flags().BoolVar(&f.json, "json", false, `print {"hash","changes","refused"} as JSON, and "published" once it is`)
	return c
}

func (f publishFlags) publish(cmd *cobra.Command) error {
	text, next, err := programsIn("--file", f.file)
	if err != nil {
		return err
	}
	if f.json && !f.yes && !f.dryRun {
		return usageError{errors.New("--json: add --yes or --dry-run, because nobody can be asked")}
	}
	if err := table.CheckProgramsSize(text); err != nil {
		return usageError{fmt.Errorf("--file: %w", err)}
	}
	s, err := remoteUnderBuiltIn(cmd.Context())
	if err != nil {
		return err
	}
	r, err := compared(cmd.Context(), s, next)
	if err != nil {
		return err
	}
	if !f.json {
		r.print(cmd.OutOrStdout())
	}
	switch {
	case len(r.Refused) > 0:
		err = fmt.Errorf("refused: %s", strings.Join(r.Refused, "; "))
	case f.dryRun || r.before.Hash == next.Hash():
	default:
		r.Published, err = agreed(cmd, f.yes, "Put it in force? Write yes, or anything else to leave it: ")
		if r.Published {
			err = putInForce(cmd.Context(), s, text, r)
			r.Published = err == nil
		}
	}
	if f.json {
		err = errors.Join(printJSON(cmd.OutOrStdout(), r), err)
	} else if r.Published {
		fmt.Fprintf(cmd.OutOrStdout(), "In force: %s. Functions obey it within a minute.\n", r.Hash)
	}
	return err
}

// printPrograms prints a programs.yaml that is in force, or was once.
func printPrograms(cmd *cobra.Command, which string) error {
	s, err := remoteUnderBuiltIn(cmd.Context())
	if err != nil {
		return err
	}
	all, err := consentTable(s).Publications(cmd.Context())
	if err != nil {
		return err
	}
	hashes := []string{s.Catalog.Hash()} // the first, where nobody published another
	for _, p := range all {
		hashes = append(hashes, p.Before, p.Hash)
	}
	hash := hashes[len(hashes)-1]
	if which != printInForce {
		at := slices.IndexFunc(hashes, func(h string) bool { return strings.HasPrefix(h, which) })
		if at < 0 {
			return usageError{fmt.Errorf("--print: nothing that was published begins with %s; smsconsent status lists what was", which)}
		}
		hash = hashes[at]
	}
	text := smsconsent.Programs()
	if hash != s.Catalog.Hash() {
		if text, err = consentTable(s).Programs(cmd.Context(), hash); err != nil {
			return err
		}
	}
	_, err = cmd.OutOrStdout().Write(text)
	return err
}

// compared says what changes for whom when next replaces the programs in force.
func compared(ctx context.Context, s *wiring.Deployment, next *program.Catalog) (*publishReport, error) {
	now, p, err := wiring.InForce(ctx, consentTable(s), s.Catalog)
	if err != nil {
		return nil, fmt.Errorf("what is in force: %w", err)
	}
	r := &publishReport{Hash: next.Hash(), Changes: []string{}, Refused: []string{}, before: p, over: now.Hash()}
	count := subscriberCounts{s.Audience(), map[[2]string]map[phone.Area]int{}}
	pending := pendingPeople{s, map[string][]consent.Contact{}}
	for _, c := range program.Compare(now, next) {
		means := func(country string) bool { return c.Concerns(now, next, country) }
		n, err := count.of(ctx, c.Topics(now), means)
		if err != nil {
			return nil, err
		}
		open := 0
		if c.Loses {
			if open, err = pending.of(ctx, c.Brand, c.Topic, means); err != nil {
				return nil, err
			}
		}
		if open > 0 {
			r.Refused = append(r.Refused, fmt.Sprintf("%d asked for topic %s and may still say YES: %s", open, c.Of(), c.Says))
		}
		switch {
		case open > 0 && n == 0:
		case c.Loses && n == 1:
			r.Refused = append(r.Refused, fmt.Sprintf("1 subscriber of topic %s loses it: %s", c.Of(), c.Says))
		case c.Loses && n > 0:
			r.Refused = append(r.Refused, fmt.Sprintf("%d subscribers of topic %s lose it: %s", n, c.Of(), c.Says))
		default:
			r.Changes = append(r.Changes, fmt.Sprintf("%s (%d subscribed): %s", c.Of(), n, c.Says))
		}
	}
	return r, nil
}

// subscriberCounts counts the people on topics by their area. Each topic is counted once.
type subscriberCounts struct {
	list   *audience.List
	counts map[[2]string]map[phone.Area]int
}

// of counts the people in the countries for which means returns true.
func (s subscriberCounts) of(ctx context.Context, topics [][2]string, means func(country string) bool) (int, error) {
	all := 0
	for _, t := range topics {
		if s.counts[t] == nil {
			areas, err := s.areas(ctx, t[0], t[1])
			if err != nil {
				return 0, fmt.Errorf("count who is subscribed to %s/%s: %w", t[0], t[1], err)
			}
			s.counts[t] = areas
		}
		for area, n := range s.counts[t] {
			places, err := area.Places() // the phone's own comes first
			if err != nil || means(places[0].Country) {
				all += n
			}
		}
	}
	return all, nil
}

// pendingPeople are the people of a brand who may still confirm. Each brand is read once.
type pendingPeople struct {
	stack   *wiring.Deployment
	waiting map[string][]consent.Contact // by brand
}

// of counts the people who may still confirm the topic, in the countries for which means returns true.
func (a pendingPeople) of(ctx context.Context, brand, topic string, means func(country string) bool) (int, error) {
	if _, read := a.waiting[brand]; !read {
		if err := a.read(ctx, brand); err != nil {
			return 0, fmt.Errorf("count whose YES may still come: %w", err)
		}
	}
	n := 0
	for i := range a.waiting[brand] {
		c := &a.waiting[brand][i]
		if s, ok := c.Subs[topic]; ok && s.StateAt(a.stack.Now()) == consent.Pending && means(c.Phone.Country()) {
			n++
		}
	}
	return n, nil
}

func (a pendingPeople) read(ctx context.Context, brand string) error {
	people, ever := []consent.Contact{}, a.stack.Now().AddDate(10, 0, 0)
	for after, more := "", true; more; more = after != "" {
		keys, next, err := a.stack.Audience().Due(ctx, brand, ever, after, 1000)
		if err != nil {
			return err
		}
		for _, key := range keys {
			c, err := consentTable(a.stack).Contact(ctx, key)
			if err != nil {
				return err
			}
			people = append(people, c)
		}
		after = next
	}
	a.waiting[brand] = people
	return nil
}

func (s subscriberCounts) areas(ctx context.Context, brand, topic string) (map[phone.Area]int, error) {
	counts := map[phone.Area]int{}
	for shard := range audience.Shards {
		for area := phone.Area(""); ; {
			next, more, err := s.list.NextArea(ctx, brand, topic, shard, area)
			if err != nil {
				return nil, err
			}
			if !more {
				break
			}
			area = next
			n, err := s.list.Count(ctx, brand, topic, shard, area)
			if err != nil {
				return nil, err
			}
			counts[area] += n
		}
	}
	return counts, nil
}

// putInForce stores the file and puts it in force. The first time it also stores the built-in programs, so that they
// can be printed later.
func putInForce(ctx context.Context, s *wiring.Deployment, text []byte, r *publishReport) error {
	by, err := caller(ctx, s)
	if err != nil {
		return err
	}
	t := consentTable(s)
	if r.before.Number == 0 {
		err = t.StorePrograms(ctx, s.Catalog.Hash(), smsconsent.Programs())
	}
	if err == nil {
		err = t.StorePrograms(ctx, r.Hash, text)
	}
	if err == nil {
		err = t.Publish(ctx, program.Publication{
			Number: r.before.Number + 1, Hash: r.Hash, Before: r.over, At: s.Now(), By: by,
			Tables: jurisdiction.TablesHash(), TZ: zoneinfo.Release,
		})
	}
	if errors.Is(err, table.ErrConflict) {
		return errors.New("somebody else published meanwhile, and nothing was: run it again to see the difference to that")
	}
	return err
}

func (r *publishReport) print(w io.Writer) {
	if r.before.Hash == r.Hash {
		fmt.Fprintf(w, "It is in force already, since %s, by %s.\n", inZone(r.before.At, nil), r.before.By)
		return
	}
	for _, line := range r.Changes {
		fmt.Fprintln(w, line)
	}
	if len(r.Changes)+len(r.Refused) == 0 {
		fmt.Fprintln(w, "Nothing changes for anybody.")
	}
	if r.before.Number == 0 {
		fmt.Fprintln(w, "It is the first that is published: from then on a deploy no longer changes what is in force.")
	}
}
