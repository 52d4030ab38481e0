package walk_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/audience/walk"
	"smsconsent/shared/edge/timeleft"
	"smsconsent/shared/testkit/dynamotest"
)

const (
	florida = phone.Area("US-FL|America/Chicago+America/New_York")
	newYork = phone.Area("US-NY|America/New_York")
)

// list is a list of alerts with people in three areas of shard 0, and who they are in the order of a walk.
func list(t *testing.T) (walk.Shard, []phone.Number) {
	t.Helper()
	var stores dynamotest.Stores
	s := stores.Memory(t)
	var all []phone.Number
	for _, in := range []struct {
		area   phone.Area
		code   string
		people int
	}{{audience.Nowhere, "882", 1}, {florida, "305", 7}, {newYork, "212", 4}} {
		for line, n := 0, 0; n < in.people; line++ {
			number := phone.Number(fmt.Sprintf("+1%s555%04d", in.code, line))
			if audience.ShardOf(number) != 0 {
				continue
			}
			n++
			all = append(all, number)
			aud, zone := audience.Entry("example", "alerts", in.area, number)
			item := map[string]types.AttributeValue{}
			for name, value := range map[string]string{"pk": string(number), "sk": "AUDIENCE#alerts", "aud": aud, "zone": zone} {
				item[name] = &types.AttributeValueMemberS{Value: value}
			}
			if _, err := s.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &s.Table, Item: item}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return walk.Shard{List: audience.New(s.Client, s.Table), Brand: "example", Topic: "alerts"}, all
}

// visitor enters what its cursor has left, and meets so many people until it or its function is out of time.
type visitor struct {
	context.Context
	from  walk.Cursor
	meets int
	early bool // it stops itself, within a page; else the walk finds that there is no time for another
	met   []phone.Number
	areas []phone.Area
}

func (v *visitor) Enter(_ context.Context, area phone.Area) (string, bool, error) {
	v.areas = append(v.areas, area)
	after, left := v.from.Enter(area)
	return after, left, nil
}

func (v *visitor) Visit(_ context.Context, p walk.Page) (behind phone.Number, err error) {
	for _, key := range p.People {
		if v.early && len(v.met) == v.meets {
			return behind, fmt.Errorf("wait: %w", timeleft.ErrShort)
		}
		v.met, behind = append(v.met, key.Phone), key.Phone
	}
	return behind, nil
}

// Deadline is the function's: near where the visitor met as many as it has time for.
func (v *visitor) Deadline() (time.Time, bool) {
	if !v.early && len(v.met) >= v.meets {
		return time.Now().Add(timeleft.Reserve - 1), true
	}
	return time.Now().Add(time.Hour), true
}

// Wherever and however often a walk runs out of time, those that go on from its cursor meet the rest: everybody once,
// in the order of the list.
func TestEverybodyIsMetOnceHoweverOftenTimeRunsOut(t *testing.T) {
	shard, all := list(t)
	for _, shard.Page = range []int{1, 3, 7, 100} {
		for meets := 1; meets <= len(all)+1; meets++ {
			for _, early := range []bool{false, true} {
				var met []phone.Number
				var at walk.Cursor
				for jobs := 0; ; jobs++ {
					if jobs > len(all) {
						t.Fatalf("pages of %d, %d at a time: it never ends", shard.Page, meets)
					}
					v := &visitor{Context: t.Context(), from: at, meets: meets, early: early}
					next, err := shard.Walk(v, v)
					met = append(met, v.met...)
					if err == nil {
						break
					}
					if !errors.Is(err, timeleft.ErrShort) {
						t.Fatal(err)
					}
					at = handedOn(t, next)
				}
				if !slices.Equal(met, all) {
					t.Errorf("pages of %d, %d at a time: met %v, want %v", shard.Page, meets, met, all)
				}
			}
		}
	}
}

// handedOn is the cursor as the next job gets it.
func handedOn(t *testing.T, c walk.Cursor) (got walk.Cursor) {
	t.Helper()
	raw, err := json.Marshal(c)
	if err == nil {
		err = json.Unmarshal(raw, &got)
	}
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// A cursor stays as it was written by whatever release made the job: an audit goes on across a deployment.
func TestACursorAsItIsWritten(t *testing.T) {
	for c, want := range map[walk.Cursor]string{
		{}:                                     `{}`,
		{Area: newYork, After: "+12125550142"}: `{"area":"US-NY|America/New_York","after":"+12125550142"}`,
		{Area: newYork}:                        `{"area":"US-NY|America/New_York"}`,
	} {
		if raw, err := json.Marshal(c); err != nil || string(raw) != want {
			t.Errorf("written %s, %v; want %s", raw, err, want)
		}
		if handedOn(t, c) != c {
			t.Errorf("read as %+v, want %+v", handedOn(t, c), c)
		}
	}
}

// Every area is offered once, and one that is not entered costs no page.
func TestAnAreaThatIsNotEntered(t *testing.T) {
	shard, all := list(t)
	shard.Page = 2
	v := &visitor{Context: t.Context(), from: walk.Cursor{Area: newYork}, meets: len(all) + 1}
	if _, err := shard.Walk(v, v); err != nil {
		t.Fatal(err)
	}
	if want := []phone.Area{audience.Nowhere, florida, newYork}; !slices.Equal(v.areas, want) || !slices.Equal(v.met, all[8:]) {
		t.Errorf("offered %v and met %v, want %v and %v", v.areas, v.met, want, all[8:])
	}
}

// One area may be walked by itself, from within, without being offered.
func TestOneArea(t *testing.T) {
	shard, all := list(t)
	shard.Page = 2
	v := &visitor{Context: t.Context(), meets: len(all)}
	if _, err := shard.Area(v, walk.Cursor{Area: florida, After: string(all[3])}, v); err != nil {
		t.Fatal(err)
	}
	if len(v.areas) > 0 || !slices.Equal(v.met, all[4:8]) {
		t.Errorf("offered %v and met %v, want %v", v.areas, v.met, all[4:8])
	}
}

var errBroken = errors.New("broken")

// faulty is a list that fails from a call on, and a visitor that does.
type faulty struct {
	walk.List
	visitor
	calls int
}

func (f *faulty) fail() error {
	if f.calls--; f.calls < 0 {
		return errBroken
	}
	return nil
}

func (f *faulty) NextArea(ctx context.Context, brand, topic string, shard int, after phone.Area) (phone.Area, bool, error) {
	if err := f.fail(); err != nil {
		return "", false, err
	}
	return f.List.NextArea(ctx, brand, topic, shard, after)
}

func (f *faulty) Enter(ctx context.Context, area phone.Area) (string, bool, error) {
	if err := f.fail(); err != nil {
		return "", false, err
	}
	return f.visitor.Enter(ctx, area)
}

func (f *faulty) Visit(ctx context.Context, p walk.Page) (phone.Number, error) {
	if err := f.fail(); err != nil {
		return "", err
	}
	return f.visitor.Visit(ctx, p)
}

// An error ends the walk, wherever it comes from.
func TestAnErrorEndsTheWalk(t *testing.T) {
	shard, all := list(t)
	shard.Page = 5
	list := shard.List
	for calls := range 11 { // three areas asked for and entered, four pages, and the end
		f := &faulty{List: list, visitor: visitor{Context: t.Context(), meets: len(all)}, calls: calls}
		shard.List = f
		if _, err := shard.Walk(t.Context(), f); !errors.Is(err, errBroken) {
			t.Errorf("at call %d: %v", calls, err)
		}
	}
	f := &faulty{List: list, visitor: visitor{Context: t.Context(), meets: len(all)}, calls: 11}
	shard.List = f
	if _, err := shard.Walk(t.Context(), f); err != nil || !slices.Equal(f.met, all) {
		t.Errorf("%v, met %v", err, f.met)
	}
}

type hours struct{ *jurisdiction.Book }

func (h hours) Hours(_ string, area phone.Area) (*jurisdiction.Hours, error) {
	places, err := area.Places()
	if err != nil {
		return nil, err
	}
	return h.Book.Hours(places)
}

func TestOpening(t *testing.T) {
	book, err := jurisdiction.New(jurisdiction.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	newYorks := time.FixedZone("", -5*60*60)
	for _, c := range []struct {
		area     phone.Area
		at, want time.Time
	}{
		{newYork, time.Date(2027, time.January, 12, 10, 0, 0, 0, newYorks), time.Time{}},
		{newYork, time.Date(2027, time.January, 12, 4, 0, 0, 0, newYorks), time.Date(2027, time.January, 12, 14, 0, 0, 0, time.UTC)},
		{audience.Nowhere, time.Date(2027, time.January, 12, 4, 0, 0, 0, newYorks), time.Time{}},
	} {
		if got := walk.Opening(hours{book}, "example", c.area, c.at); got != c.want {
			t.Errorf("%s at %s: %s, want %s", c.area, c.at, got, c.want)
		}
	}
}

func TestAreas(t *testing.T) {
	shard, _ := list(t)
	got, err := walk.Areas(t.Context(), shard.List, "example", "alerts")
	if want := []phone.Area{audience.Nowhere, florida, newYork}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	if none, err := walk.Areas(t.Context(), shard.List, "example", "orders"); err != nil || len(none) > 0 {
		t.Errorf("%v, %v: nobody is on that list", none, err)
	}
	short, cancel := context.WithDeadline(t.Context(), time.Now().Add(timeleft.Reserve/2))
	defer cancel()
	if _, err := walk.Areas(short, shard.List, "example", "alerts"); !errors.Is(err, timeleft.ErrShort) {
		t.Errorf("%v, want that time is short", err)
	}
}
