package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"smsconsent/local"
)

func demoCommand() *cobra.Command {
	var address string
	c := &cobra.Command{
		Use:   "demo",
		Short: "Play a conversation of each kind on a local stack, to look at in its console",
		Long: `Play conversations on the local stack: signing up, YES, HELP, all the ways to say stop, coming back, and what is none of
these. Each has a phone of its own; the console shows what it texted, what came back, and the record. At the end the clock is a day
further on, for the request that was confirmed too late.`,
		Example: `  smsconsent demo
  smsconsent demo --url http://localhost:8081`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			u, err := url.Parse(address)
			if err != nil || u.Host == "" || u.Scheme != "http" {
				return usageError{fmt.Errorf("--url: %q is not the address of a local stack, such as http://localhost:8080", address)}
			}
			s := stage{url: strings.TrimSuffix(address, "/"), client: http.DefaultClient}
			return s.play(cmd.Context(), cmd.OutOrStdout())
		},
	}
	c.Flags().StringVar(&address, "url", "http://localhost:8080", "where the local stack runs")
	return c
}

// stage is the local stack conversations are played on.
type stage struct {
	url    string
	client *http.Client
}

// play plays them all and lists them.
func (s stage) play(ctx context.Context, out io.Writer) error {
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"phone", "somebody who …", "texted last", "and was answered"})
	for _, c := range local.Conversations() {
		var said, back string
		for _, line := range c.Lines {
			if err := s.say(ctx, c.Phone, line); err != nil {
				return fmt.Errorf("play %q: %w", c.Case, err)
			}
			said, back = line.Says, line.Answer
		}
		if back == "" {
			back = "(nothing)"
		}
		t.AppendRow(table.Row{c.Phone, c.Case, cutTo(said, 40), cutTo(back, 60)})
	}
	t.Render()
	_, err := fmt.Fprintf(out, "\nLook at them: %s/\n", s.url)
	return err
}

func (s stage) say(ctx context.Context, phone string, line local.Line) error {
	if line.Wait > 0 {
		var clock struct{ Now time.Time }
		if err := s.call(ctx, http.MethodGet, "/clock", nil, &clock); err != nil {
			return err
		}
		if err := s.call(ctx, http.MethodPut, "/clock", map[string]any{"now": clock.Now.Add(line.Wait)}, nil); err != nil {
			return err
		}
	}
	return s.call(ctx, http.MethodPost, "/handsets/"+url.PathEscape(phone), map[string]any{"to": line.To, "body": line.Says}, nil)
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
