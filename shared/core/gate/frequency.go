package gate

import (
	"fmt"
	"slices"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
)

func campaignWindow(q inquiry) Answer {
	opens, _ := q.text.Window(q.person.Hours)
	switch {
	case q.over && q.text.Ref != "":
		return Answer{Verdict: Refuse, Because: "the time for this text is over"}
	case q.never && q.isOnNoClock():
		return Answer{Verdict: Refuse, Because: "it is never this campaign's time on all clocks this phone may keep, " +
			"for they are too far apart"}
	case q.never && !q.text.Local.IsZero():
		return Answer{Verdict: Refuse, Because: "on a clock this phone may keep, the campaign's time was over before it began"}
	case q.never || q.over:
		return Answer{Verdict: Refuse, Because: "the campaign has ended"}
	case q.now.Before(opens):
		because := "the campaign has not begun"
		if !q.text.Local.IsZero() {
			because = "its time has not come on each clock this phone may keep"
		}
		return Answer{Verdict: Defer, Until: opens, Because: because}
	}
	return Answer{}
}

// isOnNoClock reports whether the clocks of the places the phone may be in are so far apart that they never show the
// campaign's local time together.
func (q *inquiry) isOnNoClock() bool {
	if q.text.Local.IsZero() || q.person.Hours == nil {
		return false
	}
	from, until := q.person.Hours.Span(q.text.Local)
	return from.After(LastTime(until))
}

// campaignOnce is I2: a claim is stored before its text is sent, so a campaign that is walked twice finds it.
func campaignOnce(q inquiry) Answer {
	if _, sent := q.person.Contact.SingleClaim(q.text.Ref); sent {
		return Answer{Verdict: Refuse, Because: "this text has been sent already"}
	}
	if q.text.Campaign == "" {
		return Answer{}
	}
	for i := range q.person.Contact.Claims {
		if cl := &q.person.Contact.Claims[i]; cl.Campaign == q.text.Campaign {
			return Answer{Verdict: Refuse, Because: "this campaign has texted the person already"}
		}
	}
	return Answer{}
}

// singleLimit counts the single texts of all systems together.
func singleLimit(q inquiry) Answer {
	if q.text.Ref == "" {
		return Answer{}
	}
	left := singlesADay
	for i := len(q.person.Contact.Claims) - 1; i >= 0; i-- {
		cl := &q.person.Contact.Claims[i]
		if cl.Ref == "" || q.now.Sub(cl.At) >= day {
			continue
		}
		if left--; left == 0 {
			because := fmt.Sprintf("the person got %d single texts within a day", singlesADay)
			return Answer{Verdict: Refuse, Until: cl.At.Add(day), Because: because}
		}
	}
	return Answer{}
}

// promisedFrequency counts reminders too, because a person who was promised two messages a month counts every
// message.
func promisedFrequency(q inquiry) Answer {
	for _, id := range q.text.Topics {
		topic, ok := q.text.Program.Topic(id)
		if !ok || topic.Frequency.IsZero() {
			continue
		}
		if full, until := q.limitReached(topic.Frequency.Count, topic.Frequency.Window(), id); full {
			return Answer{Verdict: Defer, Until: until, Because: "the person was promised " + topic.Frequency.String()}
		}
	}
	return Answer{}
}

// handover is added to the window of a legal cap. A text counts from its claim, and reaches the carrier some seconds
// later, one text sooner than another: without it, four could go out a moment within the window of three.
const handover = time.Minute

// legalCap counts the texts of all topics together, as the laws do. Of several caps the one that holds back longest
// decides.
func legalCap(q inquiry) Answer {
	var worst Answer
	if q.person.Hours == nil {
		return worst
	}
	for _, c := range q.person.Hours.Caps(q.now) {
		if _, until := q.limitReached(c.Limit, c.Window+handover, ""); until.After(worst.Until) {
			worst = Answer{
				Verdict: Defer,
				Until:   until,
				Because: fmt.Sprintf("%d texts in %g hours are the most allowed", c.Limit, c.Window.Hours()),
			}
		}
	}
	return worst
}

// leastGap keeps two promotional texts to a person apart: the later one waits.
func leastGap(q inquiry) Answer {
	var last time.Time
	for i := range q.person.Contact.Claims {
		if cl := &q.person.Contact.Claims[i]; cl.Kind == message.Promotional && cl.At.After(last) {
			last = cl.At
		}
	}
	until := last.Add(q.catalog.LeastGap)
	if !q.now.Before(until) {
		return Answer{}
	}
	return Answer{Verdict: Defer, Until: until, Because: "the person got another promotional text lately"}
}

// limitReached reports whether as many bulk texts as limit were sent within the window before now, and when the next
// may be. With a topic it counts only that topic's.
func (q *inquiry) limitReached(limit int, window time.Duration, topic string) (bool, time.Time) {
	claims := q.person.Contact.Claims
	left := limit
	for i := len(claims) - 1; i >= 0; i-- {
		cl := &claims[i]
		if !q.counts(cl, window, topic) {
			continue
		}
		if left--; left == 0 {
			return true, cl.At.Add(window)
		}
	}
	return false, time.Time{}
}

// counts reports whether a limit for a window before now counts the text.
func (q *inquiry) counts(cl *consent.Claim, window time.Duration, topic string) bool {
	return bitOf(cl.Kind)&bulk != 0 && (topic == "" || slices.Contains(cl.Topics, topic)) && q.now.Sub(cl.At) < window
}

// engagementTier allows only digests, one a month, to people who show no sign of reading, and nothing to those who
// were asked whether they still want the texts and have not answered.
func engagementTier(q inquiry) Answer {
	for _, id := range q.text.Topics {
		topic, ok := q.text.Program.Topic(id)
		if !ok || topic.Engagement.IsOff() {
			continue
		}
		switch q.person.Contact.Subs[id].TierNow() {
		case consent.Asked:
			return Answer{Verdict: Refuse, Because: "the person was asked whether they still want the texts, and has not answered"}
		case consent.Digest:
			if !q.text.Digest {
				return Answer{Verdict: Refuse, Because: "the person shows no sign of reading, and gets digests only"}
			}
			if until := q.nextDigest(id); until.After(q.now) {
				return Answer{Verdict: Defer, Until: until, Because: "the person shows no sign of reading, and gets one digest a month"}
			}
		default:
		}
	}
	return Answer{}
}

// nextDigest returns when the topic may send the next digest: in the calendar month (UTC) after the last one, so that
// a digest on the first of each month is always sent. Texts from before the person got digests only do not count, nor
// does the monthly reminder, which would hold digests back.
func (q *inquiry) nextDigest(topic string) (next time.Time) {
	for i := range q.person.Contact.Claims {
		cl := &q.person.Contact.Claims[i]
		if !cl.Digest || !slices.Contains(cl.Topics, topic) {
			continue
		}
		at := cl.At.UTC()
		until := time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, time.UTC)
		if apart := at.Add(leastDigest); apart.After(until) {
			until = apart
		}
		if until.After(next) {
			next = until
		}
	}
	return next
}

// crossChannel looks at what other channels sent recently: the same words, or the same content by a shared ID.
func crossChannel(q inquiry) Answer {
	other := q.catalog.OtherChannels
	for i := range q.person.Contact.Touches {
		t := &q.person.Contact.Touches[i]
		until := t.At.Add(other.Within)
		if t.Content == "" || t.Content != q.text.Content && t.Content != q.text.Shared || !q.now.Before(until) {
			continue
		}
		if other.Skip {
			return Answer{Verdict: Refuse, Because: "the same was sent by " + t.Channel + " lately"}
		}
		return Answer{Verdict: Defer, Until: until, Because: "the same was sent by " + t.Channel + " lately"}
	}
	return Answer{}
}
