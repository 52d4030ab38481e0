package jurisdiction

var africaMiddleEast = []Entry{
	{
		Place: "ZA", Name: "South Africa",
		Law: "Consumer Protection Act 2008, s. 11-12 and reg. 4; POPIA s. 69; ECTA s. 45; WASPA code",
		Rules: []Rule{{
			Law:       hours(TierLaw, "08:00-20:00", "09:00-13:00", "none", "none"),
			Strict:    hours(TierLaw, "08:00-20:00", "09:00-13:00", "none", "none"),
			Citation:  "Consumer Protection Act regulations (R293 of 2011), reg. 4",
			Certainty: Found,
			Note:      "The consumer may agree otherwise in writing, which is not relied on. The moment of dispatch counts, and the sender must prove it.",
		}},
		Holidays:     zaHolidays,
		Consent:      "Consent, or an existing customer (POPIA); one approach to ask for it",
		SoftOptIn:    "Yes, POPIA s. 69(3)",
		Content:      "Identity; how to opt out, free of charge",
		OptOutWithin: "At once (WASPA: within a reasonable time)",
		Retention:    "3 years suggested",
		OptOutWords:  []Words{{Language: "en", Words: []string{"NO", "STOP", "OPT OUT"}, Reviewed: true}},
		TwoWay:       Yes, SenderID: No,
		Certainty: Mixed,
		Sources: []Source{
			{"CPA reg. 4, prohibited time for contacting consumers", "https://www.acts.co.za/consumer-protection-act-2008/r293_prohibited_time_for_contacting_consumers"},
			{"LegalWise, direct marketing", "https://www.legalwise.co.za/help-yourself/legal-articles/direct-marketing-terms-consumer-protection-act/"},
			srcAWS,
		},
	},
}
