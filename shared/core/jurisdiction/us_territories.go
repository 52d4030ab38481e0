package jurisdiction

// For the TCPA the territories are part of the United States (47 USC 153(58)). Nobody has looked for rules of their
// own.
var usTerritories = []Entry{
	federalOnly("US-AS", "American Samoa", ""),
	federalOnly("US-GU", "Guam", ""),
	federalOnly("US-MP", "Northern Mariana Islands", ""),
	federalOnly("US-PR", "Puerto Rico", ""),
	federalOnly("US-VI", "U.S. Virgin Islands", ""),
}
