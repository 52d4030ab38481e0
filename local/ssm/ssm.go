// Package ssm imitates AWS Systems Manager Parameter Store, which holds the stack's keys.
package ssm

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/local/faults"
)

// Parameters are the stack's keys. On the local stack they are public.
type Parameters struct {
	Faults *faults.Account
	Made   time.Time
}

type parameter struct {
	ARN              string
	Name             string
	Type             string
	Value            string `json:",omitempty"`
	Version          int64
	LastModifiedDate awsjson.Seconds
	DataType         string
}

type filter struct {
	Key, Option string
	Values      []string
}

// ServeHTTP answers the calls of Parameter Store that an operator makes, and that a function makes as it starts.
func (p *Parameters) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.Faults.Guard(awsjson.Operations{
		"DescribeParameters": awsjson.Operation(p.describe),
		"GetParameter":       awsjson.Operation(p.get),
		"GetParameters":      awsjson.Operation(p.several),
	}).Serve(w, r)
}

// named returns a parameter with its value, and reports whether it exists.
func (p *Parameters) named(name string) (parameter, bool) {
	value, faulty := p.Faults.Now().Keys[name]
	if !faulty {
		value = account.Secrets()[name]
	}
	return parameter{
		ARN: account.ARN("ssm", "parameter/"+name), Name: name, Type: "SecureString", Value: value, Version: 1,
		LastModifiedDate: awsjson.Seconds(p.Made), DataType: "text",
	}, value != ""
}

func (p *Parameters) get(_ *http.Request, in struct {
	Name           string
	WithDecryption bool
},
) (map[string]parameter, *awsjson.Error) {
	one, ok := p.named(in.Name)
	switch {
	case !ok:
		return nil, &awsjson.Error{Code: "ParameterNotFound", Text: "There is no such parameter."}
	case !in.WithDecryption:
		return nil, awsjson.Invalid("the local stack keeps no cipher text; ask WithDecryption")
	default:
		return map[string]parameter{"Parameter": one}, nil
	}
}

// found is the answer of GetParameters.
type found struct {
	Parameters        []parameter
	InvalidParameters []string // names without a parameter
}

func (p *Parameters) several(_ *http.Request, in struct {
	Names          []string
	WithDecryption bool
},
) (found, *awsjson.Error) {
	if !in.WithDecryption {
		return found{}, awsjson.Invalid("the local stack keeps no cipher text; ask WithDecryption")
	}
	var all found
	for _, name := range in.Names {
		if one, ok := p.named(name); ok {
			all.Parameters = append(all.Parameters, one)
		} else {
			all.InvalidParameters = append(all.InvalidParameters, name)
		}
	}
	return all, nil
}

func (p *Parameters) describe(_ *http.Request, in struct {
	ParameterFilters []filter
},
) (map[string][]parameter, *awsjson.Error) {
	all := []parameter{}
	for name := range account.Secrets() {
		one, ok := p.named(name)
		one.Value = ""
		if ok && !slices.ContainsFunc(in.ParameterFilters, func(f filter) bool {
			return f.Key == "Name" && cmp.Or(f.Option, "Equals") == "Equals" && !slices.Contains(f.Values, name)
		}) {
			all = append(all, one)
		}
	}
	slices.SortFunc(all, func(a, b parameter) int { return cmp.Compare(a.Name, b.Name) })
	return map[string][]parameter{"Parameters": all}, nil
}
