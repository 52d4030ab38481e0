package oracle

import (
	"slices"
	"strings"
)

// explanation says why a difference needs no correction.
type explanation struct {
	side   side
	places string // separated by spaces
	names  string // beginnings of the holiday's name, separated by "|"; theirs where we lack it, else ours; empty for any
	why    string
	source string
}

func (x explanation) explains(place, holiday string) bool {
	begins := func(name string) bool { return strings.HasPrefix(holiday, name) }
	return slices.Contains(strings.Fields(x.places), place) && slices.ContainsFunc(strings.Split(x.names, "|"), begins)
}

// Sources of several explanations.
const (
	ourNote = "the note of our calendar, printed in docs/jurisdictions.md"
	lieu    = "the day in lieu of a holiday on a weekend"
)

var explained = []explanation{
	// To them a holiday everywhere, to us a day like others.
	{weLack, "AE", "First day of Ramadan|Laylat", "no day off: the list has none", "UAE Cabinet Resolution 27/2024"},
	{weLack, "UA", "Labour Day|New Year", "no days in lieu under martial law", "Law of Ukraine 2136-IX, art. 6"},

	// To them a holiday of a region or a group, which our calendar leaves out on purpose.
	{regionOnly, "BR", "", "days of states and municipalities do not count", ourNote},
	{regionOnly, "CA", "Gold Cup", "a day off by custom in Charlottetown alone", ourNote},
	{regionOnly, "CL", "Battle of Arica", "of Arica alone", "Ley 20.663"},
	{regionOnly, "ES", "Arafat|End of Ramadan|Feast of the Sac", "Muslim feasts of Ceuta and Melilla", ourNote},
	{regionOnly, "ES", "Día de las Instituciones", "28 July, which counts", "calendario laboral de Cantabria"},
	{regionOnly, "FR", "Abolition of Slavery", "overseas, whose phones have codes of their own", "Décret 83-1003"},
	{regionOnly, "GB", "Homecoming", "of Alderney, whose holidays bind nobody else", "States of Alderney"},
	{regionOnly, "IN", "", "days of single states do not count", ourNote},
	{regionOnly, "MY", "", "days of single states do not count", ourNote},
	{regionOnly, "US", "", "days of states count in the states whose statutes heed holidays", ourNote},

	// To us a holiday, to them none.
	{
		theyLack, "AE EG ID KE MY NG PH SA TR",
		"Birthday of Muhammad|Day of Nuzul|End of Ramadan|Feast of the Sacrifice|Id el|Islamic New Year",
		"the days beside count, for the moon decides", ourNote,
	},
	{theyLack, "AE", "National Day", "2 and 3 December", "UAE Cabinet Resolution 27/2024"},
	{theyLack, "AT", "Karfreitag", "counts, though of some churches only", ourNote},
	{theyLack, "AU", "Australia Day|King's Birthday (WA)|Royal Queensland", "of parts, and beside the day in lieu", ourNote},
	{theyLack, "BG", "", lieu, "Labour Code, art. 154(2)"},
	{theyLack, "CA", "", lieu, "Canada Labour Code, s. 193"},
	{theyLack, "CH", "Näfelser Fahrt", "of Glarus; both readings of the date count", ourNote},
	{theyLack, "DE", "Friedensfest", "of Augsburg", ourNote},
	{theyLack, "ES", "", "of communities, and moved from a Sunday", ourNote},
	{theyLack, "GR", "Protomagiá", "1 May, moved by decree", ourNote},
	{theyLack, "HK", "", "the day itself counts beside the day it moves to", ourNote},
	{theyLack, "IE", "", "the day counts beside the day it moves to", ourNote},
	{theyLack, "KR", "Election Day|Korean New Year|Labour Day", "days off of most people", ourNote},
	{theyLack, "MX", "", "the date counts beside the Monday it is kept on", ourNote},
	{theyLack, "MY", "Chinese New Year|Deepavali|Vesak", "as gazetted, or " + lieu, ourNote},
	{theyLack, "NG", "", lieu, "as the Ministry of Interior proclaims it each time"},
	{theyLack, "NL", "Koningsdag", "27 April counts beside the day it moves to", ourNote},
	{theyLack, "NZ", "South Canterbury", "of a part of a province", ourNote},
	{theyLack, "PT", "", "of the Azores and Madeira", ourNote},
	{theyLack, "SG", "Hari Raya Haji|Polling Day", "as gazetted", "Ministry of Manpower, holidays of 2024 and 2025"},
	{theyLack, "TH", "", "as announced, or " + lieu, ourNote},
	{theyLack, "TW", "", lieu, "Act on the Implementation of Memorial Days and Holidays (2025), and the calendar before it"},
	{theyLack, "UA", "Christmas Day, as", "7 January still counts", ourNote},
	{theyLack, "US-AL US-LA US-PA US-RI US-UT", "", "holidays of the state's statute", ourNote},
	{theyLack, "VN", "", "the days beside, or " + lieu, ourNote},
}
