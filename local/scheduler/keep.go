package scheduler

import (
	"fmt"
	"maps"
	"time"
)

// Kept is a schedule as it is saved between two runs of the stack.
type Kept struct {
	schedule
	Due time.Time
}

// Keep returns the schedules, and the groups with the time of their creation.
func (ss *Schedules) Keep() ([]Kept, map[string]time.Time) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	var all []Kept
	for _, sc := range ss.all {
		all = append(all, Kept{*sc, sc.due})
	}
	return all, maps.Clone(ss.groups)
}

// Restore replaces all schedules and groups by those of an earlier run.
func (ss *Schedules) Restore(all []Kept, groups map[string]time.Time) error {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	ss.all, ss.groups = map[string]*schedule{}, groups
	for _, one := range all {
		sc := one.schedule
		if err := sc.compile(); err != nil {
			return fmt.Errorf("take up schedule %s of the last run: %w", sc.Name, err)
		}
		sc.due = one.Due
		ss.all[sc.key()] = &sc
	}
	return nil
}
