package consent_test

import (
	"slices"
	"testing"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
)

// A NO to the question whether somebody still wants the texts ends them, and needs no answer.
func TestNotWantedAnyMore(t *testing.T) {
	s := digestReader(t)
	s.chance("c", noon.Add(12*aDay))
	s.reviewed(41, consent.Asked)
	s.answers(s.hear("no", saidNo, noon.Add(41*aDay+time.Hour)))
	s.want("alerts", consent.Unsubscribed)
	s.want("news", consent.Subscribed)
	if err := s.ledger.Verify(s.record(), noon.Add(42*aDay)); err != nil {
		t.Errorf("I4: %v", err)
	}
}

// asked is a reader who was asked on day 41 whether they still want alerts.
func asked(t *testing.T) *story {
	s := digestReader(t)
	s.chance("c", noon.Add(12*aDay))
	s.reviewed(41, consent.Asked)
	return s
}

// A YES behind a STOP answers no question of before it: it asks to come back.
func TestAYESThatIsNoAnswerToTheQuestion(t *testing.T) {
	s := asked(t)
	s.hear("stop", saidStop, noon.Add(42*aDay))
	s.answers(s.hear("back", saidYes, noon.Add(43*aDay)), message.AskConfirmation)
	s.want("alerts", consent.Pending)
}

// The question whether they still want the texts is kept as long as a YES brings anything back, and no other claim of
// its age is.
func TestHowLongTheQuestionIsKept(t *testing.T) {
	s := asked(t)
	kept := func() (n int) {
		c := s.contact.WithClaim(consent.Claim{ID: "late", At: noon.Add(400 * aDay), Kind: message.Reply}, 0)
		for _, cl := range c.Claims {
			if cl.Kind == message.Renewal {
				n++
			}
		}
		return n + 10*len(c.Claims)
	}
	if n := kept(); n != 21 {
		t.Errorf("asked: %d", n)
	}
	s.hear("still", saidYes, noon.Add(42*aDay))
	if n := kept(); n != 10 {
		t.Errorf("answered: %d, %+v", n, s.contact.Subs)
	}
}

// The question whether they still want the texts is needed for the move that asks it, and one about another topic is
// none about this.
func TestTheQuestionAndItsMove(t *testing.T) {
	s := digestReader(t)
	s.chance("c", noon.Add(12*aDay))
	ch := s.reviewed(41, consent.Asked)
	s.answers(ch, message.AskStillWanted)
	if ask := ch.Ask[0]; !ask.Needed || ask.Kind != message.Renewal || !slices.Equal(ask.Topics, []string{"alerts"}) {
		t.Errorf("%+v", ask)
	}
	c := s.contact
	c.Claims = slices.Clone(c.Claims)
	for i := range c.Claims {
		if c.Claims[i].Kind == message.Renewal {
			c.Claims[i].Topics = []string{"news"}
		}
	}
	if m, due := c.NextMove(patient(), noon.Add(60*aDay)); !due || m.To != consent.Digest || !m.Unasked {
		t.Errorf("%+v, due %t", m, due)
	}
}
