package jurisdiction

import "slices"

// usStates are the states and the District of Columbia, whose rules bind on top of the federal ones.
var usStates = slices.Concat(usStatesAToM, usStatesNToW, usTerritories)

// NoRuleOfItsOwn is the note of a state of which nothing was found.
const NoRuleOfItsOwn = "No rule of the state on hours of texts was found; absence of a hit is no proof."

// federalOnly is a state of which no rule on hours was found, so that the federal hours alone bind there.
func federalOnly(place, name, note string) Entry {
	if note == "" {
		note = NoRuleOfItsOwn
	}
	return Entry{Place: place, Name: name, AsOf: date("2026-11-23"), Certainty: General, Note: note}
}
