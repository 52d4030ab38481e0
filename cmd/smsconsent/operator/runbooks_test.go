package operator

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/spf13/cobra"

	"smsconsent/shared/core/doctor"
)

// root is the folder of the repository.
const root = "../../.."

func contents(t *testing.T, path ...string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(append([]string{root}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// Whoever an alarm wakes finds its page by what the alarm says, and no page is about an alarm there is not.
func TestEachAlarmHasAPage(t *testing.T) {
	var pages []string
	files, err := filepath.Glob(filepath.Join(root, "docs", "runbooks", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		pages = append(pages, strings.TrimSuffix(filepath.Base(f), ".md"))
	}
	var alarms []string
	described := regexp.MustCompile(`AlarmName: !Sub "\$\{AWS::StackName\}-([a-z0-9-]+)"\n +AlarmDescription: (.+)\n`)
	for _, m := range described.FindAllStringSubmatch(contents(t, "template.yaml"), -1) {
		alarms = append(alarms, m[1])
		if !strings.HasSuffix(m[2], "See docs/runbooks/"+m[1]+".md") {
			t.Errorf("%s does not name its page: %s", m[1], m[2])
		}
		if !slices.Contains(pages, m[1]) {
			t.Errorf("no page says what to do about %s", m[1])
			continue
		}
		page := contents(t, "docs", "runbooks", m[1]+".md")
		for _, part := range []string{"# " + m[1] + "\n", "**What it does to people:**", "\n1. ", "**It is over when**"} {
			if !strings.Contains(page, part) {
				t.Errorf("the page of %s lacks %q", m[1], part)
			}
		}
	}
	if all := strings.Count(contents(t, "template.yaml"), "Type: AWS::CloudWatch::Alarm\n"); all != len(alarms) || all < 30 {
		t.Errorf("%d alarms, of which %d say what they are called and mean", all, len(alarms))
	}
	for _, p := range pages {
		if !slices.Contains(alarms, p) {
			t.Errorf("there is no alarm for the page %s", p)
		}
	}
}

// Each step of a page can be done as it stands: its commands are those there are, with flags they have.
func TestRunbooksNameCommandsThereAre(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root, "docs", "runbooks", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range append(files, filepath.Join(root, "docs", "operate.md")) {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range commandLines(string(raw)) {
			seen++
			if fault := faultOf(line); fault != "" {
				t.Errorf("%s: %s: %s", filepath.Base(f), line, fault)
			}
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`).FindAllStringSubmatch(string(raw), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(f), m[1])); err != nil {
				t.Errorf("%s leads to %s, which is not there", filepath.Base(f), m[1])
			}
		}
	}
	if seen < 80 {
		t.Errorf("only %d commands were read", seen)
	}
	for line, wrong := range map[string]bool{
		"smsconsent campaign list": false, "smsconsent campaign nosuch": true, "smsconsent logs --nosuch": true, "smsconsent nosuch": true,
		"smsconsent record a b": true, "aws lambda no-such-call": true, "rm -rf data": true,
	} {
		if (faultOf(line) != "") != wrong {
			t.Errorf("%s: %q", line, faultOf(line))
		}
	}
}

// Two stacks may stand in one account, so no page has anybody change one by a name that is of the other.
func TestPagesNameNoStackForGood(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	runbooks, also := filepath.Glob(filepath.Join(root, "docs", "runbooks", "*.md"))
	if err := errors.Join(err, also); err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`/smsconsent/[a-z]|smsconsent-(` + strings.Join(doctor.Functions(), "|") + `)([^a-z-]|$)|smsconsent-\$`)
	ofTheTwo := regexp.MustCompile(`cmd/smsconsent/`) // the command's own folder
	for _, p := range slices.Concat(pages, runbooks) {
		raw, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		page := ofTheTwo.ReplaceAllString(string(raw), "")
		if filepath.Base(p) == "doctor.md" {
			page, _, _ = strings.Cut(page, "## Try it") // which is of the local stack
		}
		for _, found := range named.FindAllString(page, -1) {
			t.Errorf("%s says %s, where $stack is what the stack is called", filepath.Base(p), found)
		}
	}
	if !strings.Contains(contents(t, "docs", "operate.md"), "call the stack `$stack`") {
		t.Error("nobody says what $stack is")
	}
}

// commandLines returns the lines of the code blocks of a page.
func commandLines(page string) (lines []string) {
	inside := false
	page = regexp.MustCompile(`\\\n\s*`).ReplaceAllString(page, "")
	for _, line := range strings.Split(page, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "```"):
			inside = !inside
		case inside && line != "" && !strings.HasPrefix(line, "#"):
			lines = append(lines, line)
		}
	}
	return lines
}

// faultOf says why a line cannot be run; empty where it can.
func faultOf(line string) string {
	line, _, _ = strings.Cut(line, "    #")
	if _, inner, ok := strings.Cut(line, "=$("); ok {
		line = strings.TrimSuffix(strings.TrimSpace(inner), ")")
	}
	var args []string
	for _, word := range regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(line, -1) {
		args = append(args, strings.Trim(word, `"`))
	}
	if args[0] == "aws" && len(args) > 2 && args[1] == "lambda" {
		var call string
		for _, part := range strings.Split(args[2], "-") {
			call += strings.ToUpper(part[:1]) + part[1:]
		}
		if _, ok := reflect.TypeFor[*lambda.Client]().MethodByName(call); !ok {
			return "Lambda knows no " + call
		}
		return ""
	}
	if len(args) > 2 && slices.Equal(args[:3], []string{"aws", "iam", "attach-role-policy"}) {
		return ""
	}
	if args[0] == "curl" && strings.Contains(line, "--aws-sigv4") && strings.Contains(line, `"$API_URL/optouts"`) {
		return ""
	}
	if args[0] != "smsconsent" {
		return "nobody knows the command"
	}
	command, rest, err := rootCommand().Find(args[1:])
	switch {
	case err != nil:
		return err.Error()
	case !command.Runnable() || command.HasSubCommands() && len(rest) > 0:
		return "there is no such command"
	}
	if err := command.ParseFlags(rest); err != nil {
		return err.Error()
	}
	if err := validated(command); err != nil {
		return err.Error()
	}
	return ""
}

func validated(c *cobra.Command) error {
	if err := c.ValidateRequiredFlags(); err != nil {
		return err
	}
	return c.ValidateArgs(c.Flags().Args())
}
