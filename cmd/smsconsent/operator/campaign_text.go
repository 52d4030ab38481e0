package operator

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/wording"
	"smsconsent/shared/edge/wiring"
)

// wordFlags are the flags for a campaign's texts, and for who vouches for what the rules do not allow without that.
type wordFlags struct {
	text                 string
	texts                map[string]*string // in other languages, by ISO 639-1 code
	files                []string           // files with texts
	notMarketing, urgent bool
	says                 string
	stdin                io.Reader       // read for a file called -
	interrupted          <-chan struct{} // closed once nobody waits for a file any more
}

// add adds the flags to a command. Every language has one, but the help only shows the languages that we have texts
// in.
func (f *wordFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.text, "text", "", "what to send, in the topic's language (required)")
	f.texts = map[string]*string{}
	for _, code := range wording.AllLanguages() {
		flag := "text-" + code
		f.texts[code] = c.Flags().String(flag, "", "the same for people of that language")
		if !wording.IsOurs(code) {
			_ = c.Flags().MarkHidden(flag) // fails only for a flag that does not exist
		}
	}
	c.Flags().StringArrayVar(&f.files, "text-file", nil, "read the text from this file, or a translation, as in es=texto.txt; - is standard input")
	c.Flags().BoolVar(&f.notMarketing, "not-marketing", false, "a transactional text with words that sell is not an advertisement; needs --says")
	c.Flags().BoolVar(&f.urgent, "urgent", false, "a transactional text can't wait for the permitted hours; needs --says")
	c.Flags().StringVar(&f.says, "says", "", "the name of the person who vouches for that; it is recorded with each text")
}

// words is a campaign's checked texts.
type words struct {
	text     string
	texts    map[string]string // by language
	vouched  message.Vouched
	problems []message.Problem // worth knowing, but they do not prevent the campaign
}

// check checks the flags, and completes the texts.
func (f *wordFlags) check(brand *program.Brand, prog *program.Program) (w words, err error) {
	if err := f.read(); err != nil {
		return w, err
	}
	if w.vouched, err = f.vouch(prog); err != nil {
		return w, err
	}
	if w.text, err = w.word(brand, prog, "--text", f.text); err != nil {
		return w, err
	}
	links, err := message.Links(w.text)
	for _, code := range slices.Sorted(maps.Keys(f.texts)) {
		if *f.texts[code] == "" {
			continue
		}
		flag := "--text-" + code
		text, wrong := w.word(brand, prog, flag, *f.texts[code])
		if wrong != nil {
			return w, wrong
		}
		if there, wrong := message.Links(text); wrong != nil || !slices.Equal(there, links) {
			return w, usageError{fmt.Errorf("%s: its {link:…} are not those of --text; write the same ones in the same order", flag)}
		}
		if w.texts == nil {
			w.texts = map[string]string{}
		}
		w.texts[code] = text
	}
	return w, err
}

// maxTextFile is how many bytes of a file with a text are read, more than any text has.
const maxTextFile = 1 << 16

// empty reports whether there is no text in any language. Files must have been read.
func (f *wordFlags) empty() bool {
	for _, text := range f.texts {
		if *text != "" {
			return false
		}
	}
	return f.text == ""
}

// read reads the texts from files.
func (f *wordFlags) read() error {
	for _, name := range f.files {
		text, flag := &f.text, "--text"
		if code, file, ok := strings.Cut(name, "="); ok && f.texts[code] != nil {
			text, flag, name = f.texts[code], "--text-"+code, file
		}
		content, err := f.awaitFile(name)
		switch {
		case errors.Is(err, errInterrupted):
			return err
		case err != nil:
			return usageError{fmt.Errorf("--text-file: %w", err)}
		case content == "":
			return usageError{fmt.Errorf("--text-file: %s is empty; write the text into it, or leave it out", name)}
		case *text != "":
			return usageError{fmt.Errorf("--text-file: %s: the text is told twice; leave out %s or one of the files", name, flag)}
		}
		*text = content
	}
	f.files = nil
	return nil
}

// awaitFile reads a file as readFile does, until the command is interrupted: a terminal or a pipe may never end.
func (f *wordFlags) awaitFile(name string) (string, error) {
	type read struct {
		content string
		err     error
	}
	done := make(chan read, 1)
	go func() {
		content, err := f.readFile(name)
		done <- read{content, err}
	}()
	select {
	case r := <-done:
		return r.content, r.err
	case <-f.interrupted:
		return "", errInterrupted
	}
}

// readFile returns the text in a file, without a byte order mark at its beginning and line endings at its end. Between
// its lines it has one character, as on every phone.
func (f *wordFlags) readFile(name string) (string, error) {
	from := f.stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return "", err
		}
		defer file.Close()
		from = file
	}
	content, err := io.ReadAll(io.LimitReader(from, maxTextFile+1))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	if len(content) > maxTextFile {
		return "", fmt.Errorf("%s holds more than %d bytes, and no text is as long; name the file with the text", name, maxTextFile)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(content), "\uFEFF"), "\r\n", "\n")
	return strings.TrimRight(text, "\r\n"), nil
}

// word checks one text, and puts the brand's name in front where it belongs there.
func (w *words) word(brand *program.Brand, prog *program.Program, flag, text string) (string, error) {
	if message.HasLink(text) && brand.Links == "" {
		return "", usageError{fmt.Errorf(
			"%s: %s is not set, so the length of its links is not known: export the stack's outputs (docs/deploy.md#campaigns)",
			flag, wiring.LinksURL,
		)}
	}
	for _, p := range message.Check(brand, prog, text) {
		if p.MayBeVouched() {
			p.Text += vouchFlags
		}
		if p.Stops(w.vouched) {
			return "", usageError{fmt.Errorf("%s: %s", flag, p.Text)}
		}
		if p.Severity == message.Error {
			p.Severity = message.Warning // somebody vouches for it
		}
		p.Text = flag + ": " + p.Text
		w.problems = append(w.problems, p)
	}
	if prog.Class == program.Promotional {
		return message.WithBrand(brand, text), nil
	}
	return text, nil
}

// vouchFlags are the flags by which somebody vouches for a text.
const vouchFlags = ": --not-marketing --says NAME"

// vouch returns who vouches for what.
func (f *wordFlags) vouch(prog *program.Program) (message.Vouched, error) {
	var v message.Vouched
	switch {
	case !f.notMarketing && !f.urgent && f.says != "":
		return v, usageError{errors.New("--says: goes with --not-marketing or --urgent, for which somebody answers")}
	case !f.notMarketing && !f.urgent:
		return v, nil
	case prog.Class == program.Promotional && f.urgent:
		return v, usageError{errors.New("--urgent: no promotional text is sent outside of the permitted hours; leave it out")}
	case prog.Class == program.Promotional:
		return v, usageError{errors.New("--not-marketing: the topic is promotional, and may advertise; leave it out")}
	}
	if err := message.CheckVoucher(f.says); err != nil {
		return v, usageError{fmt.Errorf("--says: %w", err)}
	}
	if f.notMarketing {
		v.NotMarketing = f.says
	}
	if f.urgent {
		v.Urgent = f.says
	}
	return v, nil
}

// vouchedLine says who vouches for a campaign; empty where nobody has to.
func vouchedLine(v message.Vouched) string {
	line := ""
	if v.NotMarketing != "" {
		line += fmt.Sprintf("Not marketing, says %s\n", v.NotMarketing)
	}
	if v.Urgent != "" {
		line += fmt.Sprintf("Urgent at any hour, says %s\n", v.Urgent)
	}
	return line
}
