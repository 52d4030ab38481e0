package chaos_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The numbers people text to.
const (
	alertsNumber = "+12065550100"
	ordersNumber = "+12065550101"
	cafeNumber   = "+12065550110"
)

// scenario is one way a promise was once broken, as a history that breaks it where the mend is taken back. Each of its
// faults has to happen.
type scenario struct {
	name     string
	programs func(yaml string) string
	history  []step
	check    func(w *world) // what the model does not know to look for
}

func scenarios() []scenario {
	return []scenario{
		{name: "11 a text refused because of STOP ALL puts no STOP on record that nobody said", history: []step{
			{Do: texts, To: ordersNumber, Say: "STOP ALL"},
			{Do: texts, To: alertsNumber, Say: "START", After: time.Minute, Late: 15 * time.Hour, Along: true},
			{Do: texts, To: alertsNumber, Say: "HELP", After: time.Minute},
		}},
		{name: "2 a stranger moves her language", history: []step{
			{Do: signsUp, Brand: "example", Topics: []string{"news"}, Told: told{Locale: "es"}},
			{Do: signsUp, Self: true, Brand: "example", Topics: []string{"deals"}, After: 30 * time.Hour},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "HELP", After: time.Minute},
		}},
		{name: "1 a stranger's request rides on the person's own YES", history: []step{
			{Do: signsUp, Brand: "example", Topics: []string{"news"}},
			{Do: signsUp, Self: true, Brand: "example", Topics: []string{"deals"}, After: time.Hour},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
		}},
		{name: "1 a stranger's request rides on a keyword's YES", history: []step{
			{Do: signsUp, Brand: "example", Topics: []string{"deals"}},
			{Do: texts, To: alertsNumber, Say: "JOIN", After: time.Hour},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
		}},
		{name: "1 a stranger's request rides on the YES to the preference page", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "STOP NEWS", After: 20 * time.Minute},
			{Do: vouches, Brand: "example", Topics: []string{"deals"}, After: 5 * time.Hour},
			{Do: texts, To: alertsNumber, Say: "PREFS", After: 20 * time.Hour},
			{Do: chooses, Brand: "example", Action: "save", On: []string{"news"}, After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
		})},
		{name: "2 a stranger moves her hours", history: []step{
			{Do: signsUp, Who: 1, Brand: "example", Topics: []string{"news"}, Told: told{State: "FL", Zone: "America/Chicago"}},
			{Do: signsUp, Self: true, Who: 1, Brand: "example", Topics: []string{"deals"}, After: time.Hour},
			{Do: texts, Who: 1, To: alertsNumber, Say: "YES", After: time.Minute},
			{Do: schedules, Brand: "example", Topics: []string{"deals"}, In: 7*time.Hour + 15*time.Minute, For: 20 * time.Hour}, // 20:16 in New York
		}},
		{name: "2 a stranger moves her hours, sixty days before she signs up", history: []step{
			{Do: signsUp, Who: 1, Brand: "example", Topics: []string{"news"}, Told: told{State: "FL", Zone: "America/Chicago"}},
			{Do: signsUp, Self: true, Who: 1, Brand: "example", Topics: []string{"deals"}, After: 60 * 24 * time.Hour},
			{Do: texts, Who: 1, To: alertsNumber, Say: "YES", After: time.Minute},
			{Do: schedules, Brand: "example", Topics: []string{"deals"}, In: 8*time.Hour + 15*time.Minute, For: 20 * time.Hour},
		}},
		{name: "3 YES to a question that was refused", history: []step{
			{Do: sees, Sky: spent, For: 5 * time.Minute},
			{Do: signsUp, Brand: "example", Topics: []string{"news"}},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
		}},
		{name: "3 YES to a question that was throttled", history: []step{
			{Do: sees, Sky: throttled, For: 5 * time.Minute},
			{Do: vouches, Brand: "example", Topics: []string{"news"}},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
		}},
		{name: "4 a throttled question is asked later", history: []step{
			{Do: sees, Sky: throttled, For: 20 * time.Minute},
			{Do: signsUp, Self: true, Brand: "example", Topics: []string{"news"}},
		}, check: func(w *world) { w.expectAlarm("text-throttled") }},
		{name: "4 a question that meets the spending limit is asked later", history: []step{
			{Do: sees, Sky: spent, For: 2 * time.Hour},
			{Do: signsUp, Self: true, Brand: "example", Topics: []string{"news"}},
		}, check: func(w *world) { w.expectAlarm("account-refused") }},
		{name: "4 the throttled answer to STOP comes", history: then(joined(0), []step{
			{Do: sees, Sky: throttled, For: 70 * second, After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "STOP"},
		})},
		{name: "4 the throttled welcome comes", history: []step{
			{Do: signsUp, Self: true, Brand: "example", Topics: []string{"news"}},
			{Do: sees, Sky: throttled, For: 70 * second, After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "YES"},
		}},
		{name: "5 STOP is answered outside the limit", history: then([]step{
			{Do: texts, To: alertsNumber, Say: "JOIN"},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
		}, repeat(4, step{Do: texts, To: alertsNumber, Say: "HELP", After: time.Minute}), []step{
			{Do: texts, To: alertsNumber, Say: "STOP", After: time.Minute},
		})},
		{name: "5 YES is answered outside the limit", history: then([]step{
			{Do: texts, To: alertsNumber, Say: "JOIN"},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
		}, repeat(3, step{Do: texts, To: alertsNumber, Say: "HELP", After: time.Minute}), []step{
			{Do: texts, To: alertsNumber, Say: "DEALS", After: 11 * time.Minute},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
		})},
		{name: "5 an answer beyond the limit is on record with the reason why it did not go", history: repeat(8, step{Do: texts, To: alertsNumber, Say: "HELP", After: time.Minute})},
		{name: "6 the answer to an old STOP does not come at night", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "STOP", Late: 11 * time.Hour},
		})},
		{name: "6 the answer to an old HELP does not come at night", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "HELP", Late: 11 * time.Hour},
		})},
		{name: "7 HELP that comes again after eight others is answered once", history: then([]step{
			{Do: texts, To: alertsNumber, Say: "HELP", Again: []time.Duration{20 * time.Minute}},
		}, repeat(8, step{Do: texts, To: alertsNumber, Say: "ok", After: time.Minute}), []step{{Do: waits, For: 20 * time.Minute}})},
		{name: "7 an old STOP that comes again undoes nothing", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "STOP", Again: []time.Duration{30 * time.Minute}},
			{Do: texts, To: alertsNumber, Say: "START", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
		}, repeat(9, step{Do: texts, To: alertsNumber, Say: "ok", After: time.Minute}), []step{{Do: waits, For: time.Hour}})},
		{name: "8 YES in time, heard late, subscribes", history: []step{
			{Do: signsUp, Self: true, Brand: "example", Topics: []string{"news"}},
			{Do: texts, To: alertsNumber, Say: "YES", After: 23*time.Hour + 50*time.Minute, Late: 25 * time.Minute},
		}},
		{name: "8 YES in time, heard after the hourly run, subscribes", history: []step{
			{Do: signsUp, Self: true, Brand: "example", Topics: []string{"news"}},
			{Do: texts, To: alertsNumber, Say: "YES", After: 23*time.Hour + 50*time.Minute, Late: 2 * time.Hour},
		}},
		{name: "8 a phone that texts us is reachable until three new failures", history: then(joined(0), []step{
			{Do: reports, Event: "TEXT_UNREACHABLE", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "HELP", After: time.Minute},
			{Do: reports, Event: "TEXT_UNREACHABLE", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "PREFS", After: time.Minute},
			{Do: reports, Event: "TEXT_UNREACHABLE", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "HELP", After: time.Minute},
			{Do: reports, Event: "TEXT_UNREACHABLE", After: time.Minute},
			{Do: schedules, Brand: "example", Topics: []string{"news"}, For: time.Hour, After: time.Minute},
		}), check: func(w *world) { w.expectCampaign(0, 1) }},
		{name: "8 a phone that texts us is reachable, whatever was said before", history: then(joined(0), []step{
			{Do: reports, Event: "TEXT_INVALID", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "HELP", After: time.Minute},
			{Do: schedules, Brand: "example", Topics: []string{"news"}, For: time.Hour, After: time.Minute},
		}), check: func(w *world) { w.expectCampaign(0, 1) }},
		{name: "8 STOP to a number that programs.yaml no longer has", history: then(joined(0), []step{
			{Do: redeploys, After: time.Hour, Edit: func(w *world) {
				w.redeploy(loadPrograms(w.t, func(yaml string) string { return strings.ReplaceAll(yaml, "+12065550100", "+12065550120") }))
			}},
			{Do: texts, To: alertsNumber, Say: "STOP"},
			{Do: schedules, Brand: "example", Topics: []string{"news"}, For: time.Hour, After: time.Minute},
		})},
		{name: "9 a campaign's text stays on record where STOP comes before the job returns", history: then(joined(0), []step{
			{Do: schedules, Brand: "example", Topics: []string{"news"}, For: 5 * time.Hour, After: time.Minute},
			{Do: waits, For: time.Minute, Faults: []fault{{On: theSMS, At: 1, Kind: endAfter}}},
			{Do: texts, To: alertsNumber, Say: "STOP"},
			{Do: waits, For: 3 * time.Hour},
			{Do: looks},
		})},
		{name: "9 a question stays on record where its sender is ended", programs: func(yaml string) string {
			return strings.ReplaceAll(yaml, "confirm_within: 24h", "confirm_within: 72h")
		}, history: []step{
			{Do: signsUp, Self: true, Brand: "example", Topics: []string{"news"}, Faults: []fault{{On: theSMS, At: 1, Kind: endAfter}}},
			{Do: waits, For: 3 * time.Hour},
			{Do: looks},
			{Do: waits, For: 27 * time.Hour},
		}},
		{name: "9 a question is on record however long the table could not be written", history: []step{
			{Do: signsUp, Self: true, Brand: "example", Topics: []string{"news"}, Faults: []fault{{On: theSMS, At: 1, Kind: endAfter}}},
			{Do: sees, Sky: unwritable, For: 50 * time.Hour},
			{Do: waits, For: 53 * time.Hour},
		}},
		{name: "9 what a receipt recovers has its words", history: then(joined(0), []step{
			{Do: schedules, Brand: "example", Topics: []string{"news"}, For: 5 * time.Hour, Plain: true, After: time.Minute},
			{Do: waits, For: 7 * time.Minute, Faults: []fault{{On: theSMS, At: 1, Kind: endAfter}}},
			{Do: reports, Event: "TEXT_DELIVERED"},
		})},
		{name: "9 an answer with a link is on record with its words", history: []step{
			{Do: texts, To: alertsNumber, Say: "PREFS", Faults: []fault{{On: theSMS, At: 1, Kind: endAfter}}},
		}},
		{name: "10 a topic's STOP stops a text whose claim's answer was lost", history: then(joined(crowd, "news", "deals"), []step{
			{Do: schedules, Brand: "example", Topics: []string{"news"}, In: time.Minute, For: 5 * time.Hour, After: time.Minute},
			{Do: texts, Who: crowd, To: alertsNumber, Say: "STOP NEWS", Late: 63 * second, Along: true},
			{Do: waits, For: 3 * time.Minute, Faults: []fault{{On: theTable, Name: "PutItem", About: "CONTACT#", At: 1, Kind: lostLate}}},
		})},
		{name: "10 a text whose claim took long is decided on anew", history: then(joined(crowd), []step{
			{Do: schedules, Brand: "example", Topics: []string{"news"}, In: time.Minute, For: 5 * time.Hour, After: time.Minute},
			{Do: waits, For: 3 * time.Minute, Faults: []fault{{On: theTable, Name: "PutItem", About: "CONTACT#", At: 1, Kind: slow}}},
		})},
		{name: "11 START and STOP within a moment leave the list as the table has it", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "STOP", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "START", After: 2 * time.Hour, Along: true, Faults: []fault{{On: theLists, At: 1, Kind: held}}},
			{Do: texts, To: alertsNumber, Say: "STOP", After: second},
			{Do: waits, For: 2 * time.Hour},
			{Do: looks},
		})},
		{name: "11 START whose commit fails leaves the list as the table has it", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "STOP", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "START", After: 2 * time.Hour, Faults: []fault{{On: theTable, Name: "TransactWriteItems", At: 1, Kind: endBefore}}},
			{Do: texts, To: alertsNumber, Say: "STOP", After: 10 * second},
			{Do: waits, For: 90*time.Minute + second},
			{Do: looks},
		})},
		{name: "11 START while its STOP goes on the list leaves it as the table has it", history: then(whileListed(
			step{Do: texts, To: alertsNumber, Say: "START", After: second},
		), []step{
			{Do: waits, For: 20 * time.Minute},
			{Do: looks},
		})},
		{name: "11 START while its STOP goes on the list puts no STOP on record that nobody said", history: then(whileListed(
			step{Do: texts, To: alertsNumber, Say: "START", After: second},
		), []step{
			{Do: waits, For: time.Minute},
			{Do: texts, To: alertsNumber, Say: "HELP"},
		})},
		{name: "11 STOP while an older one goes on the list is on it too", history: then(whileListed(
			step{Do: texts, To: alertsNumber, Say: "START", After: second, Along: true},
			step{Do: texts, To: alertsNumber, Say: "STOP", After: second},
		), []step{
			{Do: waits, For: 2 * time.Hour},
			{Do: looks},
		})},
		{name: "11 START that decides three times leaves the list as the table has it", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "STOP", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "START", After: 2 * time.Hour, Along: true, Faults: []fault{
				{On: theLists, At: 1, Kind: held}, {On: theTable, Name: "TransactWriteItems", At: 2, Kind: held},
			}},
			{Do: texts, To: alertsNumber, Say: "STOP", After: second, Along: true},
			{Do: texts, To: alertsNumber, Say: "HELP", After: 6 * second},
			{Do: waits, For: 2 * time.Hour},
			{Do: looks},
		})},
		{name: "11 HELP and STOP ALL within the hour of STOP are answered", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "STOP", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "HELP", After: 50 * time.Minute},
			{Do: texts, To: alertsNumber, Say: "STOP ALL", After: time.Minute},
			{Do: waits, For: 90 * time.Minute},
			{Do: looks},
		}), check: func(w *world) {
			for _, begins := range []string{"HELP: ", "STOP: You're unsubscribed from all "} {
				w.expectAnswer(phones()[0], begins)
			}
			w.expectListed("Default", phones()[0])
			w.expectListed("example-orders", phones()[0])
		}},
		{name: "11 START within the hour of STOP uses up no removal from the list", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "STOP", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "START", After: 50 * time.Minute},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "STOP", After: 24 * time.Hour},
			{Do: texts, To: alertsNumber, Say: "START", After: 2 * time.Hour},
		}), check: func(w *world) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.model.kept[phones()[0]] {
				w.model.fail("I1", "AWS keeps %s on its list, for it was taken off within 30 days", who(phones()[0]))
			}
		}},
		{name: "11 a stop on the page, ended after its commit, reaches the list later", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "PREFS", After: time.Minute},
			{Do: chooses, Brand: "example", Action: "stop", After: time.Minute, Faults: []fault{{On: theTable, Name: "TransactWriteItems", At: 1, Kind: endAfter}}},
			{Do: waits, For: 90 * time.Minute},
			{Do: looks},
		})},
		{name: "12 a contact that cannot be read stops nobody behind it", history: then(crowdJoins(3), []step{
			{Do: tampers, Edit: func(w *world) { w.spoil(phones()[crowd]) }},
			{Do: schedules, Brand: "example", Topics: []string{"news"}, For: 5 * time.Hour},
			{Do: waits, For: 10 * time.Minute},
			{Do: tampers, Edit: func(w *world) { w.expectAlarm("poisoned-contact") }},
			{Do: waits, For: 6 * time.Hour},
		}), check: func(w *world) {
			w.expectCampaign(crowd+1, 1)
			w.expectCampaign(crowd+2, 1)
		}},
		{name: "12 a campaign whose schedule is lost is set going again", history: then(joined(0), []step{
			{Do: schedules, Brand: "example", Topics: []string{"news"}, In: time.Minute, For: 5 * time.Hour},
			{Do: tampers, Edit: (*world).loseSchedules},
			{Do: waits, For: 5 * time.Hour},
		}), check: func(w *world) {
			w.expectCampaign(0, 1)
			w.expectAlarm("campaign-stuck")
		}},
		{name: "12 jobs that come twice at once leave nobody out", history: then(crowdJoins(30), []step{
			{Do: schedules, Brand: "example", Topics: []string{"news"}, In: time.Minute, For: 5 * time.Hour},
			{Do: sees, Sky: echoing, For: time.Hour}, // so that the schedule, which is there, comes once
			{Do: waits, For: 5 * time.Hour, Faults: []fault{{On: theSMS, At: 28, Kind: endBefore}}},
		}), check: func(w *world) {
			left := 0
			for n := range 30 {
				if !w.got(crowd+n, 1) {
					left++
				}
			}
			if left > 1 { // the one the function was ended about is lost
				w.model.fail("a campaign reaches its people", "%d of 30 never get it", left)
			}
			w.expectQuiet("campaign-stuck") // whoever was overtaken sees to it
		}},
		{name: "12 a campaign ends whose topic is gone", history: then(joined(0), []step{
			{Do: schedules, Brand: "example", Topics: []string{"deals"}, In: time.Hour, For: 2 * time.Hour},
			{Do: redeploys, Edit: withoutDeals},
		})},
		{name: "9 a campaign's text is on record where its topic is gone before the job returns", history: then(joined(crowd, "deals"), []step{
			{Do: schedules, Brand: "example", Topics: []string{"deals"}, In: time.Minute, For: 5 * time.Hour, After: 26 * time.Hour},
			{Do: waits, For: 2 * time.Minute, Faults: []fault{{On: theSMS, At: 1, Kind: endAfter}}},
			{Do: redeploys, Edit: withoutDeals},
			{Do: waits, For: 3 * time.Hour},
			{Do: looks},
		})},
		{name: "9 a campaign's text is on record where the campaign is paused before the job returns", history: then(joined(crowd), []step{
			{Do: schedules, Brand: "example", Topics: []string{"news"}, In: time.Minute, For: 5 * time.Hour, After: 26 * time.Hour},
			{Do: waits, For: 2 * time.Minute, Faults: []fault{{On: theSMS, At: 1, Kind: endAfter}}},
			{Do: holds},
			{Do: waits, For: 3 * time.Hour},
			{Do: looks},
		})},
		{name: "9 a campaign's text is on record where its topic is stopped before the job returns, and another is not", history: then(joined(crowd, "news", "deals"), []step{
			{Do: texts, Who: crowd, To: alertsNumber, Say: "PREFS", After: 20 * time.Hour},
			{Do: schedules, Brand: "example", Topics: []string{"news"}, In: time.Minute, For: 5 * time.Hour, After: 5 * time.Hour},
			{Do: waits, For: 9 * time.Minute, Faults: []fault{{On: theSMS, At: 1, Kind: endAfter}}},
			{Do: chooses, Who: crowd, Brand: "example", Action: "save", Off: []string{"news"}},
			{Do: waits, For: 3 * time.Hour},
			{Do: looks},
		})},
		{name: "13 failed claims are not kept", history: then(joined(0), []step{
			{Do: sees, Sky: unreachable, For: 3 * time.Hour},
			{Do: schedules, Brand: "example", Topics: []string{"news"}, For: 8 * time.Hour},
			{Do: waits, For: 2*time.Hour + 30*time.Minute},
			{Do: looks},
		}), check: func(w *world) { w.expectCampaign(0, 1) }},
		{name: "a NO keeps the phone from being asked again by a form", history: []step{
			{Do: signsUp, Brand: "example", Topics: []string{"news"}},
			{Do: texts, To: alertsNumber, Say: "NO", After: time.Minute},
			{Do: signsUp, Brand: "example", Topics: []string{"news"}, After: 13 * time.Hour},
			{Do: signsUp, Brand: "example", Topics: []string{"deals"}, After: 13 * time.Hour},
			{Do: waits, For: time.Hour},
		}},
		{name: "15 STOP reaches AWS's list where the table cannot be written", history: then(joined(0), []step{
			{Do: sees, Sky: unwritable, For: 3 * time.Hour},
			{Do: texts, To: alertsNumber, Say: "STOP"},
			{Do: waits, For: time.Hour},
			{Do: tampers, Edit: func(w *world) { w.expectListed("Default", phones()[0]) }},
		})},
		{name: "15 an undone STOP that comes again while the table takes no writes leaves the list as the table has it", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "STOP", Again: []time.Duration{20 * time.Minute}},
			{Do: texts, To: alertsNumber, Say: "START", After: 5 * time.Minute},
			{Do: sees, Sky: unwritable, For: 10 * time.Minute, After: 8 * time.Minute},
			{Do: waits, For: 90 * time.Minute},
		})},
		{name: "15 STOP ALL reaches AWS's lists where the table cannot be written", history: then(joined(0), []step{
			{Do: sees, Sky: unwritable, For: 3 * time.Hour},
			{Do: texts, To: alertsNumber, Say: "STOP ALL"},
			{Do: waits, For: time.Hour},
			{Do: tampers, Edit: func(w *world) {
				w.expectListed("Default", phones()[0])
				w.expectListed("example-orders", phones()[0])
			}},
		})},
	}
}

func TestScenarios(t *testing.T) {
	for _, s := range slices.Concat(scenarios(), singleScenarios()) {
		t.Run(s.name, func(t *testing.T) {
			r := runScenario(t, s)
			if *tellFlag {
				t.Log(r)
			}
			if !r.kept() {
				t.Errorf("%d promises were not kept\n%s", len(r.broken), r)
			}
			for _, f := range r.spared {
				t.Errorf("nothing was proved, for this never happened: %s\n%s", f, r)
			}
		})
	}
}
