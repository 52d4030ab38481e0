package table

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// filler gives each field of a value something of its own, so that none can be lost or mistaken for another unseen.
type filler struct{ n int64 }

func filled[T any]() T {
	var v T
	(&filler{}).fill(reflect.ValueOf(&v).Elem(), "")
	return v
}

func (f *filler) fill(v reflect.Value, name string) {
	f.n++
	switch at := v.Addr().Interface().(type) {
	case *time.Time:
		*at = noon.Add(time.Duration(f.n) * time.Millisecond)
		return
	case *time.Duration:
		*at = time.Duration(f.n) * time.Millisecond
		return
	case *consent.State:
		*at = consent.Suspended
		return
	case *program.Class:
		*at = program.Promotional
		return
	case *consent.Tier:
		*at = consent.Digest
		return
	case *message.Kind:
		*at = message.Renewal
		return
	case *phone.Number:
		*at = phone.Number(fmt.Sprintf("+1206555%04d", f.n))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("word %d", f.n))
		if name == "Hash" || name == "Prev" {
			v.SetString(strings.Repeat(fmt.Sprintf("%04x", f.n), 16))
		}
	case reflect.Int, reflect.Int64:
		v.SetInt(f.n)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			f.fill(v.Index(i), name)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			f.fill(key, name)
			f.fill(value, name)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i), v.Type().Field(i).Name)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), name)
	default:
		panic(v.Kind().String() + " is stored nowhere yet")
	}
}

// single is a table of one item: the last that was put whose sort key begins so. Whatever is read is that.
type single struct {
	API
	sk string
	it item
}

func (s *single) keep(m item) {
	if strings.HasPrefix((&reader{m: m}).str("sk"), s.sk) {
		s.it = m
	}
}

func (s *single) PutItem(
	_ context.Context, in *dynamodb.PutItemInput, _ ...func(*dynamodb.Options),
) (*dynamodb.PutItemOutput, error) {
	s.keep(in.Item)
	return &dynamodb.PutItemOutput{}, nil
}

func (s *single) TransactWriteItems(
	_ context.Context, in *dynamodb.TransactWriteItemsInput, _ ...func(*dynamodb.Options),
) (*dynamodb.TransactWriteItemsOutput, error) {
	for _, w := range in.TransactItems {
		if w.Put != nil {
			s.keep(w.Put.Item)
		}
	}
	return &dynamodb.TransactWriteItemsOutput{}, nil
}

func (s *single) GetItem(
	context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options),
) (*dynamodb.GetItemOutput, error) {
	return &dynamodb.GetItemOutput{Item: s.it}, nil
}

func (s *single) UpdateItem(
	context.Context, *dynamodb.UpdateItemInput, ...func(*dynamodb.Options),
) (*dynamodb.UpdateItemOutput, error) {
	return &dynamodb.UpdateItemOutput{Attributes: s.it}, nil
}

func (s *single) BatchGetItem(
	context.Context, *dynamodb.BatchGetItemInput, ...func(*dynamodb.Options),
) (*dynamodb.BatchGetItemOutput, error) {
	return &dynamodb.BatchGetItemOutput{Responses: map[string][]item{"consent": {s.it}}}, nil
}

func (s *single) Query(
	context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options),
) (*dynamodb.QueryOutput, error) {
	return &dynamodb.QueryOutput{Items: []item{s.it}}, nil
}

// A form is a kind of item, with every field of what it holds set to something.
type form struct {
	name string
	item item
	want any
	read func(*Table) (any, error)
}

func forms(t *testing.T) []form {
	t.Helper()
	ctx, l := t.Context(), sealing(t).ledger
	put := func(sk string, write func(*Table) error) item {
		api := &single{sk: sk}
		if err := write(New(api, "consent", l)); err != nil {
			t.Fatalf("%s: %v", sk, err)
		}
		return api.it
	}
	one := func(m item, err error) item {
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	contact, event, deferred := filled[consent.Contact](), filled[consent.Event](), filled[consent.Deferred]()
	contact.Brand = "example"
	for i := range contact.Waiting {
		contact.Waiting[i].Needed = false // is not kept with what waits
	}
	key := contact.Key
	deferred.Key, deferred.State = key, consent.Waits
	text, step := filled[consent.Message](), filled[consent.StatusChange]()
	campaigned, series, shard := filled[campaign.Campaign](), filled[campaign.Series](), filled[campaign.Shard]()
	alike := like{campaigned.Likenesses()[0], []campaign.Run{filled[campaign.Run]()}, 7}
	run, part, tally := filled[inspect.Run](), filled[inspect.Part](), filled[campaign.Tally]()
	publication, approval, asking := filled[program.Publication](), filled[campaign.Approval](), filled[NumbersRequest]()
	values := map[string]string{"city": "Austin", "name": "Ana"}
	return []form{
		{"a contact", one(encodeContact(&contact)), contact, func(tab *Table) (any, error) { return tab.Contact(ctx, key) }},
		{"an event", one(encodeEvent(key, &event)), event, func(tab *Table) (any, error) {
			w, err := ReadStreamItem(tab.api.(*single).it)
			return *w.Event, err
		}},
		{"a text", encodeMessage(key, &text), text, func(tab *Table) (any, error) {
			w, err := ReadStreamItem(tab.api.(*single).it)
			if w.Text == nil {
				return nil, err
			}
			return *w.Text, err
		}},
		{"a status", put(messagePrefix, func(tab *Table) error {
			tab.api.(*single).it = encodeMessage(key, &text)
			_, err := tab.MessageStatus(ctx, key, text.ID, step)
			return err
		}), StreamItem{Key: key, Step: &Step{
			StatusChange: step, Text: text.ID, ID: strings.TrimPrefix(stepSort(text.ID, step), messagePrefix),
		}}, func(tab *Table) (any, error) { return ReadStreamItem(tab.api.(*single).it) }},
		{
			"a click", put(clickPrefix, func(tab *Table) error {
				_, err := tab.Click(ctx, key, "c", step)
				return err
			}),
			StreamItem{Key: key, Step: &Step{StatusChange: step, Campaign: "c", ID: "CLICK#c"}},
			func(tab *Table) (any, error) { return ReadStreamItem(tab.api.(*single).it) },
		},
		{"a deferred text", encodeDeferred(&deferred), deferred, func(tab *Table) (any, error) {
			_, d, err := tab.ContactAndDeferred(ctx, key, deferred.Ref)
			return d, err
		}},
		{"a campaign", one(encodeCampaign(&campaigned)), campaigned, func(tab *Table) (any, error) {
			return tab.Campaign(ctx, campaigned.ID)
		}},
		{"a series", put(seriesPrefix, func(tab *Table) error {
			s := series
			s.Version--
			return tab.SaveSeries(ctx, s)
		}), series, func(tab *Table) (any, error) { return tab.Series(ctx, series.ID) }},
		{"a shard", encodeShard(&shard), shard, func(tab *Table) (any, error) {
			return tab.Shard(ctx, shard.Campaign, shard.Number)
		}},
		{
			"an audit", with(put(auditSort, func(tab *Table) error { return tab.StartAudit(ctx, run) }), "closed", instant(run.Closed)),
			run, func(tab *Table) (any, error) {
				r, _, err := tab.Audit(ctx, run.ID)
				return r, err
			},
		},
		{"a part of an audit", put(partPrefix, func(tab *Table) error {
			p := part
			p.Version--
			return failed(tab.SaveAuditPart(ctx, p, noon))
		}), part, func(tab *Table) (any, error) { return tab.AuditPart(ctx, part.Run, part.Name) }},
		{"numbers of a list", put(listedPrefix, func(tab *Table) error {
			return tab.SaveListed(ctx, run.ID, "alerts", 1, []uint64{7, 1 << 60}, noon)
		}), []uint64{7, 1 << 60}, func(tab *Table) (any, error) { return tab.Listed(ctx, run.ID, "alerts") }},
		{"what became of texts", item{
			"d": num(int64(tally.All.Delivered)), "u": num(int64(tally.All.Undelivered)),
			"s": num(int64(tally.All.Complaints)), "o": num(int64(tally.All.OptOuts)),
			"ad": num(int64(tally.Answered.Delivered)), "au": num(int64(tally.Answered.Undelivered)),
			"asp": num(int64(tally.Answered.Complaints)), "ao": num(int64(tally.Answered.OptOuts)),
		}, tally, func(tab *Table) (any, error) { return tab.Fates(ctx, "c") }},
		{"a publication", encodePublication(inForceSort, publication), publication, func(tab *Table) (any, error) {
			return tab.InForce(ctx)
		}},
		{
			"an approval", put(approvalSort, func(tab *Table) error { return tab.Approve(ctx, "c", approval) }), approval,
			func(tab *Table) (any, error) { return tab.Approval(ctx, "c") },
		},
		{"whom a campaign met", put(candidatesPrefix, func(tab *Table) error {
			return tab.SaveCandidates(ctx, "c", 1, []phone.Number{"+1", "+2"}, []phone.Number{"+3"})
		}), []phone.Number{"+1", "+2", "+3"}, func(tab *Table) (any, error) {
			var all []phone.Number
			if err := tab.Candidates(ctx, "c", 1, func(some []phone.Number) error { all = append(all, some...); return nil }); err != nil {
				return nil, err
			}
			done, err := tab.Texted(ctx, "c", 1)
			return append(all, slices.Collect(maps.Keys(done))...), err
		}},
		{
			"who asked", put(numbersRequestPrefix, func(tab *Table) error { return tab.RecordNumbersRequest(ctx, "c", asking) }),
			[]NumbersRequest{asking},
			func(tab *Table) (any, error) { return tab.NumbersRequests(ctx, "c") },
		},
		{
			"who asked for the numbers of replies", put(numbersRequestPrefix, func(tab *Table) error {
				return tab.RecordReplyNumbersRequest(ctx, key.Brand, asking)
			}),
			[]NumbersRequest{asking},
			func(tab *Table) (any, error) { return tab.ReplyNumbersRequests(ctx, key.Brand) },
		},
		{"clicks", item{"n": num(7)}, 7, func(tab *Table) (any, error) { return tab.Clicks(ctx, "c") }},
		{
			"campaigns alike", encodeAlike(alike), alike,
			func(tab *Table) (any, error) {
				all, err := tab.alike(ctx, &campaigned)
				if err != nil {
					return nil, err
				}
				return all[0], nil
			},
		},
		{"attributes", put(attributesSort, func(tab *Table) error {
			tab.api.(*single).it = primary(contactKey(key), contactSort)
			return failed(tab.SetAttributes(ctx, key, values))
		}), values, func(tab *Table) (any, error) { return tab.decodeAttributes(&reader{m: tab.api.(*single).it}) }},
		{"a turn", item{"t": num(noon.UnixMicro())}, noon.Add(-time.Second), func(tab *Table) (any, error) {
			return tab.TakeTurns(ctx, "+1", time.Second, noon)
		}},
		{"a use", item{"n": num(7)}, true, func(tab *Table) (any, error) { return tab.Allow(ctx, "k", 7, time.Hour, noon) }},
	}
}

func failed[Answer any](_ Answer, err error) error { return err }

func with(m item, name string, v types.AttributeValue) item {
	m = maps.Clone(m)
	m[name] = v
	return m
}

// Nothing that is stored gets lost or is mistaken for another thing on the way there and back.
func TestAllThatIsStoredComesBack(t *testing.T) {
	for _, f := range forms(t) {
		got, err := f.read(New(&single{it: f.item}, "consent", consent.Ledger{}))
		if diff := cmp.Diff(f.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", f.name, err, diff)
		}
	}
}

// What is stored in another form is a fault, whatever it is: nothing half understood decides over a person.
func TestWhatIsStoredInAnotherFormIsAFault(t *testing.T) {
	for _, f := range forms(t) {
		for _, bent := range bends(&types.AttributeValueMemberM{Value: f.item}, "") {
			m := bent.v.(*types.AttributeValueMemberM).Value
			got, err := f.read(New(&single{it: m}, "consent", consent.Ledger{}))
			if err == nil {
				t.Errorf("%s with another %s is read as %+v", f.name, bent.at, got)
			} else if strings.Contains(err.Error(), "+1206555") {
				t.Errorf("I10: %v", err)
			}
		}
	}
}

type bend struct {
	at string
	v  types.AttributeValue
}

// bends are the copies of a value in which one thing is of another kind. What names and seals an item is left alone.
func bends(v types.AttributeValue, at string) (all []bend) {
	if at != "" {
		other := types.AttributeValue(&types.AttributeValueMemberBOOL{Value: true})
		if reflect.TypeOf(v) == reflect.TypeOf(other) {
			other = num(1)
		}
		all = append(all, bend{at, other})
	}
	switch v := v.(type) {
	case *types.AttributeValueMemberM:
		for name, e := range v.Value {
			if at == "" && slices.Contains([]string{"pk", "sk", "aud", "zone", "ver", ttl, macName}, name) {
				continue
			}
			for _, b := range bends(e, at+"/"+name) {
				all = append(all, bend{b.at, &types.AttributeValueMemberM{Value: with(v.Value, name, b.v)}})
			}
		}
	case *types.AttributeValueMemberL:
		for i, e := range v.Value {
			for _, b := range bends(e, fmt.Sprintf("%s/%d", at, i)) {
				list := slices.Clone(v.Value)
				list[i] = b.v
				all = append(all, bend{b.at, &types.AttributeValueMemberL{Value: list}})
			}
		}
	}
	return all
}
