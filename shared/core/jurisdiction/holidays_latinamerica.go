package jurisdiction

import "time"

var coHolidays = &Calendar{
	Name: "Colombia", Certainty: General,
	Source: Source{Title: "Ley 51 de 1983 (Ley Emiliani)"},
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Epiphany", on: from(time.Monday, time.January, 6)},
		{name: "Saint Joseph", on: from(time.Monday, time.March, 19)},
		{name: "Maundy Thursday", on: easter(-3)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Easter Sunday", on: easter(0)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Ascension Day", on: easter(43)},
		{name: "Corpus Christi", on: easter(64)},
		{name: "Sacred Heart", on: easter(71)},
		{name: "Saints Peter and Paul", on: from(time.Monday, time.June, 29)},
		{name: "Virgin of Chiquinquirá", on: from(time.Monday, time.July, 9), first: 2026},
		{name: "Independence Day", on: on(time.July, 20)},
		{name: "Battle of Boyacá", on: on(time.August, 7)},
		{name: "Assumption", on: nth(3, time.Monday, time.August)},
		{name: "Columbus Day", on: from(time.Monday, time.October, 12)},
		{name: "All Saints' Day", on: nth(1, time.Monday, time.November)},
		{name: "Independence of Cartagena", on: from(time.Monday, time.November, 11)},
		{name: "Immaculate Conception", on: on(time.December, 8)},
		{name: "Christmas Day", on: on(time.December, 25)},
	},
}

var clHolidays = &Calendar{
	Name: "Chile", Certainty: General,
	Source: Source{Title: "Ley 2.977 and Ley 19.668"},
	Note: "Election days do not count. Years from 2024 to 2032 alone; in others every day counts as a " +
		"holiday. The dates are those of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Easter Sunday", on: easter(0)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Navy Day", on: on(time.May, 21)},
		{
			name: "Indigenous People's Day", on: dates(
				"2024-06-20", "2025-06-20", "2026-06-21", "2027-06-21", "2028-06-20", "2029-06-20",
				"2030-06-21", "2031-06-21", "2032-06-20",
			),
		},
		{
			name: "Saints Peter and Paul", on: dates(
				"2024-06-29", "2025-06-29", "2026-06-29", "2027-06-28", "2028-06-26", "2029-07-02",
				"2030-06-29", "2031-06-29", "2032-06-28",
			),
		},
		{name: "Our Lady of Mount Carmel", on: on(time.July, 16)},
		{name: "Assumption", on: on(time.August, 15)},
		{
			name: "National holiday", on: dates(
				"2024-09-18", "2025-09-18", "2026-09-18", "2027-09-17", "2028-09-18", "2029-09-17",
				"2030-09-18", "2031-09-18", "2032-09-17",
			), length: 2,
		},
		{name: "Army Day", on: on(time.September, 19)},
		{name: "National Holiday", on: dates("2024-09-20", "2030-09-20")},
		{
			name: "Columbus Day", on: dates(
				"2024-10-12", "2025-10-12", "2026-10-12", "2027-10-11", "2028-10-09", "2029-10-15",
				"2030-10-12", "2031-10-12", "2032-10-11",
			),
		},
		{
			name: "Reformation Day", on: dates(
				"2024-10-31", "2025-10-31", "2026-10-31", "2027-10-31", "2028-10-27", "2029-11-02",
				"2030-10-31", "2031-10-31", "2032-10-31",
			),
		},
		{name: "All Saints' Day", on: on(time.November, 1)},
		{name: "Immaculate Conception", on: on(time.December, 8)},
		{name: "Christmas Day", on: on(time.December, 25)},
	},
}

var arHolidays = &Calendar{
	Name: "Argentina", Certainty: General,
	Source: Source{Title: "Ley 27.399"},
	Note: "Bridge days that are decreed from year to year count up to 2024. Years from 2024 to 2032 alone; in " +
		"others every day counts as a holiday. The dates are those of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Shrove Monday", on: easter(-48)},
		{name: "Shrove Tuesday", on: easter(-47)},
		{name: "Day of Remembrance for Truth and Justice", on: on(time.March, 24)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Bridge Day", on: dates("2024-04-01")},
		{name: "Bridge Day", on: dates("2024-06-21")},
		{name: "Bridge Day", on: dates("2024-10-11")},
		{name: "Day of the Veterans and the Fallen in the Malvinas War", on: on(time.April, 2)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Day of the May Revolution", on: on(time.May, 25)},
		{
			name: "Anniversary of the Passing to Immortality of General Martín Miguel de Güemes", on: dates(
				"2024-06-17", "2025-06-16", "2026-06-15", "2027-06-21", "2028-06-17", "2029-06-17",
				"2030-06-17", "2031-06-16", "2032-06-21",
			),
		},
		{name: "Anniversary of the Passing to Immortality of General Manuel Belgrano", on: on(time.June, 20)},
		{name: "Independence Day", on: on(time.July, 9)},
		{
			name: "Anniversary of the Passing to Immortality of General José de San Martín", on: dates(
				"2024-08-17", "2025-08-17", "2026-08-17", "2027-08-16", "2028-08-21", "2029-08-20",
				"2030-08-17", "2031-08-17", "2032-08-16",
			),
		},
		{
			name: "Day of Respect for Cultural Diversity", on: dates(
				"2024-10-12", "2025-10-12", "2026-10-12", "2027-10-11", "2028-10-16", "2029-10-15",
				"2030-10-12", "2031-10-12", "2032-10-11",
			),
		},
		{
			name: "Day of National Sovereignty", on: dates(
				"2024-11-18", "2025-11-24", "2026-11-23", "2027-11-20", "2028-11-20", "2029-11-19",
				"2030-11-18", "2031-11-24", "2032-11-20",
			),
		},
		{name: "Immaculate Conception of Mary", on: on(time.December, 8)},
		{name: "Christmas Day", on: on(time.December, 25)},
	},
}

var peHolidays = &Calendar{
	Name: "Peru", Certainty: General,
	Source: Source{Title: "D. Leg. 713"},
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Maundy Thursday", on: easter(-3)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Easter Sunday", on: easter(0)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Battle of Arica and Flag Day", on: on(time.June, 7)},
		{name: "Saints Peter and Paul", on: on(time.June, 29)},
		{name: "Peruvian Air Force Day", on: on(time.July, 23)},
		{name: "Independence Day", on: on(time.July, 28), length: 2},
		{name: "Battle of Junín", on: on(time.August, 6)},
		{name: "Santa Rosa de Lima", on: on(time.August, 30)},
		{name: "Battle of Angamos", on: on(time.October, 8)},
		{name: "All Saints' Day", on: on(time.November, 1)},
		{name: "Immaculate Conception", on: on(time.December, 8)},
		{name: "Battle of Ayacucho", on: on(time.December, 9)},
		{name: "Christmas Day", on: on(time.December, 25)},
	},
}
