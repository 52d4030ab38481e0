package console

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/local/account"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
)

// People is a cache of everybody on record. The whole table is read once; after that, only people whose contact was
// written. It is safe for concurrent use. The zero value is ready for use.
type People struct {
	reading sync.Mutex // held while the table is read

	mu      sync.Mutex
	read    bool
	changed map[consent.Key]bool
	known   map[phone.Number][]consent.Contact // the fields that lists show, one contact for each brand
}

// Wrote marks the contacts that a DynamoDB call wrote as changed. call is the SDK client's input.
func (p *People) Wrote(call any) {
	switch in := call.(type) {
	case *dynamodb.PutItemInput:
		p.note(in.Item)
	case *dynamodb.UpdateItemInput:
		p.note(in.Key)
	case *dynamodb.DeleteItemInput:
		p.note(in.Key)
	case *dynamodb.BatchWriteItemInput:
		for _, all := range in.RequestItems {
			for _, w := range all {
				if w.PutRequest != nil {
					p.note(w.PutRequest.Item)
				}
			}
		}
	case *dynamodb.TransactWriteItemsInput:
		for _, w := range in.TransactItems {
			if w.Put != nil {
				p.note(w.Put.Item)
			}
			if w.Update != nil {
				p.note(w.Update.Key)
			}
		}
	}
}

func (p *People) note(item map[string]types.AttributeValue) {
	sk, _ := item["sk"].(*types.AttributeValueMemberS)
	if sk == nil || sk.Value != "CONTACT" {
		return
	}
	if key, ok := keyOf(item); ok {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.changed == nil {
			p.changed = map[consent.Key]bool{}
		}
		p.changed[key] = true
	}
}

// keyOf returns the key of the contact that an item belongs to.
func keyOf(item map[string]types.AttributeValue) (consent.Key, bool) {
	pk, _ := item["pk"].(*types.AttributeValueMemberS)
	if pk == nil {
		return consent.Key{}, false
	}
	parts := strings.Split(pk.Value, "#")
	if len(parts) != 3 || parts[0] != "CONTACT" {
		return consent.Key{}, false
	}
	return consent.Key{Brand: parts[1], Phone: phone.Number(parts[2])}, true
}

// refresh reads the contacts that changed since the last time. The first time it reads all.
func (p *People) refresh(ctx context.Context, db *dynamodb.Client) error {
	p.reading.Lock()
	defer p.reading.Unlock()
	p.mu.Lock()
	first := !p.read
	keys := slices.Collect(maps.Keys(p.changed))
	p.changed = nil // contacts written from here on are read the next time
	p.mu.Unlock()
	if first {
		var err error
		if keys, err = contactKeys(ctx, db); err != nil {
			return err
		}
	}
	if len(keys) == 0 {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.read = true
		return nil
	}
	t := table.New(db, account.TableName, consent.Ledger{}) // reading needs no key
	found, _, err := t.Contacts(ctx, keys)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		for _, k := range keys {
			if p.changed == nil {
				p.changed = map[consent.Key]bool{}
			}
			p.changed[k] = true
		}
		return err
	}
	p.read = true
	if p.known == nil {
		p.known = map[phone.Number][]consent.Contact{}
	}
	for _, c := range found {
		if c.Version == 0 {
			continue
		}
		all := slices.DeleteFunc(slices.Clone(p.known[c.Phone]), func(o consent.Contact) bool { return o.Brand == c.Brand })
		all = append(all, consent.Contact{
			Key: c.Key, Told: c.Told, Subs: c.Subs, Stopped: c.Stopped, Paused: c.Paused, Version: c.Version,
		})
		p.known[c.Phone] = all
	}
	return nil
}

// All returns the contacts as they are now, ordered by number, with the fields that lists show.
func (p *People) All(ctx context.Context, db *dynamodb.Client) ([]consent.Contact, error) {
	if err := p.refresh(ctx, db); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	all := make([]consent.Contact, 0, len(p.known))
	for _, c := range p.known {
		all = append(all, c...)
	}
	slices.SortFunc(all, func(a, b consent.Contact) int {
		return cmp.Or(strings.Compare(string(a.Phone), string(b.Phone)), strings.Compare(a.Brand, b.Brand))
	})
	return all, nil
}

// contactKeys returns the keys of all contacts in the table.
func contactKeys(ctx context.Context, db dynamodb.ScanAPIClient) ([]consent.Key, error) {
	var keys []consent.Key
	pages := dynamodb.NewScanPaginator(db, &dynamodb.ScanInput{
		TableName:            aws.String(account.TableName),
		FilterExpression:     aws.String("sk = :contact"),
		ProjectionExpression: aws.String("pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":contact": &types.AttributeValueMemberS{Value: "CONTACT"},
		},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list contacts: %w", err)
		}
		for _, item := range page.Items {
			if key, ok := keyOf(item); ok {
				keys = append(keys, key)
			}
		}
	}
	return keys, nil
}
