package carrier

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"

	"smsconsent/shared/core/phone"
)

// ListEntry is a number on an AWS opt-out list.
type ListEntry struct {
	Since    time.Time // when it was put there; UTC
	ByPerson bool      // by a STOP that AWS itself heard; else by a call of its API, such as OptOut's
}

// Listed looks for a number on an AWS opt-out list, and reports whether it is there.
func (c *Carrier) Listed(ctx context.Context, list string, n phone.Number) (ListEntry, bool, error) {
	out, err := c.api.DescribeOptedOutNumbers(ctx, &sms.DescribeOptedOutNumbersInput{
		OptOutListName: aws.String(list), OptedOutNumbers: []string{string(n)},
	})
	if _, ok := errors.AsType[*types.ResourceNotFoundException](err); ok {
		return ListEntry{}, false, nil
	}
	if err != nil {
		return ListEntry{}, false, fmt.Errorf("look for number on opt-out list %s: %w", list, redact(err))
	}
	for _, on := range out.OptedOutNumbers {
		if aws.ToString(on.OptedOutNumber) == string(n) {
			return ListEntry{Since: aws.ToTime(on.OptedOutTimestamp).UTC(), ByPerson: on.EndUserOptedOut}, true, nil
		}
	}
	return ListEntry{}, false, nil
}
