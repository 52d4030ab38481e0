package keyword

import "strings"

// localLanguages maps languages to countries, by ISO 639-1 and ISO 3166 codes. It leaves out countries where English
// is the only one of the known languages.
var localLanguages = [...]struct{ language, countries string }{
	{"ar", "AE BH DZ EG IL IQ JO KW LB LY MA OM QA SA SD SY TN YE"},
	{"bn", "BD IN"},
	{"cs", "CZ SK"},
	{"da", "DK FO GL"},
	{"de", "AT BE CH DE LI LU"},
	{"el", "CY GR"},
	{"en", "CA IN MY PH PR SG US ZA"},
	{"es", "AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PR PY SV US UY VE"},
	{"fi", "FI"},
	{"fr", "BE BF BJ BL CA CD CG CH CI CM DZ FR GA GF GN GP HT LU MA MC MF MG ML MQ NC NE PF PM RE SN TG TN WF YT"},
	{"he", "IL"},
	{"hi", "IN NP"},
	{"hu", "HU"},
	{"id", "BN ID MY SG"},
	{"it", "CH IT SM VA"},
	{"ja", "JP"},
	{"ko", "KP KR"},
	{"nl", "AW BE BQ CW NL SR SX"},
	{"no", "NO SJ"},
	{"pl", "PL"},
	{"pt", "AO BR CV GW MZ PT ST TL"},
	{"ro", "MD RO"},
	{"ru", "BY KG KZ RU UA UZ"},
	{"sv", "AX FI SE"},
	{"th", "TH"},
	{"tl", "PH"},
	{"tr", "CY TR"},
	{"uk", "UA"},
	{"vi", "VN"},
	{"zh", "CN HK MO SG TW"},
}

// SpokenIn returns the languages spoken in a country, given by its ISO 3166 code, for Vocabulary.Place. It returns
// nil where English is the only known one.
func SpokenIn(country string) []string {
	if len(country) != len("US") {
		return nil
	}
	var all []string
	for _, s := range localLanguages {
		if strings.Contains(s.countries, country) {
			all = append(all, s.language)
		}
	}
	return all
}
