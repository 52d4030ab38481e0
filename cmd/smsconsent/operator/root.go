// Package operator holds the commands of an operator: campaigns, imports, and questions about people and texts. It
// holds nothing of the stack itself, which may run anywhere.
package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// Exit codes: a script can tell its own mistake from trouble elsewhere.
const (
	exitFailed = 1 // what was asked for could not be done
	exitUsage  = 2 // what was asked for makes no sense
	exitLeft   = 3 // it is done as far as it can be for now
)

// usageError is a mistake in an argument or flag; its text names it and how to mend it.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// leftError says what is left to do, and when.
type leftError struct{ error }

func (e leftError) Unwrap() error { return e.error }

// Usage returns the error of a mistake in an argument or flag, with which a command exits by a code of its own.
func Usage(err error) error { return usageError{err} }

// Run executes a command line of the operator's commands and of more, and returns the exit code.
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
	fmt.Fprintln(stderr, "smsconsent:", err)
	if _, usage := errors.AsType[usageError](err); usage || !understood {
		return exitUsage
	}
	if _, left := errors.AsType[leftError](err); left {
		return exitLeft
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
		SilenceErrors: true, // run prints them
		SilenceUsage:  true, // an error says what to mend; --help says the rest
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
			// Cobra by itself takes the name of a command that there is not for a wish to be helped.
			c.Args, c.RunE = cobra.NoArgs, func(c *cobra.Command, _ []string) error { return c.Help() }
		}
	}
	return root
}

// help explains the command that the arguments name.
func help(c *cobra.Command, args []string) error {
	about, rest, err := c.Root().Find(args)
	if err != nil || len(rest) > 0 {
		return usageError{fmt.Errorf("help: there is no command %q", strings.Join(args, " "))}
	}
	about.InitDefaultHelpFlag()
	return about.Help()
}
