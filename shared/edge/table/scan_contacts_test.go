package table_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
)

// Everybody's contact is met once, whatever fits on a page, and nothing else is; whoever cannot be read is left out.
func TestScanContacts(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	keys := joined(t, tab, 12)
	if err := tab.CreateCampaign(t.Context(), newCampaign(1)); err != nil {
		t.Fatal(err)
	}
	r := raw{t, s}
	bad := keys[3]
	r.put(bad, "CONTACT", with(r.all(bad)["CONTACT"], "sub", text("x")))
	for _, items := range []int32{1, 3, 100} {
		paged := table.New(fewAtOnce{s.Client, items}, s.Table, ledger(t))
		met := map[consent.Key]int64{}
		for segment := -1; segment <= table.Segments; segment++ { // what is none is the first or the last
			for at, pages := (table.Position{}), 0; ; pages++ {
				contacts, next, err := paged.ScanContacts(t.Context(), segment, at)
				if err != nil || pages > 1000 {
					t.Fatal(pages, err)
				}
				for _, c := range contacts {
					met[c.Key]++
					if want, err := tab.Contact(t.Context(), c.Key); err != nil || !cmp.Equal(c, want) {
						t.Errorf("%+v, %v", c, err)
					}
				}
				if at = next; at == (table.Position{}) {
					break
				}
			}
		}
		if len(met) != len(keys)-1 {
			t.Errorf("pages of %d: met %d people", items, len(met))
		}
		for _, k := range keys {
			if n := met[k]; (n == 0) != (k == bad) || n > 2 {
				t.Errorf("pages of %d: person %s met %d times", items, k.Phone[8:], n)
			}
		}
	}
}

// What is on record of somebody whose items go over several pages is all met at once, the texts among it.
func TestEverybodyIsMetWithAllTheirTexts(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	c := subscribe(t, tab, key, phone.Told{}, alerts.Topics[0])
	const texted = 5
	for n := range texted {
		var m consent.Message
		c, m = claimText(t, tab, c, n)
		if n == 2 {
			continue // one is lost, and is a finding of its own
		}
		if err := tab.Record(t.Context(), table.Sent{Key: key, Message: m}); err != nil {
			t.Fatal(err)
		}
	}
	other := consent.Key{Brand: "example", Phone: "+12065550150"}
	commit(t, tab, asked(consent.Contact{Key: other}, noon, phone.Told{}, alerts.Topics[0]), noon)
	for items := int32(1); items < 14; items++ {
		met := everybody(t, table.New(fewAtOnce{s.Client, items}, s.Table, ledger(t)))
		if len(met) != 2 || len(met[key]) != 1 {
			t.Fatalf("pages of %d: met %d people, her %d times", items, len(met), len(met[key]))
		}
		if got := met[key][0]; len(got.Record.Messages) != texted-1 || len(got.Record.Events) != 2 || got.Fault != nil {
			t.Errorf("pages of %d: %d texts, %d events, %v", items, len(got.Record.Messages), len(got.Record.Events), got.Fault)
		}
	}
	people, next, err := tab.ScanRecords(t.Context(), 0, table.Position{}, noon)
	for n := 1; n < table.Segments && err == nil && len(people) == 0; n++ {
		people, next, err = tab.ScanRecords(t.Context(), n, table.Position{}, noon)
	}
	if err != nil || len(people) == 0 || next != (table.Position{}) {
		t.Errorf("%d people on the only page of a segment, the next begins at %v, %v", len(people), next, err)
	}
}

// Campaigns alike are those that say the same to the same list now: not oneself, not what was canceled, and not what
// says another thing since it was edited. They come in the order of their beginnings.
func TestCampaignsLike(t *testing.T) {
	s := stores.Memory(t)
	tab := table.New(s.Client, s.Table, ledger(t))
	one, late, canceled, edited, early := newCampaign(1), newCampaign(2), newCampaign(3), newCampaign(4), newCampaign(5)
	late.At, late.Expires = noon.Add(3*time.Hour), noon.Add(4*time.Hour)
	early.At = noon.Add(-time.Minute)
	for _, c := range []campaign.Campaign{late, one, canceled, edited, early} {
		if err := tab.CreateCampaign(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	edited.Text += " Another."
	if err := errors.Join(
		tab.EditCampaign(t.Context(), edited, false),
		tab.SetCampaignState(t.Context(), canceled.ID, campaign.Open(), campaign.Canceled, ""),
	); err != nil {
		t.Fatal(err)
	}
	like, err := tab.CampaignsLike(t.Context(), &one)
	var ids []string
	for i := range like {
		ids = append(ids, like[i].ID)
	}
	if err != nil || !slices.Equal(ids, []string{early.ID, late.ID}) {
		t.Errorf("%q, %v", ids, err)
	}
	// One that was put off since is beside it as it is stored now, not as it was.
	if err := tab.SetCampaignState(t.Context(), early.ID, campaign.Open(), campaign.Canceled, ""); err != nil {
		t.Fatal(err)
	}
	late.At, late.Expires = one.At, one.Expires
	another := newCampaign(6)
	another.At, another.Expires = noon.Add(3*time.Hour), noon.Add(4*time.Hour)
	if err := tab.EditCampaign(t.Context(), late, false); err != nil {
		t.Fatal(err)
	}
	if err := tab.CreateUniqueCampaign(t.Context(), another); err != nil {
		t.Errorf("beside one that was put forward: %v", err)
	}
	for _, e := range []*table.DuplicateError{{Run: one.Run()}, {Run: one.Run(), Series: "s"}} {
		says := fmt.Sprintf("campaign %s says", one.ID)
		if e.Series != "" {
			says = "a run of series s says"
		}
		if got := e.Error(); got != says+" the same to some of the same people from 2026-11-24T12:00:00Z until 2026-11-24T13:00:00Z" {
			t.Errorf("%s", got)
		}
	}
}

// Of somebody whom nobody knows, and of a text that never waited, there is nothing but their names.
func TestNothingIsKnownOfNobody(t *testing.T) {
	s := stores.Memory(t)
	c, d, err := table.New(s.Client, s.Table, ledger(t)).ContactAndDeferred(t.Context(), key, "order-4711")
	if diff := cmp.Diff(consent.Deferred{Key: key, Ref: "order-4711"}, d); err != nil || diff != "" || !cmp.Equal(c, consent.Contact{Key: key}) {
		t.Errorf("%v, %+v, %s", err, c, diff)
	}
}
