package jurisdiction

import "slices"

// usStates are the states, the District of Columbia and the territories. Their rules bind in addition to the federal
// ones.
var usStates = slices.Concat(usStatesAToM, usStatesNToW, usTerritories)

// NoRuleOfItsOwn is the note of a state for which nothing was found.
const NoRuleOfItsOwn = "No rule of the state on hours of texts was found; absence of a hit is no proof."

// federalOnly returns the entry of a state for which no rule on hours was found. Only the federal hours bind there.
func federalOnly(place, name, note string) Entry {
	if note == "" {
		note = NoRuleOfItsOwn
	}
	return Entry{Place: place, Name: name, AsOf: date("2026-11-23"), Certainty: General, Note: note}
}
