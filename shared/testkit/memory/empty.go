package memory

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
)

// mark stands in lists, maps and bytes that are empty. Without it minidyn leaves them out of its answers, where the
// SDK takes them for what it read before, and takes their type from those it copies (core/types.go,
// deepCopyTypesItem), after which every search of the table fails.
const mark = "\x00empty"

// markBytes is the mark as JSON writes bytes.
func markBytes() string { return base64.StdEncoding.EncodeToString([]byte(mark)) }

// filled puts the mark into what is empty in a request.
func filled(request []byte) ([]byte, error) {
	if !mayHoldEmpty(request) {
		return request, nil
	}
	return rewrite(request, func(value map[string]any) {
		switch {
		case isEmptyMap(value["M"]):
			value["M"] = map[string]any{mark: map[string]any{"NULL": true}}
		case isEmptyList(value["L"]):
			value["L"] = []any{map[string]any{"S": mark}}
		case value["B"] == "":
			value["B"] = markBytes()
		}
	})
}

// mayHoldEmpty reports whether in a JSON text a bracket closes right after it was opened, or the quote of bytes does.
// Most requests need no more than this look.
func mayHoldEmpty(text []byte) bool {
	before, at := byte(' '), 0 // the last that is no space, and where it stands
	for i, c := range text {
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		case '}', ']': // their openings stand two before them
			if before == c-2 {
				return true
			}
		case '"':
			if before == c && bytes.HasSuffix(bytes.TrimRight(text[:at], ": \t\r\n"), []byte(`"B"`)) {
				return true
			}
		}
		before, at = c, i
	}
	return false
}

// marksOut takes the mark out of an answer's JSON; an update may have put something beside it. In a map it stands
// first, for names are written in order. Most answers of many items hold one, so they are not read for it.
func marksOut() *strings.Replacer {
	const inMap, inList = `"\u0000empty":{"NULL":true}`, `{"S":"\u0000empty"}`
	return strings.NewReplacer(
		inMap+",", "", inMap, "", ","+inList, "", inList+",", "", inList, "", `"B":"`+markBytes()+`"`, `"B":""`,
	)
}

// rewrite calls change for every object in a JSON text. One whose member "M" is empty is an attribute value, and no
// item with an attribute of that name: the value of an attribute is never an empty object.
func rewrite(text []byte, change func(map[string]any)) ([]byte, error) {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, err
	}
	each(v, change)
	return json.Marshal(v)
}

func each(v any, change func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		for _, member := range v {
			each(member, change)
		}
		change(v)
	case []any:
		for _, e := range v {
			each(e, change)
		}
	}
}

func isEmptyMap(v any) bool { m, ok := v.(map[string]any); return ok && len(m) == 0 }

func isEmptyList(v any) bool { l, ok := v.([]any); return ok && len(l) == 0 }
