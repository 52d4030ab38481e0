package jurisdiction

import "time"

var southAmerica = []Entry{
	{
		Place: "CO",
		Name:  "Colombia",
		Law: "Ley 2300 de 2023, art. 3 and 5, which name SMS; Ley 1581 de 2012; Registro de Números " +
			"Excluidos (CRC)",
		Rules: []Rule{
			{
				Until:     date("2023-10-10"),
				AsOf:      date("2026-11-28"),
				Law:       daily(TierDefault, "00:00-24:00"),
				Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
				Citation:  "No rule on hours of texts before Ley 2300 de 2023",
				Certainty: General,
			},
			{
				From:      date("2023-10-10"),
				AsOf:      date("2026-11-28"),
				Law:       hours(TierLaw, "07:00-19:00", "08:00-15:00", "none", "none"),
				Strict:    hours(TierLaw, "07:00-19:00", "08:00-15:00", "none", "none"),
				Citation:  "Ley 2300 de 2023, art. 3 and 5",
				Certainty: Found,
				Note:      "The consumer may agree to other hours in an instrument of its own, which is not relied on.",
			},
		},
		Caps: []Cap{
			{
				Limit:     1,
				Window:    24 * time.Hour,
				From:      date("2023-10-10"),
				AsOf:      date("2026-11-28"),
				Citation:  "Ley 2300 de 2023, art. 3 and 5",
				Tier:      TierLaw,
				Certainty: Found,
				Note:      "The law counts direct contacts on one day; every promotional text counts, in any 24 hours.",
			},
		},
		Holidays:     coHolidays,
		Consent:      "Authorised channels only; not a condition of buying; check the Registro de Números Excluidos",
		SoftOptIn:    "No",
		Content:      "Identity; an agile, simple way to cancel at any time (art. 5, par. 2)",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "es", Words: []string{"BAJA", "ALTO", "CANCELAR", "PARAR"}},
		},
		TwoWay:    SupportUnknown,
		SenderID:  SupportUnknown,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Note: "Within one week the consumer may be reached by one channel only: an e-mail or a call of the " +
			"same brand counts, and this application does not see it.",
		Sources: []Source{
			{"Ley 2300 de 2023, art. 5", "https://leyonline.co/laws/ley-2300-de-2023/articulo-5o"},
			{
				"Universidad Externado, novelties of Ley 2300 (2024)",
				"https://agoramercatorum.uexternado.edu.co/ultimas-novedades-sobre-la-implementacion-de-la-ley-2300-de-2023-ley-dejen-de-fregar",
			},
			{
				"Diario del Huila, the law enters into force",
				"https://diariodelhuila.com/entra-en-vigor-la-ley-para-que-los-bancos-dejen-de-fregar",
			},
		},
	},
	{
		Place: "CL",
		Name:  "Chile",
		Law:   "Ley 19.496 art. 28 B; Ley 19.628, from 2026-12-01 as Ley 21.719 makes it",
		Rules: []Rule{
			{
				AsOf: date("2026-11-28"),
				Pending: "A bill the Chamber passed in September 2024 would ask for express consent to advertising calls " +
					"and messages, and cap contacts; whether it is law is not known",
				Law:       daily(TierDefault, "00:00-24:00"),
				Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
				Citation:  "No rule on hours of texts was found",
				Certainty: General,
			},
		},
		Holidays:     clHolidays,
		Consent:      "Consent; a request to SERNAC's \"No Molestar\" must be obeyed",
		SoftOptIn:    "Arguable; treat as no",
		Content:      "What it is about, who sends it, and a valid address to stop it (art. 28 B)",
		OptOutWithin: "At once",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "es", Words: []string{"BAJA", "ALTO", "CANCELAR", "PARAR"}},
		},
		TwoWay:    SupportUnknown,
		SenderID:  SupportUnknown,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Pending: "Ley 21.719 rewrites the law on personal data from 2026-12-01: legal bases that can be shown, " +
			"an agency, fines",
		Note: "Prefixes 600 and 809 are for calls.",
		Sources: []Source{
			{
				"La Tercera, SERNAC on advertising texts",
				"https://latercera.com/noticia/sernac-denuncia-a-claro-movistar-y-entel-por-envio-de-publicidad-a-moviles/?outputType=amp",
			},
			{"CS Chile, Ley 21.719", "https://www.cschile.com/normativa.html"},
			{
				"Antofagasta TV, the Chamber passes the bill (2024)",
				"https://www.antofagasta.tv/categoria/nacional/camara-aprueba-ley-prohibe-mensajes-spam-cobranzas-extrajudiciales",
			},
		},
	},
	{
		Place:        "AR",
		Name:         "Argentina",
		Law:          "Ley 26.951 (Registro Nacional No Llame), which covers SMS; Ley 25.326",
		Rules:        noRule,
		Holidays:     arHolidays,
		Consent:      "Check of the register every 30 days, or consent",
		SoftOptIn:    "A contract in force, about what was bought",
		Content:      "Identity; how to opt out (Ley 25.326 art. 27)",
		OptOutWithin: "Registrations bind after 30 days; an opt-out at once",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "es", Words: []string{"BAJA", "ALTO", "CANCELAR", "PARAR"}},
		},
		TwoWay:    SupportUnknown,
		SenderID:  SupportUnknown,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Sources: []Source{
			{
				"IAPP, the register is brought up to date",
				"https://iapp.org/news/a/se-actualiza-en-argentina-el-registro-nacional-no-llame-con-nuevas-clasificaciones-de-infracciones-y-sanciones",
			},
			{
				"Exaltación de la Cruz, what the register is",
				"https://www.exaltaciondelacruz.gob.ar/OMIC/?page_id=286",
			},
		},
	},
	{
		Place: "PE",
		Name:  "Peru",
		Law: "Código de Protección y Defensa del Consumidor (Ley 29571) art. 58.1(e) and 58.3, as of Ley " +
			"32323 (2025-05-10)",
		Rules: []Rule{
			{
				AsOf:      date("2026-11-28"),
				Law:       daily(TierDefault, "00:00-24:00"),
				Strict:    hours(TierDefault, "09:00-20:00", "none", "none", "none"),
				Citation:  "No rule on hours of texts was found",
				Certainty: General,
				Note: "A bill of 2023 would have had consented calls on weekdays from 07:00 to 20:00 alone; Ley 32323 " +
					"as reported names no hours. Strict leaves Saturdays out.",
			},
		},
		Holidays: peHolidays,
		Consent: "Only who contacted the business of their own accord, and consented: free, prior, informed, " +
			"express, unequivocal",
		SoftOptIn:    "No",
		Content:      "Identity; how to opt out",
		OptOutWithin: "At once, without reasons",
		Retention:    "As long as the consent is relied on, to prove it",
		OptOutWords: []Words{
			{Language: "es", Words: []string{"BAJA", "ALTO", "CANCELAR", "PARAR"}},
		},
		TwoWay:    SupportUnknown,
		SenderID:  SupportUnknown,
		AsOf:      date("2026-11-28"),
		Certainty: Mixed,
		Sources: []Source{
			{"CMS, Ley 32323", "https://cms.law/es/per/publication/promulgan-ley-contra-llamadas-y-mensajes-spam"},
			{"La Cámara, Ley 32323 and the draft decree", "https://test.lacamara.pe/?p=66663"},
			{
				"Karibeña, the bill of 2023",
				"https://radiokaribena.pe/congreso-aprobo-ley-que-restringe-llamadas-y-mensajes-spam/",
			},
		},
	},
}
