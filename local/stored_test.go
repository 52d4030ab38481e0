package local

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/local/account"
	"smsconsent/local/lambda"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	page "smsconsent/shared/edge/console"
	"smsconsent/shared/edge/table"
)

func TestConsoleShowsContactsAndCampaigns(t *testing.T) {
	m := newMachine(t, lambda.Functions{})
	ledger, err := consent.ParseLedger(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("k"), 32)))
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
	look := func() []page.Person {
		t.Helper()
		var found page.People
		if err := json.Unmarshal([]byte(m.do(t, "GET", "/console/people", "", 200)), &found); err != nil {
			t.Fatal(err)
		}
		return found.People
	}
	people := look()
	if len(people) != 2 || people[0].Phone != person || !slices.Equal(people[0].Facts, []page.Fact{{Text: "alerts pending", Tone: "pending"}}) {
		t.Errorf("people %+v", people)
	}
	var campaigns struct{ Campaigns []page.CampaignState }
	if err := json.Unmarshal([]byte(m.do(t, "GET", "/console/campaigns", "", 200)), &campaigns); err != nil {
		t.Fatal(err)
	}
	if got := campaigns.Campaigns; len(got) != 1 || got[0].ID != c.ID || got[0].State != campaign.Running || got[0].Counts != (campaign.Counts{Sent: 2, Refused: 1}) {
		t.Errorf("campaigns %+v", got)
	}
	m.clock.moveTo(begin.Add(24*time.Hour + time.Second))
	if facts := look()[0].Facts; len(facts) != 1 || facts[0].Tone != string(consent.Expired) {
		t.Errorf("a request nobody confirmed in time shows as %v", facts)
	}
}
