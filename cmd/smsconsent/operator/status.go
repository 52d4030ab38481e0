package operator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/campaign"
	"smsconsent/shared/core/doctor"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/wiring"
)

// statusReport is what status prints: what is deployed, and what needs attention.
type statusReport struct {
	Programs  programsStatus   `json:"programs"`
	Published []programsStatus `json:"published"` // all publications, oldest first
	Release   release          `json:"release"`   // of this command
	Functions []functionStatus `json:"functions"`
	Alarms    []alarmStatus    `json:"alarms"`
	Waiting   []waitingStatus  `json:"waiting"`
	Unknown   []string         `json:"unknown"` // what could not be read, and why
	simulated bool             // the local stack, which has no alarms
	missing   bool             // some functions are not there
}

// programsStatus is a version of the programs that is or was in force.
type programsStatus struct {
	Hash    string    `json:"hash"`
	Number  int64     `json:"number,omitempty"` // of the publication; 0 for the built-in programs
	Since   time.Time `json:"since,omitzero"`
	By      string    `json:"by,omitempty"`
	Before  string    `json:"before,omitempty"`
	BuiltIn string    `json:"built_in,omitempty"` // hash of the programs built into this command
}

// functionStatus is the deployed code of a function.
type functionStatus struct {
	Name     string `json:"name"`
	Code     string `json:"code,omitempty"`     // hash of its zip file
	Deployed string `json:"deployed,omitempty"` // when, RFC 3339
}

// alarmStatus is an alarm that is ringing.
type alarmStatus struct {
	Name    string    `json:"name"`
	Since   time.Time `json:"since"`
	Because string    `json:"because"`
}

// waitingStatus is something that is overdue, and since when.
type waitingStatus struct {
	What  string    `json:"what"`
	Since time.Time `json:"since"`
}

func statusCommand() *cobra.Command {
	var stack string
	var asJSON bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Show what is in force and deployed, which alarms are ringing, and what is overdue",
		Long: `Show which programs.yaml is in force, since when and by whom; the code of each function; the alarms that are ringing;
and what is overdue. The rule tables and time zones are those of this command, so use the command of the deployed
release. What cannot be read is named, the rest is shown, and the command exits with 1. The local stack has no alarms.`,
		Example: `  smsconsent status
  smsconsent status --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := statusOf(cmd.Context(), stack)
			if err != nil {
				return err
			}
			if !asJSON {
				r.print(cmd.OutOrStdout())
			} else if err := printJSON(cmd.OutOrStdout(), r); err != nil {
				return err
			}
			if n := len(r.Unknown); n > 0 {
				fix := "OperatorPolicyArn of the stack's outputs allows to read it"
				if r.missing {
					fix = "functions are missing, and smsconsent doctor tells more"
				}
				return fmt.Errorf("not known: %d of what was asked; %s", n, fix)
			}
			return nil
		},
	}
	stackFlag(c, &stack)
	c.Flags().BoolVar(&asJSON, "json", false, `print {"programs","published","release","functions","alarms","waiting","unknown"} as JSON`)
	return c
}

func statusOf(ctx context.Context, stack string) (*statusReport, error) {
	s, err := remoteUnderBuiltIn(ctx)
	if err != nil {
		return nil, err
	}
	d, err := openStack(ctx, stack)
	if err != nil {
		return nil, err
	}
	c, p, unreadable := wiring.InForce(ctx, consentTable(s), s.Catalog)
	if unreadable != nil && p.Number == 0 {
		return nil, unreadable
	}
	all, err := consentTable(s).Publications(ctx)
	if err != nil {
		return nil, err
	}
	r := &statusReport{
		Programs: published(p), Published: make([]programsStatus, len(all)),
		Release: thisRelease(), Functions: []functionStatus{}, Alarms: []alarmStatus{}, Waiting: []waitingStatus{},
		Unknown: []string{},
	}
	r.Programs.Hash, r.Programs.BuiltIn = cmp.Or(p.Hash, s.Catalog.Hash()), s.Catalog.Hash()
	for i, p := range all {
		r.Published[i] = published(p)
	}
	failed := r.readFunctions(ctx, lambda.NewFromConfig(s.AWS), doctor.Stack{Name: d.name})
	if _, none := errors.AsType[usageError](failed); none {
		return nil, failed
	}
	r.note("the functions", failed)
	if r.simulated = d.simulated; !r.simulated {
		r.note("the alarms", r.readAlarms(ctx, cloudwatch.NewFromConfig(s.AWS), d.name))
	}
	if r.note("the programs in force", unreadable); unreadable == nil {
		r.note("what waits", r.readWaiting(ctx, s, c))
	}
	return r, nil
}

func published(p program.Publication) programsStatus {
	return programsStatus{Hash: p.Hash, Number: p.Number, Since: p.At, By: p.By, Before: p.Before}
}

// note adds err, if there is one, to what could not be read.
func (r *statusReport) note(what string, err error) {
	if err != nil {
		r.Unknown = append(r.Unknown, fmt.Sprintf("%s: %v", what, err))
	}
}

// readFunctions reads what code is deployed. Where not one function is there, the stack does not exist, and the error
// is a usageError.
func (r *statusReport) readFunctions(ctx context.Context, api *lambda.Client, stack doctor.Stack) error {
	var missing []string
	for _, name := range doctor.Functions() {
		out, err := api.GetFunctionConfiguration(ctx, &lambda.GetFunctionConfigurationInput{
			FunctionName: aws.String(stack.Function(name)),
		})
		if _, none := errors.AsType[*lambdatypes.ResourceNotFoundException](err); none {
			missing = append(missing, name)
			continue
		}
		if err != nil {
			return err
		}
		r.Functions = append(r.Functions, functionStatus{name, aws.ToString(out.CodeSha256), aws.ToString(out.LastModified)})
	}
	switch {
	case len(r.Functions) == 0:
		return usageError{fmt.Errorf("--stack: there is no function of a stack %s here", stack.Name)}
	case len(missing) > 0:
		r.missing = true
		return fmt.Errorf("%s: not there", strings.Join(missing, ", "))
	}
	return nil
}

func (r *statusReport) readAlarms(ctx context.Context, api cloudwatch.DescribeAlarmsAPIClient, stack string) error {
	pages := cloudwatch.NewDescribeAlarmsPaginator(api, &cloudwatch.DescribeAlarmsInput{
		AlarmNamePrefix: aws.String(stack + "-"), StateValue: types.StateValueAlarm,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for i := range page.MetricAlarms {
			a := &page.MetricAlarms[i]
			r.Alarms = append(r.Alarms, alarmStatus{
				aws.ToString(a.AlarmName), aws.ToTime(a.StateUpdatedTimestamp), aws.ToString(a.AlarmDescription),
			})
		}
	}
	return nil
}

// readWaiting finds what is overdue: people to follow up, and campaigns.
func (r *statusReport) readWaiting(ctx context.Context, s *wiring.Deployment, c *program.Catalog) error {
	for i := range c.Brands {
		since, err := s.Audience().Overdue(ctx, c.Brands[i].ID, s.Now())
		if err != nil {
			return err
		}
		if !since.IsZero() {
			r.Waiting = append(r.Waiting, waitingStatus{"somebody of brand " + c.Brands[i].ID + " to be looked at", since})
		}
	}
	all, err := consentTable(s).Campaigns(ctx)
	if err != nil {
		return err
	}
	for i := range all {
		c := &all[i]
		if (c.State == campaign.Running || c.State == campaign.Scheduled) && c.At.Before(s.Now()) {
			r.Waiting = append(r.Waiting, waitingStatus{"campaign " + c.ID, c.At})
		}
	}
	slices.SortFunc(r.Waiting, func(a, b waitingStatus) int { return a.Since.Compare(b.Since) })
	return nil
}

func (r *statusReport) print(w io.Writer) {
	fmt.Fprintf(w, "Programs     %s\n", r.Programs.Hash)
	if r.Programs.Number == 0 {
		fmt.Fprintln(w, "             built into this command; nothing was published")
	} else {
		fmt.Fprintf(w, "             since %s, by %s, publication %d\n", inZone(r.Programs.Since, nil), r.Programs.By, r.Programs.Number)
	}
	if r.Programs.Hash != r.Programs.BuiltIn {
		fmt.Fprintf(w, "             this command was built with another, %s\n", r.Programs.BuiltIn)
	}
	const shown = 5 // earlier publications
	for _, p := range slices.Backward(r.Published[max(0, len(r.Published)-shown-1):max(0, len(r.Published)-1)]) {
		fmt.Fprintf(w, "  before     %s since %s, by %s\n", p.Hash, inZone(p.Since, nil), p.By)
	}
	fmt.Fprintf(w, "Rule tables  %s\nTime zones   %s\nCommand      %s, %s\n", r.Release.Tables, r.Release.TZ, r.Release.Version, r.Release.Go)
	for _, f := range r.Functions {
		fmt.Fprintf(w, "Function     %-12s %s %s\n", f.Name, cmp.Or(f.Code, "here"), f.Deployed)
	}
	for _, a := range r.Alarms {
		fmt.Fprintf(w, "ALARM        %s since %s: %s\n", a.Name, inZone(a.Since, nil), a.Because)
	}
	if r.simulated {
		fmt.Fprintln(w, "Alarms       the local stack has none")
	}
	for _, s := range r.Waiting {
		fmt.Fprintf(w, "Waiting      since %s: %s\n", inZone(s.Since, nil), s.What)
	}
	for _, what := range r.Unknown {
		fmt.Fprintf(w, "Not known    %s\n", what)
	}
}
