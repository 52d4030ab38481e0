package handset

import "smsconsent/shared/core/phone"

// Kept is a text as it is saved between two runs of the stack.
type Kept struct {
	Entry
	ID string
}

// Keep returns the conversation of each phone.
func (h *Handsets) Keep() map[phone.Number][]Kept {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := map[phone.Number][]Kept{}
	for n, talk := range h.phones {
		for _, e := range talk {
			all[n] = append(all[n], Kept{e, e.id})
		}
	}
	return all
}

// Restore sets the conversations that Keep returned in an earlier run.
func (h *Handsets) Restore(all map[phone.Number][]Kept) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for n, talk := range all {
		for _, e := range talk {
			e.id, e.phone = e.ID, n
			h.phones[n] = append(h.phones[n], e.Entry)
		}
	}
}
