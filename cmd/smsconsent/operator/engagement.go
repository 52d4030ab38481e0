package operator

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/audience/walk"
	consenttable "smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// lastMonth is the span before now over which savings are counted.
const lastMonth = 31 * 24 * time.Hour

// pageSize is how many contacts are read at once, the most that BatchGetItem takes.
const pageSize = 100

type engagementFlags struct {
	brand, topic string
	price        float64
	json         bool
}

func engagementCommand() *cobra.Command {
	var f engagementFlags
	c := &cobra.Command{
		Use:   "engagement",
		Short: "Count who reads a topic, who moves next, and what the tiers save a month",
		Long: `Count the people of each promotional topic by tier (docs/engagement.md), and the moves that the next audit would make.

What the tiers save is counted over the campaigns of the last 31 days that ended and reached somebody. It is the
texts, and the message parts you are billed for, that were not sent to people in the digest tier (except digests), in
the asked tier, or removed by then. With --price, in any currency, it says what they would have cost.

It only reads: the lists, the contact of everybody on them, and the whole table once for people who were removed.`,
		Example: `  smsconsent engagement
  smsconsent engagement --topic alerts --price 0.0083
  smsconsent engagement --topic alerts --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	c.Flags().StringVar(&f.brand, "brand", "", "brand ID (default: the first of programs.yaml)")
	c.Flags().StringVar(&f.topic, "topic", "", "topic ID (default: every promotional topic)")
	c.Flags().Float64Var(&f.price, "price", 0, "what one message part costs you, such as 0.0083 (default: no money is counted)")
	c.Flags().BoolVar(&f.json, "json", false, `print JSON: {"regular","digest","asked","removed","next","saves"}; an array of them without --topic`)
	return c
}

// tiers is what the command tells about one topic. The numbers count people.
type tiers struct {
	Brand      string  `json:"brand"`
	Topic      string  `json:"topic"`
	Engagement string  `json:"engagement"` // "on" or "off"
	Regular    int     `json:"regular"`
	Digest     int     `json:"digest"`
	Asked      int     `json:"asked"`
	Removed    int     `json:"removed"`
	Unreadable int     `json:"unreadable,omitempty"` // people whose stored contact cannot be understood
	Next       moves   `json:"next"`                 // what the next audit would do
	Saves      savings `json:"saves"`
}

// moves counts people by the tier they would move to.
type moves struct {
	Digest  int `json:"digest"`
	Asked   int `json:"asked"`
	Removed int `json:"removed"`
}

// savings is what was not sent in the last 31 days because of the tiers.
type savings struct {
	Texts int      `json:"texts"`
	Parts int      `json:"parts"`
	Price *float64 `json:"price,omitempty"` // of one part, from --price
	Money *float64 `json:"money,omitempty"`
}

func (f engagementFlags) run(cmd *cobra.Command) error {
	if f.price < 0 {
		return usageError{fmt.Errorf("--price: %g is less than nothing; write what one message part costs, such as 0.0083", f.price)}
	}
	ctx := cmd.Context()
	s, err := remote(ctx)
	if err != nil {
		return err
	}
	brand, err := brandOf(s.Catalog, f.brand)
	if err != nil {
		return err
	}
	topics, err := f.topics(brand)
	if err != nil {
		return err
	}
	all, err := f.count(ctx, s, brand, topics)
	if err != nil {
		return err
	}
	switch {
	case f.json && f.topic != "":
		return printJSON(cmd.OutOrStdout(), all[0])
	case f.json:
		return printJSON(cmd.OutOrStdout(), all)
	default:
		printTiers(cmd.OutOrStdout(), all)
		return nil
	}
}

// topics returns the promotional topics that the flags name.
func (f engagementFlags) topics(brand *program.Brand) ([]*program.Topic, error) {
	if f.topic != "" {
		prog, topic, err := topicOf(brand, f.topic)
		if err == nil && prog.Class != program.Promotional {
			err = usageError{fmt.Errorf("--topic: %s is transactional, and has no tiers; name a promotional topic", topic.ID)}
		}
		return []*program.Topic{topic}, err
	}
	var topics []*program.Topic
	for i := range brand.Programs {
		p := &brand.Programs[i]
		for j := range p.Topics {
			if p.Class == program.Promotional {
				topics = append(topics, &p.Topics[j])
			}
		}
	}
	return topics, nil
}

func (f engagementFlags) count(
	ctx context.Context, s *wiring.Deployment, brand *program.Brand, topics []*program.Topic,
) ([]tiers, error) {
	t := consentTable(s)
	removed, err := s.Removed(ctx, brand.ID)
	if err != nil {
		return nil, err
	}
	campaigns, err := t.Campaigns(ctx)
	if err != nil {
		return nil, fmt.Errorf("list campaigns: %w", err)
	}
	all := make([]tiers, len(topics))
	for i, topic := range topics {
		c := census{table: t, topic: topic, now: s.Now(), tiers: tiers{
			Brand: brand.ID, Topic: topic.ID, Engagement: "on", Removed: len(removed[topic.ID]),
		}}
		if c.recent, err = recentCampaigns(ctx, t, campaigns, c.Brand, c.Topic, c.now); err != nil {
			return nil, err
		}
		if topic.Engagement.IsOff() {
			c.Engagement = "off"
		}
		for shard := range audience.Shards {
			list := walk.Shard{List: s.Audience(), Brand: brand.ID, Topic: topic.ID, Number: shard, Page: pageSize}
			if _, err := list.Walk(ctx, &c); err != nil {
				return nil, fmt.Errorf("count the people of %s: %w", topic.ID, err)
			}
		}
		for _, at := range removed[topic.ID] {
			c.saveRemoved(at)
		}
		c.price(f.price)
		all[i] = c.tiers
	}
	return all, nil
}

// census counts the people of one topic.
type census struct {
	tiers
	table  *consenttable.Table
	topic  *program.Topic
	now    time.Time
	recent []campaign.Campaign // of the last 31 days, sent to somebody
}

// recentCampaigns returns the topic's campaigns of the last 31 days that ended and were sent to anybody.
func recentCampaigns(
	ctx context.Context, t *consenttable.Table, all []campaign.Campaign, brand, topic string, now time.Time,
) (recent []campaign.Campaign, err error) {
	for _, c := range all {
		if c.Brand != brand || c.Topic != topic || c.State != campaign.Done || c.At.After(now) || now.Sub(c.At) >= lastMonth {
			continue
		}
		shards, err := t.Shards(ctx, c.ID)
		if err != nil {
			return nil, fmt.Errorf("progress of campaign %s: %w", c.ID, err)
		}
		if campaign.Total(shards).Sent > 0 {
			recent = append(recent, c)
		}
	}
	return recent, nil
}

// Enter accepts every area.
func (c *census) Enter(context.Context, phone.Area) (string, bool, error) { return "", true, nil }

// Visit counts the people of a page.
func (c *census) Visit(ctx context.Context, p walk.Page) (phone.Number, error) {
	contacts, unreadable, err := c.table.Contacts(ctx, p.People)
	if err != nil {
		return "", err
	}
	c.Unreadable += len(unreadable)
	for i := range contacts {
		c.add(&contacts[i])
	}
	return "", nil
}

func (c *census) add(person *consent.Contact) {
	sub := person.Subs[c.topic.ID]
	if sub.State != consent.Subscribed {
		return
	}
	switch sub.TierNow() {
	case consent.Digest:
		c.Digest++
	case consent.Asked:
		c.Asked++
	default:
		c.Regular++
	}
	c.savePerson(person)
	move, due := person.NextMove(c.topic, c.now)
	switch {
	case !due:
	case move.To == consent.Digest:
		c.Next.Digest++
	case move.To == consent.Asked:
		c.Next.Asked++
	default:
		c.Next.Removed++
	}
}

// savePerson counts the texts that a person on the list did not get because of their tier. Before somebody is in the
// asked tier they are in the digest tier for as long as the topic's policy says.
func (c *census) savePerson(person *consent.Contact) {
	sub := person.Subs[c.topic.ID]
	tier := sub.TierNow()
	if tier == consent.Regular {
		return
	}
	for i := range c.recent {
		sent := &c.recent[i]
		since := sub.Moved
		if tier == consent.Asked && !sent.Digest {
			since = since.Add(-c.topic.Engagement.Ask.For)
		}
		_, got := person.CampaignClaim(sent.ID)
		if !got && since.Before(sent.At) && (tier == consent.Asked || !sent.Digest) {
			c.addSaved(sent)
		}
	}
}

// saveRemoved counts the same for a person who was removed at that time. They were in the asked tier before, for as
// long as an answer may take.
func (c *census) saveRemoved(at time.Time) {
	for i := range c.recent {
		if at.Add(-c.topic.Engagement.RemoveAfter).Before(c.recent[i].At) {
			c.addSaved(&c.recent[i])
		}
	}
}

func (c *census) addSaved(sent *campaign.Campaign) {
	c.Saves.Texts++
	c.Saves.Parts += message.Segments(sent.Text).Parts
}

// price sets what the texts would have cost. It does nothing where the price of a part is 0, which means unknown.
func (c *census) price(part float64) {
	if part > 0 {
		money := float64(c.Saves.Parts) * part
		c.Saves.Price, c.Saves.Money = &part, &money
	}
}

func printTiers(w io.Writer, all []tiers) {
	out := table.NewWriter()
	out.SetOutputMirror(w)
	out.AppendHeader(table.Row{
		"Topic", "Regular", "Digest", "Asked", "Removed", "To digest", "To ask", "To remove",
		"Texts saved", "Parts saved", "Money saved",
	})
	for _, t := range all {
		money := "say --price"
		if t.Saves.Money != nil {
			money = fmt.Sprintf("%.2f", *t.Saves.Money)
		}
		name := t.Brand + "/" + t.Topic
		if t.Engagement == "off" {
			name += " (off)"
		}
		out.AppendRow(table.Row{
			name, t.Regular, t.Digest, t.Asked, t.Removed, t.Next.Digest, t.Next.Asked, t.Next.Removed,
			t.Saves.Texts, t.Saves.Parts, money,
		})
	}
	out.Render()
	fmt.Fprintln(w, "\"To …\" is what the next audit would do; saved is by the campaigns of the last 31 days that reached somebody.")
}
