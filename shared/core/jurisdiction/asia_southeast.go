package jurisdiction

import "time"

var asiaSoutheast = []Entry{
	{
		Place: "TH",
		Name:  "Thailand",
		Law:   "Personal Data Protection Act B.E. 2562; NBTC rules for operators",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       daily(TierRegulator, "09:00-21:00"),
				Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
				Citation:  "NBTC framework, 09:00-21:00, as vendors give it",
				Certainty: Mixed,
				Note:      "The regulator's own text was not found; strict adds evenings and days off.",
			},
		},
		Holidays:     thHolidays,
		Consent:      "Explicit consent",
		SoftOptIn:    "Treat as no",
		Content:      "Identity; how to opt out",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "th", Words: []string{"หยุด", "ยกเลิก", "เลิก"}},
		},
		TwoWay:    No,
		SenderID:  RegisteredOnly,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Note:      "Texts cannot be answered: opt-outs need a link.",
		Sources: []Source{
			{
				"Telerivet, business SMS in Thailand",
				"https://www.telerivet.com/blog/thailand-sms-compliance-nbtc-line-whatsapp",
			},
			{"Sent, Thailand", "https://www.sent.dm/resources/th_sms_guidance"},
		},
	},
	{
		Place: "MY",
		Name:  "Malaysia",
		Law:   "Communications and Multimedia Act 1998 and MCMC directions; Personal Data Protection Act 2010",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       daily(TierCarrier, "08:00-20:00"),
				Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
				Citation:  "Operators' window, 08:00-20:00 by one vendor",
				Certainty: Mixed,
				Note:      "Another vendor shuts promotions from 23:00 to 07:00 only; the stricter reading stands.",
			},
		},
		Holidays:  myHolidays,
		Consent:   "Explicit consent",
		SoftOptIn: "Treat as no",
		Content: "\"RM0\" first, then the brand; no links, call-back numbers or requests for personal data unless " +
			"listed",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "ms", Words: []string{"BATAL", "HENTI", "BERHENTI"}},
		},
		TwoWay:    SupportUnknown,
		SenderID:  No,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Sources: []Source{
			{"Sent, Malaysia", "https://www.s.dm/resources/my-sms-guidance"},
			{
				"SMSGlobal, Malaysia",
				"https://knowledgebase.smsglobal.com/en/articles/5185769-malaysia-laws-and-regulations",
			},
			{
				"Whispir, MCMC directive of 2023",
				"https://help.whispir.com/hc/en-us/articles/33692483925145-SMS-and-SenderID-Regulation-in-Malaysia",
			},
		},
	},
	{
		Place: "ID",
		Name:  "Indonesia",
		Law:   "UU 27/2022 on personal data (UU PDP); UU ITE",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       daily(TierDefault, "00:00-24:00"),
				Strict:    hours(TierGuidance, "09:00-20:00", "09:00-18:00", "none", "none"),
				Citation:  "No rule on hours of texts was found; a vendor says 08:00-20:00",
				Certainty: Mixed,
				Note: "A consumers' group asked for a regulation on offers by text, which had not come when last seen " +
					"(2021).",
			},
		},
		Holidays:     idHolidays,
		Consent:      "Explicit consent",
		SoftOptIn:    "Treat as no",
		Content:      "Brand in the sender ID; how to opt out",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "id", Words: []string{"BERHENTI", "BATAL"}},
		},
		TwoWay:    No,
		SenderID:  RegisteredOnly,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Note:      "Texts cannot be answered: opt-outs need a link.",
		Sources: []Source{
			{"Sent, Indonesia", "https://www.sent.dm/resources/indonesia-sms-guide"},
			{
				"Archyde, BRTI was asked for a regulation (2021)",
				"https://www.archyde.com/before-disbanding-brti-was-asked-to-complete-the-regulation-on-offer-sms-all-pages/",
			},
		},
	},
	{
		Place: "PH",
		Name:  "Philippines",
		Law: "NTC Memorandum Circular 03-03-2005, amended by 04-07-2009 and 07-08-2018; Data Privacy Act of " +
			"2012",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       daily(TierRegulator, "07:00-21:00"),
				Strict:    daily(TierRegulator, "07:00-21:00"),
				Citation:  "NTC Memorandum Circular 03-03-2005",
				Certainty: Found,
			},
		},
		Holidays:  phHolidays,
		Consent:   "Prior written consent, by an act of the subscriber; who does not reply counts as opted out",
		SoftOptIn: "No",
		Content: "Name of the operator or content provider; addresses or numbers and the command to opt out, " +
			"free",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "tl", Words: []string{"HINTO", "TIGIL", "ITIGIL"}},
		},
		TwoWay:    SupportUnknown,
		SenderID:  SupportUnknown,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Sources: []Source{
			{"NTC MC 03-03-05", "https://legaldex.com/laws/rules-and-regulations-on-broadcast-messaging-service"},
			{
				"Philippine Star, MC 04-07-2009",
				"https://philstar.com/headlines/2009/07/08/484421/ntc-bans-sending-push-messages",
			},
		},
	},
	{
		Place: "VN",
		Name:  "Vietnam",
		Law:   "Decree 91/2020/ND-CP against spam; Law on Advertising",
		Rules: []Rule{
			{
				Until:     date("2020-10-01"),
				AsOf:      date("2026-11-28"),
				Law:       daily(TierDefault, "00:00-24:00"),
				Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
				Citation:  "No rule on hours of texts before Decree 91/2020",
				Certainty: General,
			},
			{
				From:      date("2020-10-01"),
				AsOf:      date("2026-11-28"),
				Law:       daily(TierLaw, "07:00-22:00"),
				Strict:    daily(TierLaw, "07:00-22:00"),
				Citation:  "Decree 91/2020/ND-CP art. 13",
				Certainty: Found,
				Note:      "The recipient may agree to other hours, which is not relied on.",
			},
		},
		Caps: []Cap{
			{
				Limit:     3,
				Window:    24 * time.Hour,
				From:      date("2020-10-01"),
				AsOf:      date("2026-11-28"),
				Citation:  "Decree 91/2020/ND-CP art. 13",
				Tier:      TierLaw,
				Certainty: Found,
			},
		},
		Holidays:     vnHolidays,
		Consent:      "Consent; no number of the do-not-call register; one text may ask for it",
		SoftOptIn:    "No",
		Content:      "[QC] or [AD] first; who advertises; at the end how to refuse, by text and by call",
		OptOutWithin: "At once, with one confirmation",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "vi", Words: []string{"TU CHOI", "TUCHOI", "HUY", "TỪ CHỐI", "HỦY", "DỪNG"}},
		},
		TwoWay:    SupportUnknown,
		SenderID:  SupportUnknown,
		AsOf:      date("2026-11-28"),
		Certainty: Found,
		Sources: []Source{
			{
				"DLA Piper, electronic marketing in Vietnam",
				"https://www.dlapiperdataprotection.com/index.html?c=VN&t=electronic-marketing",
			},
			{
				"LawNet, Decree 91/2020 art. 14 to 16",
				"https://lawnet.vn/thong-tin-phap-luat/en/chinh-sach-moi/vietnam-advertising-message-requirements-tagging-and-option-to-unsubscribe-from-advertising-messages-115219.html",
			},
		},
	},
}
