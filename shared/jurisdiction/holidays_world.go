package jurisdiction

import "time"

var zaHolidays = &Calendar{
	Name: "South Africa", Certainty: Found,
	Source: Source{"Public Holidays Act 36 of 1994, schedule 1 and section 2", "https://www.gov.za/about-sa/public-holidays"},
	Note: "A holiday on a Sunday makes Monday one too; one on a Saturday is not moved. Election days " +
		"and other single days are proclaimed by the President: add them here.",
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1), moved: sundayToMonday},
		{name: "Human Rights Day", on: on(time.March, 21), moved: sundayToMonday},
		{name: "Good Friday", on: easter(-2)},
		{name: "Family Day", on: easter(1)},
		{name: "Freedom Day", on: on(time.April, 27), moved: sundayToMonday},
		{name: "Workers' Day", on: on(time.May, 1), moved: sundayToMonday},
		{name: "Youth Day", on: on(time.June, 16), moved: sundayToMonday},
		{name: "National Women's Day", on: on(time.August, 9), moved: sundayToMonday},
		{name: "Heritage Day", on: on(time.September, 24), moved: sundayToMonday},
		{name: "Day of Reconciliation", on: on(time.December, 16), moved: sundayToMonday},
		{name: "Christmas Day", on: on(time.December, 25), moved: sundayTwoOn},
		{name: "Day of Goodwill", on: on(time.December, 26), moved: sundayToMonday},
		{name: "Day proclaimed by the President", on: dates("2021-11-01", "2023-12-15", "2024-05-29")},
	},
}

var caHolidays = &Calendar{
	Name: "Canada", Certainty: Mixed,
	Source: Source{"Holidays Act (R.S.C. 1985, c. H-5), Canada Labour Code s. 166, and the provinces' lists", "https://laws-lois.justice.gc.ca/eng/acts/H-5/"},
	Note:   "The union of the federal and the main provincial holidays: the shorter holiday hours cost little, a wrong province does.",
	holidays: []holiday{
		{name: "New Year's Day", on: on(time.January, 1), moved: toMonday},
		{name: "Family Day", on: nth(3, time.Monday, time.February)},
		{name: "St. Patrick's Day (Newfoundland)", on: on(time.March, 17)},
		{name: "Good Friday", on: easter(-2)},
		{name: "Easter Monday", on: easter(1)},
		{name: "St. George's Day (Newfoundland)", on: on(time.April, 23)},
		{name: "Victoria Day", on: until(time.Monday, time.May, 24)},
		{name: "National Indigenous Peoples Day", on: on(time.June, 21)},
		{name: "Fête nationale du Québec", on: on(time.June, 24), moved: sundayToMonday},
		{name: "Canada Day", on: on(time.July, 1), moved: toMonday},
		{name: "Nunavut Day", on: on(time.July, 9)},
		{name: "Orangemen's Day (Newfoundland)", on: on(time.July, 12)},
		{name: "Civic Holiday", on: nth(1, time.Monday, time.August)},
		{name: "Discovery Day (Yukon)", on: nth(3, time.Monday, time.August)},
		{name: "Labour Day", on: nth(1, time.Monday, time.September)},
		{name: "National Day for Truth and Reconciliation", on: on(time.September, 30), moved: toMonday, first: 2021},
		{name: "Thanksgiving", on: nth(2, time.Monday, time.October)},
		{name: "Remembrance Day", on: on(time.November, 11), moved: toMonday},
		{name: "Christmas Day", on: on(time.December, 25), moved: twoOn},
		{name: "Boxing Day", on: on(time.December, 26), moved: twoOn},
	},
}
