package jurisdiction

import "slices"

// usStates are the states and the District of Columbia, whose rules bind on top of the federal ones.
var usStates = slices.Concat(usStatesAToM, usStatesNToW, usTerritories)

// federalOnly is a state of which no rule on hours was found, so that the federal hours alone bind there.
func federalOnly(place, name, note string) Entry {
	if note == "" {
		note = "No rule of the state on hours of texts was found; absence of a hit is no proof."
	}
	return Entry{Place: place, Name: name, Certainty: General, Note: note}
}
