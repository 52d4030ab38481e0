package jurisdiction

var europeNorth = []Entry{
	{
		Place: "SE", Name: "Sweden",
		Law: "Marknadsföringslagen §§ 19-21",
		Rules: []Rule{{
			Law:       daily(TierDefault, "00:00-24:00"),
			Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
			Citation:  "No rule on hours of texts was found",
			Certainty: General,
		}},
		Holidays:     seHolidays,
		Consent:      "Prior consent (natural persons)",
		SoftOptIn:    "Yes, § 19(2)",
		Content:      "Identity; a free way to opt out, in each message",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it (GDPR)",
		OptOutWords: []Words{
			{Language: "sv", Words: []string{"SLUTA", "AVSLUTA", "AVREGISTRERA"}},
		},
		TwoWay: Yes, SenderID: Yes,
		Certainty: General,
		Sources: []Source{
			srcAWS,
		},
	},
	{
		Place: "DK", Name: "Denmark",
		Law: "Markedsføringsloven § 10",
		Rules: []Rule{{
			Law:       daily(TierDefault, "00:00-24:00"),
			Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
			Citation:  "No rule on hours of texts was found",
			Certainty: General,
		}},
		Holidays:     dkHolidays,
		Consent:      "Prior consent of any recipient, businesses too; told how to withdraw before consenting",
		SoftOptIn:    "Treat as no: the exemption for similar products is described for e-mail",
		Content:      "Identity; a free way to opt out, in each message",
		OptOutWithin: "At once",
		Retention:    "Proof of consent 2 years suggested",
		OptOutWords: []Words{
			{Language: "da", Words: []string{"STOP", "AFMELD", "FRAMELD"}},
		},
		TwoWay: Yes, SenderID: Yes,
		Certainty: Mixed,
		Sources: []Source{
			{"Clemens, spamforbuddet", "https://clemenslaw.adtention.dev/en/aktuelt/spamforbuddet/"},
			{
				"DLA Piper, data protection Denmark",
				"https://www.dlapiperdataprotection.com/index.html?t=electronic-marketing&c=DK",
			},
			srcAWS,
		},
	},
	{
		Place: "FI", Name: "Finland",
		Law: "Act 917/2014 §§ 200-203",
		Rules: []Rule{{
			Law:       daily(TierDefault, "00:00-24:00"),
			Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
			Citation:  "No rule on hours of texts was found",
			Certainty: General,
		}},
		Holidays:     fiHolidays,
		Consent:      "Prior consent (natural persons)",
		SoftOptIn:    "Yes: the same product group",
		Content:      "Identity; a free way to opt out, in each message",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it (GDPR)",
		OptOutWords: []Words{
			{Language: "fi", Words: []string{"LOPETA", "POISTU", "PERUUTA"}},
		},
		TwoWay: Yes, SenderID: Yes,
		Certainty: General,
		Sources: []Source{
			srcAWS,
		},
	},
	{
		Place: "NO", Name: "Norway",
		Law: "Markedsføringsloven § 15, which names SMS",
		Rules: []Rule{{
			Law:       daily(TierDefault, "00:00-24:00"),
			Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
			Citation:  "No rule on hours of texts was found",
			Certainty: General,
		}},
		Holidays:     noHolidays,
		Consent:      "Prior consent",
		SoftOptIn:    "Yes, § 15(3): existing customers, own similar products",
		Content:      "Identity; a free way to opt out, in each message",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it (GDPR)",
		OptOutWords: []Words{
			{Language: "nb", Words: []string{"STOPP", "AVSLUTT"}},
		},
		TwoWay: Yes, SenderID: Yes,
		Certainty: Mixed,
		Sources: []Source{
			{"Forbrukertilsynet, guidelines", "https://forbrukertilsynet.no/?p=2165"},
			{"Bull, SMS marketing", "https://www.bull.no/sms-marketing-more-stringent-requirements-for-consent/"},
			srcAWS,
		},
	},
}
