package optin

import "smsconsent/shared/core/program"

func french() words {
	return words{
		Tag: "fr", Name: "Français", Dir: "ltr",

		Title:     "SMS de {brand}",
		Heading:   "Recevez nos SMS",
		Lead:      "Donnez-nous votre numéro. Nous envoyons un seul SMS pour vérifier que c'est bien vous, et rien d'autre tant que vous n'avez pas répondu *OUI*.",
		Languages: "Langue",
		Topics:    "Que souhaitez-vous recevoir\u00a0?",
		Marketing: "SMS publicitaires",
		Service:   "SMS de service",
		Country:   "Pays",
		Phone:     "Numéro de mobile",
		State:     "État",
		NoState:   "Non précisé",
		ZIP:       "Code postal",
		Where:     "Où vous habitez (facultatif)",
		Why:       "Pour qu'aucun SMS n'arrive la nuit. L'indicatif régional peut dire autre chose.",
		Agreement: "Ce que vous acceptez",
		Trap:      "Laissez ce champ vide",
		SignUp:    "M'inscrire",
		Checking:  "Vérification que vous n'êtes pas un robot…",
		Sending:   "Envoi…",
		Lost:      "Cela n'a pas fonctionné. Vérifiez votre connexion, puis réessayez.",
		NoScript:  "La vérification contre les robots a besoin de JavaScript. Activez-le et rechargez la page.",
		ByText:    "Pour {topic}, vous pouvez aussi envoyer *{keyword}* au *{number}*.",
		Refused:   "Vous n'êtes pas encore inscrit.",
		Terms:     "Conditions",
		Privacy:   "Confidentialité",

		Done:     "Regardez votre téléphone",
		DoneTo:   "Nous envoyons un SMS au",
		Open:     "Ouvrez le SMS du *{sender}*.",
		OpenEach: "Ouvrez les SMS du *{sender}*\u00a0: il y en a un par type de messages.",
		Yes:      "Répondez *OUI*, et vous êtes inscrit.",
		YesEach:  "Répondez *OUI* à chacun de ceux que vous souhaitez.",
		Until:    "D'ici là, vous ne recevrez rien d'autre de notre part.",
		Nothing: "Aucun SMS au bout de quelques minutes\u00a0? Vous êtes peut-être déjà inscrit, un SMS précédent attend peut-être votre OUI, " +
			"ou nous vous avons déjà posé la question aussi souvent que nous le faisons en un jour.",
		Start:  "Si vous vous étiez désabonné, envoyez *START* au *{number}* depuis ce téléphone.",
		Again:  "Mauvais numéro\u00a0? Recommencez",
		And:    "et",
		Or:     "ou",
		Served: "d'un pays où {brand} envoie des SMS",

		Often: map[program.Period][2]string{
			program.Day:   {"au plus 1 par jour", "jusqu'à {n} par jour"},
			program.Week:  {"au plus 1 par semaine", "jusqu'à {n} par semaine"},
			program.Month: {"au plus 1 par mois", "jusqu'à {n} par mois"},
			program.Year:  {"au plus 1 par an", "jusqu'à {n} par an"},
		},
		Varies: "fréquence variable",

		Reasons: map[reason]string{
			noTopic:        "Choisissez au moins une case.",
			phoneEmpty:     "Saisissez votre numéro de mobile, par exemple {example}.",
			phoneTooLong:   "Saisissez un seul numéro.",
			phoneSigns:     "Saisissez des chiffres seulement, par exemple {example}, sans poste.",
			phoneCountry:   "Choisissez votre pays, ou commencez par + et l'indicatif du pays.",
			phoneTenDigits: "Un numéro d'ici a dix chiffres\u00a0: l'indicatif régional et le numéro, comme {example}.",
			phoneDigits:    "Ce numéro n'existe pas. Vérifiez les chiffres.",
			phoneUnable:    "Ce numéro ne peut pas être inscrit ici. Utilisez un numéro de mobile {places}.",
			stateUnknown:   "Cet État ne correspond pas au numéro. Utilisez un code comme FL, ou laissez le champ vide.",
			zipUnknown:     "Ce code postal n'existe pas. Utilisez-en un comme 33101, ou laissez le champ vide.",
			changed:        "Ce que vous acceptez a changé depuis que vous avez ouvert la page. Relisez-le, puis inscrivez-vous.",
			unsolved:       "La vérification contre les robots n'a pas abouti. Veuillez réessayer.",
			outdated:       "Du temps a passé, et la vérification contre les robots est à refaire. Veuillez réessayer.",
			unverifiable:   "La vérification contre les robots ne fonctionne pas en ce moment. Réessayez dans une minute.",
			tooMany:        "Trop d'inscriptions sont venues de votre réseau. Réessayez dans une heure.",
			foreignSite:    "{brand} n'accepte pas d'inscription depuis le site d'où vous venez. Utilisez le formulaire de son propre site.",
			tryAgain:       "Une erreur s'est produite de notre côté. Réessayez dans une minute.",
		},
	}
}
