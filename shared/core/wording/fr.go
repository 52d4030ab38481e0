package wording

// french is for readers in Europe and the Americas. The texts avoid ê, ç and other letters that GSM-7 lacks. No name
// follows "de", which becomes "d'" before some names. STOP is not translated, because carriers act on that word.
var french = Language{
	Texts: map[Text]string{
		Confirmation: "Répondez OUI pour recevoir {topics}. {frequency} {rates} Répondez AIDE pour de l'aide, STOP pour annuler.",
		Welcome:      "Votre abonnement à {topics} est actif. {frequency} {rates} Répondez AIDE pour de l'aide, STOP pour annuler.",
		Reminder:     "Rappel : vous recevez {topics}. {rates} Répondez AIDE pour de l'aide, STOP pour vous désabonner.",
		Renewal:      "Voulez-vous encore recevoir {topics} ? Répondez OUI, sinon nous cesserons. Répondez AIDE pour de l'aide, STOP pour vous désabonner.",
		Help:         "AIDE : {topics} : {contact}. {frequency} {rates} Répondez STOP pour annuler.[ Préférences : {link}]",
		Stop:         "STOP : désabonnement confirmé pour {topics}. Plus rien ne suivra.[ Aide : {contact}.]",
		Expired:      "Votre demande pour {topics} a expiré. Répondez {keyword} pour la renouveler.",
		Nearly:       "Pour recevoir {topics}, répondez seulement OUI. Répondez AIDE pour de l'aide, STOP pour annuler.",
		Clarify:      "{brand} : pardon, nous n'avons pas compris. Répondez STOP pour ne plus recevoir {topics}, AIDE pour de l'aide.",
		Preferences: "{brand} :[ choisissez sur {link} ce que nous vous envoyons ; le lien est valable un jour.] " +
			"Répondez STOP pour vous désabonner, AIDE pour de l'aide.",
		Notice: "Répondez STOP pour vous désabonner.",

		Disclosure: "En vous inscrivant, vous acceptez que {brand} vous envoie des SMS au numéro de téléphone que vous indiquez : {topics}. " +
			"Nous envoyons d'abord un seul SMS ; si vous n'y répondez pas par OUI, aucun autre ne suivra. " +
			"Votre consentement n'est pas une condition d'achat. " +
			"Des frais de messagerie et de données peuvent s'appliquer. Répondez AIDE pour de l'aide, STOP pour annuler." +
			"[ Conditions : {terms}][ Confidentialité : {privacy}]",
		Marketing: "{topic} (SMS publicitaires automatisés et récurrents, {frequency}, depuis le {sender})",
		Service:   "{topic} (SMS de service automatisés, {frequency}, depuis le {sender})",
	},
	Words: map[Word]string{
		And: "et", Or: "ou", All: "tous les messages {brand}", HelpWord: "AIDE",
		Rates:  "Frais de msgs et données possibles.",
		Varies: "Fréquence variable", Variable: "variable",
		Message: "msg", Messages: "msgs", Day: "jour", Week: "semaine", Month: "mois", Year: "an", Each: "chacun",
		Email: "écrivez à", Call: "appelez le",
	},
}
