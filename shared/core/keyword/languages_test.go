package keyword

import (
	"testing"
)

func TestOnlyTheLanguagesAskedForAreUnderstood(t *testing.T) {
	for _, c := range []struct {
		message   string
		languages []string
		want      Kind
	}{
		{"ALTO", nil, OptOut},
		{"ALTO", []string{"es"}, OptOut},
		{"ALTO", []string{"en", "es"}, OptOut},
		{"ALTO", []string{"en"}, Other},
		{"STOP", []string{"de"}, OptOut},
		{"stop texting me", []string{"es"}, Other},
		{"ja", []string{"en"}, Other},
		{"ja", []string{"en", "de"}, Confirm},
		{"STOP", []string{}, OptOut}, // the international words are always there
		{"STOP", []string{"xx"}, OptOut},
	} {
		if in := classifyIn(c.message, c.languages); in.Kind != c.want {
			t.Errorf("%q in %v is %s (%s), want %s", c.message, c.languages, in.Kind, in.Why, c.want)
		}
	}
}

// A word that is everyday talk where the person lives is not the keyword of a language spoken elsewhere, nor a slip
// of one.
func TestAnEverydayWordIsNoKeywordOfAnotherLanguage(t *testing.T) {
	for _, c := range []struct {
		message string
		place   []string
		want    Kind
	}{
		{"Fine", nil, Other},
		{"Ok fine", nil, Other},
		{"Fine. Do you remember me", nil, Other},
		{"Finish", nil, Other},
		{"Tire", nil, Other},
		{"Retire", nil, Other},
		{"Framed", nil, Other},
		{"Fine", []string{"it"}, OptOut},
		{"Fine", []string{"en", "it"}, Other}, // nobody can tell
		{"Termine", []string{"de"}, Other},
		{"Termine", []string{"es"}, OptOut},
		{"haut", []string{"de"}, Other},
		{"haut", []string{"fr"}, Other},
		{"seis", []string{"es"}, Other},
		{"año", nil, Other},
		{"año", []string{"es"}, Other},
		{"ano", []string{"cs"}, Confirm},
		{"ano", []string{"pt"}, Other},
		{"si", []string{"fr"}, Other},
		{"si", []string{"es"}, Confirm},
		{"fin", []string{"sv"}, Other},
		{"Fint", []string{"da"}, Other},
		{"fin", []string{"no"}, Other},
		{"fin", []string{"es"}, OptOut},
		{"ALTO", nil, OptOut}, // no everyday word of English
		{"ALTO", []string{"en", "es"}, OptOut},
		{"HUY", []string{"vi"}, OptOut},
		{"HUY", nil, Other}, // a name
		{"RET", []string{"tr"}, OptOut},
		{"có", nil, Confirm},
		{"co", []string{"vi"}, Other}, // no mark, no yes
		{"ya", nil, Other},
		{"ya", []string{"id"}, Confirm},
		{"STOP", []string{"th"}, OptOut},
		{"Stars", nil, Other},
		{"Tart", nil, Other},
		{"pasta", nil, Other},
		{"stip", []string{"nl"}, Other},
		{"stip", []string{"en"}, OptOut},
	} {
		if in := (Vocabulary{Place: c.place}).Classify(c.message); in.Kind != c.want {
			t.Errorf("%q in a place of %v is %s (%s), want %s", c.message, c.place, in.Kind, in.Why, c.want)
		}
	}
	if in := (Vocabulary{Place: []string{"en", "it"}}).Classify("Fine"); !in.Unclear {
		t.Errorf("Fine where both are spoken is %+v, want unclear", in)
	}
}

// I9: a robot that answers with our own words is not a person who asked for something.
func TestOurOwnTextsAreNoKeywords(t *testing.T) {
	for _, body := range []string{
		"Text YES to join Example Corp. alerts. 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		"You're subscribed to Example Corp. alerts. 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.",
		"HELP: Example Corp. alerts: email help@example.com or call XXX-555-0199. 2 msgs/month. Msg & data rates may apply. Reply STOP to cancel.",
		"20% off today! Stop by our shop. Reply STOP to cancel.", "20% off today! Stop2End",
		"20% off today! STOP to end",
		"Sorry, we did not understand. Reply STOP to unsubscribe, HELP for help.",
	} {
		for _, body := range []string{body, "Liked “" + body + "”", "Loved \"" + body + "\"", "👍 to “" + body + "”"} {
			if in := classify(body); in.Kind != Other {
				t.Errorf("%q is %s (%s), want other", body, in.Kind, in.Why)
			}
		}
	}
}
