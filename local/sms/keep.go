package sms

import (
	"maps"
	"time"

	"smsconsent/shared/core/phone"
)

// Kept is an opt-out list as it is saved between two runs of the stack.
type Kept struct {
	Created          time.Time
	Numbers, Removed map[phone.Number]time.Time
}

// Keep returns the opt-out lists and the configuration sets, by name.
func (m *SMS) Keep() (lists map[string]Kept, sets map[string]time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	lists = map[string]Kept{}
	for name, l := range m.lists {
		lists[name] = Kept{l.created, maps.Clone(l.numbers), maps.Clone(l.removed)}
	}
	sets = map[string]time.Time{}
	for name, s := range m.sets {
		sets[name] = time.Time(s.CreatedTimestamp)
	}
	return lists, sets
}

// Restore sets what Keep returned in an earlier run.
func (m *SMS) Restore(lists map[string]Kept, sets map[string]time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for name, l := range lists {
		m.lists[name] = &optOutList{l.Created, l.Numbers, l.Removed}
	}
	for name, made := range sets {
		if m.sets[name] == nil {
			m.sets[name] = newSet(name, made)
		}
	}
}
