package chaos_test

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

type item = map[string]types.AttributeValue

// partition is all items of a person at a brand, by sort key.
type partition map[string]item

func (w *world) partition(phone, brand string) partition {
	p := partition{}
	for _, i := range w.items() {
		if str(i["pk"]) == pk(phone, brand) {
			p[str(i["sk"])] = i
		}
	}
	return p
}

// write puts an item as it is.
func (w *world) write(i item) {
	if _, err := w.dynamo().PutItem(context.Background(), &dynamodb.PutItemInput{TableName: &w.store.name, Item: i}); err != nil {
		panic(fmt.Sprintf("forge an item: %v", err))
	}
}

func (w *world) erase(i item) {
	_, err := w.dynamo().DeleteItem(context.Background(), &dynamodb.DeleteItemInput{TableName: &w.store.name, Key: item{"pk": i["pk"], "sk": i["sk"]}})
	if err != nil {
		panic(err)
	}
}

// restore makes a person's items what they were.
func (w *world) restore(phone, brand string, p partition) {
	is := w.partition(phone, brand)
	for sk, i := range is {
		if _, was := p[sk]; !was {
			w.erase(i)
		}
	}
	for sk, i := range p {
		if !reflect.DeepEqual(is[sk], i) {
			w.write(i)
		}
	}
}

// testimony is what a record says that somebody could be held to.
type testimony struct {
	Topics   map[string]string
	Stopped  map[string]time.Time
	Paused   time.Time
	Events   []recordEvent
	Messages []string
}

func (r record) testimony() testimony {
	t := testimony{Topics: map[string]string{}, Stopped: r.Stopped, Paused: r.Paused, Events: r.Events}
	for id, x := range r.Topics {
		t.Topics[id] = x.State
	}
	for _, m := range r.Messages {
		t.Messages = append(t.Messages, fmt.Sprintf("%s %s %s %s %v %s", m.ID, m.At, m.Kind, m.Program, m.Topics, m.Body))
	}
	return t
}

// life is a history with a little of everything, looked at several times on the way.
func life(look func(w *world)) []step {
	looked := step{Do: tampers, After: time.Minute, Edit: look}
	return []step{
		{Do: signsUp, Self: true, Brand: "example", Topics: []string{"news", "deals"}},
		looked,
		{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
		looked,
		{Do: schedules, Brand: "example", Topics: []string{"news"}, For: time.Hour, After: time.Minute},
		{Do: waits, For: 3 * time.Minute},
		looked,
		{Do: texts, To: alertsNumber, Say: "HELP", After: time.Minute},
		{Do: texts, To: alertsNumber, Say: "STOP DEALS", After: time.Minute},
		looked,
		{Do: texts, To: alertsNumber, Say: "STOP", After: time.Minute},
		looked,
		// After the last change of all comes something that changes nothing.
		{Do: texts, To: alertsNumber, Say: "ok", After: time.Minute},
		// A text of the last hour may be missing because it is still under way.
		{Do: waits, For: 2 * time.Hour},
	}
}

// Whatever one item is changed to, deleted for or put back to, the record either says what it said or does not verify
// (item by item, attribute by attribute).
func TestNoItemCanBeForged(t *testing.T) {
	s := newStore(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, s, loadPrograms(t, nil), 1)
		phone, brand := phones()[0], "example"
		var past []partition
		w.play(life(func(w *world) { past = append(past, w.partition(phone, brand)) }))
		honest := w.partition(phone, brand)
		r, _ := w.record(phone, brand)
		if !r.Verified {
			t.Fatalf("the honest record does not verify: %s", r.Fault)
		}
		truth := r.testimony()
		tried := 0
		attempt := func(what string, forged ...item) {
			tried++
			for _, i := range forged {
				w.write(i)
			}
			r, _ := w.record(phone, brand)
			if r.Verified && !reflect.DeepEqual(r.testimony(), truth) {
				t.Errorf("verified: true, with %s", what)
			}
			for _, i := range forged {
				w.write(honest[str(i["sk"])])
			}
		}
		for _, sk := range slices.Sorted(maps.Keys(honest)) {
			is := honest[sk]
			w.erase(is)
			attempt(sk + " deleted")
			w.write(is)
			for n, then := range past {
				if was, ok := then[sk]; ok && !reflect.DeepEqual(was, is) {
					attempt(fmt.Sprintf("%s as it was at look %d", sk, n+1), was)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(is)) {
				if name == "pk" || name == "sk" {
					continue
				}
				for n, v := range altered(is[name]) {
					f := maps.Clone(is)
					f[name] = v
					if v == nil {
						delete(f, name)
					}
					attempt(fmt.Sprintf("%s altered in %s (%d)", sk, name, n), f)
				}
			}
		}
		t.Logf("%d forgeries of %d items", tried, len(honest))
	})
}

// altered is what a value may be forged to; nil removes it.
func altered(v types.AttributeValue) []types.AttributeValue {
	all := []types.AttributeValue{nil}
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		all = append(all, &types.AttributeValueMemberS{Value: v.Value + "x"})
		if len(v.Value) > 1 {
			all = append(all, &types.AttributeValueMemberS{Value: v.Value[:len(v.Value)-1]})
		}
	case *types.AttributeValueMemberN:
		all = append(all, &types.AttributeValueMemberN{Value: "7"}, &types.AttributeValueMemberN{Value: v.Value + "0"})
	case *types.AttributeValueMemberM:
		for _, k := range slices.Sorted(maps.Keys(v.Value)) {
			for _, inner := range altered(v.Value[k]) {
				m := maps.Clone(v.Value)
				m[k] = inner
				if inner == nil {
					delete(m, k)
				}
				all = append(all, &types.AttributeValueMemberM{Value: m})
			}
		}
	case *types.AttributeValueMemberL:
		for n := range v.Value {
			for _, inner := range altered(v.Value[n]) {
				l := slices.Clone(v.Value)
				l[n] = inner
				if inner == nil {
					l = slices.Delete(l, n, n+1)
				}
				all = append(all, &types.AttributeValueMemberL{Value: l})
			}
		}
	}
	return all
}

// Somebody who takes back the STOP by deleting its events and setting the contact back, in any way that leaves anything
// of what came after, gets a record that does not verify.
func TestStopCannotBeTakenBack(t *testing.T) {
	s := newStore(t)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, s, loadPrograms(t, nil), 1)
		phone, brand := phones()[0], "example"
		var past []partition
		w.play(life(func(w *world) { past = append(past, w.partition(phone, brand)) }))
		honest, before := w.partition(phone, brand), past[len(past)-2]
		newer := func(prefix string) (all []item) {
			for sk, i := range honest {
				if _, was := before[sk]; !was && strings.HasPrefix(sk, prefix) {
					all = append(all, i)
				}
			}
			return all
		}
		forge := func(what string, do func()) {
			do()
			if r, _ := w.record(phone, brand); r.Verified {
				t.Errorf("verified: true, with %s", what)
			}
			w.restore(phone, brand, honest)
		}
		forge("its events deleted and the contact as it was before, and its answer left", func() {
			for _, i := range newer("EVENT#") {
				w.erase(i)
			}
			w.write(before["CONTACT"])
		})
		forge("its events deleted and the head of the contact set back", func() {
			for _, i := range newer("EVENT#") {
				w.erase(i)
			}
			w.write(mixed(honest["CONTACT"], before["CONTACT"], headOf(honest)))
		})
		forge("the contact's state as it was before under the head it has now", func() {
			w.write(mixed(before["CONTACT"], honest["CONTACT"], headOf(honest)))
		})
		forge("its answer deleted", func() {
			for _, i := range newer("MESSAGE#") {
				w.erase(i)
			}
		})
		forge("the contact deleted", func() { w.erase(honest["CONTACT"]) })
	})
}

// headOf is the attribute by which a contact knows its last event: the one that holds the event's hash.
func headOf(p partition) []string {
	last := ""
	for sk := range p {
		if strings.HasPrefix(sk, "EVENT#") && sk > last {
			last = sk
		}
	}
	var names []string
	for name, v := range p["CONTACT"] {
		for _, h := range p[last] {
			if hash := str(h); len(hash) == 64 && strings.Contains(fmt.Sprint(plain(v)), hash) {
				names = append(names, name)
			}
		}
	}
	return names
}

// mixed is an item with some attributes of another.
func mixed(i, of item, names []string) item {
	m := maps.Clone(i)
	for _, n := range names {
		m[n] = of[n]
	}
	m["ver"] = i["ver"]
	if m["ver"] == nil {
		delete(m, "ver")
	}
	return m
}

// plain is a value as fmt prints it.
func plain(v types.AttributeValue) any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	case *types.AttributeValueMemberM:
		m := map[string]any{}
		for k, e := range v.Value {
			m[k] = plain(e)
		}
		return m
	case *types.AttributeValueMemberL:
		var l []any
		for _, e := range v.Value {
			l = append(l, plain(e))
		}
		return l
	default:
		return v
	}
}

// Somebody who writes a contact that never was, by copying one that is, texts nobody and has a record that does not
// verify. Where the copy has everything but the events, the audit takes it off the list.
func TestContactCannotBeInvented(t *testing.T) {
	for _, with := range []string{"CONTACT and AUDIENCE", "all but EVENT", "all"} {
		t.Run(with, func(t *testing.T) {
			s := newStore(t)
			var r result
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, s, loadPrograms(t, nil), 1)
				her, his := phones()[0], phones()[2]
				w.play(joined(0))
				for sk, i := range w.partition(her, "example") {
					switch {
					case with == "CONTACT and AUDIENCE" && !strings.HasPrefix(sk, "CONTACT") && !strings.HasPrefix(sk, "AUDIENCE#"):
					case with == "all but EVENT" && strings.HasPrefix(sk, "EVENT#"):
					default:
						w.write(renamed(i, her, his))
					}
				}
				if r, found := w.record(his, "example"); found && r.Verified {
					t.Errorf("verified: true, for somebody who never was")
				}
				w.play([]step{
					{Do: schedules, Brand: "example", Topics: []string{"news"}, For: 28 * time.Hour, After: time.Minute},
					{Do: waits, For: 40 * time.Hour},
				})
				w.mu.Lock()
				defer w.mu.Unlock()
				r = result{broken: w.model.broken, faulty: w.faulty, story: w.told}
			})
			if !r.kept() {
				t.Errorf("a contact nobody ever was is texted\n%s", r)
			}
		})
	}
}

// renamed is an item of one person as if it were another's.
func renamed(i item, her, his string) item {
	out := item{}
	for k, v := range i {
		switch v := v.(type) {
		case *types.AttributeValueMemberS:
			text := strings.ReplaceAll(v.Value, her, his)
			out[k] = &types.AttributeValueMemberS{Value: text}
		case *types.AttributeValueMemberM:
			out[k] = &types.AttributeValueMemberM{Value: renamed(v.Value, her, his)}
		default:
			out[k] = v
		}
	}
	return out
}
