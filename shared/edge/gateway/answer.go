package gateway

import (
	"encoding/json"
	"net/http"
)

// Refusal is why a request is not taken. Field and Message are safe to show: they say what to mend. Handlers branch on
// it: of any other error the caller only learns that something failed.
type Refusal struct {
	Status  int    `json:"-"`     // of the answer
	Field   string `json:"field"` // empty where no single field is to blame
	Message string `json:"message"`
}

func (r *Refusal) Error() string {
	if r.Field == "" {
		return "request refused: " + r.Message
	}
	return "request refused: " + r.Field + ": " + r.Message
}

// RefusalBody is the JSON that tells a caller of a Refusal.
type RefusalBody struct {
	Error Refusal `json:"error"`
}

// Write answers with the refusal as JSON.
func (r *Refusal) Write(w http.ResponseWriter) { WriteJSON(w, r.Status, RefusalBody{*r}) }

// WriteJSON answers with v as JSON, which nobody keeps or takes for anything else.
func WriteJSON(w http.ResponseWriter, status int, v any) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	// The status is out: an answer that cannot be written can only be dropped.
	_ = json.NewEncoder(w).Encode(v)
}
