package jurisdiction

var middleEast = []Entry{
	{
		Place: "AE",
		Name:  "United Arab Emirates",
		Law:   "TDRA policy on unsolicited communications; Cabinet Resolution 56/2024, which covers marketing texts; DNCR",
		Rules: []Rule{
			{
				Law:       daily(TierRegulator, "09:00-18:00"),
				Strict:    daily(TierRegulator, "09:00-18:00"),
				AsOf:      date("2026-11-23"),
				Citation:  "Cabinet Resolution 56 of 2024",
				Certainty: Mixed,
				Note:      "Vendors give 07:00-21:00 for texts (TDRA); the resolution gives 09:00-18:00 for marketing calls and defines them to include texts. The stricter reading stands. Holidays have the hours of other days.",
			},
		},
		Holidays:     aeHolidays,
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
		AsOf:      date("2026-11-23"),
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
	{
		Place: "IL",
		Name:  "Israel",
		Law:   "Communications (Telecommunications and Broadcasting) Law 1982, s. 30A",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       daily(TierDefault, "00:00-24:00"),
				Strict:    hours(TierGuidance, "09:00-20:00", "none", "09:00-20:00", "none").fridays("none").eves("09:00-14:00"),
				Citation:  "Section 30A names no hours; a vendor says 08:00-22:00 from Sunday to Thursday",
				Certainty: Mixed,
				Note: "Sunday is a working day. Nothing goes out from Friday to Saturday and on holidays; their eves " +
					"end early.",
			},
		},
		Holidays:  ilHolidays,
		Consent:   "Express prior consent in writing",
		SoftOptIn: "A buyer, for similar goods, told of it and given a chance to refuse",
		Content: "Marked as advertising (פרסומת); name and address of the advertiser; the right to refuse and " +
			"how",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "he", Words: []string{"הסר", "הסירו", "להסיר", "הפסק", "די"}},
		},
		TwoWay:    SupportUnknown,
		SenderID:  SupportUnknown,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Sources: []Source{
			{
				"law.co.il, the Knesset approves the anti-spam law (2008)",
				"https://www.law.co.il/en/news/2008/05/27/knesset-approves-israeli-anti-spam-law/",
			},
			{
				"Lexology, the law is widened",
				"https://www.lexology.com/library/detail.aspx?g=5087b619-2a95-429a-bbe7-23297d478982",
			},
			{"Sent, Israel", "https://www.sent.dm/resources/il-sms-guidance"},
		},
	},
	{
		Place: "TR",
		Name:  "Türkiye",
		Law: "Law 6563 on electronic commerce; Regulation on commercial communication and commercial " +
			"electronic messages (2015); İYS",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       daily(TierDefault, "00:00-24:00"),
				Strict:    hours(TierGuidance, "09:00-20:00", "09:00-18:00", "none", "none"),
				Citation:  "No rule on hours of texts was found; vendors say 08:00-21:00",
				Certainty: Mixed,
			},
		},
		Holidays:     trHolidays,
		Consent:      "Prior approval, recorded in İYS within 3 business days",
		SoftOptIn:    "Changes, use and upkeep of what was bought need none",
		Content:      "Sender's name and contact; a free way to refuse, in each message",
		OptOutWithin: "3 business days",
		Retention:    "Approvals 3 years after they end",
		OptOutWords: []Words{
			{Language: "tr", Words: []string{"RET", "IPTAL", "İPTAL", "DUR", "ÇIK"}},
		},
		TwoWay:    No,
		SenderID:  RegisteredOnly,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Note: "By one vendor promotional texts from abroad are barred since 2021-02-15: ask the operator. Who " +
			"is a merchant needs no approval by law; here everybody does. Deadlines are general knowledge.",
		Sources: []Source{
			{
				"Moroğlu Arseven, guide to İYS",
				"https://www.morogluarseven.com/tr/news-and-publications/ileti-yonetim-sistemine-iliskin-tanitici-rehber/",
			},
			{"D7, SMS regulations in Turkey (2025)", "https://d7networks.com/blog/sms-regulations-in-turkey"},
			{"Sent, Turkey", "https://www.sent.dm/resources/tr-sms-guidance"},
		},
	},
	{
		Place: "SA",
		Name:  "Saudi Arabia",
		Law:   "CST (CITC) rules on unsolicited messages; Personal Data Protection Law",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       daily(TierCarrier, "09:00-19:00"),
				Strict:    hours(TierCarrier, "09:00-19:00", "09:00-18:00", "09:00-19:00", "none").fridays("none"),
				Citation:  "CST rules and the operators' window for promotions, as vendors give it",
				Certainty: Mixed,
				Note: "Vendors say 09:00-20:00, 06:00-19:00, 08:00-21:00 and 07:00-22:00: what they have in common " +
					"stands under both readings. Sunday is a working day, the week ends on Friday. The shorter " +
					"hours of Ramadan are not kept.",
			},
		},
		Holidays:     saHolidays,
		Consent:      "Opt-in",
		SoftOptIn:    "No",
		Content:      "-AD after the sender; how to stop, in the language of the message (3311 to 900)",
		OptOutWithin: "Within 24 hours",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "ar", Words: []string{"إلغاء", "توقف", "إيقاف"}},
		},
		TwoWay:    No,
		SenderID:  RegisteredOnly,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Note:      "Texts cannot be answered: opt-outs need a link.",
		Sources: []Source{
			{"ClickSend, Saudi Arabia", "https://help.clicksend.com/article/f2sfjgelmt-saudi-arabia"},
			{"Sent, Saudi Arabia", "https://www.sent.dm/resources/sa-sms-guidance"},
			{"Clickatell, Saudi Arabia", "https://www.clickatell.com/sms-country-regulations/saudi-arabia"},
			{
				"Wavecell, Saudi Arabia",
				"https://support.wavecell.com/hc/en-us/articles/900003333866-SAUDI-ARABIA-SMS-Products-and-Compliance",
			},
		},
	},
	{
		Place: "EG",
		Name:  "Egypt",
		Law:   "Personal Data Protection Law 151/2020; NTRA rules",
		Rules: []Rule{
			{
				AsOf:   date("2026-11-28"),
				Law:    daily(TierDefault, "00:00-24:00"),
				Strict: hours(TierGuidance, "09:00-20:00", "none", "09:00-20:00", "none").fridays("none"),
				Citation: "No rule on hours of texts was found; a vendor says 09:00-21:00, not on Fridays, Saturdays and " +
					"holidays",
				Certainty: Mixed,
				Note:      "Sunday is a working day.",
			},
		},
		Holidays:     egHolidays,
		Consent:      "Explicit consent",
		SoftOptIn:    "No",
		Content:      "Identity; a clear way to refuse",
		OptOutWithin: "At once",
		Retention:    "3 years after the last message",
		OptOutWords: []Words{
			{Language: "ar", Words: []string{"إلغاء", "توقف", "إيقاف"}},
		},
		TwoWay:    No,
		SenderID:  RegisteredOnly,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Note:      "Texts cannot be answered: opt-outs need a link.",
		Sources: []Source{
			{"Sent, Egypt", "https://www.s.dm/resources/egypt-sms-guide"},
		},
	},
}
