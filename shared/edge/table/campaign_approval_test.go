package table_test

import (
	"testing"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// The last approval stands, and only of the campaign it is of.
func TestApproval(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		if a, err := tab.Approval(t.Context(), "one"); err != nil || a != (campaign.Approval{}) {
			t.Errorf("before anybody: %+v (%v)", a, err)
		}
		last := campaign.Approval{By: "ben", At: noon, Of: "as edited"}
		for _, a := range []campaign.Approval{{By: "ana", At: noon, Of: "as it was"}, last} {
			if err := tab.Approve(t.Context(), "one", a); err != nil {
				t.Fatal(err)
			}
		}
		if a, err := tab.Approval(t.Context(), "one"); err != nil || a != last {
			t.Errorf("%+v (%v), want %+v", a, err, last)
		}
		if a, err := tab.Approval(t.Context(), "two"); err != nil || a.By != "" {
			t.Errorf("of another: %+v (%v)", a, err)
		}
	})
}
