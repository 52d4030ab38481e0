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
			AsOf:      date("2026-11-23"),
			Citation:  "Telephone solicitation hours, as the state guide gives them",
			Certainty: Found,
			Note:      "About calls; reach to texts is not established.",
		}},
		AsOf:      date("2026-11-23"),
		Certainty: Found,
		Sources: []Source{
			srcStates,
		},
	},
	federalOnly("US-NH", "New Hampshire", ""),
	{
		Place: "US-NJ", Name: "New Jersey",
		Law: "N.J.S.A. 56:8-119 to -135",
		Rules: []Rule{{
			AsOf:      date("2026-11-28"),
			Law:       daily(TierLawCalls, "08:00-21:00"),
			Strict:    daily(TierGuidance, "08:00-20:00"),
			Citation:  "N.J.S.A. 56:8-128(d)",
			Certainty: Found,
			Note:      "The statute bars 21:00 to 08:00 and speaks of telemarketing sales calls. Vendors say 20:00: strict takes it.",
		}},
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Sources: []Source{
			{
				"N.J.S.A. 56:8-128",
				"https://d1tvxue8o4w0fl.cloudfront.net/statute/new-jersey-statutes/title-56-trade-names-trade-marks-and-unfair-trade-practices/chapter-568/section-568-128-requirements-relative-to-telemarketing-sales-calls",
			},
			srcReferrizer,
			srcRoundUp,
		},
	},
	{
		Place: "US-NM", Name: "New Mexico",
		Rules: []Rule{{
			AsOf:      date("2026-11-28"),
			Law:       daily(TierLawCalls, "09:00-21:00"),
			Strict:    daily(TierLawCalls, "09:00-21:00"),
			Citation:  "N.M. Stat. 57-12-22(B)(5)",
			Certainty: Found,
			Note:      "About calls; reach to texts is not established.",
		}},
		AsOf:      date("2026-11-28"),
		Certainty: Found,
		Sources: []Source{
			{
				"N.M. Stat. 57-12-22 (copy of 2006)",
				"https://law.justia.com/codes/new-mexico/2006/nmrc/jd_57-12-22-13117.html",
			},
			srcStates,
		},
	},
	{
		Place: "US-NY",
		Name:  "New York",
		Law:   "General Business Law 399-p and 399-z, which cover texts since 2021-08-12 (S.3941)",
		Rules: []Rule{{
			From:      date("2021-08-12"),
			AsOf:      date("2026-11-28"),
			Pending:   "A1250/S6853 of 2025: the pause in emergencies only where the declaration says so, for two weeks at a time",
			Law:       daily(TierLaw, "08:00-21:00"),
			Strict:    daily(TierLaw, "08:00-21:00"),
			Citation:  "General Business Law 399-z(2)",
			Certainty: Found,
		}},
		AsOf:      date("2026-11-28"),
		Certainty: Found,
		Note: "While a state of emergency is declared for the place, 399-z(5-a) bars unsolicited solicitation there, texts " +
			"included: pause by hand.",
		Sources: []Source{
			{
				"General Business Law 399-z",
				"https://www.nysenate.gov/legislation/laws/GBS/399-Z/",
			},
			{
				"WSGR, New York adds text messages (2021)",
				"https://wsgr.com/en/insights/new-york-adds-text-messages-to-telemarketing-regulations.html",
			},
			{"New York A1250 (2025)", "https://assembly.state.ny.us/leg/?Text=Y&bn=A1250&term=2025"},
		},
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
			AsOf:      date("2026-11-23"),
			Citation:  "15 O.S. 775C.4",
			Certainty: Found,
			Note:      "Existing business relationships are exempt, which is not relied on.",
		}},
		Caps: []Cap{
			{
				Limit:     3,
				Window:    24 * time.Hour,
				From:      date("2022-11-01"),
				AsOf:      date("2026-11-23"),
				Citation:  "15 O.S. 775C.4",
				Tier:      TierLaw,
				Certainty: Found,
				Note:      "The law counts calls on the same subject and exempts existing business relationships; every promotional text counts here.",
			},
		},
		Consent:   "An area code presumes the state",
		AsOf:      date("2026-11-23"),
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
			AsOf:      date("2026-11-23"),
			Citation:  "HB 3865 (2025)",
			Certainty: Found,
		}},
		Caps: []Cap{
			{
				Limit:     3,
				Window:    24 * time.Hour,
				From:      date("2026-01-01"),
				AsOf:      date("2026-11-23"),
				Citation:  "HB 3865 (2025)",
				Tier:      TierLaw,
				Certainty: Found,
				Note:      "Business relationships of up to 18 months and replies are exempt; that of relationships is not relied on.",
			},
		},
		AsOf:      date("2026-11-23"),
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
		Law: "Telemarketer Registration Act (Act 147 of 1996)",
		Rules: []Rule{{
			AsOf: date("2026-11-28"),
			Pending: "SB 992 of 2025-2026: texts are covered, nothing on Sundays and from 19:00 to 09:00; the Senate passed it, " +
				"whether it is law is not known",
			Law:       hours(TierLawCalls, "08:00-21:00", "08:00-21:00", "08:00-21:00", "none"),
			Strict:    hours(TierDefault, "09:00-19:00", "09:00-19:00", "none", "none"),
			Citation:  "Telemarketer Registration Act; SB 992 for strict",
			Certainty: Mixed,
			Note: "Strict takes the hours of the pending bill. One vendor list ends Saturday at noon, which no other source " +
				"bears out; it is not taken.",
		}},
		Holidays:  paHolidays,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Sources: []Source{
			{
				"Pennsylvania Senate, SB 992 passes",
				"https://www.pasenategop.com/news/brooks-bill-to-strengthen-protections-against-telemarketers-passes-senate",
			},
			{
				"DNC.com, Pennsylvania's legal holidays",
				"https://dnc.dreamhosters.com/update-pennsylvania-governor-signs-new-robocall-restrictions-law",
			},
			{"BillTrack50, PA SB 992", "https://www.billtrack50.com/billdetail/1905317"},
			srcStates,
		},
	},
	{
		Place: "US-RI", Name: "Rhode Island",
		Law: "R.I. Gen. Laws 5-61-2, 5-61-3.5, which names text message advertisements, and 5-61-3.6",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       hours(TierLaw, "09:00-18:00", "10:00-17:00", "none", "none"),
				Strict:    hours(TierLaw, "09:00-18:00", "10:00-17:00", "none", "none"),
				Citation:  "R.I. Gen. Laws 5-61-2(2), 5-61-3.5, 5-61-3.6",
				Certainty: Found,
				Note: "5-61-3.5 bars text advertisements but for those of a business the subscriber deals with and can tell to stop; " +
					"the hours of 5-61-3.6 are for numbers of a mobile or paging device too. 5-61-2(2) names no hours for Sundays " +
					"and holidays.",
			},
		},
		Holidays:  riHolidays,
		AsOf:      date("2026-11-28"),
		Certainty: Found,
		Sources: []Source{
			{"R.I. P.L. 2003 ch. 98 (5-61-3.5)", "http://webserver.rilin.state.ri.us/PublicLaws/law03/law03098.htm"},
			{
				"R.I. Gen. Laws 5-61-2, hours of operation",
				"https://instalawyer.io/laws/rhode-island-general-laws/section-5-61-2-definitions",
			},
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
			AsOf:      date("2026-11-23"),
			Citation:  "S.C. Code 37-21-20, 37-21-30",
			Certainty: Found,
		}},
		OptOutWithin: "As federal; honoured at least 5 years",
		OptOutYears:  5,
		AsOf:         date("2026-11-23"),
		Certainty:    Found,
		Sources: []Source{
			{"S.C. Code 37-21-70", "https://www.lawserver.com/law/state/south-carolina/sc-code/south_carolina_code_37-21-70"},
			{
				"WBK, South Carolina Telephone Privacy Protection Act",
				"https://thewbkfirm.com/industry/south-carolina-enacts-telephone-privacy-protection-act",
			},
		},
	},
	{
		Place: "US-SD", Name: "South Dakota",
		Rules: []Rule{{
			AsOf:      date("2026-11-28"),
			Law:       hours(TierLawCalls, "09:00-21:00", "none", "none", "09:00-21:00"),
			Strict:    hours(TierLawCalls, "09:00-21:00", "none", "none", "09:00-21:00"),
			Citation:  "SDCL 37-30-28",
			Certainty: Mixed,
			Note: "The statute permits solicitation by an automated dialling system on weekdays alone. Whether a text falls " +
				"under it is not established; the stricter reading stands, as for the like statute of Illinois.",
		}},
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Sources: []Source{
			{"SDCL 37-30-28", "https://lexace.ai/us/statute/south-dakota/37-30-28"},
		},
	},
	{
		Place: "US-TN", Name: "Tennessee",
		Law: "Tenn. Code 65-4-401, which names texts since 2023",
		Rules: []Rule{{
			From:      date("2023-07-01"),
			Law:       daily(TierLaw, "08:00-21:00"),
			Strict:    daily(TierLaw, "08:00-21:00"),
			AsOf:      date("2026-11-23"),
			Citation:  "Tenn. Code 65-4-401 (SB 868)",
			Certainty: Found,
		}},
		AsOf:      date("2026-11-23"),
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
				AsOf:      date("2026-11-23"),
				Citation:  "Tex. Bus. & Com. Code 301.051 (SB 140)",
				Certainty: Found,
				Note:      "An express request and an existing business relationship (undefined) are exempt, which is not relied on.",
			},
		},
		AsOf:      date("2026-11-23"),
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
		Law: "Telephone and Facsimile Solicitation Act, Utah Code 13-25a",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       hours(TierLawCalls, "08:00-21:00", "08:00-21:00", "none", "none"),
				Strict:    hours(TierLawCalls, "08:00-21:00", "08:00-21:00", "none", "none"),
				Citation:  "Utah Code 13-25a-103(3)",
				Certainty: Mixed,
				Note: "The subsection gives way to prior express consent, which is not relied on, here as elsewhere. It is about " +
					"solicitation of homes and cell phones by telephone; reach to texts is not established.",
			},
		},
		Holidays:  utHolidays,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Sources: []Source{
			{
				"Utah Code 13-25a-103",
				"https://codes.findlaw.com/ut/title-13-commerce-and-trade/ut-code-sect-13-25a-103/",
			},
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
			AsOf:      date("2026-11-23"),
			Citation:  "Va. Code 59.1-510 ff. (SB 1339)",
			Certainty: Found,
			Note:      "The hours give way to prior consent, which changes nothing: they are the federal ones.",
		}},
		OptOutWithin: "As federal; STOP or UNSUBSCRIBE by text is honoured at least 10 years",
		OptOutYears:  10,
		AsOf:         date("2026-11-23"),
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
			AsOf:      date("2026-11-23"),
			Citation:  "RCW 19.158.040(2), 80.36.390",
			Certainty: Found,
			Note:      "About calls; the stricter reading stands.",
		}},
		Consent:   "Clear consent in advance (RCW 19.190.070)",
		AsOf:      date("2026-11-23"),
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
