package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/plan"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/wiring"
)

// policies finds the programs that a text was decided under, or that were in force at an instant.
type policies struct {
	stack *wiring.Deployment
	known []*program.Catalog // in force now, built in, given by --programs, and those read so far
	given bool               // --programs names a file
}

// policiesOf returns the policies of a stack. path is that of a programs.yaml that was in force without being
// published; it may be empty.
func policiesOf(s *wiring.Deployment, path string) (*policies, error) {
	builtIn, err := Catalog()
	if err != nil {
		return nil, err
	}
	p := &policies{stack: s, known: []*program.Catalog{s.Catalog, builtIn}, given: path != ""}
	if p.given {
		_, given, err := programsIn("--programs", path)
		if err != nil {
			return nil, err
		}
		p.known = append(p.known, given)
	}
	return p, nil
}

// openPolicies opens the stack, and its policies as policiesOf does.
func openPolicies(ctx context.Context, path string) (*policies, error) {
	s, err := remote(ctx)
	if err != nil {
		return nil, err
	}
	return policiesOf(s, path)
}

// under returns the programs of a policy, which is the one in the record of a text.
func (p *policies) under(ctx context.Context, policy string) (*program.Catalog, error) {
	hash, _, _ := strings.Cut(policy, ".")
	if hash == "" {
		return nil, errors.New("the text's record names no policy: it was kept back before any was asked")
	}
	return p.of(ctx, hash)
}

// at returns the programs that were in force at an instant.
func (p *policies) at(ctx context.Context, at time.Time) (*program.Catalog, error) {
	all, err := consentTable(p.stack).Publications(ctx)
	if err != nil {
		return nil, err
	}
	hash := p.known[0].Hash()
	if len(all) > 0 {
		hash = all[0].Before
	}
	for _, published := range all {
		if !published.At.After(at) {
			hash = published.Hash
		}
	}
	return p.of(ctx, hash)
}

// askUnderThen sets the stack's programs to those in force at an instant, and calls ask. Where answer then turns out
// to be about another instant, or about a text decided under other programs, it asks again under those.
func (p *policies) askUnderThen(ctx context.Context, at time.Time, answer *plan.Why, ask func() error) error {
	if now := p.stack.Now(); now.Before(at) {
		at = now
	}
	next, err := p.at(ctx, at)
	for range 3 {
		if err != nil {
			return err
		}
		p.stack.Catalog = next
		if err := ask(); err != nil {
			return err
		}
		if answer.Outcome.WentOut() {
			next, err = p.under(ctx, answer.Policy)
		} else {
			next, err = p.at(ctx, answer.At)
		}
		if next == p.stack.Catalog {
			return nil
		}
	}
	return err
}

func (p *policies) of(ctx context.Context, hash string) (*program.Catalog, error) {
	for _, c := range p.known {
		if c.Hash() == hash {
			return c, nil
		}
	}
	c, err := wiring.ProgramsOf(ctx, consentTable(p.stack), hash)
	switch {
	case err == nil:
		p.known = append(p.known, c)
		return c, nil
	case !errors.Is(err, table.ErrNotFound):
		return nil, err
	case p.given:
		return nil, usageError{fmt.Errorf("--programs: the file is not what was in force then, %s", hash)}
	default:
		return nil, usageError{fmt.Errorf(
			"--programs: what was in force then, %s, was built in and never published; give the file, which your repository has",
			hash,
		)}
	}
}

// printTables says so where the rule tables of a policy differ from those of this command.
func printTables(w io.Writer, policy string) {
	if _, tables, named := strings.Cut(policy, "."); named && tables != jurisdiction.TablesHash() {
		fmt.Fprintf(w, "The rule tables were others then, %.12s.\nHours and caps of law are told by those of today.\n", tables)
	}
}
