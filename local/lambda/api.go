package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/faults"
	"smsconsent/local/redact"
)

// Invoke runs a function by name and returns its answer.
type Invoke func(ctx context.Context, name string, payload []byte) ([]byte, error)

// defaultConcurrency is how many functions may run at once in an account that has not asked for more.
const defaultConcurrency = 1000

// prefix begins the names of the stack's functions.
const prefix = account.StackName + "-"

// Routes adds the calls of Lambda's API that an operator makes. invoke runs a function, and delivers what it caused.
func (l *Lambda) Routes(mux *http.ServeMux, invoke Invoke) {
	f := l.Faults
	answer := func(pattern, operation string, do func(r *http.Request, name string) (any, *awsjson.Error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			name := strings.TrimPrefix(r.PathValue("name"), prefix)
			var out any
			var failed *awsjson.Error
			switch {
			case f.Denied(operation):
				failed = faults.Refusal()
			case r.PathValue("name") != "" && l.named(name) == nil:
				failed = missing()
			default:
				out, failed = do(r, name)
			}
			if failed != nil {
				awsjson.WriteError(w, failed)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(out)
		})
	}
	mux.HandleFunc("POST /2015-03-31/functions/{name}/invocations", func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.PathValue("name"), prefix)
		switch {
		case f.Denied("Invoke"):
			awsjson.WriteError(w, faults.Refusal())
		case l.named(name) == nil:
			awsjson.WriteError(w, missing())
		default:
			l.answerInvoke(w, r, name, invoke)
		}
	})
	const configured = "GET /2015-03-31/functions/{name}/configuration"
	answer(configured, "GetFunctionConfiguration", func(_ *http.Request, name string) (any, *awsjson.Error) {
		return configuration(name), nil
	})
	const reserved = "GET /2019-09-30/functions/{name}/concurrency"
	answer(reserved, "GetFunctionConcurrency", func(*http.Request, string) (any, *awsjson.Error) {
		return struct{}{}, nil // no function has reserved concurrency
	})
	const settings = "GET /2016-08-19/account-settings"
	answer(settings, "GetAccountSettings", func(*http.Request, string) (any, *awsjson.Error) {
		runs := int32(defaultConcurrency)
		if n := f.Now().Concurrency; n != 0 {
			runs = n
		}
		return map[string]any{"AccountLimit": map[string]any{
			"ConcurrentExecutions": runs, "UnreservedConcurrentExecutions": runs, "TotalCodeSize": int64(80530636800),
			"CodeSizeUnzipped": int64(262144000), "CodeSizeZipped": int64(52428800),
		}}, nil
	})
}

func missing() *awsjson.Error {
	return &awsjson.Error{Status: http.StatusNotFound, Code: "ResourceNotFoundException", Text: "Function not found."}
}

// failure is the answer of Lambda's runtime for a function that failed.
type failure struct {
	Message string `json:"errorMessage"`
	Type    string `json:"errorType"`
}

// answerInvoke runs a function and answers with its result.
func (l *Lambda) answerInvoke(w http.ResponseWriter, r *http.Request, name string, invoke Invoke) {
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, awsjson.MaxCall))
	if err != nil {
		awsjson.WriteError(w, &awsjson.Error{Code: "InvalidRequestContentException", Text: "the payload is not whole"})
		return
	}
	out, err := invoke(r.Context(), name, payload)
	if err != nil {
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		out, _ = json.Marshal(failure{fmt.Sprint(redact.Error(err)), "error"}) // two texts always encode
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(out)
}

func configuration(name string) any {
	type environment struct{ Variables map[string]string }
	return struct {
		FunctionName, FunctionArn, Runtime, Handler, State, LastUpdateStatus, Version, PackageType string
		Environment                                                                                environment
	}{
		prefix + name, account.FunctionARN(name), "provided.al2023", "bootstrap", "Active", "Successful", "$LATEST", "Zip",
		environment{account.Variables()},
	}
}
