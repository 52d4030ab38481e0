package operator

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// withProgress is the file, which shows on a terminal how much of it was read, and elsewhere nothing.
func withProgress(file *os.File, w io.Writer) io.Reader {
	screen, ok := w.(*os.File)
	info, err := file.Stat()
	if !ok || !term.IsTerminal(int(screen.Fd())) || err != nil || !info.Mode().IsRegular() {
		return file
	}
	bar := progressbar.NewOptions64(info.Size(), progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true),
		progressbar.OptionClearOnFinish())
	read := progressbar.NewReader(file, bar)
	return &read
}
