package table_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// Each text of a campaign is read once, with what receipts said of it; nothing of another's is.
func TestTextsOfACampaign(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		const id, other = "01KB3M8Y5T0QF2Z9W6R7C4X1VN", "01KB3M8Y5T0QF2Z9W6R7C4X1VP"
		want := map[phone.Number]consent.Status{
			"+12065550101": consent.Sent, "+12065550102": consent.Delivered, "+12065550103": consent.Undelivered, "+12065550104": consent.Rejected,
		}
		for n, status := range want {
			key := consent.Key{Brand: "example", Phone: n}
			for i, campaign := range []string{"", other, id, other} {
				m := consent.Message{
					ID: "01KB3M8Y5T0QF2Z9W6R7C4X1V" + string(rune('A'+i)), At: noon, Kind: message.Promotional, Campaign: campaign,
					Program: "alerts", Topics: []string{"alerts"}, Body: "Example Corp.: hi.", Status: consent.Sent,
				}
				if status == consent.Rejected {
					m.Status = status
				}
				if err := tab.Record(t.Context(), table.Sent{Key: key, Message: m}); err != nil {
					t.Fatal(err)
				}
				step := consent.StatusChange{At: noon.Add(time.Minute), Status: status, Detail: "TEXT_" + string(status)}
				if campaign == other {
					step.Status = consent.Delivered
				}
				if _, err := tab.MessageStatus(t.Context(), key, m.ID, step); err != nil {
					t.Fatal(err)
				}
			}
		}
		// One was looked at twice, and one whom a rule kept from it.
		const nobody phone.Number = "+12065550109"
		people := slices.Sorted(maps.Keys(want))
		for _, some := range [][]phone.Number{people[:3], people[:3], people[1:], {nobody}} {
			if err := tab.SaveCandidates(t.Context(), id, 3, some, some[:1]); err != nil {
				t.Fatal(err)
			}
		}
		if err := tab.SaveCandidates(t.Context(), other, 3, []phone.Number{"+12065550199"}, nil); err != nil {
			t.Fatal(err)
		}
		var met []phone.Number
		if err := tab.Candidates(t.Context(), id, 3, func(some []phone.Number) error {
			met = append(met, some...)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		slices.Sort(met)
		if !slices.Equal(met, append(slices.Clone(people), nobody)) {
			t.Errorf("met %v", met)
		}
		if err := tab.Candidates(t.Context(), id, 4, func(some []phone.Number) error {
			t.Errorf("in another shard: %v", some)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		done, err := tab.Texted(t.Context(), id, 3)
		if want := map[phone.Number]bool{people[0]: true, people[1]: true, nobody: true}; err != nil || !maps.Equal(done, want) {
			t.Errorf("done are %v (%v), want %v", done, err, want)
		}
		got := map[phone.Number]consent.Status{}
		for _, n := range met {
			m, heard, found, err := tab.CampaignText(t.Context(), consent.Key{Brand: "example", Phone: n}, id)
			if err != nil || len(heard) > 0 {
				t.Fatalf("%v, %v", heard, err)
			}
			if found {
				got[n] = m.Status
			}
			if found && (m.Campaign != id || m.Body == "") {
				t.Errorf("read %+v", m)
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("read %v, want %v", got, want)
		}
	})
}

// Who asked for the numbers of a campaign's people stands on record, whenever they asked.
func TestWhoAskedForTheNumbers(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		const id = "01KB3M8Y5T0QF2Z9W6R7C4X1VN"
		want := []table.NumbersRequest{{By: "ana", At: noon}, {By: "ben", At: noon}, {By: "ana", At: noon.Add(time.Hour)}}
		for _, a := range want {
			if err := tab.RecordNumbersRequest(t.Context(), id, a); err != nil {
				t.Fatal(err)
			}
		}
		got, err := tab.NumbersRequests(t.Context(), id)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%v (%v), want %v", got, err, want)
		}
	})
}
