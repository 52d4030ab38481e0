package carrier_test

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"smsconsent/shared/core/carriercode"
	"smsconsent/shared/edge/outbox/internal/carrier"
)

// Each word the SDK has for a reason or an event has a row of its own. A new release of it brings new ones: say in
// package carriercode what they mean, then make docs.
func TestEachWordOfTheSDKHasARow(t *testing.T) {
	words := map[carriercode.Class][]string{
		carriercode.Conflict:     spelled(types.ConflictExceptionReason("").Values()),
		carriercode.Validation:   spelled(types.ValidationExceptionReason("").Values()),
		carriercode.AccessDenied: append(spelled(types.AccessDeniedExceptionReason("").Values()), ""),
		carriercode.Quota:        spelled(types.ServiceQuotaExceededExceptionReason("").Values()),
		carriercode.NotFound:     spelled(types.ResourceType("").Values()),
		carriercode.Event:        spelled(types.EventType("").Values()),
	}
	rows := map[carriercode.Class][]string{}
	for _, c := range carriercode.All() {
		if _, ours := words[c.Class]; ours {
			rows[c.Class] = append(rows[c.Class], c.Code)
		}
	}
	inAnyOrder := cmpopts.SortSlices(func(a, b string) bool { return a < b })
	if diff := cmp.Diff(words, rows, inAnyOrder); diff != "" {
		t.Errorf("words of the SDK (-) and rows (+):\n%s", diff)
	}
}

func spelled[T ~string](values []T) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = string(v)
	}
	return all
}

// A reason nobody foresaw is a refusal all the same, on record as AWS gave it, and says that it is strange. One that
// holds the phone's number is left out (I10).
func TestAReasonNobodyForesaw(t *testing.T) {
	for reason, want := range map[types.ConflictExceptionReason]string{
		"BRAND_NEW": "BRAND_NEW", "LAST_PHONE_NUMBER": "LAST_PHONE_NUMBER", "NOT FOR " + to: "ConflictException", "": "ConflictException",
	} {
		_, err := carrier.New(&fake{err: &types.ConflictException{Message: wording, Reason: reason}}, "").Send(t.Context(), text())
		isPrivate(t, err)
		if r, ok := errors.AsType[*carrier.Rejection](err); !ok || r.Reason != want || !r.Strange || r.OptedOut || r.Quota || r.Throttled {
			t.Errorf("%q: %v, %+v", reason, err, r)
		}
	}
}
