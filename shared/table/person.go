package table

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/consent"
	"smsconsent/shared/table/failure"
)

// rereads is how often a record is read anew whose ledger and contact do not fit together.
const rereads = 3

// Person reads everything stored about a person, events and texts oldest first: one Query, and one more for each further MB.
//
// A Query does not see a transaction as a whole, so a change committed meanwhile may show in the ledger and not in the contact.
// Such a record is read again; one that stays so was tampered with, which consent.Ledger.Verify then says.
func (t *Table) Person(ctx context.Context, key consent.Key) (consent.Record, error) {
	for try := 0; ; try++ {
		r, err := t.person(ctx, key)
		if err != nil {
			return consent.Record{}, fmt.Errorf("read record: %w", err)
		}
		var last int64
		if n := len(r.Events); n > 0 {
			last = r.Events[n-1].Seq
		}
		if last == r.Contact.Head.Seq || try == rereads {
			return r, nil
		}
	}
}

func (t *Table) person(ctx context.Context, key consent.Key) (consent.Record, error) {
	r := consent.Record{Contact: consent.Contact{Key: key}}
	err := t.query(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk"),
		ExpressionAttributeValues: item{":pk": str(contactKey(key))},
	}, func(m item) error { return addTo(&r, m) })
	if err != nil {
		return consent.Record{}, err
	}
	slices.SortStableFunc(r.Messages, func(a, b consent.Message) int { return a.At.Compare(b.At) })
	return r, nil
}

// addTo takes the items of a person in the order of their sort keys: what receipts said comes right behind its text.
func addTo(r *consent.Record, m item) error {
	in := &reader{m: m}
	sk := in.str("sk")
	switch {
	case sk == contactSort:
		c, err := decodeContact(r.Contact.Key, m)
		r.Contact = c
		return err
	case strings.HasPrefix(sk, eventPrefix):
		e, err := decodeEvent(m)
		r.Events = append(r.Events, e)
		return err
	case strings.HasPrefix(sk, messagePrefix):
		id, _, isStep := strings.Cut(strings.TrimPrefix(sk, messagePrefix), "#")
		n := len(r.Messages)
		switch {
		case !isStep:
			r.Messages = append(r.Messages, decodeMessage(in))
		case n > 0 && r.Messages[n-1].ID == id:
			r.Messages[n-1], _ = r.Messages[n-1].Settle(readStep(in))
		default:
			return fmt.Errorf("text %s has a status and is not on record", id)
		}
		if in.fault != nil {
			return fmt.Errorf("stored text %s: %w", id, in.fault)
		}
		return nil
	case strings.HasPrefix(sk, audiencePrefix), strings.HasPrefix(sk, inboundPrefix):
		return nil
	default:
		return fmt.Errorf("there is an item of an unknown kind")
	}
}

// query reads all pages of a query as the table is now.
func (t *Table) query(ctx context.Context, in *dynamodb.QueryInput, each func(item) error) error {
	in.TableName, in.ConsistentRead = &t.name, aws.Bool(true)
	for {
		out, err := t.api.Query(ctx, in)
		if err != nil {
			return failure.Of(err)
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
