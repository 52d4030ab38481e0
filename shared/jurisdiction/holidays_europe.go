package jurisdiction

import "time"

var frHolidays = &Calendar{
	Name: "France", Certainty: Found,
	Source: Source{"Code du travail, art. L3133-1 and L3134-13", "https://www.legifrance.gouv.fr/codes/article_lc/LEGIARTI000033020865"},
	Note:   "Good Friday and 26 December, holidays of Alsace-Moselle alone, count everywhere: a French number does not tell the département.",
	holidays: []holiday{
		{name: "Jour de l'An", on: on(time.January, 1)},
		{name: "Vendredi saint (Alsace-Moselle)", on: easter(-2)},
		{name: "Lundi de Pâques", on: easter(1)},
		{name: "Fête du Travail", on: on(time.May, 1)},
		{name: "Victoire 1945", on: on(time.May, 8)},
		{name: "Ascension", on: easter(39)},
		{name: "Lundi de Pentecôte", on: easter(50)},
		{name: "Fête nationale", on: on(time.July, 14)},
		{name: "Assomption", on: on(time.August, 15)},
		{name: "Toussaint", on: on(time.November, 1)},
		{name: "Armistice 1918", on: on(time.November, 11)},
		{name: "Noël", on: on(time.December, 25)},
		{name: "Saint-Étienne (Alsace-Moselle)", on: on(time.December, 26)},
	},
}
