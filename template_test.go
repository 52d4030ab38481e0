package smsconsent_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"smsconsent/functions"
)

// template is what the tests look at of template.yaml. An intrinsic function such as !GetAtt comes out as its argument.
type template struct {
	Parameters map[string]struct {
		Default        any    `json:"Default" yaml:"Default"`
		AllowedPattern string `json:"AllowedPattern" yaml:"AllowedPattern"`
		Description    string `json:"Description" yaml:"Description"`
	} `json:"Parameters" yaml:"Parameters"`
	Globals struct {
		Function struct {
			AutoPublishAlias string `json:"AutoPublishAlias" yaml:"AutoPublishAlias"`
			Environment      struct {
				Variables map[string]any `json:"Variables" yaml:"Variables"`
			} `json:"Environment" yaml:"Environment"`
		} `json:"Function" yaml:"Function"`
	} `json:"Globals" yaml:"Globals"`
	Resources map[string]resource `json:"Resources" yaml:"Resources"`
	Outputs   map[string]struct {
		Description string `json:"Description" yaml:"Description"`

		Value  string         `json:"Value" yaml:"Value"`
		Export map[string]any `json:"Export" yaml:"Export"`
	} `json:"Outputs" yaml:"Outputs"`
}

type resource struct {
	Type           string         `json:"Type" yaml:"Type"`
	DeletionPolicy string         `json:"DeletionPolicy" yaml:"DeletionPolicy"`
	UpdatePolicy   string         `json:"UpdateReplacePolicy" yaml:"UpdateReplacePolicy"`
	DependsOn      any            `json:"DependsOn" yaml:"DependsOn"`
	Properties     map[string]any `json:"Properties" yaml:"Properties"`
}

// at walks nested maps and lists by keys and indexes; nil where there is nothing.
func (r resource) at(path ...any) any {
	var v any = r.Properties
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func (r resource) number(path ...any) int {
	var n int
	if _, err := fmt.Sscan(fmt.Sprint(r.at(path...)), &n); err != nil {
		return -1
	}
	return n
}

func read(t *testing.T) template {
	t.Helper()
	raw, err := os.ReadFile("template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := yaml.Unmarshal(raw, &plain); err != nil {
		t.Fatal(err)
	}
	if raw, err = json.Marshal(asMade(plain)); err != nil {
		t.Fatal(err)
	}
	var tpl template
	if err := json.Unmarshal(raw, &tpl); err != nil {
		t.Fatal(err)
	}
	if n := len(tpl.of("AWS::Serverless::Function")); n != len(functions.All()) {
		t.Fatalf("template.yaml has %d functions, want %d", n, len(functions.All()))
	}
	return tpl
}

// asMade is what is made of a value where the stack has a table, a name and an address of its own: of each !If on those
// what stands there then, and of a !Sub with names of its own the text they stand in.
func asMade(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			v[key] = asMade(v[key])
		}
	case []any:
		for i := range v {
			v[i] = asMade(v[i])
		}
		if len(v) == 3 && v[0] == "OwnsTable" {
			return v[1]
		}
		if len(v) == 3 && slices.Contains([]any{"HasDomain", "UsesCloudFront"}, v[0]) {
			return v[2]
		}
		if len(v) == 2 {
			return substituted(v)
		}
	}
	return v
}

func substituted(v []any) any {
	text, ok := v[0].(string)
	names, isMap := v[1].(map[string]any)
	if !ok || !isMap {
		return v
	}
	for name, value := range names {
		of, plain := value.(string)
		if !plain || !strings.Contains(text, "${"+name+"}") {
			return v
		}
		if !strings.Contains(of, "${") {
			of = "${" + of + "}"
		}
		text = strings.ReplaceAll(text, "${"+name+"}", of)
	}
	return text
}

// of is the logical IDs of one type, in order.
func (tpl template) of(kind string) []string {
	var ids []string
	for id, r := range tpl.Resources {
		if r.Type == kind {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// function is the logical ID of a function by its name.
func (tpl template) function(t *testing.T, name string) string {
	t.Helper()
	for _, id := range tpl.of("AWS::Serverless::Function") {
		if tpl.Resources[id].at("FunctionName") == "${AWS::StackName}-"+name {
			return id
		}
	}
	t.Fatalf("template.yaml has no function %s", name)
	return ""
}

// statement is one IAM statement of a role or managed policy.
type statement struct {
	owner     string
	actions   []string
	resources []string
	condition any
}

func list(v any) []string {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, list(e)...)
		}
		return all
	default:
		return []string{fmt.Sprint(v)}
	}
}

func (tpl template) statements() []statement {
	var all []statement
	add := func(owner string, document any) {
		d, _ := document.(map[string]any)
		ss, _ := d["Statement"].([]any)
		for _, s := range ss {
			m, _ := s.(map[string]any)
			all = append(all, statement{owner, list(m["Action"]), list(m["Resource"]), m["Condition"]})
		}
	}
	for id, r := range tpl.Resources {
		switch r.Type {
		case "AWS::IAM::ManagedPolicy":
			add(id, r.at("PolicyDocument"))
		case "AWS::IAM::Role":
			policies, _ := r.at("Policies").([]any)
			for i := range policies {
				add(id, r.at("Policies", i, "PolicyDocument"))
			}
		}
	}
	return all
}

// Whoever reads the stack's outputs is told what each is for, and who deploys that an alarm needs an address.
func TestOutputsSayWhatTheyAreFor(t *testing.T) {
	tpl := read(t)
	for name, out := range tpl.Outputs {
		if out.Description == "" {
			t.Errorf("%s has no description", name)
		}
	}
	if says := tpl.Parameters["AlarmEmail"].Description; !strings.Contains(says, "nobody hears an alarm") {
		t.Errorf("AlarmEmail says %q", says)
	}
}
