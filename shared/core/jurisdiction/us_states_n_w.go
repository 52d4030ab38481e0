package jurisdiction

import "time"

var usStatesNToW = []Entry{
	federalOnly(
		"US-NE",
		"Nebraska",
		"Recorded messages are limited to 13:00-21:00 on holidays by one list; texts are not known to be. Hours as federal.",
	),
	{
		Place: "US-NV", Name: "Nevada",
		Rules: []Rule{{
			Law:       daily(TierLawCalls, "09:00-20:00"),
			Strict:    daily(TierLawCalls, "09:00-20:00"),
			Citation:  "Telephone solicitation hours, as the state guide gives them",
			Certainty: Found,
			Note:      "About calls; reach to texts is not established.",
		}},
		Certainty: Found,
		Sources: []Source{
			srcStates,
		},
	},
	federalOnly("US-NH", "New Hampshire", ""),
	{
		Place: "US-NJ", Name: "New Jersey",
		Rules: []Rule{{
			From:      date("2023-12-01"),
			Law:       daily(TierLawCalls, "08:00-20:00"),
			Strict:    daily(TierLawCalls, "08:00-20:00"),
			Citation:  "S921 (2023)",
			Certainty: Mixed,
			Note:      "Vendors say 20:00, others 21:00; the stricter reading stands.",
		}},
		Certainty: Mixed,
		Sources: []Source{
			srcReferrizer,
			srcRoundUp,
		},
	},
	{
		Place: "US-NM", Name: "New Mexico",
		Rules: []Rule{{
			Law:       daily(TierLawCalls, "09:00-21:00"),
			Strict:    daily(TierLawCalls, "09:00-21:00"),
			Citation:  "Telephone solicitation hours, as the state guide gives them",
			Certainty: Found,
			Note:      "About calls; reach to texts is not established.",
		}},
		Certainty: Found,
		Sources: []Source{
			srcStates,
		},
	},
	{
		Place:     "US-NY",
		Name:      "New York",
		Certainty: General,
		Note:      "GBL 399-p and 399-z may reach texts, and bar solicitation in a declared state of emergency: pause by hand. Hours as federal.",
	},
	federalOnly("US-NC", "North Carolina", ""),
	federalOnly("US-ND", "North Dakota", ""),
	federalOnly("US-OH", "Ohio", ""),
	{
		Place: "US-OK",
		Name:  "Oklahoma",
		Law:   "15 O.S. 775C.4 (Telephone Solicitation Act of 2022)",
		Rules: []Rule{{
			From:      date("2022-11-01"),
			Law:       daily(TierLaw, "08:00-20:00"),
			Strict:    daily(TierLaw, "08:00-20:00"),
			Citation:  "15 O.S. 775C.4",
			Certainty: Found,
			Note:      "Existing business relationships are exempt, which is not relied on.",
		}},
		Caps: []Cap{
			{
				Limit:     3,
				Window:    24 * time.Hour,
				From:      date("2022-11-01"),
				Citation:  "15 O.S. 775C.4",
				Tier:      TierLaw,
				Certainty: Found,
				Note:      "The law counts calls on the same subject and exempts existing business relationships; every promotional text counts here.",
			},
		},
		Consent:   "An area code presumes the state",
		Certainty: Found,
		Sources: []Source{
			{"DNC.com, Oklahoma Telephone Solicitation Act", "https://dnc.dreamhosters.com/?p=1309"},
			{
				"KFOR, Oklahoma Senate vote",
				"https://kfor.com/news/oklahoma-legislature/oklahoma-state-senate-votes-to-prohibit-certain-solicitation-calls/",
			},
		},
	},
	{
		Place: "US-OR",
		Name:  "Oregon",
		Law:   "HB 3865 (2025)",
		Rules: []Rule{{
			From:      date("2026-01-01"),
			Law:       daily(TierLaw, "08:00-20:00"),
			Strict:    daily(TierLaw, "08:00-20:00"),
			Citation:  "HB 3865 (2025)",
			Certainty: Found,
		}},
		Caps: []Cap{
			{
				Limit:     3,
				Window:    24 * time.Hour,
				From:      date("2026-01-01"),
				Citation:  "HB 3865 (2025)",
				Tier:      TierLaw,
				Certainty: Found,
				Note:      "Business relationships of up to 18 months and replies are exempt; that of relationships is not relied on.",
			},
		},
		Certainty: Found,
		Note:      "The sender may rely on the area code.",
		Sources: []Source{
			{"Postscript, Oregon House Bill 3865", "https://postscript.io/blog/oregon-house-bill-3865"},
			{
				"JD Supra, Oregon passes new telephone law",
				"https://production.jdsupra.com/legalnews/oregon-passes-new-telephone-8210765",
			},
		},
	},
	{
		Place: "US-PA", Name: "Pennsylvania",
		Rules: []Rule{{
			Law:       hours(TierLawCalls, "08:00-21:00", "08:00-21:00", "08:00-21:00", "none"),
			Strict:    hours(TierLawCalls, "08:00-21:00", "08:00-21:00", "08:00-21:00", "none"),
			Citation:  "Pennsylvania Telemarketer Registration Act",
			Certainty: Mixed,
			Note:      "One vendor list ends Saturday at noon, which no other source bears out; it is not taken.",
		}},
		Holidays:  paHolidays,
		Certainty: Mixed,
		Sources: []Source{
			srcStates,
		},
	},
	{
		Place: "US-RI", Name: "Rhode Island",
		Rules: []Rule{
			{
				Law:       hours(TierLawCalls, "09:00-18:00", "10:00-17:00", "none", "none"),
				Strict:    hours(TierLawCalls, "09:00-18:00", "10:00-17:00", "none", "none"),
				Citation:  "R.I. Gen. Laws 5-61-3.6",
				Certainty: Mixed,
				Note:      "The statute covers numbers of a \"mobile or telephonic paging device\". One vendor list allows Sunday 10:00-17:00; the stricter reading stands.",
			},
		},
		Holidays:  riHolidays,
		Certainty: Mixed,
		Sources: []Source{
			{"R.I. Gen. Laws 5-61-3.6", "http://webserver.rilin.state.ri.us/Statutes/TITLE5/5-61/5-61-3.6.HTM"},
			srcReferrizer,
		},
	},
	{
		Place: "US-SC", Name: "South Carolina",
		Law: "S.C. Code 37-21-20 to -80, which names texts",
		Rules: []Rule{{
			Law:       daily(TierLaw, "08:00-21:00"),
			Strict:    daily(TierLaw, "08:00-21:00"),
			Citation:  "S.C. Code 37-21-20, 37-21-30",
			Certainty: Found,
		}},
		OptOutWithin: "As federal; honoured at least 5 years",
		OptOutYears:  5,
		Certainty:    Found,
		Sources: []Source{
			{"S.C. Code 37-21-70", "https://www.lawserver.com/law/state/south-carolina/sc-code/south_carolina_code_37-21-70"},
			{
				"WBK, South Carolina Telephone Privacy Protection Act",
				"https://thewbkfirm.com/industry/south-carolina-enacts-telephone-privacy-protection-act",
			},
		},
	},
	federalOnly("US-SD", "South Dakota", ""),
	{
		Place: "US-TN", Name: "Tennessee",
		Law: "Tenn. Code 65-4-401, which names texts since 2023",
		Rules: []Rule{{
			From:      date("2023-07-01"),
			Law:       daily(TierLaw, "08:00-21:00"),
			Strict:    daily(TierLaw, "08:00-21:00"),
			Citation:  "Tenn. Code 65-4-401 (SB 868)",
			Certainty: Found,
		}},
		Certainty: Found,
		Sources: []Source{
			{
				"TCPAWorld, Mississippi and Tennessee (2023)",
				"https://tcpaworld.com/2023/04/10/mississippi-and-tennessee-make-updates-to-current-state-telemarketing-laws-see-what-is-new-and-whats-to-come/",
			},
		},
	},
	{
		Place: "US-TX", Name: "Texas",
		Law: "Tex. Bus. & Com. Code 301 to 305 (SB 140, 2025)",
		Rules: []Rule{
			{
				From:      date("2025-09-01"),
				Law:       hours(TierLaw, "09:00-21:00", "09:00-21:00", "12:00-21:00", "09:00-21:00"),
				Strict:    hours(TierLaw, "09:00-21:00", "09:00-21:00", "12:00-21:00", "09:00-21:00"),
				Citation:  "Tex. Bus. & Com. Code 301.051 (SB 140)",
				Certainty: Found,
				Note:      "An express request and an existing business relationship (undefined) are exempt, which is not relied on.",
			},
		},
		Certainty: Found,
		Note:      "By a settlement of 2025-11-06, which does not bind courts, senders of consented texts need not register.",
		Sources: []Source{
			{"Attentive, Texas amendments", "https://www.attentive.com/blog/sms-compliance-texas-amendments"},
			{
				"Telnyx, Texas mini-TCPA applies to texts",
				"https://support.telnyx.com/en/articles/12141904-legal-update-texas-s-mini-tcpa-now-applies-to-texts",
			},
			{
				"Sidley, Texting in Texas (2025)",
				"https://datamatters.sidley.com/2025/12/03/texting-in-texas-texas-ag-settlement-clarifies-no-registration-needed-for-consent-based-text-messaging",
			},
		},
	},
	{
		Place: "US-UT", Name: "Utah",
		Rules: []Rule{
			{
				Law:       daily(TierDefault, "00:00-24:00"),
				Strict:    hours(TierLawCalls, "08:00-21:00", "08:00-21:00", "none", "none"),
				Citation:  "Utah telephone solicitation rules, as DNC.com gives them",
				Certainty: Mixed,
				Note:      "Sundays and holidays are shut absent consent. No promotional text goes out without consent here, so law does not apply them; strict does.",
			},
		},
		Holidays:  utHolidays,
		Certainty: Mixed,
		Sources: []Source{
			srcDNC2019,
		},
	},
	federalOnly("US-VT", "Vermont", ""),
	{
		Place: "US-VA",
		Name:  "Virginia",
		Law:   "Virginia Telephone Privacy Protection Act (SB 1339, 2025)",
		Rules: []Rule{{
			From:      date("2026-01-01"),
			Law:       daily(TierLaw, "08:00-21:00"),
			Strict:    daily(TierLaw, "08:00-21:00"),
			Citation:  "Va. Code 59.1-510 ff. (SB 1339)",
			Certainty: Found,
			Note:      "The hours give way to prior consent, which changes nothing: they are the federal ones.",
		}},
		OptOutWithin: "As federal; STOP or UNSUBSCRIBE by text is honoured at least 10 years",
		OptOutYears:  10,
		Certainty:    Found,
		Note:         "Seller and solicitor are jointly liable; the do-not-call lists bind but for signed written permission.",
		Sources: []Source{
			{"McGuireWoods Consulting, SB 1339", "https://mwcllc.com/2025/05/13/virginia-telemarketer-law"},
			{
				"Mondaq, Virginia's little TCPA",
				"https://www.mondaq.com/unitedstates/privacy-protection/1738886/virginia-legislature-emphasizes-its-little-tcpa-applies-to-texts",
			},
			{
				"Kelley Drye, texting in Virginia",
				"https://www.kelleydrye.com/viewpoints/blogs/ad-law-access/texting-in-virginia-not-just-for-lovers-telemarketing-law-amendments-effective-july-1/",
			},
		},
	},
	{
		Place: "US-WA", Name: "Washington",
		Law: "RCW 19.190.060 and .070 (CEMA) bar unsolicited commercial texts",
		Rules: []Rule{{
			Law:       daily(TierLawCalls, "08:00-20:00"),
			Strict:    daily(TierLawCalls, "08:00-20:00"),
			Citation:  "RCW 19.158.040(2), 80.36.390",
			Certainty: Found,
			Note:      "About calls; the stricter reading stands.",
		}},
		Consent:   "Clear consent in advance (RCW 19.190.070)",
		Certainty: Found,
		Sources: []Source{
			{"RCW 19.158.040", "https://app.leg.wa.gov/RCW/default.aspx?cite=19.158.040"},
			{"RCW 19.190.060", "http://app.leg.wa.gov/RCW/default.aspx?cite=19.190.060"},
			{
				"DWT, Washington telemarketing restrictions (2022)",
				"https://www.dwt.com/blogs/family-business-resource-center/2022/08/washington-tcpa-telemarketing-restrictions-law",
			},
		},
	},
	federalOnly("US-WV", "West Virginia", ""),
	federalOnly("US-WI", "Wisconsin", ""),
	federalOnly("US-WY", "Wyoming", ""),
}
