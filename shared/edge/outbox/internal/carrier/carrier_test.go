package carrier_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox/internal/carrier"
)

const (
	to   = "+12065550142"
	body = "Example Corp.: a secret offer. Reply STOP to cancel."
)

// wording is what AWS may say in any of its errors.
var wording = aws.String("destination " + to + " cannot get: " + body)

func text() carrier.SMS {
	return carrier.SMS{
		To: to, From: "+12065550100", Body: body, Class: program.Promotional, TimeToLive: time.Hour,
		Context: map[string]string{"brand": "example", "message": "01KB3M8Y5T0QF2Z9W6R7C4X1VN"},
	}
}

// fake takes the calls and answers with err.
type fake struct {
	err     error
	sent    []*sms.SendTextMessageInput
	put     []*sms.PutOptedOutNumberInput
	deleted []*sms.DeleteOptedOutNumberInput
	asked   []*sms.DescribeOptedOutNumbersInput
	listed  []types.OptedOutNumberInformation
}

func (f *fake) SendTextMessage(_ context.Context, in *sms.SendTextMessageInput, _ ...func(*sms.Options)) (*sms.SendTextMessageOutput, error) {
	f.sent = append(f.sent, in)
	if f.err != nil {
		return nil, f.err
	}
	return &sms.SendTextMessageOutput{MessageId: aws.String("aws-1")}, nil
}

func (f *fake) PutOptedOutNumber(_ context.Context, in *sms.PutOptedOutNumberInput, _ ...func(*sms.Options)) (*sms.PutOptedOutNumberOutput, error) {
	f.put = append(f.put, in)
	return &sms.PutOptedOutNumberOutput{}, f.err
}

func (f *fake) DeleteOptedOutNumber(_ context.Context, in *sms.DeleteOptedOutNumberInput, _ ...func(*sms.Options)) (*sms.DeleteOptedOutNumberOutput, error) {
	f.deleted = append(f.deleted, in)
	return &sms.DeleteOptedOutNumberOutput{}, f.err
}

func isPrivate(t *testing.T, err error) {
	t.Helper()
	for _, secret := range []string{to, to[1:], body, "secret"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("I10: the error says %q", err)
		}
	}
}

// What AWS says for certain is a Rejection, with what the caller must do about it; all else leaves the outcome unknown.
func TestSendTellsACertainNoFromAnUnknownOutcome(t *testing.T) {
	rejection := func(reason string, set ...func(*carrier.Rejection)) *carrier.Rejection {
		r := &carrier.Rejection{Reason: reason}
		for _, f := range set {
			f(r)
		}
		return r
	}
	optedOut := func(r *carrier.Rejection) { r.OptedOut = true }
	throttled := func(r *carrier.Rejection) { r.Throttled = true }
	quota := func(r *carrier.Rejection) { r.Quota = true }

	for name, tc := range map[string]struct {
		err  error
		want *carrier.Rejection // nil where the outcome is unknown
	}{
		"the number opted out": {
			&types.ConflictException{Message: wording, Reason: types.ConflictExceptionReasonDestinationPhoneNumberOptedOut},
			rejection("DESTINATION_PHONE_NUMBER_OPTED_OUT", optedOut),
		},
		"the number sends for nobody": {
			&types.ConflictException{Message: wording, Reason: types.ConflictExceptionReasonResourceNotActive},
			rejection("RESOURCE_NOT_ACTIVE", quota),
		},
		"another conflict": {
			&types.ConflictException{Message: wording, Reason: types.ConflictExceptionReasonDestinationPhoneNumberNotVerified},
			rejection("DESTINATION_PHONE_NUMBER_NOT_VERIFIED"),
		},
		"a validation error": {
			&types.ValidationException{Message: wording, Reason: types.ValidationExceptionReasonDestinationCountryBlocked},
			rejection("DESTINATION_COUNTRY_BLOCKED"),
		},
		"no right to send": {
			&types.AccessDeniedException{Message: wording, Reason: types.AccessDeniedExceptionReasonAccountDisabled},
			rejection("ACCESS_DENIED ACCOUNT_DISABLED", quota),
		},
		"the month's money is spent": {
			&types.ServiceQuotaExceededException{Message: wording, Reason: types.ServiceQuotaExceededExceptionReasonMonthlySpendLimitReachedForText},
			rejection("MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT", quota),
		},
		"no such origination identity": {
			&types.ResourceNotFoundException{Message: wording, ResourceType: types.ResourceTypePhoneNumber, ResourceId: aws.String(to)},
			rejection("NOT_FOUND phone-number", quota),
		},
		"throttled":                {&types.ThrottlingException{Message: wording}, rejection("THROTTLED", throttled)},
		"AWS cannot be reached":    {&net.OpError{Op: "dial", Err: errors.New("connection refused")}, rejection("UNREACHABLE", throttled)},
		"AWS broke":                {&types.InternalServerException{Message: wording}, nil},
		"an error nobody modelled": {&smithy.GenericAPIError{Code: "SomethingElse", Message: *wording}, nil},
		"the connection broke":     {&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, nil},
		"the answer broke off":     {io.ErrUnexpectedEOF, nil},
		"an answer nobody can read": {
			&smithy.DeserializationError{Err: fmt.Errorf("unexpected JSON type %v", *wording), Snapshot: []byte(*wording)}, nil,
		},
		"the time was up":       {context.DeadlineExceeded, nil},
		"the call was given up": {&aws.RequestCanceledError{Err: context.Canceled}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			// The SDK wraps what it returns.
			_, err := carrier.New(&fake{err: &smithy.OperationError{ServiceID: "s", OperationName: "SendTextMessage", Err: tc.err}}, "").Send(t.Context(), text())
			if err == nil {
				t.Fatal("no error")
			}
			isPrivate(t, err)
			got, _ := errors.AsType[*carrier.Rejection](err)
			words := cmpopts.IgnoreFields(carrier.Rejection{}, "Means")
			if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreUnexported(carrier.Rejection{}), words); diff != "" {
				t.Error(diff)
			}
			if got != nil && got.Means == "" {
				t.Error("nobody is told what it means")
			}
			if got != nil && !errors.Is(got, tc.err) {
				t.Error("the rejection lost the AWS error")
			}
		})
	}
}

func TestSendHandsOverTheWholeText(t *testing.T) {
	api := &fake{}
	id, err := carrier.New(api, "smsconsent").Send(t.Context(), text())
	if err != nil || id != "aws-1" {
		t.Fatalf("Send = %q, %v", id, err)
	}
	want := &sms.SendTextMessageInput{
		DestinationPhoneNumber: aws.String(to), OriginationIdentity: aws.String("+12065550100"), MessageBody: aws.String(body),
		MessageType: types.MessageTypePromotional, TimeToLive: aws.Int32(3600), ConfigurationSetName: aws.String("smsconsent"),
		Context: map[string]string{"brand": "example", "message": "01KB3M8Y5T0QF2Z9W6R7C4X1VN"},
	}
	if diff := cmp.Diff([]*sms.SendTextMessageInput{want}, api.sent, cmpopts.IgnoreUnexported(sms.SendTextMessageInput{})); diff != "" {
		t.Error(diff)
	}

	transactional := text()
	transactional.Class = program.Transactional
	if _, err := carrier.New(api, "").Send(t.Context(), transactional); err != nil {
		t.Fatal(err)
	}
	if in := api.sent[1]; in.MessageType != types.MessageTypeTransactional || in.ConfigurationSetName != nil {
		t.Errorf("message type %s, configuration set %v", in.MessageType, in.ConfigurationSetName)
	}
}

// I6: a text lives to its window's end and not a second longer, within what AWS takes.
func TestSendLivesNoLongerThanItsWindow(t *testing.T) {
	for life, seconds := range map[time.Duration]int32{
		-time.Hour:                         5,
		0:                                  5,
		5*time.Second - 1:                  5,
		5 * time.Second:                    5,
		time.Minute:                        60,
		time.Minute + 999*time.Millisecond: 60,
		72 * time.Hour:                     72 * 3600,
		72*time.Hour + 1:                   72 * 3600,
		365 * 24 * time.Hour:               72 * 3600,
	} {
		api := &fake{}
		in := text()
		in.TimeToLive = life
		if _, err := carrier.New(api, "").Send(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		if got := aws.ToInt32(api.sent[0].TimeToLive); got != seconds {
			t.Errorf("TimeToLive of %s = %d s, want %d s", life, got, seconds)
		}
	}
}

func TestOptOut(t *testing.T) {
	api := &fake{}
	c := carrier.New(api, "")
	for range 2 { // AWS answers a repetition as it did the first time
		if err := c.OptOut(t.Context(), "Default", to); err != nil {
			t.Fatal(err)
		}
	}
	for _, in := range api.put {
		if aws.ToString(in.OptOutListName) != "Default" || aws.ToString(in.OptedOutNumber) != to {
			t.Errorf("put %s on %s", aws.ToString(in.OptedOutNumber), aws.ToString(in.OptOutListName))
		}
	}
	api.err = &types.ResourceNotFoundException{Message: wording}
	err := c.OptOut(t.Context(), "Default", to)
	if err == nil {
		t.Fatal("a list that is not there passes for done")
	}
	isPrivate(t, err)
}

func TestOptIn(t *testing.T) {
	for name, tc := range map[string]struct {
		aws    error
		ok     bool
		remain bool
	}{
		"taken off":                  {nil, true, false},
		"was not on it":              {&types.ResourceNotFoundException{Message: wording}, true, false},
		"once in 30 days":            {&types.ConflictException{Message: wording}, false, true},
		"cannot be opted in":         {&types.ValidationException{Message: wording, Reason: types.ValidationExceptionReasonPhoneNumberCannotBeOptedIn}, false, true},
		"throttled":                  {&types.ThrottlingException{Message: wording}, false, false},
		"AWS broke":                  {&types.InternalServerException{Message: wording}, false, false},
		"nobody can read the answer": {&smithy.DeserializationError{Err: errors.New(*wording)}, false, false},
		"AWS could not be reached":   {&net.OpError{Op: "dial", Err: errors.New("connection refused")}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			api := &fake{err: tc.aws}
			err := carrier.New(api, "").OptIn(t.Context(), "Default", to)
			if (err == nil) != tc.ok || errors.Is(err, carrier.ErrStaysOptedOut) != tc.remain {
				t.Errorf("OptIn = %v", err)
			}
			if in := api.deleted[0]; aws.ToString(in.OptOutListName) != "Default" || aws.ToString(in.OptedOutNumber) != to {
				t.Errorf("took %s off %s", aws.ToString(in.OptedOutNumber), aws.ToString(in.OptOutListName))
			}
			if err != nil {
				isPrivate(t, err)
			}
		})
	}
}

func BenchmarkSend(b *testing.B) {
	c, in := carrier.New(silent{}, "smsconsent"), text()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Send(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}

// silent is an API that does what the SDK does with a call's options and nothing else.
type silent struct{ carrier.API }

func (silent) SendTextMessage(_ context.Context, _ *sms.SendTextMessageInput, opts ...func(*sms.Options)) (*sms.SendTextMessageOutput, error) {
	var o sms.Options
	for _, f := range opts {
		f(&o)
	}
	return &sms.SendTextMessageOutput{}, nil
}
