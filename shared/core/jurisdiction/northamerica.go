package jurisdiction

var northAmerica = []Entry{
	{
		Place: "US",
		Name:  "United States (federal)",
		Law:   "TCPA, 47 USC 227 and 47 CFR 64.1200; FTC Telemarketing Sales Rule; CTIA Messaging Principles",
		Rules: []Rule{
			{
				Law:       daily(TierLaw, "08:00-21:00"),
				Strict:    hours(TierDefault, "09:00-20:00", "09:00-20:00", "12:00-20:00", "none"),
				AsOf:      date("2026-11-23"),
				Citation:  "47 CFR 64.1200(c)(1)",
				Certainty: Found,
				Note: "A \"telephone solicitation\" is a call or message; whether one with prior express permission may go at any hour is " +
					"disputed (King v. Bon Charge, D. Del. 2026), so the hours apply to consented texts too. On federal holidays strict " +
					"sends nothing, the stricter of two readings.",
			},
		},
		Holidays:  usHolidays,
		Consent:   "Prior express written consent, not a condition of purchase; opt-in for every kind of text (CTIA)",
		SoftOptIn: "No; an established business relationship (18 months after a purchase, 3 after an inquiry) lifts the do-not-call list only",
		Content: "Brand; how to opt out; HELP is answered; \"Msg & data rates may apply\" and frequency where consent is asked and confirmed. " +
			"A sender that cannot receive replies says so in each text and names another way to opt out",
		OptOutMonthly: true,
		OptOutWithin:  "10 business days at most, since 2025-04-11; \"stop\", \"quit\", \"end\", \"revoke\", \"opt out\", \"cancel\", \"unsubscribe\" and any words a reasonable person would understand",
		OptOutYears:   5,
		RevokeAll: Duty{
			From: date("2027-01-31"),
			AsOf: date("2026-11-28"),
			Pending: "FCC 25-76 (CG docket 02-278) asks how to modify the rule, or how to let senders name the means of opting " +
				"out; no order was found",
			Citation: "47 CFR 64.1200(a)(10), waived until then by DA 26-12",
		},
		Retention:   "5 years (Telemarketing Sales Rule; the TCPA's limitation is 4 years)",
		OptOutWords: []Words{{Language: "es", Words: []string{"ALTO", "PARAR", "BAJA", "NO MAS"}, Reviewed: true}},
		TwoWay:      Yes,
		SenderID:    No,
		AsOf:        date("2026-11-23"),
		Certainty:   Found,
		Note: "One revocation reaching every kind of text is waived until 2027-01-31 (DA 26-12); a rulemaking (FCC 25-76) may change it. " +
			"An area code is a proxy for where a person is, not a safe harbour. The internal do-not-call list must be honoured for 5 years " +
			"(64.1200(d)(6)); some states say longer. The scope of the exemption in Steidinger v. Blackstone (7th Cir. 2026) is not relied on.",
		Sources: []Source{
			srcTCPA,
			{"FCC, DA 26-12", "https://docs.fcc.gov/public/attachments/DA-26-12A1.pdf"},
			{
				"Credit and Collection News, the FCC's proposed amendments (2025)",
				"https://www.creditandcollectionnews.com/fcc-proposes-amendments-to-tcpa-consent-revocation-rules-proposed-changes-to-dnc-rules-deleted-from-final-text",
			},
			{"FCC 24-24, Report and Order on consent revocation", "https://docs.fcc.gov/public/attachments/FCC-24-24A1.pdf"},
			{
				"Nixon Peabody, TCPA quiet hours (2026)",
				"https://www.nixonpeabody.com/insights/alerts/2026/05/13/a-loud-decision-on-tcpa-quiet-hours",
			},
			{
				"InfoLawGroup, FCC extends the consent-revocation rule's date (2026)",
				"https://www.infolawgroup.com/insights/2026/1/7/fcc-further-extends-effective-date-of-the-tcpas-consent-revocation-rule",
			},
			{
				"CompliancePoint, the FCC's consent revocation rule",
				"https://compliancepoint.com/marketing-compliance/fccs-consent-revocation-rule-language-analysis-and-compliance-insights",
			},
			srcAWS,
		},
	},
	{
		Place: "CA",
		Name:  "Canada",
		Law:   "CASL (S.C. 2010, c. 23) and the CRTC's regulations",
		Rules: []Rule{
			{
				Law:       daily(TierDefault, "00:00-24:00"),
				Strict:    hours(TierGuidance, "09:00-21:00", "10:00-18:00", "10:00-18:00", "10:00-18:00"),
				AsOf:      date("2026-11-23"),
				Citation:  "CASL names no hours; the CRTC's hours for voice calls, with the industry's 09:00-21:00",
				Certainty: Found,
				Note:      "The CRTC's Unsolicited Telecommunications Rules (09:00-21:30, weekends 10:00-18:00) are for voice and fax only.",
			},
		},
		Holidays:     caHolidays,
		Consent:      "Express, or implied by an existing business relationship; the sender bears the proof",
		SoftOptIn:    "Implied consent for 24 months after a purchase and 6 months after an inquiry",
		Content:      "Sender's name, mailing address and a phone number, e-mail or web address (a link will do); an unsubscribe that works for 60 days",
		OptOutWithin: "10 business days",
		Retention:    "3 years (limitation)",
		OptOutWords:  []Words{{Language: "fr", Words: []string{"ARRET", "ARRÊT", "DESABONNER"}, Reviewed: true}},
		TwoWay:       Yes,
		SenderID:     No,
		AsOf:         date("2026-11-23"),
		Certainty:    Found,
		Note:         "AIDE and INFO ask for help. The provinces' rules on hours were not looked for.",
		Sources: []Source{
			{"Telair, CASL", "https://www.telair.net/resources/documentation/textflow/compliance/canada-casl"},
			{
				"Star Telecom, SMS compliance in Canada and the US",
				"https://startelecom.ca/understanding-sms-compliance-in-canada-in-the-u-s",
			},
			{"Sent, Canada SMS guidance", "https://www.sent.dm/resources/ca_sms_guidance"},
			{"phonenumber-util, compliance table (CRTC hours)", "https://github.com/hearsaycorp/phonenumber-util"},
			srcAWS,
		},
	},
}
