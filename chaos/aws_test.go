package chaos_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"smsconsent/local/sns"
)

// service is one of AWS's, as far as the functions call it.
type service string

const (
	theTable  service = "table"
	theSMS    service = "carrier"
	theLists  service = "opt-out list"
	theQueues service = "queue"
	theClock  service = "scheduler"
	theDesk   service = "topic of what people should read"
	theBucket service = "bucket of reports"
)

const reportsBucket = "reports"

// call is one call of AWS a function makes.
type call struct {
	service service
	name    string // of the operation, such as "UpdateItem"
	body    []byte
	by      *invocation
	request *http.Request
	lost    bool // its answer will be
}

// writes reports whether the call changes anything.
func (c *call) writes() bool {
	switch c.name {
	case "GetItem", "BatchGetItem", "Query", "Scan", "DescribeOptedOutNumbers", "GetSchedule", "ListSchedules", "GetObject":
		return false
	default:
		return true
	}
}

// wire is the HTTP client of all AWS clients of the functions. What it does not answer by itself goes to the table.
type wire struct{ w *world }

func (c wire) Do(r *http.Request) (*http.Response, error) {
	body := []byte{}
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	by, _ := r.Context().Value(invocationKey{}).(*invocation)
	return c.w.call(r.Context(), parse(r, body, by))
}

func parse(r *http.Request, body []byte, by *invocation) *call {
	c := &call{body: body, by: by, request: r}
	prefix, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	c.name = operation
	switch {
	case strings.HasPrefix(prefix, "DynamoDB"):
		c.service = theTable
	case prefix == "AmazonSQS":
		c.service = theQueues
	case prefix == "PinpointSMSVoiceV2" && operation == "SendTextMessage":
		c.service = theSMS
	case prefix == "PinpointSMSVoiceV2":
		c.service = theLists
	case strings.HasPrefix(r.URL.Path, "/"+reportsBucket):
		c.service, c.name = theBucket, map[string]string{http.MethodPut: "PutObject", http.MethodGet: "GetObject"}[r.Method]
	case prefix == "" && r.URL.Path == "/":
		c.service, c.name = theDesk, "Publish"
	case strings.HasPrefix(r.URL.Path, "/schedules/"):
		c.service = theClock
		c.name = map[string]string{http.MethodPost: "CreateSchedule", http.MethodGet: "GetSchedule", http.MethodDelete: "DeleteSchedule", http.MethodPut: "UpdateSchedule"}[r.Method]
	}
	return c
}

// Why a call has no answer.
var (
	errEnded = errors.New("the function was ended")
	errReset = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	errDial  = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
)

// call answers one call, as the weather and the faults have it. An invocation that was ended does nothing any more;
// that it still runs in this process nobody outside can see.
func (w *world) call(ctx context.Context, c *call) (*http.Response, error) {
	if c.by == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.answer(c)
	}
	if err := w.wait(ctx, c.by); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if c.by.ended() {
		return nil, errEnded
	}
	w.calls++
	c.by.calls++
	if c.by.calm {
		return w.answer(c)
	}
	kind := w.fault(c)
	c.by.hurt = c.by.hurt || kind != none
	switch kind {
	case endBefore:
		return nil, w.end(c.by, "before "+c.what())
	case held:
		w.tell("  %s: %s takes long to arrive", c.by, c.what())
		w.mu.Unlock()
		err := w.sleep(ctx, 5*time.Second)
		w.mu.Lock()
		if err != nil || c.by.ended() {
			return nil, errEnded
		}
	case broken:
		w.tell("  %s: the connection breaks before %s", c.by, c.what())
		w.never(c)
		return nil, errReset
	case down:
		w.tell("  %s: from %s on the %s does not answer", c.by, c.what(), c.service)
		c.by.down = append(c.by.down, c.service)
	}
	if slices.Contains(c.by.down, c.service) {
		w.never(c)
		return nil, errReset
	}
	if response, err := w.weather(c); response != nil || err != nil {
		return response, err
	}
	c.lost = kind == lost || kind == lostLate || kind == lostForGood
	response, err := w.answer(c)
	if err != nil {
		return nil, err
	}
	w.saw(c, response.StatusCode)
	switch kind {
	case endAfter:
		return nil, w.end(c.by, "after "+c.what())
	case lost, lostLate, lostForGood:
		w.tell("  %s: %s takes effect and its answer is lost", c.by, c.what())
		if kind == lostLate {
			w.mu.Unlock()
			_ = w.sleep(ctx, 5*time.Second)
			w.mu.Lock()
		}
		if kind == lostForGood {
			c.by.down = append(c.by.down, c.service)
		}
		return nil, errReset
	case slow:
		w.tell("  %s: the answer to %s takes long", c.by, c.what())
		w.mu.Unlock()
		err := w.sleep(ctx, 25*time.Second)
		w.mu.Lock()
		if err != nil {
			return nil, err
		}
	}
	return response, nil
}

// saw keeps what an answered call means for what its run may know. Call it with mu held.
func (w *world) saw(c *call, status int) {
	order := w.next()
	if c.service != theTable {
		return
	}
	for _, p := range phones() {
		if bytes.Contains(c.body, []byte(p)) {
			c.by.looked[p] = order
			if c.writes() && status < 300 {
				c.by.claimed[p], c.by.wrote[p] = w.now(), order
			}
		}
	}
	if c.writes() && status < 300 {
		if c.name == "TransactWriteItems" && c.by.changed == 0 {
			c.by.changed, c.by.changedAt = order, w.now()
		}
	}
}

// what names the call as the story tells it.
func (c *call) what() string { return c.name }

// never keeps that the carrier never had a text whose sender cannot know about it.
func (w *world) never(c *call) {
	if c.service != theSMS {
		return
	}
	t := w.handed(c)
	t.outcome = outcomeLost
	w.model.text(t)
}

// answer does what the call asks for.
func (w *world) answer(c *call) (*http.Response, error) {
	switch c.service {
	case theTable:
		return w.store.do(c)
	case theSMS:
		return w.send(c), nil
	case theLists:
		return w.list(c), nil
	case theQueues:
		return w.enqueue(c), nil
	case theClock:
		return w.schedule(c), nil
	case theDesk:
		return c.passOn(sns.New(time.Now, func() {})), nil
	case theBucket:
		return c.passOn(w.bucket), nil
	default:
		w.broken("chaos: nobody answers %s %s", c.request.URL.Path, c.name)
		return refusal(http.StatusBadRequest, "UnknownOperationException", nil), nil
	}
}

// passOn has the local stack's imitation of a service answer the call.
func (c *call) passOn(service http.Handler) *http.Response {
	r := c.request.Clone(context.Background())
	r.Body = io.NopCloser(bytes.NewReader(c.body))
	w := httptest.NewRecorder()
	service.ServeHTTP(w, r)
	return w.Result()
}

func reply(status int, v any) *http.Response {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// refusal is an error as AWS answers it: named in the body (JSON 1.0) and in a header (REST-JSON).
func refusal(status int, code string, more map[string]string) *http.Response {
	body := map[string]string{"__type": code, "message": code, "Message": code}
	for k, v := range more {
		body[k] = v
	}
	r := reply(status, body)
	r.Header.Set("X-Amzn-Errortype", code)
	return r
}

func (w *world) enqueue(c *call) *http.Response {
	var in struct {
		QueueURL string `json:"QueueUrl"`
		Entries  []struct {
			ID           string `json:"Id"`
			MessageBody  string
			DelaySeconds int
		}
		MessageBody  string
		DelaySeconds int
	}
	if err := json.Unmarshal(c.body, &in); err != nil {
		w.broken("chaos: %s cannot be read: %v", c.name, err)
	}
	queue := path.Base(in.QueueURL)
	sum := func(body string) string { s := md5.Sum([]byte(body)); return hex.EncodeToString(s[:]) }
	switch c.name {
	case "SendMessageBatch":
		done := []map[string]string{}
		for _, e := range in.Entries {
			id := w.put(queue, e.MessageBody, time.Duration(e.DelaySeconds)*time.Second)
			done = append(done, map[string]string{"Id": e.ID, "MessageId": id, "MD5OfMessageBody": sum(e.MessageBody)})
		}
		return reply(http.StatusOK, map[string]any{"Successful": done, "Failed": []string{}})
	case "SendMessage":
		id := w.put(queue, in.MessageBody, time.Duration(in.DelaySeconds)*time.Second)
		return reply(http.StatusOK, map[string]string{"MessageId": id, "MD5OfMessageBody": sum(in.MessageBody)})
	default:
		w.broken("chaos: nobody answers %s", c.name)
		return refusal(http.StatusBadRequest, "UnknownOperationException", nil)
	}
}

var atExpression = regexp.MustCompile(`^at\((.*)\)$`)

func (w *world) schedule(c *call) *http.Response {
	name := path.Base(c.request.URL.Path)
	switch c.name {
	case "CreateSchedule":
		var in struct {
			ScheduleExpression string
			Target             struct{ Arn, Input string }
		}
		if err := json.Unmarshal(c.body, &in); err != nil {
			w.broken("chaos: CreateSchedule cannot be read: %v", err)
		}
		m := atExpression.FindStringSubmatch(in.ScheduleExpression)
		if m == nil {
			w.broken("chaos: a schedule %q", in.ScheduleExpression)
			return refusal(http.StatusBadRequest, "ValidationException", nil)
		}
		at, err := time.Parse("2006-01-02T15:04:05", m[1])
		if err != nil || at.Before(w.now()) {
			return refusal(http.StatusBadRequest, "ValidationException", nil)
		}
		if w.schedules[name] {
			return refusal(http.StatusConflict, "ConflictException", nil)
		}
		w.schedules[name] = true
		e := event{due: at, function: in.Target.Arn[strings.LastIndexByte(in.Target.Arn, '-')+1:], payload: []byte(in.Target.Input), source: fromSchedule, name: name}
		w.push(&e)
		if w.now().Before(w.skies[echoing]) {
			twin := e
			w.push(&twin)
		}
		return reply(http.StatusOK, map[string]string{"ScheduleArn": "arn:aws:scheduler:us-east-1:000000000000:schedule/default/" + name})
	case "GetSchedule":
		if !w.schedules[name] {
			return refusal(http.StatusNotFound, "ResourceNotFoundException", nil)
		}
		return reply(http.StatusOK, map[string]string{"Name": name})
	case "DeleteSchedule":
		if !w.schedules[name] {
			return refusal(http.StatusNotFound, "ResourceNotFoundException", nil)
		}
		delete(w.schedules, name)
		w.events = slices.DeleteFunc(w.events, func(e *event) bool { return e.source == fromSchedule && e.name == name })
		return reply(http.StatusOK, struct{}{})
	default:
		w.broken("chaos: nobody answers %s", c.name)
		return refusal(http.StatusBadRequest, "UnknownOperationException", nil)
	}
}

var requestToken = regexp.MustCompile(`"ClientRequestToken":"[^"]{16}([^"]*)"`)

// store is the table the histories are played on.
type store struct {
	name     string
	client   aws.HTTPClient
	endpoint string // empty where the client takes any

	// asked and answered hand a call to a goroutine outside the clock of a history, for the clock must stand still while a
	// socket is waited for; nil where there is no socket.
	asked    chan *http.Request
	answered chan answered
}

type answered struct {
	response *http.Response
	err      error
}

func (s *store) do(c *call) (*http.Response, error) {
	if s.asked == nil {
		r := c.request.Clone(context.Background())
		r.Body = io.NopCloser(bytes.NewReader(c.body))
		return s.client.Do(r)
	}
	// Histories of one seed draw the same tokens, and DynamoDB knows a token by itself, whatever the table.
	body := requestToken.ReplaceAll(c.body, []byte(`"ClientRequestToken":"`+s.name+`-$1"`))
	r, err := http.NewRequest(c.request.Method, s.endpoint+c.request.URL.Path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = c.request.Header.Clone()
	s.asked <- r
	a := <-s.answered
	return a.response, a.err
}

// serve answers calls from within histories until the channel is closed.
func (s *store) serve() {
	for r := range s.asked {
		response, err := s.client.Do(r)
		if err == nil {
			var body []byte
			body, err = io.ReadAll(response.Body)
			_ = response.Body.Close()
			response.Body = io.NopCloser(bytes.NewReader(body))
		}
		s.answered <- answered{response, err}
	}
}

// number is a count as the story tells it.
func number(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
