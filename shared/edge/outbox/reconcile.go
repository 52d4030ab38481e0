package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
)

// LostAfter is how long after its claim a text that is not on record counts as lost. No function that sends may run
// that long (template.yaml, Timeout), so nobody is left who could record it. Only an event that comes again, and a
// campaign that meets its own claim, do not wait: what the sender still records takes the place of what they write.
const LostAfter = 5 * time.Minute

// How a text got on record whose sender was ended before it could put it there.
const (
	lost  = "claimed, and no record of what followed"
	found = "found by its delivery event"
)

// Reconcile puts on record, as unconfirmed, the claimed texts of these people that nobody recorded: a function was
// ended between sending and recording. Claims young enough to be on their way are left alone; there is no age at which
// a claim is given up.
func (o *Outbox) Reconcile(ctx context.Context, contacts ...consent.Contact) error {
	now := o.Now()
	return o.reconcile(ctx, contacts, func(cl consent.Claim) bool { return now.Sub(cl.At) >= LostAfter })
}

// reconcile looks for the texts of all those claims at once, and writes only what is missing. A claim whose text is on
// record as not gone out is one that a function was ended before taking back.
func (o *Outbox) reconcile(ctx context.Context, contacts []consent.Contact, which func(consent.Claim) bool) error {
	var texts []table.Text
	for _, c := range contacts {
		for _, cl := range c.Claims {
			if which(cl) {
				texts = append(texts, table.Text{Key: c.Key, ID: cl.ID})
			}
		}
	}
	if len(texts) == 0 {
		return nil
	}
	on, err := o.Store.Statuses(ctx, texts...)
	if err != nil {
		return fmt.Errorf("reconcile: %w", err)
	}
	var all error
	for _, c := range contacts {
		var left []string
		for _, cl := range c.Claims {
			status, recorded := on[table.Text{Key: c.Key, ID: cl.ID}]
			switch {
			case !which(cl):
			case !recorded:
				all = errors.Join(all, o.recordLost(ctx, c.Key, cl, lost, ""))
			case notOut(status):
				left = append(left, cl.ID)
			}
		}
		if len(left) > 0 {
			_, err := o.free(ctx, c, left...)
			all = errors.Join(all, err)
		}
	}
	return all
}

// settle looks what became of one claimed text that said w. It reports whether the claim stands: one whose text is on
// record as not gone out is taken back, and c is the contact without it.
func (o *Outbox) settle(
	ctx context.Context,
	c consent.Contact,
	cl consent.Claim,
	w words,
) (after consent.Contact, stands bool, err error) {
	text := table.Text{Key: c.Key, ID: cl.ID}
	on, err := o.Store.Statuses(ctx, text)
	if err != nil {
		return c, true, fmt.Errorf("look for claim %s: %w", cl.ID, err)
	}
	switch status, recorded := on[text]; {
	case !recorded:
		return c, true, o.unconfirmed(ctx, c.Key, cl, w, lost, "")
	case notOut(status):
		c, err = o.free(ctx, c, cl.ID)
		return c, false, err
	default:
		return c, true, nil
	}
}

// notOut reports whether a text on record as that certainly did not go out.
func notOut(s consent.Status) bool { return s == consent.Rejected || s == consent.Withheld }

// Recover puts a text on record that its sender left off it, and that a delivery event tells of with AWS's ID for it.
// It fails as long as the sender may still be about to.
func (o *Outbox) Recover(ctx context.Context, c consent.Contact, claimID, awsID string) error {
	cl, ok := c.Claimed(claimID)
	if !ok {
		return fmt.Errorf("text %s was never claimed", claimID)
	}
	if o.Now().Sub(cl.At) < LostAfter {
		return fmt.Errorf("text %s is not on record yet", claimID)
	}
	return o.recordLost(ctx, c.Key, cl, found, awsID)
}

func (o *Outbox) recordLost(ctx context.Context, key consent.Key, cl consent.Claim, how, awsID string) error {
	w, err := o.wording(ctx, key.Brand, cl)
	if err != nil {
		return err
	}
	return o.unconfirmed(ctx, key, cl, w, how, awsID)
}

// words is what a claimed text said, as far as that can be known.
type words struct {
	body    string // empty where nobody can know: a record says nothing rather than something else
	missing string // what the body lacks, and why
}

// wording finds again what a claimed text said: the campaign's text, or the one of our own texts whose content the
// claim names.
func (o *Outbox) wording(ctx context.Context, brandID string, cl consent.Claim) (words, error) {
	brand, ok := o.Catalog.Brand(brandID)
	if !ok {
		return words{missing: "its words are not known: programs.yaml no longer has its brand"}, nil
	}
	if cl.Campaign != "" {
		c, err := o.Store.Campaign(ctx, cl.Campaign)
		if errors.Is(err, table.ErrNotFound) {
			return words{missing: "its words are not known: its campaign is not stored"}, nil
		}
		if err != nil {
			return words{}, fmt.Errorf("campaign %s: %w", cl.Campaign, err)
		}
		return claimedWords(brand, c.Text, cl), nil
	}
	prog, ok := brand.Program(cl.Program)
	if !ok {
		return words{missing: "its words are not known: programs.yaml no longer has its program"}, nil
	}
	return o.ownText(brand, prog, cl), nil
}

// claimedWords is what a campaign's text became when it was claimed.
func claimedWords(b *program.Brand, body string, cl consent.Claim) words {
	if message.ContentHash(body) != cl.Content {
		return words{missing: "its words are not known: its campaign says something else now"}
	}
	if cl.Notice == "" {
		return words{body: body}
	}
	language, sum, _ := strings.Cut(cl.Notice, noticeSum)
	notice := message.OptOutNotice(b, language)
	if shortSum(notice) != sum {
		return words{body: body, missing: "the opt-out notice behind it was worded another way"}
	}
	return words{body: body + notice}
}

// noticeSum parts the language of an opt-out notice from what its words are told by. No language tag has it (BCP 47).
const noticeSum = "."

// noticed is how a claim keeps which opt-out notice was put behind the text: so short that it weighs nothing, and
// enough to tell when programs.yaml words it another way.
func noticed(b *program.Brand, language string) string {
	return language + noticeSum + shortSum(message.OptOutNotice(b, language))
}

func shortSum(text string) string { return message.ContentHash(text)[:4] }

// ownText is the text of ours, in whichever language, whose content the claim names.
func (o *Outbox) ownText(b *program.Brand, p *program.Program, cl consent.Claim) words {
	for _, language := range message.Languages(b) {
		for _, a := range message.Answers() {
			for _, everything := range []bool{false, true} {
				w := message.Wording{Language: language, Everything: everything}
				body := message.Compose(b, p, a, cl.Topics, w)
				if message.ContentHash(body) != cl.Content {
					continue
				}
				w.Link = linkOnRecord
				linked := message.Compose(b, p, a, cl.Topics, w)
				switch {
				case cl.Kind != message.Reply || linked == body:
					return words{body: body}
				case o.Links != nil:
					return words{body: linked}
				}
				return words{body: body, missing: "a link to the preference page, if it had one, is left out"}
			}
		}
	}
	return words{missing: "its words are not known: programs.yaml or our texts have changed since"}
}

// unconfirmed records a claimed text whose outcome nobody knows, unless it is on record.
func (o *Outbox) unconfirmed(ctx context.Context, key consent.Key, cl consent.Claim, w words, how, awsID string) error {
	m := cl.Message()
	m.Body, m.AWSID, m.Policy, m.Status = w.body, awsID, o.Gate.Policy(), consent.Unconfirmed
	detail := strings.Join(slices.DeleteFunc([]string{how, w.missing}, func(s string) bool { return s == "" }), "; ")
	m.History = []consent.StatusChange{
		{At: o.Now().UTC().Truncate(time.Millisecond), Status: consent.Unconfirmed, Detail: detail},
	}
	if prog, ok := o.program(key.Brand, cl.Program); ok {
		m.Identity = prog.Identity.String()
	}
	if err := o.Store.RecordUnconfirmed(ctx, key, m); err != nil {
		return fmt.Errorf("record claim %s as unconfirmed: %w", cl.ID, err)
	}
	return nil
}
