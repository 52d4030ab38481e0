package console

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/local/account"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
)

// onAPage is how many people the console lists at once.
const onAPage = 50

// PeopleState is which of the people the state shows: a page of those found, in the order of their numbers.
type PeopleState struct {
	All      int `json:"all"`       // phones with a text or a record
	OnRecord int `json:"on_record"` // those with a record
	Found    int `json:"found"`     // those that what was looked for fits
	From     int `json:"from"`      // the first shown of those found, from 0
}

// People are those on record, kept at hand: the whole table is read once, and from then on whoever was written. They
// are safe for use by several goroutines. The zero value is ready for use.
type People struct {
	reading sync.Mutex // held by whoever reads the table

	mu      sync.Mutex
	read    bool
	changed map[consent.Key]bool
	known   map[phone.Number][]consent.Contact // what is shown of them, by brand in order
}

// Wrote notes whose contact a call of DynamoDB, given as the client's input, wrote.
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

// keyOf returns whose item it is.
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

// fresh reads whoever was written since the last time, and all the first time.
func (p *People) fresh(ctx context.Context, db *dynamodb.Client) error {
	p.reading.Lock()
	defer p.reading.Unlock()
	p.mu.Lock()
	first := !p.read
	keys := slices.Collect(maps.Keys(p.changed))
	p.changed = nil // who is written from here on is read the next time
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
		all = append(all, consent.Contact{Key: c.Key, Subs: c.Subs, Stopped: c.Stopped, Paused: c.Paused})
		slices.SortFunc(all, func(a, b consent.Contact) int { return strings.Compare(a.Brand, b.Brand) })
		p.known[c.Phone] = all
	}
	return nil
}

// look finds the people that have a text or a record and fit what is looked for, and returns a page of them with the
// numbers shown, in order. The phone named is on it in any case.
func (p *People) look(texted []string, find string, from int, selected phone.Number, now time.Time) (
	st PeopleState, shown []phone.Number, contacts []ContactState,
) {
	p.mu.Lock()
	defer p.mu.Unlock()
	numbers := make([]phone.Number, 0, len(texted)+len(p.known))
	for _, n := range texted {
		numbers = append(numbers, phone.Number(n))
	}
	numbers = slices.AppendSeq(numbers, maps.Keys(p.known))
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	st = PeopleState{All: len(numbers), OnRecord: len(p.known)}
	if find = strings.ToLower(strings.TrimSpace(find)); find != "" {
		numbers = slices.DeleteFunc(numbers, func(n phone.Number) bool { return !p.fits(n, find, now) })
	}
	st.Found = len(numbers)
	st.From = max(0, min(from, (st.Found-1)/onAPage*onAPage))
	shown = slices.Clone(numbers[st.From:min(st.From+onAPage, st.Found)])
	if selected != "" && !slices.Contains(shown, selected) {
		shown = append(shown, selected)
	}
	contacts = []ContactState{}
	for _, n := range shown {
		for i := range p.known[n] {
			contacts = append(contacts, contactState(&p.known[n][i], now))
		}
	}
	return st, shown, contacts
}

// fits reports whether what is looked for is in a number, a brand, or where the person stands with a topic.
func (p *People) fits(n phone.Number, find string, now time.Time) bool {
	if strings.Contains(string(n), find) {
		return true
	}
	for _, c := range p.known[n] {
		words := c.Brand
		for _, id := range slices.Sorted(maps.Keys(c.Subs)) {
			sub := c.Subs[id]
			words += fmt.Sprintf(" %s %s", id, sub.StateAt(now))
		}
		if len(c.Stopped) > 0 {
			words += " stopped"
		}
		if strings.Contains(strings.ToLower(words), find) {
			return true
		}
	}
	return false
}

func contactState(c *consent.Contact, now time.Time) ContactState {
	topics := map[string]consent.State{}
	for id, sub := range c.Subs {
		topics[id] = sub.StateAt(now)
	}
	return ContactState{
		Brand:   c.Brand,
		Phone:   string(c.Phone),
		Topics:  topics,
		Stopped: append([]string{}, slices.Sorted(maps.Keys(c.Stopped))...),
		Paused:  c.Paused.After(now),
	}
}

// contactKeys lists the contacts in the table.
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
