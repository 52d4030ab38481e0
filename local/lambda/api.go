package lambda

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/faults"
)

// usualRuns is how many runs of functions an account may have at once, unless more were asked for.
const usualRuns = 1000

// prefix is how the functions of the stack are called.
const prefix = account.StackName + "-"

// Routes adds the calls of Lambda's API that an operator makes.
func (l *Lambda) Routes(mux *http.ServeMux, f *faults.Account) {
	answer := func(pattern, operation string, do func(r *http.Request, name string) (any, *awsjson.Error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			name := strings.TrimPrefix(r.PathValue("name"), prefix)
			var out any
			var failed *awsjson.Error
			switch {
			case f.Denied(operation):
				failed = faults.Refusal()
			case r.PathValue("name") != "" && ((*l.functions.Load())[name] == nil || slices.Contains(f.Now().Missing, name)):
				failed = &awsjson.Error{
					Status: http.StatusNotFound, Code: "ResourceNotFoundException", Text: "Function not found.",
				}
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
	const configured = "GET /2015-03-31/functions/{name}/configuration"
	answer(configured, "GetFunctionConfiguration", func(_ *http.Request, name string) (any, *awsjson.Error) {
		return configuration(name), nil
	})
	const reserved = "GET /2019-09-30/functions/{name}/concurrency"
	answer(reserved, "GetFunctionConcurrency", func(*http.Request, string) (any, *awsjson.Error) {
		return struct{}{}, nil // none is kept for any
	})
	const settings = "GET /2016-08-19/account-settings"
	answer(settings, "GetAccountSettings", func(*http.Request, string) (any, *awsjson.Error) {
		runs := int32(usualRuns)
		if n := f.Now().Concurrency; n != 0 {
			runs = n
		}
		return map[string]any{"AccountLimit": map[string]any{
			"ConcurrentExecutions": runs, "UnreservedConcurrentExecutions": runs, "TotalCodeSize": int64(80530636800),
			"CodeSizeUnzipped": int64(262144000), "CodeSizeZipped": int64(52428800),
		}}, nil
	})
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
