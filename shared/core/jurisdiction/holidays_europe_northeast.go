package jurisdiction

import "time"

var seHolidays = &Calendar{
	Name: "Sweden", Certainty: General,
	Source: Source{Title: "Lag (1989:253) om allmänna helgdagar"},
	Note:   "The eves that are treated like Sundays count.",
	holidays: []holiday{
		{name: "Nyårsdagen", on: on(time.January, 1)},
		{name: "Trettondedag jul", on: on(time.January, 6)},
		{name: "Långfredagen", on: easter(-2)},
		{name: "Annandag påsk", on: easter(1)},
		{name: "Första maj", on: on(time.May, 1)},
		{name: "Kristi himmelsfärdsdag", on: easter(39)},
		{name: "Sveriges nationaldag", on: on(time.June, 6)},
		{name: "Midsommarafton", on: from(time.Friday, time.June, 19)},
		{name: "Midsommardagen", on: from(time.Saturday, time.June, 20)},
		{name: "Alla helgons dag", on: from(time.Saturday, time.October, 31)},
		{name: "Julafton", on: on(time.December, 24)},
		{name: "Juldagen", on: on(time.December, 25)},
		{name: "Annandag jul", on: on(time.December, 26)},
		{name: "Nyårsafton", on: on(time.December, 31)},
	},
}

var dkHolidays = &Calendar{
	Name: "Denmark", Certainty: General,
	Source: Source{Title: "Lukkeloven § 1 and Helligdagsloven"},
	Note:   "Store bededag was abolished from 2024. Constitution Day and Christmas Eve, on which shops close, count.",
	holidays: []holiday{
		{name: "Nytårsdag", on: on(time.January, 1)},
		{name: "Skærtorsdag", on: easter(-3)},
		{name: "Langfredag", on: easter(-2)},
		{name: "2. påskedag", on: easter(1)},
		{name: "Store bededag", on: easter(26), last: 2023},
		{name: "Kristi himmelfartsdag", on: easter(39)},
		{name: "2. pinsedag", on: easter(50)},
		{name: "Grundlovsdag", on: on(time.June, 5)},
		{name: "Juleaftensdag", on: on(time.December, 24)},
		{name: "Juledag", on: on(time.December, 25)},
		{name: "2. juledag", on: on(time.December, 26)},
	},
}

var fiHolidays = &Calendar{
	Name: "Finland", Certainty: General,
	Source: Source{Title: "Kirkkolaki and laki itsenäisyyspäivän viettämisestä"},
	Note:   "The eves of Christmas and midsummer count.",
	holidays: []holiday{
		{name: "Uudenvuodenpäivä", on: on(time.January, 1)},
		{name: "Loppiainen", on: on(time.January, 6)},
		{name: "Pitkäperjantai", on: easter(-2)},
		{name: "Toinen pääsiäispäivä", on: easter(1)},
		{name: "Vappu", on: on(time.May, 1)},
		{name: "Helatorstai", on: easter(39)},
		{name: "Juhannusaatto", on: from(time.Friday, time.June, 19)},
		{name: "Juhannuspäivä", on: from(time.Saturday, time.June, 20)},
		{name: "Pyhäinpäivä", on: from(time.Saturday, time.October, 31)},
		{name: "Itsenäisyyspäivä", on: on(time.December, 6)},
		{name: "Jouluaatto", on: on(time.December, 24)},
		{name: "Joulupäivä", on: on(time.December, 25)},
		{name: "Tapaninpäivä", on: on(time.December, 26)},
	},
}

var noHolidays = &Calendar{
	Name: "Norway", Certainty: General,
	Source: Source{Title: "Lov om helligdager og helligdagsfred § 2; lov om 1 og 17 mai"},
	holidays: []holiday{
		{name: "Nyttårsdag", on: on(time.January, 1)},
		{name: "Skjærtorsdag", on: easter(-3)},
		{name: "Langfredag", on: easter(-2)},
		{name: "Andre påskedag", on: easter(1)},
		{name: "Arbeidernes dag", on: on(time.May, 1)},
		{name: "Grunnlovsdagen", on: on(time.May, 17)},
		{name: "Kristi himmelfartsdag", on: easter(39)},
		{name: "Andre pinsedag", on: easter(50)},
		{name: "Første juledag", on: on(time.December, 25)},
		{name: "Andre juledag", on: on(time.December, 26)},
	},
}

var plHolidays = &Calendar{
	Name: "Poland", Certainty: General,
	Source: Source{Title: "Ustawa o dniach wolnych od pracy of 18 January 1951"},
	Note:   "Christmas Eve counts since 2025.",
	holidays: []holiday{
		{name: "Nowy Rok", on: on(time.January, 1)},
		{name: "Trzech Króli", on: on(time.January, 6)},
		{name: "Poniedziałek Wielkanocny", on: easter(1)},
		{name: "Święto Pracy", on: on(time.May, 1)},
		{name: "Święto Konstytucji 3 Maja", on: on(time.May, 3)},
		{name: "Boże Ciało", on: easter(60)},
		{name: "Wniebowzięcie NMP", on: on(time.August, 15)},
		{name: "Wszystkich Świętych", on: on(time.November, 1)},
		{name: "Święto Niepodległości", on: on(time.November, 11)},
		{name: "Wigilia", on: on(time.December, 24), first: 2025},
		{name: "Boże Narodzenie", on: on(time.December, 25)},
		{name: "Drugi dzień świąt", on: on(time.December, 26)},
	},
}

var czHolidays = &Calendar{
	Name: "Czechia", Certainty: General,
	Source: Source{Title: "Act 245/2000"},
	holidays: []holiday{
		{name: "Nový rok", on: on(time.January, 1)},
		{name: "Velký pátek", on: easter(-2)},
		{name: "Velikonoční pondělí", on: easter(1)},
		{name: "Svátek práce", on: on(time.May, 1)},
		{name: "Den vítězství", on: on(time.May, 8)},
		{name: "Cyril a Metoděj", on: on(time.July, 5)},
		{name: "Jan Hus", on: on(time.July, 6)},
		{name: "Den české státnosti", on: on(time.September, 28)},
		{name: "Den vzniku Československa", on: on(time.October, 28)},
		{name: "Den boje za svobodu", on: on(time.November, 17)},
		{name: "Štědrý den", on: on(time.December, 24)},
		{name: "1. svátek vánoční", on: on(time.December, 25)},
		{name: "2. svátek vánoční", on: on(time.December, 26)},
	},
}

var roHolidays = &Calendar{
	Name:      "Romania",
	Certainty: General,
	Source:    Source{Title: "Codul muncii art. 139"},
	Note:      "Easter and Pentecost are the Orthodox ones. Epiphany and St John count since 2024. Bridge days of the public sector do not count.",
	holidays: []holiday{
		{name: "Anul Nou", on: on(time.January, 1)},
		{name: "A doua zi de Anul Nou", on: on(time.January, 2)},
		{name: "Boboteaza", on: on(time.January, 6), first: 2024},
		{name: "Sfântul Ioan", on: on(time.January, 7), first: 2024},
		{name: "Unirea Principatelor", on: on(time.January, 24)},
		{name: "Vinerea Mare", on: orthodoxEaster(-2)},
		{name: "A doua zi de Paști", on: orthodoxEaster(1)},
		{name: "Ziua Muncii", on: on(time.May, 1)},
		{name: "Ziua Copilului", on: on(time.June, 1)},
		{name: "A doua zi de Rusalii", on: orthodoxEaster(50)},
		{name: "Adormirea Maicii Domnului", on: on(time.August, 15)},
		{name: "Sfântul Andrei", on: on(time.November, 30)},
		{name: "Ziua Națională", on: on(time.December, 1)},
		{name: "Crăciunul", on: on(time.December, 25)},
		{name: "A doua zi de Crăciun", on: on(time.December, 26)},
	},
}

var huHolidays = &Calendar{
	Name: "Hungary", Certainty: General,
	Source: Source{Title: "Munka törvénykönyve (Act I of 2012) § 102"},
	Note:   "Christmas Eve counts. Rest days that a decree swaps with Saturdays do not.",
	holidays: []holiday{
		{name: "Újév", on: on(time.January, 1)},
		{name: "1848-as forradalom", on: on(time.March, 15)},
		{name: "Nagypéntek", on: easter(-2)},
		{name: "Húsvéthétfő", on: easter(1)},
		{name: "A munka ünnepe", on: on(time.May, 1)},
		{name: "Pünkösdhétfő", on: easter(50)},
		{name: "Államalapítás", on: on(time.August, 20)},
		{name: "1956-os forradalom", on: on(time.October, 23)},
		{name: "Mindenszentek", on: on(time.November, 1)},
		{name: "Szenteste", on: on(time.December, 24)},
		{name: "Karácsony", on: on(time.December, 25)},
		{name: "Karácsony másnapja", on: on(time.December, 26)},
	},
}
