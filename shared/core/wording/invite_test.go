package wording

import "testing"

// Nobody counts as somebody who does not read because of texts that gave them nothing to do.
func TestWhatGivesAChance(t *testing.T) {
	for body, answer := range map[string]bool{
		"Example Corp.: new pumpkins are in.":                                 false,
		"Example Corp.: pumpkins. Reply STOP to cancel.":                      false,
		"Example Corp.: pumpkins. Reply HELP for help, STOP to unsubscribe.":  false,
		"Example Corp.: hungry? Text STOP to end":                             false,
		"Responde AYUDA para ayuda, STOP para cancelar.":                      false,
		"Example Corp.: open at 9 a.m. and/or later. Write help@example.com.": false,
		"Example Corp.: BIG SALE at the store.Come by":                        false,
		"Example Corp.: txt STOP2QUIT":                                        false,
		"Example Corp.: reply MORE for more, STOP to end":                     true,
		"Example Corp.: reply with the word 'PIE' and win":                    true,
		"Responde SI para seguir":                                             true,
		"Répondez OUI pour continuer":                                         true,
	} {
		if got := Invites(body); got != answer || HasAddress(body) {
			t.Errorf("%q: %t, want %t; an address: %t", body, got, answer, HasAddress(body))
		}
	}
	for _, body := range []string{
		"Example Corp.: look at https://example.com/p", "Example Corp.: look at (example.com/pumpkins)!",
		"Example Corp.: www.example.com has it", "Example Corp.: {link:https://example.com/p} has it",
	} {
		if !HasAddress(body) || Invites(body) {
			t.Errorf("%q: an address: %t, an invitation: %t", body, HasAddress(body), Invites(body))
		}
	}
}
