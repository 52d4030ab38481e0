package wording

// spanish is for readers in Europe and the Americas. The texts avoid á, í, ó and ú, which GSM-7 lacks; people type
// "SI" without the accent anyway. STOP is not translated, because carriers act on that word.
var spanish = Language{
	Texts: map[Text]string{
		Confirmation: "Responde SI para recibir {topics}. {frequency} {rates} Responde AYUDA para ayuda, STOP para cancelar.",
		Welcome:      "Te has suscrito a {topics}. {frequency} {rates} Responde AYUDA para ayuda, STOP para cancelar.",
		Reminder:     "Te recordamos que recibes {topics}. {rates} Responde AYUDA para ayuda, STOP para cancelar.",
		Renewal:      "¿Quieres seguir recibiendo {topics}? Responde SI; si no, dejaremos de enviarlos. Responde AYUDA para ayuda, STOP para cancelar.",
		Help:         "AYUDA: {topics}: {contact}. {frequency} {rates} Responde STOP para cancelar.[ Preferencias: {link}]",
		Stop:         "STOP: has cancelado {topics}. Ya no te enviaremos mensajes.[ Para obtener ayuda, {contact}.]",
		Expired:      "Tu solicitud para recibir {topics} ha vencido. Responde {keyword} para hacerla de nuevo.",
		Nearly:       "Para recibir {topics}, responde solo SI. Responde AYUDA para ayuda, STOP para cancelar.",
		Clarify:      "{brand}: disculpa, no te hemos entendido. Responde STOP para cancelar {topics}, AYUDA para ayuda.",
		Preferences:  "{brand}:[ elige en {link} lo que te enviamos; el enlace vale 24 horas.] Responde STOP para cancelar, AYUDA para ayuda.",
		Notice:       "Responde STOP para cancelar.",

		Disclosure: "Al suscribirte, aceptas recibir mensajes de texto de {brand} en el número de teléfono que indicas: {topics}. " +
			"Primero te enviamos un solo mensaje; si no lo respondes con SI, no te llegará ningún otro. " +
			"El consentimiento no es condición para ninguna compra. Pueden aplicarse tarifas de mensajes y datos. " +
			"Responde AYUDA para ayuda, STOP para cancelar." +
			"[ Condiciones: {terms}][ Privacidad: {privacy}]",
		Marketing: "{topic} (mensajes publicitarios automáticos y recurrentes, {frequency}, desde el {sender})",
		Service:   "{topic} (mensajes de servicio automáticos, {frequency}, desde el {sender})",
	},
	Words: map[Word]string{
		And: "y", Or: "o", All: "todos los mensajes de {brand}", HelpWord: "AYUDA",
		Rates:  "Pueden aplicarse tarifas de msgs y datos.",
		Varies: "Frecuencia variable", Variable: "variable",
		// "día" is not in GSM-7.
		Message: "msg", Messages: "msgs", Day: "24 h", Week: "semana", Month: "mes", Year: "año", Each: "cada uno",
		Email: "escribe a", Call: "llama al",
	},
}
