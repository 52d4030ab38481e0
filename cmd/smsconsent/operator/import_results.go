package operator

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"smsconsent/shared/core/signup"
)

// Results of a row beside those that the API answers.
const (
	rowRefused signup.Status = "refused" // the API did not accept the request; the message says what to fix
	rowFailed  signup.Status = "failed"  // no reliable answer came
)

// importResult is the result of one row.
type importResult struct {
	status  signup.Status
	at      time.Time // when the answer came
	retryAt time.Time // not to be tried again before this; zero where the row is done
	message string
}

// done reports whether nothing is left to do for the row.
func (r importResult) done() bool { return r.retryAt.IsZero() }

// importResults is the CSV file of the results of all rows. Each result is written at once, so that an interrupted
// import can be continued.
type importResults struct {
	file *os.File
	last map[string]importResult
}

// openResults opens or creates the file, and reads it. It cuts off half a line at the end, which is left behind when
// the machine loses power.
func openResults(path string) (*importResults, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600) // it holds phone numbers
	if err != nil {
		return nil, err
	}
	r := &importResults{file: file}
	whole, err := r.read(file)
	if err == nil {
		err = file.Truncate(whole)
	}
	if err == nil && whole == 0 {
		err = r.write(resultsHeader())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return r, nil
}

// readResults reads the file without changing it. A file that does not exist holds no results.
func readResults(path string) (*importResults, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return &importResults{}, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r := &importResults{}
	if _, err := r.read(file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

func resultsHeader() []string {
	return []string{"line", "phone", "brand", "topics", "status", "at", "again", "message"}
}

var errNoResults = errors.New("is no file of results; move it away to begin anew")

// read reads the whole lines of the file, and returns how many bytes they are.
func (r *importResults) read(file *os.File) (whole int64, err error) {
	end, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	if whole, err = wholeLines(file, end); err != nil {
		return 0, err
	}
	if whole == 0 && end > 0 {
		return 0, errNoResults
	}
	return whole, r.parse(io.NewSectionReader(file, 0, whole))
}

// wholeLines returns how many bytes of a file end with a whole line.
func wholeLines(file io.ReaderAt, end int64) (int64, error) {
	const block = 4096
	for end > 0 {
		from := max(0, end-block)
		b := make([]byte, end-from)
		if _, err := file.ReadAt(b, from); err != nil {
			return 0, err
		}
		if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
			return from + int64(i) + 1, nil
		}
		end = from
	}
	return 0, nil
}

func (r *importResults) parse(from io.Reader) error {
	r.last = map[string]importResult{}
	in := csv.NewReader(from)
	in.ReuseRecord = true
	first, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil || !slices.Equal(first, resultsHeader()) {
		return errNoResults
	}
	for {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w; mend the line, or move the file away to begin anew", err)
		}
		line, _ := in.FieldPos(0)
		var again time.Time
		if fields[6] != "" {
			if again, err = time.Parse(time.RFC3339, fields[6]); err != nil {
				return fmt.Errorf("line %d, again: not an instant; mend the line, or move the file away to begin anew", line)
			}
		}
		r.last[fields[1]+" "+fields[2]+" "+fields[3]] = importResult{
			status:  signup.Status(strings.Clone(fields[4])),
			retryAt: again,
		}
	}
}

// of returns the status and the retry time of a question when it was last asked, and whether it was asked before.
func (r *importResults) of(q signup.Question) (importResult, bool) {
	last, ok := r.last[askedOf(q)]
	return last, ok
}

// askedOf returns a key for a question, from the person and the topics. Line numbers would not do, for they change
// when the list is corrected.
func askedOf(q signup.Question) string {
	return string(q.Key.Phone) + " " + q.Key.Brand + " " + topicsOf(q)
}

func topicsOf(q signup.Question) string {
	ids := make([]string, len(q.Topics))
	for i, t := range q.Topics {
		ids[i] = t.ID
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// add writes the result of a row to the file at once.
func (r *importResults) add(row signup.Row, res importResult) error {
	again := ""
	if !res.retryAt.IsZero() {
		again = res.retryAt.UTC().Format(time.RFC3339)
	}
	q := row.Question
	return r.write([]string{
		strconv.Itoa(
			row.Line,
		),
		string(q.Key.Phone),
		q.Key.Brand,
		topicsOf(q),
		string(res.status),
		res.at.UTC().Format(time.RFC3339),
		again,
		strings.Join(strings.Fields(res.message), " "),
	})
}

func (r *importResults) write(fields []string) error {
	var line bytes.Buffer
	out := csv.NewWriter(&line)
	if err := out.Write(fields); err != nil {
		return err
	}
	out.Flush()
	_, err := r.file.Write(line.Bytes())
	return err
}

func (r *importResults) close() error { return r.file.Close() }
