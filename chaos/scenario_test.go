package chaos_test

import (
	"testing"
	"time"
)

// The numbers people text to.
const (
	alertsNumber = "+12065550100"
	ordersNumber = "+12065550101"
	cafeNumber   = "+12065550110"
)

// scenario is one way a promise was once broken, as a history that breaks it where the mend is taken back.
type scenario struct {
	name     string
	programs func(yaml string) string
	history  []step
	check    func(w *world) // what the model does not know to look for
}

// joined is a person who asked for news and said YES.
func joined(who int, topics ...string) []step {
	if len(topics) == 0 {
		topics = []string{"news"}
	}
	return []step{
		{Do: signsUp, Self: true, Who: who, Brand: "example", Topics: topics},
		{Do: texts, Who: who, To: alertsNumber, Say: "YES", After: time.Minute},
	}
}

func then(parts ...[]step) []step {
	var all []step
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func repeat(n int, s step) []step {
	var all []step
	for range n {
		all = append(all, s)
	}
	return all
}

func scenarios() []scenario {
	return []scenario{
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
		}},
		{name: "4 a question that meets the spending limit is asked later", history: []step{
			{Do: sees, Sky: spent, For: 2 * time.Hour},
			{Do: signsUp, Self: true, Brand: "example", Topics: []string{"news"}},
		}},
		{name: "7 HELP that comes again after eight others is answered once", history: then([]step{
			{Do: texts, To: alertsNumber, Say: "HELP", Again: []time.Duration{20 * time.Minute}},
		}, repeat(8, step{Do: texts, To: alertsNumber, Say: "ok", After: time.Minute}), []step{{Do: waits, For: 20 * time.Minute}})},
		{name: "7 an old STOP that comes again undoes nothing", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "STOP", Again: []time.Duration{30 * time.Minute}},
			{Do: texts, To: alertsNumber, Say: "START", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "YES", After: time.Minute},
		}, repeat(9, step{Do: texts, To: alertsNumber, Say: "ok", After: time.Minute}), []step{{Do: waits, For: time.Hour}})},
		{name: "11 START and STOP within a moment leave the list as the table has it", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "STOP", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "START", After: time.Minute, Along: true, Faults: []fault{{On: theLists, At: 1, Kind: held}}},
			{Do: texts, To: alertsNumber, Say: "STOP", After: second},
			{Do: waits, For: time.Minute},
		})},
		{name: "11 START whose commit fails leaves the list as the table has it", history: then(joined(0), []step{
			{Do: texts, To: alertsNumber, Say: "STOP", After: time.Minute},
			{Do: texts, To: alertsNumber, Say: "START", After: time.Minute, Faults: []fault{{On: theTable, Name: "TransactWriteItems", At: 1, Kind: endBefore}}},
			{Do: texts, To: alertsNumber, Say: "STOP", After: 10 * second},
		})},
		{name: "12 a contact that cannot be read stops nobody behind it", history: then(crowdJoins(3), []step{
			{Do: tampers, Edit: func(w *world) { w.spoil(phones()[crowd]) }},
			{Do: schedules, Brand: "example", Topics: []string{"news"}, For: 5 * time.Hour},
			{Do: waits, For: 6 * time.Hour},
		}), check: func(w *world) {
			w.expectCampaign(crowd+1, 1)
			w.expectCampaign(crowd+2, 1)
		}},
		{name: "13 failed claims are not kept", history: then(joined(0), []step{
			{Do: sees, Sky: unreachable, For: 5 * time.Hour},
			{Do: schedules, Brand: "example", Topics: []string{"news"}, For: 8 * time.Hour},
			{Do: waits, For: 4 * time.Hour},
			{Do: looks},
		})},
	}
}

// crowdJoins is so many of the crowd who ask for news and say YES.
func crowdJoins(n int) []step {
	var all []step
	for i := range n {
		all = append(all,
			step{Do: signsUp, Self: true, Who: crowd + i, Brand: "example", Topics: []string{"news"}, Along: true},
		)
	}
	all = append(all, step{Do: waits, For: time.Minute})
	for i := range n {
		all = append(all, step{Do: texts, Who: crowd + i, To: alertsNumber, Say: "YES", Along: true})
	}
	return append(all, step{Do: waits, For: time.Minute})
}

func TestScenarios(t *testing.T) {
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			r := runScenario(t, s)
			if *tellFlag {
				t.Log(r)
			}
			if !r.kept() {
				t.Errorf("%d promises were not kept\n%s", len(r.broken), r)
			}
		})
	}
}
