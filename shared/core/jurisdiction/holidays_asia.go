package jurisdiction

import "time"

var krHolidays = &Calendar{
	Name: "South Korea", Certainty: General,
	Source: Source{Title: "Act on Public Holidays (2021)"},
	Note: "Years from 2024 to 2032 alone; in others every day counts as a holiday. The dates are those of the " +
		"program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{
			name: "Korean New Year", on: dates(
				"2024-02-09", "2025-01-28", "2026-02-16", "2027-02-06", "2028-01-26", "2029-02-12",
				"2030-02-02", "2031-01-22", "2032-02-10",
			), length: 4,
		},
		{name: "Korean New Year (in lieu)", on: dates("2024-02-12", "2027-02-09", "2030-02-05")},
		{name: "Independence Movement Day", on: on(time.March, 1), moved: toMonday},
		{name: "Children's Day", on: on(time.May, 5), moved: toMonday},
		{name: "Buddha's Birthday (in lieu)", on: dates("2025-05-06", "2026-05-25", "2029-05-21", "2032-05-17")},
		{
			name: "Buddha's Birthday", on: dates(
				"2024-05-15", "2025-05-05", "2026-05-24", "2027-05-13", "2028-05-02", "2029-05-20",
				"2030-05-09", "2031-05-28", "2032-05-16",
			),
		},
		{name: "Memorial Day", on: on(time.June, 6)},
		{name: "Constitution Day", on: on(time.July, 17), moved: toMonday, first: 2026},
		{name: "Liberation Day", on: on(time.August, 15), moved: toMonday},
		{
			name: "Korean Thanksgiving", on: dates(
				"2024-09-16", "2025-10-05", "2026-09-24", "2027-09-14", "2028-10-02", "2029-09-21",
				"2030-09-11", "2031-09-30", "2032-09-18",
			), length: 3,
		},
		{name: "National Foundation Day", on: on(time.October, 3), moved: toMonday},
		{name: "Korean Thanksgiving (in lieu)", on: dates("2025-10-08", "2028-10-05", "2029-09-24", "2032-09-21")},
		{name: "Hangul Day", on: on(time.October, 9), moved: toMonday},
		{name: "Christmas Day", on: on(time.December, 25), moved: toMonday},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "National Foundation Day within Korean Thanksgiving (in lieu)", on: dates("2028-10-05")},
		{name: "Election Day", on: dates("2024-04-10", "2025-06-03", "2026-06-03", "2028-04-12")},
	},
}

var hkHolidays = &Calendar{
	Name: "Hong Kong", Certainty: General,
	Source: Source{Title: "General Holidays Ordinance (Cap. 149)"},
	Note: "Both 26 and 27 December count, and the Mid-Autumn Festival itself. Years from 2024 to 2032 alone; " +
		"in others every day counts as a holiday. The dates are those of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "The first day of January", on: on(time.January, 1), moved: sundayToMonday},
		{
			name: "Lunar New Year", on: dates(
				"2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-02-11",
			), length: 4,
		},
		{name: "Good Friday", on: easter(-2)},
		{name: "The day following Good Friday", on: easter(-1)},
		{name: "Easter Monday", on: easter(1)},
		{name: "The day following Easter Monday, for Ching Ming", on: dates("2026-04-07")},
		{
			name: "Ching Ming Festival", on: dates(
				"2024-04-04", "2025-04-04", "2026-04-05", "2027-04-05", "2028-04-04", "2029-04-04",
				"2030-04-05", "2031-04-05", "2032-04-04",
			), moved: sundayToMonday,
		},
		{name: "Labour Day", on: on(time.May, 1), moved: sundayToMonday},
		{
			name: "Birthday of the Buddha", on: dates(
				"2024-05-15", "2025-05-05", "2026-05-24", "2027-05-13", "2028-05-02", "2029-05-20",
				"2030-05-09", "2031-05-28", "2032-05-16",
			), moved: sundayToMonday,
		},
		{
			name: "Tuen Ng Festival", on: dates(
				"2024-06-10", "2025-05-31", "2026-06-19", "2027-06-09", "2028-05-28", "2029-06-16",
				"2030-06-05", "2031-06-24", "2032-06-12",
			), moved: sundayToMonday,
		},
		{name: "Establishment Day", on: on(time.July, 1), moved: sundayToMonday},
		{
			name: "The Mid-Autumn Festival", on: dates(
				"2024-09-17", "2025-10-06", "2026-09-25", "2027-09-15", "2028-10-03", "2029-09-22",
				"2030-09-12", "2031-10-01", "2032-09-19",
			),
		},
		{
			name: "The day following the Mid-Autumn Festival", on: plus(1, dates(
				"2024-09-17", "2025-10-06", "2026-09-25", "2027-09-15", "2028-10-03", "2029-09-22",
				"2030-09-12", "2031-10-01", "2032-09-19",
			)), moved: sundayToMonday,
		},
		{name: "National Day", on: on(time.October, 1), moved: sundayToMonday},
		{
			name: "Chung Yeung Festival", on: dates(
				"2024-10-11", "2025-10-29", "2026-10-18", "2027-10-08", "2028-10-26", "2029-10-16",
				"2030-10-05", "2031-10-24", "2032-10-12",
			), moved: sundayToMonday,
		},
		{name: "Christmas Day", on: on(time.December, 25)},
		{name: "The weekdays after Christmas Day", on: on(time.December, 26), length: 2},
	},
}

var twHolidays = &Calendar{
	Name: "Taiwan", Certainty: General,
	Source: Source{Title: "Act on Memorial Days and National Holidays (2025)"},
	Note: "6 April counts each year. Years from 2024 to 2032 alone; in others every day counts as a holiday. " +
		"The dates are those of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "Founding of the Republic of China", on: on(time.January, 1), moved: nearest},
		{
			name: "Chinese New Year's Eve", on: dates(
				"2024-02-09", "2025-01-28", "2026-02-16", "2027-02-05", "2028-01-25", "2029-02-12",
				"2030-02-02", "2031-01-22", "2032-02-10",
			),
		},
		{
			name: "Chinese New Year", on: dates(
				"2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-02-11",
			), length: 6,
		},
		{name: "Peace Memorial Day", on: on(time.February, 28), moved: nearest},
		{name: "Children's Day", on: on(time.April, 4), moved: nearest},
		{
			name: "Tomb Sweeping Day", on: dates(
				"2024-04-04", "2025-04-04", "2026-04-05", "2027-04-05", "2028-04-04", "2029-04-04",
				"2030-04-05", "2031-04-05", "2032-04-04",
			), moved: nearest,
		},
		{
			name: "Dragon Boat Festival", on: dates(
				"2024-06-10", "2025-05-31", "2026-06-19", "2027-06-09", "2028-05-28", "2029-06-16",
				"2030-06-05", "2031-06-24", "2032-06-12",
			), moved: nearest,
		},
		{
			name: "Mid-Autumn Festival", on: dates(
				"2024-09-17", "2025-10-06", "2026-09-25", "2027-09-15", "2028-10-03", "2029-09-22",
				"2030-09-12", "2031-10-01", "2032-09-19",
			), moved: nearest,
		},
		{name: "National Day / Double Tenth Day", on: on(time.October, 10), moved: nearest},
		{name: "Children's Day and Tomb Sweeping Day together (in lieu)", on: on(time.April, 6)},
		{name: "Labour Day", on: on(time.May, 1), moved: nearest},
		{name: "Teachers' Day", on: on(time.September, 28), moved: nearest, first: 2025},
		{name: "Retrocession Day", on: on(time.October, 25), moved: nearest, first: 2025},
		{name: "Constitution Day", on: on(time.December, 25), moved: nearest, first: 2025},
	},
}

var thHolidays = &Calendar{
	Name: "Thailand", Certainty: General,
	Source: Source{Title: "Cabinet's list of public holidays"},
	Note: "Years from 2024 to 2027 alone; in others every day counts as a holiday. The dates are those of the " +
		"program date-holidays 3.37.",
	years: yearsTo(2027),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1), moved: toMonday},
		{name: "Makha Bucha", on: dates("2024-02-24", "2025-02-13", "2026-03-03", "2027-02-21"), moved: toMonday},
		{name: "Chakri Memorial Day", on: on(time.April, 6), moved: toMonday},
		{name: "Songkran Festival, with two days in lieu", on: on(time.April, 13), length: 5},
		{name: "Coronation Day", on: on(time.May, 4), moved: toMonday},
		{name: "Vesak Day", on: dates("2024-05-22", "2025-05-12", "2026-05-31", "2027-05-20"), moved: toMonday},
		{name: "Queen Suthida's Birthday", on: on(time.June, 3), moved: toMonday},
		{name: "Asalha Puja", on: dates("2024-07-19", "2025-07-10", "2026-07-29", "2027-07-18"), moved: toMonday},
		{name: "Buddhist Lent", on: dates("2024-07-20", "2025-07-11", "2026-07-30", "2027-07-19"), moved: toMonday},
		{name: "King's Birthday", on: on(time.July, 28), moved: toMonday},
		{name: "The Queen Mother's Birthday", on: on(time.August, 12), moved: toMonday},
		{name: "King Bhumibol Adulyadej Memorial Day", on: on(time.October, 13), moved: toMonday},
		{name: "King Chulalongkorn Day", on: on(time.October, 23), moved: toMonday},
		{name: "King Bhumibol Adulyadej's Birthday", on: on(time.December, 5), moved: toMonday},
		{name: "Constitution Day", on: on(time.December, 10), moved: toMonday},
		{name: "New Year's Eve", on: on(time.December, 31), moved: toMonday},
		{name: "Labour Day", on: on(time.May, 1)},
	},
}

var myHolidays = &Calendar{
	Name: "Malaysia", Certainty: General,
	Source: Source{Title: "Holidays Act 1951"},
	Note: "Days of single states do not count. Years from 2024 to 2027 alone; in others every day counts as a " +
		"holiday. The moon decides the feasts of Islam: the day before and the day after the reckoned ones " +
		"count too. The dates are those of the program date-holidays 3.37.",
	years: yearsTo(2027),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1), moved: sundayToMonday},
		{
			name: "Chinese New Year", on: dates(
				"2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-02-11",
			), length: 3,
		},
		{
			name: "Day of Nuzul Al-Quran", on: dates(
				"2024-03-26", "2025-03-16", "2026-03-06", "2027-02-23", "2028-02-12", "2029-01-31",
				"2030-01-20", "2031-01-10", "2032-12-19",
			), length: 3,
		},
		{
			name: "End of Ramadan (Eid al-Fitr)", on: dates(
				"2024-04-09", "2025-03-29", "2026-03-20", "2027-03-08", "2028-02-25", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-01-13",
			), length: 4,
		},
		{name: "Labour Day", on: on(time.May, 1), moved: sundayToMonday},
		{name: "Vesak Day", on: dates("2024-05-22", "2025-05-12", "2026-05-31", "2027-05-20"), moved: sundayToMonday},
		{name: "Yang di-Pertuan Agong's Birthday", on: nth(1, time.Monday, time.June)},
		{
			name: "Feast of the Sacrifice (Eid al-Adha)", on: dates(
				"2024-06-15", "2025-06-05", "2026-05-26", "2027-05-15", "2028-05-04", "2029-04-23",
				"2030-04-12", "2031-04-01", "2032-03-21",
			), length: 3,
		},
		{
			name: "Islamic New Year", on: dates(
				"2024-07-06", "2025-06-25", "2026-06-16", "2027-06-05", "2028-05-24", "2029-05-13",
				"2030-05-02", "2031-04-22", "2032-04-10",
			), length: 3,
		},
		{name: "Independence Day", on: on(time.August, 31), moved: sundayToMonday},
		{
			name: "Birthday of Muhammad (Mawlid)", on: dates(
				"2024-09-14", "2025-09-03", "2026-08-24", "2027-08-13", "2028-08-02", "2029-07-23",
				"2030-07-12", "2031-07-01", "2032-06-19",
			), length: 3,
		},
		{name: "Malaysia Day", on: on(time.September, 16), moved: sundayToMonday},
		{
			name: "Deepavali", on: dates(
				"2024-10-31", "2025-10-20", "2026-11-08", "2027-10-28", "2028-11-15", "2029-11-05",
				"2030-10-25",
			), length: 2,
		},
		{name: "Christmas Day", on: on(time.December, 25), moved: sundayToMonday},
	},
}

var idHolidays = &Calendar{
	Name: "Indonesia", Certainty: General,
	Source: Source{Title: "Joint decree of three ministers, from year to year"},
	Note: "Days of joint leave (cuti bersama) do not count. Years from 2024 to 2027 alone; in others every " +
		"day counts as a holiday. The moon decides the feasts of Islam: the day before and the day after " +
		"the reckoned ones count too. The dates are those of the program date-holidays 3.37.",
	years: yearsTo(2027),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{
			name: "Laylat al-Mi'raj", on: dates(
				"2024-02-08", "2025-01-27", "2026-01-16", "2027-01-05", "2028-12-14", "2029-12-03",
				"2030-11-23", "2031-11-12", "2032-11-01",
			),
		},
		{
			name: "Chinese New Year", on: dates(
				"2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-02-11",
			),
		},
		{name: "Nyepi", on: dates("2024-03-11", "2025-03-29", "2026-03-19", "2027-03-08")},
		{name: "Good Friday", on: easter(-2)},
		{
			name: "End of Ramadan (Eid al-Fitr)", on: dates(
				"2024-04-09", "2025-03-29", "2026-03-19", "2027-03-08", "2028-02-25", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-01-13",
			), length: 4,
		},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Ascension Day", on: easter(39)},
		{name: "Vesak Day", on: dates("2024-05-23", "2025-05-12", "2026-05-31", "2027-05-20")},
		{name: "Pancasila Day", on: on(time.June, 1)},
		{
			name: "Feast of the Sacrifice (Eid al-Adha)", on: dates(
				"2024-06-15", "2025-06-05", "2026-05-26", "2027-05-15", "2028-05-04", "2029-04-23",
				"2030-04-12", "2031-04-01", "2032-03-21",
			), length: 3,
		},
		{
			name: "Islamic New Year", on: dates(
				"2024-07-06", "2025-06-25", "2026-06-15", "2027-06-05", "2028-05-24", "2029-05-13",
				"2030-05-02", "2031-04-22", "2032-04-10",
			), length: 3,
		},
		{name: "Independence Day", on: on(time.August, 17)},
		{
			name: "Birthday of Muhammad (Mawlid)", on: dates(
				"2024-09-14", "2025-09-04", "2026-08-24", "2027-08-13", "2028-08-02", "2029-07-23",
				"2030-07-12", "2031-07-01", "2032-06-19",
			), length: 3,
		},
		{name: "Christmas Day", on: on(time.December, 25)},
	},
}

var phHolidays = &Calendar{
	Name: "Philippines", Certainty: General,
	Source: Source{Title: "RA 9492 and the President's proclamations"},
	Note: "Years from 2024 to 2032 alone; in others every day counts as a holiday. The moon decides the " +
		"feasts of Islam: the day before and the day after the reckoned ones count too. The dates are those " +
		"of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Maundy Thursday", on: easter(-3)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Easter Sunday", on: easter(0)},
		{name: "Day of Valor", on: on(time.April, 9)},
		{
			name: "End of Ramadan (Eid al-Fitr)", on: dates(
				"2024-04-09", "2025-03-29", "2026-03-19", "2027-03-08", "2028-02-25", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-01-13",
			), length: 3,
		},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Independence Day", on: on(time.June, 12)},
		{
			name: "Feast of the Sacrifice (Eid al-Adha)", on: dates(
				"2024-06-15", "2025-06-05", "2026-05-26", "2027-05-15", "2028-05-04", "2029-04-23",
				"2030-04-12", "2031-04-01", "2032-03-21",
			), length: 3,
		},
		{name: "National Heroes' Day", on: last(time.Monday, time.August)},
		{name: "Bonifacio Day", on: on(time.November, 30)},
		{name: "Christmas Day", on: on(time.December, 25)},
		{name: "Rizal Day", on: on(time.December, 30)},
		{
			name: "Chinese New Year", on: dates(
				"2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-02-11",
			),
		},
		{name: "EDSA Revolution Anniversary", on: on(time.February, 25)},
		{name: "Black Saturday", on: easter(-1)},
		{name: "Ninoy Aquino Day", on: on(time.August, 21)},
		{name: "All Saints' Day and All Souls' Day", on: on(time.November, 1), length: 2},
		{name: "Immaculate Conception", on: on(time.December, 8)},
		{name: "Christmas Eve", on: on(time.December, 24)},
		{name: "Last day of the year", on: on(time.December, 31)},
	},
}

var vnHolidays = &Calendar{
	Name: "Vietnam", Certainty: General,
	Source: Source{Title: "Labour Code 2019 art. 112"},
	Note: "Years from 2024 to 2032 alone; in others every day counts as a holiday. The dates are those of the " +
		"program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{
			name: "Vietnamese New Year", on: dates(
				"2024-02-09", "2025-01-28", "2026-02-16", "2027-02-05", "2028-01-25", "2029-02-12",
				"2030-02-01", "2031-01-22", "2032-02-10",
			), length: 7,
		},
		{
			name: "Hung Kings Commemorations", on: dates(
				"2024-04-18", "2025-04-07", "2026-04-26", "2027-04-16", "2028-04-04", "2029-04-23",
				"2030-04-12", "2031-04-01", "2032-04-19",
			),
		},
		{name: "Day of liberating the South for national reunification", on: on(time.April, 30)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "National Day, with the days beside it", on: on(time.September, 1), length: 3},
	},
}

var jpHolidays = &Calendar{
	Name: "Japan", Certainty: General,
	Source: Source{Title: "Act on National Holidays (1948)"},
	Note: "Only business hours and those of a brand heed them. Years from 2024 to 2032 alone; in others every " +
		"day counts as a holiday. The dates are those of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1), moved: sundayToMonday},
		{name: "Coming of Age Day", on: nth(2, time.Monday, time.January)},
		{name: "Foundation Day", on: on(time.February, 11), moved: sundayToMonday},
		{name: "Emperor's Birthday", on: on(time.February, 23), moved: sundayToMonday},
		{
			name: "Spring Equinox Day", on: dates(
				"2024-03-20", "2025-03-20", "2026-03-20", "2027-03-21", "2028-03-20", "2029-03-20",
				"2030-03-20", "2031-03-21", "2032-03-20",
			), moved: sundayToMonday,
		},
		{name: "Showa Day", on: on(time.April, 29), moved: sundayToMonday},
		{name: "Constitution Day", on: on(time.May, 3)},
		{name: "Greenery Day", on: on(time.May, 4)},
		{name: "Children's Day", on: on(time.May, 5)},
		{name: "Marine Day", on: nth(3, time.Monday, time.July)},
		{name: "Mountain Day", on: on(time.August, 11), moved: sundayToMonday},
		{name: "Respect-for-the-Aged Day", on: nth(3, time.Monday, time.September)},
		{
			name: "Autumnal Equinox Day", on: dates(
				"2024-09-22", "2025-09-23", "2026-09-23", "2027-09-23", "2028-09-22", "2029-09-23",
				"2030-09-23", "2031-09-23", "2032-09-22",
			), moved: sundayToMonday,
		},
		{name: "Citizens' Holiday", on: dates("2026-09-22")},
		{name: "Sports Day", on: nth(2, time.Monday, time.October)},
		{name: "Culture Day", on: on(time.November, 3), moved: sundayToMonday},
		{name: "Labor Thanksgiving Day", on: on(time.November, 23), moved: sundayToMonday},
		{
			name: "The day in lieu of one of 3, 4 and 5 May", on: dates(
				"2024-05-06", "2025-05-06", "2026-05-06", "2030-05-06", "2031-05-06",
			),
		},
	},
}

var inHolidays = &Calendar{
	Name: "India", Certainty: General,
	Source: Source{Title: "Gazetted holidays of the central government"},
	Note: "The days that fall alike each year; feasts that are set from year to year, and those of the " +
		"states, do not count. Only business hours and those of a brand heed them.",
	holidays: []holiday{
		{name: "Republic Day", on: on(time.January, 26)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Ambedkar Jayanti", on: on(time.April, 14)},
		{name: "Independence Day", on: on(time.August, 15)},
		{name: "Gandhi Jayanti", on: on(time.October, 2)},
		{name: "Christmas Day", on: on(time.December, 25)},
	},
}
