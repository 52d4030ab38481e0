package table

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/edge/dynamo"
)

// maxRereads is how often a record is read again when its items do not fit together.
const maxRereads = 3

// Person reads everything stored about a person, events and texts oldest first. It takes one Query per MB.
//
// A Query may see one half of a transaction: the new event, but the old contact. So a record whose items do not fit
// together is read again. If it stays that way it was tampered with, and Record.Faults says so. Items that were
// altered are named there too; the rest of the record is returned all the same.
func (t *Table) Person(ctx context.Context, key consent.Key) (consent.Record, error) {
	p, err := t.readConsistent(ctx, key)
	if err != nil {
		return consent.Record{}, err
	}
	if topic := p.misplacedEntry(); topic != "" {
		p.Faults = append(p.Faults, "the audience of topic "+topic+" and the contact do not agree")
	}
	return p.Record, nil
}

// readConsistent reads a person's record, and reads it again while its items do not fit together, up to maxRereads
// times.
func (t *Table) readConsistent(ctx context.Context, key consent.Key) (person, error) {
	for try := 0; ; try++ {
		p, err := t.person(ctx, key)
		if err != nil {
			return person{}, fmt.Errorf("read record: %w", err)
		}
		if p.isConsistent() || try == maxRereads {
			return p, nil
		}
	}
}

// person is a record while its items are being read.
type person struct {
	consent.Record
	lists      map[string]item                 // audience entries by topic, those of left topics too
	unreadable bool                            // the contact cannot be decoded
	clicks     map[string]consent.StatusChange // by campaign
}

// Verify checks a person's complete record against the ledger's key. fault is the first thing wrong with it, nil
// where nothing is. err says that the check itself failed.
//
// A contact with a fault is marked as suspect, so that nothing unasked is sent by it: it may be older than what the
// person said last. A wrong audience entry does not make a contact suspect, because every sender checks the contact
// itself; RepairAudience mends it.
func (t *Table) Verify(ctx context.Context, key consent.Key, now time.Time) (fault, err error) {
	p, err := t.readConsistent(ctx, key)
	if err != nil {
		return nil, err
	}
	r := p.Record
	fault = t.ledger.Verify(r, now)
	if fault == nil || r.Contact.Suspect || errors.Is(fault, consent.ErrNoSuchKey) {
		return fault, nil
	}
	suspect := r.Contact
	suspect.Suspect = true
	// A contact that changed meanwhile is checked by the next audit.
	if _, err := t.replace(ctx, &r.Contact, &suspect); err != nil && !errors.Is(err, ErrConflict) {
		return fault, fmt.Errorf("mark a contact as suspect: %w", err)
	}
	return fault, nil
}

func (t *Table) person(ctx context.Context, key consent.Key) (person, error) {
	p := newPerson(key)
	err := t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk"),
		ExpressionAttributeValues: item{":pk": str(contactKey(key))},
	}, func(m item) error {
		t.take(&p, m)
		return nil
	})
	if err != nil {
		return person{}, err
	}
	p.order()
	return p, nil
}

func newPerson(key consent.Key) person {
	return person{Record: consent.Record{Contact: consent.Contact{Key: key}}, lists: map[string]item{}}
}

// order sorts the texts by time and adds the clicks to them, once all items are read.
func (p *person) order() {
	p.addClicks()
	slices.SortStableFunc(p.Messages, func(a, b consent.Message) int { return a.At.Compare(b.At) })
}

// take adds an item, and notes an error as a fault of the record.
func (t *Table) take(p *person, m item) {
	if err := t.add(p, m); err != nil {
		p.Faults = append(p.Faults, err.Error())
	}
}

// add adds an item of a person. Items must come in the order of their sort keys, in which the steps of a text follow
// it. The error says what is wrong with the item, without phone numbers or words (I10).
func (t *Table) add(p *person, m item) error {
	in := &reader{m: m}
	sk := in.str("sk")
	switch {
	case sk == contactSort:
		c, err := t.decode(p.Contact.Key, m)
		if err != nil {
			p.unreadable = true
			return fmt.Errorf("the contact cannot be read: %w", err)
		}
		p.Contact = c
		return nil
	case strings.HasPrefix(sk, eventPrefix):
		e, err := decodeEvent(m)
		if err != nil {
			return err
		}
		p.Events = append(p.Events, e)
		// The hash covers the attributes we know. The item must have no others.
		if known, err := encodeEvent(p.Contact.Key, &e); err != nil || !reflect.DeepEqual(known, m) {
			return fmt.Errorf("event %d was altered", e.Seq)
		}
		return nil
	case strings.HasPrefix(sk, messagePrefix):
		return t.addText(&p.Record, in, strings.TrimPrefix(sk, messagePrefix))
	case sk == attributesSort:
		values, err := t.decodeAttributes(in)
		p.Attributes = values
		return err
	case strings.HasPrefix(sk, audiencePrefix):
		topic := strings.TrimPrefix(sk, audiencePrefix)
		p.lists[topic] = m
		if !t.sealedByUs(m) {
			return fmt.Errorf("the entry in the audience of topic %s was altered", topic)
		}
		return nil
	case strings.HasPrefix(sk, inboundPrefix):
		return nil
	case strings.HasPrefix(sk, deferredPrefix):
		_, err := t.decodeDeferred(p.Contact.Key, m)
		return err
	case strings.HasPrefix(sk, clickPrefix):
		return t.addClick(p, in, strings.TrimPrefix(sk, clickPrefix))
	default:
		return errors.New("there is an item of an unknown kind")
	}
}

// addText adds a text, or a step of the text before.
func (t *Table) addText(r *consent.Record, in *reader, name string) error {
	id, _, isStep := strings.Cut(name, "#")
	last := len(r.Messages) - 1
	switch {
	case !isStep:
		r.Messages = append(r.Messages, decodeMessage(in))
	case last >= 0 && r.Messages[last].ID == id:
		r.Messages[last], _ = r.Messages[last].WithStep(readStep(in))
	default:
		return fmt.Errorf("text %s has a status and is not on record", id)
	}
	switch {
	case in.fault != nil:
		return fmt.Errorf("text %s cannot be read: %w", id, in.fault)
	case !t.sealedByUs(in.m) && isStep:
		return fmt.Errorf("a status of text %s was altered", id)
	case !t.sealedByUs(in.m):
		return fmt.Errorf("text %s was altered", id)
	}
	return nil
}

// addClick keeps a click for addClicks. Clicks sort before texts.
func (t *Table) addClick(p *person, in *reader, campaign string) error {
	if p.clicks == nil {
		p.clicks = map[string]consent.StatusChange{}
	}
	p.clicks[campaign] = readStep(in)
	switch {
	case in.fault != nil:
		return fmt.Errorf("the click of campaign %s cannot be read: %w", campaign, in.fault)
	case !t.sealedByUs(in.m):
		return fmt.Errorf("the click of campaign %s was altered", campaign)
	}
	return nil
}

// addClicks adds each click to the text of its campaign. A click whose text is not on record yet is left out.
func (p *person) addClicks() {
	for i, m := range p.Messages {
		step, clicked := p.clicks[m.Campaign]
		if clicked && m.Campaign != "" && m.Status != consent.Withheld && m.Status != consent.Rejected {
			p.Messages[i], _ = m.WithStep(step)
		}
	}
}

// isConsistent reports whether all items may come from the same moment.
func (p *person) isConsistent() bool {
	var last int64
	if n := len(p.Events); n > 0 {
		last = p.Events[n-1].Seq
	}
	late := slices.ContainsFunc(p.Messages, func(m consent.Message) bool { return m.Number > p.Contact.Texts.Count })
	return last == p.Contact.Head.Seq && !late && p.misplacedEntry() == ""
}

// misplacedEntry returns a topic whose audience lists the person without a subscription, or does not list them
// although they are subscribed. It is empty where there is none.
func (p *person) misplacedEntry() string {
	for _, topic := range p.topics() {
		if listed := p.lists[topic]["aud"] != nil; listed != (p.Contact.Subs[topic].State == consent.Subscribed) {
			return topic
		}
	}
	return ""
}

// topics returns the topics in the contact or in audience entries, sorted.
func (p *person) topics() []string {
	topics := slices.AppendSeq(slices.Collect(maps.Keys(p.lists)), maps.Keys(p.Contact.Subs))
	slices.Sort(topics)
	return slices.Compact(topics)
}

// query calls each with every item of all pages of a query. The read is consistent unless in says otherwise.
func (t *Table) query(ctx context.Context, in *dynamodb.QueryInput, each func(item) error) error {
	in.TableName = &t.name
	if in.ConsistentRead == nil {
		in.ConsistentRead = aws.Bool(true)
	}
	for {
		out, err := t.api.Query(ctx, in)
		if err != nil {
			return dynamo.Redact(err)
		}
		for _, m := range out.Items {
			if err := each(m); err != nil {
				return err
			}
		}
		if len(out.LastEvaluatedKey) == 0 {
			return nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey
	}
}
