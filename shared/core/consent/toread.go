package consent

import (
	"time"

	"smsconsent/shared/core/keyword"
)

// RepliesKept is how long a reply stays listed. Its words stay in the ledger.
const RepliesKept = 30 * 24 * time.Hour

// answersArrive is how long after a STOP AWS still delivers replies: its opt-out list follows an hour later.
const answersArrive = time.Hour

// Reply is a text that a person should read.
type Reply struct {
	Key
	ID      string // AWS's, of the message
	At      time.Time
	Program string
	Why     string // why a person should read it
	Seq     int64  // number of the event that has its words
	Words   string // empty where the event is gone

	Read   time.Time // when somebody read it; zero for never
	ReadBy string
}

// toRead returns why a person should read the text, empty for no reason. An opt-out never has one.
func (ch *Change) toRead(in Inbound) string {
	if in.Program == nil {
		return ""
	}
	stoppedAt, stopped := ch.Next.StoppedAt(in.Program.ID)
	switch intent := in.Intent; {
	case intent.Kind == keyword.OptIn && len(ch.Ask) == 0 && stopped:
		return "they said STOP before, and may want to come back; only START, UNSTOP or a topic's keyword does that"
	case intent.Kind == keyword.Help && stopped && !in.At.Before(stoppedAt.Add(answersArrive)):
		return "they said STOP before, so AWS lets no text reach them, and ask for help"
	case intent.Kind != keyword.Other || intent.Wordless || intent.Nearly && len(ch.Ask) > 0:
		return ""
	case intent.Unclear:
		return "it may be an opt-out"
	default:
		return "no rule understands it"
	}
}
