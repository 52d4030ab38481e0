package program

// yamlNames maps the fields of a Catalog to their names in programs.yaml, for Compare. An empty name means that the
// parts of the field are compared under the name of their parent. Fields that are not here are compared elsewhere, or
// follow from others.
var yamlNames = map[string]string{
	"Catalog.Policy":        "",
	"Catalog.RevokeAll":     "revoke_all",
	"Catalog.AnswersAnHour": "answers_per_hour",
	"Catalog.OtherChannels": "other_channels",
	"Catalog.LeastGap":      "least_gap",
	"Catalog.SignUp":        "sign_up",

	"Policy.Mode":      "hours",
	"Policy.Narrow":    "hours",
	"Policy.Countries": "countries",
	"Country.Hours":    "hours",
	"Country.Holidays": "holiday_dates",

	"RevokeAll.From":       "from",
	"RevokeAll.Always":     "always",
	"RevokeAll.Never":      "never",
	"OtherChannels.Within": "within",
	"OtherChannels.Skip":   "skip",

	"SignUp.ConfirmWithin":    "confirm_within",
	"SignUp.PerPhoneADay":     "requests_per_phone_and_day",
	"SignUp.PerNetworkAnHour": "requests_per_network_and_hour",
	"SignUp.PerBrandADay":     "requests_per_brand_and_day",
	"SignUp.Captcha":          "captcha",
	"Captcha.Provider":        "provider",
	"Captcha.SiteKey":         "site_key",
	"Captcha.MinScore":        "min_score",
	"Captcha.Cost":            "cost",
	"Captcha.MinTries":        "tries.from",
	"Captcha.MaxTries":        "tries.to",

	"Brand.Name":      "name",
	"Brand.Region":    "region",
	"Brand.Hours":     "",
	"Brand.Terms":     "terms",
	"Brand.Privacy":   "privacy",
	"Brand.Color":     "color",
	"Brand.Origins":   "origins",
	"Brand.Links":     "links",
	"Brand.Countries": "countries",
	"Brand.Approval":  "approval",
	"Brand.Testers":   "testers",
	"Brand.Texts":     "texts",
	"Language.Texts":  "",
	"Language.Words":  "words",

	"Program.Class":      "class",
	"Program.Identity":   "identity",
	"Program.OptOutList": "opt_out_list",
	"Program.PerSecond":  "messages_per_second",
	"Program.OneStep":    "restart in one step",
	"Program.Clarify":    "clarify",
	"Identity.Number":    "number",
	"Identity.ShortCode": "short_code",
	"Identity.Pool":      "pool",
	"Identity.Numbers":   "numbers",

	"Identity.International": "international",

	"Topic.Name":       "name",
	"Topic.Keyword":    "keyword",
	"Topic.Frequency":  "frequency",
	"Topic.HelpEmail":  "help.email",
	"Topic.HelpPhone":  "help.phone",
	"Topic.Locale":     "locale",
	"Topic.Told":       "consent told",
	"Topic.Limits":     "limits",
	"Topic.Engagement": "engagement",
	"Topic.Templates":  "templates",

	"Limits.OptOuts":     "optouts",
	"Limits.Undelivered": "undeliverable",
	"Limits.Complaints":  "complaints",
	"Limits.Least":       "least",

	"Engagement.Signs":       "signs",
	"Engagement.Digest":      "digest_after",
	"Engagement.Ask":         "ask_after",
	"Engagement.RemoveAfter": "remove_after",

	"Template.Text": "text",
	"Template.In":   "",
}
