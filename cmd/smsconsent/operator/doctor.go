package operator

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/doctor"
	"smsconsent/shared/edge/checkup"
)

type doctorFlags struct {
	stack          string
	json, fix, yes bool
}

func doctorCommand() *cobra.Command {
	var f doctorFlags
	c := &cobra.Command{
		Use:   "doctor",
		Short: "See whether the AWS account is set up as programs.yaml and the stack need it",
		Long: `Look at numbers and pools, opt-out lists, the configuration set, Protect configuration, limits, sandbox, keys,
functions and topics of the deployed stack. Also ask AWS whether it would accept a text of each program, without
sending one. Each fault comes with the command that mends it. What you may not read is a fault as well.
DoctorPolicyArn of the stack's outputs allows everything but two things, which are then left out: to read the keys
themselves, and to ask AWS about texts, which needs the right to send them.

--fix does what is safe: it makes opt-out lists, the configuration set and its event destination where they are
missing, and turns on two-way and self-managed opt-outs for numbers that nobody else listens to. It shows what it
would do and asks first, and asks again where what it made lacks something itself. With --json and nobody to ask it
changes nothing and prints what it found.

Exits with 0 when all is well and with 1 otherwise.`,
		Example: `  smsconsent doctor
  smsconsent doctor --stack smsconsent-dev --json
  smsconsent doctor --fix`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := openStack(cmd.Context(), f.stack)
			if err != nil {
				return err
			}
			c, err := programsInForce(cmd)
			if err != nil {
				return err
			}
			a, err := checkup.Open(cmd.Context(), d.aws, c, d.name)
			if err != nil {
				return err
			}
			return f.examine(cmd, a, func(seen *doctor.Seen) []doctor.Finding {
				return doctor.Diagnose(c, a.Stack, seen)
			})
		},
	}
	stackFlag(c, &f.stack)
	c.Flags().BoolVar(&f.json, "json", false, `print {"findings":[{"check","ok","because","fix"}]} as JSON`)
	c.Flags().BoolVar(&f.fix, "fix", false, "do what is safe to do about it, then look again")
	c.Flags().BoolVar(&f.yes, "yes", false, "with --fix: do not ask first")
	return c
}

// maxRounds is how often --fix looks again for something to fix.
const maxRounds = 3

// examiner looks at an account, and changes what is safe to change.
type examiner interface {
	Look(ctx context.Context) *doctor.Seen
	Mend(ctx context.Context, r doctor.Remedy) error
}

func (f doctorFlags) examine(cmd *cobra.Command, c examiner, diagnose func(*doctor.Seen) []doctor.Finding) error {
	if f.yes && !f.fix {
		return usageError{errors.New("--yes says yes to what --fix asks; add --fix")}
	}
	found := diagnose(c.Look(cmd.Context()))
	if f.fix {
		// What was made may lack something itself, such as a configuration set its destination. So it looks again.
		done := map[string]bool{}
		for range maxRounds {
			changed, err := f.mend(cmd, c, found, done)
			if err != nil {
				return err
			}
			if !changed {
				break
			}
			found = diagnose(c.Look(cmd.Context()))
		}
	}
	if f.json {
		report := struct {
			Findings []doctor.Finding `json:"findings"`
		}{found}
		if err := printJSON(cmd.OutOrStdout(), report); err != nil {
			return err
		}
	} else {
		printFindings(cmd.OutOrStdout(), found)
	}
	if !doctor.Healthy(found) {
		return fmt.Errorf("%d of %d checks found a fault", faults(found), len(found))
	}
	return nil
}

// mend applies the safe remedies of the findings, in their order, after asking. It skips the commands in done and
// adds those it ran. It reports whether anything was changed.
func (f doctorFlags) mend(cmd *cobra.Command, c examiner, found []doctor.Finding, done map[string]bool) (bool, error) {
	var remedies []doctor.Remedy
	out := cmd.ErrOrStderr()
	for i := range found {
		if r := found[i].Remedy; r != nil && !done[r.Command()] {
			remedies = append(remedies, r)
			fmt.Fprintln(out, r.Command())
		}
	}
	if len(remedies) == 0 {
		if len(done) == 0 {
			fmt.Fprintln(out, "There is nothing that --fix may mend.")
		}
		return false, nil
	}
	yes, err := agreed(cmd, f.yes, "Do that? Write yes, or anything else to leave it: ")
	if _, nobody := errors.AsType[usageError](err); nobody && f.json {
		fmt.Fprintln(out, "Nothing was changed: nobody can be asked here. Add --yes to have that done.")
		return false, nil
	}
	if err != nil || !yes {
		return false, err
	}
	for _, r := range remedies {
		if err := c.Mend(cmd.Context(), r); err != nil {
			return true, err
		}
		done[r.Command()] = true
	}
	return true, nil
}

func faults(found []doctor.Finding) (n int) {
	for i := range found {
		if !found[i].OK {
			n++
		}
	}
	return n
}

// printFindings prints each check. Below a fault stands the command that mends it, on a line of its own for copying.
func printFindings(w io.Writer, found []doctor.Finding) {
	for _, f := range found {
		mark := "ok   "
		if !f.OK {
			mark = "FAULT"
		}
		fmt.Fprintf(w, "%s  %s: %s\n", mark, f.Check, f.Because)
		if f.Fix != "" {
			fmt.Fprintf(w, "       %s\n", f.Fix)
		}
	}
	if doctor.Healthy(found) {
		fmt.Fprintf(w, "All %d checks are well.\n", len(found))
	}
}
