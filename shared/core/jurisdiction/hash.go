package jurisdiction

//go:generate go run ./gen -hash tables_hash.go

// TablesHash is the SHA-256, in hex, of every rule and every holiday of the tables: a decision kept with it can be
// explained years later. It is worked out when the tables change, not when a function starts.
func TablesHash() string { return tablesHash }
