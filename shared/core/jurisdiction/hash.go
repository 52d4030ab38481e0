package jurisdiction

//go:generate go run ./gen -hash tables_hash.go

// TablesHash returns the SHA-256, in hex, of everything that a phone's hours depend on beside the policy: all rules
// and holidays, the places of phone numbers, and the clocks of the time zones. A decision stored with it can be
// explained years later. It is computed when the tables change, not when a function starts.
func TablesHash() string { return tablesHash }
