package outbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox/internal/carrier"
)

// WouldTake asks AWS by a dry run whether it would take a text of a program to a phone. Nothing is sent or claimed,
// and it costs nothing. It returns AWS's reason for a refusal, empty where AWS would take it. The error says that
// asking failed.
func WouldTake(
	ctx context.Context, cfg aws.Config, configurationSet string, to phone.Number, p *program.Program,
) (refused string, err error) {
	_, err = carrier.New(sms.NewFromConfig(cfg), configurationSet).Send(ctx, carrier.SMS{
		To: to, From: p.Identity.String(), Class: p.Class, Body: p.BrandName + ": a dry run.", DryRun: true,
	})
	rejected, refusal := errors.AsType[*carrier.Rejection](err)
	_, denied := errors.AsType[*types.AccessDeniedException](err)
	switch {
	case refusal && !denied:
		return rejected.Reason, nil
	case err != nil:
		return "", fmt.Errorf("ask whether AWS would take a text of %s: %w", p.ID, err)
	default:
		return "", nil
	}
}
