package operator

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// checkNotEmpty refuses flags that were given but are empty or have no effect. Ignoring them could send a campaign to
// everybody, or at once, and a text cannot be taken back.
func (f *campaignFlags) checkNotEmpty(cmd *cobra.Command) error {
	wrong := emptyFlags(cmd)
	if f.zone != "" && f.repeat == "" && !slices.ContainsFunc([]string{f.at, f.expires, f.until}, needsZone) {
		wrong = append(wrong, errors.New("--zone: no time is told by its clock, and one in RFC 3339 tells its own; "+
			`write one, as --at "tomorrow 10:00", or leave it out`))
	}
	if f.far && f.at == "" {
		wrong = append(wrong, errors.New("--far: says that --at is meant to be years away; write it, or leave --far out"))
	}
	if len(wrong) > 0 {
		return usageError{errors.Join(wrong...)}
	}
	return nil
}

// needsZone reports whether a time was written without its offset from UTC.
func needsZone(value string) bool {
	_, err := time.Parse(time.RFC3339, value)
	return value != "" && err != nil
}

// emptyFlags returns an error for each flag that was said and for which nothing was written.
func emptyFlags(cmd *cobra.Command) (wrong []error) {
	cmd.Flags().Visit(func(flag *pflag.Flag) {
		if empty(flag.Value) {
			wrong = append(wrong, fmt.Errorf(
				"--%s: it is empty, as where a variable of the shell is not set; write something, or leave it out", flag.Name))
		}
	})
	return wrong
}

// empty reports whether a flag is empty, or one of the values that it lists. Flags that parse their value refuse an
// empty one themselves.
func empty(v pflag.Value) bool {
	if list, ok := v.(pflag.SliceValue); ok {
		all := list.GetSlice()
		return len(all) == 0 || slices.ContainsFunc(all, func(s string) bool { return strings.TrimSpace(s) == "" })
	}
	return v.Type() == "string" && strings.TrimSpace(v.String()) == ""
}

// checkOnce refuses flags about the runs of a series for a campaign that is not repeated.
func (f *campaignFlags) checkOnce() error {
	const repeats = `there are runs only with --repeat, as --repeat "0 10 * * 1"; say it, or `
	switch {
	case f.times != 0:
		return usageError{errors.New("--times: " + repeats + "leave --times out: the campaign goes out once")}
	case f.until != "":
		return usageError{errors.New("--until: " + repeats + "write with --expires when the campaign ends")}
	case f.each != 0:
		return usageError{errors.New("--for: " + repeats + "write with --expires when the campaign ends")}
	default:
		return nil
	}
}

// setEach parses --for.
func (f *campaignFlags) setEach(value string) error {
	each, err := time.ParseDuration(value)
	if err != nil || each == 0 { // campaign.Series refuses a negative one
		return fmt.Errorf("%q is no time that a run takes; write one such as 48h", value)
	}
	f.each = each
	return nil
}

// unmade says what was not done.
func (f *campaignFlags) unmade() string {
	if f.editing {
		return "nothing was changed"
	}
	return "nothing was made"
}

// exactlyOne checks that a command has its one argument. how says what to write.
func exactlyOne(name, how string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch len(args) {
		case 1:
			return nil
		case 0:
			return usageError{fmt.Errorf("%s is required: write %s", name, how)}
		default:
			return usageError{fmt.Errorf("%s: write one; %q is too much", name, args[1])}
		}
	}
}
