package outbox_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/edge/outbox"
)

// handed is a text that the carrier took, or may have taken.
type handed struct {
	id, campaign string
	inbound      string // the message it answers
}

// Whatever is sent, said, delivered again, refused, left open or killed, in whatever order:
//
//	I1  no campaign's text is handed over to somebody who has opted out,
//	I2  at most one text for a person and a campaign is taken or may have been,
//	I3  every text that was taken or may have been is on record in the end, and as no refusal,
//	I4  the ledger verifies, with one event for each message that was heard,
//	I9  at most one answer to a message is taken or may have been.
func TestWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		w.subscribe(rt)
		r := &run{world: w, rt: rt, answers: map[answer]string{}}
		w.carrier.onSend = r.onSend
		events := len(w.record(rt).Events)

		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			w.pass(time.Duration(rapid.IntRange(1, 20).Draw(rt, "minutes")) * time.Minute)
			r.step()
		}

		// Everything comes again, as queues deliver it, the follow-up run passes until it is done with, and the daily audit.
		r.calm()
		for _, in := range r.said {
			w.pass(time.Second)
			r.hear(in)
		}
		for runs := 0; ; runs++ {
			c := w.contact(rt)
			if c.FollowUp.IsZero() {
				break
			}
			if runs > 5 {
				rt.Fatalf("the follow-up does not come to an end: %+v", c)
			}
			w.pass(10 * time.Minute)
			if err := w.FollowUp(t.Context(), w.contact(rt)); err != nil {
				rt.Fatal(err)
			}
		}
		w.pass(20 * time.Minute)
		if err := w.Reconcile(t.Context(), w.contact(rt)); err != nil {
			rt.Fatal(err)
		}
		r.check(events)
	})
}

// answer tells answers apart: by their first word, and by when they must have come. HELP has longer than STOP.
type answer struct {
	word   string
	closes time.Time
}

type run struct {
	*world
	rt      *rapid.T
	said    []consent.Inbound
	answers map[answer]string // which message each answers: one that waited goes while another is heard
	taken   []handed
	hearing string // the message being heard
	sending string // the campaign being sent
	outcome string // what the carrier will do
}

func (r *run) onSend(text outbox.SMS) error {
	if r.sending != "" && text.Body != offer {
		r.rt.Fatalf("campaign %s sent %q", r.sending, text.Body)
	}
	if r.sending != "" {
		c := r.contact(r.rt)
		if _, stopped := c.StoppedAt("alerts"); stopped {
			r.rt.Errorf("I1: campaign %s was sent to somebody who opted out", r.sending)
		}
	}
	listed := len(r.carrier.lists()) > 0
	h := handed{text.Context[outbox.ContextMessage], r.sending, r.hearing}
	switch question := strings.HasPrefix(text.Body, "Text YES"); {
	case r.sending != "":
	case question:
		h.inbound = "" // which START it belongs to cannot be told when it waited
	default:
		word, _, _ := strings.Cut(text.Body, ":")
		a := answer{word, r.now().Add(text.TimeToLive)}
		if _, known := r.answers[a]; !known {
			r.answers[a] = r.hearing
		}
		h.inbound = r.answers[a]
	}
	switch {
	case r.outcome == "throttled":
		return &outbox.Rejection{Reason: "THROTTLED", Throttled: true}
	case r.outcome == "opted out":
		return &outbox.Rejection{Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT", OptedOut: true}
	case r.outcome == "unknown":
		r.taken = append(r.taken, h)
		return errors.New("outcome of sending unknown: InternalServerException")
	case listed:
		return nil // the carrier refuses it by itself
	case r.outcome == "killed":
		r.taken = append(r.taken, h)
		return kill()
	}
	r.taken = append(r.taken, h)
	return nil
}

func (r *run) calm() {
	r.faults.before, r.faults.after, r.outcome = nil, nil, "taken"
}

// step does one thing, with something that may go wrong in it.
func (r *run) step() {
	defer r.calm()
	r.outcome = rapid.SampledFrom([]string{"taken", "taken", "taken", "unknown", "throttled", "opted out", "killed"}).Draw(r.rt, "carrier")
	if rapid.IntRange(0, 2).Draw(r.rt, "fault") == 0 {
		op := rapid.SampledFrom([]string{"commit", "claim", "bookkeeping", "record", "record unconfirmed"}).Draw(r.rt, "op")
		how := at(op, rapid.SampledFrom([]func() error{kill, fail}).Draw(r.rt, "how"))
		if rapid.Bool().Draw(r.rt, "after") {
			r.faults.after = how
		} else {
			r.faults.before = how
		}
	}
	say := func(intent keyword.Intent) {
		in := r.inbound(intent)
		r.said = append(r.said, in)
		r.hear(in)
	}
	do := rapid.SampledFrom([]string{"send", "send", "send", "stop", "start", "help", "again"}).Draw(r.rt, "do")
	switch do {
	case "send":
		r.sendCampaign(rapid.SampledFrom([]string{autumn, winter}).Draw(r.rt, "campaign"))
	case "stop":
		say(saidStop)
	case "start":
		say(saidStart)
	case "help":
		say(saidHelp)
	case "again":
		if len(r.said) > 0 {
			r.hear(rapid.SampledFrom(r.said).Draw(r.rt, "message"))
		}
	}
}

func (r *run) hear(in consent.Inbound) {
	r.hearing = in.ID
	defer func() { r.hearing = "" }()
	_, err := survive(func() error { return r.world.hear(in) })
	if err != nil && !errors.Is(err, errInjected) && len(r.contact(r.rt).Waiting) == 0 {
		r.rt.Fatal(err)
	}
}

func (r *run) sendCampaign(id string) {
	r.sending = id
	defer func() { r.sending = "" }()
	read := r.contact(r.rt)
	if _, err := survive(func() error { _, err := r.send(read, r.campaign(id)); return err }); err != nil && !errors.Is(err, errInjected) {
		r.rt.Fatal(err)
	}
}

func (r *run) check(before int) {
	record := r.record(r.rt)
	campaigns, answers := map[string]int{}, map[string]int{}
	for _, h := range r.taken {
		if h.campaign != "" {
			campaigns[h.campaign]++
		} else {
			answers[h.inbound]++
		}
		i := slices.IndexFunc(record.Messages, func(m consent.Message) bool { return m.ID == h.id })
		if i < 0 {
			r.rt.Errorf("I3: text %s is not on record", h.id)
			continue
		}
		if s := record.Messages[i].Status; s != consent.Sent && s != consent.Unconfirmed {
			r.rt.Errorf("I3: text %s was taken, or may have been, and is on record as %s", h.id, s)
		}
	}
	for id, n := range campaigns {
		if n > 1 {
			r.rt.Errorf("I2: campaign %s was taken %d times", id, n)
		}
	}
	starts := 0
	for _, in := range r.said {
		if in.Intent.Kind == keyword.OptIn {
			starts++
		}
	}
	if n := answers[""]; n > starts {
		r.rt.Errorf("I9: %d questions for %d times START", n, starts)
	}
	delete(answers, "")
	for id, n := range answers {
		if n > 1 {
			r.rt.Errorf("I9: message %s was answered %d times", id, n)
		}
	}
	if _, stopped := record.Contact.StoppedAt("alerts"); stopped != (len(r.carrier.lists()) > 0) {
		r.rt.Errorf("the person opted out %t, AWS's list says %q", stopped, r.carrier.lists())
	}
	if len(record.Contact.Waiting) > 0 {
		r.rt.Errorf("still waiting: %+v", record.Contact.Waiting)
	}
	events := 0
	for _, e := range record.Events[before:] {
		if e.Source == "sms" {
			events++
		}
	}
	if events != len(r.said) {
		r.rt.Errorf("I4: %d events of %d messages", events, len(r.said))
	}
}
