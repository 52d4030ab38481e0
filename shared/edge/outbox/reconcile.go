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

// LostAfter is how long after its claim an unrecorded text counts as lost. No sending function runs that long
// (template.yaml, Timeout), so its sender can no longer record it. An event that comes again, and a campaign that
// meets its own claim, do not wait that long: if the sender still records the text, that replaces what they write.
const LostAfter = 5 * time.Minute

// Reconcile records, as unconfirmed, claimed texts of these people that were not recorded because a function was
// ended between sending and recording. It leaves claims younger than LostAfter alone, because their texts may be on
// their way. No claim is too old for it. It may be repeated.
func (o *Outbox) Reconcile(ctx context.Context, contacts ...consent.Contact) error {
	_, err := o.reconcile(ctx, contacts, o.isLost, o.campaignText)
	return err
}

// Recover records a text that its sender did not record and that a delivery event names, with AWS's ID. It fails
// until LostAfter has passed since the claim, because the sender may still be about to record the text.
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

// isLost reports whether the sender of the claimed text can no longer record it.
func (o *Outbox) isLost(cl consent.Claim) bool { return o.Now().Sub(cl.At) >= LostAfter }

// reconcile looks up the texts of the chosen claims in one call. A text that is not on record is recorded as
// unconfirmed. A text that is on record as not sent has its claim removed, which its sender was ended before doing.
// It returns the contacts as stored afterwards.
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

// recordLost records a lost text as unconfirmed, in the words of its claim as far as they are known, and under the
// present policy. Where the text is on record it writes nothing. awsID is AWS's ID of the text, empty where unknown.
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

// said is the texts that a claim may have been made for.
type said struct {
	bodies  []string // without an opt-out notice
	vouched message.Vouched
}

// bodyOf returns the texts that a person's claim may have been made for: a campaign's, or a single one. It returns
// table.ErrNotFound where they are no longer stored.
type bodyOf func(ctx context.Context, key consent.Key, cl consent.Claim) (said, error)

// knows returns the bodyOf for a caller that has the text. Where the text was filled in with other values than the
// present ones, the campaign is asked for everything it may have said.
func (o *Outbox) knows(t Text) bodyOf {
	return func(ctx context.Context, key consent.Key, cl consent.Claim) (said, error) {
		if cl.Campaign != "" && message.ContentHash(t.Body) != cl.Content {
			return o.campaignText(ctx, key, cl)
		}
		return said{[]string{t.Body}, t.Vouched}, nil
	}
}

// campaignText reads the campaign and, where its text has fields, the person's values. It is the bodyOf for callers
// that do not have the text. The claim of a single text has its words for some time.
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

// words is what a claimed text said, as far as that is known.
type words struct {
	body    string // empty where unknown: a record must not say something else
	missing string // what is missing in body, and why
	vouched message.Vouched
}

// findWords finds the words of a claimed text: those of the campaign, or the one of our own texts whose content is in
// the claim.
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

// campaignWords returns the campaign's text as it was claimed: the one of the possible texts whose hash is in the
// claim. What is known about the person may have changed since.
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

// noticeSeparator separates the language of an opt-out notice from the hash of its words. No language tag contains it
// (BCP 47).
const noticeSeparator = "."

// noticeTag returns what a claim keeps of the opt-out notice after its text: short, and enough to find out when
// programs.yaml words it differently.
func noticeTag(b *program.Brand, language string) string {
	return language + noticeSeparator + shortSum(message.OptOutNotice(b, language))
}

func shortSum(text string) string { return message.ContentHash(text)[:4] }

// findOwnText returns our own text, in any language, whose content is in the claim.
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
