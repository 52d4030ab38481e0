package local

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/local/account"
	"smsconsent/local/console"
	"smsconsent/local/lambda"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
)

func TestConsoleShowsContactsAndCampaigns(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	ledger, err := consent.NewLedger(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	store := table.New(dynamodb.NewFromConfig(m.AWS()), account.TableName, ledger)
	asks := consent.Request{At: begin, Source: consent.SourceForm, Terms: program.SignUp{ConfirmWithin: 24 * time.Hour, PerPhoneADay: 2}, Topics: []program.Topic{{ID: "alerts", Program: "alerts", Class: program.Promotional}}}
	for _, brand := range []string{"second", "example"} {
		contact := consent.Contact{Key: consent.Key{Brand: brand, Phone: person}}
		if _, err := store.Commit(t.Context(), contact.Request(asks), begin); err != nil {
			t.Fatal(err)
		}
	}
	c := campaign.Campaign{
		ID: "01M84S1580ABCDEFGHJKMNPQRS", Brand: "example", Topic: "alerts", Text: "Hello", At: begin, Expires: begin.Add(time.Hour), Created: begin, State: campaign.Running,
	}
	if err := store.CreateCampaign(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	shard := campaign.Shard{Campaign: c.ID, Groups: map[string]campaign.Group{"US-WA|America/Los_Angeles": {Counts: campaign.Counts{Sent: 2, Refused: 1}}}}
	if err := store.SaveShard(t.Context(), shard); err != nil {
		t.Fatal(err)
	}
	look := func() (s console.State) {
		t.Helper()
		if err := json.Unmarshal([]byte(m.do(t, "GET", "/console/state", "", 200)), &s); err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := look()
	if len(s.Contacts) != 2 || s.Contacts[0].Brand != "example" || s.Contacts[0].Phone != person || s.Contacts[0].Topics["alerts"] != consent.Pending || s.Contacts[0].Stopped == nil {
		t.Errorf("contacts %+v", s.Contacts)
	}
	if len(s.Campaigns) != 1 || s.Campaigns[0].ID != c.ID || s.Campaigns[0].State != campaign.Running || s.Campaigns[0].Counts != (campaign.Counts{Sent: 2, Refused: 1}) {
		t.Errorf("campaigns %+v", s.Campaigns)
	}
	m.clock.moveTo(begin.Add(24*time.Hour + time.Second))
	if s := look(); s.Contacts[0].Topics["alerts"] != consent.Expired {
		t.Errorf("a request nobody confirmed in time shows as %s", s.Contacts[0].Topics["alerts"])
	}
}
