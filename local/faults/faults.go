// Package faults holds faults that the local stack's AWS account can be given, to try out what finds and fixes them.
package faults

import (
	"encoding/json"
	"net/http"
	"slices"
	"sync"

	"smsconsent/local/awsjson"
	"smsconsent/local/reply"
)

// Faults are what is wrong. The zero Faults are nothing.
type Faults struct {
	Deny        []string          `json:"deny,omitempty"`        // operations nobody may call, such as DescribePools
	Tier        string            `json:"tier,omitempty"`        // of the account: SANDBOX
	Spend       int64             `json:"spend,omitempty"`       // the month's limit on texts, in US dollars
	Concurrency int32             `json:"concurrency,omitempty"` // runs of functions at once
	Blocked     []string          `json:"blocked,omitempty"`     // countries a Protect configuration shuts out
	Full        bool              `json:"full,omitempty"`        // no more numbers, pools, lists and sets may be made
	Numbers     map[string]Number `json:"numbers,omitempty"`     // by phone number
	Keys        map[string]string `json:"keys,omitempty"`        // values of parameters by name; an empty one is not there
	Lost        []string          `json:"lost,omitempty"`        // topics nobody hears of, such as smsconsent-inbound
	Missing     []string          `json:"missing,omitempty"`     // functions that are not there, such as inbound
}

// Number is what is wrong with a phone number. What is empty is as it should be.
type Number struct {
	Status      string `json:"status,omitempty"`
	Type        string `json:"type,omitempty"`
	MessageType string `json:"messageType,omitempty"`
}

// Account is an account with faults. It is safe for concurrent use; a nil one has none.
type Account struct {
	mu  sync.Mutex
	now Faults
}

// Now returns the faults, which the caller must not change.
func (a *Account) Now() Faults {
	if a == nil {
		return Faults{}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now
}

// Denied reports whether nobody may call an operation.
func (a *Account) Denied(operation string) bool { return slices.Contains(a.Now().Deny, operation) }

// Refusal is what AWS says to whoever lacks a right.
func Refusal() *awsjson.Error {
	return &awsjson.Error{Code: "AccessDeniedException", Text: "User is not authorized to do that (simulated)."}
}

// Guard refuses those of a service's operations that nobody may call.
func (a *Account) Guard(all awsjson.Operations) awsjson.Operations {
	for operation := range all {
		if a.Denied(operation) {
			all[operation] = func(w http.ResponseWriter, _ *http.Request) { awsjson.WriteError(w, Refusal()) }
		}
	}
	return all
}

// Routes adds the calls by which a demonstration or a test says what is wrong.
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
