package jurisdiction

// Sources that several entries share.
var (
	srcTCPA    = Source{"47 CFR 64.1200", "https://www.law.cornell.edu/cfr/text/47/64.1200"}
	srcStates  = Source{"Drop Cowboy, state guide (2025)", "https://www.dropcowboy.com/state-compliance"}
	srcStates2 = Source{"Stello, 50 states (2026)", "https://usestello.com/compliance"}
	srcDNC2019 = Source{
		"DNC.com, restricted call dates (2019)", "https://www.dnc.com/news/2019-january-restricted-call-dates",
	}
	srcDNC2023  = Source{"DNC.com, restricted call dates (2023)", "https://dnc.com/holiday-alerts?year=2023"}
	srcMiniTCPA = Source{
		"Manatt, state mini-TCPA laws", "https://jdsupra.com/legalnews/state-mini-tcpa-telemarketing-laws-2791573",
	}
	srcRoundUp = Source{
		"MS Law Group, state telemarketing legislation round-up",
		"https://mslawgroup.com/state-telemarketing-legislation-round-up",
	}
	srcReferrizer = Source{
		"Referrizer, TCPA quiet hours and state-specific rules",
		"https://support.referrizer.com/en/category/text-campaigns/article/tcpa-quiet-hours-and-state-specific-rules-for-text-campaigns",
	}
	srcKlaviyo = Source{"Klaviyo, quiet hours in flows", "https://help.klaviyo.com/hc/en-us/articles/4408737146651"}
	srcZap     = Source{"Zap, a guide to SMS quiet hours", "https://kb.zap.co.uk/docs/a-guide-to-sms-quiet-hours/"}
	srcAWS     = Source{
		"AWS, supported countries and regions (copy of about 2023)",
		"https://docs.aws.amazon.com/end-user-messaging/latest/userguide/nx-supported-countries.html",
	}
	srcOmetria = Source{
		"Ometria, SMS country-specific compliance",
		"https://support.ometria.com/hc/en-gb/articles/19820202385437-SMS-country-specific-marketing-compliance",
	}
)

// noRule is the hours of a country where no rule on hours was found: any time by law, and decent hours under strict.
var noRule = []Rule{{
	AsOf:      date("2026-11-28"),
	Law:       daily(TierDefault, "00:00-24:00"),
	Strict:    hours(TierDefault, "09:00-20:00", "09:00-18:00", "none", "none"),
	Citation:  "No rule on hours of texts was found",
	Certainty: General,
}}
