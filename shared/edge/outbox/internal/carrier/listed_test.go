package carrier_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"
	"github.com/aws/smithy-go"

	"smsconsent/shared/edge/outbox/internal/carrier"
)

func (f *fake) DescribeOptedOutNumbers(
	_ context.Context, in *sms.DescribeOptedOutNumbersInput, _ ...func(*sms.Options),
) (*sms.DescribeOptedOutNumbersOutput, error) {
	f.asked = append(f.asked, in)
	return &sms.DescribeOptedOutNumbersOutput{OptedOutNumbers: f.listed}, f.err
}

// Who put a number on AWS's list, and when, tells a STOP that only AWS heard from an entry of our own.
func TestListed(t *testing.T) {
	at := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	entry := func(number string, byPerson bool) []types.OptedOutNumberInformation {
		return []types.OptedOutNumberInformation{{OptedOutNumber: aws.String(number), OptedOutTimestamp: aws.Time(at.Local()), EndUserOptedOut: byPerson}}
	}
	for name, tc := range map[string]struct {
		listed []types.OptedOutNumberInformation
		err    error
		want   carrier.ListEntry
		on     bool
		fails  bool
	}{
		"by the person":  {entry(to, true), nil, carrier.ListEntry{Since: at, ByPerson: true}, true, false},
		"by a call":      {entry(to, false), nil, carrier.ListEntry{Since: at}, true, false},
		"somebody else":  {entry("+12065550199", true), nil, carrier.ListEntry{}, false, false},
		"nobody":         {nil, nil, carrier.ListEntry{}, false, false},
		"not there":      {nil, &types.ResourceNotFoundException{Message: wording}, carrier.ListEntry{}, false, false},
		"AWS has a day":  {nil, &smithy.GenericAPIError{Code: "InternalServerException", Message: *wording}, carrier.ListEntry{}, false, true},
		"no permission":  {nil, &types.AccessDeniedException{Message: wording}, carrier.ListEntry{}, false, true},
		"time is up":     {nil, context.DeadlineExceeded, carrier.ListEntry{}, false, true},
		"broken pipe":    {nil, errors.New("broken pipe"), carrier.ListEntry{}, false, true},
		"too many calls": {nil, &types.ThrottlingException{Message: wording}, carrier.ListEntry{}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			api := &fake{listed: tc.listed, err: tc.err}
			got, on, err := carrier.New(api, "set").Listed(t.Context(), "Default", to)
			if got != tc.want || on != tc.on || (err != nil) != tc.fails {
				t.Errorf("Listed = %+v, %t, %v", got, on, err)
			}
			if err != nil && (strings.Contains(err.Error(), to) || !strings.Contains(err.Error(), "Default")) {
				t.Errorf("I10: %v", err)
			}
			if in := api.asked[0]; *in.OptOutListName != "Default" || len(in.OptedOutNumbers) != 1 || in.OptedOutNumbers[0] != to {
				t.Errorf("asked for %+v", in)
			}
		})
	}
}

// A list is read page by page, and what cannot be read for good is told from what may be tried again.
func TestList(t *testing.T) {
	at := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	api := &fake{listed: []types.OptedOutNumberInformation{
		{OptedOutNumber: aws.String("+12065550142"), OptedOutTimestamp: aws.Time(at.Local()), EndUserOptedOut: true},
		{OptedOutNumber: aws.String("12065550143"), OptedOutTimestamp: aws.Time(at)}, // AWS takes and keeps both forms
	}}
	c := carrier.New(api, "set")
	page, next, err := c.List(t.Context(), "Default", "")
	want := []carrier.OnList{
		{Number: "+12065550142", ListEntry: carrier.ListEntry{Since: at, ByPerson: true}},
		{Number: "+12065550143", ListEntry: carrier.ListEntry{Since: at}},
	}
	if err != nil || next != "" || !slices.Equal(page, want) {
		t.Errorf("%v, %q, %v", page, next, err)
	}
	if _, _, err := c.List(t.Context(), "Default", "more"); err != nil {
		t.Fatal(err)
	}
	if a, b := api.asked[0], api.asked[1]; a.NextToken != nil || *b.NextToken != "more" || *a.OptOutListName != "Default" || len(a.OptedOutNumbers) > 0 {
		t.Errorf("asked for %+v and %+v", a, b)
	}
	for err, forGood := range map[error]bool{
		&types.ResourceNotFoundException{Message: wording}: true,
		&types.AccessDeniedException{Message: wording}:     true,
		&types.ThrottlingException{Message: wording}:       false,
		context.DeadlineExceeded:                           false,
	} {
		api.err = err
		_, _, got := c.List(t.Context(), "Default", "")
		if errors.Is(got, carrier.ErrNoList) != forGood || strings.Contains(got.Error(), to) {
			t.Errorf("%T: %v", err, got)
		}
	}
}
