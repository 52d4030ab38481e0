package carrier

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

// OnList is a number on an AWS opt-out list, with its entry.
type OnList struct {
	Number phone.Number
	ListEntry
}

// ErrNoList is returned by List where AWS has no such list or does not let us read it, which trying again does not
// mend.
var ErrNoList = errors.New("AWS does not let the opt-out list be read")

// listPage is the most numbers AWS tells at once (DescribeOptedOutNumbers, MaxResults).
const listPage = 100

// List reads a page of an AWS opt-out list, and the token of the next page: empty for the first, and where there is
// none. AWS takes one such call a second ("Quotas for AWS End User Messaging SMS").
func (c *Carrier) List(ctx context.Context, list, token string) ([]OnList, string, error) {
	in := &sms.DescribeOptedOutNumbersInput{OptOutListName: aws.String(list), MaxResults: aws.Int32(listPage)}
	if token != "" {
		in.NextToken = aws.String(token)
	}
	out, err := c.api.DescribeOptedOutNumbers(ctx, in)
	_, missing := errors.AsType[*types.ResourceNotFoundException](err)
	_, denied := errors.AsType[*types.AccessDeniedException](err)
	if missing || denied {
		err = ErrNoList
	}
	if err != nil {
		return nil, "", fmt.Errorf("read opt-out list %s: %w", list, redact(err))
	}
	page := make([]OnList, len(out.OptedOutNumbers))
	for i, on := range out.OptedOutNumbers {
		page[i] = OnList{
			Number:    phone.Number("+" + strings.TrimPrefix(aws.ToString(on.OptedOutNumber), "+")),
			ListEntry: ListEntry{Since: aws.ToTime(on.OptedOutTimestamp).UTC(), ByPerson: on.EndUserOptedOut},
		}
	}
	return page, aws.ToString(out.NextToken), nil
}
