package memory

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// This file converts the client's types to and from DynamoDB's JSON. encoding/json would do, were it not for attribute
// values, which are an interface, for times, and for fields that are not set.

// encode appends the JSON of one of the client's values.
func encode(b []byte, v reflect.Value) []byte {
	switch x := v.Interface().(type) {
	case types.AttributeValue:
		return AppendValue(b, x)
	case item:
		return AppendItem(b, x)
	case time.Time:
		return strconv.AppendInt(b, x.Unix(), 10)
	case string:
		return appendText(b, x)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return encode(b, v.Elem())
	case reflect.String:
		return appendText(b, v.String())
	case reflect.Struct:
		b = append(b, '{')
		for i := range v.NumField() {
			name, f := v.Type().Field(i), v.Field(i)
			if !name.IsExported() || name.Name == "ResultMetadata" || name.Name == "ErrorCodeOverride" || unset(f) {
				continue
			}
			b = append(appendText(comma(b), name.Name), ':')
			b = encode(b, f)
		}
		return append(b, '}')
	case reflect.Map:
		b = append(b, '{')
		for it := v.MapRange(); it.Next(); {
			b = append(appendText(comma(b), it.Key().String()), ':')
			b = encode(b, it.Value())
		}
		return append(b, '}')
	case reflect.Slice:
		b = append(b, '[')
		for i := range v.Len() {
			b = encode(comma(b), v.Index(i))
		}
		return append(b, ']')
	default:
		text, _ := json.Marshal(v.Interface()) // numbers and booleans
		return append(b, text...)
	}
}

// unset reports whether DynamoDB leaves a field out: nil, or an empty name.
func unset(f reflect.Value) bool {
	switch f.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
		return f.IsNil()
	case reflect.String:
		return f.Len() == 0
	default:
		return false
	}
}

// comma appends a comma where something is before it.
func comma(b []byte) []byte {
	if last := b[len(b)-1]; last == '{' || last == '[' {
		return b
	}
	return append(b, ',')
}

func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // strings can always be encoded
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// AppendItem appends an item in DynamoDB's JSON.
func AppendItem(b []byte, m map[string]types.AttributeValue) []byte {
	b = append(b, '{')
	for _, name := range slices.Sorted(maps.Keys(m)) {
		b = append(appendText(comma(b), name), ':')
		b = AppendValue(b, m[name])
	}
	return append(b, '}')
}

// AppendValue appends an attribute value in DynamoDB's JSON.
func AppendValue(b []byte, v types.AttributeValue) []byte {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		b = appendText(append(b, `{"S":`...), v.Value)
	case *types.AttributeValueMemberN:
		b = appendText(append(b, `{"N":`...), v.Value)
	case *types.AttributeValueMemberB:
		b = append(base64.StdEncoding.AppendEncode(append(b, `{"B":"`...), v.Value), '"')
	case *types.AttributeValueMemberBOOL:
		b = strconv.AppendBool(append(b, `{"BOOL":`...), v.Value)
	case *types.AttributeValueMemberNULL:
		b = strconv.AppendBool(append(b, `{"NULL":`...), v.Value)
	case *types.AttributeValueMemberM:
		b = AppendItem(append(b, `{"M":`...), v.Value)
	case *types.AttributeValueMemberL:
		b = append(b, `{"L":[`...)
		for _, e := range v.Value {
			b = AppendValue(comma(b), e)
		}
		b = append(b, ']')
	case *types.AttributeValueMemberSS:
		b = encode(append(b, `{"SS":`...), reflect.ValueOf(v.Value))
	case *types.AttributeValueMemberNS:
		b = encode(append(b, `{"NS":`...), reflect.ValueOf(v.Value))
	case *types.AttributeValueMemberBS:
		text, _ := json.Marshal(v.Value) // bytes can always be encoded
		b = append(append(b, `{"BS":`...), text...)
	default:
		b = append(b, '{')
	}
	return append(b, '}')
}

// decode sets one of the client's values from parsed JSON.
func decode(read any, v reflect.Value) error {
	bad := fmt.Errorf("%T is no %s", read, v.Type())
	if v.Type() == reflect.TypeFor[types.AttributeValue]() {
		a, err := decodeValue(read)
		if err == nil {
			v.Set(reflect.ValueOf(a))
		}
		return err
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return decode(read, v.Elem())
	case reflect.Struct:
		fields, ok := read.(map[string]any)
		if !ok {
			return bad
		}
		for name, is := range fields {
			if f := v.FieldByName(name); f.IsValid() && is != nil {
				if err := decode(is, f); err != nil {
					return err
				}
			}
		}
		return nil
	case reflect.Map:
		of, ok := read.(map[string]any)
		if !ok {
			return bad
		}
		v.Set(reflect.MakeMapWithSize(v.Type(), len(of)))
		for name, is := range of {
			e := reflect.New(v.Type().Elem()).Elem()
			if err := decode(is, e); err != nil {
				return err
			}
			v.SetMapIndex(reflect.ValueOf(name), e)
		}
		return nil
	case reflect.Slice:
		all, ok := read.([]any)
		if !ok {
			return bad
		}
		v.Set(reflect.MakeSlice(v.Type(), len(all), len(all)))
		for i, is := range all {
			if err := decode(is, v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.String:
		s, ok := read.(string)
		if !ok {
			return bad
		}
		v.SetString(s)
		return nil
	case reflect.Bool:
		is, ok := read.(bool)
		if !ok {
			return bad
		}
		v.SetBool(is)
		return nil
	case reflect.Int32, reflect.Int64:
		n, ok := read.(float64)
		if !ok {
			return bad
		}
		v.SetInt(int64(n))
		return nil
	default:
		return bad
	}
}

// decodeValue returns an attribute value from parsed JSON.
func decodeValue(read any) (types.AttributeValue, error) {
	of, ok := read.(map[string]any)
	if !ok || len(of) != 1 {
		return nil, errors.New("an attribute value has one type")
	}
	for kind, is := range of {
		text, isText := is.(string)
		yes, isYes := is.(bool)
		switch {
		case kind == "S" && isText:
			return &types.AttributeValueMemberS{Value: text}, nil
		case kind == "N" && isText:
			return &types.AttributeValueMemberN{Value: text}, nil
		case kind == "B" && isText:
			b, err := base64.StdEncoding.DecodeString(text)
			return &types.AttributeValueMemberB{Value: b}, err
		case kind == "BOOL" && isYes:
			return &types.AttributeValueMemberBOOL{Value: yes}, nil
		case kind == "NULL" && isYes:
			return &types.AttributeValueMemberNULL{Value: yes}, nil
		}
		return decodeMany(kind, is)
	}
	return nil, nil
}

// decodeMany returns a set, list or map from parsed JSON.
func decodeMany(kind string, read any) (types.AttributeValue, error) {
	switch kind {
	case "M":
		v := &types.AttributeValueMemberM{}
		return v, decode(read, reflect.ValueOf(&v.Value).Elem())
	case "L":
		v := &types.AttributeValueMemberL{}
		return v, decode(read, reflect.ValueOf(&v.Value).Elem())
	case "SS":
		v := &types.AttributeValueMemberSS{}
		return v, decode(read, reflect.ValueOf(&v.Value).Elem())
	case "NS":
		v := &types.AttributeValueMemberNS{}
		return v, decode(read, reflect.ValueOf(&v.Value).Elem())
	case "BS":
		v := &types.AttributeValueMemberBS{}
		var texts []string
		err := decode(read, reflect.ValueOf(&texts).Elem())
		for _, t := range texts {
			b, fault := base64.StdEncoding.DecodeString(t)
			v.Value, err = append(v.Value, b), errors.Join(err, fault)
		}
		return v, err
	default:
		return nil, fmt.Errorf("%s is no type of an attribute value", kind)
	}
}
