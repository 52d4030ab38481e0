package table

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/phone"
)

// setNumbers stores phone numbers as steps from one to the next larger one. People who share an area have numbers that
// are near each other, so a number takes two or three bytes in place of thirteen. What is no number is nobody's, and is
// left out.
func setNumbers(m item, name string, numbers []phone.Number) {
	digits := make([]uint64, 0, len(numbers))
	for _, n := range numbers {
		if d, err := strconv.ParseUint(strings.TrimPrefix(string(n), "+"), 10, 64); err == nil && number(d) == n {
			digits = append(digits, d)
		}
	}
	if len(digits) == 0 {
		return
	}
	slices.Sort(digits)
	b := make([]byte, 0, 3*len(digits)+8)
	last := uint64(0)
	for _, d := range digits {
		b, last = binary.AppendUvarint(b, d-last), d
	}
	m[name] = &types.AttributeValueMemberB{Value: b}
}

// numbers reads what setNumbers stored, smallest number first.
func (r *reader) numbers(name string) []phone.Number {
	var b []byte
	switch v := r.m[name].(type) {
	case nil:
		return nil
	case *types.AttributeValueMemberB:
		b = v.Value
	default:
		r.fail(name, "phone numbers")
		return nil
	}
	var all []phone.Number
	for last := uint64(0); len(b) > 0; {
		step, n := binary.Uvarint(b)
		if n <= 0 {
			r.fail(name, "phone numbers")
			return nil
		}
		b, last = b[n:], last+step
		all = append(all, number(last))
	}
	return all
}

func number(digits uint64) phone.Number { return phone.Number("+" + strconv.FormatUint(digits, 10)) }
