package table_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/oklog/ulid/v2"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/testkit/dynamotest"
)

// furnished stores one of everything, and returns the contact.
func furnished(t *testing.T, tab *table.Table, r raw) consent.Contact {
	t.Helper()
	ctx := t.Context()
	c := subscribe(t, tab, key, phone.Told{}, alerts.Topics...)
	question := consent.Event{Seq: c.Head.Seq + 1, Type: consent.Received, At: noon, Evidence: map[string]string{"inbound": "q"}}
	c = commit(t, tab, consent.Change{Next: c, Inbound: "q", ToRead: "why", Events: []consent.Event{question}}, noon)
	c, m := claimText(t, tab, c, 1)
	yaml := []byte("brands: []")
	for _, err := range []error{
		tab.Record(ctx, table.Sent{Key: key, Message: m}),
		failure(tab.MessageStatus(ctx, key, m.ID, consent.StatusChange{At: noon, Status: consent.Delivered})),
		failure(tab.Click(ctx, key, m.Campaign, clicked(noon))),
		failure(tab.SetAttributes(ctx, key, map[string]string{"city": "Austin"})),
		failure(tab.SaveDeferred(ctx, consent.Deferred{Key: key, Ref: "r", ID: m.ID, State: consent.Waits, Expires: noon})),
		tab.CreateCampaign(ctx, newCampaign(1)), tab.CreateCampaign(ctx, newCampaign(3)),
		tab.SaveShard(ctx, campaign.Shard{Campaign: newCampaign(1).ID, Number: 1}),
		tab.SaveSeries(ctx, campaign.Series{ID: newCampaign(1).ID}),
		tab.StartAudit(ctx, inspect.Run{ID: "a", Since: noon}),
		failure(tab.SaveAuditPart(ctx, inspect.Part{Run: "a", Name: "1"}, noon)),
		tab.SaveListed(ctx, "a", "alerts", 0, []uint64{1}, noon),
		tab.StorePrograms(ctx, hashOf(yaml), yaml),
		tab.Publish(ctx, program.Publication{Number: 1, Hash: hashOf(yaml)}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	misplace(t, r, tab)
	return c
}

// An operation is a method of the table that a furnished one answers without an error.
type operation struct {
	method string
	cheap  bool // it may read what was a second ago, at half the price
	do     func(context.Context, *table.Table, consent.Contact) error
}

func operations() []operation {
	type tab = *table.Table
	type contact = consent.Contact
	var (
		one  = newCampaign(1)
		m    = sentText(1)
		keys = []consent.Key{key}
		yaml = []byte("brands: []")
	)
	op := func(method string, do func(context.Context, tab, contact) error) operation {
		return operation{method: method, do: do}
	}
	cheap := func(o operation) operation { o.cheap = true; return o }
	return []operation{
		op("Contact", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Contact(ctx, key)) }),
		op("Contacts", func(ctx context.Context, tab tab, _ contact) error { _, _, err := tab.Contacts(ctx, keys); return err }),
		op("Commit", func(ctx context.Context, tab tab, c contact) error {
			return failure(tab.Commit(ctx, inboundHeard(c, saidStop, noon.Add(time.Hour)), noon))
		}),
		op("Heard", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Heard(ctx, key, "1")) }),
		op("Claim", func(ctx context.Context, tab tab, c contact) error {
			return failure(tab.Claim(ctx, c, claim(2, noon), keep))
		}),
		op("UpdateBookkeeping", func(ctx context.Context, tab tab, c contact) error {
			return failure(tab.UpdateBookkeeping(ctx, c, func(c contact) contact { return c.FollowUpBy(noon) }))
		}),
		op("ContactAndDeferred", func(ctx context.Context, tab tab, _ contact) error {
			_, _, err := tab.ContactAndDeferred(ctx, key, "r")
			return err
		}),
		op("SaveDeferred", func(ctx context.Context, tab tab, _ contact) error {
			return failure(tab.SaveDeferred(ctx, consent.Deferred{Key: key, Ref: "new", Expires: noon}))
		}),
		op("Record", func(ctx context.Context, tab tab, _ contact) error {
			return tab.Record(ctx, table.Sent{Key: key, Message: m})
		}),
		op("Record", func(ctx context.Context, tab tab, _ contact) error {
			return tab.Record(ctx, table.Sent{Key: key, Message: m}, table.Sent{Key: key, Message: sentText(2)})
		}),
		op("RecordUnconfirmed", func(ctx context.Context, tab tab, _ contact) error { return tab.RecordUnconfirmed(ctx, key, m) }),
		cheap(op("Statuses", func(ctx context.Context, tab tab, _ contact) error {
			return failure(tab.Statuses(ctx, table.Text{Key: key, ID: m.ID}))
		})),
		op("MessageStatus", func(ctx context.Context, tab tab, c contact) error {
			return failure(tab.MessageStatus(ctx, key, c.Claims[0].ID, consent.StatusChange{At: noon, Status: consent.Delivered}))
		}),
		op("Person", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Person(ctx, key)) }),
		op("Verify", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Verify(ctx, key, noon)) }),
		op("Examine", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Examine(ctx, key, noon)) }),
		op("RepairAudience", func(ctx context.Context, tab tab, _ contact) error { return tab.RepairAudience(ctx, misplaced) }),
		cheap(op("ScanRecords", func(ctx context.Context, tab tab, _ contact) error {
			for n := range table.Segments {
				if _, _, err := tab.ScanRecords(ctx, n, table.Position{}, noon); err != nil {
					return err
				}
			}
			return nil
		})),
		cheap(op("ScanContacts", func(ctx context.Context, tab tab, _ contact) error {
			_, _, err := tab.ScanContacts(ctx, 0, table.Position{})
			return err
		})),
		op("Attributes", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Attributes(ctx, key)) }),
		op("SetAttributes", func(ctx context.Context, tab tab, _ contact) error {
			return failure(tab.SetAttributes(ctx, key, map[string]string{"city": "Dallas"}))
		}),
		cheap(op("Recipients", func(ctx context.Context, tab tab, _ contact) error {
			_, _, _, err := tab.Recipients(ctx, keys, false)
			return err
		})),
		cheap(op("Recipients", func(ctx context.Context, tab tab, _ contact) error {
			_, _, _, err := tab.Recipients(ctx, keys, true)
			return err
		})),
		op("Click", func(ctx context.Context, tab tab, _ contact) error {
			return failure(tab.Click(ctx, key, "another", clicked(noon)))
		}),
		op("Click", func(ctx context.Context, tab tab, c contact) error {
			return failure(tab.Click(ctx, key, c.Claims[0].Campaign, clicked(noon)))
		}),
		op("Clicks", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Clicks(ctx, "c")) }),
		op("CampaignByPrefix", func(ctx context.Context, tab tab, _ contact) error {
			id := ulid.MustParse(one.ID)
			return failure(tab.CampaignByPrefix(ctx, id[:]))
		}),
		op("CreateCampaign", func(ctx context.Context, tab tab, _ contact) error { return tab.CreateCampaign(ctx, newCampaign(2)) }),
		op("CreateUniqueCampaign", func(ctx context.Context, tab tab, _ contact) error {
			elsewhere := newCampaign(5)
			elsewhere.In = []string{"DE"}
			return tab.CreateUniqueCampaign(ctx, elsewhere)
		}),
		op("EditCampaign", func(ctx context.Context, tab tab, _ contact) error { return tab.EditCampaign(ctx, one, false) }),
		op("CampaignsLike", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.CampaignsLike(ctx, &one)) }),
		op("Campaign", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Campaign(ctx, one.ID)) }),
		op("Campaigns", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Campaigns(ctx)) }),
		op("SetCampaignState", func(ctx context.Context, tab tab, _ contact) error {
			return tab.SetCampaignState(ctx, one.ID, campaign.Open(), campaign.Done, "")
		}),
		op("Shards", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Shards(ctx, one.ID)) }),
		op("Shard", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Shard(ctx, one.ID, 1)) }),
		op("SaveShard", func(ctx context.Context, tab tab, _ contact) error {
			return tab.SaveShard(ctx, campaign.Shard{Campaign: one.ID, Number: 2})
		}),
		op("Approve", func(ctx context.Context, tab tab, _ contact) error {
			return tab.Approve(ctx, one.ID, campaign.Approval{})
		}),
		op("Approval", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Approval(ctx, one.ID)) }),
		op("SaveCandidates", func(ctx context.Context, tab tab, _ contact) error {
			return tab.SaveCandidates(ctx, one.ID, 1, nil, nil)
		}),
		cheap(op("Candidates", func(ctx context.Context, tab tab, _ contact) error {
			return tab.Candidates(ctx, one.ID, 1, func([]phone.Number) error { return nil })
		})),
		cheap(op("Texted", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Texted(ctx, one.ID, 1)) })),
		cheap(op("CampaignText", func(ctx context.Context, tab tab, _ contact) error {
			_, _, _, err := tab.CampaignText(ctx, key, one.ID)
			return err
		})),
		op("RecordNumbersRequest", func(ctx context.Context, tab tab, _ contact) error {
			return tab.RecordNumbersRequest(ctx, one.ID, table.NumbersRequest{At: noon})
		}),
		op("NumbersRequests", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.NumbersRequests(ctx, one.ID)) }),
		op("Replies", func(ctx context.Context, tab tab, _ contact) error {
			_, _, err := tab.Replies(ctx, key.Brand, true, 1, noon)
			return err
		}),
		op("MarkRead", func(ctx context.Context, tab tab, _ contact) error {
			return tab.MarkRead(ctx, &consent.Reply{Key: key, ID: "q", At: noon}, "ana", noon)
		}),
		op("RecordReplyNumbersRequest", func(ctx context.Context, tab tab, _ contact) error {
			return tab.RecordReplyNumbersRequest(ctx, key.Brand, table.NumbersRequest{At: noon})
		}),
		op("ReplyNumbersRequests", func(ctx context.Context, tab tab, _ contact) error {
			return failure(tab.ReplyNumbersRequests(ctx, key.Brand))
		}),
		op("SaveSeries", func(ctx context.Context, tab tab, _ contact) error {
			return tab.SaveSeries(ctx, campaign.Series{ID: "new"})
		}),
		op("Series", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Series(ctx, one.ID)) }),
		op("AllSeries", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.AllSeries(ctx)) }),
		op("CountFates", func(ctx context.Context, tab tab, _ contact) error {
			return failure(tab.CountFates(ctx, one.ID, campaign.Fates{OptOuts: 1}))
		}),
		op("AnswerFates", func(ctx context.Context, tab tab, _ contact) error {
			return tab.AnswerFates(ctx, one.ID, campaign.Fates{})
		}),
		op("CountOptOut", func(ctx context.Context, tab tab, _ contact) error {
			return failure(tab.CountOptOut(ctx, one.ID, "1", noon))
		}),
		op("Fates", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Fates(ctx, one.ID)) }),
		op("StartAudit", func(ctx context.Context, tab tab, _ contact) error {
			return tab.StartAudit(ctx, inspect.Run{ID: "b", Since: noon})
		}),
		op("Audits", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Audits(ctx, 1)) }),
		op("Audit", func(ctx context.Context, tab tab, _ contact) error { _, _, err := tab.Audit(ctx, "a"); return err }),
		op("AuditPart", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.AuditPart(ctx, "a", "1")) }),
		op("SaveAuditPart", func(ctx context.Context, tab tab, _ contact) error {
			return failure(tab.SaveAuditPart(ctx, inspect.Part{Run: "a", Name: "2"}, noon))
		}),
		op("TakeAudit", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.TakeAudit(ctx, "a", noon)) }),
		op("CloseAudit", func(ctx context.Context, tab tab, _ contact) error { return tab.CloseAudit(ctx, "a", noon) }),
		op("SaveListed", func(ctx context.Context, tab tab, _ contact) error {
			return tab.SaveListed(ctx, "a", "alerts", 1, []uint64{1}, noon)
		}),
		op("Listed", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Listed(ctx, "a", "alerts")) }),
		op("InForce", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.InForce(ctx)) }),
		op("Publications", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Publications(ctx)) }),
		op("Programs", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Programs(ctx, hashOf(yaml))) }),
		op("StorePrograms", func(ctx context.Context, tab tab, _ contact) error { return tab.StorePrograms(ctx, hashOf(yaml), yaml) }),
		op("Publish", func(ctx context.Context, tab tab, _ contact) error {
			return tab.Publish(ctx, program.Publication{Number: 2, Hash: hashOf(yaml)})
		}),
		op("TakeTurns", func(ctx context.Context, tab tab, _ contact) error {
			return failure(tab.TakeTurns(ctx, "+12065550100", time.Second, noon))
		}),
		op("Spend", func(ctx context.Context, tab tab, _ contact) error { return failure(tab.Spend(ctx, "nonce", noon)) }),
		op("Allow", func(ctx context.Context, tab tab, _ contact) error {
			return failure(tab.Allow(ctx, "key", 1, time.Hour, noon))
		}),
	}
}

// No operation passes for done where one of its calls was not answered; the error says what was being done, and a
// caller may still ask what the cause was. It reads what is stored now, unless it says that it may be a second old.
func TestOperationsTellWhatTheyCouldNotDo(t *testing.T) {
	all := operations()
	methods := reflect.TypeFor[*table.Table]()
	for i := range methods.NumMethod() {
		if name := methods.Method(i).Name; !slices.ContainsFunc(all, func(o operation) bool { return o.method == name }) {
			t.Errorf("%s is not among the operations", name)
		}
	}
	for _, o := range all {
		s := stores.Memory(t)
		c := furnished(t, table.New(s.Client, s.Table, ledger(t)), raw{t, s})
		done := false
		for n := 0; !done; n++ {
			calls := 0
			err := o.do(t.Context(), table.New(dynamotest.Watched{API: s.Client, See: func(call string, consistent *bool) error {
				if calls++; calls == n+1 {
					return context.DeadlineExceeded
				}
				if !dynamotest.Writes(call) && !aws.ToBool(consistent) && !o.cheap {
					t.Errorf("%s: call %d may read what was a second ago", o.method, calls)
				}
				return nil
			}}, s.Table, ledger(t)), c)
			done = calls <= n
			switch {
			case done && err != nil || n == 0 && calls == 0:
				t.Errorf("%s after %d calls: %v", o.method, calls, err)
			case !done && (!errors.Is(err, context.DeadlineExceeded) || strings.HasPrefix(err.Error(), context.DeadlineExceeded.Error())):
				t.Errorf("%s without its call %d: %v", o.method, n+1, err)
			}
		}
	}
}
