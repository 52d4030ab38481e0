package chaos_test

import "smsconsent/shared/core/consent"

// ledgerless is enough for an operator, who writes no events.
func ledgerless() consent.Ledger { return consent.Ledger{} }
