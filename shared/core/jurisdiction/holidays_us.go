package jurisdiction

import "time"

// The holidays that the calendars below share. The calendars overlap on purpose: each lists what its own law names.
var (
	newYear      = holiday{name: "New Year's Day", on: on(time.January, 1), moved: nearest}
	kingDay      = holiday{name: "Birthday of Martin Luther King, Jr.", on: nth(3, time.Monday, time.January)}
	washington   = holiday{name: "Washington's Birthday", on: nth(3, time.Monday, time.February)}
	mardiGras    = holiday{name: "Mardi Gras", on: easter(-47)}
	goodFridayUS = holiday{name: "Good Friday", on: easter(-2)}
	memorial     = holiday{name: "Memorial Day", on: last(time.Monday, time.May)}
	juneteenth   = holiday{name: "Juneteenth", on: on(time.June, 19), moved: nearest, first: 2021}
	july4        = holiday{name: "Independence Day", on: on(time.July, 4), moved: nearest}
	laborDay     = holiday{name: "Labor Day", on: nth(1, time.Monday, time.September)}
	columbus     = holiday{name: "Columbus Day", on: nth(2, time.Monday, time.October)}
	veterans     = holiday{name: "Veterans Day", on: on(time.November, 11), moved: nearest}
	thanksgiving = holiday{name: "Thanksgiving Day", on: nth(4, time.Thursday, time.November)}
	christmasUS  = holiday{name: "Christmas Day", on: on(time.December, 25), moved: nearest}
)

// electionDay returns the Tuesday after the first Monday of November. every is 2 for general elections, and 1 for
// elections each year.
func electionDay(every int) func(int) day {
	return func(year int) day {
		if year%every != 0 {
			return 0
		}
		return from(time.Tuesday, time.November, 2)(year)
	}
}

var (
	usHolidays = &Calendar{
		Name:      "United States",
		Certainty: Found,
		Source:    Source{"5 U.S.C. 6103, legal public holidays", "https://www.law.cornell.edu/uscode/text/5/6103"},
		Note: "Both the day itself and the day it is observed on count. Inauguration Day (the District of Columbia's area alone) " +
			"and days on which an executive order closes federal offices are no legal public holidays and do not count.",
		holidays: []holiday{
			newYear, kingDay, washington, memorial, juneteenth, july4, laborDay, columbus, veterans, thanksgiving, christmasUS,
		},
	}
	alHolidays = &Calendar{
		Name: "Alabama", Certainty: General,
		Source: Source{Title: "Ala. Code 1-3-8"},
		Note:   "Mardi Gras is a holiday in Mobile and Baldwin counties only; it counts in the whole state.",
		holidays: []holiday{
			newYear, kingDay, washington, mardiGras,
			{name: "Confederate Memorial Day", on: nth(4, time.Monday, time.April)},
			memorial,
			{name: "Jefferson Davis' Birthday", on: nth(1, time.Monday, time.June)},
			juneteenth, july4, laborDay, columbus, veterans, thanksgiving, christmasUS,
		},
	}
	laHolidays = &Calendar{
		Name: "Louisiana", Certainty: Mixed,
		Source: Source{"La. R.S. 1:55; DNC.com, Louisiana restricted dates", "https://dnc.com/holiday-alerts?year=2023"},
		Note: "Days that were dropped from the statute in recent years still count. Holidays that the governor proclaims " +
			"(3 July 2023) and states of emergency, in which all solicitation stops, come without notice: add them here, or pause.",
		holidays: []holiday{
			newYear,
			{name: "Battle of New Orleans", on: on(time.January, 8)},
			kingDay,
			{name: "Robert E. Lee Day", on: on(time.January, 19)},
			washington, mardiGras, goodFridayUS, memorial,
			{name: "Confederate Memorial Day", on: on(time.June, 3)},
			juneteenth,
			{name: "Holiday proclaimed by the governor", on: dates("2023-07-03")},
			july4,
			{name: "Huey P. Long Day", on: on(time.August, 30)},
			laborDay, columbus,
			{name: "All Saints' Day", on: on(time.November, 1)},
			{name: "Election Day", on: electionDay(2)},
			veterans, thanksgiving,
			{name: "Acadian Day", on: plus(1, nth(4, time.Thursday, time.November))},
			{name: "Christmas Eve, by proclamation of the governor", on: on(time.December, 24)},
			christmasUS,
			{name: "Day after Christmas, by proclamation of the governor", on: on(time.December, 26)},
		},
	}
	msHolidays = &Calendar{
		Name: "Mississippi", Certainty: General,
		Source: Source{Title: "Miss. Code 3-3-7"},
		holidays: []holiday{
			newYear, kingDay, washington,
			{name: "Confederate Memorial Day", on: last(time.Monday, time.April)},
			memorial, july4, laborDay, veterans, thanksgiving, christmasUS,
		},
	}
	paHolidays = &Calendar{
		Name: "Pennsylvania", Certainty: General,
		Source: Source{Title: "44 P.S. 11"},
		Note:   "Flag Day and election days are legal holidays of the statute though shops are open; they count.",
		holidays: []holiday{
			newYear, kingDay, washington, goodFridayUS, memorial,
			{name: "Flag Day", on: on(time.June, 14)},
			juneteenth, july4, laborDay, columbus,
			{name: "Election Day", on: electionDay(1)},
			veterans, thanksgiving, christmasUS,
		},
	}
	riHolidays = &Calendar{
		Name: "Rhode Island", Certainty: General,
		Source: Source{Title: "R.I. Gen. Laws 25-1-1"},
		holidays: []holiday{
			newYear, kingDay, washington,
			{name: "Rhode Island Independence Day", on: on(time.May, 4)},
			memorial, juneteenth, july4,
			{name: "Victory Day", on: nth(2, time.Monday, time.August)},
			laborDay, columbus,
			{name: "Election Day", on: electionDay(2)},
			veterans, thanksgiving, christmasUS,
		},
	}
	utHolidays = &Calendar{
		Name: "Utah", Certainty: General,
		Source: Source{Title: "Utah Code 63G-1-301"},
		Note:   "Juneteenth counts both on 19 June and on the Monday on which Utah observes it.",
		holidays: []holiday{
			newYear, kingDay, washington, memorial, juneteenth,
			{name: "Juneteenth, as Utah observes it", on: utahJuneteenth, first: 2022},
			july4,
			{name: "Pioneer Day", on: on(time.July, 24), moved: nearest},
			laborDay, columbus, veterans, thanksgiving, christmasUS,
		},
	}
)

// utahJuneteenth returns 19 June where that is a Monday, the Monday before where it is Tuesday to Friday, and else
// the Monday after.
func utahJuneteenth(year int) day {
	d := dayOf(year, time.June, 19)
	if w := d.weekday(); w >= time.Tuesday && w <= time.Friday {
		return d - day(w-time.Monday)
	}
	return toMonday(d)
}
