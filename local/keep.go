package local

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"smsconsent/local/eventbridge"
	"smsconsent/local/handset"
	"smsconsent/local/scheduler"
	"smsconsent/local/sms"
	"smsconsent/local/sns"
	"smsconsent/local/sqs"
	"smsconsent/shared/core/phone"
)

// kept is the state that a stack keeps in a file beside its table. A table alone is not enough: its times may be in
// the future, nobody would wake its campaigns, and AWS's opt-out lists would be empty.
type kept struct {
	Now       time.Time
	Schedules []scheduler.Kept
	Groups    map[string]time.Time
	Lists     map[string]sms.Kept
	Sets      map[string]time.Time
	Phones    map[phone.Number][]handset.Kept
	Queues    map[string][]sqs.Kept
	ToRead    []sns.Publication
	Events    []eventbridge.Put
}

// saveChanges saves the state if anything has happened since it was last saved.
func (s *Stack) saveChanges() {
	version := s.changes.Now()
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

// load restores the state that an earlier run saved, if there is one.
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
		return fmt.Errorf("take up the state of the last run: %s is damaged; remove its folder to start afresh: %w", s.keep, err)
	}
	return s.restore(k)
}

func (s *Stack) snapshot() kept {
	k := kept{Now: s.Now(), Phones: s.handsets.Keep(), Queues: s.queues.Keep()}
	k.ToRead, k.Events = s.topics.Published(), s.buses.Events()
	k.Schedules, k.Groups = s.schedules.Keep()
	k.Lists, k.Sets = s.sms.Keep()
	return k
}

func (s *Stack) restore(k kept) error {
	s.clock.moveTo(k.Now)
	s.sms.Restore(k.Lists, k.Sets)
	s.handsets.Restore(k.Phones)
	s.topics.Restore(k.ToRead)
	s.buses.Restore(k.Events)
	return errors.Join(s.schedules.Restore(k.Schedules, k.Groups), s.queues.Restore(k.Queues))
}
