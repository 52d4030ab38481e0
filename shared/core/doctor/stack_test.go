package doctor_test

import (
	"slices"
	"strings"
	"testing"

	"smsconsent/shared/core/doctor"
)

// A mistyped name finds no stack. Nothing else is said then, and nothing is done: what mends the account for a stack
// that does not exist takes its numbers from the one that does.
func TestAStackThatIsNotThereIsAllThatIsFound(t *testing.T) {
	mistyped := stack()
	mistyped.Name = "nope"
	for name, read := range map[string]doctor.Read[doctor.Function]{
		"there is no stack nope here; numbers send what people text to shop": is(doctor.Function{}),
		"you lack lambda:GetFunctionConfiguration; or there is no stack":     denied[doctor.Function]("lambda:GetFunctionConfiguration"),
	} {
		seen := healthy()
		seen.Set, seen.Lists = is[*doctor.Set](nil), is([]string{}) // which --fix would make
		for f := range seen.Functions {
			seen.Functions[f] = read
		}
		found := doctor.Diagnose(catalog(t), mistyped, seen)
		if len(found) != 1 || found[0].OK || found[0].Remedy != nil || !strings.Contains(found[0].Because, name) ||
			!strings.Contains(found[0].Fix, "--stack") {
			t.Errorf("want %s: %+v", name, found)
		}
	}
}

// A full account is a fault where something has yet to be made in it, and no other.
func TestAFullAccountIsAFaultWhereSomethingIsMissing(t *testing.T) {
	for quota, lose := range map[string]func(*doctor.Seen){
		"OPT_OUT_LISTS":      func(s *doctor.Seen) { s.Lists.Is = []string{"Default", "alerts-list"} },
		"CONFIGURATION_SETS": func(s *doctor.Seen) { s.Set.Is = nil },
		"PHONE_NUMBERS":      func(s *doctor.Seen) { s.Numbers.Is = s.Numbers.Is[1:] },
		"POOLS":              func(s *doctor.Seen) { s.Pools.Is = nil },
	} {
		for full, want := range map[bool]bool{true: true, false: false} {
			seen := healthy()
			for _, q := range []string{"OPT_OUT_LISTS", "CONFIGURATION_SETS", "PHONE_NUMBERS", "POOLS"} {
				// Whatever else is full does not matter.
				seen.Quotas.Is = append(seen.Quotas.Is, doctor.Quota{Name: q, Used: 5, Max: 5})
			}
			for i := range seen.Quotas.Is {
				if seen.Quotas.Is[i].Name == quota && !full {
					seen.Quotas.Is[i].Max = seen.Quotas.Is[i].Used + 1
				}
			}
			lose(seen)
			at := slices.IndexFunc(doctor.Diagnose(catalog(t), stack(), seen), func(f doctor.Finding) bool {
				return f.Check == "quotas" && !f.OK && strings.Contains(f.Because, quota)
			})
			if (at >= 0) != want {
				t.Errorf("%s, full %t: found at %d", quota, full, at)
			}
		}
	}
}
