package operator

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// onStdout is the file name that stands for standard output.
const onStdout = "-"

// unprinted complains of JSON asked for where standard output gets the page.
func unprinted(asJSON bool, file string) error {
	if asJSON && file == onStdout {
		return usageError{errors.New("--json: the page goes to standard output; name a file with --html, or leave out --json")}
	}
	return nil
}

// writePage writes a page to the file that --html names. On standard output nothing else should be printed then.
func writePage(stdout io.Writer, file string, html []byte) error {
	if file == onStdout {
		_, err := stdout.Write(html)
		return err
	}
	if err := os.WriteFile(file, html, 0o600); err != nil {
		return usageError{fmt.Errorf("--html: %w", err)}
	}
	return nil
}
