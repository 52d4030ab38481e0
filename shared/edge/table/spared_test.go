package table_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// What need not be asked is not: who is whole is not read again, a campaign that is over does not stand in the way of
// the next, and nothing is written where nothing could follow from it.
func TestWhatIsSpared(t *testing.T) {
	s := stores.Memory(t)
	bill := dynamotest.NewBill(s.Client)
	tab := table.New(bill, s.Table, ledger(t))
	joined(t, tab, 6)
	one, next := newCampaign(1), newCampaign(2)
	next.At, next.Expires = one.Expires, one.Expires.Add(time.Hour)
	translated := newCampaign(3)
	translated.Text, translated.Texts = "Example Corp.: else", map[string]string{"es": "Otra", "fr": "Otra"}
	if err := tab.CreateUniqueCampaign(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		do    func() error
		calls map[string]int
	}{
		"everybody, who is whole": {func() error {
			for n := range table.Segments {
				if _, _, err := tab.ScanRecords(t.Context(), n, table.Position{}, noon.Add(time.Hour)); err != nil {
					return err
				}
			}
			return nil
		}, map[string]int{"Scan": table.Segments}},
		"a campaign behind another": {
			func() error { return tab.CreateUniqueCampaign(t.Context(), next) },
			map[string]int{"GetItem": 1, "TransactWriteItems": 1, dynamotest.ItemsWritten: 3},
		},
		"a campaign in two languages": {
			func() error { return tab.CreateUniqueCampaign(t.Context(), translated) },
			map[string]int{"GetItem": 2, "TransactWriteItems": 1, dynamotest.ItemsWritten: 4},
		},
		"a state that is left for none": {func() error {
			if err := tab.SetCampaignState(t.Context(), one.ID, nil, campaign.Done, ""); err == nil {
				t.Error("a campaign leaves no state")
			}
			return nil
		}, map[string]int{}},
	} {
		bill.Take()
		if err := tc.do(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		calls, _ := bill.Take()
		for call, n := range calls {
			if tc.calls[call] != n {
				t.Errorf("%s: %s %d times, want %v", name, call, n, tc.calls)
			}
		}
	}
}

// An audit that nobody began is not closed, and does not exist by that.
func TestAnAuditThatIsNoneIsNotClosed(t *testing.T) {
	s := stores.Memory(t)
	if err := table.New(s.Client, s.Table, ledger(t)).CloseAudit(t.Context(), "none", noon); err == nil {
		t.Error("it is closed")
	}
	if out, err := s.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &s.Table}); err != nil || len(out.Items) > 0 {
		t.Errorf("%d items, %v", len(out.Items), err)
	}
}

// Beside a campaign's text stands what the person texted, and nothing that a form, a page or somebody else told.
func TestWhatAPersonTextedBesideACampaign(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
	_, m := claimText(t, tab, c, 1)
	if err := tab.Record(t.Context(), table.Sent{Key: key, Message: m}); err != nil {
		t.Fatal(err)
	}
	text, heard, found, err := tab.CampaignText(t.Context(), key, m.Campaign)
	if err != nil || !found || text.ID != m.ID || len(heard) != 1 || heard[0].Type != consent.Confirmed {
		t.Errorf("%v, found %t, heard %+v", err, found, heard)
	}
}

// A YES that tells where somebody lives moves them in the audience of every topic they get, and of no other.
func TestAYesMovesEveryTopic(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
	before := sortedZone(raw{t, s}.all(key)["AUDIENCE#alerts"])
	at := noon.Add(time.Hour)
	c = commit(t, tab, asked(c, at, phone.Told{State: "HI"}, alerts.Topics[1]), at)
	commit(t, tab, inboundHeard(c, saidYes, at.Add(time.Minute)), at.Add(time.Minute))
	items := raw{t, s}.all(key)
	for _, topic := range []string{"alerts", "news"} {
		if zone := sortedZone(items["AUDIENCE#"+topic]); zone == before || !strings.Contains(zone, "US-HI|") {
			t.Errorf("%s: she is in %s, was in %s", topic, zone, before)
		}
	}
}

func sortedZone(m item) string {
	zone, _ := m["zone"].(*types.AttributeValueMemberS)
	if zone == nil {
		return ""
	}
	return zone.Value
}

// An entry in the audience whose contact is gone makes no contact.
func TestAStrayEntryMakesNoContact(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	r := raw{t, s}
	subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
	for sk := range r.all(key) {
		if sk != "AUDIENCE#alerts" {
			r.remove(key, sk)
		}
	}
	if err := tab.RepairAudience(t.Context(), key); err != nil {
		t.Error(err)
	}
	if c, err := tab.Contact(t.Context(), key); err != nil || c.Version != 0 {
		t.Errorf("%+v, %v", c, err)
	}
}

// An event that cannot be read is a fault, and none of the events that are.
func TestAnEventThatCannotBeRead(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	r := raw{t, s}
	subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
	r.put(key, "EVENT#000000000002", with(r.all(key)["EVENT#000000000002"], "at", text("noon")))
	p, err := tab.Person(t.Context(), key)
	if err != nil || len(p.Events) != 1 || len(p.Faults) != 1 {
		t.Errorf("%d events, faults %q, %v", len(p.Events), p.Faults, err)
	}
}

// A campaign for other places is beside one like it, and both stay known to the next.
func TestCampaignsForOtherPlacesStayKnown(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	seattle, berlin, again := newCampaign(1), newCampaign(2), newCampaign(3)
	seattle.In, berlin.In, again.In = []string{"US-WA"}, []string{"DE"}, []string{"US"}
	for _, c := range []campaign.Campaign{seattle, berlin} {
		if err := tab.CreateUniqueCampaign(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	duplicate, ok := errors.AsType[*table.DuplicateError](tab.CreateUniqueCampaign(t.Context(), again))
	if !ok || duplicate.Run.ID != seattle.ID {
		t.Errorf("%+v", duplicate)
	}
}

// A text that waits comes with the person it is for.
func TestATextThatWaitsComesWithItsPerson(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	want := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
	d := consent.Deferred{Key: key, Ref: "r", State: consent.Waits, Expires: noon}
	if _, err := tab.SaveDeferred(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	c, kept, err := tab.ContactAndDeferred(t.Context(), key, "r")
	if diff := cmp.Diff(want, c); err != nil || diff != "" || kept.Turn != 1 {
		t.Errorf("%+v, %v: %s", kept, err, diff)
	}
}

// The table is found by its two keys, the audience by those of its index, of which it keeps nothing else; and it is
// paid by use, as template.yaml has it.
func TestTheKeysOfTheTable(t *testing.T) {
	d := table.Definition("consent")
	said := []string{string(d.BillingMode), aws.ToString(d.TableName)}
	for _, k := range d.KeySchema {
		said = append(said, aws.ToString(k.AttributeName)+" "+string(k.KeyType))
	}
	for _, index := range d.GlobalSecondaryIndexes {
		said = append(said, aws.ToString(index.IndexName)+" "+string(index.Projection.ProjectionType))
		for _, k := range index.KeySchema {
			said = append(said, aws.ToString(k.AttributeName)+" "+string(k.KeyType))
		}
	}
	for _, a := range d.AttributeDefinitions {
		said = append(said, aws.ToString(a.AttributeName)+" "+string(a.AttributeType))
	}
	want := "PAY_PER_REQUEST, consent, pk HASH, sk RANGE, audience KEYS_ONLY, aud HASH, zone RANGE, pk S, sk S, aud S, zone S"
	if got := strings.Join(said, ", "); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
