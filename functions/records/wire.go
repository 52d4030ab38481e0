package records

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/shared/consent"
	"smsconsent/shared/stack"
	"smsconsent/shared/table"
)

// Wire makes the handler from what the function was deployed with.
func Wire(ctx context.Context, s *stack.Stack) (*Handler, error) {
	key, err := s.Key(ctx, s.Names.LedgerKey)
	if err != nil {
		return nil, err
	}
	ledger, err := consent.NewLedger(key)
	if err != nil {
		return nil, err
	}
	t := table.New(dynamodb.NewFromConfig(s.AWS), s.Names.Table, ledger)
	return &Handler{Catalog: s.Catalog, Table: t, Ledger: ledger, Now: s.Now, Log: s.Log}, nil
}
