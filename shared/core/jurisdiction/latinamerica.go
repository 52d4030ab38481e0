package jurisdiction

import "slices"

var latinAmerica = slices.Concat(brazilAndMexico, southAmerica)

var brazilAndMexico = []Entry{
	{
		Place: "BR", Name: "Brazil",
		Law: "LGPD; CDC; Anatel rules for operators",
		Rules: []Rule{{
			Law:       daily(TierDefault, "00:00-24:00"),
			Strict:    hours(TierGuidance, "09:00-20:00", "09:00-18:00", "none", "none"),
			AsOf:      date("2026-11-23"),
			Citation:  "No rule on hours of texts was found; blogs say 09:00-21:00 and 08:00-21:00",
			Certainty: Mixed,
		}},
		Holidays:     brHolidays,
		Consent:      "Consent",
		SoftOptIn:    "Arguable (legitimate interest)",
		Content:      "Brand; how to opt out",
		OptOutWithin: "At once; 24 hours by one blog",
		Retention:    "5 years (CDC)",
		OptOutWords: []Words{
			{Language: "pt", Words: []string{"SAIR"}, Reviewed: true},
			{Language: "pt", Words: []string{"PARE", "PARAR", "CANCELAR", "REMOVER"}},
		},
		TwoWay: ShortCode, SenderID: No,
		AsOf:      date("2026-11-23"),
		Certainty: Mixed,
		Sources: []Source{
			{"Notifica, compliance", "https://notifica-blog.pages.dev/blog/07-compliance-lgpd-notifications"},
			{"Vero, SMS quiet hours", "https://help.getvero.com/vero-2/articles/sms-quiet-hours-compliance"},
			{"Mailpro, SMS-Regulierungen Brasilien", "https://de.mailpro.com/faq/sms-regulierungen-brasilien"},
			{
				"Estadão, Anatel SAIR",
				"https://link.estadao.com.br/noticias/geral,publicidade-via-sms-podera-ser-bloqueada,10000035375",
			},
			srcAWS,
		},
	},
	{
		Place: "MX", Name: "Mexico",
		Law: "LFPC art. 16 to 18 bis; REPEP (Profeco); LFPDPPP",
		Rules: []Rule{
			{
				Law:       hours(TierCarrier, "09:00-20:00", "09:00-18:00", "none", "none"),
				Strict:    hours(TierCarrier, "09:00-20:00", "09:00-18:00", "none", "none"),
				AsOf:      date("2026-11-23"),
				Citation:  "Telcel's window for promotions, whose hours were not found",
				Certainty: Mixed,
				Note:      "The carrier enforces a window of unknown hours; until they are known the safe hours stand under both readings.",
			},
		},
		Holidays:     mxHolidays,
		Consent:      "REPEP check, or express consent, which overrides it",
		SoftOptIn:    "No",
		Content:      "Provider's name, contact, terms of the offer",
		OptOutWithin: "REPEP takes effect 30 days after registration",
		Retention:    "As long as the consent is relied on",
		OptOutWords: []Words{
			{Language: "es", Words: []string{"BAJA", "ALTO", "CANCELAR", "PARAR"}},
		},
		TwoWay: Yes, SenderID: No,
		AsOf:      date("2026-11-23"),
		Certainty: Mixed,
		Sources: []Source{
			{"REPEP", "https://repep.profeco.gob.mx/Sanciones.jsp"},
			{
				"AWS, promotional launch in Mexico",
				"https://docs.aws.amazon.com/end-user-messaging/latest/userguide/nx-rcs-launch-mx-promotional.html",
			},
			{"Vero, SMS quiet hours", "https://help.getvero.com/vero-2/articles/sms-quiet-hours-compliance"},
			srcAWS,
		},
	},
}
