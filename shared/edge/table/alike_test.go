package table_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// Whoever presses Enter twice in the same second makes one campaign.
func TestOfCampaignsAlikeOnlyOneIsMade(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		const many = 5
		made := make([]error, many)
		var all sync.WaitGroup
		for n := range many {
			all.Go(func() { made[n] = tab.CreateUniqueCampaign(t.Context(), newCampaign(n)) })
		}
		all.Wait()
		first := ""
		for n, err := range made {
			if err == nil && first == "" {
				first = newCampaign(n).ID
			} else if err == nil {
				t.Errorf("both %s and %s were made", first, newCampaign(n).ID)
			}
		}
		for _, err := range made {
			if twin, ok := errors.AsType[*table.DuplicateError](err); err != nil && (!ok || twin.Run.ID != first) {
				t.Errorf("%v, want a word of %s", err, first)
			}
		}
		if listed, err := tab.Campaigns(t.Context()); err != nil || len(listed) != 1 || listed[0].ID != first {
			t.Errorf("%v are made (%v), want %s", listed, err, first)
		}
	})
}

// Readers of another language get no text twice: of campaigns that share one text, in whatever languages, one is made,
// also of those made at the same instant.
func TestCampaignsShareNoTextInAnyLanguage(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		campaigns := make([]campaign.Campaign, 4)
		for n := range campaigns {
			campaigns[n] = newCampaign(n)
			campaigns[n].Text += fmt.Sprint(n)
			campaigns[n].Texts = map[string]string{"es": "Example Corp.:  noticias", "fr": fmt.Sprint(n)}
		}
		campaigns[0].Text, campaigns[0].Texts = "Example Corp.: noticias", map[string]string{"de": "Neues"}
		made := make([]error, len(campaigns))
		var all sync.WaitGroup
		for n, c := range campaigns {
			all.Go(func() { made[n] = tab.CreateUniqueCampaign(t.Context(), c) })
		}
		all.Wait()
		listed, err := tab.Campaigns(t.Context())
		if err != nil || len(listed) != 1 {
			t.Fatalf("%d are made, want one (%v)", len(listed), err)
		}
		for n, err := range made {
			twin, ok := errors.AsType[*table.DuplicateError](err)
			if refused := campaigns[n].ID != listed[0].ID; refused != (err != nil) || refused && (!ok || twin.Run.ID != listed[0].ID) {
				t.Errorf("campaign %d: %v", n, err)
			}
		}
		like, err := tab.CampaignsLike(t.Context(), &campaign.Campaign{
			ID: "another", Brand: "example", Topic: "alerts", Text: "Example Corp.: noticias", Texts: listed[0].Texts,
		})
		if err != nil || len(like) != 1 || like[0].ID != listed[0].ID {
			t.Errorf("%d campaigns share a text, want the one (%v)", len(like), err)
		}
		// Edited to share none, it is in nobody's way; edited back it is refused.
		kept, other := listed[0], newCampaign(7)
		edited := kept
		edited.Text, edited.Texts, other.Texts = "Example Corp.: else", nil, map[string]string{"pl": "Example Corp.: noticias"}
		if err := errors.Join(tab.EditCampaign(t.Context(), edited, true), tab.CreateUniqueCampaign(t.Context(), other)); err != nil {
			t.Fatal(err)
		}
		if twin, ok := errors.AsType[*table.DuplicateError](tab.EditCampaign(t.Context(), kept, true)); !ok || twin.Run.ID != other.ID {
			t.Errorf("edited back: %+v", twin)
		}
	})
}

// A campaign like another is made on purpose, beside it or behind it, and both are known then.
func TestCampaignsAlikeOnPurpose(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		one, beside, behind, third := newCampaign(1), newCampaign(2), newCampaign(3), newCampaign(4)
		beside.At, beside.Expires = one.At.Add(30*time.Minute), one.Expires.Add(time.Hour)
		behind.At, behind.Expires = beside.Expires, beside.Expires.Add(time.Hour)
		third.At, third.Expires = one.Expires, beside.Expires // only with the second
		if err := errors.Join(
			tab.CreateUniqueCampaign(t.Context(), one), tab.CreateCampaign(t.Context(), beside), tab.CreateUniqueCampaign(t.Context(), behind),
		); err != nil {
			t.Fatal(err)
		}
		if twin, ok := errors.AsType[*table.DuplicateError](tab.CreateUniqueCampaign(t.Context(), third)); !ok || twin.Run.ID != beside.ID {
			t.Errorf("%+v, want a word of %s", twin, beside.ID)
		}
		if err := tab.CreateUniqueCampaign(t.Context(), one); !errors.Is(err, table.ErrExists) {
			t.Errorf("made again: %v, want %v", err, table.ErrExists)
		}
		other := newCampaign(5)
		other.Text += " Other."
		if err := tab.CreateUniqueCampaign(t.Context(), other); err != nil {
			t.Error(err)
		}
	})
}

// A campaign that was canceled stands in the way of none like it; a paused one does, for it may go on.
func TestCanceledCampaignHasNoTwin(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		one, other, third := newCampaign(1), newCampaign(2), newCampaign(3)
		if err := tab.CreateUniqueCampaign(t.Context(), one); err != nil {
			t.Fatal(err)
		}
		become := func(to campaign.State) {
			if err := tab.SetCampaignState(t.Context(), one.ID, campaign.Open(), to, "wrong price"); err != nil {
				t.Fatal(err)
			}
		}
		become(campaign.Paused)
		if twin, ok := errors.AsType[*table.DuplicateError](tab.CreateUniqueCampaign(t.Context(), other)); !ok || twin.Run.ID != one.ID {
			t.Errorf("%+v, want a word of %s", twin, one.ID)
		}
		become(campaign.Canceled)
		if err := tab.CreateUniqueCampaign(t.Context(), other); err != nil {
			t.Error(err)
		}
		if twin, ok := errors.AsType[*table.DuplicateError](tab.CreateUniqueCampaign(t.Context(), third)); !ok || twin.Run.ID != other.ID {
			t.Errorf("%+v, want a word of %s", twin, other.ID)
		}
	})
}

// A campaign that has not begun is edited, and stands in the way as it is now and not as it was; one that has begun is
// not edited.
func TestEditedCampaign(t *testing.T) {
	each(t, func(t *testing.T, tab *table.Table, _ dynamotest.Store) {
		one, other, third := newCampaign(1), newCampaign(2), newCampaign(3)
		edited := one
		edited.Text += " Edited."
		third.Text = edited.Text
		if err := errors.Join(tab.CreateUniqueCampaign(t.Context(), one), tab.EditCampaign(t.Context(), edited, true)); err != nil {
			t.Fatal(err)
		}
		if got, err := tab.Campaign(t.Context(), one.ID); err != nil || got.Text != edited.Text {
			t.Errorf("%+v (%v)", got, err)
		}
		if err := tab.CreateUniqueCampaign(t.Context(), other); err != nil {
			t.Errorf("as it was it is in the way: %v", err)
		}
		if twin, ok := errors.AsType[*table.DuplicateError](tab.CreateUniqueCampaign(t.Context(), third)); !ok || twin.Run.ID != one.ID {
			t.Errorf("%+v, want a word of %s", twin, one.ID)
		}
		if twin, ok := errors.AsType[*table.DuplicateError](tab.EditCampaign(t.Context(), one, true)); !ok || twin.Run.ID != other.ID {
			t.Errorf("edited to be a twin: %+v, want a word of %s", twin, other.ID)
		}
		if err := tab.SetCampaignState(t.Context(), one.ID, campaign.Open(), campaign.Paused, "the price"); err != nil {
			t.Fatal(err)
		}
		edited.Text += " Again."
		if err := tab.EditCampaign(t.Context(), edited, true); !errors.Is(err, table.ErrConflict) {
			t.Errorf("edited as if it were not paused: %v", err)
		}
		edited.State, edited.Why = campaign.Paused, "the price"
		if err := tab.EditCampaign(t.Context(), edited, true); err != nil {
			t.Errorf("edited while it is paused: %v", err)
		}
		if got, err := tab.Campaign(t.Context(), one.ID); err != nil || got.Text != edited.Text || got.State != campaign.Paused || got.Why != "the price" {
			t.Errorf("%+v (%v)", got, err)
		}
		if err := tab.SetCampaignState(t.Context(), one.ID, campaign.Open(), campaign.Running, ""); err != nil {
			t.Fatal(err)
		}
		for _, edited.State = range campaign.Open() {
			if err := tab.EditCampaign(t.Context(), edited, true); !errors.Is(err, table.ErrConflict) {
				t.Errorf("edited while it runs, as %s: %v", edited.State, err)
			}
		}
		if listed, err := tab.Campaigns(t.Context()); err != nil || len(listed) != 2 {
			t.Errorf("%d are listed (%v)", len(listed), err)
		}
	})
}
