package inspect

import (
	"slices"

	"smsconsent/shared/core/consent"
)

// examples is how many people a run keeps by name for each kind of finding, for whoever wants to look.
const examples = 20

// Figures is what an audit counted: of one of its parts, or of several. It is written as JSON.
type Figures struct {
	People int                              `json:"people"`           // people with a contact
	States map[string]map[consent.State]int `json:"states,omitempty"` // "<brand>/<topic>" → state → people
	Found  map[Kind]int                     `json:"found,omitempty"`
	Shown  map[Kind][]Example               `json:"shown,omitempty"` // the first of each kind; holds phone numbers
}

// Example is somebody about whom something was found.
type Example struct {
	consent.Key
	Topic string `json:"topic,omitempty"`
	Why   string `json:"why,omitempty"`
}

// Count adds a person's contact, which is stored, and where they stand.
func (f *Figures) Count(c *consent.Contact) {
	f.People++
	for topic := range c.Subs {
		f.state(c.Brand+"/"+topic, c.Subs[topic].State, 1)
	}
}

func (f *Figures) state(topic string, s consent.State, n int) {
	if f.States == nil {
		f.States = map[string]map[consent.State]int{}
	}
	if f.States[topic] == nil {
		f.States[topic] = map[consent.State]int{}
	}
	f.States[topic][s] += n
}

// Find adds what was found about a person.
func (f *Figures) Find(key consent.Key, found ...Finding) {
	for _, x := range found {
		f.find(x.Kind, 1, Example{key, x.Topic, x.Why})
	}
}

func (f *Figures) find(k Kind, n int, shown ...Example) {
	if f.Found == nil {
		f.Found, f.Shown = map[Kind]int{}, map[Kind][]Example{}
	}
	f.Found[k] += n
	if room := examples - len(f.Shown[k]); room > 0 {
		f.Shown[k] = append(slices.Clone(f.Shown[k]), shown[:min(room, len(shown))]...)
	}
}

// Merge adds what another part counted.
func (f *Figures) Merge(other Figures) {
	f.People += other.People
	for topic, states := range other.States {
		for s, n := range states {
			f.state(topic, s, n)
		}
	}
	for k, n := range other.Found {
		f.find(k, n, other.Shown[k]...)
	}
}
