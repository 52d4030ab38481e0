package strict_test

import (
	"errors"
	"slices"
	"testing"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/strict"
)

type thing struct {
	Name string            `json:"name"`
	List []string          `json:"list,omitempty"`
	More map[string]string `json:"more"`
	Yes  bool              `json:"yes"`
}

const notUTF8 = "holds bytes that are no characters, or stand for such (U+FFFD); write it as UTF-8"

func TestDecode(t *testing.T) {
	got, err := strict.Decode[thing]([]byte(`{"name":"a","list":["b","\ud83d\ude00 é"],"yes":true}`), "")
	if err != nil || got.Name != "a" || !slices.Equal(got.List, []string{"b", "😀 é"}) || !got.Yes {
		t.Errorf("%+v, %v", got, err)
	}
	for body, want := range map[string][2]string{
		``:                        {"", "the body is not a JSON object such as {…}"},
		`null`:                    {"", "the body is not a JSON object such as {…}"},
		`[]`:                      {"", "the body is not a JSON object such as {…}"},
		`{"name":"a"}x`:           {"", "the body is not a JSON object such as {…}"},
		`{"Name":"a"}`:            {"Name", "is not known; there are name, list, more, yes"},
		`{"name":"a","nam":"b"}`:  {"nam", "is not known; there are name, list, more, yes"},
		`{"name":"a","name":"b"}`: {"name", "is there twice; write it once"},
		`{"more":{"a":"1","b":"{","a":"2"},"name":"a"}`:       {"a", "is there twice; write it once"},
		`{"list":["name","name"],"more":{"name":""},"yes":1}`: {"yes", "must be true or false, not a number"},
		`{"name":"a","n\u0061me":"b"}`:                        {"name", "is there twice; write it once"},
		`{"name":["a"]}`:                                      {"name", "must be a string, not an array"},
		`{"name":{}}`:                                         {"name", "must be a string, not an object"},
		`{"name":"\ud83d"}`:                                   {"name", notUTF8},
		"{\"name\":\"caf\xe9\"}":                              {"name", notUTF8},
		`{"yes":true,"more":{"a":"\udc00b"}}`:                 {"a", notUTF8},
		`{"list":["b","\ufffd"]}`:                             {"list", notUTF8},
		`{"name":1}`:                                          {"name", "must be a string, not a number"},
		`{"list":"a"}`:                                        {"list", "must be a list of strings, not a string"},
		`{"more":{"a":1}}`:                                    {"more", "must be an object of strings, not a number"},
		`{"yes":"no"}`:                                        {"yes", "must be true or false, not a string"},
	} {
		got, err := strict.Decode[thing]([]byte(body), "{…}")
		wrong, ok := errors.AsType[*phone.FieldError](err)
		if !ok || wrong.Field != want[0] || wrong.Message != want[1] || got.Name != "" {
			t.Errorf("%s: %+v, %v", body, got, err)
		}
	}
}
