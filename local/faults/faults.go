// Package faults gives the local stack's AWS account faults, to try out what finds and fixes them.
package faults

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"

	"smsconsent/local/awsjson"
	"smsconsent/local/reply"
)

// Faults are an account's faults. The zero value has none.
type Faults struct {
	Deny        []string          `json:"deny,omitempty"`        // operations that are denied to everybody, such as DescribePools
	Tier        string            `json:"tier,omitempty"`        // of the account: SANDBOX
	Spend       int64             `json:"spend,omitempty"`       // the month's limit on texts, in US dollars
	Concurrency int32             `json:"concurrency,omitempty"` // how many functions may run at once
	Blocked     []string          `json:"blocked,omitempty"`     // countries that a Protect configuration blocks
	Full        bool              `json:"full,omitempty"`        // the quotas of numbers, pools, lists and sets are used up
	Numbers     map[string]Number `json:"numbers,omitempty"`     // by phone number
	Keys        map[string]string `json:"keys,omitempty"`        // values of parameters by name; empty for a missing one
	Lost        []string          `json:"lost,omitempty"`        // topics without subscribers, such as smsconsent-inbound
	Missing     []string          `json:"missing,omitempty"`     // functions that are missing, such as inbound
}

// Number is what is wrong with a phone number. An empty field is in order.
type Number struct {
	Status      string `json:"status,omitempty"`
	Type        string `json:"type,omitempty"`
	MessageType string `json:"messageType,omitempty"`
}

// Account holds an account's faults. It is safe for concurrent use. A nil Account has none.
type Account struct {
	mu  sync.Mutex
	now Faults
}

// Now returns the current faults. The caller must not change them.
func (a *Account) Now() Faults {
	if a == nil {
		return Faults{}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

// Denied reports whether an operation is denied.
func (a *Account) Denied(operation string) bool { return slices.Contains(a.Now().Deny, operation) }

// Refusal returns AWS's error for a caller without the right.
func Refusal() *awsjson.Error {
	return &awsjson.Error{Code: "AccessDeniedException", Text: "User is not authorized to do that (simulated)."}
}

// Guard returns the operations of a service, and refuses those that are denied.
func (a *Account) Guard(all awsjson.Operations) awsjson.Operations {
	for operation := range all {
		if a.Denied(operation) {
			all[operation] = func(w http.ResponseWriter, _ *http.Request) { awsjson.WriteError(w, Refusal()) }
		}
	}
	return all
}

// Routes adds the calls by which a demonstration or a test reads and sets the faults.
func (a *Account) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) { reply.JSON(w, http.StatusOK, a.Now()) })
	mux.HandleFunc("PUT /faults", func(w http.ResponseWriter, r *http.Request) {
		var body json.RawMessage
		bad := reply.Decode(w, r, &body)
		var in Faults
		if bad == nil {
			in, bad = read(body)
		}
		if bad != nil {
			bad.Write(w)
			return
		}
		a.mu.Lock()
		a.now = in
		a.mu.Unlock()
		reply.JSON(w, http.StatusOK, in)
	})
}
