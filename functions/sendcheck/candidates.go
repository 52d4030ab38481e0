package sendcheck

import (
	"context"
	"slices"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/phone"
)

// saveCandidates stores the people of the page before the first of them is texted, so that the campaign's texts can
// be found later.
func (v *visit) saveCandidates(ctx context.Context, contacts []consent.Contact) error {
	if len(contacts) == 0 || v.text.Program == nil {
		return nil
	}
	people := make([]phone.Number, len(contacts))
	for i := range contacts {
		people[i] = contacts[i].Phone
	}
	done := v.done
	v.done = nil
	return v.Table.SaveCandidates(ctx, v.campaign.ID, v.shard.Number, people, done)
}

// undone returns the people of a page who may still need a text. People whom an earlier walk has texted and counted
// are not even read.
func (v *visit) undone(ctx context.Context, people []consent.Key) ([]consent.Key, error) {
	if !v.again {
		return people, nil
	}
	if v.known == nil {
		var err error
		if v.known, err = v.Table.Texted(ctx, v.campaign.ID, v.shard.Number); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(slices.Clone(people), func(k consent.Key) bool { return v.known[k.Phone] }), nil
}

// tellOfChange warns when, after all shards were walked, the list differs much from the one that was planned for.
func (v *visit) tellOfChange(ctx context.Context) error {
	if !v.first || v.campaign.Plan.Hash == "" {
		return nil
	}
	shards, err := v.shards(ctx, v.campaign.ID)
	if err != nil {
		return err
	}
	if change := v.campaign.Changed(shards, len(shards)); change != nil {
		v.Metrics.Count("CampaignListChanged", 1)
		v.Log.WarnContext(ctx, "the list has changed much since the campaign was planned",
			"campaign", v.campaign.ID, "planned", change.Planned, "people", change.People)
	}
	return nil
}
