package sendcheck_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// onTable puts the function on a consent table, with those people on the list of alerts.
func onTable(t *testing.T, numbers ...phone.Number) (*bench, *table.Table, *dynamotest.Bill) {
	t.Helper()
	var stores dynamotest.Stores
	s := stores.Minidyn(t)
	ledger, err := consent.NewLedger([]byte("a key of at least thirty-two bytes"))
	if err != nil {
		t.Fatal(err)
	}
	api := dynamotest.NewBill(s.Client)
	tab := table.New(api, s.Table, ledger)
	b := newBench(t)
	b.Table, b.outbox.Store, b.Audience = tab, tab, audience.New(api, s.Table)
	brand, _ := b.Catalog.Brand("example")
	prog, topic, _ := brand.Topic("alerts")
	asked := tuesday.Add(-24 * time.Hour)
	for _, n := range numbers {
		c := consent.Contact{Key: consent.Key{Brand: "example", Phone: n}}
		ch := c.Request(consent.Request{At: asked, Source: consent.SourceForm, Topics: []program.Topic{*topic}, Terms: b.Catalog.SignUp})
		ch.Next = ch.Next.WithText(ch.Ask[0], consent.Claim{ID: "question", At: asked}, 0)
		c, err := tab.Commit(t.Context(), ch, asked)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tab.Commit(t.Context(), c.Hear(consent.Inbound{ID: "in-1", At: asked.Add(time.Minute), Brand: brand, Program: prog, Intent: keyword.Intent{Kind: keyword.Confirm}}), asked); err != nil {
			t.Fatal(err)
		}
	}
	if err := tab.CreateCampaign(t.Context(), campaign.Campaign{
		ID: pumpkins, Brand: "example", Topic: "alerts", Text: "Example Corp.: text of " + pumpkins, At: tuesday, Expires: tuesday.Add(8 * time.Hour), State: campaign.Scheduled,
	}); err != nil {
		t.Fatal(err)
	}
	api.Take()
	return b, tab, api
}

// What a page of 25 people costs: one more page, and nothing else. The hours are asked once an area, not once a person.
func TestCostOfAPage(t *testing.T) {
	calls := func(people int) map[string]int {
		b, tab, api := onTable(t, append(numbers("206", 0, people), numbers("808", 0, 2)...)...)
		if !b.deliver(t.Context(), job(pumpkins, 0)) {
			t.Fatal(b.log)
		}
		spent, _ := api.Take()
		if n := b.air.once(t, pumpkins); n != people {
			t.Fatalf("%d texted, want %d", n, people)
		}
		shards, err := tab.Shards(t.Context(), pumpkins)
		if err != nil || campaign.Total(shards) != (campaign.Counts{Sent: people, Deferred: 2}) {
			t.Fatalf("%+v, %v", campaign.Total(shards), err)
		}
		if len(b.hours.asked) != 2 {
			t.Errorf("the hours of two areas were asked %d times", len(b.hours.asked))
		}
		return spent
	}
	few, many := calls(30), calls(55)
	page := map[string]int{}
	for name, n := range many {
		if n -= few[name]; n != 0 {
			page[name] = n
		}
	}
	want := map[string]int{
		"Query":          1,      // the page of the audience
		"BatchGetItem":   1,      // its contacts
		"GetItem":        1,      // is the campaign still running?
		"PutItem":        25 + 1, // the claims, and the progress
		"BatchWriteItem": 1,      // the records
	}
	if diff := cmp.Diff(want, page); diff != "" {
		t.Errorf("a page costs (-want +got):\n%s", diff)
	}
	// Beside its pages a job reads the campaign and the progress, finds the areas, counts those who wait, and saves.
	rest := map[string]int{"Query": 3 + 1, "GetItem": 1 + 1, "PutItem": 1}
	for name, n := range map[string]int{"Query": 2, "GetItem": 2, "PutItem": 30 + 1, "BatchGetItem": 2, "BatchWriteItem": 2} {
		rest[name] += n
	}
	if diff := cmp.Diff(rest, few); diff != "" {
		t.Errorf("a job of two pages costs (-want +got):\n%s", diff)
	}
}

// On the table itself: a person who waited is texted at the opening, and the others are not asked again.
func TestSecondWaveOnTheTable(t *testing.T) {
	b, tab, api := onTable(t, append(numbers("206", 0, 5), numbers("808", 0, 2)...)...)
	b.wave(t, pumpkins)
	b.settle(t)
	api.Take()
	b.run(t, tuesday.Add(2*time.Hour))
	c, err := tab.Campaign(t.Context(), pumpkins)
	if err != nil || c.State != campaign.Done {
		t.Errorf("the campaign is %s, %v", c.State, err)
	}
	shards, err := tab.Shards(t.Context(), pumpkins)
	if err != nil || campaign.Total(shards) != (campaign.Counts{Sent: 7}) {
		t.Errorf("%+v, %v", campaign.Total(shards), err)
	}
	if calls, _ := api.Take(); calls["BatchGetItem"] != 1 || calls["PutItem"] != 2+1 || calls["UpdateItem"] != 1 {
		t.Errorf("the second wave cost %v, want one page, two claims, the progress and the campaign's end", calls)
	}
	if n := b.air.once(t, pumpkins); n != 7 {
		t.Errorf("%d texted, want 7", n)
	}
}
