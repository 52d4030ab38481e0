package smsconsent_test

import (
	"context"
	"encoding/base64"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/oklog/ulid/v2"

	"smsconsent/functions"
	"smsconsent/functions/channels"
	"smsconsent/functions/inbound"
	"smsconsent/functions/receipts"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/audience"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// recovery is what the outbox does with the table for the function that has it recover texts and send none.
type recovery interface {
	Contact(ctx context.Context, key consent.Key) (consent.Contact, error)
	Commit(ctx context.Context, ch consent.Change, now time.Time) (consent.Contact, error)
	UpdateBookkeeping(ctx context.Context, c consent.Contact, change func(consent.Contact) consent.Contact) (consent.Contact, error)
	Campaign(ctx context.Context, id string) (campaign.Campaign, error)
	RecordUnconfirmed(ctx context.Context, key consent.Key, m consent.Message) error
}

// noting is what the outbox does with the table for the function that texts nobody.
type noting interface {
	Contact(ctx context.Context, key consent.Key) (consent.Contact, error)
	Commit(ctx context.Context, ch consent.Change, now time.Time) (consent.Contact, error)
	UpdateBookkeeping(
		ctx context.Context, c consent.Contact, change func(consent.Contact) consent.Contact,
	) (consent.Contact, error)
}

// hearing is what the function commits that hears people: among it, what a person should read.
type hearing interface{ Hear() }

// parts is the interfaces through which a function, its outbox and its CAPTCHA see the table, and whether it records
// many texts at once.
func parts(config reflect.Type) (seen []reflect.Type, batches bool) {
	for i := range config.NumField() {
		switch field := config.Field(i).Type; {
		case field.Kind() != reflect.Interface:
		case reflect.TypeFor[*table.Table]().Implements(field), reflect.TypeFor[*audience.List]().Implements(field):
			seen = append(seen, field)
		case field == reflect.TypeFor[receipts.Outbox]() && field.NumMethod() == 2:
			seen = append(seen, reflect.TypeFor[recovery]())
		case field == reflect.TypeFor[channels.Outbox]() && field.NumMethod() == 1:
			seen = append(seen, reflect.TypeFor[noting]())
		case reflect.TypeFor[*outbox.Outbox]().Implements(field):
			seen = append(seen, reflect.TypeFor[outbox.Store]())
			_, batches = field.MethodByName("Record")
		case reflect.TypeFor[*captcha.Altcha]().Implements(field):
			seen = append(seen, reflect.TypeFor[captcha.Nonces]())
		}
	}
	return seen, batches
}

// trial is a consent table with a person and a campaign in it, on which each method can be tried.
type trial struct {
	*asked
	t    *testing.T
	ctx  context.Context
	tab  *table.Table   // whose calls are kept
	list *audience.List // whose calls are kept
	now  time.Time
	key  consent.Key
	camp campaign.Campaign
	sent table.Sent
}

func newTrial(t *testing.T) *trial {
	t.Helper()
	ledger, err := consent.ParseLedger(base64.StdEncoding.EncodeToString([]byte("a key of at least thirty-two bytes")))
	if err != nil {
		t.Fatal(err)
	}
	a := newAsked(t)
	tr := &trial{
		asked: a, t: t, ctx: t.Context(), tab: table.New(a.Client, a.Table, ledger), list: audience.New(a.Client, a.Table),
		now: time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC), key: consent.Key{Brand: "example", Phone: "+12065550142"},
	}
	tr.camp = campaign.Campaign{
		ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VN", Brand: "example", Topic: "alerts", At: tr.now, Expires: tr.now.Add(time.Hour), State: campaign.Scheduled,
	}
	tr.sent = table.Sent{Key: tr.key, Message: consent.Message{
		ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VP", At: tr.now, Kind: message.Promotional, Body: "Open today.", Status: consent.Sent,
	}}
	tr.must(tr.tab.CreateCampaign(tr.ctx, tr.camp))
	tr.commit(consent.Subscribed)
	tr.must(tr.tab.Record(tr.ctx, tr.sent))
	a.calls = nil
	return tr
}

func (tr *trial) must(err error) {
	tr.t.Helper()
	if err != nil {
		tr.t.Fatal(err)
	}
}

// contact is the person, read for a trial and not by it.
func (tr *trial) contact() consent.Contact {
	tr.t.Helper()
	tr.deaf = true
	defer func() { tr.deaf = false }()
	c, err := tr.tab.Contact(tr.ctx, tr.key)
	tr.must(err)
	return c
}

// commit has the person join the topic, or leave it, by a message that came in.
func (tr *trial) commit(state consent.State) {
	tr.t.Helper()
	c := tr.contact()
	c.Subs = map[string]consent.Subscription{"alerts": {State: state, Program: "alerts", Since: tr.now, Request: 1, Proof: 2}}
	ch := consent.Change{Next: c, Inbound: strconv.FormatInt(c.Version, 10), Events: []consent.Event{{Seq: c.Head.Seq + 1, Type: consent.Received, At: tr.now}}}
	if state == consent.Subscribed {
		ch.Joined = []string{"alerts"}
	} else {
		ch.Left = []string{"alerts"}
	}
	_, err := tr.tab.Commit(tr.ctx, ch, tr.now)
	tr.must(err)
}

// misplace takes the person's entry out of the audience, past the table.
func (tr *trial) misplace() {
	tr.t.Helper()
	tr.deaf = true
	defer func() { tr.deaf = false }()
	_, err := tr.Client.DeleteItem(tr.ctx, &dynamodb.DeleteItemInput{TableName: &tr.Table, Key: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: "CONTACT#example#" + string(tr.key.Phone)},
		"sk": &types.AttributeValueMemberS{Value: "AUDIENCE#alerts"},
	}})
	tr.must(err)
}

func (tr *trial) claim() consent.Contact {
	tr.t.Helper()
	c, err := tr.tab.Claim(tr.ctx, tr.contact(), consent.Claim{
		ID: "01KB3M8Y5T0QF2Z9W6R7C4X1VQ", At: tr.now, Kind: message.Promotional, Program: "alerts", Topics: []string{"alerts"}, Campaign: tr.camp.ID,
	}, time.Hour)
	tr.must(err)
	return c
}

// try calls a method of the table or the list so that it does all it ever does. Batches are for who records many texts
// at once.
func (tr *trial) try(method string, batches bool) {
	tr.t.Helper()
	var err error
	switch method {
	case "Contact":
		_, err = tr.tab.Contact(tr.ctx, tr.key)
	case "ContactAndDeferred":
		_, _, err = tr.tab.ContactAndDeferred(tr.ctx, tr.key, "order")
	case "SaveDeferred":
		_, err = tr.tab.SaveDeferred(tr.ctx, consent.Deferred{Key: tr.key, Ref: "order", Expires: tr.now})
	case "Singles":
		_, err = tr.list.Singles(tr.ctx, "example", "order", 2)
	case "Attributes":
		_, err = tr.tab.Attributes(tr.ctx, tr.key)
	case "SetAttributes":
		_, err = tr.tab.SetAttributes(tr.ctx, tr.key, map[string]string{"first_name": "Ana"})
	case "TakeTurns":
		_, err = tr.tab.TakeTurns(tr.ctx, "+18335550100", time.Second, tr.now)
	case "Recipients":
		_, _, _, err = tr.tab.Recipients(tr.ctx, []consent.Key{tr.key}, true)
	case "Contacts":
		_, _, err = tr.tab.Contacts(tr.ctx, []consent.Key{tr.key})
	case "Commit":
		tr.commit(consent.Unsubscribed)
		tr.commit(consent.Subscribed)
	case "Hear":
		c := tr.contact()
		question := consent.Event{Seq: c.Head.Seq + 1, Type: consent.Received, At: tr.now, Evidence: map[string]string{"inbound": "question"}}
		_, err = tr.tab.Commit(tr.ctx, consent.Change{Next: c, Inbound: "question", ToRead: "why", Events: []consent.Event{question}}, tr.now)
	case "Heard":
		_, err = tr.tab.Heard(tr.ctx, tr.key, "heard")
	case "Claim":
		tr.claim()
	case "UpdateBookkeeping":
		_, err = tr.tab.UpdateBookkeeping(tr.ctx, tr.claim(), func(c consent.Contact) consent.Contact { c.Claims = nil; return c })
	case "Record":
		err = tr.tab.Record(tr.ctx, tr.sent)
		if batches {
			other := tr.sent
			other.Message.ID = "01KB3M8Y5T0QF2Z9W6R7C4X1VR"
			tr.must(tr.tab.Record(tr.ctx, tr.sent, other))
		}
	case "RecordUnconfirmed":
		err = tr.tab.RecordUnconfirmed(tr.ctx, tr.key, tr.sent.Message)
	case "Statuses":
		_, err = tr.tab.Statuses(tr.ctx, table.Text{Key: tr.key, ID: tr.sent.Message.ID})
	case "MessageStatus":
		_, err = tr.tab.MessageStatus(tr.ctx, tr.key, tr.sent.Message.ID, consent.StatusChange{At: tr.now, Status: consent.Delivered})
	case "Click":
		click := consent.StatusChange{At: tr.now, Status: consent.Clicked}
		_, err = tr.tab.Click(tr.ctx, tr.key, tr.camp.ID, click)
		tr.must(err)
		_, err = tr.tab.Click(tr.ctx, tr.key, tr.camp.ID, click) // what is there is read, to tell a repetition
	case "CampaignByPrefix":
		id := ulid.MustParseStrict(tr.camp.ID)
		_, err = tr.tab.CampaignByPrefix(tr.ctx, id[:9])
	case "Verify":
		_, err = tr.tab.Verify(tr.ctx, tr.key, tr.now)
	case "Person":
		_, err = tr.tab.Person(tr.ctx, tr.key)
	case "Campaign":
		_, err = tr.tab.Campaign(tr.ctx, tr.camp.ID)
	case "Approval":
		_, err = tr.tab.Approval(tr.ctx, tr.camp.ID)
	case "Campaigns":
		_, err = tr.tab.Campaigns(tr.ctx)
	case "SetCampaignState":
		err = tr.tab.SetCampaignState(tr.ctx, tr.camp.ID, []campaign.State{campaign.Scheduled}, campaign.Paused, "")
		// Where it is in another state it is read, to tell that from one that is not there.
		_ = tr.tab.SetCampaignState(tr.ctx, tr.camp.ID, []campaign.State{campaign.Scheduled}, campaign.Paused, "")
	case "SaveCandidates":
		err = tr.tab.SaveCandidates(tr.ctx, tr.camp.ID, 0, []phone.Number{tr.key.Phone}, nil)
	case "Texted":
		_, err = tr.tab.Texted(tr.ctx, tr.camp.ID, 0)
	case "CreateCampaign":
		c := tr.camp
		c.ID = ulid.Make().String()
		err = tr.tab.CreateCampaign(tr.ctx, c)
	case "SaveSeries":
		err = tr.tab.SaveSeries(tr.ctx, campaign.Series{ID: tr.camp.ID})
	case "Series":
		tr.must(tr.tab.SaveSeries(tr.ctx, campaign.Series{ID: tr.camp.ID}))
		_, err = tr.tab.Series(tr.ctx, tr.camp.ID)
	case "AllSeries":
		_, err = tr.tab.AllSeries(tr.ctx)
	case "CountFates":
		_, err = tr.tab.CountFates(tr.ctx, tr.camp.ID, campaign.Fates{Delivered: 1})
	case "CountOptOut":
		_, err = tr.tab.CountOptOut(tr.ctx, tr.camp.ID, "hash", tr.now)
	case "AnswerFates":
		err = tr.tab.AnswerFates(tr.ctx, tr.camp.ID, campaign.Fates{Delivered: 1})
	case "Shards":
		_, err = tr.tab.Shards(tr.ctx, tr.camp.ID)
	case "Shard":
		_, err = tr.tab.Shard(tr.ctx, tr.camp.ID, 0)
	case "SaveShard":
		err = tr.tab.SaveShard(tr.ctx, campaign.Shard{Campaign: tr.camp.ID})
	case "ScanRecords":
		_, _, err = tr.tab.ScanRecords(tr.ctx, 0, table.Position{}, tr.now)
	case "ScanContacts":
		_, _, err = tr.tab.ScanContacts(tr.ctx, 0, table.Position{})
	case "Examine":
		_, err = tr.tab.Examine(tr.ctx, tr.key, tr.now)
	case "RepairAudience":
		tr.misplace()
		err = tr.tab.RepairAudience(tr.ctx, tr.key)
	case "StartAudit":
		err = tr.tab.StartAudit(tr.ctx, inspect.Run{ID: "run", Since: tr.now})
	case "Audit":
		tr.must(tr.tab.StartAudit(tr.ctx, inspect.Run{ID: "run", Since: tr.now}))
		_, _, err = tr.tab.Audit(tr.ctx, "run")
	case "AuditPart":
		_, err = tr.tab.AuditPart(tr.ctx, "run", "part")
	case "SaveAuditPart":
		_, err = tr.tab.SaveAuditPart(tr.ctx, inspect.Part{Run: "run", Name: "part"}, tr.now)
	case "TakeAudit":
		_, err = tr.tab.TakeAudit(tr.ctx, "run", tr.now)
	case "CloseAudit":
		tr.must(tr.tab.StartAudit(tr.ctx, inspect.Run{ID: "run", Since: tr.now}))
		err = tr.tab.CloseAudit(tr.ctx, "run", tr.now)
	case "SaveListed":
		err = tr.tab.SaveListed(tr.ctx, "run", "example.alerts", 0, []uint64{1}, tr.now)
	case "Listed":
		_, err = tr.tab.Listed(tr.ctx, "run", "example.alerts")
	case "InForce":
		_, err = tr.tab.InForce(tr.ctx)
	case "Programs":
		_, _ = tr.tab.Programs(tr.ctx, "hash") // nobody kept any; what is asked for counts
	case "Spend":
		_, err = tr.tab.Spend(tr.ctx, "nonce", tr.now)
	case "Allow":
		_, err = tr.tab.Allow(tr.ctx, "phone", 1, time.Hour, tr.now)
	case "NextArea":
		_, _, err = tr.list.NextArea(tr.ctx, "example", "alerts", 0, "")
	case "Page":
		_, _, err = tr.list.Page(tr.ctx, "example", "alerts", 0, "?", "", 1)
	case "Count":
		_, err = tr.list.Count(tr.ctx, "example", "alerts", 0, "?")
	case "Due":
		_, _, err = tr.list.Due(tr.ctx, "example", tr.now, "", 1)
	default:
		tr.t.Fatalf("say in trial.try what %s does: its permissions depend on it", method)
	}
	tr.must(err)
}

// does is what a function asks of the table, each as an action and a kind of partition.
//
// A paced function takes turns (wiring.Deployment.PacedOutbox). Each reads the programs in force (wiring.Open).
func does(t *testing.T, config reflect.Type, paced bool) map[string]bool {
	t.Helper()
	done := map[string]bool{}
	seen, batches := parts(config)
	seen = append(seen, reflect.TypeFor[wiring.Published]())
	if config == reflect.TypeFor[inbound.Config]() {
		seen = append(seen, reflect.TypeFor[hearing]())
	}
	if paced {
		seen = append(seen, reflect.TypeFor[outbox.Turns]())
	}
	for _, of := range seen {
		for m := range of.NumMethod() {
			tr := newTrial(t)
			tr.try(of.Method(m).Name, batches)
			for _, c := range tr.calls {
				if len(c.keys) == 0 { // a Scan
					done[c.action+" anything"] = true
				}
				for _, key := range c.keys {
					if kind, _, several := strings.Cut(key, "#"); several {
						key = kind + "#*"
					}
					done[c.action+" "+key] = true
				}
			}
		}
	}
	return done
}

// may is what a role is allowed of the table, in the same words.
func (tpl template) may(role string) map[string]bool {
	owners := append(list(tpl.Resources[role].at("ManagedPolicyArns")), role)
	allowed := map[string]bool{}
	for _, s := range tpl.statements() {
		for _, action := range s.actions {
			action, ok := strings.CutPrefix(action, "dynamodb:")
			if !ok || !slices.Contains(owners, s.owner) {
				continue
			}
			for _, r := range s.resources {
				if r == "Table.StreamArn" || r == "${Table.Arn}/stream/*" {
					continue // Lambda reads the stream for the function; TestTheStreamIsReadByItsFunctionOnly
				}
				if index, ok := strings.CutPrefix(r, "${Table.Arn}/"); ok {
					allowed[action+" "+index] = true
					continue
				}
				keys := []string{"anything"}
				if condition, _ := s.condition.(map[string]any); len(condition) == 1 {
					like, _ := condition["ForAllValues:StringLike"].(map[string]any)
					keys = list(like["dynamodb:LeadingKeys"])
				}
				for _, key := range keys {
					allowed[action+" "+key] = true
				}
			}
		}
	}
	return allowed
}

// Each function may do with the table what it does and nothing else: whoever gets hold of the one that serves the
// sign-up form can neither rewrite a campaign nor read through the audience.
func TestFunctionsMayDoWithTheTableWhatTheyDo(t *testing.T) {
	tpl := read(t)
	all := functions.All()
	if len(all) != len(tpl.of("AWS::Serverless::Function")) {
		t.Errorf("%d functions of %d are looked at", len(all), len(tpl.of("AWS::Serverless::Function")))
	}
	for _, f := range all {
		role := strings.TrimSuffix(tpl.function(t, f.Name), "Function") + "Role"
		does, may := does(t, f.Config, f.Name == "sendcheck" || f.Name == "audit"), tpl.may(role)
		if len(does) < 2 && f.Name != "stream" {
			t.Errorf("%s does nothing: the test no longer sees it", role)
		}
		for _, what := range slices.Sorted(maps.Keys(does)) {
			if !may[what] {
				t.Errorf("%s lacks %s", role, what)
			}
		}
		for _, what := range slices.Sorted(maps.Keys(may)) {
			if !does[what] {
				t.Errorf("%s may %s, and never does", role, what)
			}
		}
	}
}
