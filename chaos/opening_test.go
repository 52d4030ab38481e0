package chaos_test

import (
	"strings"
	"time"
)

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

// whileListed is a STOP whose number the follow-up is putting on AWS's list when something happens: for five seconds
// from 18:10 on. Histories begin at 17:00.
func whileListed(happens ...step) []step {
	return then(joined(0), []step{
		{Do: texts, To: alertsNumber, Say: "STOP", After: time.Minute},
		{Do: waits, For: 68*time.Minute + second, Along: true, Faults: []fault{{On: theLists, At: 1, Kind: held}}},
	}, happens)
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

// withoutDeals is the functions without a topic.
func withoutDeals(w *world) {
	w.redeploy(loadPrograms(w.t, func(yaml string) string {
		lines := strings.Split(yaml, "\n")
		for i, l := range lines {
			if strings.Contains(l, "id: deals") {
				lines[i] = ""
			}
		}
		return strings.Join(lines, "\n")
	}))
}
