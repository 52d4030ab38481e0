package operator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"
)

type textFlags struct {
	brand, topic, text, template, id, expires, content, says string
	notMarketing                                             bool
	fields                                                   map[string]string
	json                                                     bool
}

func textCommand() *cobra.Command {
	var f textFlags
	c := &cobra.Command{
		Use:   "text PHONE",
		Short: "Text one person, if the gate lets the text go",
		Long: `Have the stack text one person, as other systems do by POST /texts. The text follows the same rules as any other.
Where it may go only later, it waits, and is sent before --expires.

With --id the same text is sent once, however often the command runs. Fields of the text without --field get the
person's stored values (smsconsent attributes).`,
		Example: `  smsconsent text +12065550142 --topic orders --text "Example Corp.: your order has shipped."
  smsconsent text +12065550142 --topic orders --template shipped --field order=4711 --id order-4711 --json`,
		Args: exactlyOne("PHONE", "a number such as +12065550142"),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, err := sendText(cmd, args[0], f)
			return err
		},
	}
	c.Flags().StringVar(&f.brand, "brand", "", "brand ID (default: the first of programs.yaml)")
	c.Flags().StringVar(&f.topic, "topic", "", "topic ID (required)")
	c.Flags().StringVar(&f.text, "text", "", "what to send (this or --template)")
	c.Flags().StringVar(&f.template, "template", "", "a template of the topic in programs.yaml")
	c.Flags().StringToStringVar(&f.fields, "field", nil, "the value of a field, NAME=VALUE; may be repeated")
	c.Flags().StringVar(&f.id, "id", "", "an ID of your own, so that the text is sent only once (default: a new one)")
	c.Flags().StringVar(&f.expires, "expires", "", "not at or after this instant, RFC 3339 (default: in a day)")
	c.Flags().StringVar(&f.content, "content", "", "the ID of the same content on other channels")
	c.Flags().BoolVar(&f.notMarketing, "not-marketing", false, "a transactional text with words that sell is not an advertisement; needs --says")
	c.Flags().StringVar(&f.says, "says", "", "the name of the person who vouches for that; it is recorded with the text")
	c.Flags().BoolVar(&f.json, "json", false, `print {"status","id","until","rule","because"} as JSON`)
	return c
}

// notMarketing is the field of a request for the person who says that the text is not marketing.
const notMarketing = "not_marketing"

// textAnswer is the part of the API's answer that people are shown.
type textAnswer struct {
	Status   string     `json:"status"`
	ID       string     `json:"id"`
	Until    *time.Time `json:"until"`
	Rule     string     `json:"rule"`
	Because  string     `json:"because"`
	Citation string     `json:"citation"`
	First    string     `json:"first"`
}

// sendText has the stack text one person, and prints the answer.
func sendText(cmd *cobra.Command, number string, f textFlags) (textAnswer, error) {
	brand, err := brandWithTopic(cmd, f.brand, f.topic)
	if err != nil {
		return textAnswer{}, err
	}
	f.brand = brand.ID
	a, body, err := f.order(cmd.Context(), number)
	if err != nil {
		return a, err
	}
	if f.json {
		return a, printJSON(cmd.OutOrStdout(), json.RawMessage(body))
	}
	a.show(cmd.OutOrStdout())
	return a, nil
}

// order has the stack text one person. It returns the answer, and also its body.
func (f *textFlags) order(ctx context.Context, number string) (a textAnswer, body []byte, err error) {
	if f.notMarketing != (f.says != "") {
		return a, nil, usageError{errors.New("--says: write --not-marketing --says NAME where somebody answers for the text, or neither")}
	}
	order := map[string]any{"brand": f.brand, "topic": f.topic, "phone": number}
	for name, value := range map[string]string{
		"text": f.text, "template": f.template, "id": f.id, "expires": f.expires, "content": f.content,
		notMarketing: f.says,
	} {
		if value != "" {
			order[name] = value
		}
	}
	if len(f.fields) > 0 {
		order["fields"] = f.fields
	}
	body, err = callAPI(ctx, http.MethodPost, "/texts", attachTexts, order, &a, func() bool { return a.Status != "" })
	if errors.Is(err, errUnanswered) {
		err = fmt.Errorf("the text may have gone; ask again with the same --id to be sure: %w", err)
	}
	return a, body, err
}

// show prints the answer for people.
func (a *textAnswer) show(w io.Writer) {
	fmt.Fprintf(w, "%s, as %s", a.Status, a.ID)
	if a.First != "" {
		fmt.Fprintf(w, "; it was %s before", a.First)
	}
	if a.Until != nil {
		fmt.Fprintf(w, ", until %s", a.Until.Format(time.RFC3339))
	}
	fmt.Fprintln(w)
	if a.Rule != "" {
		fmt.Fprintf(w, "By rule %s: %s", a.Rule, a.Because)
		if a.Citation != "" {
			fmt.Fprintf(w, " (%s)", a.Citation)
		}
		fmt.Fprintln(w)
	}
}
