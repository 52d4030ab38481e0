package jurisdiction

var europeSouth = []Entry{
	{
		Place: "ES",
		Name:  "Spain",
		Law:   "LSSI art. 21; GDPR and LOPDGDD; LGDCU art. 96.2",
		Rules: []Rule{
			{
				Law:       hours(TierLawCalls, "09:00-21:00", "none", "none", "none"),
				Strict:    hours(TierLawCalls, "09:00-21:00", "none", "none", "none"),
				AsOf:      date("2026-11-23"),
				Citation:  "LGDCU art. 96.2",
				Certainty: Mixed,
				Note:      "The article speaks of telephone calls (\"llamadas telefónicas\"); its reach to texts is doubtful, and the stricter reading stands.",
			},
		},
		Holidays:     esHolidays,
		Consent:      "Express consent",
		SoftOptIn:    "Yes: a prior contract, own similar products",
		Content:      "Identity; a simple and free way to opt out in each message; a registered alias",
		OptOutWithin: "Without delay (10 days in practice)",
		Retention:    "3 years (limitation)",
		OptOutWords: []Words{
			{Language: "es", Words: []string{"BAJA", "ALTO", "PARAR", "CANCELAR", "NO MAS"}},
		},
		TwoWay:    Yes,
		SenderID:  RegisteredOnly,
		AsOf:      date("2026-11-23"),
		Certainty: Mixed,
		Note:      "Since 2026-09-15 alphanumeric senders that are not in the CNMC alias register are blocked (Circular 1/2026).",
		Sources: []Source{
			{
				"Genbeta, quoting LGDCU 96.2",
				"https://www.genbeta.com/actualidad/llamadas-comerciales-ilegales-a-partir-hora-asi-puedes-actuar-recibes",
			},
			{
				"Montero Aramburu, CNMC Circular 1/2026",
				"https://www.monteroaramburugva.com/en/al-dia/sms-alias-registration-key-points-from-cnmc-circular-1-2026/",
			},
			{"Talk-Q, outbound SMS regulation Spain", "https://talk-q.com/outbound-sms-regulation-spain-2025"},
			srcAWS,
		},
	},
	{
		Place: "PT", Name: "Portugal",
		Law: "Lei 41/2004 art. 13-A and 13-B",
		Rules: []Rule{{
			Law:       daily(TierDefault, "00:00-24:00"),
			Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
			AsOf:      date("2026-11-23"),
			Citation:  "No rule on hours of texts was found",
			Certainty: General,
		}},
		Holidays:     ptHolidays,
		Consent:      "Prior consent (natural persons)",
		SoftOptIn:    "Yes",
		Content:      "Identity; how to opt out, in each message",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it (GDPR)",
		OptOutWords: []Words{
			{Language: "pt", Words: []string{"PARAR", "SAIR", "REMOVER", "CANCELAR"}},
		},
		TwoWay: Yes, SenderID: Yes,
		AsOf:      date("2026-11-23"),
		Certainty: General,
		Sources: []Source{
			srcAWS,
		},
	},
	{
		Place: "IT", Name: "Italy",
		Law: "Codice Privacy art. 130(1)-(2), which names SMS",
		Rules: []Rule{{
			AsOf:      date("2026-11-28"),
			Law:       hours(TierLawCalls, "09:00-20:00", "10:00-19:00", "none", "none").eves("10:00-19:00"),
			Strict:    hours(TierLawCalls, "09:00-20:00", "10:00-19:00", "none", "none").eves("10:00-19:00"),
			Citation:  "Garante, provvedimento of 7 March 2024 no. 148 (code of conduct for telemarketing)",
			Certainty: Found,
			Note: "The code is for calls of those who adhere to it, and one consumers' association says that it leaves texts out; " +
				"no rule on texts was found, and the stricter reading stands.",
		}},
		Holidays:     itHolidays,
		Consent:      "Prior consent",
		SoftOptIn:    "No: the exception of art. 130(4) covers e-mail only",
		Content:      "Identity; a valid contact for opposition (art. 130(5))",
		OptOutWithin: "Without delay",
		Retention:    "Marketing data 24 months (Garante guideline); proof of consent longer",
		OptOutWords: []Words{
			{Language: "it", Words: []string{"CANCELLA", "BASTA", "DISISCRIVI", "RIMUOVI"}},
		},
		TwoWay: Yes, SenderID: Yes,
		AsOf:      date("2026-11-23"),
		Certainty: Mixed,
		Note:      "AGCOM's rules for aliases apply to alphanumeric senders.",
		Sources: []Source{
			{
				"DGRS, soft spam",
				"https://www.dgrs.it/lapplicazione-in-italia-della-disciplina-del-soft-spam-e-linterpretazione-dei-paesi-europei-unanalisi-comparata/",
			},
			{
				"Del. 7 March 2024 no. 148, G.U. 27 March 2024 no. 73",
				"https://laboratoriopoliziademocratica.blogspot.com/2024/03/garante-per-la-protezione-dei-dati_01727531248.html?m=0",
			},
			{
				"PMI.it, the hours that telemarketing may use (2024)",
				"https://www.pmi.it/impresa/pubblicita-e-marketing/453002/telemarketing-le-nuove-regole-e-le-fasce-orarie-permesse.html",
			},
			{
				"Cittadinanzattiva, what the code changes",
				"https://cittadinanzattiva.it./notizie/16663-codice-di-condotta-telemarketing-e-teleselling-cosa-cambia.html",
			},
			{"Gazzetta Ufficiale, art. 130", "https://www.gazzettaufficiale.it/"},
			srcAWS,
		},
	},
	{
		Place: "GR", Name: "Greece",
		Law: "Law 3471/2006 art. 11",
		Rules: []Rule{{
			Law:       daily(TierDefault, "00:00-24:00"),
			Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
			AsOf:      date("2026-11-23"),
			Citation:  "No rule on hours of texts was found",
			Certainty: General,
		}},
		Holidays:     grHolidays,
		Consent:      "Prior consent",
		SoftOptIn:    "Yes: similar products",
		Content:      "Identity; how to opt out, in each message",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it (GDPR)",
		OptOutWords: []Words{
			{Language: "el", Words: []string{"ΔΙΑΓΡΑΦΗ", "ΤΕΛΟΣ", "STOP"}},
		},
		TwoWay: No, SenderID: Yes,
		AsOf:      date("2026-11-23"),
		Certainty: Mixed,
		Sources: []Source{
			{
				"FEDMA, legal facts Greece",
				"https://www.fedma.org/legalfacts/greece-lfp/marketing-greece-lfp/sms-marketing-b2b-b2c-opt-in-8/",
			},
			srcAWS,
		},
	},
}
