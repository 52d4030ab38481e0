package wiring

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
)

// Published is where the published versions of programs.yaml are stored. Package table implements it.
type Published interface {
	// InForce returns the latest publication, or the zero Publication where there is none.
	InForce(ctx context.Context) (program.Publication, error)

	// Programs returns the file with that hash, or table.ErrNotFound.
	Programs(ctx context.Context, hash string) ([]byte, error)
}

const (
	lookEvery = time.Minute // shortest time between two checks for newer programs
	patience  = time.Second // longest time that an event waits for a check
)

// LooksForPrograms makes the deployment look for newer programs in its table.
func (d *Deployment) LooksForPrograms() {
	d.published, d.stale = d.Table(consent.Ledger{}), new(atomic.Bool)
}

// ahead is a Published whose first answer was asked for in advance, while the function did other things.
type ahead struct {
	Published
	first chan answer // has one answer, for the first call of InForce
}

type answer struct {
	program.Publication
	err error
}

// askedAhead begins to ask what is in force.
func askedAhead(ctx context.Context, in Published) *ahead {
	a := &ahead{in, make(chan answer, 1)}
	go func() {
		defer close(a.first)
		limited, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		p, err := in.InForce(limited)
		a.first <- answer{p, err}
	}()
	return a
}

// InForce returns the answer that was asked for in advance the first time, and asks again after that.
func (a *ahead) InForce(ctx context.Context) (program.Publication, error) {
	if got, first := <-a.first; first {
		return got.Publication, got.err
	}
	return a.Published.InForce(ctx)
}

// Stopper is a handler that gets events by which people opt out. Nothing may delay those. So its function looks for
// newer programs after such an event, and before any other.
type Stopper interface {
	// Stops reports whether the event may be an opt-out. It makes no calls.
	Stops(payload []byte) bool
}

// Newer reports whether other programs are in force than the deployment's. If so, its function is made again before
// its next event.
func (d *Deployment) Newer(ctx context.Context) bool {
	if d.published == nil {
		return false
	}
	p, err := d.published.InForce(ctx)
	if err != nil || p.Number == 0 || p.Hash == d.Catalog.Hash() {
		return false
	}
	d.stale.Store(true)
	return true
}

// InForce returns the programs in force and their publication. It returns known where nothing was published, or where
// known is in force.
func InForce(ctx context.Context, in Published, known *program.Catalog) (*program.Catalog, program.Publication, error) {
	p, err := in.InForce(ctx)
	if err != nil || p.Number == 0 || p.Hash == known.Hash() {
		return known, p, err
	}
	c, err := ProgramsOf(ctx, in, p.Hash)
	return c, p, err
}

// ProgramsOf reads the programs with that hash.
func ProgramsOf(ctx context.Context, in Published, hash string) (*program.Catalog, error) {
	text, err := in.Programs(ctx, hash)
	if err != nil {
		return nil, err
	}
	c, err := program.Load(text)
	if err != nil {
		return nil, fmt.Errorf("programs.yaml %.12s cannot be read by this release: %w", hash, err)
	}
	return c, nil
}

// newer returns a deployment with the programs in force. It returns d itself where d has them already, or where they
// could not be read. It logs and counts the latter, because texts then follow programs that somebody may have
// replaced.
func (d *Deployment) newer(ctx context.Context) *Deployment {
	if d.published == nil {
		return d
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, p, err := InForce(limited, d.published, d.Catalog)
	if err != nil {
		d.Log.ErrorContext(ctx, "cannot look for newer programs", "programs", d.Catalog.Hash(), "error", err)
		d.Metrics.Count("ProgramsNotRead", 1)
		return d
	}
	if c == d.Catalog {
		return d
	}
	d.Log.InfoContext(ctx, "other programs are in force", "programs", p.Hash, "since", p.At, "before", d.Catalog.Hash())
	next := *d
	next.Catalog, next.missing, next.outboxes = c, slices.Clone(d.missing), nil
	return &next
}
