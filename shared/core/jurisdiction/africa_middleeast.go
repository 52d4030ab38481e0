package jurisdiction

var africaMiddleEast = []Entry{
	{
		Place: "ZA", Name: "South Africa",
		Law: "Consumer Protection Act 2008, s. 11-12 and reg. 4; POPIA s. 69; ECTA s. 45; WASPA code",
		Rules: []Rule{
			{
				Law:       hours(TierLaw, "08:00-20:00", "09:00-13:00", "none", "none"),
				Strict:    hours(TierLaw, "08:00-20:00", "09:00-13:00", "none", "none"),
				Citation:  "Consumer Protection Act regulations (R293 of 2011), reg. 4",
				Certainty: Found,
				Note:      "The consumer may agree otherwise in writing, which is not relied on. The moment of dispatch counts, and the sender must prove it.",
			},
		},
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
			{
				"CPA reg. 4, prohibited time for contacting consumers",
				"https://www.acts.co.za/consumer-protection-act-2008/r293_prohibited_time_for_contacting_consumers",
			},
			{
				"LegalWise, direct marketing",
				"https://www.legalwise.co.za/help-yourself/legal-articles/direct-marketing-terms-consumer-protection-act/",
			},
			srcAWS,
		},
	},
	{
		Place: "AE",
		Name:  "United Arab Emirates",
		Law:   "TDRA policy on unsolicited communications; Cabinet Resolution 56/2024, which covers marketing texts; DNCR",
		Rules: []Rule{
			{
				Law:       daily(TierRegulator, "09:00-18:00"),
				Strict:    daily(TierRegulator, "09:00-18:00"),
				Citation:  "Cabinet Resolution 56 of 2024",
				Certainty: Mixed,
				Note:      "Vendors give 07:00-21:00 for texts (TDRA); the resolution gives 09:00-18:00 for marketing calls and defines them to include texts. The stricter reading stands. Holidays have the hours of other days.",
			},
		},
		Consent:      "Opt-in (not by a voice call); DNCR check; prior approval to market",
		SoftOptIn:    "No",
		Content:      "AD- before the sender (11 characters in all); opt-out by \"B <sender>\" to 7726 or a link of one's own",
		OptOutWithin: "At once",
		Retention:    "Opt-in and provider records 2 years",
		OptOutWords: []Words{
			{Language: "ar", Words: []string{"إلغاء", "توقف"}},
			{Language: "en", Words: []string{"B", "UNSUB", "STOP"}},
		},
		TwoWay:    Yes,
		SenderID:  RegisteredOnly,
		Certainty: Mixed,
		Sources: []Source{
			{
				"The Linking Lawyer, the end of nuisance calls in the UAE",
				"https://www.thelinkinglawyer.com/post/don-t-call-again-the-end-of-nuisance-calls-in-the-uae",
			},
			{
				"Unifonic, SMS compliance in the UAE",
				"https://unifonic.com/en/resources/navigating-uaes-sms-compliance-landscape-a-guide-for-businesses",
			},
			{"ClickSend, UAE", "https://help.clicksend.com/article/0oom471yu5-united-arab-emirates-uae-dubai"},
			srcAWS,
		},
	},
}
