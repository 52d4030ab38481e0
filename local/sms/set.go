package sms

import (
	"maps"
	"net/http"
	"path"
	"slices"
	"time"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
)

// configurationSet is a configuration set. Answers have the same fields.
type configurationSet struct {
	ConfigurationSetArn  string
	ConfigurationSetName string
	EventDestinations    []destination
	CreatedTimestamp     awsjson.Seconds
}

type destination struct {
	EventDestinationName string
	Enabled              bool
	MatchingEventTypes   []string
	SnsDestination       *snsDestination `json:",omitempty"`
}

type snsDestination struct{ TopicArn string }

// newSet returns a set without event destinations.
func newSet(name string, now time.Time) *configurationSet {
	return &configurationSet{
		ConfigurationSetArn: account.ARN("sms-voice", "configuration-set/"+name), ConfigurationSetName: name,
		EventDestinations: []destination{}, CreatedTimestamp: awsjson.Seconds(now),
	}
}

// stackSet returns the stack's set, whose events go to the queue of receipts.
func stackSet(now time.Time) *configurationSet {
	s := newSet(account.ConfigurationSet, now)
	to := &snsDestination{account.TopicARN("smsconsent-delivery")}
	s.EventDestinations = []destination{{"receipts", true, []string{"TEXT_ALL"}, to}}
	return s
}

type setInformation struct {
	ConfigurationSetArn  string
	ConfigurationSetName string
	CreatedTimestamp     awsjson.Seconds
}

func (m *SMS) createSet(_ *http.Request, in struct{ ConfigurationSetName string }) (setInformation, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, exists := m.sets[in.ConfigurationSetName]
	if err := checkFree("ConfigurationSetName", in.ConfigurationSetName, "configuration-set", exists); err != nil {
		return setInformation{}, err
	}
	s := newSet(in.ConfigurationSetName, m.Now())
	m.sets[in.ConfigurationSetName] = s
	m.Changed()
	return setInformation{s.ConfigurationSetArn, s.ConfigurationSetName, s.CreatedTimestamp}, nil
}

func (m *SMS) describeSets(_ *http.Request, in struct {
	ConfigurationSetNames []string
},
) (map[string][]configurationSet, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(in.ConfigurationSetNames) == 0 {
		in.ConfigurationSetNames = slices.Sorted(maps.Keys(m.sets))
	}
	all := []configurationSet{}
	for _, name := range in.ConfigurationSetNames {
		s, ok := m.sets[path.Base(name)]
		if !ok {
			return nil, notFound("configuration-set")
		}
		shown := *s
		shown.EventDestinations = slices.Clone(s.EventDestinations)
		all = append(all, shown)
	}
	return map[string][]configurationSet{"ConfigurationSets": all}, nil
}

// dropSet deletes a set and its destinations.
func (m *SMS) dropSet(_ *http.Request, in struct{ ConfigurationSetName string }) (configurationSet, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name := path.Base(in.ConfigurationSetName)
	s, ok := m.sets[name]
	if !ok {
		return configurationSet{}, notFound("configuration-set")
	}
	delete(m.sets, name)
	m.Changed()
	return *s, nil
}

type destinationCall struct {
	ConfigurationSetName string
	EventDestinationName string
	Enabled              *bool
	MatchingEventTypes   []string
	SnsDestination       *snsDestination
}

// dropDestination deletes an event destination of a set.
func (m *SMS) dropDestination(_ *http.Request, in destinationCall) (destinationAnswer, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, at, err := m.destination(in)
	if err != nil {
		return destinationAnswer{}, err
	}
	if at < 0 {
		return destinationAnswer{}, notFound("event-destination")
	}
	gone := s.EventDestinations[at]
	s.EventDestinations = slices.Delete(s.EventDestinations, at, at+1)
	m.Changed()
	return destinationAnswer{s.ConfigurationSetArn, s.ConfigurationSetName, gone}, nil
}

// destination returns the set that a call names, and the index of its destination; -1 where the set has none with
// that name. The caller holds mu.
func (m *SMS) destination(in destinationCall) (*configurationSet, int, *awsjson.Error) {
	s, ok := m.sets[path.Base(in.ConfigurationSetName)]
	if !ok {
		return nil, -1, notFound("configuration-set")
	}
	return s, slices.IndexFunc(s.EventDestinations, func(d destination) bool {
		return d.EventDestinationName == in.EventDestinationName
	}), nil
}

type destinationAnswer struct {
	ConfigurationSetArn  string
	ConfigurationSetName string
	EventDestination     destination
}

func (m *SMS) createDestination(_ *http.Request, in destinationCall) (destinationAnswer, *awsjson.Error) {
	return m.changeDestination(in, true)
}

func (m *SMS) updateDestination(_ *http.Request, in destinationCall) (destinationAnswer, *awsjson.Error) {
	return m.changeDestination(in, false)
}

func (m *SMS) changeDestination(in destinationCall, create bool) (destinationAnswer, *awsjson.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, at, missing := m.destination(in)
	if missing != nil {
		return destinationAnswer{}, missing
	}
	switch {
	case create:
		if err := checkFree("EventDestinationName", in.EventDestinationName, "event-destination", at >= 0); err != nil {
			return destinationAnswer{}, err
		}
		if len(in.MatchingEventTypes) == 0 {
			return destinationAnswer{}, awsjson.Invalid("MatchingEventTypes must have at least 1")
		}
		made := destination{EventDestinationName: in.EventDestinationName, Enabled: true}
		s.EventDestinations = append(s.EventDestinations, made)
		at = len(s.EventDestinations) - 1
	case at < 0:
		return destinationAnswer{}, notFound("event-destination")
	}
	d := &s.EventDestinations[at]
	set(&d.Enabled, in.Enabled)
	if len(in.MatchingEventTypes) > 0 {
		d.MatchingEventTypes = in.MatchingEventTypes
	}
	if in.SnsDestination != nil {
		d.SnsDestination = in.SnsDestination
	}
	m.Changed()
	return destinationAnswer{s.ConfigurationSetArn, s.ConfigurationSetName, *d}, nil
}
