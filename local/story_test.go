package local_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"smsconsent/local"
	"smsconsent/shared/core/campaign"
	"smsconsent/shared/testkit/dynamotest"
)

const her = "+12065550142"

// The whole story: a person signs up, confirms, gets a campaign at a permitted hour, says STOP, and is never texted
// again, with every step on record.
func TestStory(t *testing.T) {
	on(t, func(t *testing.T, w *world) {
		if code := w.signUp(her, "alerts"); code != http.StatusAccepted {
			t.Fatalf("sign-up answered %d, want 202", code)
		}
		ask := "Text YES to join Example Corp. alerts. 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel."
		if got := w.screen(her); !slices.Equal(got, []string{ask}) {
			t.Fatalf("after sign-up the phone shows %q, want just the confirmation request", got)
		}

		w.campaign("01KB00000000000000000000A1", "Example Corp.: too early.", w.now(), w.now().Add(time.Hour))
		w.goTo(w.now().Add(10 * time.Minute))
		if got := w.screen(her); len(got) != 1 {
			t.Fatalf("I5: before YES the phone got %q", got[1:])
		}

		w.says(her, "YES")
		if state := w.record(her).Topics["alerts"].State; state != "subscribed" {
			t.Fatalf("after YES the topic is %s", state)
		}

		seattle, err := time.LoadLocation("America/Los_Angeles")
		if err != nil {
			t.Fatal(err)
		}
		tomorrow := time.Date(2027, 1, 6, 10, 0, 0, 0, seattle)
		w.campaign("01KB00000000000000000000A2", "Example Corp.: pumpkins are in.", tomorrow, tomorrow.Add(8*time.Hour))
		w.goTo(tomorrow.Add(time.Minute))
		if n := count(w.screen(her), "pumpkins"); n != 1 {
			t.Fatalf("the campaign showed up %d times, want once", n)
		}
		if state, c := w.status("01KB00000000000000000000A2"); state != campaign.Done || c != (campaign.Counts{Sent: 1}) {
			t.Fatalf("campaign %s with %+v, want done with one sent", state, c)
		}

		w.says(her, "STOP")
		stop := "STOP: You're unsubscribed from Example Corp. alerts. No more messages will be sent. For more info, email help@example.com or call XXX-555-0199."
		if n := count(w.screen(her), stop); n != 1 {
			t.Fatalf("the STOP answer showed up %d times, want once", n)
		}
		w.says(her, "HELP")
		if n := count(w.screen(her), "HELP: Example Corp. alerts: email help@example.com"); n != 1 {
			t.Errorf("HELP after STOP was answered %d times, want once", n)
		}
		if w.optedOut(her) {
			t.Error("the number is on the AWS opt-out list within the hour of STOP")
		}
		w.goTo(w.now().Add(90 * time.Minute))
		if !w.optedOut(her) {
			t.Error("the number is not on the AWS opt-out list")
		}

		before := len(w.screen(her))
		w.campaign("01KB00000000000000000000A3", "Example Corp.: gone too far.", w.now(), w.now().Add(3*24*time.Hour))
		w.goTo(w.now().Add(4 * 24 * time.Hour))
		if got := w.screen(her); len(got) != before {
			t.Fatalf("I1: after STOP the phone got %q", got[before:])
		}

		r := w.record(her)
		if !r.Verified {
			t.Error("I4: the chain does not verify")
		}
		var types []string
		for i, e := range r.Events {
			types = append(types, e.Type)
			if e.Seq != int64(i+1) {
				t.Errorf("event %d has number %d", i+1, e.Seq)
			}
		}
		if want := []string{"requested", "confirmed", "opted-out", "received"}; !slices.Equal(types, want) {
			t.Errorf("events %v, want %v", types, want)
		}
		var kinds []string
		for i, m := range r.Messages {
			kinds = append(kinds, m.Kind)
			if m.Status != "delivered" {
				t.Errorf("I3: message %d is %s", i, m.Status)
			}
			if i > 0 && m.At.Before(r.Messages[i-1].At) {
				t.Errorf("message %d is older than the one before", i)
			}
		}
		if want := []string{"confirmation", "reply", "promotional", "reply", "reply"}; !slices.Equal(kinds, want) {
			t.Errorf("messages %v, want %v", kinds, want)
		}
	})
}

func count(texts []string, part string) int {
	n := 0
	for _, s := range texts {
		if strings.Contains(s, part) {
			n++
		}
	}
	return n
}

// I6: a campaign due at night waits for the permitted hours, and what cannot be sent by its end expires.
func TestCampaignWaitsForTheMorningOrExpires(t *testing.T) {
	on(t, func(t *testing.T, w *world) {
		w.signUp(her, "alerts")
		w.says(her, "YES")
		shown := len(w.screen(her))
		night := time.Date(2027, 1, 6, 6, 0, 0, 0, time.UTC) // 22:00 in Seattle
		w.campaign("01KB00000000000000000000B1", "Example Corp.: good morning.", night, night.Add(20*time.Hour))
		w.campaign("01KB00000000000000000000B2", "Example Corp.: good night.", night, night.Add(5*time.Hour))
		w.goTo(night.Add(time.Minute))
		if got := w.screen(her); len(got) != shown {
			t.Fatalf("at 22:00 the phone got %q", got[shown:])
		}
		if state, c := w.status("01KB00000000000000000000B1"); state != campaign.Running || c != (campaign.Counts{Deferred: 1}) {
			t.Fatalf("campaign %s with %+v, want running with one deferred", state, c)
		}
		w.goTo(time.Date(2027, 1, 6, 17, 0, 30, 0, time.UTC)) // 09:00:30 in Seattle
		if n := count(w.screen(her), "good morning"); n != 1 {
			t.Fatalf("at 09:00 the campaign showed up %d times, want once", n)
		}
		if state, c := w.status("01KB00000000000000000000B2"); state != campaign.Done || c != (campaign.Counts{Expired: 1}) {
			t.Fatalf("campaign %s with %+v, want done with one expired", state, c)
		}
		if n := count(w.screen(her), "good night"); n != 0 {
			t.Fatal("a campaign was sent after its end")
		}
	})
}

// I7: two messages a month were promised; the third waits until the first is 31 days old.
func TestPromisedFrequencyIsKept(t *testing.T) {
	inMemory(t, func(t *testing.T, w *world) {
		w.signUp(her, "alerts")
		w.says(her, "YES")
		first := w.now().Add(time.Minute)
		for i, at := range []time.Time{first, first.Add(24 * time.Hour), first.Add(48 * time.Hour)} {
			w.campaign(fmt.Sprintf("01KB00000000000000000000C%d", i), fmt.Sprintf("Example Corp.: number %d.", i), at, at.Add(30*24*time.Hour))
		}
		w.goTo(first.Add(30 * 24 * time.Hour))
		if n := count(w.screen(her), "number"); n != 2 {
			t.Fatalf("%d campaigns within 31 days, want two", n)
		}
		w.goTo(first.Add(31*24*time.Hour + time.Hour))
		if n := count(w.screen(her), "number 2"); n != 1 {
			t.Fatalf("the third campaign showed up %d times on day 31, want once", n)
		}
	})
}

// The audit reminds people who were not told for a month how to opt out, once, and in the permitted hours.
func TestAuditReminds(t *testing.T) {
	inMemory(t, func(t *testing.T, w *world) {
		w.signUp(her, "alerts")
		w.says(her, "YES")
		joined := w.now()
		reminder := "You're subscribed to Example Corp. alerts. Msg & data rates may apply. Reply HELP for help, STOP to unsubscribe."
		w.goTo(joined.Add(29 * 24 * time.Hour))
		if n := count(w.screen(her), reminder); n != 0 {
			t.Fatal("reminded before the month was over")
		}
		w.goTo(joined.Add(33 * 24 * time.Hour))
		if n := count(w.screen(her), reminder); n != 1 {
			t.Fatalf("reminded %d times, want once", n)
		}
		for _, m := range w.record(her).Messages {
			if m.Kind != "reminder" {
				continue
			}
			if hour := m.At.In(time.FixedZone("PST", -8*3600)).Hour(); hour < 9 || hour >= 20 {
				t.Errorf("I6: reminded at %s", m.At)
			}
		}
	})
}

// START after STOP asks for a new YES, and the AWS opt-out list follows.
func TestStartAfterStop(t *testing.T) {
	on(t, func(t *testing.T, w *world) {
		w.signUp(her, "alerts")
		w.says(her, "YES")
		w.says(her, "STOP")
		w.goTo(w.now().Add(90 * time.Minute))
		if !w.optedOut(her) {
			t.Fatal("the number is not on the AWS opt-out list")
		}
		w.says(her, "START")
		if state := w.record(her).Topics["alerts"].State; state != "pending" {
			t.Errorf("after START the topic is %s", state)
		}
		w.goTo(w.now().Add(time.Minute))
		w.says(her, "YES")
		if state := w.record(her).Topics["alerts"].State; state != "subscribed" {
			t.Errorf("after START and YES the topic is %s", state)
		}
		if w.optedOut(her) {
			t.Error("the number is still on the AWS opt-out list")
		}
	})
}

// started is the DynamoDB Local of this test binary; nil until a test asks for it.
var started *local.DynamoDB

func TestMain(m *testing.M) {
	code := m.Run()
	if err := called.differ(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if started != nil {
		if err := started.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = max(code, 1)
		}
	}
	os.Exit(code)
}

// dynamoDBLocal is a DynamoDB Local without tables, for tests that run one after another.
func dynamoDBLocal(t *testing.T) http.Handler {
	t.Helper()
	if why := dynamotest.Missing(); why != "" {
		if dynamotest.Required() {
			t.Fatal(why)
		}
		t.Skip("NOT TESTED ON DYNAMODB: " + why)
	}
	if started == nil {
		folder, err := dynamotest.Folder()
		if err != nil {
			t.Fatal(err)
		}
		if started, err = local.StartDynamoDB(t.Context(), folder, ""); err != nil {
			t.Fatal(err)
		}
	}
	return started
}
