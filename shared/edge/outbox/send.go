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

// Text is a campaign's text, a reminder or a single text for one person.
type Text struct {
	Kind     message.Kind
	Program  *program.Program
	Topic    string
	Campaign string
	Ref      string // the caller's ID of a single text, which no text of the person had before
	Area     string // for a campaign, phone.Area.Mark of the area that is walked
	Digest   bool   // the campaign also goes to people who show no sign of reading
	Vouched  message.Vouched
	Shared   string    // ID of the same content on other channels; empty for none
	Body     string    // with links as message.Links reads them, and its fields filled in
	Content  string    // message.ContentHash of the text for all people; empty for that of Body
	Opens    time.Time // not before; zero for none
	Expires  time.Time // not at or after; zero for none

	Local jurisdiction.Local // for a campaign, the time it runs by each person's own clock; zero for none

	// Due reports whether the contact, as it is at each try, still needs the text; nil for always. It is for a text
	// that nobody may get twice although no rule of the gate forbids it, such as a reminder that another process sent
	// a moment ago.
	Due func(*consent.Contact) bool
}

// Outcome is the result of one Send.
type Outcome struct {
	Decision  gate.Decision // the gate's last decision; zero where the text was not due
	Sent      *table.Sent   // what to record; nil where nothing was sent (a refusal is on record already)
	Rejection *Rejection    // set where the carrier certainly refused
	Already   bool          // this campaign's or this single text was sent before
	Claim     consent.Claim // the claim under which it was or may have been sent; zero for none
}

// Texted reports whether this text was or may have been sent to the person, now or before.
func (o Outcome) Texted() bool {
	return o.Already || (o.Sent != nil && o.Rejection == nil)
}

// maxClaimAge is how old a claim may be when its text is sent. An older one was delayed, because the answer to it got
// lost or the process was frozen, and its decision may be wrong by now (I1, I6).
const maxClaimAge = 10 * time.Second

// singleRecordedBy is how long after its claim a single text is looked for that its sender did not record: before its
// words are dropped (consent.WordsKept). Several texts of a person share a look.
const singleRecordedBy = time.Hour

// Send claims and sends one text. It decides on the contact as given, and again on the newest one whenever it changed
// meanwhile. The caller must store Outcome.Sent through Record, in batches, before it saves its progress. A
// campaign's or single text may be repeated: it is sent at most once (I2).
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
			// Wait before claiming, so that the hours are checked at the moment of the claim, and no claimed text waits.
			if err := o.Pacer.Wait(ctx, t.Program, message.Segments(sent).Parts); err != nil {
				return Outcome{}, fmt.Errorf("wait for a turn to send: %w", err)
			}
			paced = true
			continue
		}
		cl := o.newClaim(gt, now)
		cl.Content = message.ContentHash(t.Body) // of this person's text, so that its words can be found again
		if t.Ref != "" {
			cl.Body, cl.Vouched = t.Body, t.Vouched.NotMarketing
		}
		cl.Chance, cl.Area = t.givesChance(), t.Area
		if body != t.Body {
			cl.Notice = noticeTag(brand, as.Notice)
		}
		if t.Ref != "" {
			c = c.FollowUpBy(now.Add(singleRecordedBy)) // whoever asked for it may never ask again
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

// SendOne sends a text that is not one of many, and records it. An error together with Outcome.Sent means that
// recording failed: the text was sent, its claim stays, and a later job or audit records it.
func (o *Outbox) SendOne(ctx context.Context, c consent.Contact, t Text) (Outcome, error) {
	out, err := o.Send(ctx, c, t)
	if err == nil && out.Sent != nil {
		err = o.Record(ctx, *out.Sent)
	}
	return out, err
}

// Withhold records a single text that was not sent, under an ID, with the reason. It may be repeated.
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

// claimOn finds the claim under which the text was or may have been sent to the person.
func (t *Text) claimOn(c *consent.Contact) (consent.Claim, bool) {
	if t.Ref != "" {
		return c.SingleClaim(t.Ref)
	}
	return c.CampaignClaim(t.Campaign)
}

// withLinks returns the text with this person's own short links. The record keeps the campaign's text, which says
// where each link leads, and whose hash is the same for all people.
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

// stillAllowed reports whether a claimed text may be sent although the contact was written after the claim. That
// happens where the answer to the claim got lost and the SDK tried again. c is the contact without the claim, so that
// the text does not count against itself.
func (o *Outbox) stillAllowed(c consent.Contact, t Text, about gate.Text) bool {
	return (t.Due == nil || t.Due(&c)) && o.Gate.Decide(o.Gate.Person(&c), about, o.Now()).Verdict == gate.Allow
}

// worded returns the text as this person would get it now.
func (o *Outbox) worded(p gate.Person, t Text, now time.Time) gate.Worded {
	w := o.Gate.Word(p, t.About(), t.Body, now)
	w.Content = cmp.Or(t.Content, w.Content) // by which other channels name what it says to everybody
	return w
}

// givesChance reports whether the text lets the person show, by a sign that the topic counts, that they read it. Only
// our own links report clicks. A site may report visits through any other address; that is assumed only where the
// topic counts nothing else.
func (t *Text) givesChance() bool {
	topic, ok := t.Program.Topic(t.Topic)
	if !ok || t.Kind != message.Promotional {
		return false
	}
	clicks, replies := topic.Engagement.Counts(program.SignClick), topic.Engagement.Counts(program.SignReply)
	return clicks && message.HasLink(t.Body) || replies && message.Invites(t.Body) ||
		!clicks && !replies && message.HasAddress(t.Body)
}

// About describes the text to the gate, without its words.
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
