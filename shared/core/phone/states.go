package phone

import "slices"

// The tables of this package have the form of Area keys: "<country>[-<state>]|<zone>[+<zone>…]".
//
// A state with two time zones has both. Sources: 49 CFR part 71 (the boundaries of time zones in the United States) and
// 15 USC 260a (daylight saving time and who is exempt); the IANA time zone database for Canada, Australia and Brazil.
// Of zones with the same clock since 2007, only one is listed: America/New_York for Detroit, America/Denver
// for Boise.

// everywhere are the places where a countrywide number, such as a toll-free one, may be: for the United States its
// states and the District of Columbia.
var everywhere = [...]Area{
	"US-AK|America/Adak+America/Anchorage",   // Adak and Atka, west of 169°30′ W, keep Hawaii–Aleutian time
	"US-AL|America/Chicago+America/New_York", // Phenix City, Lanett and Valley keep Eastern time by custom
	"US-AR|America/Chicago",
	"US-AZ|America/Denver+America/Phoenix", // no daylight saving time, except in the Navajo Nation
	"US-CA|America/Los_Angeles",
	"US-CO|America/Denver",
	"US-CT|America/New_York",
	"US-DC|America/New_York",
	"US-DE|America/New_York",
	"US-FL|America/Chicago+America/New_York", // west of the Apalachicola
	"US-GA|America/New_York",
	"US-HI|Pacific/Honolulu",
	"US-IA|America/Chicago",
	"US-ID|America/Denver+America/Los_Angeles", // north of the Salmon
	"US-IL|America/Chicago",
	"US-IN|America/Chicago+America/New_York", // the north-west and south-west corners
	"US-KS|America/Chicago+America/Denver",   // Greeley, Hamilton, Sherman and Wallace counties
	"US-KY|America/Chicago+America/New_York",
	"US-LA|America/Chicago",
	"US-MA|America/New_York",
	"US-MD|America/New_York",
	"US-ME|America/New_York",
	"US-MI|America/Chicago+America/New_York", // Dickinson, Gogebic, Iron and Menominee counties
	"US-MN|America/Chicago",
	"US-MO|America/Chicago",
	"US-MS|America/Chicago",
	"US-MT|America/Denver",
	"US-NC|America/New_York",
	"US-ND|America/Chicago+America/Denver",
	"US-NE|America/Chicago+America/Denver",
	"US-NH|America/New_York",
	"US-NJ|America/New_York",
	"US-NM|America/Denver",
	"US-NV|America/Denver+America/Los_Angeles", // West Wendover; Jackpot by custom
	"US-NY|America/New_York",
	"US-OH|America/New_York",
	"US-OK|America/Chicago",
	"US-OR|America/Denver+America/Los_Angeles", // most of Malheur county
	"US-PA|America/New_York",
	"US-RI|America/New_York",
	"US-SC|America/New_York",
	"US-SD|America/Chicago+America/Denver",
	"US-TN|America/Chicago+America/New_York",
	"US-TX|America/Chicago+America/Denver", // El Paso and Hudspeth counties
	"US-UT|America/Denver",
	"US-VA|America/New_York",
	"US-VT|America/New_York",
	"US-WA|America/Los_Angeles",
	"US-WI|America/Chicago",
	"US-WV|America/New_York",
	"US-WY|America/Denver",

	// Since 2026 Alberta, British Columbia, Manitoba, the Northwest Territories and Ontario west of 90° W keep one time
	// all year (releases 2026b to 2026f of the IANA database). Nunavut does, except Coral Harbour.
	"CA-AB|America/Edmonton",
	"CA-BC|America/Dawson_Creek+America/Edmonton+America/Vancouver", // the Peace River district; the East Kootenay
	"CA-MB|America/Winnipeg",
	"CA-NB|America/Halifax",
	"CA-NL|America/Halifax+America/St_Johns", // Labrador keeps Atlantic time, the island half an hour more
	"CA-NS|America/Halifax",
	"CA-NT|America/Edmonton",
	"CA-NU|America/Atikokan+America/Cambridge_Bay+America/Rankin_Inlet+America/Toronto", // Coral Harbour keeps Atikokan's time
	"CA-ON|America/Atikokan+America/Toronto+America/Winnipeg",
	"CA-PE|America/Halifax",
	"CA-QC|America/Blanc-Sablon+America/Halifax+America/Toronto", // the Lower North Shore; the Magdalen Islands
	"CA-SK|America/Edmonton+America/Regina+America/Winnipeg",     // Lloydminster; Creighton by custom
	"CA-YT|America/Whitehorse",

	"AU-ACT|Australia/Sydney",
	"AU-NSW|Australia/Adelaide+Australia/Lord_Howe+Australia/Sydney", // Broken Hill keeps Adelaide's time
	"AU-NT|Australia/Darwin",
	"AU-QLD|Australia/Brisbane",
	"AU-SA|Australia/Adelaide",
	"AU-TAS|Australia/Hobart",
	"AU-VIC|Australia/Melbourne",
	"AU-WA|Australia/Eucla+Australia/Perth",

	"BR-AC|America/Rio_Branco",
	"BR-AL|America/Maceio",
	"BR-AM|America/Eirunepe+America/Manaus", // the south-west
	"BR-AP|America/Belem",
	"BR-BA|America/Bahia",
	"BR-CE|America/Fortaleza",
	"BR-DF|America/Sao_Paulo",
	"BR-ES|America/Sao_Paulo",
	"BR-GO|America/Sao_Paulo",
	"BR-MA|America/Fortaleza",
	"BR-MG|America/Sao_Paulo",
	"BR-MS|America/Campo_Grande",
	"BR-MT|America/Cuiaba",
	"BR-PA|America/Belem+America/Santarem",
	"BR-PB|America/Fortaleza",
	"BR-PE|America/Noronha+America/Recife", // the archipelago of Fernando de Noronha
	"BR-PI|America/Fortaleza",
	"BR-PR|America/Sao_Paulo",
	"BR-RJ|America/Sao_Paulo",
	"BR-RN|America/Fortaleza",
	"BR-RO|America/Porto_Velho",
	"BR-RR|America/Boa_Vista",
	"BR-RS|America/Sao_Paulo",
	"BR-SC|America/Sao_Paulo",
	"BR-SE|America/Maceio",
	"BR-SP|America/Sao_Paulo",
	"BR-TO|America/Araguaina",
}

// territories belong to the United States too (47 USC 153), but a countrywide number is not taken to be there.
var territories = [...]Area{
	"US-AS|Pacific/Pago_Pago",
	"US-GU|Pacific/Guam",
	"US-MP|Pacific/Saipan",
	"US-PR|America/Puerto_Rico",
	"US-VI|America/St_Thomas",
}

// states are the places of everywhere and territories.
var states = slices.Concat(everywhere[:], territories[:])
