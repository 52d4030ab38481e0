package jurisdiction

var europe = []Entry{
	{
		Place: "FR", Name: "France",
		Law: "CPCE art. L.34-5; CNIL; af2m charter",
		Rules: []Rule{
			{
				Until:     date("2026-03-01"),
				Law:       hours(TierCarrier, "08:00-22:00", "08:00-22:00", "none", "none"),
				Strict:    hours(TierCarrier, "08:00-20:30", "08:00-20:30", "none", "none"),
				Citation:  "af2m, charter of business messaging 2024",
				Certainty: Found,
			},
			{
				From:      date("2026-03-01"),
				Law:       daily(TierCarrier, "08:00-21:30"),
				Strict:    hours(TierCarrier, "08:00-20:30", "08:00-20:30", "none", "none"),
				Citation:  "af2m, Charte Business Messaging 2026",
				Certainty: Found,
				Note: "Announced on 2026-02-17, in force the following month. Sundays and public holidays are tolerated, not recommended: " +
					"law allows them, strict does not.",
			},
		},
		Holidays:     frHolidays,
		Consent:      "Prior consent",
		SoftOptIn:    "Yes: customers, for similar products and services",
		Content:      "Advertiser's identity; STOP to a short code (36xxx; 38xxx for transactional); no 06 or 07 numbers (Arcep)",
		OptOutWithin: "As soon as possible, free and without complication",
		Retention:    "Prospects 3 years after the last contact; oppositions at least 3 years (CNIL)",
		OptOutWords: []Words{
			{Language: "fr", Words: []string{"ARRET", "ARRÊT", "ARRETER", "DESINSCRIPTION", "DESABONNER"}, Reviewed: true},
		},
		TwoWay: ShortCode, SenderID: Yes,
		Certainty: Mixed,
		Sources: []Source{
			{"af2m, Charte Business Messaging 2026", "https://af2m.org/charte-business-messaging-2026-laf2m-renforce-les-regles-du-jeu"},
			{
				"af2m, charte 2024",
				"https://af2m.org/la-charte-de-deontologie-applicable-aux-services-de-business-messaging-est-effective-depuis-le-1er-septembre-2024",
			},
			{"af2m, SMS Marketing", "https://af2m.org/sms-marketing"},
			{"La fabrique des SMS, obligations légales", "https://lafabriquesms.fr/obligations-legales-sms"},
			srcAWS,
		},
	},
}
