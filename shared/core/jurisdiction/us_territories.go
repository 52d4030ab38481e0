package jurisdiction

// The territories are the United States to the TCPA (47 USC 153(58)); rules of their own were not looked for.
var usTerritories = []Entry{
	federalOnly("US-AS", "American Samoa", ""),
	federalOnly("US-GU", "Guam", ""),
	federalOnly("US-MP", "Northern Mariana Islands", ""),
	federalOnly("US-PR", "Puerto Rico", ""),
	federalOnly("US-VI", "U.S. Virgin Islands", ""),
}
