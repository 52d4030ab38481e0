package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/inspect"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/report"
	"smsconsent/shared/edge/outbox"
	"smsconsent/shared/edge/table"
)

// settled is how old a STOP must be at the start of a run to be missed on AWS's list. Its number goes there an hour
// later, by a follow-up that runs every ten minutes.
const settled = 2 * time.Hour

// lists is the part of an audit that compares AWS's opt-out lists with the table, in both directions. One job does
// it, because AWS allows one page a second per account. It first reads the lists and stores their numbers. Then it
// goes through all contacts and compares everybody who said stop.
type lists struct {
	*Handler
	run  run
	read map[string][]uint64 // numbers on AWS's list by program, sorted; read when first needed
}

// listsPlace is where the part goes on.
type listsPlace struct {
	List    int             `json:"list,omitempty"`    // of those in the order of programs.yaml; all are read where it is their number
	Token   string          `json:"token,omitempty"`   // AWS's, of the list's next page
	Lot     int             `json:"lot,omitempty"`     // how many pages of the list are kept
	Unread  []string        `json:"unread,omitempty"`  // programs whose list AWS does not let us read
	Segment int             `json:"segment,omitempty"` // of the table
	At      *table.Position `json:"at,omitempty"`
}

// onList is a program and its opt-out list.
type onList struct {
	brand   *program.Brand
	program *program.Program
}

// name identifies the list among those of all brands.
func (l onList) name() string { return l.brand.ID + "." + l.program.ID }

func (h *Handler) optOutLists() (all []onList) {
	for i := range h.Catalog.Brands {
		b := &h.Catalog.Brands[i]
		for j := range b.Programs {
			all = append(all, onList{b, &b.Programs[j]})
		}
	}
	return all
}

// page reads the next page of a list, or looks at the next people.
func (l *lists) page(ctx context.Context, p *inspect.Part) (f found, err error) {
	var at listsPlace
	if p.Next != "" {
		if err := json.Unmarshal([]byte(p.Next), &at); err != nil {
			return f, fmt.Errorf("where the lists go on: %w", err)
		}
	}
	if all := l.optOutLists(); at.List < len(all) {
		f, err = l.listed(ctx, p, &at, all[at.List])
	} else {
		f, err = l.stopped(ctx, p, &at, all)
	}
	if err != nil {
		return f, err
	}
	p.Next = behindAll
	if at.Segment < table.Segments {
		raw, err := json.Marshal(at)
		if err != nil {
			return f, fmt.Errorf("where the lists go on: %w", err)
		}
		p.Next = string(raw)
	}
	return f, nil
}

// listed reads a page of a list, stores its numbers, and looks for opt-outs that only AWS has.
func (l *lists) listed(ctx context.Context, p *inspect.Part, at *listsPlace, list onList) (f found, err error) {
	numbers, token, err := l.Outbox.ListedNumbers(ctx, list.program, at.Token)
	if errors.Is(err, outbox.ErrNoList) {
		l.Log.ErrorContext(ctx, "an opt-out list of AWS cannot be read", "list", list.program.OptOutList)
		unread := inspect.Finding{Kind: report.ListUnread, Why: list.program.OptOutList}
		f.add(p, consent.Key{Brand: list.brand.ID}, []inspect.Finding{unread})
		at.Unread, token, err = append(at.Unread, list.name()), "", nil
	}
	if err != nil {
		return f, err
	}
	keys := make([]consent.Key, len(numbers))
	digits := make([]uint64, len(numbers))
	for i, on := range numbers {
		keys[i], digits[i] = consent.Key{Brand: list.brand.ID, Phone: on.Number}, digitsOf(on.Number)
	}
	if err := l.Table.SaveListed(ctx, p.Run, list.name(), at.Lot, digits, l.Now()); err != nil {
		return f, err
	}
	contacts, _, err := l.Table.Contacts(ctx, keys) // unreadable contacts are reported by their segment
	if err != nil {
		return f, err
	}
	for i := range contacts {
		c := &contacts[i]
		on := numbers[slices.Index(keys, c.Key)]
		entry := &inspect.Listed{Program: list.program.ID, Since: on.Since, ByPerson: on.ByPerson}
		news := inspect.OnlyAtAWS(c, entry)
		if news {
			f.add(p, c.Key, []inspect.Finding{{Kind: report.OnlyAtAWS, Since: on.Since, Why: list.program.OptOutList}})
		}
		if news || inspect.LeftAtAWS(c, entry) {
			p.Todo = append(p.Todo, inspect.Task{Key: c.Key, Listed: entry})
		}
	}
	at.Token, at.Lot = token, at.Lot+1
	if token == "" {
		at.List, at.Lot = at.List+1, 0
	}
	return f, nil
}

// stopped looks among the next people for those who said stop and whose number AWS does not have.
func (l *lists) stopped(ctx context.Context, p *inspect.Part, at *listsPlace, all []onList) (f found, err error) {
	var from table.Position
	if at.At != nil {
		from = *at.At
	}
	contacts, next, err := l.Table.ScanContacts(ctx, at.Segment, from)
	if err != nil {
		return f, err
	}
	for i := range contacts {
		c := &contacts[i]
		for _, list := range all {
			since, is := c.StoppedAt(list.program.ID)
			if !is || list.brand.ID != c.Brand || l.run.Since.Sub(since) < settled || slices.Contains(at.Unread, list.name()) {
				continue
			}
			on, err := l.isListed(ctx, p.Run, list, c.Phone)
			if err != nil {
				return f, err
			}
			if !on {
				f.add(p, c.Key, []inspect.Finding{{Kind: report.OnlyHere, Since: since, Why: list.program.OptOutList}})
				p.Todo = append(p.Todo, inspect.Task{Key: c.Key})
			}
		}
	}
	at.At = &next
	if next == (table.Position{}) {
		at.Segment, at.At = at.Segment+1, nil
	}
	return f, nil
}

// isListed reports whether a number was on AWS's list when this audit read it.
func (l *lists) isListed(ctx context.Context, runID string, list onList, n phone.Number) (bool, error) {
	numbers, ok := l.read[list.name()]
	if !ok {
		var err error
		if numbers, err = l.Table.Listed(ctx, runID, list.name()); err != nil {
			return false, err
		}
		slices.Sort(numbers)
		if l.read == nil {
			l.read = map[string][]uint64{}
		}
		l.read[list.name()] = numbers
	}
	_, on := slices.BinarySearch(numbers, digitsOf(n))
	return on, nil
}

// digitsOf returns the digits of a number, of which E.164 has at most fifteen, and zero for what is none.
func digitsOf(n phone.Number) uint64 {
	d, _ := strconv.ParseUint(strings.TrimPrefix(string(n), "+"), 10, 64)
	return d
}

// act stores an opt-out that only AWS had, or makes AWS's lists match the contact, according to what is stored now.
func (l *lists) act(ctx context.Context, task inspect.Task) error {
	var news *consent.Revocation
	if e := task.Listed; e != nil {
		list := ""
		if brand, ok := l.Catalog.Brand(task.Brand); ok {
			if prog, ok := brand.Program(e.Program); ok {
				list = prog.OptOutList
			}
		}
		news = &consent.Revocation{
			At: e.Since, Source: consent.SourceCarrier, Program: e.Program,
			Evidence: map[string]string{"reason": "on AWS's opt-out list", "list": list, "by": by(e.ByPerson)},
		}
	}
	ch, err := l.Outbox.Change(ctx, task.Key, func(c consent.Contact) consent.Change {
		if news == nil || !inspect.OnlyAtAWS(&c, task.Listed) {
			return consent.Change{Next: c}
		}
		return c.Revoke(*news)
	})
	if err != nil {
		return err
	}
	if task.Listed == nil || inspect.LeftAtAWS(&ch.Next, task.Listed) {
		return l.Outbox.SyncLists(ctx, ch.Next)
	}
	return nil
}

func by(person bool) string {
	if person {
		return "the person, by a text to AWS"
	}
	return "a call of AWS's API"
}
