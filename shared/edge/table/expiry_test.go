package table_test

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/table"
)

// What serves a moment ends by itself, not before it has served; proof has no end.
func TestWhatEndsByItself(t *testing.T) {
	const day = 24 * time.Hour
	type tab = *table.Table
	for name, tc := range map[string]struct {
		write func(context.Context, tab) error
		sk    string        // how the item's sort key begins
		after time.Duration // behind noon; 0 for never
	}{
		"a nonce": {func(ctx context.Context, tab tab) error {
			return failure(tab.Spend(ctx, "n", noon.Add(time.Hour)))
		}, "NONCE", time.Hour},
		"a counter": {func(ctx context.Context, tab tab) error {
			return failure(tab.Allow(ctx, "k", 1, time.Hour, noon.Add(time.Minute)))
		}, "LIMIT", time.Hour},
		"an audit": {func(ctx context.Context, tab tab) error {
			return tab.StartAudit(ctx, inspect.Run{ID: "a", Since: noon})
		}, "AUDIT", 400 * day},
		"the name of an audit": {func(ctx context.Context, tab tab) error {
			return tab.StartAudit(ctx, inspect.Run{ID: "a", Since: noon})
		}, "a", 400 * day},
		"a part of an audit": {func(ctx context.Context, tab tab) error {
			return failure(tab.SaveAuditPart(ctx, inspect.Part{Run: "a", Name: "1"}, noon))
		}, "PART#", 400 * day},
		"numbers of a list": {func(ctx context.Context, tab tab) error {
			return tab.SaveListed(ctx, "a", "alerts", 0, nil, noon)
		}, "STOPPED#", 2 * day},
		"an opt-out that was counted": {func(ctx context.Context, tab tab) error {
			return failure(tab.CountOptOut(ctx, "c", "1", noon))
		}, "OPTOUT#", 30 * day},
		"a deferred text": {func(ctx context.Context, tab tab) error {
			return failure(tab.SaveDeferred(ctx, consent.Deferred{Key: key, Ref: "r", Expires: noon}))
		}, "TEXT#", consent.RefKept},
		"a reply to read": {func(ctx context.Context, tab tab) error {
			return failure(tab.Commit(ctx, inboundHeard(consent.Contact{Key: key}, keyword.Intent{Kind: keyword.Other}, noon), noon))
		}, "TEXT#", consent.RepliesKept},
		"campaigns alike, behind the last of them": {func(ctx context.Context, tab tab) error {
			late := newCampaign(2)
			late.Expires = noon.Add(5 * time.Hour)
			if err := tab.CreateCampaign(ctx, late); err != nil {
				return err
			}
			return tab.CreateCampaign(ctx, newCampaign(1))
		}, "ALIKE", 5 * time.Hour},
		"a contact": {func(ctx context.Context, tab tab) error {
			return failure(tab.Commit(ctx, asked(consent.Contact{Key: key}, noon, phone.Told{}, alerts.Topics[0]), noon))
		}, "CONTACT", 0},
		"an event": {func(ctx context.Context, tab tab) error {
			return failure(tab.Commit(ctx, asked(consent.Contact{Key: key}, noon, phone.Told{}, alerts.Topics[0]), noon))
		}, "EVENT#", 0},
		"a text": {func(ctx context.Context, tab tab) error {
			return tab.Record(ctx, table.Sent{Key: key, Message: sentText(1)})
		}, "MESSAGE#", 0},
		"a click": {func(ctx context.Context, tab tab) error {
			return failure(tab.Click(ctx, key, "c", clicked(noon)))
		}, "CLICK#", 0},
		"an approval": {func(ctx context.Context, tab tab) error {
			return tab.Approve(ctx, "c", campaign.Approval{By: "Ana", At: noon})
		}, "APPROVAL", 0},
	} {
		s := stores.Memory(t)
		if err := tc.write(t.Context(), table.New(s.Client, s.Table, ledger(t))); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out, err := s.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &s.Table})
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, m := range out.Items {
			if !strings.HasPrefix(sortKey(m), tc.sk) {
				continue
			}
			found = true
			ttl, ends := m["ttl"].(*types.AttributeValueMemberN)
			want := strconv.FormatInt(noon.Add(tc.after).Unix(), 10)
			if ends != (tc.after != 0) || ends && ttl.Value != want {
				t.Errorf("%s ends at %v, want %s behind noon", name, m["ttl"], tc.after)
			}
		}
		if !found {
			t.Errorf("%s is not stored", name)
		}
	}
}
