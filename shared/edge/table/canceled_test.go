package table_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
)

// A canceled transaction is tried again where somebody else was quicker and it may succeed, is told as what it is where
// it cannot, and never passes for done.
func TestWhatACanceledTransactionIsToldAs(t *testing.T) {
	const failed, busy, broken, none = "ConditionalCheckFailed", "TransactionConflict", "ValidationError", "None"
	type tab = *table.Table
	var otherwise *types.TransactionCanceledException
	create := func(ctx context.Context, tab tab) error { return tab.CreateCampaign(ctx, newCampaign(2)) }
	edit := func(ctx context.Context, tab tab) error { return tab.EditCampaign(ctx, newCampaign(1), false) }
	publish := func(ctx context.Context, tab tab) error {
		return tab.Publish(ctx, program.Publication{Number: 2, Hash: "a"})
	}
	start := func(ctx context.Context, tab tab) error {
		return tab.StartAudit(ctx, inspect.Run{ID: "b", Since: noon})
	}
	click := func(ctx context.Context, tab tab) error {
		return failure(tab.Click(ctx, key, "another", clicked(noon)))
	}
	optOut := func(ctx context.Context, tab tab) error { return failure(tab.CountOptOut(ctx, "c", "1", noon)) }
	repair := func(ctx context.Context, tab tab) error { return tab.RepairAudience(ctx, misplaced) }
	for name, tc := range map[string]struct {
		do      func(context.Context, tab) error
		reasons []string
		want    error // nil for the cancellation itself
		done    bool
		tries   int
	}{
		"a campaign that exists":          {do: create, reasons: []string{failed, none, none}, want: table.ErrExists, tries: 1},
		"a campaign that has begun":       {do: edit, reasons: []string{failed, none, none}, want: table.ErrConflict, tries: 1},
		"another like it was made":        {do: create, reasons: []string{none, none, failed}, want: table.ErrConflict, tries: 5},
		"another like it is being made":   {do: create, reasons: []string{none, none, busy}, want: table.ErrConflict, tries: 5},
		"the campaigns are being listed":  {do: create, reasons: []string{none, busy, none}, tries: 1},
		"a campaign that is none":         {do: create, reasons: []string{none, none, broken}, tries: 1},
		"a campaign, for no reason":       {do: create, tries: 1},
		"programs published meanwhile":    {do: publish, reasons: []string{failed, none}, want: table.ErrConflict, tries: 1},
		"programs being published":        {do: publish, reasons: []string{busy, none}, want: table.ErrConflict, tries: 1},
		"a publication of the number":     {do: publish, reasons: []string{none, failed}, tries: 1},
		"programs, for no reason":         {do: publish, tries: 1},
		"an audit that was begun":         {do: start, reasons: []string{failed, none}, done: true, tries: 1},
		"an audit that is none":           {do: start, reasons: []string{none, broken}, tries: 1},
		"clicks counted at once":          {do: click, reasons: []string{none, busy}, want: table.ErrConflict, tries: 8},
		"a click that was told before":    {do: click, reasons: []string{failed, none}, done: true, tries: 1},
		"opt-outs counted at once":        {do: optOut, reasons: []string{none, busy}, want: table.ErrConflict, tries: 8},
		"an opt-out that was told before": {do: optOut, reasons: []string{failed, none}, done: true, tries: 1},
		"who changed while put right":     {do: repair, reasons: []string{failed, none}, want: table.ErrConflict, tries: 3},
		"who cannot be put right":         {do: repair, reasons: []string{none, broken}, tries: 1},
	} {
		s := stores.Memory(t)
		synctest.Test(t, func(t *testing.T) {
			honest := table.New(s.Client, s.Table, ledger(t))
			furnished(t, honest, raw{t, s})
			api := canceling{API: s.Client, t: t, reasons: tc.reasons}
			err := tc.do(t.Context(), table.New(&api, s.Table, ledger(t)))
			is := errors.As(err, &otherwise)
			if tc.want != nil {
				is = errors.Is(err, tc.want)
			} else if tc.done {
				is = err == nil
			}
			if !is || tc.want == nil && errors.Is(err, table.ErrConflict) || api.tries != tc.tries {
				t.Errorf("%s: %v after %d tries, want %v after %d", name, err, api.tries, tc.want, tc.tries)
			}
		})
	}
}

var misplaced = consent.Key{Brand: "example", Phone: "+12065550177"}

// misplace has somebody subscribed who is in no audience.
func misplace(t *testing.T, r raw, tab *table.Table) {
	t.Helper()
	subscribe(t, tab, misplaced, phone.Told{}, alerts.Topics[0])
	r.remove(misplaced, "AUDIENCE#alerts")
}

// meddling has somebody else write between what is read and what is written by it.
type meddling struct {
	table.API
	meddle func()
}

func (m *meddling) first() {
	if f := m.meddle; f != nil {
		m.meddle = nil
		f()
	}
}

func (m *meddling) TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, opts ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error) {
	m.first()
	return m.API.TransactWriteItems(ctx, in, opts...)
}

func (m *meddling) PutItem(ctx context.Context, in *dynamodb.PutItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	m.first()
	return m.API.PutItem(ctx, in, opts...)
}

func (m *meddling) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, opts ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	m.first()
	return m.API.UpdateItem(ctx, in, opts...)
}

// What somebody else writes in the very moment between a read and the write that follows from it is never written over.
func TestWhatIsWrittenInBetweenStands(t *testing.T) {
	type tab = *table.Table
	for name, tc := range map[string]struct {
		between, do func(t *testing.T, tab tab) error
		want        error
		stands      func(t *testing.T, tab tab) error
	}{
		"a campaign like it": {
			between: func(t *testing.T, tab tab) error { return tab.CreateUniqueCampaign(t.Context(), newCampaign(8)) },
			do: func(t *testing.T, tab tab) error {
				err := tab.CreateUniqueCampaign(t.Context(), newCampaign(9))
				if twin, ok := errors.AsType[*table.DuplicateError](err); !ok || twin.Run.ID != newCampaign(8).ID {
					t.Errorf("made beside its twin: %v", err)
				}
				return nil
			},
		},
		"a campaign of its ID": {
			between: func(t *testing.T, tab tab) error { return tab.CreateCampaign(t.Context(), newCampaign(9)) },
			do:      func(t *testing.T, tab tab) error { return tab.CreateCampaign(t.Context(), newCampaign(9)) },
			want:    table.ErrExists,
		},
		"another programs.yaml": {
			between: func(t *testing.T, tab tab) error {
				return tab.Publish(t.Context(), program.Publication{Number: 1, Hash: "a"})
			},
			do: func(t *testing.T, tab tab) error {
				return tab.Publish(t.Context(), program.Publication{Number: 1, Hash: "b"})
			},
			want: table.ErrConflict,
			stands: func(t *testing.T, tab tab) error {
				p, err := tab.InForce(t.Context())
				return errors.Join(err, unless(p.Hash == "a", "%s is in force", p.Hash))
			},
		},
		"a STOP, while the audience is put right": {
			between: func(t *testing.T, tab tab) error {
				c, err := tab.Contact(t.Context(), misplaced)
				commit(t, tab, inboundHeard(c, saidStop, noon.Add(time.Hour)), noon.Add(time.Hour))
				return err
			},
			do: func(t *testing.T, tab tab) error { return tab.RepairAudience(t.Context(), misplaced) },
			stands: func(t *testing.T, tab tab) error {
				s, err := tab.Examine(t.Context(), misplaced, noon.Add(time.Hour))
				c := s.Record.Contact
				return errors.Join(err, s.Fault, unless(c.Subs["alerts"].State == consent.Unsubscribed && len(s.Misplaced) == 0, "%+v", c))
			},
		},
		"another attribute": {
			between: func(t *testing.T, tab tab) error {
				return failure(tab.SetAttributes(t.Context(), misplaced, map[string]string{"city": "Austin"}))
			},
			do: func(t *testing.T, tab tab) error {
				return failure(tab.SetAttributes(t.Context(), misplaced, map[string]string{"name": "Ana"}))
			},
			stands: func(t *testing.T, tab tab) error {
				a, err := tab.Attributes(t.Context(), misplaced)
				return errors.Join(err, unless(a["city"] == "Austin" && a["name"] == "Ana", "%v", a))
			},
		},
		"a turn": {
			between: func(t *testing.T, tab tab) error {
				return failure(tab.TakeTurns(t.Context(), "+1", time.Second, noon))
			},
			do: func(t *testing.T, tab tab) error {
				begins, err := tab.TakeTurns(t.Context(), "+1", time.Second, noon)
				return errors.Join(err, unless(begins.Equal(noon.Add(750*time.Millisecond)), "begins %s", begins))
			},
		},
		"the same audit": {
			between: func(t *testing.T, tab tab) error {
				return tab.StartAudit(t.Context(), inspect.Run{ID: "a", Since: noon})
			},
			do: func(t *testing.T, tab tab) error {
				return tab.StartAudit(t.Context(), inspect.Run{ID: "a", Since: noon.Add(time.Hour)})
			},
			stands: func(t *testing.T, tab tab) error {
				run, _, err := tab.Audit(t.Context(), "a")
				return errors.Join(err, unless(run.Since.Equal(noon), "since %s", run.Since))
			},
		},
		"the same shard": {
			between: func(t *testing.T, tab tab) error {
				return tab.SaveShard(t.Context(), campaign.Shard{Campaign: "c", Saved: noon})
			},
			do:   func(t *testing.T, tab tab) error { return tab.SaveShard(t.Context(), campaign.Shard{Campaign: "c"}) },
			want: table.ErrConflict,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := stores.Memory(t)
			honest := table.New(s.Client, s.Table, ledger(t))
			misplace(t, raw{t, s}, honest)
			api := &meddling{s.Client, func() {
				if err := tc.between(t, honest); err != nil {
					t.Errorf("in between: %v", err)
				}
			}}
			if err := tc.do(t, table.New(api, s.Table, ledger(t))); !errors.Is(err, tc.want) || api.meddle != nil {
				t.Errorf("%v, want %v", err, tc.want)
			}
			if tc.stands != nil {
				if err := tc.stands(t, honest); err != nil {
					t.Errorf("what stands: %v", err)
				}
			}
		})
	}
}

func unless(ok bool, format string, args ...any) error {
	if ok {
		return nil
	}
	return fmt.Errorf(format, args...)
}
