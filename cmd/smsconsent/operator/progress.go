package operator

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// isTerminal reports whether somebody watches what is written to w.
func isTerminal(w io.Writer) bool {
	screen, ok := w.(*os.File)
	return ok && term.IsTerminal(int(screen.Fd()))
}

// withProgress is the file, which shows on a terminal how much of it was read, and elsewhere nothing.
func withProgress(file *os.File, w io.Writer) io.Reader {
	info, err := file.Stat()
	if !isTerminal(w) || err != nil || !info.Mode().IsRegular() {
		return file
	}
	bar := progressbar.NewOptions64(info.Size(), progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true),
		progressbar.OptionClearOnFinish())
	read := progressbar.NewReader(file, bar)
	return &read
}
