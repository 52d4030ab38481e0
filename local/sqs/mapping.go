package sqs

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
)

// mapping is an event source mapping in Lambda's API.
type mapping struct {
	UUID           string
	BatchSize      int
	EventSourceARN string `json:"EventSourceArn"`
	FunctionARN    string `json:"FunctionArn"`
	State          string
}

// Routes adds the calls of Lambda's API by which an operator lists and stops event source mappings. A stopped mapping
// starts again when the stack is restarted.
func (q *Queues) Routes(mux *http.ServeMux) {
	const path = "/2015-03-31/event-source-mappings"
	mux.HandleFunc("GET "+path, q.listMappings)
	mux.HandleFunc("GET "+path+"/{$}", q.listMappings)
	mux.HandleFunc("PUT "+path+"/{uuid}", q.updateMapping)
}

// mapped returns the mappings, and the queue of each. The caller holds mu.
func (q *Queues) mapped() (all []mapping, of []*queue) {
	for i, one := range q.all {
		if one.function == "" {
			continue
		}
		state := "Enabled"
		if one.stopped {
			state = "Disabled"
		}
		all = append(all, mapping{
			fmt.Sprintf("00000000-0000-4000-8000-%012d", i), one.batch, queueARN(one.name), account.FunctionARN(one.function) + ":live", state,
		})
		of = append(of, one)
	}
	return all, of
}

// listMappings answers with all mappings, or with those of a function, given by name or ARN.
func (q *Queues) listMappings(w http.ResponseWriter, r *http.Request) {
	asked := strings.TrimPrefix(r.FormValue("FunctionName"), account.ARN("lambda", "function:"))
	name, alias, _ := strings.Cut(asked, ":")
	found := []mapping{}
	q.mu.Lock()
	all, of := q.mapped()
	q.mu.Unlock()
	for i := range all {
		if asked == "" || name == account.StackName+"-"+of[i].function && (alias == "" || alias == "live") {
			found = append(found, all[i])
		}
	}
	answer(w, map[string][]mapping{"EventSourceMappings": found})
}

// updateMapping stops a mapping, or starts it again.
func (q *Queues) updateMapping(w http.ResponseWriter, r *http.Request) {
	var in struct{ Enabled *bool }
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, awsjson.MaxCall)).Decode(&in)
	if err != nil || in.Enabled == nil {
		awsjson.WriteError(w, &awsjson.Error{
			Code: "InvalidParameterValueException", Text: "the local stack changes Enabled only",
		})
		return
	}
	q.mu.Lock()
	all, of := q.mapped()
	for i := range all {
		if all[i].UUID == r.PathValue("uuid") {
			of[i].stopped = !*in.Enabled
			all, _ = q.mapped()
			q.mu.Unlock()
			q.Changed()
			answer(w, all[i])
			return
		}
	}
	q.mu.Unlock()
	awsjson.WriteError(w, &awsjson.Error{
		Status: http.StatusNotFound, Code: "ResourceNotFoundException", Text: "The event source mapping does not exist.",
	})
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}

// runs reports whether a function takes messages from a queue, and is not stopped. The caller does not hold mu.
func (q *Queues) runs(from *queue) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return from.function != "" && !from.stopped
}
