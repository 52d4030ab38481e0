package operator

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// isTerminal reports whether a stream is a terminal, or says that it is one.
func isTerminal(stream any) bool {
	if says, ok := stream.(interface{ IsTerminal() bool }); ok {
		return says.IsTerminal()
	}
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// withProgress returns a reader of the file. On a terminal it shows how much of a regular file was read.
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
