package operator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/spf13/cobra"

	"smsconsent/local/account"
)

// deployed is a stack for commands that look at its AWS resources. Their names begin with the stack's name.
type deployed struct {
	name string
	aws  aws.Config
	now  time.Time // by the stack's clock

	simulated bool // the local stack
}

// stackFlag adds the flag --stack.
func stackFlag(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "stack", "", "name of the stack (default: that of the exported CommandSettings)")
}

// openStack opens the stack with the name, or else the one that CommandSettings names. Where AWS_ENDPOINT_URL points
// to this machine, it opens the local stack.
func openStack(ctx context.Context, name string) (*deployed, error) {
	if endpoint := os.Getenv("AWS_ENDPOINT_URL"); loopback(endpoint) {
		now, err := localClock(ctx, endpoint)
		if err != nil {
			return nil, fmt.Errorf("no local stack answers at %s; start it with: make run (%w)", endpoint, err)
		}
		return &deployed{cmp.Or(name, account.StackName), account.AWS(strings.TrimSuffix(endpoint, "/")), now, true}, nil
	}
	// The schedule group is named like the stack.
	if name = cmp.Or(name, os.Getenv("SCHEDULE_GROUP")); name == "" {
		return nil, usageError{errors.New("--stack: name the stack, such as smsconsent, or export its CommandSettings")}
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("AWS configuration: %w", err)
	}
	if cfg.Region == "" {
		return nil, usageError{errors.New("AWS_REGION is not set: name the Region of the stack, such as us-east-1")}
	}
	return &deployed{name, cfg, time.Now(), false}, nil
}

// agreed reports whether the user says yes to a question. Without a terminal to ask at, the user must have said yes
// by a flag; otherwise it returns a usageError.
func agreed(cmd *cobra.Command, yes bool, question string) (bool, error) {
	if yes {
		return true, nil
	}
	out := cmd.ErrOrStderr()
	if !isTerminal(cmd.InOrStdin()) || !isTerminal(out) {
		return false, usageError{errors.New("nobody can be asked here: look at what would be done above, and add --yes")}
	}
	return answeredYes(cmd, question)
}

// answeredYes asks at the terminal. An empty answer means no. It returns at once where ctx ends.
func answeredYes(cmd *cobra.Command, question string) (bool, error) {
	fmt.Fprint(cmd.ErrOrStderr(), question)
	answers := make(chan string, 1)
	go func() {
		var answer string
		_, _ = fmt.Fscanln(cmd.InOrStdin(), &answer) // an answer that cannot be read is not yes
		answers <- answer
	}()
	select {
	case answer := <-answers:
		return slices.Contains([]string{"y", "yes"}, strings.ToLower(answer)), nil
	case <-cmd.Context().Done():
		fmt.Fprintln(cmd.ErrOrStderr())
		return false, fmt.Errorf("%w: nothing was done", errInterrupted)
	}
}
