package preferences

import (
	"net/http"
	"net/url"
	"slices"

	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/gateway"
)

const (
	maxBody   = 8 << 10
	maxHeader = 256 // bytes kept of a header: evidence has to fit into an item for years
)

// What a form can ask for.
const (
	save     = "save"
	pauseNow = "pause"
	resume   = "resume"
	stop     = "stop"
)

// refuse makes the error of a form that is not taken. But for too many changes the page says the same of all: nobody
// gets there but by a form that is not ours or not whole.
func refuse(status int, reason string) error {
	return &gateway.Refusal{Status: status, Message: reason}
}

// posted is a form as it was sent. Had are the topics that were switched on when the page was shown, On those that are
// now: only a switch that was moved changes anything. So a page that has lain open for an hour undoes nothing that
// happened since.
type posted struct {
	Token  string
	Action string
	On     []string
	Had    []string
}

// decode reads a form's body by its content type and no other way.
func decode(w http.ResponseWriter, r *http.Request) (posted, error) {
	body, _, err := gateway.ReadBody(w, r, maxBody, gateway.FormType)
	if err != nil {
		return posted{}, err
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return posted{}, refuse(http.StatusBadRequest, "encoding")
	}
	return posted{Token: values.Get("t"), Action: values.Get("action"), On: values["on"], Had: values["had"]}, nil
}

// valid checks that the action is one and that every topic is the brand's.
func (in *posted) valid(b *program.Brand) error {
	if !slices.Contains([]string{save, pauseNow, resume, stop}, in.Action) {
		return refuse(http.StatusUnprocessableEntity, "action")
	}
	for _, id := range slices.Concat(in.On, in.Had) {
		if _, _, ok := b.Topic(id); !ok {
			return refuse(http.StatusUnprocessableEntity, "topic")
		}
	}
	return nil
}

// switchedOn returns the topics whose switch was moved to on.
func (in *posted) switchedOn(b *program.Brand) []program.Topic {
	return topics(b, func(id string) bool { return slices.Contains(in.On, id) && !slices.Contains(in.Had, id) })
}

// switchedOff returns the topics whose switch was moved to off.
func (in *posted) switchedOff(b *program.Brand) []program.Topic {
	return topics(b, func(id string) bool { return slices.Contains(in.Had, id) && !slices.Contains(in.On, id) })
}

// topics returns those of the brand that are wanted, each once.
func topics(b *program.Brand, wanted func(id string) bool) []program.Topic {
	var found []program.Topic
	for i := range b.Programs {
		for _, t := range b.Programs[i].Topics {
			if wanted(t.ID) {
				found = append(found, t)
			}
		}
	}
	return found
}
