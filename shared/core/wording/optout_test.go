package wording

import "testing"

// A false yes leaves people without an instruction the law asks for; a false no costs one reminder.
func TestHasOptOut(t *testing.T) {
	for _, body := range []string{
		"Sale! Reply STOP to cancel.",
		"Reply STOP.",
		"Reply with STOP",
		`Text "stop" to 12345`,
		"Txt STOP to end",
		"text STOP to opt-out",
		"Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe.",
		"reply help for help, stop to end",
		"STOP=end",
		"STOP = opt out",
		"Stop2End? No: STOP2END",
		"To opt out, reply STOP",
		"Opt out: STOP",
		"Opt-out: example.com/u",
		"Unsubscribe: https://example.com/u",
		"Reply END to quit",
		"Promo -20%. STOP au 36111",
		"Soldes! Envoyez STOP au 36180",
		"STOP 36111",
		"Responde BAJA para cancelar",
		"Abmelden mit STOPP an 12345",
		"Svara STOPP",
		"Responde STOP para cancelar.",
		"Responde AYUDA para ayuda, STOP para cancelar.",
		"STOP para darte de baja",
		"Répondez STOP pour vous désabonner.",
		"AIDE pour de l'aide, STOP pour annuler",
		"STOP pour ne plus recevoir nos SMS",
		"HILFE fuer Hilfe, STOP zum Abbestellen.",
		"STOP per annullare",
		"STOP=koniec",
		"STOP=ביטול",
	} {
		if !HasOptOut(body) {
			t.Errorf("HasOptOut(%q) = false", body)
		}
	}
	for _, body := range []string{
		"",
		"Sale!",
		"Stop by on Sunday",
		"Don't stop now!",
		"Stop. Look. Listen.",
		"Non-STOP 50000 prizes",
		"End to end encryption",
		"NEW TEXT: END OF SEASON SALE",
		"Weekend deals: the END 20000 people waited for",
		"Check it out: example.com",
		"Reply YES to win",
		"STOP: You're unsubscribed. No more messages will be sent. Reply HELP for more info.",
		"Bus STOP 12",
		"We stop to think",
		"Cancel any time at example.com",
		"Send help. Stop the press.",
		"Baja de precios: tienda.es",
		"STOP: has cancelado Example Corp. alerts. Ya no te enviaremos mensajes.",
		"STOP : désabonnement confirmé pour Example Corp. alerts.",
		"Un petit stop pour vous désaltérer",
		"El bus para en STOP para 3 minutos",
		"Non-stop para salir de fiesta",
		"STOP pour vous : -20%",
		"STOP=",
		"STOP=12",
	} {
		if HasOptOut(body) {
			t.Errorf("HasOptOut(%q) = true", body)
		}
	}
}

// It runs once for every person of a campaign.
func BenchmarkHasOptOut(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		HasOptOut("Example Corp.: our autumn sale starts tomorrow at nine, everything half off. Reply STOP to cancel.")
	}
}
