package operator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/keyword"
)

// maxLine is how many bytes a line may have. A text has at most 6,400 bytes, but the file may hold anything.
const maxLine = 4 << 20

// reading is what one line means, as classify --json prints it.
type reading struct {
	Text       string       `json:"text"`
	Kind       keyword.Kind `json:"kind"`
	Why        string       `json:"why"`
	Confidence float64      `json:"confidence"`
}

type classifyFlags struct {
	languages []string
	country   string
	json      bool
	labelled  bool
	explain   bool
}

func classifyCommand() *cobra.Command {
	var f classifyFlags
	c := &cobra.Command{
		Use:   "classify [FILE]",
		Short: "Tell what replies mean, and why",
		Long: `Read replies from a file or from standard input, one on each line. For each, print what the person means and the rule
that says so: kind, tab, why. For a file, the number of replies of each kind follows on standard error.
docs/keywords.md explains the kinds. Works offline. A line may have 4 MB; the error for a longer one has its number.

With --explain it prints how each reply was read: its words as written, as looked up and as known, and their classes
in the files of shared/core/keyword/lang; the languages that know most of them; and, for each language it was read in,
the sections of rules in their order, the rules that were tried and those that fit. A rule is tried where it may begin
and the message has the words it needs.

With --country replies are read as from phones of that country: its languages come first, and the words that its law
counts as an opt-out are read like STOP.

With --labelled each line is label, tab, reply, where the label is the right kind. A language may stand between them:
label, tab, language, tab, reply. It prints how many replies were read right, and each that was not.`,
		Example: `  smsconsent classify replies.txt
  echo "Can I stop by at 5?" | smsconsent classify
  smsconsent classify --lang en,es --json replies.txt
  echo "REM" | smsconsent classify --country NZ
  echo "Hi, pls srop texting me!" | smsconsent classify --explain
  smsconsent classify --labelled labelled.tsv
  smsconsent classify    # type replies, end with Ctrl-D`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.explain && f.labelled {
				return usageError{errors.New("--explain and --labelled: name one of them")}
			}
			if cmd.Flags().Changed("lang") {
				if err := knownLanguages(f.languages); err != nil {
					return err
				}
			}
			if f.country = strings.ToUpper(f.country); f.country != "" {
				if err := knownPlace("--country", f.country); err != nil {
					return err
				}
			}
			if len(args) == 0 {
				return f.run(cmd.InOrStdin(), cmd.OutOrStdout(), io.Discard)
			}
			file, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer func() { _ = file.Close() }() // only read
			return f.run(withProgress(file, cmd.ErrOrStderr()), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	c.Flags().StringSliceVar(&f.languages, "lang", nil, "ISO 639-1 codes of the languages to understand (default: all)")
	c.Flags().StringVar(&f.country, "country", "", "country of the phones, such as NZ (default: none in particular)")
	c.Flags().BoolVar(&f.json, "json", false, `print JSON: an object on each line, {"text","kind","why","confidence"}`)
	c.Flags().BoolVar(&f.labelled, "labelled", false, "measure against the label that each line begins with")
	c.Flags().BoolVar(&f.explain, "explain", false, "print the words, their classes and the rules tried as well")
	return c
}

func (f classifyFlags) run(r io.Reader, out, sums io.Writer) error {
	if f.labelled {
		return measure(r, out, f)
	}
	return classify(r, out, sums, f)
}

func (f classifyFlags) vocabulary() keyword.Vocabulary {
	return keyword.Vocabulary{
		Languages: f.languages, Place: keyword.SpokenIn(f.country), OptOut: jurisdiction.OptOutWords(f.country),
	}
}

// knownLanguages puts the codes in lower case in place. The error for an unknown one lists the known codes.
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

// classify writes what each line of r means to w, and then the number of replies of each kind to sums. It flushes
// before it waits for more input, so that somebody who types gets an answer to each line.
func classify(r io.Reader, w, sums io.Writer, f classifyFlags) error {
	out := bufio.NewWriter(w)
	vocabulary := f.vocabulary()
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	kinds := map[keyword.Kind]int{}
	err := eachReply(r, func(number int, line []byte, idle bool) error {
		text := string(line)
		var how keyword.Explanation
		if f.explain {
			how = vocabulary.Explain(text)
		} else {
			how.Intent = vocabulary.Classify(text)
		}
		meant := how.Intent
		kinds[meant.Kind]++
		short := reading{Text: text, Kind: meant.Kind, Why: meant.Why, Confidence: meant.Confidence}
		var err error
		switch {
		case f.explain && f.json:
			err = enc.Encode(readingInFull{
				reading: short, Language: meant.Language, Cut: how.Cut, Spoken: how.Spoken, Readings: how.Readings,
			})
		case f.explain:
			err = printReading(out, text, &how)
		case f.json:
			err = enc.Encode(short)
		default:
			_, err = fmt.Fprintf(out, "%s\t%s\n", meant.Kind, meant.Why)
		}
		if err == nil && idle {
			err = out.Flush()
		}
		if err != nil {
			return fmt.Errorf("write what line %d means: %w", number, err)
		}
		return nil
	})
	if err := errors.Join(out.Flush(), err); err != nil {
		return err
	}
	return sumUp(sums, kinds)
}

// sumUp prints how many replies there were of each kind, the most frequent first.
func sumUp(w io.Writer, kinds map[keyword.Kind]int) error {
	all := slices.SortedFunc(maps.Keys(kinds), func(a, b keyword.Kind) int {
		if kinds[a] != kinds[b] {
			return kinds[b] - kinds[a]
		}
		return strings.Compare(string(a), string(b))
	})
	for _, kind := range all {
		if _, err := fmt.Fprintf(w, "%8d  %s\n", kinds[kind], kind); err != nil {
			return fmt.Errorf("write the sums: %w", err)
		}
	}
	return nil
}

// eachReply calls do for each line of r, without its line ending. Lines are numbered from 1. idle means that the next
// line is not there yet.
func eachReply(r io.Reader, do func(number int, line []byte, idle bool) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	var line []byte
	for number := 1; ; number++ {
		var err error
		line, err = readLine(in, line[:0])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		if err := do(number, line, in.Buffered() == 0); err != nil {
			return err
		}
	}
}

// readLine appends the next line, without its ending, to line. At the end of the input it returns io.EOF. A last line
// without an ending counts as a line.
func readLine(in *bufio.Reader, line []byte) ([]byte, error) {
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxLine:
			return nil, fmt.Errorf("longer than %d MB: put each reply on a line of its own", maxLine>>20)
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
