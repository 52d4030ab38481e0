package local_test

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent/local/account"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/edge/console"
	"smsconsent/shared/edge/table"
)

// `aws dynamodb list-tables` is the first thing an engineer tries.
func TestTheTableIsListed(t *testing.T) {
	w := newWorld(t, nil)
	out, err := dynamodb.NewFromConfig(account.AWS(w.url)).ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(out.TableNames, []string{account.TableName}) {
		t.Errorf("tables %v", out.TableNames)
	}
}

// Writes that get into each other's way are taken back without a trace, so campaigns, whose shards hold empty maps,
// can be read afterwards.
func TestAConflictLeavesEverythingReadable(t *testing.T) {
	on(t, func(t *testing.T, w *world) {
		const id = "01KB00000000000000000000F1"
		w.says(her, "JOIN")
		w.says(her, "YES")
		w.campaign(id, "Example Corp.: hello.", w.now(), w.now().Add(time.Hour))
		w.goTo(w.now().Add(2 * time.Hour))
		readable := func(after string) {
			t.Helper()
			var people console.People
			var all struct{ Campaigns []console.CampaignState }
			if code := w.call(http.MethodGet, "/console/people", nil, &people); code != http.StatusOK || len(people.People) != 1 {
				t.Fatalf("after %s the console answers %d with %+v", after, code, people)
			}
			if code := w.call(http.MethodGet, "/console/campaigns", nil, &all); code != http.StatusOK || len(all.Campaigns) != 1 {
				t.Fatalf("after %s the console answers %d with %+v", after, code, all)
			}
			if state, c := w.status(id); state != campaign.Done || c != (campaign.Counts{Sent: 1}) {
				t.Fatalf("after %s the campaign is %s with %+v", after, state, c)
			}
		}
		readable("the campaign")

		again := campaign.Campaign{
			ID: id, Brand: "example", Topic: "alerts", Text: "Another.",
			At: w.now(), Expires: w.now().Add(time.Hour), Created: w.now(), State: campaign.Scheduled,
		}
		if err := w.table().CreateCampaign(t.Context(), again); !errors.Is(err, table.ErrExists) {
			t.Fatalf("making the campaign again: %v", err)
		}
		readable("a transaction that failed")

		var all sync.WaitGroup
		for range 4 {
			for _, said := range []string{"HELP", "STOP"} {
				all.Go(func() {
					text := map[string]string{"to": "+12065550100", "body": said}
					if code := w.call(http.MethodPost, "/handsets/"+her, text, nil); code != http.StatusOK {
						t.Errorf("%s at once with others was answered %d", said, code)
					}
				})
			}
		}
		all.Wait()
		readable("texts at once")
		if r := w.record(her); !r.Verified || r.Topics["alerts"].State != "unsubscribed" {
			t.Errorf("the record says %+v, verified %v", r.Topics, r.Verified)
		}
	})
}
