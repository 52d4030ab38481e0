package jurisdiction

import "time"

var skHolidays = &Calendar{
	Name: "Slovakia", Certainty: General,
	Source: Source{Title: "Act 241/1993"},
	Note:   "Days that became working days lately (8 May, 15 September, 17 November) still count.",
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Epiphany", on: on(time.January, 6)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Easter Monday", on: easter(1)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Day of victory over fascism", on: on(time.May, 8)},
		{name: "Saints Cyril and Methodius Day", on: on(time.July, 5)},
		{name: "Slovak National Uprising anniversary", on: on(time.August, 29)},
		{name: "Day of Our Lady of the Seven Sorrows", on: on(time.September, 15)},
		{name: "All Saints' Day", on: on(time.November, 1)},
		{name: "Struggle for Freedom and Democracy Day", on: on(time.November, 17)},
		{name: "Christmas Eve", on: on(time.December, 24)},
		{name: "Christmas Day", on: on(time.December, 25)},
		{name: "Boxing Day", on: on(time.December, 26)},
	},
}

var siHolidays = &Calendar{
	Name: "Slovenia", Certainty: General,
	Source: Source{Title: "Zakon o praznikih in dela prostih dnevih"},
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1), length: 2},
		{name: "Prešeren Day, the Slovenian Cultural Holiday", on: on(time.February, 8)},
		{name: "Easter Sunday", on: easter(0)},
		{name: "Easter Monday", on: easter(1)},
		{name: "Day of Uprising Against Occupation", on: on(time.April, 27)},
		{name: "Labour Day", on: on(time.May, 1), length: 2},
		{name: "Pentecost", on: easter(49)},
		{name: "Statehood Day", on: on(time.June, 25)},
		{name: "Assumption", on: on(time.August, 15)},
		{name: "Reformation Day", on: on(time.October, 31)},
		{name: "Day of Remembrance for the Dead", on: on(time.November, 1)},
		{name: "Christmas Day", on: on(time.December, 25)},
		{name: "Independence and Unity Day", on: on(time.December, 26)},
	},
}

var hrHolidays = &Calendar{
	Name: "Croatia", Certainty: General,
	Source: Source{Title: "Zakon o blagdanima, spomendanima i neradnim danima"},
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Epiphany", on: on(time.January, 6)},
		{name: "Easter Sunday", on: easter(0)},
		{name: "Easter Monday", on: easter(1)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "National Day", on: on(time.May, 30)},
		{name: "Corpus Christi", on: easter(60)},
		{name: "Anti-Fascist Struggle Day", on: on(time.June, 22)},
		{name: "Victory and Homeland Thanksgiving Day and the Day of Croatian defenders", on: on(time.August, 5)},
		{name: "Assumption", on: on(time.August, 15)},
		{name: "All Saints' Day", on: on(time.November, 1)},
		{name: "Remembrance Day", on: on(time.November, 18)},
		{name: "Christmas Day", on: on(time.December, 25)},
		{name: "Boxing Day", on: on(time.December, 26)},
	},
}

var bgHolidays = &Calendar{
	Name: "Bulgaria", Certainty: General,
	Source: Source{Title: "Labour Code art. 154"},
	Note: "27 and 28 December, on which the days of Christmas that fall on a weekend are kept, count each " +
		"year.",
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1), moved: toMonday},
		{name: "Liberation Day", on: on(time.March, 3), moved: toMonday},
		{name: "Labour Day", on: on(time.May, 1), moved: toMonday},
		{name: "Good Friday", on: orthodoxEaster(-2)},
		{name: "Easter Sunday", on: orthodoxEaster(0)},
		{name: "Easter Monday", on: orthodoxEaster(1)},
		{name: "St. George's Day", on: on(time.May, 6), moved: toMonday},
		{name: "Bulgarian Education and Culture, and Slavonic Literature Day", on: on(time.May, 24), moved: toMonday},
		{name: "Unification Day", on: on(time.September, 6), moved: toMonday},
		{name: "Independence Day", on: on(time.September, 22), moved: toMonday},
		{name: "Christmas Eve", on: on(time.December, 24), moved: toMonday},
		{name: "Christmas Day", on: on(time.December, 25)},
		{name: "Second day of Christmas, and days in lieu", on: on(time.December, 26), length: 3},
	},
}

var ltHolidays = &Calendar{
	Name: "Lithuania", Certainty: General,
	Source: Source{Title: "Labour Code art. 123"},
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Day of Restoration of the State of Lithuania", on: on(time.February, 16)},
		{name: "Day of Restoration of Independence of Lithuania", on: on(time.March, 11)},
		{name: "Easter Sunday", on: easter(0)},
		{name: "Easter Monday", on: easter(1)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "St. John's Day", on: on(time.June, 24)},
		{name: "Statehood Day", on: on(time.July, 6)},
		{name: "Assumption", on: on(time.August, 15)},
		{name: "All Saints' Day", on: on(time.November, 1)},
		{name: "All Souls' Day", on: on(time.November, 2)},
		{name: "Christmas Eve", on: on(time.December, 24)},
		{name: "Christmas Day", on: on(time.December, 25)},
		{name: "Boxing Day", on: on(time.December, 26)},
	},
}

var lvHolidays = &Calendar{
	Name: "Latvia", Certainty: General,
	Source: Source{Title: "Law on Holidays, Commemorative Days and Days to be Observed"},
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Easter Sunday", on: easter(0)},
		{name: "Easter Monday", on: easter(1)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Restoration of Independence day", on: on(time.May, 4), moved: toMonday},
		{name: "Midsummer Eve", on: on(time.June, 23)},
		{name: "Midsummer", on: on(time.June, 24)},
		{name: "Republic Day", on: on(time.November, 18), moved: toMonday},
		{name: "Christmas Eve", on: on(time.December, 24)},
		{name: "Christmas Day", on: on(time.December, 25)},
		{name: "Boxing Day", on: on(time.December, 26)},
		{name: "New Year's Eve", on: on(time.December, 31)},
	},
}

var eeHolidays = &Calendar{
	Name: "Estonia", Certainty: General,
	Source: Source{Title: "Public Holidays and Days of National Importance Act"},
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Independence Day", on: on(time.February, 24)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Easter Sunday", on: easter(0)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Pentecost", on: easter(49)},
		{name: "Victory Day", on: on(time.June, 23)},
		{name: "Midsummer Day", on: on(time.June, 24)},
		{name: "Day of Restoration of Independence", on: on(time.August, 20)},
		{name: "Christmas Eve", on: on(time.December, 24)},
		{name: "Christmas Day", on: on(time.December, 25)},
		{name: "Boxing Day", on: on(time.December, 26)},
	},
}

var luHolidays = &Calendar{
	Name: "Luxembourg", Certainty: General,
	Source: Source{Title: "Code du travail art. L. 232-2"},
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Easter Monday", on: easter(1)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Europe Day", on: on(time.May, 9)},
		{name: "Ascension Day", on: easter(39)},
		{name: "Whit Monday", on: easter(50)},
		{name: "National Holiday", on: on(time.June, 23)},
		{name: "Assumption", on: on(time.August, 15)},
		{name: "All Saints' Day", on: on(time.November, 1)},
		{name: "Christmas Day", on: on(time.December, 25)},
		{name: "Boxing Day", on: on(time.December, 26)},
	},
}

var mtHolidays = &Calendar{
	Name: "Malta", Certainty: General,
	Source: Source{Title: "National Holidays and Other Public Holidays Act (Cap. 252)"},
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Feast of Saint Paul's Shipwreck in Malta", on: on(time.February, 10)},
		{name: "Saint Joseph", on: on(time.March, 19)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Freedom Day", on: on(time.March, 31)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "June 7th", on: on(time.June, 7)},
		{name: "Saints Peter and Paul", on: on(time.June, 29)},
		{name: "Assumption", on: on(time.August, 15)},
		{name: "Victory Day", on: on(time.September, 8)},
		{name: "Independence Day", on: on(time.September, 21)},
		{name: "Immaculate Conception", on: on(time.December, 8)},
		{name: "Republic Day", on: on(time.December, 13)},
		{name: "Christmas Day", on: on(time.December, 25)},
	},
}

var cyHolidays = &Calendar{
	Name: "Cyprus", Certainty: General,
	Source: Source{Title: "Public holidays of the Republic"},
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Epiphany", on: on(time.January, 6)},
		{name: "Clean Monday", on: orthodoxEaster(-47)},
		{name: "Annunciation, Anniversary of 1821 Revolution", on: on(time.March, 25)},
		{name: "Cyprus National Day", on: on(time.April, 1)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Good Friday", on: orthodoxEaster(-2)},
		{name: "Easter Sunday", on: orthodoxEaster(0)},
		{name: "Easter Monday", on: orthodoxEaster(1)},
		{name: "Pentecost", on: orthodoxEaster(49)},
		{name: "Assumption", on: on(time.August, 15)},
		{name: "Cyprus Independence Day", on: on(time.October, 1)},
		{name: "National Holiday", on: on(time.October, 28)},
		{name: "Christmas Day", on: on(time.December, 25)},
		{name: "Boxing Day", on: on(time.December, 26)},
	},
}

var isHolidays = &Calendar{
	Name: "Iceland", Certainty: General,
	Source: Source{Title: "Act 88/1971 on the working week, art. 6"},
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1)},
		{name: "Maundy Thursday", on: easter(-3)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Easter Sunday", on: easter(0)},
		{name: "Easter Monday", on: easter(1)},
		{name: "First Day of Summer", on: from(time.Thursday, time.April, 18)},
		{name: "Labour Day", on: on(time.May, 1)},
		{name: "Ascension Day", on: easter(39)},
		{name: "Pentecost", on: easter(49)},
		{name: "Whit Monday", on: easter(50)},
		{name: "Icelandic National Day", on: on(time.June, 17)},
		{name: "Commerce Day", on: nth(1, time.Monday, time.August)},
		{name: "Christmas Eve", on: on(time.December, 24)},
		{name: "Christmas Day", on: on(time.December, 25)},
		{name: "Boxing Day", on: on(time.December, 26)},
		{name: "New Year's Eve", on: on(time.December, 31)},
	},
}

var uaHolidays = &Calendar{
	Name: "Ukraine", Certainty: General,
	Source: Source{Title: "Labour Code art. 73"},
	Note:   "The days count although martial law has suspended days off since 2022.",
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1), length: 2, moved: toMonday},
		{name: "International Women's Day", on: on(time.March, 8), moved: toMonday},
		{name: "Labour Day", on: on(time.May, 1), moved: toMonday},
		{name: "Orthodox Easter", on: orthodoxEaster(0)},
		{name: "Victory Day", on: on(time.May, 9), moved: toMonday},
		{name: "Pentecost", on: orthodoxEaster(49)},
		{name: "Constitution Day", on: on(time.June, 28), moved: toMonday},
		{name: "Statehood Day", on: on(time.July, 15), moved: toMonday},
		{name: "Independence Day", on: on(time.August, 24), moved: toMonday},
		{name: "Defenders of Ukraine Day", on: on(time.October, 1), moved: toMonday},
		{name: "Easter Monday", on: orthodoxEaster(1)},
		{name: "Whit Monday", on: orthodoxEaster(50)},
		{name: "Christmas Day", on: on(time.December, 25), moved: toMonday},
		{name: "Christmas Day, as kept before 2023", on: on(time.January, 7)},
	},
}
