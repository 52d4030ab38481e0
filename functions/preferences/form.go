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

// The actions of a form.
const (
	save     = "save"
	pauseNow = "pause"
	resume   = "resume"
	stop     = "stop"
)

// refuse returns the error for a form that is refused. Apart from too many changes the page says the same of all:
// only forms that are not ours, or incomplete, get there.
func refuse(status int, reason string) error {
	return &gateway.Refusal{Status: status, Message: reason}
}

// posted is a form as it was sent. Had are the topics that were on when the page was shown, On those that are on now.
// Only a switch that was moved changes anything, so a page that was open for an hour undoes nothing that happened
// since.
type posted struct {
	Token  string
	Action string
	On     []string
	Had    []string
}

// decode reads a form's body according to its content type.
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

// valid checks that the action exists and that all topics belong to the brand.
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

// switchedOn returns the topics that were switched on.
func (in *posted) switchedOn(b *program.Brand) []program.Topic {
	return topics(b, func(id string) bool { return slices.Contains(in.On, id) && !slices.Contains(in.Had, id) })
}

// switchedOff returns the topics that were switched off.
func (in *posted) switchedOff(b *program.Brand) []program.Topic {
	return topics(b, func(id string) bool { return slices.Contains(in.Had, id) && !slices.Contains(in.On, id) })
}

// topics returns the brand's topics that wanted selects, each once.
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
