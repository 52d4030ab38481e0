package jurisdiction

import "time"

var ilHolidays = &Calendar{
	Name: "Israel", Certainty: General,
	Source: Source{Title: "Days of Rest of the Law and Administration Ordinance"},
	Note: "Days begin the evening before. Years from 2024 to 2032 alone; in others every day counts as a " +
		"holiday. The dates are those of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{
			name: "Passover (Pesach)", on: dates(
				"2024-04-23", "2025-04-13", "2026-04-02", "2027-04-22", "2028-04-11", "2029-03-31",
				"2030-04-18", "2031-04-08", "2032-03-27",
			),
		},
		{
			name: "Mimouna, Seventh day of Passover", on: dates(
				"2024-04-29", "2025-04-19", "2026-04-08", "2027-04-28", "2028-04-17", "2029-04-06",
				"2030-04-24", "2031-04-14", "2032-04-02",
			),
		},
		{
			name: "Independence Day (Yom HaAtzmaut)", on: dates(
				"2024-05-14", "2025-05-01", "2026-04-22", "2027-05-12", "2028-05-02", "2029-04-19",
				"2030-05-08", "2031-04-29", "2032-04-15",
			),
		},
		{
			name: "Shavuot (Feast of Weeks)", on: dates(
				"2024-06-12", "2025-06-02", "2026-05-22", "2027-06-11", "2028-05-31", "2029-05-20",
				"2030-06-07", "2031-05-28", "2032-05-16",
			),
		},
		{
			name: "Rosh Hashanah (Yom Teruah)", on: dates(
				"2024-10-03", "2025-09-23", "2026-09-12", "2027-10-02", "2028-09-21", "2029-09-10",
				"2030-09-28", "2031-09-18", "2032-09-06",
			),
		},
		{
			name: "Rosh Hashanah (Day 2)", on: dates(
				"2024-10-04", "2025-09-24", "2026-09-13", "2027-10-03", "2028-09-22", "2029-09-11",
				"2030-09-29", "2031-09-19", "2032-09-07",
			),
		},
		{
			name: "Day of Atonement (Yom Kippur)", on: dates(
				"2024-10-12", "2025-10-02", "2026-09-21", "2027-10-11", "2028-09-30", "2029-09-19",
				"2030-10-07", "2031-09-27", "2032-09-15",
			),
		},
		{
			name: "Feast of Tabernacles (Sukkot)", on: dates(
				"2024-10-17", "2025-10-07", "2026-09-26", "2027-10-16", "2028-10-05", "2029-09-24",
				"2030-10-12", "2031-10-02", "2032-09-20",
			),
		},
		{
			name: "Simchat Torah/ Shmini Atzeret", on: dates(
				"2024-10-24", "2025-10-14", "2026-10-03", "2027-10-23", "2028-10-12", "2029-10-01",
				"2030-10-19", "2031-10-09", "2032-09-27",
			),
		},
	},
}

var trHolidays = &Calendar{
	Name: "Türkiye", Certainty: General,
	Source: Source{Title: "Law 2429 on national and general holidays"},
	Note: "Years from 2024 to 2032 alone; in others every day counts as a holiday. The moon decides the " +
		"feasts of Islam: the day before and the day after the reckoned ones count too. The dates are those " +
		"of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{
			name: "End of Ramadan (Eid al-Fitr)", on: dates(
				"2024-04-09", "2025-03-29", "2026-03-19", "2027-03-08", "2028-02-25", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-01-13",
			), length: 6,
		},
		{name: "National Sovereignty and Children's Day", on: on(time.April, 23)},
		{name: "Labour and Solidarity Day", on: on(time.May, 1)},
		{name: "Commemoration of Atatürk, Youth and Sports Day", on: on(time.May, 19)},
		{
			name: "Feast of the Sacrifice (Eid al-Adha)", on: dates(
				"2024-06-15", "2025-06-05", "2026-05-26", "2027-05-15", "2028-05-04", "2029-04-23",
				"2030-04-12", "2031-04-01", "2032-03-21",
			), length: 7,
		},
		{name: "Democracy and National Unity Day", on: on(time.July, 15)},
		{name: "Victory Day", on: on(time.August, 30)},
		{name: "Republic Day", on: on(time.October, 29)},
	},
}

var saHolidays = &Calendar{
	Name: "Saudi Arabia", Certainty: General,
	Source: Source{Title: "Labour Law art. 112 and its regulations"},
	Note: "Years from 2024 to 2032 alone; in others every day counts as a holiday. The moon decides the " +
		"feasts of Islam: the day before and the day after the reckoned ones count too. The dates are those " +
		"of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "Founding Day", on: on(time.February, 22)},
		{
			name: "End of Ramadan (Eid al-Fitr)", on: dates(
				"2024-04-08", "2025-03-29", "2026-03-18", "2027-03-08", "2028-02-25", "2029-02-13",
				"2030-02-02", "2031-01-23", "2032-01-12",
			), length: 6,
		},
		{
			name: "Feast of the Sacrifice (Eid al-Adha)", on: dates(
				"2024-06-14", "2025-06-04", "2026-05-25", "2027-05-14", "2028-05-03", "2029-04-22",
				"2030-04-11", "2031-03-31", "2032-03-20",
			), length: 6,
		},
		{name: "National Day", on: on(time.September, 23)},
	},
}

var egHolidays = &Calendar{
	Name: "Egypt", Certainty: General,
	Source: Source{Title: "Labour Law and the Prime Minister's decrees"},
	Note: "Years from 2024 to 2032 alone; in others every day counts as a holiday. The moon decides the " +
		"feasts of Islam: the day before and the day after the reckoned ones count too. The dates are those " +
		"of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "Christmas Day", on: on(time.January, 7)},
		{name: "Revolution Day of 2011 and Police Day", on: on(time.January, 25)},
		{
			name: "End of Ramadan (Eid al-Fitr)", on: dates(
				"2024-04-09", "2025-03-29", "2026-03-19", "2027-03-08", "2028-02-25", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-01-13",
			), length: 5,
		},
		{name: "Sinai Liberation Day", on: on(time.April, 25)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Sham El Nessim", on: orthodoxEaster(1)},
		{
			name: "Feast of the Sacrifice (Eid al-Adha)", on: dates(
				"2024-06-15", "2025-06-05", "2026-05-26", "2027-05-15", "2028-05-04", "2029-04-23",
				"2030-04-12", "2031-04-01", "2032-03-21",
			), length: 6,
		},
		{name: "30 June Day", on: on(time.June, 30)},
		{
			name: "Islamic New Year", on: dates(
				"2024-07-06", "2025-06-25", "2026-06-15", "2027-06-05", "2028-05-24", "2029-05-13",
				"2030-05-02", "2031-04-22", "2032-04-10",
			), length: 3,
		},
		{name: "Revolution Day", on: on(time.July, 23)},
		{
			name: "Birthday of Muhammad (Mawlid)", on: dates(
				"2024-09-14", "2025-09-03", "2026-08-24", "2027-08-13", "2028-08-02", "2029-07-23",
				"2030-07-12", "2031-07-01", "2032-06-19",
			), length: 3,
		},
		{name: "Armed Forces Day", on: on(time.October, 6)},
	},
}

var aeHolidays = &Calendar{
	Name: "United Arab Emirates", Certainty: General,
	Source: Source{Title: "Cabinet Resolution on public holidays"},
	Note: "Only business hours and those of a brand heed them. Years from 2024 to 2032 alone; in others every " +
		"day counts as a holiday. The moon decides the feasts of Islam: the day before and the day after " +
		"the reckoned ones count too. The dates are those of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{
			name: "End of Ramadan (Eid al-Fitr)", on: dates(
				"2024-04-09", "2025-03-29", "2026-03-19", "2027-03-08", "2028-02-25", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-01-13",
			), length: 5,
		},
		{
			name: "Feast of the Sacrifice (Eid al-Adha)", on: dates(
				"2024-06-15", "2025-06-05", "2026-05-26", "2027-05-15", "2028-05-04", "2029-04-23",
				"2030-04-12", "2031-04-01", "2032-03-21",
			), length: 5,
		},
		{
			name: "Islamic New Year", on: dates(
				"2024-07-06", "2025-06-25", "2026-06-15", "2027-06-05", "2028-05-24", "2029-05-13",
				"2030-05-02", "2031-04-22", "2032-04-10",
			), length: 3,
		},
		{
			name: "Birthday of Muhammad (Mawlid)", on: dates(
				"2024-09-14", "2025-09-03", "2026-08-24", "2027-08-13", "2028-08-02", "2029-07-23",
				"2030-07-12", "2031-07-01", "2032-06-19",
			), length: 3,
		},
		{name: "National Day", on: on(time.December, 2), length: 2},
	},
}

var keHolidays = &Calendar{
	Name: "Kenya", Certainty: General,
	Source: Source{Title: "Public Holidays Act (Cap. 110)"},
	Note: "Years from 2024 to 2032 alone; in others every day counts as a holiday. The moon decides the " +
		"feasts of Islam: the day before and the day after the reckoned ones count too. The dates are those " +
		"of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Easter Sunday", on: easter(0)},
		{name: "Easter Monday", on: easter(1)},
		{
			name: "End of Ramadan (Eid al-Fitr)", on: dates(
				"2024-04-09", "2025-03-29", "2026-03-19", "2027-03-08", "2028-02-25", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-01-13",
			), length: 3,
		},
		{name: "Labour Day", on: on(time.May, 1), moved: sundayToMonday},
		{name: "Madaraka Day", on: on(time.June, 1), moved: sundayToMonday},
		{
			name: "Feast of the Sacrifice (Eid al-Adha)", on: dates(
				"2024-06-15", "2025-06-05", "2026-05-26", "2027-05-15", "2028-05-04", "2029-04-23",
				"2030-04-12", "2031-04-01", "2032-03-21",
			), length: 3,
		},
		{name: "Moi Day", on: on(time.October, 10), moved: sundayToMonday},
		{name: "Mashujaa Day", on: on(time.October, 20), moved: sundayToMonday},
		{name: "Jamhuri Day", on: on(time.December, 12), moved: sundayToMonday},
		{name: "Christmas Day", on: on(time.December, 25), moved: sundayTwoOn},
		{name: "Boxing Day", on: on(time.December, 26), moved: sundayToMonday},
	},
}

var ngHolidays = &Calendar{
	Name: "Nigeria", Certainty: General,
	Source: Source{Title: "Public Holidays Act (Cap. P40)"},
	Note: "Years from 2024 to 2032 alone; in others every day counts as a holiday. The moon decides the " +
		"feasts of Islam: the day before and the day after the reckoned ones count too. The dates are those " +
		"of the program date-holidays 3.37.",
	years: yearsTo(2032),
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1), moved: toMonday},
		{name: "Good Friday", on: easter(-2)},
		{name: "Easter Monday", on: easter(1)},
		{
			name: "Id el Fitr", on: dates(
				"2024-04-09", "2025-03-29", "2026-03-19", "2027-03-08", "2028-02-25", "2029-02-13",
				"2030-02-03", "2031-01-23", "2032-01-13",
			), length: 4,
		},
		{name: "Worker's Day", on: on(time.May, 1), moved: toMonday},
		{name: "Children's Day", on: on(time.May, 27)},
		{name: "Democracy Day", on: on(time.June, 12), moved: toMonday},
		{
			name: "Id el Kabir", on: dates(
				"2024-06-15", "2025-06-05", "2026-05-26", "2027-05-15", "2028-05-04", "2029-04-23",
				"2030-04-12", "2031-04-01", "2032-03-21",
			), length: 4,
		},
		{
			name: "Islamic New Year", on: dates(
				"2024-07-06", "2025-06-25", "2026-06-15", "2027-06-05", "2028-05-24", "2029-05-13",
				"2030-05-02", "2031-04-22", "2032-04-10",
			), length: 3,
		},
		{
			name: "Birthday of Muhammad (Mawlid)", on: dates(
				"2024-09-14", "2025-09-03", "2026-08-24", "2027-08-13", "2028-08-02", "2029-07-23",
				"2030-07-12", "2031-07-01", "2032-06-19",
			), length: 3,
		},
		{name: "Independence Day", on: on(time.October, 1), moved: toMonday},
		{name: "National Youth Day", on: on(time.November, 1)},
		{name: "Christmas Day", on: on(time.December, 25), moved: twoOn},
		{name: "Boxing Day", on: on(time.December, 26), moved: twoOn},
	},
}
