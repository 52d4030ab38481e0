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

// Published is where the programs.yaml are that were put in force in place of the one that is built in.
type Published interface {
	InForce(ctx context.Context) (program.Publication, error)
	Programs(ctx context.Context, hash string) ([]byte, error)
}

const (
	lookEvery = time.Minute // at most, for newer programs
	patience  = time.Second // of an event that waits for the look
)

// LooksForPrograms has the deployment look for newer programs in its table.
func (d *Deployment) LooksForPrograms() {
	d.published, d.stale = d.Table(consent.Ledger{}), new(atomic.Bool)
}

// ahead is a Published that was asked what is in force before anybody wanted to know.
type ahead struct {
	Published
	first chan answer // to the first who does; closed behind it
}

type answer struct {
	program.Publication
	err error
}

// askedAhead asks at once what is in force, and gives whoever asks first the answer.
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

// InForce returns the answer got ahead, once, and asks from then on.
func (a *ahead) InForce(ctx context.Context) (program.Publication, error) {
	if got, first := <-a.first; first {
		return got.Publication, got.err
	}
	return a.Published.InForce(ctx)
}

// Stopper is a handler of events by which people opt out: nothing stands between a STOP and its record. Its function
// looks for newer programs only when it is done with an event that stops, and before any other.
type Stopper interface {
	// Stops reports whether somebody may opt out by an event, by what the handler knows: it asks nobody.
	Stops(payload []byte) bool
}

// Newer reports whether others are in force than the deployment's programs. Its function is then made anew once it is
// done with the event.
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

// InForce returns the programs that were published last, and the publication; known where nothing was, or where it is
// them.
func InForce(ctx context.Context, in Published, known *program.Catalog) (*program.Catalog, program.Publication, error) {
	p, err := in.InForce(ctx)
	if err != nil || p.Number == 0 || p.Hash == known.Hash() {
		return known, p, err
	}
	c, err := ProgramsOf(ctx, in, p.Hash)
	return c, p, err
}

// ProgramsOf reads the programs with a hash.
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

// newer returns a deployment of what is in force now; d itself where that is its own, or where nobody can say. Of the
// latter it tells: what goes out meanwhile does so by programs somebody may have meant to end.
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
