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

// rereads is how often a record is read anew whose items do not fit together.
const rereads = 3

// Person reads everything stored about a person, events and texts oldest first: one Query, and one more for each
// further MB.
//
// A Query does not see a transaction as a whole, so a change committed meanwhile may show in the ledger and not in the
// contact. Such a record is read again; one that stays so was tampered with, which consent.Ledger.Verify then says. So
// it does of whatever is not as it was stored: none of it keeps the rest from being read.
func (t *Table) Person(ctx context.Context, key consent.Key) (consent.Record, error) {
	p, err := t.settled(ctx, key)
	if err != nil {
		return consent.Record{}, err
	}
	if topic := p.misplacedEntry(); topic != "" {
		p.Faults = append(p.Faults, "the audience of topic "+topic+" and the contact do not agree")
	}
	return p.Record, nil
}

// settled reads a person's record until its items fit together, or have had the time to.
func (t *Table) settled(ctx context.Context, key consent.Key) (person, error) {
	for try := 0; ; try++ {
		p, err := t.person(ctx, key)
		if err != nil {
			return person{}, fmt.Errorf("read record: %w", err)
		}
		if p.isConsistent() || try == rereads {
			return p, nil
		}
	}
}

// person is a record while it is read.
type person struct {
	consent.Record
	lists      map[string]item                 // the entries in the audience, by topic, also of topics that were left
	unreadable bool                            // nobody can tell what the contact says
	clicks     map[string]consent.StatusChange // by campaign
}

// Verify reads a person's whole record, and returns the first fault in it, or nil. A contact whose record does not
// verify is suspect from then on: what it says may be older than what the person said, so nothing unasked may go out by
// it. Who stands in the wrong audience is not suspect, for whoever finds them there asks the contact: see
// RepairAudience.
func (t *Table) Verify(ctx context.Context, key consent.Key, now time.Time) (fault, err error) {
	p, err := t.settled(ctx, key)
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
	// Whoever changed the contact meanwhile is looked at the next time.
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

// order puts the texts in the order of time once all items were taken.
func (p *person) order() {
	p.addClicks()
	slices.SortStableFunc(p.Messages, func(a, b consent.Message) int { return a.At.Compare(b.At) })
}

// take adds an item, and notes what is wrong with it.
func (t *Table) take(p *person, m item) {
	if err := t.add(p, m); err != nil {
		p.Faults = append(p.Faults, err.Error())
	}
}

// add takes the items of a person in the order of their sort keys: what receipts said comes right behind its text. The
// error is what is wrong with the item, and names no phone number or words.
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
		// Its hash says whether what we know of it is ours; and there must be nothing else.
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

// addText takes a text, or what a receipt said about one.
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

// addClick takes a click, which comes before the text it belongs to.
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

// addClicks adds each click to the life of its campaign's text. One whose text is not on record yet waits for it.
func (p *person) addClicks() {
	for i, m := range p.Messages {
		step, clicked := p.clicks[m.Campaign]
		if clicked && m.Campaign != "" && m.Status != consent.Withheld && m.Status != consent.Rejected {
			p.Messages[i], _ = m.WithStep(step)
		}
	}
}

// isConsistent reports whether the items can have been stored at one moment.
func (p *person) isConsistent() bool {
	var last int64
	if n := len(p.Events); n > 0 {
		last = p.Events[n-1].Seq
	}
	late := slices.ContainsFunc(p.Messages, func(m consent.Message) bool { return m.Number > p.Contact.Texts.Count })
	return last == p.Contact.Head.Seq && !late && p.misplacedEntry() == ""
}

// misplacedEntry returns a topic in whose audience the person stands without being subscribed, or the other way round;
// empty where there is none.
func (p *person) misplacedEntry() string {
	for _, topic := range p.topics() {
		if listed := p.lists[topic]["aud"] != nil; listed != (p.Contact.Subs[topic].State == consent.Subscribed) {
			return topic
		}
	}
	return ""
}

// topics returns the topics that the contact or the audience knows the person by, in order.
func (p *person) topics() []string {
	topics := slices.AppendSeq(slices.Collect(maps.Keys(p.lists)), maps.Keys(p.Contact.Subs))
	slices.Sort(topics)
	return slices.Compact(topics)
}

// query reads all pages of a query as the table is now.
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
