// Package logs imitates Amazon CloudWatch Logs: it keeps the latest log lines of the functions.
package logs

import (
	"bytes"
	"cmp"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"smsconsent/local/account"
	"smsconsent/local/awsjson"
	"smsconsent/shared/edge/telemetry"
)

// maxKept is how many lines are kept. The oldest are dropped first.
const maxKept = 10_000

// Logs holds what the functions logged. It is safe for concurrent use.
type Logs struct {
	mu    sync.Mutex
	lines []line
	count int // of all lines ever written
}

type line struct {
	group string
	at    time.Time
	text  string
	id    int
}

// Tee returns a logger for a function that keeps its lines, and also passes them to another logger.
func (l *Logs) Tee(function string, log *slog.Logger, now func() time.Time) *slog.Logger {
	return slog.New(slog.NewMultiHandler(log.Handler(), l.Logger(function, now).Handler()))
}

// Logger returns a logger for a function that keeps its lines.
func (l *Logs) Logger(function string, now func() time.Time) *slog.Logger {
	return telemetry.NewLogger(writer{l, "/aws/lambda/" + account.StackName + "-" + function, now})
}

// writer keeps lines in a log group.
type writer struct {
	to    *Logs
	group string
	now   func() time.Time
}

var _ io.Writer = writer{}

// Write keeps one line.
func (w writer) Write(b []byte) (int, error) {
	w.to.mu.Lock()
	defer w.to.mu.Unlock()
	w.to.count++
	w.to.lines = append(w.to.lines, line{w.group, w.now(), string(bytes.TrimSpace(b)), w.to.count})
	w.to.lines = w.to.lines[max(0, len(w.to.lines)-maxKept):]
	return len(b), nil
}

type event struct {
	EventID       string `json:"eventId"`
	LogStreamName string `json:"logStreamName"`
	Message       string `json:"message"`
	Timestamp     int64  `json:"timestamp"` // ms
	IngestionTime int64  `json:"ingestionTime"`
}

type page struct {
	Events    []event `json:"events"`
	NextToken string  `json:"nextToken,omitempty"`
}

type filter struct {
	LogGroupName  string
	StartTime     int64
	EndTime       int64
	FilterPattern string
	NextToken     string
	Limit         int
}

// ServeHTTP answers FilterLogEvents. A filter pattern must be a single quoted term.
func (l *Logs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	awsjson.Operations{"FilterLogEvents": awsjson.Operation(l.filter)}.Serve(w, r)
}

func (l *Logs) filter(_ *http.Request, in filter) (page, *awsjson.Error) {
	after := 0
	if in.NextToken != "" {
		var err error
		if after, err = strconv.Atoi(in.NextToken); err != nil {
			return page{}, &awsjson.Error{Code: "InvalidParameterException", Text: "The specified nextToken is invalid."}
		}
	}
	if !strings.HasPrefix(in.LogGroupName, "/aws/lambda/"+account.StackName+"-") {
		return page{}, &awsjson.Error{Code: "ResourceNotFoundException", Text: "The specified log group does not exist."}
	}
	term := strings.Trim(in.FilterPattern, `"`)
	out := page{Events: []event{}}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, one := range l.lines {
		at := one.at.UnixMilli()
		if one.group != in.LogGroupName || one.id <= after || at < in.StartTime || in.EndTime != 0 && at > in.EndTime ||
			!strings.Contains(one.text, term) {
			continue
		}
		if len(out.Events) == cmp.Or(in.Limit, maxKept) {
			out.NextToken = out.Events[len(out.Events)-1].EventID
			break
		}
		out.Events = append(out.Events, event{strconv.Itoa(one.id), "local", one.text, at, at})
	}
	return out, nil
}
