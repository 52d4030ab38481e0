package operator

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"smsconsent/local/conversation"
)

func demoCommand() *cobra.Command {
	var address string
	var people int
	c := &cobra.Command{
		Use:   "demo",
		Short: "Play a conversation of each kind on a local stack, to look at in the console",
		Long: `Play conversations on the local stack: signing up, YES, HELP, all the ways to say stop, coming back, and texts that
are none of these. Each has its own phone. The console shows what the phone texted, what came back, and the record. At
the end the clock is a day ahead, for a request that is confirmed too late.

It fails where the answers are not those expected with the programs.yaml of the repository.

With --people it signs up that many people instead, through the real functions. They have all area codes and three
languages. Some say nothing, NO or STOP. Some get digests only, because they have shown no sign of reading for half a
year. Their numbers are fictional.`,
		Example: `  smsconsent demo
  smsconsent demo --people 20000
  smsconsent demo --url http://localhost:8081`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			u, err := url.Parse(address)
			if err != nil || u.Host == "" || u.Scheme != "http" {
				return usageError{
					fmt.Errorf("--url: %q is not the address of a local stack, such as http://localhost:8080", address),
				}
			}
			s := stage{url: strings.TrimSuffix(address, "/"), client: http.DefaultClient}
			if cmd.Flags().Changed("people") {
				w, err := newCrowd(s, people)
				if err != nil {
					return err
				}
				return w.signUpAll(cmd.Context(), people, cmd.OutOrStdout(), cmd.ErrOrStderr())
			}
			return s.play(cmd.Context(), cmd.OutOrStdout(), conversation.All())
		},
	}
	c.Flags().IntVar(&people, "people", 0, "sign up this many people, instead of playing conversations")
	c.Flags().StringVar(&address, "url", "http://localhost:8080", "where the local stack runs")
	return c
}

// stage is the local stack that conversations are played on.
type stage struct {
	url    string
	client *http.Client
}

// play plays all conversations and prints a table of the answers. It returns an error that lists the wrong ones.
func (s stage) play(ctx context.Context, out io.Writer, conversations []conversation.Conversation) error {
	for _, c := range conversations {
		if talk, err := s.screen(ctx, c.Phone); err != nil {
			return err
		} else if len(talk) > 0 {
			return fmt.Errorf("phone %s has had texts already; play on a local stack that was not played on", c.Phone)
		}
	}
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"phone", "somebody who …", "texted last", "and was answered"})
	var wrong []string
	for _, c := range conversations {
		var said string
		var back []string
		for _, line := range c.Lines {
			var err error
			if back, err = s.say(ctx, c.Phone, line); err != nil {
				return fmt.Errorf("play %q: %w", c.Case, err)
			}
			said = line.Says
			if !line.Matches(back) {
				got, want := quoted(back...), quoted(line.Answer)
				wrong = append(wrong, fmt.Sprintf("%s: %q was answered %s, not %s", c.Phone, said, got, want))
			}
		}
		t.AppendRow(table.Row{c.Phone, c.Case, cutTo(said, 40), cutTo(cmp.Or(strings.Join(back, " / "), nothing), 60)})
	}
	t.Render()
	fmt.Fprintf(out, "\nLook at them: %s/\n", s.url)
	if len(wrong) > 0 {
		return fmt.Errorf("the wrong answers came back:\n  %s", strings.Join(wrong, "\n  "))
	}
	return nil
}

// nothing is printed where no text came back.
const nothing = "(nothing)"

func quoted(texts ...string) string {
	all := make([]string, 0, len(texts))
	for _, t := range texts {
		if t != "" {
			all = append(all, strconv.Quote(t))
		}
	}
	return cmp.Or(strings.Join(all, " and "), nothing)
}

// say sends one line from the phone, and returns the texts that came back.
func (s stage) say(ctx context.Context, phone string, line conversation.Line) ([]string, error) {
	var clock struct{ Now time.Time }
	if err := s.call(ctx, http.MethodGet, "/clock", nil, &clock); err != nil {
		return nil, err
	}
	if err := s.call(ctx, http.MethodPut, "/clock", map[string]any{"now": clock.Now.Add(line.Wait)}, nil); err != nil {
		return nil, err
	}
	before, err := s.screen(ctx, phone)
	if err != nil {
		return nil, err
	}
	text := map[string]any{"to": line.To, "body": line.Says}
	if err := s.call(ctx, http.MethodPost, "/handsets/"+url.PathEscape(phone), text, nil); err != nil {
		return nil, err
	}
	after, err := s.screen(ctx, phone)
	if err != nil {
		return nil, err
	}
	return after[len(before):], nil
}

// screen returns the texts on a phone, oldest first.
func (s stage) screen(ctx context.Context, phone string) ([]string, error) {
	var talk []struct{ Direction, Body string }
	if err := s.call(ctx, http.MethodGet, "/handsets/"+url.PathEscape(phone), nil, &talk); err != nil {
		return nil, err
	}
	var shown []string
	for _, m := range talk {
		if m.Direction == "in" {
			shown = append(shown, m.Body)
		}
	}
	return shown, nil
}

func (s stage) call(ctx context.Context, method, path string, in, out any) error {
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return fmt.Errorf("encode %s %s: %w", method, path, err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, &body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("%w; is a local stack running there? Start one with: make run", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s answered %s: %s", method, path, resp.Status, strings.TrimSpace(string(answer)))
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("read the answer to %s %s: %w", method, path, err)
	}
	return nil
}

func cutTo(text string, runes int) string {
	if r := []rune(text); len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return text
}
