package operator

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/edge/gateway"
)

type mayFlags struct {
	brand, topic, text, decision string
	explain, json                bool
}

func mayCommand() *cobra.Command {
	var f mayFlags
	c := &cobra.Command{
		Use:   "may [PHONE]",
		Short: "Ask whether a text may go to a person now, without sending it",
		Long: `Ask the stack's API, as other systems do, whether a text on a topic may go to a person now. Nothing is claimed or
written. Without --text the words are assumed to be right: to begin with the brand's name, and to say how to opt out
where that is due.

Each answer has the ID of a decision. --decision reads a decision back, and with a PHONE says whether it was about
that phone. To see what every rule said at that instant, use smsconsent explain --at.`,
		Example: `  smsconsent may +12065550142 --topic orders
  smsconsent may +12065550142 --topic alerts --text "Example Corp.: open today." --explain
  smsconsent may --decision ZXhhbXBsZXxhbGVydHN8 --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			number := ""
			if len(args) > 0 {
				number = args[0]
			}
			if cmd.Flags().Changed("decision") {
				return readDecision(cmd, number, f)
			}
			return may(cmd, number, f)
		},
	}
	c.Flags().StringVar(&f.brand, "brand", "", "brand ID (default: the first of programs.yaml)")
	c.Flags().StringVar(&f.topic, "topic", "", "topic ID (required)")
	c.Flags().StringVar(&f.text, "text", "", "the text, if it is known already")
	c.Flags().BoolVar(&f.explain, "explain", false, "show what every rule says")
	c.Flags().StringVar(&f.decision, "decision", "", "ID of a past decision to read back")
	c.Flags().BoolVar(&f.json, "json", false, "print JSON")
	return c
}

// mayAnswer is the part of the API's answer that people are shown. A past decision is answered alike.
type mayAnswer struct {
	Phone    phone.Number      `json:"phone"`
	Brand    string            `json:"brand"` // the API sends Brand and Topic only with a past decision; may sets them itself
	Topic    string            `json:"topic"`
	Verdict  string            `json:"verdict"`
	Until    *time.Time        `json:"until"`
	Rule     string            `json:"rule"`
	Because  string            `json:"because"`
	Citation string            `json:"citation"`
	At       time.Time         `json:"at"`
	Decision string            `json:"decision"`
	Policy   string            `json:"policy"`
	Problems []message.Problem `json:"problems"`
	Rules    []gate.Line       `json:"rules"`
}

// may asks whether a text may be sent.
func may(cmd *cobra.Command, number string, f mayFlags) error {
	if number == "" {
		return usageError{errors.New("PHONE is required: a number such as +12065550142")}
	}
	brand, err := brandWithTopic(cmd, f.brand, f.topic)
	if err != nil {
		return err
	}
	question := map[string]any{"brand": brand.ID, "topic": f.topic, "phone": number, "explain": f.explain}
	if cmd.Flags().Changed("text") {
		question["text"] = f.text
	}
	a, body, err := mayCall(cmd, http.MethodPost, "/may", question)
	if err != nil {
		return err
	}
	a.Brand, a.Topic = brand.ID, f.topic
	return a.show(cmd.OutOrStdout(), body, f.json)
}

// readDecision reads back a past decision.
func readDecision(cmd *cobra.Command, number string, f mayFlags) error {
	for _, other := range []string{"brand", "topic", "text", "explain"} {
		if cmd.Flags().Changed(other) {
			return usageError{errors.New("--" + other + ": the decision says it; leave it out")}
		}
	}
	if raw, err := base64.RawURLEncoding.DecodeString(f.decision); err != nil || len(raw) == 0 {
		return usageError{errors.New("--decision: give the ID that may answered with, whole")}
	}
	path := "/may/" + f.decision
	if number != "" {
		path += "?phone=" + url.QueryEscape(number)
	}
	a, body, err := mayCall(cmd, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	return a.show(cmd.OutOrStdout(), body, f.json)
}

// mayCall calls the API. It returns the answer, and also its body.
func mayCall(cmd *cobra.Command, method, path string, v any) (a mayAnswer, body []byte, err error) {
	body, err = callAPI(cmd.Context(), method, path, attachTexts, v, &a, func() bool { return a.Verdict != "" })
	return a, body, err
}

// errUnanswered means that nobody knows whether the API did what it was asked.
var errUnanswered = errors.New("no answer")

// attachTexts says how to get the right to call the function texts.
const attachTexts = "attach the policy TextsPolicyArn of the stack's outputs to the people who use them"

// callAPI calls a route of the API, decodes the answer into a, and returns its body. answered reports whether a holds
// an answer afterwards. attach says how to get the right to call the route; it goes into the error where AWS denies
// it. The error wraps errUnanswered where no answer came.
func callAPI(ctx context.Context, method, path, attach string, v, a any, answered func() bool) ([]byte, error) {
	stack, err := openAPI(ctx)
	if err != nil {
		return nil, err
	}
	code, body, err := stack.call(ctx, method, path, v)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errUnanswered, err)
	}
	if code != http.StatusOK {
		return nil, refusalOf(code, body, attach)
	}
	if err := json.Unmarshal(body, a); err != nil || !answered() {
		return nil, fmt.Errorf("%s answered what is no answer: it is not the API of smsconsent", stack.url)
	}
	return body, nil
}

// absentError means that nothing is stored about a phone. The command decides whether that is the user's mistake.
type absentError struct{ usageError }

func (e absentError) Unwrap() error { return e.usageError }

// refusalOf returns the error for a refusal by the API. It names arguments the way the command line does. attach goes
// into the error where AWS denies the call.
func refusalOf(code int, body []byte, attach string) error {
	var r gateway.RefusalBody
	_ = json.Unmarshal(body, &r) // r stays empty where the body is something else
	why, field := r.Error.Message, "--"+r.Error.Field
	if name, is := strings.CutPrefix(r.Error.Field, "fields."); is {
		field = "--field " + name
	}
	switch r.Error.Field {
	case phone.FieldPhone:
		field = "PHONE"
	case notMarketing:
		field = "--says"
	}
	if short, is := strings.CutSuffix(why, ": "+notMarketing); is {
		why = short + vouchFlags
	}
	switch {
	case code == http.StatusForbidden || code == http.StatusUnauthorized:
		return errors.New("the API refuses these AWS credentials: " + attach)
	case code == http.StatusNotFound && r.Error.Field == phone.FieldPhone:
		return absentError{usageError{errors.New(field + ": " + why)}}
	case r.Error.Field != "":
		return usageError{errors.New(field + ": " + why)}
	case why != "":
		return errors.New(why)
	default:
		return fmt.Errorf("the API answered %d %s", code, http.StatusText(code))
	}
}

// show prints the answer in words, or body unchanged where asJSON.
func (a *mayAnswer) show(w io.Writer, body []byte, asJSON bool) error {
	if asJSON {
		return printJSON(w, json.RawMessage(body))
	}
	zones := zonesAbout(a.Phone, phone.Told{})
	fmt.Fprintf(w, "%s/%s, at %s: %s", a.Brand, a.Topic, inZone(a.At, zones), a.Verdict)
	if a.Until != nil {
		fmt.Fprintf(w, " until %s", inZone(*a.Until, zones))
	}
	fmt.Fprintln(w)
	if a.Rule != "" {
		fmt.Fprintf(w, "By rule %s", a.Rule)
		if a.Because != "" {
			fmt.Fprintf(w, ": %s", a.Because)
		}
		if a.Citation != "" {
			fmt.Fprintf(w, " (%s)", a.Citation)
		}
		fmt.Fprintln(w)
	}
	for _, p := range a.Problems {
		fmt.Fprintf(w, "%s: %s\n", p.Severity, p.Text)
	}
	if a.Policy != "" {
		fmt.Fprintf(w, "Answered under policy %s.\n", a.Policy)
	}
	fmt.Fprintf(w, "Decision %s\n", a.Decision)
	if len(a.Rules) > 0 {
		printRules(w, a.Rules)
	}
	return nil
}

// zonesAbout returns the time zones the phone may be in, by its number and by what the person told us. There are none
// where the phone cannot be located.
func zonesAbout(n phone.Number, told phone.Told) []string {
	area, err := phone.Locate(n, told)
	if err != nil {
		return nil
	}
	places, err := area.Places()
	if err != nil {
		return nil
	}
	return zonesOf(places)
}
