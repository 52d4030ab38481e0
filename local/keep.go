package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"

	"smsconsent/shared/core/phone"
)

// kept is what a stack keeps beside its table. Without it a kept table would hold times to come, campaigns nobody will
// wake for and people whom AWS has forgotten to be opted out.
type kept struct {
	Now       time.Time
	Schedules []keptSchedule
	Groups    map[string]time.Time
	Lists     map[string]keptList
	Sets      map[string]time.Time
	Phones    map[phone.Number][]keptEntry
	Queues    map[string][]keptMessage
}

type keptSchedule struct {
	schedule
	Due time.Time
}

type keptList struct {
	Created          time.Time
	Numbers, Removed map[phone.Number]time.Time
}

type keptEntry struct {
	entry
	ID string
}

type keptMessage struct {
	ID, Body             string
	Attributes           map[string]queuedAttribute
	Sent, Visible, First time.Time
	Receives             int
}

// saveChanges saves the state if anything happened since it was last saved.
func (s *Stack) saveChanges() {
	version := s.changes.now()
	if s.keep == "" || version == s.saved {
		return
	}
	if err := s.save(); err != nil {
		s.log.Error("the next run will not know what happened", "error", err)
		return
	}
	s.saved = version
}

// save writes the stack's state to its file, whole or not at all.
func (s *Stack) save() error {
	b, err := json.Marshal(s.snapshot())
	if err != nil {
		return fmt.Errorf("encode the stack's state: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(s.keep), 0o700); err != nil {
		return fmt.Errorf("keep the stack's state: %w", err)
	}
	// The state holds phone numbers and texts, so nobody else on the machine may read it.
	if err := os.WriteFile(s.keep+".new", b, 0o600); err != nil {
		return fmt.Errorf("keep the stack's state: %w", err)
	}
	if err := os.Rename(s.keep+".new", s.keep); err != nil {
		return fmt.Errorf("keep the stack's state: %w", err)
	}
	return nil
}

// load takes up the state an earlier run kept, if there is one.
func (s *Stack) load() error {
	if s.keep == "" {
		return nil
	}
	b, err := os.ReadFile(s.keep)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("take up the state of the last run: %w", err)
	}
	var k kept
	if err := json.Unmarshal(b, &k); err != nil {
		return fmt.Errorf(
			"take up the state of the last run: %s is damaged; remove its folder to start afresh: %w",
			s.keep,
			err,
		)
	}
	return s.restore(k)
}

func (s *Stack) snapshot() kept {
	k := kept{
		Now:    s.Now(),
		Lists:  map[string]keptList{},
		Phones: map[phone.Number][]keptEntry{},
		Queues: map[string][]keptMessage{},
	}
	s.schedules.mu.Lock()
	for _, sc := range s.schedules.all {
		k.Schedules = append(k.Schedules, keptSchedule{*sc, sc.due})
	}
	k.Groups = maps.Clone(s.schedules.groups)
	s.schedules.mu.Unlock()

	s.sms.mu.Lock()
	for name, l := range s.sms.lists {
		k.Lists[name] = keptList{l.created, maps.Clone(l.numbers), maps.Clone(l.removed)}
	}
	k.Sets = maps.Clone(s.sms.sets)
	s.sms.mu.Unlock()

	s.handsets.mu.Lock()
	for n, talk := range s.handsets.phones {
		for _, e := range talk {
			k.Phones[n] = append(k.Phones[n], keptEntry{e, e.id})
		}
	}
	s.handsets.mu.Unlock()

	s.queues.mu.Lock()
	for _, q := range s.queues.all {
		for _, m := range q.messages {
			k.Queues[q.name] = append(
				k.Queues[q.name],
				keptMessage{m.id, m.body, m.attributes, m.sent, m.visible, m.first, m.receives},
			)
		}
	}
	s.queues.mu.Unlock()
	return k
}

func (s *Stack) restore(k kept) error {
	s.clock.moveTo(k.Now)
	s.schedules.all, s.schedules.groups = map[string]*schedule{}, k.Groups
	for _, one := range k.Schedules {
		sc := one.schedule
		if err := sc.compile(); err != nil {
			return fmt.Errorf("take up schedule %s of the last run: %w", sc.Name, err)
		}
		sc.due = one.Due
		s.schedules.all[sc.key()] = &sc
	}
	for name, l := range k.Lists {
		s.sms.lists[name] = &optOutList{l.Created, l.Numbers, l.Removed}
	}
	maps.Copy(s.sms.sets, k.Sets)
	for n, talk := range k.Phones {
		for _, e := range talk {
			e.id, e.phone = e.ID, n
			s.handsets.phones[n] = append(s.handsets.phones[n], e.entry)
		}
	}
	for name, messages := range k.Queues {
		q := s.queues.named(name)
		if q == nil {
			return fmt.Errorf("take up queue %s of the last run: there is no such queue any more", name)
		}
		for _, m := range messages {
			q.messages = append(
				q.messages,
				&queued{
					id:         m.ID,
					body:       m.Body,
					attributes: m.Attributes,
					sent:       m.Sent,
					visible:    m.Visible,
					first:      m.First,
					receives:   m.Receives,
				},
			)
		}
	}
	return nil
}
