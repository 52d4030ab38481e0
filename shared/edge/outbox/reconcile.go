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

// Reconcile puts on record, as unconfirmed, the claimed texts of these people that nobody recorded: a function was
// ended between sending and recording. Claims younger than LostAfter are left alone, for their texts may be on their
// way. There is no age at which a claim is given up.
func (o *Outbox) Reconcile(ctx context.Context, contacts ...consent.Contact) error {
	_, err := o.reconcile(ctx, contacts, o.isLost, o.campaignText)
	return err
}

// Recover puts a text on record that its sender left off it, and that a delivery event tells of with AWS's ID for it.
// It fails until LostAfter has passed since the claim, because the sender may still be about to record the text.
func (o *Outbox) Recover(ctx context.Context, c consent.Contact, claimID, awsID string) error {
	cl, ok := c.Claimed(claimID)
	if !ok {
		return fmt.Errorf("text %s was never claimed", claimID)
	}
	if !o.isLost(cl) {
		return fmt.Errorf("text %s is not on record yet", claimID)
	}
	return o.recordLost(ctx, c.Key, cl, o.campaignText, awsID)
}

// isLost reports whether nobody can be about to record the claimed text any more.
func (o *Outbox) isLost(cl consent.Claim) bool { return o.Now().Sub(cl.At) >= LostAfter }

// reconcile looks up the texts of the chosen claims, all at once. One that is not on record is put there as
// unconfirmed. One that is on record as not gone out has its claim taken back, which its sender was ended before doing.
// It returns the contacts as they are stored then.
func (o *Outbox) reconcile(
	ctx context.Context,
	contacts []consent.Contact,
	chosen func(consent.Claim) bool,
	body bodyOf,
) ([]consent.Contact, error) {
	var texts []table.Text
	for _, c := range contacts {
		for _, cl := range c.Claims {
			if chosen(cl) {
				texts = append(texts, table.Text{Key: c.Key, ID: cl.ID})
			}
		}
	}
	statuses, err := o.Store.Statuses(ctx, texts...)
	if err != nil {
		return contacts, fmt.Errorf("reconcile: %w", err)
	}
	var all error
	after := slices.Clone(contacts)
	for i, c := range contacts {
		var unsent []string
		for _, cl := range c.Claims {
			status, recorded := statuses[table.Text{Key: c.Key, ID: cl.ID}]
			switch {
			case !chosen(cl):
			case !recorded:
				all = errors.Join(all, o.recordLost(ctx, c.Key, cl, body, ""))
			case status == consent.Rejected || status == consent.Withheld:
				unsent = append(unsent, cl.ID)
			}
		}
		if len(unsent) > 0 {
			stored, err := o.releaseClaims(ctx, c, unsent...)
			if err != nil {
				all = errors.Join(all, err)
				continue
			}
			after[i] = stored
		}
	}
	return after, all
}

// recordLost puts a lost text on record, and nothing else does: as unconfirmed, in the words it was claimed with as
// far as they are known, and under the policy of now. It writes nothing where the text is on record. awsID is AWS's ID
// of the text; empty where nobody knows it.
func (o *Outbox) recordLost(ctx context.Context, key consent.Key, cl consent.Claim, body bodyOf, awsID string) error {
	w, err := o.findWords(ctx, key, cl, body)
	if err != nil {
		return err
	}
	detail := "claimed, and no record of what followed"
	if w.missing != "" {
		detail += "; " + w.missing
	}
	m := cl.Message()
	m.Body, m.Vouched, m.AWSID = w.body, w.vouched, awsID
	m.Policy, m.Status = o.Gate.Policy(), consent.Unconfirmed
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

// said is what a claim may have been made for.
type said struct {
	bodies  []string // without an opt-out notice
	vouched message.Vouched
}

// bodyOf returns what a person's claim may have been made for: a campaign's text, or a single one. It returns
// table.ErrNotFound where nobody has it any more.
type bodyOf func(ctx context.Context, key consent.Key, cl consent.Claim) (said, error)

// knows is the bodyOf of whoever holds the text. Where it was filled in with other values than those of now, the
// campaign is asked for all it may have said.
func (o *Outbox) knows(t Text) bodyOf {
	return func(ctx context.Context, key consent.Key, cl consent.Claim) (said, error) {
		if cl.Campaign != "" && message.ContentHash(t.Body) != cl.Content {
			return o.campaignText(ctx, key, cl)
		}
		return said{[]string{t.Body}, t.Vouched}, nil
	}
}

// campaignText reads the campaign, and what is known of the person where its text has fields. It is the bodyOf of
// callers that do not know the text. A single text's own claim has its words for some time.
func (o *Outbox) campaignText(ctx context.Context, key consent.Key, cl consent.Claim) (said, error) {
	switch {
	case cl.Ref != "" && cl.Body == "":
		return said{}, table.ErrNotFound
	case cl.Ref != "":
		return said{[]string{cl.Body}, message.Vouched{NotMarketing: cl.Vouched}}, nil
	}
	c, err := o.Store.Campaign(ctx, cl.Campaign)
	if err != nil {
		return said{}, fmt.Errorf("campaign %s: %w", cl.Campaign, err)
	}
	var values map[string]string
	if c.HasFields() {
		if values, err = o.Store.Attributes(ctx, key); err != nil {
			return said{}, err
		}
	}
	return said{c.AllWords(values), c.Vouched}, nil
}

// words is what a claimed text said, as far as that can be known.
type words struct {
	body    string // empty where nobody can know: a record says nothing rather than something else
	missing string // what the body lacks, and why
	vouched message.Vouched
}

// findWords finds again what a claimed text said: the campaign's text, or the one of our own texts whose content the
// claim names.
func (o *Outbox) findWords(ctx context.Context, key consent.Key, cl consent.Claim, body bodyOf) (words, error) {
	brand, ok := o.Catalog.Brand(key.Brand)
	if !ok {
		return words{missing: "its words are not known: programs.yaml no longer has its brand"}, nil
	}
	if cl.Campaign != "" || cl.Ref != "" {
		about, err := body(ctx, key, cl)
		switch {
		case errors.Is(err, table.ErrNotFound) && cl.Ref != "":
			return words{missing: "its words are not known: only whoever asked for it has them"}, nil
		case errors.Is(err, table.ErrNotFound):
			return words{missing: "its words are not known: its campaign is not stored"}, nil
		case err != nil:
			return words{}, err
		}
		w := campaignWords(brand, about.bodies, cl)
		w.vouched = about.vouched
		return w, nil
	}
	prog, ok := brand.Program(cl.Program)
	if !ok {
		return words{missing: "its words are not known: programs.yaml no longer has its program"}, nil
	}
	return o.findOwnText(brand, prog, cl), nil
}

// campaignWords returns what a campaign's text became when it was claimed: the one of those it may have been that the
// claim has the hash of. What is known of a person may have changed since.
func campaignWords(b *program.Brand, bodies []string, cl consent.Claim) words {
	at := slices.IndexFunc(bodies, func(body string) bool { return message.ContentHash(body) == cl.Content })
	if at < 0 {
		return words{missing: "its words are not known: what it was made of says something else now"}
	}
	body := bodies[at]
	if cl.Notice == "" {
		return words{body: body}
	}
	language, sum, _ := strings.Cut(cl.Notice, noticeSeparator)
	notice := message.OptOutNotice(b, language)
	if shortSum(notice) != sum {
		return words{body: body, missing: "the opt-out notice behind it was worded another way"}
	}
	return words{body: body + notice}
}

// noticeSeparator parts the language of an opt-out notice from what its words are told by. No language tag has it (BCP
// 47).
const noticeSeparator = "."

// noticeTag returns what a claim keeps of the opt-out notice behind its text: so short that it weighs nothing, and
// enough to tell when programs.yaml words it another way.
func noticeTag(b *program.Brand, language string) string {
	return language + noticeSeparator + shortSum(message.OptOutNotice(b, language))
}

func shortSum(text string) string { return message.ContentHash(text)[:4] }

// findOwnText returns the text of ours, in whichever language, whose content the claim names.
func (o *Outbox) findOwnText(b *program.Brand, p *program.Program, cl consent.Claim) words {
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
