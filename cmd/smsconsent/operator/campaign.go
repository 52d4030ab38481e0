package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// defaultDuration is how long a campaign runs without --expires. It is long enough to reach the next permitted hours
// everywhere, and short enough that nobody gets last week's news.
const defaultDuration = 3 * 24 * time.Hour

func campaignCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "campaign",
		Short: "Schedule a text for everybody on a topic; follow, pause, resume or cancel it",
		Example: `  smsconsent campaign create --topic alerts --text "Example Corp.: open today."
  smsconsent campaign list`,
	}
	c.AddCommand(
		campaignPlanCommand(),
		campaignCreateCommand(),
		campaignCopyCommand(),
		campaignEditCommand(),
		campaignStatusCommand(),
		campaignListCommand(),
		campaignWatchCommand(),
		campaignReportCommand(),
		campaignPauseCommand(),
		campaignResumeCommand(),
		campaignCancelCommand(),
		campaignTestCommand(),
		campaignApproveCommand(),
	)
	return c
}

type campaignFlags struct {
	brand, topic, at, expires, zone, content string
	prices, id                               string
	maxCost                                  *float64 // US dollars; nil for no limit
	in, attributes                           []string
	repeat, until                            string
	times                                    int
	each                                     time.Duration
	digest, json, yes, again, far, local     bool
	editing                                  bool     // an existing campaign is changed
	inSeries                                 string   // ID of the series that is changed, or whose run is; empty for none
	reworded                                 bool     // a flag gives another text, in whatever language
	translated                               []string // languages of the texts that another --text leaves out
	wordFlags

	lasts  time.Duration    // the duration where no flag says when it ends; 0 for defaultDuration
	series *campaign.Series // the series whose first run the campaign is; nil for none
}

func campaignCreateCommand() *cobra.Command {
	var f campaignFlags
	c := &cobra.Command{
		Use:   "create",
		Short: "Schedule a campaign",
		Long: `Schedule a text for everybody subscribed to a topic.

Each person is texted at the first permitted hour where their phone may be, not before --at and never after --expires.
With --local-time both are on each person's own clock. A phone that may be in several zones gets the text when all
their clocks show the time.

Instead of {link:https://…} each person gets a short link of the brand's own, which leads there and counts who
followed it. Instead of {first_name|there} they get their stored value, or the words after the | where there is none
(docs/fields.md).

A text to everybody on a transactional topic also waits for the permitted hours, unless somebody vouches that it is
urgent. It must not advertise, unless somebody vouches that it does not.`,
		Example: `  smsconsent campaign create --topic alerts --text "Example Corp.: new pumpkins are in." --at 2026-11-24T18:00:00Z --expires 2026-11-25T03:00:00Z
  smsconsent campaign create --topic alerts --text "Example Corp.: new pumpkins: {link:https://example.com/pumpkins}"
  smsconsent campaign create --topic alerts --text "Example Corp.: hi {first_name|there}!" --text-es "Example Corp.: ¡hola, {first_name|amigo}!"
  smsconsent campaign create --topic orders --text "Example Corp.: recall! Do not use …" --urgent --says "Ana Perez"
  smsconsent campaign create --topic alerts --digest --content november --text "Example Corp.: all of November at example.com/nov"
  smsconsent campaign create --topic alerts --text-file text.txt --text-file es=texto.txt --at "tomorrow 10:00" --zone America/New_York
  smsconsent campaign create --topic alerts --text "Example Corp.: open today." --at "2026-12-01 10:00" --local-time
  smsconsent campaign create --topic alerts --text "Example Corp.: the week's offers: …" --repeat "0 10 * * 1" --zone America/New_York
  smsconsent campaign create --topic alerts --text "Example Corp.: open today." --attribute city=Dallas
  smsconsent campaign create --topic alerts --text "Example Corp.: open today." --in US-WA,US-OR --max-cost 200
  smsconsent campaign create --brand example --topic alerts --text "Example Corp.: open today." --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := remote(cmd.Context())
			if err != nil {
				return err
			}
			return f.create(cmd, s)
		},
	}
	f.defineWhom(c)
	f.define(c)
	f.defineMaking(c)
	f.defineRepeat(c)
	f.defineID(c)
	return c
}

// defineID adds the flag that makes a repeated command find the campaign instead of making a second one.
func (f *campaignFlags) defineID(c *cobra.Command) {
	c.Flags().StringVar(&f.id, "id", "", "an ID or name of your own; the same command again then makes no second campaign")
}

// defineMaking adds the flags of commands that make or change a campaign.
func (f *campaignFlags) defineMaking(c *cobra.Command) {
	c.Flags().BoolVar(&f.again, "again", false, "make it even if another campaign has the same text at the same time")
	c.Flags().BoolVar(&f.yes, "yes", false, "do not ask first; make no plan either, unless --max-cost needs one")
	c.Flags().BoolVar(&f.json, "json", false, `print {"id"} as JSON, as with --yes`)
	c.Flags().Func("max-cost", "refuse it where the plan costs more US `dollars` than this", f.setMaxCost)
}

// setMaxCost parses --max-cost. 0 allows only texts that cost nothing.
func (f *campaignFlags) setMaxCost(value string) error {
	sum, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(sum) || math.IsInf(sum, 0) || sum < 0 {
		return errors.New("it is no sum; write US dollars, such as 200")
	}
	f.maxCost = &sum
	return nil
}

// defineWhom adds the flags for a campaign's brand and topic.
func (f *campaignFlags) defineWhom(c *cobra.Command) {
	c.Flags().StringVar(&f.brand, "brand", "", "brand ID (default: the first of programs.yaml)")
	c.Flags().StringVar(&f.topic, "topic", "", "topic ID (required)")
}

// define adds the flags for a campaign's text, times and people.
func (f *campaignFlags) define(c *cobra.Command) {
	f.add(c)
	c.PreRunE = func(cmd *cobra.Command, _ []string) error {
		f.stdin, f.interrupted = cmd.InOrStdin(), cmd.Context().Done()
		return f.checkNotEmpty(cmd)
	}
	c.Flags().StringSliceVar(&f.in, "in", nil, "only people in these places: states such as US-WA,US-OR, or whole countries such as US or FR (default: everywhere)")
	c.Flags().StringArrayVar(&f.attributes, "attribute", nil,
		"only people with this attribute, such as city=Dallas; may be repeated (default: everybody; docs/fields.md)")
	const form = `, as "tomorrow 10:00" with --zone, or RFC 3339`
	c.Flags().StringVar(&f.at, "at", "", "not before this instant"+form+" (default: now)")
	c.Flags().StringVar(&f.expires, "expires", "", "not at or after this instant"+form+" (default: three days after --at)")
	c.Flags().StringVar(&f.zone, "zone", "", "the time zone of --at and --expires, such as America/Los_Angeles")
	c.Flags().BoolVar(&f.local, "local-time", false,
		"--at and --expires are on each person's own clock; --zone is for words such as tomorrow")
	c.Flags().BoolVar(&f.far, "far", false, "--at is meant to be more than two years away")
	c.Flags().BoolVar(&f.digest, "digest", false, "also send it to people who show no sign of reading (docs/engagement.md)")
	c.Flags().StringVar(&f.content, "content", "", "the ID of the same content on your other channels: people who got it there lately wait or are left out")
	c.Flags().StringVar(&f.prices, "prices", "", "your price table, as campaign plan --print-prices has it (default: that one)")
}

// create makes the campaign or the series that the flags describe.
func (f *campaignFlags) create(cmd *cobra.Command, s *wiring.Deployment) error {
	c, err := f.described(cmd, s)
	if err != nil {
		return err
	}
	if f.id != "" {
		if answered, err := f.answerAgain(cmd, s, c); answered || err != nil {
			return err
		}
	}
	if c.Plan, err = f.confirmed(cmd, s, c); err != nil {
		return err
	}
	if f.series != nil {
		series, run, err := f.storeSeries(cmd.Context(), s, c)
		if err != nil {
			return err
		}
		return f.printSeries(cmd, s, series, run)
	}
	looks := time.NewTicker(progressInterval)
	defer looks.Stop()
	if err := showProgress(cmd.Context(), cmd.ErrOrStderr(), s, c.ID, looks.C, func() (err error) {
		c, err = f.store(cmd.Context(), s, c)
		return err
	}); err != nil {
		return err
	}
	return f.printMade(cmd, s, c)
}

// planAndConfirm returns the campaign that the flags describe, with its plan, once the user has confirmed it.
func (f *campaignFlags) planAndConfirm(cmd *cobra.Command, s *wiring.Deployment) (campaign.Campaign, error) {
	c, err := f.described(cmd, s)
	if err != nil {
		return c, err
	}
	c.Plan, err = f.confirmed(cmd, s, c)
	return c, err
}

// confirmed returns the plan of a campaign once the user has confirmed it.
func (f *campaignFlags) confirmed(cmd *cobra.Command, s *wiring.Deployment, c campaign.Campaign) (campaign.Plan, error) {
	p, err := f.confirm(cmd, s, c)
	if err != nil && cmd.Context().Err() != nil {
		err = fmt.Errorf("%w: %s", errInterrupted, f.unmade())
	}
	return p, err
}

// described returns the campaign that the flags describe, without a plan.
func (f *campaignFlags) described(cmd *cobra.Command, s *wiring.Deployment) (campaign.Campaign, error) {
	c, problems, err := newCampaign(s.Catalog, s.Getenv(wiring.LinksURL), f, s.Now())
	if err != nil {
		return c, err
	}
	printProblems(cmd.ErrOrStderr(), append(problems, f.droppedTexts(&c)...))
	err = sign(cmd.Context(), s, &c)
	return c, err
}

func printProblems(w io.Writer, problems []message.Problem) {
	for _, p := range problems {
		fmt.Fprintf(w, "%s: %s\n", p.Severity, p.Text)
	}
}

// newCampaign checks the flags, and returns the campaign with its final text. api is the address of short links for
// brands without their own. The problems are worth knowing, but do not prevent the campaign.
func newCampaign(
	cat *program.Catalog, api string, f *campaignFlags, now time.Time,
) (campaign.Campaign, []message.Problem, error) {
	var none campaign.Campaign
	brand, prog, topic, err := findTopic(cat, f.brand, f.topic)
	if err != nil {
		return none, nil, err
	}
	if err := f.checkReach(prog.Class); err != nil {
		return none, nil, err
	}
	brand = brand.LinkingAt(api)
	words, err := f.wordFlags.check(brand, prog)
	if err != nil {
		return none, nil, err
	}
	places, err := campaign.ParsePlaces(f.in)
	if err != nil {
		return none, nil, usageError{fmt.Errorf("--in: %w", err)}
	}
	attributes, err := campaign.ParseAttributes(f.attributes)
	if err != nil {
		return none, nil, usageError{fmt.Errorf("--attribute: %w", err)}
	}
	id, err := f.campaignID(now)
	if err != nil {
		return none, nil, err
	}
	c := campaign.Campaign{
		ID:      id,
		Name:    f.name(),
		Brand:   brand.ID,
		Topic:   topic.ID,
		Text:    words.text,
		Texts:   words.texts,
		Vouched: words.vouched,
		In:      places,
		Digest:  f.digest,

		Attributes: attributes,

		Content: f.content,
		Created: now.UTC(),
		State:   campaign.Scheduled,
	}
	// Schedules have whole seconds. Truncating keeps "now" from becoming a later time.
	if err := f.setTimes(&c, now.Truncate(time.Second)); err != nil {
		return none, nil, err
	}
	if err := c.Validate(now); err != nil {
		return none, nil, usageError{err}
	}
	return c, words.problems, nil
}

// checkReach checks the flags that say for whom the campaign is, and who may be left out.
func (f campaignFlags) checkReach(class program.Class) error {
	if f.digest && class != program.Promotional {
		return usageError{fmt.Errorf("--digest: topic %s is transactional, and has no tiers; leave it out", f.topic)}
	}
	if f.content == "" {
		return nil
	}
	if err := message.CheckContentID(f.content); err != nil {
		return usageError{fmt.Errorf("--content: %q: %w", f.content, err)}
	}
	return nil
}

// oneCampaign checks that a command has one argument, which may be the ID or the name of a campaign.
func oneCampaign(cmd *cobra.Command, args []string) error {
	if err := exactlyOne("ID", "the ID of a campaign, or its name")(cmd, args); err != nil {
		return err
	}
	_, _, err := parseID("ID", args[0])
	return err
}

// campaignOf reads a campaign.
func campaignOf(ctx context.Context, t *consenttable.Table, id string) (campaign.Campaign, error) {
	c, err := t.Campaign(ctx, id)
	switch {
	case errors.Is(err, consenttable.ErrNotFound):
		if series, err := t.Series(ctx, id); err == nil {
			return c, noCampaign(ctx, t, &series)
		}
		return c, fmt.Errorf("there is no campaign %s", id)
	case err != nil:
		return c, fmt.Errorf("campaign %s: %w", id, err)
	default:
		return c, nil
	}
}

// onCampaign returns the run function of a command whose argument is the ID or the name of a campaign.
func onCampaign(do func(cmd *cobra.Command, s *wiring.Deployment, id string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		s, err := remote(cmd.Context())
		if err != nil {
			return err
		}
		id, err := findCampaign(cmd.Context(), consentTable(s), "ID", args[0])
		if err != nil {
			return err
		}
		return do(cmd, s, id)
	}
}

// instant parses a flag with an RFC 3339 time. An empty one is the default.
func instant(flag, value string, otherwise time.Time) (time.Time, error) {
	if value == "" {
		return otherwise, nil
	}
	at, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return time.Time{}, usageError{
			fmt.Errorf(
				"%s: %q is not an RFC 3339 instant such as 2026-11-24T18:00:00Z or 2026-11-24T10:00:00-08:00",
				flag,
				value,
			),
		}
	}
	return at, nil
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
