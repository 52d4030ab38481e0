package operator

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// isTerminal reports whether somebody watches what is written there, or writes what is read: where it is the terminal,
// or says so itself.
func isTerminal(stream any) bool {
	if says, ok := stream.(interface{ IsTerminal() bool }); ok {
		return says.IsTerminal()
	}
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
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
