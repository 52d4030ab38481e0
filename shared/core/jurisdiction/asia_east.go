package jurisdiction

var asiaEast = []Entry{
	{
		Place: "KR",
		Name:  "South Korea",
		Law:   "Information and Communications Network Act (정보통신망법) art. 50",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       daily(TierLaw, "08:00-21:00"),
				Strict:    daily(TierLaw, "08:00-21:00"),
				Citation:  "Information and Communications Network Act art. 50(3)",
				Certainty: Found,
				Note:      "A separate consent opens the night from 21:00 to 08:00, which is not relied on.",
			},
		},
		Holidays: krHolidays,
		Consent: "Explicit prior consent; asked again every two years (Information and Communications Network Act " +
			"art. 50(8), Enforcement Decree art. 62-3)",
		ConsentYears: 2,
		SoftOptIn:    "A trade relationship, up to 6 months after it ended",
		Content:      "(광고) first; sender's name and contact; a free way to refuse (무료수신거부) at the end",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "ko", Words: []string{"수신거부", "거부", "해지", "중단", "그만"}},
		},
		TwoWay:    SupportUnknown,
		SenderID:  SupportUnknown,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Note:      "That consent is confirmed every two years is general knowledge: the text of art. 50(8) was not read.",
		Sources: []Source{
			{"Act art. 50, quoted by Youngsan", "https://ucol.ysu.ac.kr/kor/CMS/Contents/Contents.do?mCode=MN184"},
			{"a-ha, a lawyer on advertising texts", "https://a-ha.io/questions/4f8953afe0582d1ca23daf5c1ec08440"},
			{
				"Smscore, what advertising texts must show",
				"http://smscore.co.kr/webuser/page/contents_advertise02.html",
			},
		},
	},
	{
		Place:     "HK",
		Name:      "Hong Kong",
		Law:       "Unsolicited Electronic Messages Ordinance (Cap. 593); Personal Data (Privacy) Ordinance part 6A",
		Rules:     noRule,
		Holidays:  hkHolidays,
		Consent:   "Consent, or a number that is not in the do-not-call register",
		SoftOptIn: "Consent is what lifts the register",
		Content: "Sender and how to reach it, valid for 30 days; an unsubscribe statement and a free facility, " +
			"open for 30 days",
		OptOutWithin: "10 working days",
		Retention:    "Unsubscribe requests 3 years",
		OptOutWords: []Words{
			{Language: "zh", Words: []string{"取消", "退訂", "停止", "取消訂閱"}},
		},
		TwoWay:    SupportUnknown,
		SenderID:  SupportUnknown,
		AsOf:      date("2026-11-28"),
		Certainty: Found,
		Sources: []Source{
			{"Cap. 593 s. 9", "http://www.hklii.org/hk/legis/en/ord/593/s9.html"},
			{"Cap. 593 s. 8", "http://www.hklii.org/hk/legis/en/ord/593/s8.html"},
			{"OFCA, the ordinance", "https://www.ofca.gov.hk/en/industry_focus/industry_focus/uemo/index.html"},
		},
	},
	{
		Place: "TW",
		Name:  "Taiwan",
		Law: "Personal Data Protection Act art. 20; Fraud Crime Hazard Prevention Act (links and numbers " +
			"must be listed with the operator)",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       daily(TierDefault, "00:00-24:00"),
				Strict:    hours(TierGuidance, "09:00-20:00", "09:00-18:00", "none", "none"),
				Citation:  "No rule on hours of texts was found; a vendor says 09:00-21:00, and not from 12:30 to 13:30",
				Certainty: Mixed,
				Note:      "The pause at noon is not kept: no other source bears it out.",
			},
		},
		Holidays:     twHolidays,
		Consent:      "Consent",
		SoftOptIn:    "Treat as no",
		Content:      "Identity; how to refuse, free, at the first message (art. 20)",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "zh", Words: []string{"取消", "退訂", "停止", "取消訂閱"}},
		},
		TwoWay:    No,
		SenderID:  No,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Note:      "By the vendor texts cannot be answered and senders are overwritten: opt-outs need a link.",
		Sources: []Source{
			{"Sent, Taiwan", "https://www.sent.dm/resources/tw-sms-guidance"},
			{
				"Taipei Times, white lists for links in texts (2024)",
				"https://www.taipeitimes.com/News/taiwan/archives/2024/11/14/2003826886",
			},
		},
	},
}
