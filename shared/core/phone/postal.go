package phone

import (
	"strconv"
	"strings"
)

const notPostal = "must be a ZIP code such as 33101 or a Canadian postal code such as K1A 0B1"

func badZIP(message string) error { return &FieldError{FieldZIP, message, nil} }

// postal returns the place of a ZIP code or of a Canadian postal code.
func postal(code string) (Place, error) {
	code = strings.ToUpper(strings.TrimSpace(code))
	if code != "" && code[0] >= 'A' {
		return canadianPostal(code)
	}
	five, four, long := strings.Cut(code, "-")
	n, err := strconv.Atoi(five)
	if err != nil || len(five) != 5 || !isDigits(five) || long && (len(four) != 4 || !isDigits(four)) {
		return Place{}, badZIP(notPostal)
	}
	for _, z := range zips {
		if n >= z.from && n <= z.to {
			return placeOf(z.place), nil
		}
	}
	return Place{}, badZIP("begins with " + five[:3] + ", which is in no state: check it, or leave it empty")
}

func canadianPostal(code string) (Place, error) {
	code = strings.ReplaceAll(code, " ", "")
	if len(code) != 6 || !isUpper(code[0:1]+code[2:3]+code[4:5]) || !isDigits(code[1:2]+code[3:4]+code[5:6]) {
		return Place{}, badZIP(notPostal)
	}
	if a, ok := canadianPrefixes[code[:3]]; ok {
		return placeOf(a), nil
	}
	if a, ok := canadianPrefixes[code[:1]]; ok {
		return placeOf(a), nil
	}
	return Place{}, badZIP("begins with " + code[:1] + ", which is in no province: check it, or leave it empty")
}

// placeOf returns a place of the postal tables: with the zones it names, or else with all zones of its state.
func placeOf(a Area) Place {
	if strings.Contains(string(a), "|") {
		return a.place()
	}
	for _, s := range states {
		if strings.HasPrefix(string(s), string(a)+"|") {
			return s.place()
		}
	}
	return Place{}
}

func isDigits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// zips are the ranges of ZIP codes by state (USPS Labeling List L002). A range names a zone where its state has two
// but all counties of the range have the same time (49 CFR part 71). Military mail (APO, FPO, DPO) may be anywhere,
// so it is not listed. The first match decides.
var zips = [...]struct {
	from, to int
	place    Area
}{
	{501, 544, "US-NY"},
	{600, 799, "US-PR"},
	{800, 899, "US-VI"},
	{900, 999, "US-PR"},
	{1000, 2799, "US-MA"},
	{2800, 2999, "US-RI"},
	{3000, 3899, "US-NH"},
	{3900, 4999, "US-ME"},
	{5501, 5544, "US-MA"},
	{5000, 5999, "US-VT"},
	{6390, 6390, "US-NY"},
	{6000, 6999, "US-CT"},
	{7000, 8999, "US-NJ"},
	{10000, 14999, "US-NY"},
	{15000, 19699, "US-PA"},
	{19700, 19999, "US-DE"},
	{20000, 20099, "US-DC"},
	{20100, 20199, "US-VA"},
	{20200, 20599, "US-DC"},
	{20600, 21999, "US-MD"},
	{22000, 24699, "US-VA"},
	{24700, 26899, "US-WV"},
	{27000, 28999, "US-NC"},
	{29000, 29999, "US-SC"},
	{30000, 31999, "US-GA"},
	{32400, 32499, "US-FL"}, // Panama City, but Port St. Joe keeps Eastern time
	{32500, 32599, "US-FL|America/Chicago"},
	{32000, 33999, "US-FL|America/New_York"},
	{34100, 34999, "US-FL|America/New_York"},
	{35000, 36999, "US-AL"},
	{37000, 37299, "US-TN|America/Chicago"}, // Nashville
	{38000, 38499, "US-TN|America/Chicago"}, // Memphis, Jackson, Columbia
	{37400, 37499, "US-TN|America/New_York"},
	{37600, 37699, "US-TN|America/New_York"},
	{37900, 37999, "US-TN|America/New_York"},
	{37000, 38599, "US-TN"},
	{38600, 39799, "US-MS"},
	{39800, 39999, "US-GA"},
	{40200, 40299, "US-KY|America/New_York"}, // Louisville
	{40300, 41899, "US-KY|America/New_York"}, // Lexington, Frankfort and the east
	{40000, 42799, "US-KY"},
	{43000, 45999, "US-OH"},
	{46000, 46299, "US-IN|America/New_York"}, // Indianapolis
	{46600, 46899, "US-IN|America/New_York"}, // South Bend, Fort Wayne
	{47700, 47799, "US-IN|America/Chicago"},  // Evansville
	{46000, 47999, "US-IN"},
	{49800, 49999, "US-MI"}, // the Upper Peninsula
	{48000, 49799, "US-MI|America/New_York"},
	{50000, 52899, "US-IA"},
	{53000, 54999, "US-WI"},
	{55000, 56799, "US-MN"},
	{56900, 56999, "US-DC"},
	{57000, 57199, "US-SD|America/Chicago"}, // Sioux Falls
	{57000, 57799, "US-SD"},
	{58000, 58299, "US-ND|America/Chicago"}, // Fargo, Grand Forks
	{58000, 58899, "US-ND"},
	{59000, 59999, "US-MT"},
	{60000, 62999, "US-IL"},
	{63000, 65899, "US-MO"},
	{66000, 67599, "US-KS|America/Chicago"},
	{66000, 67999, "US-KS"},
	{68000, 68899, "US-NE|America/Chicago"}, // Omaha to Grand Island
	{68000, 69399, "US-NE"},
	{70000, 71499, "US-LA"},
	{71600, 72999, "US-AR"},
	{73300, 73399, "US-TX|America/Chicago"},
	{73000, 74999, "US-OK"},
	{75000, 79799, "US-TX|America/Chicago"},
	{79900, 79999, "US-TX|America/Denver"},
	{75000, 79999, "US-TX"},
	{80000, 81699, "US-CO"},
	{83414, 83414, "US-WY"},
	{82000, 83199, "US-WY"},
	{83200, 83499, "US-ID|America/Denver"}, // Pocatello, Twin Falls, Idaho Falls
	{83700, 83799, "US-ID|America/Denver"}, // Boise
	{83800, 83899, "US-ID|America/Los_Angeles"},
	{83200, 83899, "US-ID"},
	{84000, 84799, "US-UT"},
	{85000, 85799, "US-AZ|America/Phoenix"}, // Phoenix, Tucson
	{85000, 86599, "US-AZ"},
	{87000, 88499, "US-NM"},
	{88500, 88599, "US-TX|America/Denver"}, // El Paso
	{88900, 89199, "US-NV|America/Los_Angeles"},
	{89400, 89599, "US-NV|America/Los_Angeles"}, // Reno
	{88900, 89899, "US-NV"},
	{90000, 96199, "US-CA"},
	{96799, 96799, "US-AS"},
	{96700, 96899, "US-HI"},
	{96910, 96932, "US-GU"},
	{96950, 96952, "US-MP"},
	{97000, 97799, "US-OR|America/Los_Angeles"},
	{97000, 97999, "US-OR"},
	{98000, 99499, "US-WA"},
	{99500, 99999, "US-AK"},
}

// canadianPrefixes are the first letters of postal codes, and their provinces. X serves two territories.
var canadianPrefixes = map[string]Area{
	"A": "CA-NL", "B": "CA-NS", "C": "CA-PE", "E": "CA-NB", "G": "CA-QC", "H": "CA-QC|America/Toronto", "J": "CA-QC",
	"K": "CA-ON|America/Toronto", "L": "CA-ON|America/Toronto", "M": "CA-ON|America/Toronto", "N": "CA-ON|America/Toronto",
	"P": "CA-ON", "R": "CA-MB", "S": "CA-SK", "T": "CA-AB", "V": "CA-BC", "Y": "CA-YT",
	"X0A": "CA-NU", "X0B": "CA-NU", "X0C": "CA-NU", "X0E": "CA-NT", "X0G": "CA-NT", "X1A": "CA-NT",
}
