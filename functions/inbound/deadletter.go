package inbound

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// deadLetter has the form in which Lambda keeps an event that a function failed on, so that both are read and run
// again in the same way (AWS Lambda Developer Guide, "Capturing records of Lambda asynchronous invocations").
type deadLetter struct {
	Version        string          `json:"version"`
	RequestContext requestContext  `json:"requestContext"`
	Payload        events.SNSEvent `json:"requestPayload"`
	Response       response        `json:"responsePayload"`
}

type requestContext struct {
	RequestID   string `json:"requestId"`
	FunctionARN string `json:"functionArn"`
	Condition   string `json:"condition"`
}

type response struct {
	Message string `json:"errorMessage"`
}

// setAside puts a record that can never be handled into the dead letters. Its content is not logged (I10).
func (h *Handler) setAside(ctx context.Context, r events.SNSEventRecord, reason error) error {
	letter := deadLetter{
		Version: "1.0", RequestContext: requestContext{Condition: "Unhandleable"},
		Payload: events.SNSEvent{Records: []events.SNSEventRecord{r}}, Response: response{Message: reason.Error()},
	}
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		letter.RequestContext.RequestID, letter.RequestContext.FunctionARN = lc.AwsRequestID, lc.InvokedFunctionArn
	}
	if err := h.DeadLetters.Put(ctx, letter); err != nil {
		return fmt.Errorf("keep a text that cannot be handled (%w): %w", reason, err)
	}
	h.Log.WarnContext(
		ctx,
		"a text cannot be handled; it is kept as a dead letter",
		"sns",
		r.SNS.MessageID,
		"reason",
		reason.Error(),
	)
	h.Metrics.Count("Unhandleable", 1)
	return nil
}
