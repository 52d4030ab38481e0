// Package operator holds the commands for operating a stack: campaigns, imports, and questions about people and texts.
// It runs no part of the stack, which may be deployed on AWS or be a local one.
package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// Exit codes. A script can tell its own mistakes from faults elsewhere.
const (
	exitFailed     = 1 // the command failed
	exitUsage      = 2 // an argument or flag is wrong
	exitUnfinished = 3 // done as far as possible for now; run the command again later
)

// usageError is a mistake in an argument or flag. Its text names the argument and the fix.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// unfinishedError says what is left to do, and when. The command exits with exitUnfinished.
type unfinishedError struct{ error }

func (e unfinishedError) Unwrap() error { return e.error }

// Usage marks err as a mistake in an argument or flag, so that the command exits with code 2.
func Usage(err error) error { return usageError{err} }

// Run executes a command line and returns the exit code. The commands are those of this package and more.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer, more ...*cobra.Command) int {
	root := rootCommand()
	root.AddCommand(more...)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	understood := false // set once flags and arguments have passed cobra's own checks
	root.PersistentPreRun = func(*cobra.Command, []string) { understood = true }
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if ctx.Err() != nil && errors.Is(err, context.Canceled) && !errors.Is(err, errInterrupted) {
		err = errInterrupted // what was under way when it came is nobody's trouble
	}
	fmt.Fprintln(stderr, "smsconsent:", err)
	if _, usage := errors.AsType[usageError](err); usage || !understood {
		return exitUsage
	}
	if _, unfinished := errors.AsType[unfinishedError](err); unfinished {
		return exitUnfinished
	}
	return exitFailed
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "smsconsent",
		Short: "Text only those who asked for it, when they asked for it, and be able to prove it",
		Example: `  smsconsent local
  AWS_ENDPOINT_URL=http://localhost:8080 smsconsent campaign create --topic alerts --text "Example Corp.: open today."
  smsconsent hours +12065550142`,
		SilenceErrors: true, // Run prints them
		SilenceUsage:  true, // an error names the fix; --help has the rest
		CompletionOptions: cobra.CompletionOptions{
			HiddenDefaultCmd: true,
		},
	}
	root.AddCommand(
		campaignCommand(),
		auditCommand(),
		importCommand(),
		hoursCommand(),
		lawsCommand(),
		engagementCommand(),
		explainCommand(),
		mayCommand(),
		textCommand(),
		attributesCommand(),
		recordCommand(),
		repliesCommand(),
		consoleCommand(),
		doctorCommand(),
		replayCommand(),
		logsCommand(),
		classifyCommand(),
		altchaCommand(),
		demoCommand(),
		publishCommand(),
		statusCommand(),
	)
	withVersion(root)
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		if c.Name() == "help" {
			c.Example, c.Run, c.RunE = "  smsconsent help campaign create", nil, help
		}
		if c.HasSubCommands() && !c.Runnable() {
			// Without Args, cobra prints the help and exits with 0 for an unknown subcommand.
			c.Args, c.RunE = cobra.NoArgs, func(c *cobra.Command, _ []string) error { return c.Help() }
		}
	}
	return root
}

// help prints the help of the command that the arguments name.
func help(c *cobra.Command, args []string) error {
	about, rest, err := c.Root().Find(args)
	if err != nil || len(rest) > 0 {
		return usageError{fmt.Errorf("help: there is no command %q", strings.Join(args, " "))}
	}
	about.InitDefaultHelpFlag()
	return about.Help()
}
