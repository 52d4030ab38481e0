package main

// This file is written by hand. It holds what the metadata of libphonenumber lacks or gets wrong. Each line says why.

// overlays are area codes that serve the area of an older one, and so have its state and its zones. Some are here
// because the metadata gives an overlay one of two zones only, the others because the metadata does not know them, or
// did not when they came into service.
var overlays = []struct {
	code, of int
	source   string
}{
	{357, 559, "California, in service 2025-03-26; California Public Utilities Commission"},
	{364, 270, "Kentucky, in service 2014-03-03; Kentucky Public Service Commission"},
	{420, 928, "Arizona; assigned, Arizona Corporation Commission"},
	{436, 440, "Ohio, in service 2024-03-01; NANPA Planning Letter 610"},
	{448, 850, "Florida; Florida Public Service Commission"},
	{457, 318, "Louisiana; Louisiana Public Service Commission"},
	{458, 541, "Oregon; Oregon Public Utility Commission"},
	{465, 718, "New York City, in service June 2026; New York Public Service Commission"},
	{471, 662, "Mississippi, in service 2026-01-30; Mississippi Public Service Commission"},
	{483, 334, "Alabama, in service 2026-02-23; Alabama Public Service Commission"},
	{531, 402, "Nebraska; Nebraska Public Service Commission"},
	{565, 912, "Georgia, assigned in May 2025; Georgia Public Service Commission"},
	{621, 713, "Texas, in service 2025-01-23; Public Utility Commission of Texas"},
	{624, 716, "New York; New York Public Service Commission"},
	{679, 313, "Michigan, in service 2025-11-07; Michigan Public Service Commission"},
	{689, 407, "Florida, in service 2019-06-04: Orlando, wholly in Eastern time; the metadata says Central"},
	{729, 423, "Tennessee, in service 2025-09-05; Tennessee Public Utility Commission"},
	{837, 530, "California; California Public Utilities Commission"},
	{861, 309, "Illinois; Illinois Commerce Commission"},
	{924, 507, "Minnesota; Minnesota Public Utilities Commission"},
	{930, 812, "Indiana, in service 2015-03-07; NANPA Planning Letter 470"},
	{986, 208, "Idaho; Idaho Public Utilities Commission"},
}

// alsoKeeps are zones that the metadata lacks.
var alsoKeeps = []struct {
	code    int
	zone    string
	because string
}{
	{334, "America/New_York", "Phenix City, Lanett and Valley keep Eastern time by custom"},
	{402, "America/Denver", "exchanges of western Cherry County, such as Cody, are in Mountain time (49 CFR 71.7)"},
	{432, "America/Denver", "the north-west of Culberson County keeps El Paso's time by custom"},
	{806, "America/Denver", "in doubt, hence both: exchanges along the New Mexico line, beyond which is Mountain time (49 CFR 71.7)"},
	{915, "America/Chicago", "Salt Flat's exchange reaches Pine Springs in Culberson County, in Central time by law (49 CFR 71.7)"},
	{931, "America/New_York", "in doubt, hence both: exchanges along the line into Eastern time on the Cumberland Plateau (49 CFR 71.5)"},
}

// neverKeeps are zones that the metadata has wrongly.
var neverKeeps = []struct {
	code    int
	zone    string
	because string
}{
	{907, "Pacific/Honolulu", "Adak has daylight saving time: America/Adak"},
}

// canada is the area codes by province. The zones are explained in states.go of package phone.
var canada = []struct {
	area  string
	codes []int
}{
	{"CA-AB|America/Edmonton", []int{368, 403, 587, 780, 825}},
	{"CA-BC|America/Vancouver", []int{604}}, // the Lower Mainland
	{"CA-BC|America/Dawson_Creek+America/Edmonton+America/Vancouver", []int{236, 250, 257, 672, 778}},
	{"CA-MB|America/Winnipeg", []int{204, 431, 584}},
	{"CA-NB|America/Halifax", []int{428, 506}},
	{"CA-NL|America/Halifax+America/St_Johns", []int{709, 879}},
	{"CA-NS|America/Halifax&CA-PE|America/Halifax", []int{782, 902}},
	{
		"CA-NT|America/Edmonton" +
			"&CA-NU|America/Atikokan+America/Cambridge_Bay+America/Rankin_Inlet+America/Toronto" +
			"&CA-YT|America/Whitehorse",
		[]int{867},
	},
	{"CA-ON|America/Atikokan+America/Toronto+America/Winnipeg", []int{807}}, // west of 90° W; Atikokan
	{"CA-ON|America/Toronto", []int{226, 249, 289, 343, 365, 382, 416, 437, 519, 548, 613, 647, 683, 705, 742, 753, 905, 942}},
	{"CA-QC|America/Blanc-Sablon+America/Halifax+America/Toronto", []int{367, 418, 581}},
	{"CA-QC|America/Toronto", []int{263, 354, 438, 450, 468, 514, 579, 819, 873}},
	{"CA-SK|America/Edmonton+America/Regina+America/Winnipeg", []int{306, 474, 639}},
}

// nongeographic codes say nothing about where the phone is (NANPA, "Non-geographic NPAs"). Codes that cannot receive
// texts are in textless.go of package phone.
var nongeographic = []struct {
	area  string
	codes []int
	what  string
}{
	{"US-*|*&CA-*|*", []int{800, 822, 833, 844, 855, 866, 877, 888}, "toll-free"},
}
