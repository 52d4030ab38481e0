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

// Segments is the number of parts in which the whole table is read, each by a job of its own. It is how many jobs of
// an audit run at once (template.yaml, MaximumConcurrency of the audit's queue).
const Segments = 8

// maxScan limits the items of a page. DynamoDB ends a page after one megabyte, usually well before this many items;
// it matters only where items are tiny.
const maxScan = 3000

// Position is the item after which a scan goes on. The zero value is the beginning of a segment. It may hold a phone
// number, so it is not logged (I10).
type Position struct {
	PK string `json:"pk,omitempty"`
	SK string `json:"sk,omitempty"`
}

// ScanRecords reads the complete records of the next people in a segment, one page at a time. next is where the next
// page begins, the zero Position after the last. A page has about 200 people. It relies on DynamoDB returning the items
// of one partition together and in order.
//
// A scan is eventually consistent and sees items at different moments. So a record that looks incomplete or faulty is
// read again with Examine. A person at the end of a page comes with the next page.
func (t *Table) ScanRecords(
	ctx context.Context, segment int, after Position, now time.Time,
) (people []inspect.Subject, next Position, err error) {
	in := t.segment(segment, after)
	out, err := t.api.Scan(ctx, in)
	if err != nil {
		return nil, Position{}, fmt.Errorf("read everybody of segment %d: %w", segment, dynamo.Redact(err))
	}
	groups := byPerson(out.Items)
	more := len(out.LastEvaluatedKey) > 0
	if more && len(groups) > 1 {
		groups = groups[:len(groups)-1]
	}
	for _, g := range groups {
		last := &reader{m: g[len(g)-1]}
		next = Position{last.str("pk"), last.str("sk")}
		s, there, err := t.subjectOf(ctx, g, more && len(groups) == 1, now)
		if err != nil {
			return nil, Position{}, err
		}
		if there {
			people = append(people, s)
		}
	}
	switch {
	case !more:
		next = Position{}
	case len(groups) == 1:
		next.SK = afterAllKeys // this person has more than a page of items, and Examine has read them all
	}
	return people, next, nil
}

// segment returns the Scan request for the page of segment n after that item.
func (t *Table) segment(n int, after Position) *dynamodb.ScanInput {
	in := &dynamodb.ScanInput{
		TableName: &t.name, Segment: aws.Int32(int32(min(max(n, 0), Segments-1))), TotalSegments: aws.Int32(Segments),
		Limit: aws.Int32(maxScan),
	}
	if after != (Position{}) {
		in.ExclusiveStartKey = primary(after.PK, after.SK)
	}
	return in
}

// ScanContacts reads only the contacts of the next people in a segment, in pages like ScanRecords. It costs the same
// read units, but transfers less. Contacts that cannot be decoded are left out; ScanRecords reports them.
func (t *Table) ScanContacts(ctx context.Context, segment int, after Position) (all []consent.Contact, next Position, err error) {
	in := t.segment(segment, after)
	in.FilterExpression, in.ExpressionAttributeValues = aws.String("sk = :contact"), item{":contact": str(contactSort)}
	out, err := t.api.Scan(ctx, in)
	if err != nil {
		return nil, Position{}, fmt.Errorf("read contacts of segment %d: %w", segment, dynamo.Redact(err))
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
		next = Position{last.str("pk"), last.str("sk")}
	}
	return all, next, nil
}

// personOf returns the person a partition belongs to, and false for a partition of another kind.
func personOf(pk string) (consent.Key, bool) {
	name, is := strings.CutPrefix(pk, contactPrefix)
	at := strings.LastIndexByte(name, '#')
	if !is || at < 0 {
		return consent.Key{}, false
	}
	return consent.Key{Brand: name[:at], Phone: phone.Number(name[at+1:])}, true
}

// afterAllKeys sorts after every sort key.
const afterAllKeys = "~"

// byPerson splits items into groups with the same partition key. The items of a group must be next to each other.
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

// subjectOf turns the items of a partition into a subject of the audit. torn says that the partition may have more
// items. It reads the record again where it is torn or seems faulty. there is false for a partition of another kind,
// and for one whose contact is elsewhere in the scan: the person comes with the contact.
func (t *Table) subjectOf(ctx context.Context, items []item, torn bool, now time.Time) (s inspect.Subject, there bool, err error) {
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

// Examine reads a person's complete record in its newest version, for an audit. It takes one Query, as Person does.
func (t *Table) Examine(ctx context.Context, key consent.Key, now time.Time) (inspect.Subject, error) {
	p, err := t.readConsistent(ctx, key)
	if err != nil {
		return inspect.Subject{}, err
	}
	return t.subject(&p, now), nil
}

// subject verifies a person's record. A claim whose text is not on record is no fault here, because the audit repairs
// that by itself; so the claim takes the place of the missing text, however old it is.
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

// misplaced returns the topics whose stored audience entry differs from the one that follows from the contact:
// wrongly there, wrongly missing, or in another area. Areas change when the number tables do.
func (p *person) misplaced() (topics []string) {
	for _, topic := range p.topics() {
		is, want := &reader{m: p.lists[topic]}, &reader{m: audienceEntry(&p.Contact, topic)}
		if is.str("aud") != want.str("aud") || is.str("zone") != want.str("zone") {
			topics = append(topics, topic)
		}
	}
	return topics
}

// RepairAudience writes the audience entries that follow from a person's contact, in one transaction with the
// contact, of which only the version changes. So no event is needed. It leaves a record alone that cannot be read or
// is suspect. It may be repeated. It returns ErrConflict where the contact kept changing meanwhile.
func (t *Table) RepairAudience(ctx context.Context, key consent.Key) error {
	for range maxRereads {
		p, err := t.readConsistent(ctx, key)
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
