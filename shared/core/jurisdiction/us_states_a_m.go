package jurisdiction

import "time"

var usStatesAToM = []Entry{
	{
		Place: "US-AL", Name: "Alabama",
		Rules: []Rule{{
			Law:       hours(TierLawCalls, "08:00-20:00", "08:00-20:00", "none", "none"),
			Strict:    hours(TierLawCalls, "08:00-20:00", "08:00-20:00", "none", "none"),
			Citation:  "Alabama Public Service Commission, telephone rules",
			Certainty: Mixed,
			Note:      "By one reading the rule binds telephone utilities only; the stricter reading stands.",
		}},
		Holidays:  alHolidays,
		Certainty: Mixed,
		Sources: []Source{
			srcStates,
			srcDNC2019,
		},
	},
	federalOnly("US-AK", "Alaska", ""),
	{
		Place: "US-AZ", Name: "Arizona",
		Law: "HB 2498 (2023): texts to numbers on the do-not-call list are barred, $1,000 a violation",
		Rules: []Rule{{
			From:      date("2023-04-12"),
			Law:       daily(TierLaw, "08:00-21:00"),
			Strict:    daily(TierLaw, "08:00-21:00"),
			Citation:  "HB 2498 (2023)",
			Certainty: Found,
		}},
		Certainty: Found,
		Sources: []Source{
			srcMiniTCPA,
		},
	},
	federalOnly("US-AR", "Arkansas", ""),
	{
		Place: "US-CA", Name: "California",
		Law: "Bus. & Prof. Code 17538.41 bars unsolicited text advertisements",
		Rules: []Rule{
			{
				Law:       daily(TierLaw, "08:00-21:00"),
				Strict:    daily(TierDefault, "09:00-21:00"),
				Citation:  "Bus. & Prof. Code 17538.41; vendors cite Pub. Util. Code 2872(c)",
				Certainty: Mixed,
				Note:      "Vendor lists say 09:00, after a statute about automatic dialling devices; strict takes it, law does not.",
			},
		},
		Certainty: Mixed,
		Sources: []Source{
			srcStates2,
		},
	},
	federalOnly("US-CO", "Colorado", ""),
	{
		Place: "US-CT",
		Name:  "Connecticut",
		Law:   "Conn. Gen. Stat. 42-288a; up to $20,000 a violation",
		Rules: []Rule{{
			From:      date("2023-10-01"),
			Law:       daily(TierLaw, "09:00-20:00"),
			Strict:    daily(TierLaw, "09:00-20:00"),
			Citation:  "Conn. Gen. Stat. 42-288a (SB 1058)",
			Certainty: Found,
		}},
		Consent:   "Prior express written consent for every telephonic sales call, texts and media included; an area code presumes the state",
		Certainty: Found,
		Sources: []Source{
			{
				"Manatt, Connecticut SB 1058",
				"https://www.manatt.com/insights/newsletters/tcpa-connect/connecticut-senate-bill-1058",
			},
			{"Conn. Gen. Stat. 42-288a", "https://www.lawserver.com/law/state/connecticut/ct-laws/connecticut_statutes_42-288a"},
		},
	},
	federalOnly("US-DE", "Delaware", ""),
	federalOnly("US-DC", "District of Columbia", ""),
	{
		Place: "US-FL",
		Name:  "Florida",
		Law:   "Fla. Stat. 501.059 and 501.616 (Florida Telephone Solicitation Act)",
		Rules: []Rule{{
			Law:       daily(TierLaw, "08:00-20:00"),
			Strict:    daily(TierLaw, "08:00-20:00"),
			Citation:  "Fla. Stat. 501.616(6)",
			Certainty: Found,
		}},
		Caps: []Cap{
			{
				Limit:     3,
				Window:    24 * time.Hour,
				Citation:  "Fla. Stat. 501.616(6)",
				Tier:      TierLaw,
				Certainty: Found,
				Note:      "The law counts calls on the same subject; every promotional text counts here.",
			},
		},
		Certainty: Found,
		Note:      "Who means to sue over a text must first reply STOP and wait 15 days (HB 761, 2023): a STOP honoured at once ends the matter.",
		Sources: []Source{
			{"ClickPoint, calling hours by state", "https://blog.clickpointsoftware.com/telemarketing-calling-hours-by-state"},
			{
				"Buckley, Florida tightens restrictions (2023)",
				"https://buckleyfirm.com/blog/2023-06-07/florida-tightens-restrictions-phone-and-text-solicitations",
			},
		},
	},
	{
		Place: "US-GA", Name: "Georgia",
		Certainty: Mixed,
		Note:      "SB 73 (2024) gives a private right of action; hours as federal.",
		Sources: []Source{
			srcMiniTCPA,
		},
	},
	federalOnly("US-HI", "Hawaii", ""),
	federalOnly("US-ID", "Idaho", ""),
	{
		Place: "US-IL", Name: "Illinois",
		Rules: []Rule{{
			Law:       daily(TierLawCalls, "09:00-21:00"),
			Strict:    daily(TierLawCalls, "09:00-21:00"),
			Citation:  "815 ILCS 305",
			Certainty: Mixed,
			Note:      "The statute is about auto-dialled and recorded calls; the stricter reading stands.",
		}},
		Certainty: Mixed,
		Sources: []Source{
			srcStates,
			srcStates2,
		},
	},
	{
		Place: "US-IN", Name: "Indiana",
		Certainty: General,
		Note:      "The state keeps a do-not-call list whose reach to texts is not established; hours as federal.",
	},
	federalOnly("US-IA", "Iowa", ""),
	federalOnly("US-KS", "Kansas", ""),
	{
		Place: "US-KY", Name: "Kentucky",
		Rules: []Rule{{
			Law:       daily(TierLawCalls, "10:00-21:00"),
			Strict:    daily(TierLawCalls, "10:00-21:00"),
			Citation:  "KRS 367.46955",
			Certainty: Found,
			Note:      "About calls; reach to texts is not established.",
		}},
		Certainty: Found,
		Sources: []Source{
			srcStates,
			srcStates2,
		},
	},
	{
		Place: "US-LA",
		Name:  "Louisiana",
		Rules: []Rule{
			{
				Law:       hours(TierLaw, "08:00-20:00", "08:00-20:00", "none", "none"),
				Strict:    hours(TierLaw, "08:00-20:00", "08:00-20:00", "none", "none"),
				Citation:  "La. R.S. 45:811; LPSC General Order R-29617",
				Certainty: Mixed,
				Note:      "The statute exempts prior consent, the order says its exemptions do not reach the hours; the stricter reading stands.",
			},
		},
		Holidays:  laHolidays,
		Certainty: Mixed,
		Note:      "In a state of emergency with the Public Service Commission at the operations centre all solicitation stops, consent or not (https://lpsc.louisiana.gov/DNC_Emergency): pause by hand.",
		Sources: []Source{
			srcStates,
			srcDNC2023,
		},
	},
	{
		Place: "US-ME", Name: "Maine",
		Certainty: General,
		Note:      "Telemarketers are said to have to check the Reassigned Numbers Database (2024); hours as federal.",
	},
	{
		Place: "US-MD",
		Name:  "Maryland",
		Law:   "Stop the Spam Calls Act of 2023",
		Rules: []Rule{{
			From:      date("2024-01-01"),
			Law:       daily(TierLaw, "08:00-20:00"),
			Strict:    daily(TierLaw, "08:00-20:00"),
			Citation:  "Stop the Spam Calls Act of 2023",
			Certainty: Found,
		}},
		Caps: []Cap{
			{
				Limit:     3,
				Window:    24 * time.Hour,
				From:      date("2024-01-01"),
				Citation:  "Stop the Spam Calls Act of 2023",
				Tier:      TierLaw,
				Certainty: Found,
				Note:      "Every promotional text counts.",
			},
		},
		Consent:   "Prior express written consent where numbers are selected or dialled automatically",
		Certainty: Found,
		Sources: []Source{
			srcRoundUp,
			srcStates,
		},
	},
	{
		Place: "US-MA", Name: "Massachusetts",
		Rules: []Rule{{
			Law:       daily(TierLawCalls, "08:00-20:00"),
			Strict:    daily(TierLawCalls, "08:00-20:00"),
			Citation:  "M.G.L. c. 159C; 201 CMR 12",
			Certainty: Mixed,
			Note:      "Reach to texts is not established; the stricter reading stands.",
		}},
		Certainty: Mixed,
		Sources: []Source{
			srcStates,
			srcStates2,
		},
	},
	{
		Place: "US-MI", Name: "Michigan",
		Rules: []Rule{{
			Law:       daily(TierLawCalls, "09:00-21:00"),
			Strict:    daily(TierLawCalls, "09:00-21:00"),
			Citation:  "Telephone solicitation hours, as the state guide gives them",
			Certainty: Mixed,
			Note:      "About calls; a bill on texts (SB 351) was pending when last seen.",
		}},
		Certainty: Mixed,
		Sources: []Source{
			srcStates,
			{"Mobile Ecosystem Forum, US state bills", "https://mobileecosystemforum.com/?p=196945"},
		},
	},
	{
		Place: "US-MN", Name: "Minnesota",
		Rules: []Rule{{
			Law:       daily(TierLawCalls, "09:00-21:00"),
			Strict:    daily(TierLawCalls, "09:00-21:00"),
			Citation:  "Minn. Stat. 325E.30",
			Certainty: Found,
			Note:      "About calls; reach to texts is not established.",
		}},
		Certainty: Found,
		Sources: []Source{
			srcStates,
		},
	},
	{
		Place: "US-MS", Name: "Mississippi",
		Rules: []Rule{
			{
				Law:       hours(TierLawCalls, "08:00-20:00", "08:00-20:00", "none", "none"),
				Strict:    hours(TierLawCalls, "08:00-20:00", "08:00-20:00", "none", "none"),
				Citation:  "Mississippi telephone solicitation rules, as DNC.com gives them",
				Certainty: Mixed,
				Note:      "Callers with an existing business relationship are exempt, which is not relied on; sources disagree about holidays, and the stricter reading stands.",
			},
		},
		Holidays:  msHolidays,
		Certainty: Mixed,
		Sources: []Source{
			srcStates,
			srcDNC2019,
		},
	},
	federalOnly("US-MO", "Missouri", ""),
	federalOnly("US-MT", "Montana", ""),
}
