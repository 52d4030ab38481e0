package preferences

import (
	"strconv"
	"time"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/page"
)

// words are all the page says, in one language. What stands in braces is filled in. Only names the program gives, and
// the words a phone is to text where a carrier acts on them, are the same in all languages.
type words struct {
	Tag string // BCP 47, of the page's lang attribute

	Title, For, Choose, Note, Save string
	Terms, Privacy, Back           string

	// The states of a topic.
	On, Resting, Waiting, Off, Stopped string

	Pause, PauseMeans, PauseButton    string
	Paused, Resume                    string
	Stop, StopMeans, StopButton, Gone string

	// What a change did.
	Saved, Same, TurnedOff, Asked, AskedSoon, NotAsked, PausedNow, Resumed, StoppedNow string

	// Why there is no page, each a heading and what to do.
	Expired, Invalid, Malformed, TooMany, Fault [2]string

	Varies string                       // of a topic that promised no frequency
	Often  map[program.Period][2]string // "up to one text a day", "up to {n} texts a day"
	And    string
	Months [12]string
	First  string // how the first day of a month is written
	Date   string
}

func english() words {
	return words{
		Tag:    "en",
		Title:  "Your texts from {brand}",
		For:    "This is what we text to your phone ending in {digits}.",
		Choose: "What would you like to get?",
		Save:   "Save",
		Note: "If you switch something on, we send you one text that asks for your YES. Msg & data rates may apply. Text HELP for help, STOP " +
			"to cancel. Consent is not a condition of any purchase.",
		Terms:   "Terms",
		Privacy: "Privacy",
		Back:    "Back to your texts",

		On:      "On",
		Resting: "On, paused",
		Off:     "Off",
		Waiting: "Waiting for your YES: answer YES to the text from {number}.",
		Stopped: "Stopped. To get it again, text START to {number}.",

		Pause:       "Take a break",
		PauseButton: "Pause for 30 days",
		Resume:      "Resume now",
		PauseMeans:  "For 30 days you get none of these texts. Then they come again by themselves.",
		Paused:      "Paused: you get none of these texts until {date}. Then they come again by themselves.",
		Stop:        "Leave",
		StopButton:  "Stop everything",
		StopMeans:   "This ends all texts from {brand}. To come back, you text START from your phone.",
		Gone:        "You have stopped all texts from {brand}.",

		Saved:      "Done",
		Same:       "Nothing was changed.",
		TurnedOff:  "You get no more {topics}.",
		Asked:      "Look at your phone: we sent it a text from {number}. Answer YES and you get {topics}. Until then you don't.",
		AskedSoon:  "We will text you from {number} as soon as we can. Answer YES and you get {topics}. Until then you don't.",
		NotAsked:   "We did not ask you again about {topics}. Answer YES to the text you have, or try again tomorrow.",
		PausedNow:  "You get none of these texts until {date}.",
		Resumed:    "Your texts come again.",
		StoppedNow: "You get no more texts from {brand}.",

		Expired: [2]string{
			"This link has expired", "It was good for 24 hours. For a new one, text PREFS to the number our texts come from.",
		},
		Invalid: [2]string{
			"This link does not work",
			"Part of it may be missing: tap it in the text itself. For a new one, text PREFS to the number our texts come from.",
		},
		Malformed: [2]string{
			"That did not arrive whole", "Nothing was changed. Please open the link in our text and try again.",
		},
		TooMany: [2]string{
			"That is enough for now",
			"You have made many changes within an hour; this one was not made. Please try again later. You can always stop everything here, or text STOP.",
		},
		Fault: [2]string{
			"That did not work",
			"Something went wrong on our side. Please try again in a minute. You can always text STOP to the number our texts come from.",
		},

		Varies: "how often varies",
		Often: map[program.Period][2]string{
			program.Day: {
				"up to one text a day",
				"up to {n} texts a day",
			},
			program.Week: {"up to one text a week", "up to {n} texts a week"},
			program.Month: {
				"up to one text a month",
				"up to {n} texts a month",
			},
			program.Year: {"up to one text a year", "up to {n} texts a year"},
		},
		And: "and",
		Months: [12]string{
			"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
			"December",
		},
		First: "1",
		Date:  "{month} {day}, {year}",
	}
}

func spanish() words {
	return words{
		Tag:    "es",
		Title:  "Tus mensajes de {brand}",
		For:    "Esto es lo que enviamos a tu teléfono terminado en {digits}.",
		Choose: "¿Qué quieres recibir?",
		Save:   "Guardar",
		Note: "Cuando actives algo, te enviaremos un solo mensaje para pedirte tu SI. Pueden aplicarse tarifas de mensajes y datos. Envía AYUDA " +
			"para ayuda, STOP para cancelar. El consentimiento no es condición para ninguna compra.",
		Terms:   "Condiciones",
		Privacy: "Privacidad",
		Back:    "Volver a tus mensajes",

		On:      "Activado",
		Resting: "Activado, en pausa",
		Off:     "Desactivado",
		Waiting: "Falta tu SI: responde SI al mensaje del {number}.",
		Stopped: "Cancelado. Para volver a recibirlo, envía START al {number}.",

		Pause:       "Tómate un descanso",
		PauseButton: "Pausar 30 días",
		Resume:      "Reanudar ahora",
		PauseMeans:  "No recibirás ninguno de estos mensajes durante 30 días. Después vuelven por sí solos.",
		Paused:      "En pausa: no recibirás ninguno de estos mensajes hasta el {date}. Después vuelven por sí solos.",
		Stop:        "Darte de baja",
		StopButton:  "Cancelar todo",
		StopMeans:   "Así terminan todos los mensajes de {brand}. Para volver, envía START desde tu teléfono.",
		Gone:        "Has cancelado todos los mensajes de {brand}.",

		Saved:      "Hecho",
		Same:       "No se cambió nada.",
		TurnedOff:  "Ya no recibirás {topics}.",
		Asked:      "Mira tu teléfono: te hemos enviado un mensaje desde el {number}. Responde SI y recibirás {topics}. Hasta entonces, no.",
		AskedSoon:  "Te enviaremos un mensaje desde el {number} en cuanto podamos. Responde SI y recibirás {topics}. Hasta entonces, no.",
		NotAsked:   "No volvimos a preguntarte por {topics}. Responde SI al mensaje que ya tienes o inténtalo de nuevo mañana.",
		PausedNow:  "No recibirás ninguno de estos mensajes hasta el {date}.",
		Resumed:    "Tus mensajes vuelven a llegar.",
		StoppedNow: "No recibirás más mensajes de {brand}.",

		Expired: [2]string{
			"Este enlace ha vencido",
			"Valía por 24 horas. Para recibir otro, envía PREFS al número del que llegan nuestros mensajes.",
		},
		Invalid: [2]string{
			"Este enlace no funciona",
			"Puede que le falte una parte: ábrelo desde el mensaje. Para recibir otro, envía PREFS al número del que llegan nuestros mensajes.",
		},
		Malformed: [2]string{
			"El formulario no llegó completo", "No se cambió nada. Abre el enlace de nuestro mensaje e inténtalo de nuevo.",
		},
		TooMany: [2]string{
			"Es suficiente por ahora",
			"Has hecho muchos cambios en una hora; este no se hizo. Inténtalo más tarde. Siempre puedes cancelar todo aquí o enviar STOP.",
		},
		Fault: [2]string{
			"No funcionó",
			"Algo falló de nuestro lado. Inténtalo de nuevo en un minuto. Siempre puedes enviar STOP al número del que llegan nuestros mensajes.",
		},

		Varies: "frecuencia variable",
		Often: map[program.Period][2]string{
			program.Day: {
				"hasta un mensaje al día",
				"hasta {n} mensajes al día",
			},
			program.Week: {"hasta un mensaje por semana", "hasta {n} mensajes por semana"},
			program.Month: {
				"hasta un mensaje al mes",
				"hasta {n} mensajes al mes",
			},
			program.Year: {"hasta un mensaje al año", "hasta {n} mensajes al año"},
		},
		And: "y",
		Months: [12]string{
			"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
			"diciembre",
		},
		First: "1",
		Date:  "{day} de {month} de {year}",
	}
}

func french() words {
	return words{
		Tag:    "fr",
		Title:  "Vos SMS de {brand}",
		For:    "Voici ce que nous envoyons à votre téléphone dont le numéro finit par {digits}.",
		Choose: "Que souhaitez-vous recevoir ?",
		Save:   "Enregistrer",
		Note: "Si vous activez quelque chose, nous vous envoyons un seul SMS pour demander votre OUI. Des frais de messagerie et de données " +
			"peuvent s'appliquer. Envoyez AIDE pour de l'aide, STOP pour annuler. Votre consentement n'est une condition d'aucun achat.",
		Terms:   "Conditions",
		Privacy: "Confidentialité",
		Back:    "Retour à vos SMS",

		On:      "Activé",
		Resting: "Activé, en pause",
		Off:     "Désactivé",
		Waiting: "Il manque votre OUI : répondez OUI au SMS du {number}.",
		Stopped: "Annulé. Pour le recevoir à nouveau, envoyez START au {number}.",

		Pause:       "Faire une pause",
		PauseButton: "Suspendre 30 jours",
		Resume:      "Reprendre maintenant",
		PauseMeans:  "Vous ne recevez aucun de ces SMS pendant 30 jours. Ils reprennent ensuite d'eux-mêmes.",
		Paused:      "En pause : vous ne recevez aucun de ces SMS jusqu'au {date}. Ils reprennent ensuite d'eux-mêmes.",
		Stop:        "Vous désabonner",
		StopButton:  "Tout arrêter",
		StopMeans:   "Cela met fin à tous les SMS de {brand}. Pour revenir, envoyez START depuis votre téléphone.",
		Gone:        "Vous avez arrêté tous les SMS de {brand}.",

		Saved:      "C'est fait",
		Same:       "Rien n'a été modifié.",
		TurnedOff:  "Vous ne recevez plus {topics}.",
		Asked:      "Regardez votre téléphone : nous avons envoyé un SMS depuis le {number}. Répondez OUI et vous recevrez {topics}. D'ici là, non.",
		AskedSoon:  "Nous vous enverrons un SMS depuis le {number} dès que possible. Répondez OUI et vous recevrez {topics}. D'ici là, non.",
		NotAsked:   "Nous ne vous avons pas redemandé pour {topics}. Répondez OUI au SMS que vous avez déjà, ou réessayez demain.",
		PausedNow:  "Vous ne recevez aucun de ces SMS jusqu'au {date}.",
		Resumed:    "Vos SMS reprennent.",
		StoppedNow: "Vous ne recevez plus aucun SMS de {brand}.",

		Expired: [2]string{
			"Ce lien a expiré",
			"Il était valable 24 heures. Pour en recevoir un autre, envoyez PREFS au numéro d'où viennent nos SMS.",
		},
		Invalid: [2]string{
			"Ce lien ne fonctionne pas",
			"Il en manque peut-être une partie : ouvrez-le depuis le SMS. Pour en recevoir un autre, envoyez PREFS au numéro d'où viennent nos SMS.",
		},
		Malformed: [2]string{
			"Le formulaire n'est pas arrivé en entier", "Rien n'a été modifié. Ouvrez le lien de notre SMS et réessayez.",
		},
		TooMany: [2]string{
			"C'est assez pour le moment",
			"Vous avez fait beaucoup de changements en une heure ; celui-ci n'a pas été fait. Réessayez plus tard. Vous pouvez toujours tout arrêter ici, ou envoyer STOP.",
		},
		Fault: [2]string{
			"Cela n'a pas fonctionné",
			"Une erreur s'est produite de notre côté. Réessayez dans une minute. Vous pouvez toujours envoyer STOP au numéro d'où viennent nos SMS.",
		},

		Varies: "fréquence variable",
		Often: map[program.Period][2]string{
			program.Day: {
				"un SMS par jour au plus",
				"{n} SMS par jour au plus",
			},
			program.Week: {"un SMS par semaine au plus", "{n} SMS par semaine au plus"},
			program.Month: {
				"un SMS par mois au plus",
				"{n} SMS par mois au plus",
			},
			program.Year: {"un SMS par an au plus", "{n} SMS par an au plus"},
		},
		And: "et",
		Months: [12]string{
			"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
			"décembre",
		},
		First: "1er",
		Date:  "{day} {month} {year}",
	}
}

// phrasebook makes what the page says, in each language it can be in.
func phrasebook() page.Phrasebook[words] {
	return page.NewPhrasebook(func(w *words) string { return w.Tag }, english(), spanish(), french())
}

// often returns a promised frequency as people say it.
func (w *words) often(f program.Frequency) string { return page.Often(f, w.Often, w.Varies) }

// list joins names: "a", "a and b", "a, b and c".
func (w *words) list(names []string) string { return page.List(names, w.And, "") }

// date returns the day of an instant in its time zone, as people write it.
func (w *words) date(t time.Time) string {
	day := w.First
	if t.Day() > 1 {
		day = strconv.Itoa(t.Day())
	}
	return page.Fill(w.Date, "day", day, "month", w.Months[t.Month()-1], "year", strconv.Itoa(t.Year()))
}
