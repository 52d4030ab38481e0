package operator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/keyword"
)

// longestReply is how many bytes a line may have: a text has at most 6,400, but a file of them may come from anywhere.
const longestReply = 4 << 20

// reading is one line as classify --json prints it.
type reading struct {
	Text       string       `json:"text"`
	Kind       keyword.Kind `json:"kind"`
	Why        string       `json:"why"`
	Confidence float64      `json:"confidence"`
}

type classifyFlags struct {
	languages []string
	json      bool
}

func classifyCommand() *cobra.Command {
	var f classifyFlags
	c := &cobra.Command{
		Use:   "classify",
		Short: "Tell what replies mean, one a line, and why",
		Long: `Read replies from standard input, one a line, and print for each what a person means by it and the rule that says so:
kind, tab, why. The kinds are opt-out, opt-in, confirm, help, wrong-number, preferences and other; docs/keywords.md explains them.
Works offline. A line may have 4 MB; an error names the one that has more.`,
		Example: `  echo "Can I stop by at 5?" | smsconsent classify
  smsconsent classify --lang en,es --json <replies.txt
  smsconsent classify    # type replies, end with Ctrl-D`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("lang") {
				if err := knownLanguages(f.languages); err != nil {
					return err
				}
			}
			return classify(cmd.InOrStdin(), cmd.OutOrStdout(), f)
		},
	}
	c.Flags().StringSliceVar(&f.languages, "lang", nil, "ISO 639-1 codes of the languages to understand (default: all)")
	c.Flags().BoolVar(&f.json, "json", false, `print one JSON object a line: {"text","kind","why","confidence"}`)
	return c
}

// knownLanguages brings the codes to the form that keyword knows, or says which there are.
func knownLanguages(codes []string) error {
	known := keyword.Languages()
	if len(codes) == 0 {
		return usageError{fmt.Errorf("--lang: name at least one of %s", strings.Join(known, ", "))}
	}
	for i, code := range codes {
		codes[i] = strings.ToLower(strings.TrimSpace(code))
		if !slices.Contains(known, codes[i]) {
			return usageError{fmt.Errorf("--lang: %q is none of %s", code, strings.Join(known, ", "))}
		}
	}
	return nil
}

// classify reads lines and writes what each means. What has been read is answered before more is waited for.
func classify(r io.Reader, w io.Writer, f classifyFlags) error {
	in, out := bufio.NewReaderSize(r, 64<<10), bufio.NewWriter(w)
	vocabulary := keyword.Vocabulary{Languages: f.languages}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	var line []byte
	for number := 1; ; number++ {
		var err error
		line, err = readLine(in, line[:0])
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return errors.Join(out.Flush(), fmt.Errorf("line %d: %w", number, err))
		}
		text := string(line)
		meant := vocabulary.Classify(text)
		if f.json {
			err = enc.Encode(reading{Text: text, Kind: meant.Kind, Why: meant.Why, Confidence: meant.Confidence})
		} else {
			_, err = fmt.Fprintf(out, "%s\t%s\n", meant.Kind, meant.Why)
		}
		if err == nil && in.Buffered() == 0 {
			err = out.Flush()
		}
		if err != nil {
			return fmt.Errorf("write what line %d means: %w", number, err)
		}
	}
}

// readLine appends the next line, without its ending, to a buffer. At the end of the input it returns io.EOF, unless
// the last line lacks an ending.
func readLine(in *bufio.Reader, line []byte) ([]byte, error) {
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > longestReply:
			return nil, fmt.Errorf("longer than %d MB: put each reply on a line of its own", longestReply>>20)
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) == 0:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		}
		return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), nil
	}
}
