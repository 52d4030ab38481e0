package consent

import (
	"maps"
	"slices"
	"time"

	"smsconsent/shared/core/program"
)

// Choice is what a person chose on their preference page, which opens only by a link sent to their phone.
type Choice struct {
	At       time.Time
	On       []program.Topic // topics to turn on; subscribed ones stay as they are
	Off      []program.Topic // topics to turn off
	Terms    program.SignUp  // time to answer with YES, and how often the phone may be asked
	Language string          // language of the page, BCP 47: used for the request where the person told none
	Evidence map[string]string
}

// Choose turns topics off at once, and asks for a YES for those turned on. It does not undo a STOP to a program or to
// everything: a link can be passed on, so the person must come back from their own phone, by START.
func (c Contact) Choose(choice Choice) Change {
	ch := Change{Next: c.clone()}
	ch.expire(choice.At)
	ch.engage(Signal{At: choice.At, Kind: SignalClick, Source: SourcePage}, false)
	byProgram := map[string][]string{}
	for _, t := range choice.Off {
		if s := ch.Next.Subs[t.ID].State; s == Subscribed || s == Pending {
			byProgram[t.Program] = append(byProgram[t.Program], t.ID)
		}
	}
	for _, prog := range slices.Sorted(maps.Keys(byProgram)) {
		for _, id := range byProgram[prog] {
			ch.optOut(OneTopic(id), choice.At)
		}
		ch.addEvent(Event{
			Type:     OptedOut,
			At:       choice.At,
			Source:   SourcePage,
			Program:  prog,
			Topics:   byProgram[prog],
			Evidence: choice.Evidence,
		})
	}
	var wanted []program.Topic
	for _, t := range choice.On {
		if _, stopped := c.StoppedAt(t.Program); !stopped && ch.needsQuestion(t, choice.At) && !c.hasWaitingQuestion(t.ID) {
			wanted = append(wanted, t)
		}
	}
	wanted = affordable(wanted, c.asksToSpare(choice.At, choice.Terms.PerPhoneADay))
	if len(wanted) > 0 {
		for _, no := range ch.Next.declined() {
			ch.liftScope(no)
		}
		for _, t := range wanted {
			ch.liftScope(OneTopic(t.ID))
		}
		ch.request(requestTerms{
			at:       choice.At,
			source:   SourcePage,
			terms:    choice.Terms,
			language: choice.Language,
			evidence: choice.Evidence,
		}, wanted)
	}
	if len(ch.Events) == 0 && !ch.Bookkeeping {
		return Change{Next: c}
	}
	return ch
}

// Pause holds back everything but replies until that time.
func (c Contact) Pause(at, until time.Time, evidence map[string]string) Change {
	ch := Change{Next: c.clone()}
	ch.Next.Paused = until
	ch.addEvent(Event{Type: Paused, At: at, Source: SourcePage, Evidence: evidence, Effect: Effect{Until: until}})
	return ch
}

// Resume ends a pause early. Without a pause it changes nothing.
func (c Contact) Resume(at time.Time, evidence map[string]string) Change {
	if !c.Paused.After(at) {
		return Change{Next: c}
	}
	ch := Change{Next: c.clone()}
	ch.Next.Paused = time.Time{}
	ch.addEvent(Event{Type: Resumed, At: at, Source: SourcePage, Evidence: evidence})
	return ch
}

// StopEverything decides what changes when the person opts out of everything on their preference page. The page is
// the answer, so no text follows. Where it was done before, only AWS's opt-out lists may be left to update.
func (c Contact) StopEverything(b *program.Brand, at time.Time, evidence map[string]string) Change {
	_, already := c.Stopped[Everything]
	ch := Change{Next: c.clone(), Block: programIDs(b)}
	left := ch.optOut(Everything, at)
	if already && len(left) == 0 {
		return Change{Next: c, Repeated: true, Block: ch.Block}
	}
	ch.addEvent(Event{Type: OptedOut, At: at, Source: SourcePage, Topics: left, Evidence: evidence})
	return ch
}
