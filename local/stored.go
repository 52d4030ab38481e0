package local

import "context"

// stored reads what the console shows of the table.
func (s *Stack) stored(context.Context) ([]ContactState, []CampaignState, error) {
	return []ContactState{}, []CampaignState{}, nil
}
