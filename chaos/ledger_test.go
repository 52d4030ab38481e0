package chaos_test

import "smsconsent/shared/consent"

// ledgerless is enough for an operator, who writes no events.
func ledgerless() consent.Ledger { return consent.Ledger{} }
