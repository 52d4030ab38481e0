package jurisdiction

var africa = []Entry{
	{
		Place: "ZA", Name: "South Africa",
		Law: "Consumer Protection Act 2008, s. 11-12 and reg. 4; POPIA s. 69; ECTA s. 45; WASPA code",
		Rules: []Rule{
			{
				Law:       hours(TierLaw, "08:00-20:00", "09:00-13:00", "none", "none"),
				Strict:    hours(TierLaw, "08:00-20:00", "09:00-13:00", "none", "none"),
				AsOf:      date("2026-11-23"),
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
		AsOf:      date("2026-11-23"),
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
		Place: "KE",
		Name:  "Kenya",
		Law: "Kenya Information and Communications (Consumer Protection) Regulations 2010; Data Protection " +
			"Act 2019",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       daily(TierRegulator, "07:00-19:00"),
				Strict:    hours(TierDefault, "09:00-19:00", "09:00-18:00", "none", "none"),
				Citation:  "Communications Authority, draft consumer protection guidelines (2020, 2022)",
				Certainty: Mixed,
				Note: "Whether the draft is in force is not known; vendors treat it so. It lets consent open other " +
					"hours, which is not relied on.",
			},
		},
		Holidays:     keHolidays,
		Consent:      "Consent by opting in; the draft bars every opt-out scheme",
		SoftOptIn:    "No",
		Content:      "Identity; how to opt out",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "sw", Words: []string{"ACHA", "SITISHA", "ONDOA"}},
		},
		TwoWay:    SupportUnknown,
		SenderID:  SupportUnknown,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Sources: []Source{
			{
				"Consumer Protection Regulations 2010 (Legal Notice 54)",
				"https://new.kenyalaw.org/akn/ke/act/ln/2010/54/eng@2022-12-31",
			},
			{
				"KBC, promotional texts by day (2020)",
				"https://www.kbc.co.ke/ca-wants-promotional-text-messages-sent-during-the-day/",
			},
			{
				"Nation, no promo texts past 19:00 (2022)",
				"https://nation.africa/kenya/news/no-annoying-promo-texts-past-7pm-as-ca-cracks-down-on-mobile-operators-3903208",
			},
			{"Message Central, Kenya", "https://messagecentral.com/blog/sms-regulations-for-kenya"},
		},
	},
	{
		Place:        "NG",
		Name:         "Nigeria",
		Law:          "NCC direction on Do Not Disturb (2442), 2016-07-01; Nigeria Data Protection Act 2023",
		Rules:        noRule,
		Holidays:     ngHolidays,
		Consent:      "Consent",
		SoftOptIn:    "Treat as no",
		Content:      "Identity; how to opt out",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "en", Words: []string{"STOP"}, Reviewed: true},
		},
		TwoWay:    SupportUnknown,
		SenderID:  SupportUnknown,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Note: "Numbers on the Do Not Disturb list get no promotional texts, consent or not: the operators " +
			"drop them.",
		Sources: []Source{
			{
				"NCC, rules on unsolicited calls and SMS",
				"https://consumer.ncc.gov.ng/articles/33-rules-on-unsolicited-calls-and-sms",
			},
		},
	},
}
