// Package carrier hands texts to AWS End User Messaging SMS and keeps its opt-out lists. It is internal to the outbox,
// so that nothing else can hand over a text, which may not have been claimed.
package carrier

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"
	"github.com/aws/smithy-go"

	"smsconsent/shared/core/carriercode"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
)

// AWS takes a TimeToLive between 5 seconds and 72 hours (SendTextMessage, API reference).
const (
	MinTimeToLive = 5 * time.Second
	MaxTimeToLive = 72 * time.Hour
)

// API is what the carrier needs of the AWS client.
type API interface {
	SendTextMessage(context.Context, *sms.SendTextMessageInput, ...func(*sms.Options)) (*sms.SendTextMessageOutput, error)
	PutOptedOutNumber(
		context.Context,
		*sms.PutOptedOutNumberInput,
		...func(*sms.Options),
	) (*sms.PutOptedOutNumberOutput, error)
	DeleteOptedOutNumber(
		context.Context,
		*sms.DeleteOptedOutNumberInput,
		...func(*sms.Options),
	) (*sms.DeleteOptedOutNumberOutput, error)
	DescribeOptedOutNumbers(
		context.Context,
		*sms.DescribeOptedOutNumbersInput,
		...func(*sms.Options),
	) (*sms.DescribeOptedOutNumbersOutput, error)
}

// SMS is one text as the carrier takes it.
type SMS struct {
	To         phone.Number
	From       string // origination identity
	Body       string
	Class      program.Class
	TimeToLive time.Duration     // AWS drops the text when it has not handed it off by then
	Context    map[string]string // comes back in every delivery event
	DryRun     bool              // AWS only says whether it would take the text
}

// Rejection is a certain no: the carrier did not take the text and nobody was texted. Every other error of Send
// leaves the outcome unknown. The outbox branches on it: only after a Rejection is a claim taken back.
type Rejection struct {
	Reason    string // AWS's reason code, such as DESTINATION_PHONE_NUMBER_OPTED_OUT, as docs/carrier.md tells of it
	OptedOut  bool   // the number is on the identity's opt-out list
	Throttled bool   // AWS had no capacity; the same text may be tried again later
	Quota     bool   // it is the account that may not send, by limit, rights or settings: nothing will pass for a while
	Strange   bool   // nobody foresaw this reason for a text
	Means     string // what AWS says by it, and what may be done about it, in sentences
	err       error
}

// Error names the reason only: AWS's own wording may hold the phone number.
func (r *Rejection) Error() string { return "carrier rejected the text: " + r.Reason }

// Unwrap returns the AWS error.
func (r *Rejection) Unwrap() error { return r.err }

// ErrStaysOptedOut is returned by OptIn where AWS will not take a number off its list yet: it allows that once in 30
// days (DeleteOptedOutNumber, API reference).
var ErrStaysOptedOut = errors.New("AWS keeps the number on its opt-out list")

// Carrier sends texts through one configuration set. It is safe for concurrent use.
type Carrier struct {
	api              API
	configurationSet string
	retry            func(*sms.Options)
}

// New makes a carrier. configurationSet may be empty; then no delivery events come back.
func New(api API, configurationSet string) *Carrier {
	retryer := retryUnsentOnly()
	return &Carrier{api: api, configurationSet: configurationSet, retry: func(o *sms.Options) { o.Retryer = retryer }}
}

// retryUnsentOnly returns the retry rule for sending. SendTextMessage has no idempotency token, so a text whose outcome
// is unknown must not be offered twice; one that was throttled, or never got under way, is certain not to have gone
// out.
func retryUnsentOnly() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = 4
		o.Retryables = []retry.IsErrorRetryable{retry.IsErrorRetryableFunc(func(err error) aws.Ternary {
			_, throttled := errors.AsType[*types.ThrottlingException](err)
			return aws.BoolTernary(throttled || unsent(err))
		})}
	})
}

// Send hands over one text and returns the message ID AWS gave it. A *Rejection means it certainly did not go out;
// any other error means nobody can know.
func (c *Carrier) Send(ctx context.Context, t SMS) (string, error) {
	in := &sms.SendTextMessageInput{
		DestinationPhoneNumber: aws.String(string(t.To)),
		OriginationIdentity:    aws.String(t.From),
		MessageBody:            aws.String(t.Body),
		MessageType:            types.MessageTypePromotional,
		TimeToLive:             aws.Int32(int32(min(max(t.TimeToLive, MinTimeToLive), MaxTimeToLive) / time.Second)),
		Context:                t.Context,
		DryRun:                 t.DryRun,
	}
	if t.Class == program.Transactional {
		in.MessageType = types.MessageTypeTransactional
	}
	if c.configurationSet != "" {
		in.ConfigurationSetName = aws.String(c.configurationSet)
	}
	out, err := c.api.SendTextMessage(ctx, in, c.retry)
	if err != nil {
		return "", classify(err)
	}
	return aws.ToString(out.MessageId), nil
}

// classify tells a certain no from an unknown outcome. What AWS answers with a client error (4xx) was not sent; nor was
// what never reached AWS. An InternalServerException, a time-out or a broken connection may have been.
func classify(err error) error {
	class, reason, told := said(err)
	if !told {
		return fmt.Errorf("outcome of sending unknown: %w", redact(err))
	}
	c := carriercode.Refusal(class, reason)
	return &Rejection{
		Reason:    c.Record(),
		OptedOut:  c.Phone == carriercode.OptedOut,
		Throttled: c.Campaign == carriercode.ComesBack,
		Quota:     c.Campaign == carriercode.Pauses,
		Strange:   c.Strange,
		Means:     strings.TrimSpace(c.Means + " " + c.Do),
		err:       err,
	}
}

// said returns the code of an error, and reports whether the error is a certain no.
func said(err error) (class carriercode.Class, reason string, certain bool) {
	if e, ok := errors.AsType[*types.ConflictException](err); ok {
		return carriercode.Conflict, string(e.Reason), true
	}
	if e, ok := errors.AsType[*types.ValidationException](err); ok {
		return carriercode.Validation, string(e.Reason), true
	}
	if e, ok := errors.AsType[*types.AccessDeniedException](err); ok {
		return carriercode.AccessDenied, string(e.Reason), true
	}
	if e, ok := errors.AsType[*types.ServiceQuotaExceededException](err); ok {
		return carriercode.Quota, string(e.Reason), true
	}
	if e, ok := errors.AsType[*types.ResourceNotFoundException](err); ok {
		return carriercode.NotFound, string(e.ResourceType), true
	}
	if _, ok := errors.AsType[*types.ThrottlingException](err); ok {
		return carriercode.Throttling, "", true
	}
	if e, ok := errors.AsType[*awshttp.ResponseError](err); ok && refused(e.HTTPStatusCode()) {
		return carriercode.FrontDoor, code(e), true
	}
	if unsent(err) {
		return carriercode.NoConnection, "UNREACHABLE", true
	}
	return "", "", false
}

// unsent reports whether no byte of the request left: Client says so, and every HTTP client where no connection came
// about.
func unsent(err error) bool {
	if _, ok := errors.AsType[*unsentError](err); ok {
		return true
	}
	e, ok := errors.AsType[*net.OpError](err)
	return ok && e.Op == "dial"
}

// refused reports whether AWS's front door turned the request away for a reason the service itself does not model, such
// as credentials that ran out or a clock that is wrong ("Common Errors", API reference); so it would the next. A 408
// says only that AWS grew tired of waiting.
func refused(status int) bool {
	return status >= 400 && status < 500 && status != http.StatusRequestTimeout
}

func code(e *awshttp.ResponseError) string {
	if api, ok := errors.AsType[smithy.APIError](e); ok {
		return api.ErrorCode()
	}
	return "HTTP " + strconv.Itoa(e.HTTPStatusCode())
}

// OptOut puts a number on an AWS opt-out list. It is safe to repeat.
func (c *Carrier) OptOut(ctx context.Context, list string, n phone.Number) error {
	_, err := c.api.PutOptedOutNumber(
		ctx,
		&sms.PutOptedOutNumberInput{OptOutListName: aws.String(list), OptedOutNumber: aws.String(string(n))},
	)
	if err != nil {
		return fmt.Errorf("put number on opt-out list %s: %w", list, redact(err))
	}
	return nil
}

// OptIn takes a number off an AWS opt-out list. A number that is not on it is fine. The error is ErrStaysOptedOut where
// AWS's limit of once in 30 days stands against it.
func (c *Carrier) OptIn(ctx context.Context, list string, n phone.Number) error {
	_, err := c.api.DeleteOptedOutNumber(
		ctx,
		&sms.DeleteOptedOutNumberInput{OptOutListName: aws.String(list), OptedOutNumber: aws.String(string(n))},
	)
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*types.ResourceNotFoundException](err); ok {
		return nil
	}
	_, conflict := errors.AsType[*types.ConflictException](err)
	_, invalid := errors.AsType[*types.ValidationException](err)
	if conflict || invalid {
		return fmt.Errorf("take number off opt-out list %s: %w", list, ErrStaysOptedOut)
	}
	return fmt.Errorf("take number off opt-out list %s: %w", list, redact(err))
}

// redact keeps the error's code and drops its wording, which may hold the phone number (I10).
func redact(err error) error {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return errors.New(e.ErrorCode())
	}
	if _, ok := errors.AsType[*smithy.DeserializationError](err); ok {
		return errors.New("the answer of AWS cannot be read") // its text quotes the answer
	}
	return err
}
