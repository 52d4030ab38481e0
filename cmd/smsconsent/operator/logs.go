package operator

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/doctor"
)

// followInterval is how often --follow asks for new lines.
const followInterval = 2 * time.Second

type logsFlags struct {
	stack, request, since string
	follow, json          bool
}

func logsCommand() *cobra.Command {
	var f logsFlags
	c := &cobra.Command{
		Use:   "logs [FUNCTION]",
		Short: "Read what the functions logged",
		Long: `Print what a function logged, or all functions, oldest first. Lines are JSON and hold no phone number and no text. All
lines of one invocation have the same requestId.`,
		Example: `  smsconsent logs inbound
  smsconsent logs sendcheck --since 24h
  smsconsent logs --request 8f5d0e1c-4b1e-4c55-9d7a-0f8f6f2b6c11
  smsconsent logs inbound --follow`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			functions := doctor.Functions()
			if len(args) > 0 {
				if !slices.Contains(functions, args[0]) {
					return noFunction("FUNCTION", args[0])
				}
				functions = args
			}
			since, err := timespan("--since", f.since)
			if err != nil {
				return err
			}
			if cmd.Flags().Changed("request") && strings.Trim(f.request, ` "`) == "" {
				return usageError{errors.New("--request: is empty; give the requestId of a line, or leave it out for all")}
			}
			d, err := openStack(cmd.Context(), f.stack)
			if err != nil {
				return err
			}
			return f.print(cmd, d, functions, d.now.Add(-since))
		},
	}
	stackFlag(c, &f.stack)
	c.Flags().StringVar(&f.since, "since", "1h", "how far back to begin, such as 30m, 24h or 2d")
	c.Flags().StringVar(&f.request, "request", "", "only lines of the invocation with this ID")
	c.Flags().BoolVar(&f.follow, "follow", false, "go on until Ctrl-C")
	c.Flags().BoolVar(&f.json, "json", false, `print JSON: an object on each line, {"at","function","line"}`)
	return c
}

// noFunction returns the error for naming a function that a stack does not have.
func noFunction(field, name string) error {
	return usageError{fmt.Errorf("%s: %q is none of %s", field, name, strings.Join(doctor.Functions(), ", "))}
}

// logged is a line that a function logged.
type logged struct {
	At       time.Time `json:"at"`
	Function string    `json:"function"`
	Line     string    `json:"line"`
	id       string
}

// timespan parses a duration such as 90m, or a number of days such as 2d.
func timespan(flag, value string) (time.Duration, error) {
	if strings.HasSuffix(value, "d") {
		n, err := days(flag, value)
		return time.Duration(n) * 24 * time.Hour, err
	}
	span, err := time.ParseDuration(value)
	if err != nil || span <= 0 {
		return 0, usageError{fmt.Errorf("%s: %q is no time such as 30m, 24h or 2d", flag, value)}
	}
	return span, nil
}

func (f logsFlags) print(cmd *cobra.Command, d *deployed, functions []string, from time.Time) error {
	ctx := cmd.Context()
	api := cloudwatchlogs.NewFromConfig(d.aws)
	met := map[string]bool{}
	ticks := time.NewTicker(followInterval)
	defer ticks.Stop()
	for {
		lines, err := f.read(ctx, api, d.name, functions, from)
		if f.follow && ctx.Err() != nil {
			return nil // Ctrl-C is how --follow ends, also in the middle of a call
		}
		if err != nil {
			return err
		}
		for _, l := range lines {
			if met[l.id] {
				continue
			}
			met[l.id] = true
			if err := f.show(cmd.OutOrStdout(), &l); err != nil {
				return err
			}
			// CloudWatch shows lines late and out of order, so the last minute is read again.
			if again := l.At.Add(-time.Minute); again.After(from) {
				from = again
			}
		}
		if !f.follow {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
	}
}

// read returns the lines that functions logged since from, oldest first.
func (f logsFlags) read(
	ctx context.Context, api *cloudwatchlogs.Client, stack string, functions []string, from time.Time,
) (all []logged, err error) {
	for _, function := range functions {
		in := &cloudwatchlogs.FilterLogEventsInput{
			LogGroupName: aws.String("/aws/lambda/" + stack + "-" + function), StartTime: aws.Int64(from.UnixMilli()),
		}
		if f.request != "" {
			in.FilterPattern = aws.String(`"` + strings.ReplaceAll(f.request, `"`, "") + `"`)
		}
		pages := cloudwatchlogs.NewFilterLogEventsPaginator(api, in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
				return nil, usageError{fmt.Errorf("--stack: there is no log of %s in a stack %s here", function, stack)}
			}
			if err != nil {
				return nil, fmt.Errorf("read the log of %s (DoctorPolicyArn of the stack's outputs allows it): %w", function, err)
			}
			for _, e := range page.Events {
				at := time.UnixMilli(aws.ToInt64(e.Timestamp)).UTC()
				all = append(all, logged{at, function, strings.TrimSpace(aws.ToString(e.Message)), aws.ToString(e.EventId)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b logged) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
	return all, nil
}

func (f logsFlags) show(w io.Writer, l *logged) error {
	if f.json {
		return json.NewEncoder(w).Encode(l)
	}
	_, err := fmt.Fprintf(w, "%s  %-11s  %s\n", l.At.Format("2006-01-02T15:04:05.000Z"), l.Function, l.Line)
	return err
}
