package jurisdiction

var europeEast = []Entry{
	{
		Place: "PL", Name: "Poland",
		Law: "Prawo komunikacji elektronicznej art. 398, since 2024-11-10",
		Rules: []Rule{{
			Law:       daily(TierDefault, "00:00-24:00"),
			Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
			Citation:  "No rule on hours of texts was found",
			Certainty: General,
		}},
		Holidays:     plHolidays,
		Consent:      "Prior consent",
		SoftOptIn:    "No",
		Content:      "Identity; how to opt out, in each message",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it (GDPR)",
		OptOutWords: []Words{
			{Language: "pl", Words: []string{"REZYGNUJE", "WYPISZ", "KONIEC"}},
		},
		TwoWay: Yes, SenderID: Yes,
		Certainty: Mixed,
		Sources: []Source{
			{
				"Privacy Cats, direct marketing in Poland, Slovakia, Hungary",
				"https://privacycats.com/posts/direct-marketing-in-poland-slovakia-hungary",
			},
			srcAWS,
		},
	},
	{
		Place: "CZ", Name: "Czechia",
		Law: "Act 480/2004 § 7",
		Rules: []Rule{{
			Law:       daily(TierDefault, "00:00-24:00"),
			Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
			Citation:  "No rule on hours of texts was found",
			Certainty: General,
		}},
		Holidays:     czHolidays,
		Consent:      "Prior consent",
		SoftOptIn:    "Yes",
		Content:      "Identity; marked as commercial (\"OS\" or \"obchodní sdělení\"); how to opt out",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it (GDPR)",
		OptOutWords: []Words{
			{Language: "cs", Words: []string{"ODHLASIT", "KONEC"}},
		},
		TwoWay: Yes, SenderID: Yes,
		Certainty: General,
		Sources: []Source{
			srcAWS,
		},
	},
	{
		Place: "RO", Name: "Romania",
		Law: "Law 506/2004 art. 12",
		Rules: []Rule{{
			Law:       daily(TierDefault, "00:00-24:00"),
			Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
			Citation:  "No rule on hours of texts was found",
			Certainty: General,
		}},
		Holidays:     roHolidays,
		Consent:      "Prior express consent",
		SoftOptIn:    "Yes",
		Content:      "Identity; how to opt out, in each message",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it (GDPR)",
		OptOutWords: []Words{
			{Language: "ro", Words: []string{"DEZABONARE", "OPRESTE", "RENUNT"}},
		},
		TwoWay: Yes, SenderID: Yes,
		Certainty: General,
		Sources: []Source{
			srcAWS,
		},
	},
	{
		Place: "HU", Name: "Hungary",
		Law: "Act XLVIII of 2008 (Grt.) § 6",
		Rules: []Rule{{
			Law:       daily(TierDefault, "00:00-24:00"),
			Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
			Citation:  "No rule on hours of texts was found",
			Certainty: General,
		}},
		Holidays:     huHolidays,
		Consent:      "Prior express consent; keep a register of consents",
		SoftOptIn:    "No (treated as none)",
		Content:      "Identity; how to opt out, in each message",
		OptOutWithin: "At once",
		Retention:    "The register of consents, as long as it is relied on",
		OptOutWords: []Words{
			{Language: "hu", Words: []string{"LEIRATKOZAS", "LEALL", "TILTAS"}},
		},
		TwoWay: Yes, SenderID: No,
		Certainty: General,
		Sources: []Source{
			{
				"Privacy Cats, direct marketing in Poland, Slovakia, Hungary",
				"https://privacycats.com/posts/direct-marketing-in-poland-slovakia-hungary",
			},
			srcAWS,
		},
	},
}
