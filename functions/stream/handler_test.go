package stream_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"pgregory.net/rapid"

	"smsconsent"
	"smsconsent/functions/stream"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/fact"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/bus"
	"smsconsent/shared/edge/tally"
	"smsconsent/shared/testkit/dynamotest"
	"smsconsent/shared/testkit/schema"
	"smsconsent/shared/testkit/wired"
	"smsconsent/shared/testkit/world"
)

var stores dynamotest.Stores

func TestMain(m *testing.M) { os.Exit(stores.Run(m)) }

const her = phone.Number("+12065550142")

var noon = time.Date(2026, time.December, 1, 20, 0, 0, 0, time.UTC) // in Seattle

// fixture is the function in its world, with EventBridge behind it.
type fixture struct {
	*world.World
	handler *stream.Handler
	counted world.Queue // what the function receipts is to count
	put     []types.PutEventsRequestEntry
	refuse  func() bool // whether EventBridge has no room for the next entry
}

func newWorld(t *testing.T, store dynamotest.Store) *fixture {
	t.Helper()
	w := &fixture{World: world.On(t, store, string(smsconsent.Programs()), noon)}
	var err error
	w.handler, err = stream.New(stream.Config{
		Ledger: w.Ledger, Bus: bus.New(w, "b", ""), Receipts: &w.counted, DeadLetters: w.Queue, Log: w.Log, Metrics: w.Metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// PutEvents is EventBridge.
func (w *fixture) PutEvents(
	_ context.Context, in *eventbridge.PutEventsInput, _ ...func(*eventbridge.Options),
) (*eventbridge.PutEventsOutput, error) {
	out := &eventbridge.PutEventsOutput{Entries: make([]types.PutEventsResultEntry, len(in.Entries))}
	for i := range in.Entries {
		if w.refuse != nil && w.refuse() {
			code := "ThrottlingException"
			out.Entries[i].ErrorCode = &code
		} else {
			w.put = append(w.put, in.Entries[i])
		}
	}
	return out, nil
}

// facts returns what is on the bus by its ID, and fails the test where an ID stands for two things.
func (w *fixture) facts() map[string]fact.Fact {
	w.T.Helper()
	all := map[string]fact.Fact{}
	for i := range w.put {
		f := fact.Fact{Type: fact.Type(*w.put[i].DetailType)}
		if err := json.Unmarshal([]byte(*w.put[i].Detail), &f.Detail); err != nil {
			w.T.Fatal(err)
		}
		if was, again := all[f.Detail.ID]; again && fmt.Sprint(was) != fmt.Sprint(f) {
			w.T.Errorf("%s is %v and %v", f.Detail.ID, was, f)
		}
		all[f.Detail.ID] = f
	}
	return all
}

// life is all of a person's doings there are facts of.
func (w *fixture) life() {
	w.T.Helper()
	w.Catalog.Brands[0].Programs[0].OneStep = true // a START brings the person back at once, which is an event of its own
	w.Requests(her, "alerts", "orders")
	w.Pass(time.Minute)
	w.Says(her, "alerts", keyword.Confirm)
	w.Pass(time.Minute)
	w.Says(her, "orders", keyword.Decline)
	w.Pass(time.Minute)
	w.Says(her, "alerts", keyword.Help)
	w.Change(her, func(c consent.Contact) consent.Change { return c.Pause(w.Clock(), noon.Add(48*time.Hour), nil) })
	w.Change(her, func(c consent.Contact) consent.Change { return c.Resume(w.Clock(), nil) })
	w.Pass(time.Minute)
	w.Says(her, "alerts", keyword.OptOut)
	w.Pass(time.Minute)
	w.Means(her, "alerts", keyword.Intent{Kind: keyword.OptIn, Restart: true, Confidence: 1})
	w.Pass(time.Minute)
	w.Says(her, "alerts", keyword.Confirm)
	w.Change(her, func(c consent.Contact) consent.Change { return c.Suspend("alerts", w.Clock(), "test") })
	w.Says(her, "alerts", keyword.WrongNumber)
	w.moves("+12065550145")
	w.Requests("+12065550143", "alerts")
	w.Pass(48 * time.Hour)
	w.Change("+12065550143", func(c consent.Contact) consent.Change { return c.Expire(w.Clock()) })
	for i, m := range w.Record(her).Messages {
		step := consent.StatusChange{At: w.Clock(), Status: consent.Delivered, Detail: "TEXT_DELIVERED"}
		switch i {
		case 1:
			click := consent.StatusChange{At: w.Clock(), Status: consent.Clicked, Detail: "link 1"}
			if _, err := w.Table.Click(w.T.Context(), world.Key(her), clickedCampaign, click); err != nil {
				w.T.Fatal(err)
			}
		case 0:
			step = consent.StatusChange{At: w.Clock(), Status: consent.Undelivered, Detail: "TEXT_UNREACHABLE"}
		}
		if _, err := w.Table.MessageStatus(w.T.Context(), world.Key(her), m.ID, step); err != nil {
			w.T.Fatal(err)
		}
	}
}

// moves puts on somebody's record what the audit does to whom a topic bores.
func (w *fixture) moves(n phone.Number) {
	w.T.Helper()
	for _, e := range []consent.Event{
		{Type: consent.Moved, Topics: []string{"alerts"}, Effect: consent.Effect{Tier: consent.Digest}},
		{Type: consent.TakenOff, Topics: []string{"alerts"}},
	} {
		c := w.Contact(n)
		e.Seq, e.At, e.Source = c.Head.Seq+1, w.Clock(), consent.SourceAudit
		if _, err := w.Table.Commit(w.T.Context(), consent.Change{Next: c, Events: []consent.Event{e}}, w.Clock()); err != nil {
			w.T.Fatal(err)
		}
	}
}

// stream returns all that is in the table as its stream tells of it. Of what was written several times it has the last.
func (w *fixture) stream() []json.RawMessage {
	w.T.Helper()
	out, err := w.Store.Client.Scan(w.T.Context(), &dynamodb.ScanInput{TableName: &w.Store.Table})
	if err != nil || len(out.LastEvaluatedKey) > 0 {
		w.T.Fatal("the table is not read whole", err)
	}
	var all []json.RawMessage
	for i, m := range out.Items {
		image, err := attributevalue.MarshalMapJSON(m)
		if err != nil {
			w.T.Fatal(err)
		}
		all = append(all, json.RawMessage(fmt.Sprintf(
			`{"eventID":"e%d","eventName":"INSERT","eventSource":"aws:dynamodb","dynamodb":{"NewImage":%s,"SequenceNumber":"%d"}}`,
			i, image, i,
		)))
	}
	return all
}

// invoke hands records to the function as Lambda does, and returns from which on they come again; empty for none.
func (w *fixture) invoke(records []json.RawMessage) string {
	w.T.Helper()
	payload, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		w.T.Fatal(err)
	}
	raw, err := w.handler.Invoke(w.T.Context(), payload)
	var out events.DynamoDBEventResponse
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil || len(out.BatchItemFailures) > 1 {
		w.T.Fatalf("%s, %v", raw, err)
	}
	if len(out.BatchItemFailures) == 0 {
		return ""
	}
	return out.BatchItemFailures[0].ItemIdentifier
}

// told is the IDs of all facts that there should be: of each event on record that changed a consent, of each text, and
// of each receipt.
func (w *fixture) told() []string {
	w.T.Helper()
	var ids []string
	for _, key := range w.Table.People() {
		r := w.Record(key.Phone)
		for _, e := range r.Events {
			if !slices.Contains([]consent.EventType{consent.Received, consent.Noted, consent.KeptOut}, e.Type) {
				ids = append(ids, e.Hash)
			}
		}
		for _, m := range r.Messages {
			ids = append(ids, m.ID+"#"+string(m.History[0].Status))
			for _, s := range m.History[1:] {
				ids = append(ids, fmt.Sprintf("%s#%013d#%s#%s", m.ID, s.At.UnixMilli(), s.Status, s.Detail))
			}
		}
	}
	ids = append(ids, "CLICK#"+clickedCampaign+"#"+w.Ledger.Person(world.Key(her)))
	slices.Sort(ids)
	return ids
}

// clickedCampaign is the campaign of which she followed a link.
const clickedCampaign = "01KB3M8Y5T0QF2Z9W6R7C4X1VN"

// I4, told on: every change of consent on record, every text and every receipt leads to exactly one fact, in whatever
// batches the stream brings them, whatever EventBridge has no room for, and however often it is told.
func TestEachChangeIsOneFactWhateverComesAgain(t *testing.T) {
	stores.Each(t, func(t *testing.T, store dynamotest.Store) {
		w := newWorld(t, store)
		w.life()
		all, want := w.stream(), w.told()
		if len(want) < 20 {
			t.Fatalf("a life of %d facts is none", len(want))
		}
		rapid.Check(t, func(rt *rapid.T) {
			w.put = nil
			w.refuse = func() bool { return rapid.IntRange(0, 4).Draw(rt, "room") == 0 }
			for at := 0; at < len(all); {
				n := min(rapid.IntRange(1, 30).Draw(rt, "batch"), len(all)-at)
				switch again := w.invoke(all[at : at+n]); {
				case again != "":
					if _, err := fmt.Sscan(again, &at); err != nil {
						rt.Fatal(err)
					}
				case rapid.IntRange(0, 9).Draw(rt, "timeout") > 0: // else its answer was lost
					at += n
				}
			}
			if got := slices.Sorted(maps.Keys(w.facts())); !slices.Equal(got, want) {
				rt.Errorf("told %v\nwant %v", got, want)
			}
		})
	})
}

// I10: on the bus for phones each fact says whose it is, and on the other none does.
func TestPhonesAreToldOnTheirOwnBus(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.handler.Bus = bus.New(w, "b", "p")
	w.Requests(her, "alerts")
	if again := w.invoke(w.stream()); again != "" {
		t.Fatalf("it comes again from %s", again)
	}
	told := map[string]int{}
	for _, e := range w.put {
		told[*e.EventBusName]++
		if named := strings.Contains(*e.Detail, string(her)); named != (*e.EventBusName == "p") {
			t.Errorf("on %s: %s", *e.EventBusName, *e.Detail)
		}
	}
	if told["b"] == 0 || told["b"] != told["p"] {
		t.Errorf("told %v", told)
	}
}

// An opt-out that answers a campaign goes to where it is counted, whichever batch it comes in; where it cannot, the
// stream brings it again. I10: without the phone.
func TestAnOptOutIsCountedForItsCampaign(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.MakeUp(her, noon.Add(-48*time.Hour), func(c *consent.Contact) {
		c.Claims = []consent.Claim{{
			ID: "01KB0000000000000000000001", At: noon.Add(-time.Hour), Kind: message.Promotional, Program: "alerts",
			Topics: []string{"alerts"}, Campaign: clickedCampaign,
		}}
	})
	w.Says(her, "alerts", keyword.OptOut)
	w.counted.Err = errors.New("broken")
	if again := w.invoke(w.stream()); again == "" || len(w.put) != 0 {
		t.Errorf("it goes on with %q, %d facts are told", again, len(w.put))
	}
	w.counted.Err = nil
	if again := w.invoke(w.stream()); again != "" || len(w.put) == 0 {
		t.Errorf("it goes on with %q, %d facts are told", again, len(w.put))
	}
	events := w.Record(her).Events
	job, _ := w.counted.Take(0)
	o, ok := tally.ReadOptOut(job)
	want := tally.OptOut{
		Campaign: tally.Campaign{Brand: "example", Topic: "alerts", ID: clickedCampaign}, Once: events[len(events)-1].Hash,
	}
	if _, more := w.counted.Take(0); !ok || more || o != want || strings.Contains(job, "20655501") {
		t.Errorf("to be counted is %s", job)
	}
}

// Whatever goes out is as docs/schemas says, and every type of fact goes out. I10: no phone number among it.
func TestFactsAreAsTheSchemasSay(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.life()
	w.invoke(w.stream())
	seen := map[string]bool{}
	for i := range w.put {
		seen[*w.put[i].DetailType] = true
		event := fmt.Sprintf(`{"source":%q,"detail-type":%q,"detail":%s}`, *w.put[i].Source, *w.put[i].DetailType, *w.put[i].Detail)
		kind, _, _ := strings.Cut(*w.put[i].DetailType, ".")
		if err := schema.Check(t, kind+".json", []byte(event)); err != nil {
			t.Errorf("%s: %v", event, err)
		}
		if strings.Contains(event, "20655501") {
			t.Errorf("I10: %s", event)
		}
	}
	for _, kind := range []fact.Type{
		fact.ConsentRequested, fact.ConsentConfirmed, fact.ConsentDeclined, fact.ConsentRevoked, fact.ConsentRestarted,
		fact.ConsentExpired, fact.ConsentSuspended, fact.ConsentVoided, fact.ConsentPaused, fact.ConsentResumed,
		fact.ConsentMoved, fact.ConsentRemoved, fact.TextSent, fact.TextDelivered, fact.TextUndelivered, fact.TextClicked,
	} {
		if !seen[string(kind)] {
			t.Errorf("%s was not told", kind)
		}
	}
}

// What is behind a fact EventBridge does not take comes again, and what was before it is on the bus.
func TestTheStreamGoesOnWithTheFirstThatFailed(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.life()
	all := w.stream()
	w.refuse = func() bool { return len(w.put) >= 2 }
	if again := w.invoke(all); again == "" || len(w.put) != 2 {
		t.Errorf("goes on with %q after %d facts", again, len(w.put))
	}
	if !strings.Contains(w.Counted.String(), `"FactDelayed":1`) {
		t.Errorf("metrics: %s", &w.Counted)
	}
}

// A record nobody understands is kept whole where somebody looks, and holds nobody up. Where it cannot be kept the
// stream brings it again, and what came before it is told.
func TestWhatCannotBeUnderstoodIsKept(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	w.Requests(her, "alerts")
	for name, image := range map[string]string{
		"an event without a number": `{"pk":{"S":"CONTACT#example#+12065550142"},"sk":{"S":"EVENT#x"}}`,
		"a time that is a text":     `{"pk":{"S":"CONTACT#example#+12065550142"},"sk":{"S":"MESSAGE#x"},"at":{"S":"noon"}}`,
		"nobody's":                  `{"pk":{"S":"CONTACT#example"},"sk":{"S":"MESSAGE#x"}}`,
		"no attribute":              `{"pk":{"Z":"?"}}`,
	} {
		broken := json.RawMessage(`{"eventID":"broken","dynamodb":{"SequenceNumber":"777","NewImage":` + image + `}}`)
		all := w.stream()
		w.put, w.Queue.Jobs = nil, nil
		if again := w.invoke(slices.Concat(all, []json.RawMessage{broken}, all)); again != "" || len(w.put) != 4 {
			t.Errorf("%s: goes on with %q, %d facts", name, again, len(w.put))
		}
		if kept, ok := w.Queue.Take(0); !ok || kept != string(broken) {
			t.Errorf("%s: kept %s", name, kept)
		}
		w.put, w.Queue.Err = nil, errors.New("broken")
		if again := w.invoke(slices.Concat(all, []json.RawMessage{broken}, all)); again != "777" || len(w.put) != 2 {
			t.Errorf("%s, and no queue: goes on with %q, %d facts", name, again, len(w.put))
		}
		w.Queue.Err = nil
	}
}

// What is no person's, what nothing follows from and what TTL took away is no fact.
func TestWhatIsNobodysBusiness(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	for _, change := range []string{
		`{"NewImage":{"pk":{"S":"CAMPAIGN#1"},"sk":{"S":"CAMPAIGN"}}}`,
		`{"NewImage":{"pk":{"S":"CONTACT#example#+12065550142"},"sk":{"S":"CONTACT"}}}`,
		`{"NewImage":{"pk":{"S":"CONTACT#example#+12065550142"},"sk":{"S":"INBOUND#1"}}}`,
		`{"NewImage":{"pk":{"S":"CONTACT#example#+12065550142"},"sk":{"S":"EVENT#000000000001"},"type":{"S":"noted"}}}`,
		`{"OldImage":{"pk":{"S":"NONCE#1"},"sk":{"S":"NONCE"}}}`,
	} {
		if again := w.invoke([]json.RawMessage{json.RawMessage(`{"dynamodb":` + change + `}`)}); again != "" || len(w.put) != 0 || len(w.Queue.Jobs) != 0 {
			t.Errorf("%s: %v, goes on with %q, kept %v", change, w.put, again, w.Queue.Jobs)
		}
	}
}

// The sample event, in the shape Lambda delivers, is a STOP and a text.
func TestSampleEvent(t *testing.T) {
	w := newWorld(t, stores.Memory(t))
	raw, err := os.ReadFile("../../events/stream.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.handler.Invoke(t.Context(), raw); err != nil {
		t.Fatal(err)
	}
	var got []string
	for i := range w.put {
		got = append(got, *w.put[i].DetailType)
	}
	if want := []string{"consent.revoked", "text.sent", "text.delivered"}; !slices.Equal(got, want) {
		t.Errorf("told %v, want %v", got, want)
	}
}

// Whatever arrives, the function neither panics nor puts on the bus what the schemas do not have.
func FuzzRecord(f *testing.F) {
	f.Add([]byte(`{"pk":{"S":"CONTACT#example#+12065550142"},"sk":{"S":"EVENT#000000000001"},"type":{"S":"opted-out"},"at":{"N":"1"}}`))
	f.Add([]byte(`{"pk":{"S":"CONTACT#example#+12065550142"},"sk":{"S":"MESSAGE#1#2#delivered#x"},"status":{"S":"delivered"}}`))
	f.Add([]byte(`{"pk":{"S":"CONTACT##"},"sk":{"S":"MESSAGE#"},"status":{"S":"sent"},"hist":{"L":[{"M":{}}]}}`))
	f.Add([]byte(`{"pk":{"N":"1"},"sk":{"B":"AA=="}}`))
	w := &fixture{World: &world.World{}}
	ledger, err := consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte(world.LedgerKey)))
	if err != nil {
		f.Fatal(err)
	}
	w.handler, err = stream.New(stream.Config{
		Ledger: ledger, Bus: bus.New(w, "b", ""), Receipts: &world.Queue{}, DeadLetters: &world.Queue{}, Log: wired.Stack(f).Log,
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, image []byte) {
		if !json.Valid(image) {
			return
		}
		w.T = t
		w.invoke([]json.RawMessage{json.RawMessage(`{"dynamodb":{"SequenceNumber":"1","NewImage":` + string(image) + `}}`)})
		w.put = nil
	})
}
