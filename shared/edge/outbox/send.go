package outbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
)

// Text is a campaign's text, a reminder or a single text, for one person.
type Text struct {
	Kind     message.Kind
	Program  *program.Program
	Topic    string
	Campaign string
	Ref      string // of a single text: the ID its caller knows it by, which no text of the person had before
	Area     string // of a campaign: phone.Area.Mark of the area that is walked
	Digest   bool   // of a campaign: it is for those too who show no sign of reading
	Vouched  message.Vouched
	Shared   string    // of a campaign: the ID by which other channels name the same content; empty for none
	Body     string    // with links as message.Links reads them, and its fields filled in
	Content  string    // message.ContentHash of what it says to everybody; empty for that of Body
	Opens    time.Time // not before; zero for none
	Expires  time.Time // not at or after; zero for none

	Local jurisdiction.Local // of a campaign: its span on each person's own clock; zero for none

	// Due is asked of the contact as it is at each try; nil for always. It is for what nobody may get twice and no rule of
	// the gate forbids, such as a reminder that another process sent a moment ago.
	Due func(*consent.Contact) bool
}

// Outcome is what became of one Send.
type Outcome struct {
	Decision  gate.Decision // the gate's last word; zero where the text was not due
	Sent      *table.Sent   // what to record; nil where nothing was handed over, or refused, which is on record then
	Rejection *Rejection    // set where the carrier refused for certain
	Already   bool          // this campaign texted the person before, or this single text went before
	Claim     consent.Claim // the one the text went under, or may have; zero where it did not
}

// Texted reports whether the person was, or may have been, texted by this campaign: now or before.
func (o Outcome) Texted() bool {
	return o.Already || (o.Sent != nil && o.Rejection == nil)
}

// maxClaimAge is how old a claim may be when its text is handed over. One that is older was long in the making, because
// the answer to it got lost or the process was held up, and what was decided then may be wrong by now (I1, I6).
const maxClaimAge = 10 * time.Second

// Send claims and sends one text, deciding on the contact as it was read and again on what is there now whenever it
// changed meanwhile. The caller records Outcome.Sent through Record, in batches, before it reports progress.
func (o *Outbox) Send(ctx context.Context, c consent.Contact, t Text) (Outcome, error) {
	brand, ok := o.Catalog.Brand(c.Brand)
	if !ok {
		return Outcome{}, fmt.Errorf("send: brand %q is not in programs.yaml", c.Brand)
	}
	o.warnIfSuspect(ctx, &c)
	paced := o.Pacer == nil
	for range MaxTries {
		if t.Due != nil && !t.Due(&c) {
			return Outcome{}, nil
		}
		now := o.Now()
		person := o.Gate.Person(&c)
		as := o.worded(person, t, now)
		body, gt := as.Body, as.Text
		d := o.Gate.Decide(person, gt, now)
		if d.Verdict != gate.Allow {
			cl, claimed := t.claimOn(&c)
			if !claimed {
				return Outcome{Decision: d}, nil
			}
			ours := func(other consent.Claim) bool { return other.ID == cl.ID }
			after, err := o.reconcile(ctx, []consent.Contact{c}, ours, o.knows(t))
			if _, stands := after[0].Claimed(cl.ID); stands || err != nil {
				return Outcome{Decision: d, Already: true, Claim: cl}, err
			}
			c = after[0]
			continue
		}
		sent, err := o.withLinks(c.Key, t.Campaign, body)
		if err != nil {
			return Outcome{}, err
		}
		if !paced {
			// The turn comes before the claim, so that the hours are checked at the moment of the claim and nothing lies
			// claimed while it waits.
			if err := o.Pacer.Wait(ctx, t.Program, message.Segments(sent).Parts); err != nil {
				return Outcome{}, fmt.Errorf("wait for a turn to send: %w", err)
			}
			paced = true
			continue
		}
		cl := o.newClaim(gt, now)
		cl.Content = message.ContentHash(t.Body) // what went to this person, by which its words are found again
		if t.Ref != "" {
			cl.Body, cl.Vouched = t.Body, t.Vouched.NotMarketing
		}
		cl.Chance, cl.Area = t.givesChance(), t.Area
		if body != t.Body {
			cl.Notice = noticeTag(brand, as.Notice)
		}
		next, err := o.Store.Claim(ctx, c, cl, brand.LongestWindow())
		switch {
		case errors.Is(err, table.ErrConflict):
			if c, err = o.Store.Contact(ctx, c.Key); err != nil {
				return Outcome{}, fmt.Errorf("read contact again: %w", err)
			}
		case err != nil:
			return Outcome{}, fmt.Errorf("claim: %w", err)
		default:
			cl, _ := next.Claimed(cl.ID) // with its number
			claimed := text{
				claim: cl, program: t.Program, body: sent, record: body, vouched: t.Vouched, closes: d.Closes, policy: d.Policy,
			}
			changed := next.Version != c.Version+1
			if o.Now().Sub(now) > maxClaimAge || (changed && !o.stillAllowed(next.WithoutClaim(cl.ID), t, gt)) {
				if c, err = o.withdraw(ctx, next, claimed); err != nil {
					return Outcome{}, err
				}
				continue
			}
			m, r := o.offer(ctx, c.Key, claimed)
			if r != nil {
				_, _, err := o.handleRejection(ctx, next, claimed, m, r)
				return Outcome{Decision: d, Rejection: r}, err
			}
			return Outcome{Decision: d, Sent: &table.Sent{Key: c.Key, Message: m}, Claim: cl}, nil
		}
	}
	return Outcome{}, fmt.Errorf("claim: gave up after %d conflicts", MaxTries)
}

// SendOne is Send for a text that is not one of many, and puts it on record. An error beside an Outcome with Sent is of
// the record: the text is gone, its claim stands, and whoever meets that claim puts it on record.
func (o *Outbox) SendOne(ctx context.Context, c consent.Contact, t Text) (Outcome, error) {
	out, err := o.Send(ctx, c, t)
	if err == nil && out.Sent != nil {
		err = o.Record(ctx, *out.Sent)
	}
	return out, err
}

// Withhold puts a single text on record that did not go out, under an ID, and why. It is safe to repeat.
func (o *Outbox) Withhold(ctx context.Context, key consent.Key, t Text, id, why string) error {
	about := gate.Text{
		Kind: t.Kind, Program: t.Program, Topics: []string{t.Topic}, Ref: t.Ref, Content: message.ContentHash(t.Body),
	}
	kept := text{
		claim: o.newClaim(about, o.Now()), program: t.Program, record: t.Body, vouched: t.Vouched, policy: o.Gate.Policy(),
	}
	kept.claim.ID = id
	return o.Record(ctx, table.Sent{Key: key, Message: o.messageOf(kept, consent.Withheld, why)})
}

// claimOn finds the claim under which the text went to the person, or may have.
func (t *Text) claimOn(c *consent.Contact) (consent.Claim, bool) {
	if t.Ref != "" {
		return c.SingleClaim(t.Ref)
	}
	return c.CampaignClaim(t.Campaign)
}

// withLinks returns the text with this person's own short links. On record it stays as the campaign has it, which says
// where each link leads, and content that is the same for everybody stays the same.
func (o *Outbox) withLinks(key consent.Key, campaign, body string) (string, error) {
	if !message.HasLink(body) {
		return body, nil
	}
	if o.Short == nil {
		return "", errors.New("the text holds a link, and this outbox makes none")
	}
	var failed error
	sent := message.WithLinks(body, func(place int) string {
		address, err := o.Short.Short(key, campaign, place)
		failed = errors.Join(failed, err)
		return address
	})
	return sent, failed
}

// stillAllowed reports whether a claimed text may go although somebody wrote the contact after the claim. That happens
// where the answer to the claim got lost and came with a later try. c is the contact without the claim, so that the
// text does not stand in its own way.
func (o *Outbox) stillAllowed(c consent.Contact, t Text, about gate.Text) bool {
	return (t.Due == nil || t.Due(&c)) && o.Gate.Decide(o.Gate.Person(&c), about, o.Now()).Verdict == gate.Allow
}

// worded returns the text as it would go to this person now.
func (o *Outbox) worded(p gate.Person, t Text, now time.Time) gate.Worded {
	w := o.Gate.Word(p, t.About(), t.Body, now)
	w.Content = cmp.Or(t.Content, w.Content) // by which other channels name what it says to everybody
	return w
}

// givesChance reports whether the text is one of which a sign that the person reads it could be seen, among the signs
// the topic counts. Only our own links tell who followed them. What becomes of any other address a site may see and
// tell; that is taken for granted only where the topic counts nothing else.
func (t *Text) givesChance() bool {
	topic, ok := t.Program.Topic(t.Topic)
	if !ok || t.Kind != message.Promotional {
		return false
	}
	clicks, replies := topic.Engagement.Counts(program.SignClick), topic.Engagement.Counts(program.SignReply)
	return clicks && message.HasLink(t.Body) || replies && message.Invites(t.Body) ||
		!clicks && !replies && message.HasAddress(t.Body)
}

// About describes the text to the gate, but for its words.
func (t *Text) About() gate.Text {
	return gate.Text{
		Kind:     t.Kind,
		Program:  t.Program,
		Topics:   []string{t.Topic},
		Campaign: t.Campaign,
		Ref:      t.Ref,
		Urgent:   t.Vouched.Urgent != "",
		Digest:   t.Digest,
		Shared:   t.Shared,
		Opens:    t.Opens,
		Expires:  t.Expires,
		Local:    t.Local,
	}
}

// ObeysHours reports whether the text waits for the permitted hours of the places its phone may be in.
func (t *Text) ObeysHours() bool { return t.About().ObeysHours() }
