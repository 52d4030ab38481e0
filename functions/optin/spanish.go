package optin

import "smsconsent/shared/core/program"

func spanish() words {
	return words{
		Tag: "es", Name: "Español", Dir: "ltr",

		Title:     "Mensajes de texto de {brand}",
		Heading:   "Recibe nuestros mensajes de texto",
		Lead:      "Danos tu número. Te enviamos un solo mensaje para saber que eres tú, y nada más hasta que respondas *SI*.",
		Languages: "Idioma",
		Topics:    "¿Qué te gustaría recibir?",
		Marketing: "Mensajes publicitarios",
		Service:   "Mensajes de servicio",
		Country:   "País",
		Phone:     "Número de móvil",
		State:     "Estado",
		NoState:   "Sin indicar",
		ZIP:       "Código postal",
		Where:     "Dónde vives (opcional)",
		Why:       "Para que ningún mensaje te llegue de noche. Puede no coincidir con tu código de área.",
		Agreement: "Lo que aceptas",
		Trap:      "Deja este campo vacío",
		SignUp:    "Suscribirme",
		Checking:  "Comprobando que no eres un robot…",
		Sending:   "Enviando…",
		Lost:      "No ha funcionado. Revisa tu conexión e inténtalo de nuevo.",
		NoScript:  "La comprobación contra robots necesita JavaScript. Actívalo y vuelve a cargar la página.",
		ByText:    "Para {topic} también puedes enviar *{keyword}* al *{number}*.",
		Refused:   "Aún no te has suscrito.",
		Terms:     "Condiciones",
		Privacy:   "Privacidad",

		Done:     "Ahora mira tu teléfono",
		DoneTo:   "Estamos enviando un mensaje al",
		Open:     "Abre el mensaje del *{sender}*.",
		OpenEach: "Abre los mensajes del *{sender}*: hay uno por cada tipo de mensaje.",
		Yes:      "Responde *SI* y quedará hecha la suscripción.",
		YesEach:  "Responde *SI* a cada uno de los que quieras.",
		Until:    "Hasta entonces no recibirás nada más de nuestra parte.",
		Nothing: "¿No te llega nada en unos minutos? Puede que ya estés en la lista, que un mensaje anterior espere tu SI " +
			"o que hoy ya te hayamos preguntado todas las veces que preguntamos en un día.",
		Start:  "Si antes cancelaste los mensajes, envía *START* al *{number}* desde ese teléfono.",
		Again:  "¿No es tu número? Vuelve a empezar",
		And:    "y",
		Or:     "o",
		Served: "de un país al que {brand} envía mensajes",

		Often: map[program.Period][2]string{
			program.Day:   {"como mucho 1 al día", "hasta {n} al día"},
			program.Week:  {"como mucho 1 a la semana", "hasta {n} a la semana"},
			program.Month: {"como mucho 1 al mes", "hasta {n} al mes"},
			program.Year:  {"como mucho 1 al año", "hasta {n} al año"},
		},
		Varies: "frecuencia variable",

		Reasons: map[reason]string{
			noTopic:        "Elige al menos uno.",
			phoneEmpty:     "Escribe tu número de móvil, por ejemplo {example}.",
			phoneTooLong:   "Escribe un solo número.",
			phoneSigns:     "Escribe solo cifras, por ejemplo {example}, sin extensión.",
			phoneCountry:   "Elige tu país, o empieza con + y el código del país.",
			phoneTenDigits: "Aquí un número tiene diez cifras: código de área y número, como {example}.",
			phoneDigits:    "Ese número no existe. Revisa las cifras.",
			phoneUnable:    "Este número no se puede suscribir aquí. Usa un número de móvil {places}.",
			stateUnknown:   "Este estado no corresponde al número. Usa un código como FL, o déjalo vacío.",
			zipUnknown:     "Ese código postal no existe. Usa uno como 33101, o déjalo vacío.",
			changed:        "Lo que aceptas ha cambiado desde que abriste la página. Léelo de nuevo y suscríbete.",
			unsolved:       "No se ha superado la comprobación contra robots. Inténtalo de nuevo.",
			outdated:       "Ha pasado un rato y hay que repetir la comprobación contra robots. Inténtalo de nuevo.",
			unverifiable:   "La comprobación contra robots no funciona ahora mismo. Inténtalo de nuevo en un minuto.",
			tooMany:        "Han llegado demasiadas suscripciones desde tu red. Inténtalo de nuevo en una hora.",
			foreignSite:    "{brand} no acepta suscripciones desde la página web de la que vienes. Usa el formulario de su propio sitio.",
			tryAgain:       "Algo ha fallado por nuestra parte. Inténtalo de nuevo en un minuto.",
		},
	}
}
