package table

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/dynamo"
)

// Segments is how many parts the whole table is read in, each by a job of its own: as many as run at once
// (template.yaml, MaximumConcurrency of the audit's queue).
const Segments = 8

// maxScan is the most items a page of Everybody has. A page ends by itself after a megabyte, which is fewer; it only
// bounds what tiny items could add up to.
const maxScan = 3000

// Place is where reading everybody goes on: behind an item. The zero Place is the beginning. It may hold a phone
// number.
type Place struct {
	PK string `json:"pk,omitempty"`
	SK string `json:"sk,omitempty"`
}

// Everybody reads the whole records of the next people of a segment, a page at a time, and where the next page begins:
// the zero Place where there is none. One Scan reads some 200 people, for DynamoDB keeps the items of a person side by
// side and in order. It may see them as they were a moment ago, and not all at one moment; so whoever is not whole, or
// seems not to be, is read again by Examine. A person on the edge of a page belongs to the next.
func (t *Table) Everybody(
	ctx context.Context, segment int, after Place, now time.Time,
) (people []inspect.Subject, next Place, err error) {
	in := t.segment(segment, after)
	out, err := t.api.Scan(ctx, in)
	if err != nil {
		return nil, Place{}, fmt.Errorf("read everybody of segment %d: %w", segment, dynamo.Redact(err))
	}
	groups := byPerson(out.Items)
	more := len(out.LastEvaluatedKey) > 0
	if more && len(groups) > 1 {
		groups = groups[:len(groups)-1]
	}
	for _, g := range groups {
		last := &reader{m: g[len(g)-1]}
		next = Place{last.str("pk"), last.str("sk")}
		s, there, err := t.met(ctx, g, more && len(groups) == 1, now)
		if err != nil {
			return nil, Place{}, err
		}
		if there {
			people = append(people, s)
		}
	}
	switch {
	case !more:
		next = Place{}
	case len(groups) == 1:
		next.SK = behindAll // they have more than a page of their own, and were read whole
	}
	return people, next, nil
}

// segment is the Scan of the next page of a segment.
func (t *Table) segment(n int, after Place) *dynamodb.ScanInput {
	in := &dynamodb.ScanInput{
		TableName: &t.name, Segment: aws.Int32(int32(min(max(n, 0), Segments-1))), TotalSegments: aws.Int32(Segments),
		Limit: aws.Int32(maxScan),
	}
	if after != (Place{}) {
		in.ExclusiveStartKey = primary(after.PK, after.SK)
	}
	return in
}

// ContactsOf reads the contacts alone of the next people of a segment, a page at a time as Everybody does, and where
// the next page begins. It costs the same read units; but DynamoDB hands over the contacts and nothing else. Whoever
// cannot be read is left out: Everybody shows them.
func (t *Table) ContactsOf(ctx context.Context, segment int, after Place) (all []consent.Contact, next Place, err error) {
	in := t.segment(segment, after)
	in.FilterExpression, in.ExpressionAttributeValues = aws.String("sk = :contact"), item{":contact": str(contactSort)}
	out, err := t.api.Scan(ctx, in)
	if err != nil {
		return nil, Place{}, fmt.Errorf("read contacts of segment %d: %w", segment, dynamo.Redact(err))
	}
	for _, m := range out.Items {
		key, is := personOf((&reader{m: m}).str("pk"))
		if !is {
			continue
		}
		if c, err := t.decode(key, m); err == nil {
			all = append(all, c)
		}
	}
	if len(out.LastEvaluatedKey) > 0 {
		last := &reader{m: out.LastEvaluatedKey}
		next = Place{last.str("pk"), last.str("sk")}
	}
	return all, next, nil
}

// personOf returns whose partition it is, and reports whether it is a person's.
func personOf(pk string) (consent.Key, bool) {
	name, is := strings.CutPrefix(pk, contactPrefix)
	at := strings.LastIndexByte(name, '#')
	if !is || at < 0 {
		return consent.Key{}, false
	}
	return consent.Key{Brand: name[:at], Phone: phone.Number(name[at+1:])}, true
}

// behindAll sorts behind every sort key there is.
const behindAll = "~"

// byPerson parts items where their partition key changes.
func byPerson(items []map[string]types.AttributeValue) (groups [][]item) {
	last := ""
	for _, m := range items {
		pk := (&reader{m: m}).str("pk")
		if pk != last || len(groups) == 0 {
			groups, last = append(groups, nil), pk
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], m)
	}
	return groups
}

// met makes a subject of the items of a partition, and reports whether it is a person's. Where the contact is not among
// them, but stored, they are met where it is.
func (t *Table) met(ctx context.Context, items []item, torn bool, now time.Time) (s inspect.Subject, there bool, err error) {
	key, is := personOf((&reader{m: items[0]}).str("pk"))
	if !is {
		return s, false, nil
	}
	p := newPerson(key)
	for _, m := range items {
		t.take(&p, m)
	}
	p.order()
	whole := p.Contact.Version > 0 && !torn && p.isConsistent()
	if s = t.subject(&p, now); whole && s.Fault == nil && len(s.Misplaced) == 0 {
		return s, true, nil
	}
	seen := torn || p.Contact.Version > 0 || p.unreadable
	if s, err = t.Examine(ctx, p.Contact.Key, now); err != nil {
		return s, false, err
	}
	return s, seen || s.Record.Contact.Version == 0, nil
}

// Examine reads a person's whole record as it is now, for an audit: one Query, as Person.
func (t *Table) Examine(ctx context.Context, key consent.Key, now time.Time) (inspect.Subject, error) {
	p, err := t.settled(ctx, key)
	if err != nil {
		return inspect.Subject{}, err
	}
	return t.subject(&p, now), nil
}

// subject verifies a person's record. A claimed text that is not on record is a finding of its own, which the audit
// puts right; so the claim stands for it here, however old it is.
func (t *Table) subject(p *person, now time.Time) inspect.Subject {
	claimed := p.Record
	for i := range claimed.Contact.Claims {
		cl := &claimed.Contact.Claims[i]
		if !slices.ContainsFunc(claimed.Messages, func(m consent.Message) bool { return m.ID == cl.ID }) {
			claimed.Messages = append(slices.Clip(claimed.Messages), cl.Message())
		}
	}
	s := inspect.Subject{Record: p.Record, Fault: t.ledger.Verify(claimed, now), Unreadable: p.unreadable}
	if s.Fault == nil {
		s.Misplaced = p.misplaced()
	}
	return s
}

// misplaced returns the topics whose entry in the audience is not as the contact would have it: there or not, and in
// which area. Areas change when the tables of numbers do.
func (p *person) misplaced() (topics []string) {
	for _, topic := range p.topics() {
		is, want := &reader{m: p.lists[topic]}, &reader{m: audienceEntry(&p.Contact, topic)}
		if is.str("aud") != want.str("aud") || is.str("zone") != want.str("zone") {
			topics = append(topics, topic)
		}
	}
	return topics
}

// RepairAudience puts a person's entries in the audience where the contact would have them, in one transaction with the
// contact, which stays as it is. Nothing of what the person agreed to changes, so no event tells of it. A record that
// cannot be read or is suspect is left alone.
func (t *Table) RepairAudience(ctx context.Context, key consent.Key) error {
	for range rereads {
		p, err := t.settled(ctx, key)
		if err != nil {
			return fmt.Errorf("repair audience: %w", err)
		}
		wrong := p.misplaced()
		if len(wrong) == 0 || p.unreadable || p.Contact.Version == 0 || p.Contact.Suspect {
			return nil
		}
		ch := consent.Change{Next: p.Contact, Joined: wrong}
		_, items, err := t.transaction(&ch, time.Time{})
		if err != nil {
			return fmt.Errorf("repair audience: %w", err)
		}
		_, err = t.api.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items})
		canceled, isCanceled := errors.AsType[*types.TransactionCanceledException](err)
		if isCanceled && contactChanged(canceled) {
			continue
		}
		if err != nil {
			return fmt.Errorf("repair audience: %w", dynamo.Redact(err))
		}
		return nil
	}
	return fmt.Errorf("repair audience: contact %w", ErrConflict)
}
