package jurisdiction

//go:generate go run ./gen -hash tables_hash.go

// TablesHash is the SHA-256, in hex, of all that the hours of a phone depend on beside the policy: every rule and every
// holiday, the places of phone numbers, and the clocks of the time zones. A decision kept with it can be explained
// years later. It is worked out when the tables change, not when a function starts.
func TablesHash() string { return tablesHash }
