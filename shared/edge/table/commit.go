package table

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/dynamo"
)

// Contact reads a contact as it is now. Where nothing is stored it is a new one, with version 0.
func (t *Table) Contact(ctx context.Context, key consent.Key) (consent.Contact, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: primary(contactKey(key), contactSort), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return consent.Contact{}, fmt.Errorf("read contact: %w", dynamo.Redact(err))
	}
	if len(out.Item) == 0 {
		return consent.Contact{Key: key}, nil
	}
	return t.decode(key, out.Item)
}

// Unreadable is a stored contact that cannot be understood: nobody can tell what this person agreed to, so nothing may
// be sent to them. Everybody else's contact is as good as ever.
type Unreadable struct {
	Key   consent.Key
	Fault error // names attributes, never values (I10)
}

// Contacts reads contacts as they are now, in the order of the keys, those not stored as new ones. Those that cannot be
// understood are not among them; they are named apart, in no order.
func (t *Table) Contacts(ctx context.Context, keys []consent.Key) ([]consent.Contact, []Unreadable, error) {
	return t.contacts(ctx, keys, consistentRead, nil)
}

// contacts reads contacts, and hands over the attributes of those who have any where attributes is not nil.
// How they are read is consistentRead or cheapRead.
func (t *Table) contacts(
	ctx context.Context, keys []consent.Key, read func([]item) types.KeysAndAttributes, attributes func(consent.Key, item),
) ([]consent.Contact, []Unreadable, error) {
	contacts := make([]consent.Contact, len(keys))
	for i, k := range keys {
		contacts[i].Key = k
	}
	var unreadable []Unreadable
	index := make(map[string]int, len(keys))
	batch := make([]item, 0, min(2*len(keys), maxBatchGet))
	for i, k := range keys {
		pk := contactKey(k)
		if first, again := index[pk]; again {
			return nil, nil, fmt.Errorf("read contacts: keys %d and %d are the same", first, i)
		}
		index[pk] = i
		batch = append(batch, primary(pk, contactSort))
		if attributes != nil {
			batch = append(batch, primary(pk, attributesSort))
		}
		if len(batch) < maxBatchGet && i < len(keys)-1 {
			continue
		}
		err := t.batchGet(ctx, read(batch), func(m item) error {
			r := &reader{m: m}
			at, asked := index[r.str("pk")]
			if !asked {
				return errors.New("an item came that was not asked for")
			}
			if r.str("sk") == attributesSort {
				attributes(keys[at], m)
			} else if c, err := t.decode(keys[at], m); err == nil {
				contacts[at] = c
			} else {
				unreadable = append(unreadable, Unreadable{keys[at], err})
			}
			return nil
		})
		if err != nil {
			return nil, nil, fmt.Errorf("read contacts: %w", err)
		}
		batch = batch[:0]
	}
	return slices.DeleteFunc(contacts, func(c consent.Contact) bool {
		return slices.ContainsFunc(unreadable, func(u Unreadable) bool { return u.Key == c.Key })
	}), unreadable, nil
}

// inboundKept is how long an inbound message is known for one that was handled. SNS offers it to the function for 23
// days, and a failed event is kept 14 days more for somebody to run again.
const inboundKept = 60 * 24 * time.Hour

// Commit writes a change and the events that prove it in one transaction (I4), if the contact still has the version the
// change was decided on; else it returns ErrConflict and nothing is written. Nor is anything written where the inbound
// message that caused the change was handled before: then it returns ErrHeard. It returns the contact as stored.
//
// A retry of the SDK after a lost answer is no conflict: the SDK gives each transaction a token, by which DynamoDB
// knows it again (docs.aws.amazon.com, TransactWriteItems, "Idempotency").
func (t *Table) Commit(ctx context.Context, ch consent.Change, now time.Time) (consent.Contact, error) {
	if len(ch.Events) == 0 {
		return consent.Contact{}, errors.New("commit: the change has no event that proves it")
	}
	ch, err := t.ledger.Seal(ch, now)
	if err != nil {
		return consent.Contact{}, fmt.Errorf("commit: %w", err)
	}
	contact, items, err := t.transaction(&ch, now)
	if err != nil {
		return consent.Contact{}, fmt.Errorf("commit: %w", err)
	}
	_, err = t.api.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items})
	canceled, isCanceled := errors.AsType[*types.TransactionCanceledException](err)
	switch {
	case isCanceled && ch.Inbound != "" && inboundHeard(canceled, len(items)-1):
		return consent.Contact{}, fmt.Errorf("commit: message %w", ErrHeard)
	case isCanceled && contactChanged(canceled):
		return consent.Contact{}, fmt.Errorf("commit: contact %w", ErrConflict)
	case isCanceled && behindLedger(canceled):
		return consent.Contact{}, fmt.Errorf(
			"commit: contact behind its ledger: %w",
			t.catchUp(ctx, ch.Next.Key, ch.Next.Version),
		)
	case err != nil:
		return consent.Contact{}, fmt.Errorf("commit: %w", dynamo.Redact(err))
	}
	return t.decode(ch.Next.Key, contact)
}

// Heard reports whether an inbound message was handled before.
func (t *Table) Heard(ctx context.Context, key consent.Key, inbound string) (bool, error) {
	out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:            &t.name,
		Key:                  primary(contactKey(key), inboundSort(inbound)),
		ConsistentRead:       aws.Bool(true),
		ProjectionExpression: aws.String("pk"),
	})
	if err != nil {
		return false, fmt.Errorf("read inbound message: %w", dynamo.Redact(err))
	}
	return len(out.Item) > 0, nil
}

// inboundHeard reports whether a transaction failed because its last item, the inbound message, is there already.
func inboundHeard(canceled *types.TransactionCanceledException, last int) bool {
	reasons := canceled.CancellationReasons
	return last < len(reasons) && aws.ToString(reasons[last].Code) == "ConditionalCheckFailed"
}

// contactChanged reports whether a transaction failed because somebody else has written the contact, or is writing it
// now. The contact is its first item.
func contactChanged(canceled *types.TransactionCanceledException) bool {
	for i, reason := range canceled.CancellationReasons {
		switch code := aws.ToString(reason.Code); {
		case code == "TransactionConflict", code == "ConditionalCheckFailed" && i == 0:
			return true
		}
	}
	return false
}

// behindLedger reports whether a transaction failed because an event is there already, although the contact is the one
// that was read: somebody has put an older contact back, deleted it, or made up an event. Whether it was the contact or
// the inbound message is asked before.
func behindLedger(canceled *types.TransactionCanceledException) bool {
	return slices.ContainsFunc(canceled.CancellationReasons, func(r types.CancellationReason) bool {
		return aws.ToString(r.Code) == "ConditionalCheckFailed"
	})
}

// maxCatchUp is how many events a contact is moved on at once.
const maxCatchUp = 100

// catchUp moves a contact that is behind its ledger to the ledger's end, and marks it as suspect: no event may be
// written over, and yet a STOP must find a place. It returns ErrConflict, for the change has to be decided on anew;
// where more events follow than could be read, the next try goes on from there.
func (t *Table) catchUp(ctx context.Context, key consent.Key, read int64) error {
	c, err := t.Contact(ctx, key)
	if err != nil {
		return err
	}
	if c.Version != read {
		return ErrConflict
	}
	for range maxCatchUp {
		next := c.Head.Seq + 1
		out, err := t.api.GetItem(ctx, &dynamodb.GetItemInput{
			TableName: &t.name, Key: primary(contactKey(key), eventSort(next)), ConsistentRead: aws.Bool(true),
		})
		if err != nil {
			return fmt.Errorf("read event %d: %w", next, dynamo.Redact(err))
		}
		if len(out.Item) == 0 {
			break
		}
		e, _ := decodeEvent(out.Item) // what cannot be read has no hash to go on from, which verification says
		c.Head = consent.Head{Seq: next, Hash: e.Hash}
	}
	c.Suspect = true
	c.Version++
	m, err := t.encode(&c)
	if err == nil {
		_, err = t.put(ctx, m, read)
	}
	if err != nil {
		return err
	}
	return ErrConflict
}

// transaction returns what a sealed change writes: the contact first, then its events, then the audience, and last the
// inbound message that caused it.
func (t *Table) transaction(ch *consent.Change, now time.Time) (item, []types.TransactWriteItem, error) {
	next := ch.Next
	next.Version++
	contact, err := t.encode(&next)
	if err != nil {
		return nil, nil, err
	}
	put := &types.Put{TableName: &t.name, Item: contact}
	put.ConditionExpression, put.ExpressionAttributeValues = unchanged(ch.Next.Version)
	items := make([]types.TransactWriteItem, 0, 1+len(ch.Events)+len(ch.Joined)+len(ch.Left))
	items = append(items, types.TransactWriteItem{Put: put})
	for i := range ch.Events {
		event, err := encodeEvent(next.Key, &ch.Events[i])
		if err != nil {
			return nil, nil, fmt.Errorf("event %d: %w", ch.Events[i].Seq, err)
		}
		items = append(items, types.TransactWriteItem{Put: &types.Put{
			TableName: &t.name, Item: event, ConditionExpression: aws.String("attribute_not_exists(pk)"),
		}})
	}
	for _, topic := range audienceTopics(ch) {
		entry, err := t.audienceWrite(&next, topic)
		if err != nil {
			return nil, nil, fmt.Errorf("audience of topic %s: %w", topic, err)
		}
		items = append(items, entry)
	}
	if ch.Inbound != "" {
		message := primary(contactKey(next.Key), inboundSort(ch.Inbound))
		message[ttl] = num(now.Add(inboundKept).Unix())
		items = append(items, types.TransactWriteItem{Put: &types.Put{
			TableName: &t.name, Item: message, ConditionExpression: aws.String("attribute_not_exists(pk)"),
		}})
	}
	return contact, items, nil
}

// audienceTopics returns the topics whose audience entry the change may have made wrong, each once. What a person told
// about where they are counts from their YES on, and moves them in the audience of every topic.
func audienceTopics(ch *consent.Change) []string {
	topics := slices.Concat(ch.Joined, ch.Left)
	if slices.ContainsFunc(ch.Events, func(e consent.Event) bool { return e.Type == consent.Confirmed }) {
		for topic, s := range ch.Next.Subs {
			if s.State == consent.Subscribed {
				topics = append(topics, topic)
			}
		}
	}
	slices.Sort(topics)
	return slices.Compact(topics)
}

// audienceWrite puts the entry of a subscribed topic where it belongs, and takes that of any other out of the index. It
// deletes nothing: so no function needs the right to, with which it could delete events as well.
func (t *Table) audienceWrite(c *consent.Contact, topic string) (types.TransactWriteItem, error) {
	entry := audienceEntry(c, topic)
	return types.TransactWriteItem{Put: &types.Put{TableName: &t.name, Item: entry}}, t.seal(entry)
}

// audienceEntry returns the entry of a topic as the contact would have it, unsealed.
func audienceEntry(c *consent.Contact, topic string) item {
	entry := primary(contactKey(c.Key), audienceSort(topic))
	if c.Subs[topic].State != consent.Subscribed {
		return entry
	}
	area, err := phone.Locate(c.Phone, c.Told)
	if err != nil {
		area = audience.Nowhere // they said YES and may yet say where they are; until then the gate refuses every text
	}
	aud, zone := audience.Entry(c.Brand, topic, area, c.Phone)
	entry["aud"], entry["zone"] = str(aud), str(zone)
	return entry
}

// Claim takes the right to hand one text to the carrier, if the contact is still as it was read; else it returns
// ErrConflict. keep is how long promotional claims matter (consent.Contact.WithClaim). It returns the contact as
// stored.
func (t *Table) Claim(
	ctx context.Context,
	before consent.Contact,
	claim consent.Claim,
	keep time.Duration,
) (consent.Contact, error) {
	claim.At = claim.At.UTC().Truncate(time.Millisecond)
	after := before.WithClaim(claim, keep)
	after.Version++
	m, err := t.encode(&after)
	if err != nil {
		return consent.Contact{}, fmt.Errorf("claim %s: %w", claim.ID, err)
	}
	stored, err := t.put(ctx, m, before.Version)
	if err == nil {
		return after, nil
	}
	// The SDK may have tried again after an answer got lost. A claim's ID is made for one claim only, so where it is
	// stored, this call stored it, and a conflict would keep a text from going out that nobody else will send.
	if errors.Is(err, ErrConflict) && stored != nil {
		if now, err := t.decode(before.Key, stored); err == nil {
			if _, ours := now.Claimed(claim.ID); ours {
				return now, nil
			}
		}
	}
	return consent.Contact{}, fmt.Errorf("claim %s: %w", claim.ID, err)
}

// unchanged returns the condition that a contact is still stored in the version it was read with; 0 is for one that was
// not stored.
func unchanged(read int64) (*string, item) {
	if read == 0 {
		return aws.String("attribute_not_exists(pk)"), nil
	}
	return aws.String("ver = :read"), item{":read": num(read)}
}

// put writes a contact if the version it was read with is still stored. On ErrConflict it returns what is stored, if
// that is known.
func (t *Table) put(ctx context.Context, contact item, read int64) (item, error) {
	in := &dynamodb.PutItemInput{
		TableName:                           &t.name,
		Item:                                contact,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	in.ConditionExpression, in.ExpressionAttributeValues = unchanged(read)
	_, err := t.api.PutItem(ctx, in)
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return failed.Item, ErrConflict
	}
	if _, ok := errors.AsType[*types.TransactionConflictException](err); ok {
		return nil, ErrConflict
	}
	return nil, dynamo.Redact(err)
}

// UpdateBookkeeping changes what of a contact no event has to prove (consent.Contact.TakeBookkeeping). What else change
// changes is not written. It begins with the contact as it
// was read, and reads it again where it is another by now, so change may be called several times. It returns the
// contact as stored; where nothing changes, nothing is written.
func (t *Table) UpdateBookkeeping(
	ctx context.Context,
	c consent.Contact,
	change func(consent.Contact) consent.Contact,
) (consent.Contact, error) {
	for try := range tries {
		changed := change(c)
		next := c.TakeBookkeeping(&changed)
		switch written, err := t.replace(ctx, &c, &next); {
		case err == nil:
			return written, nil
		case !errors.Is(err, ErrConflict):
			return consent.Contact{}, fmt.Errorf("update bookkeeping: %w", err)
		}
		if err := pause(ctx, try); err != nil {
			return consent.Contact{}, fmt.Errorf("update bookkeeping: %w", err)
		}
		var err error
		if c, err = t.Contact(ctx, c.Key); err != nil {
			return consent.Contact{}, fmt.Errorf("update bookkeeping: %w", err)
		}
	}
	return consent.Contact{}, fmt.Errorf("update bookkeeping: gave up after %d tries: contact %w", tries, ErrConflict)
}

// replace writes next in the place of before, if that is still stored.
func (t *Table) replace(ctx context.Context, before, next *consent.Contact) (consent.Contact, error) {
	old, err := encodeContact(before)
	if err != nil {
		return consent.Contact{}, err
	}
	m, err := encodeContact(next)
	if err != nil {
		return consent.Contact{}, err
	}
	if reflect.DeepEqual(old, m) {
		return *before, nil
	}
	m["ver"] = num(before.Version + 1)
	if err := t.seal(m); err != nil {
		return consent.Contact{}, err
	}
	// The SDK may have tried again after an answer got lost: then what is stored is what was to be.
	if stored, err := t.put(ctx, m, before.Version); err != nil && !reflect.DeepEqual(stored, m) {
		return consent.Contact{}, err
	}
	return t.decode(next.Key, m)
}
