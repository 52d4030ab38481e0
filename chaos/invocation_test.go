package chaos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// invocation is one run of a function.
type invocation struct {
	n         int
	function  string
	label     string
	event     *event
	trouble   *trouble
	calm      bool
	over      bool
	cancel    context.CancelFunc
	pace      *rand.Rand
	down      []service
	calls     int
	hurt      bool  // a call of it met a mishap
	changed   int64 // the first of its transactions that had effect
	changedAt time.Time
	looked    map[string]int64     // by phone: its last call of the table that was answered
	claimed   map[string]time.Time // by phone: its last write that had effect
	wrote     map[string]int64     // and the place of that
}

type invocationKey struct{}

func (i *invocation) ended() bool { return i.over }

func (i *invocation) String() string { return i.label }

// end ends a run in the middle. Call it with mu held.
func (w *world) end(i *invocation, where string) error {
	w.tell("  %s is ended %s", i, where)
	i.over = true
	i.cancel()
	return errEnded
}

// wait is how long a call is under way.
func (w *world) wait(ctx context.Context, i *invocation) error {
	if w.free || i.calm {
		return ctx.Err()
	}
	w.mu.Lock()
	d := time.Duration(1+i.pace.IntN(12)) * time.Millisecond
	if i.pace.IntN(40) == 0 {
		d = time.Duration(i.pace.IntN(2000)) * time.Millisecond
	}
	d += time.Duration(i.pace.IntN(1_000_000))
	w.mu.Unlock()
	return w.sleep(ctx, d)
}

// launch invokes the event's function. Call it with mu held.
func (w *world) launch(e *event) {
	if e.tries > 0 && e.deleted != nil && *e.deleted {
		return // its twin ended well since this one failed, and that deleted the message
	}
	w.running++
	w.runs++
	trouble, seed := e.trouble, e.seed
	if trouble == nil {
		trouble, seed = w.trouble, w.seed
	}
	e.tries++
	i := &invocation{
		n: w.runs, function: e.function, label: e.label, event: e, trouble: trouble, calm: e.calm, looked: map[string]int64{}, claimed: map[string]time.Time{}, wrote: map[string]int64{},
		pace: rand.New(rand.NewPCG(seed, w.paces[seed])),
	}
	w.paces[seed]++
	if i.label == "" {
		i.label = e.function
	}
	if e.calm {
		i.trouble = nil
	}
	if e.source == fromSchedule && e.cron == 0 {
		delete(w.schedules, e.name)
	}
	if e.cron > 0 && e.function == "audit" {
		w.followed = append(w.followed, w.now())
	}
	if e.cron > 0 {
		w.push(&event{due: w.nextRun(e), function: e.function, payload: e.payload, source: e.source, name: e.name, cron: e.cron, label: e.label})
	}
	go func() {
		if !w.free && !e.calm {
			time.Sleep(time.Duration(i.n%1000)*time.Microsecond + time.Duration(i.n))
		}
		out, err := w.invoke(i)
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ended(i, out, err)
		w.running--
		w.signal()
	}()
}

// ended is what follows the end of a run. Call it with mu held.
func (w *world) ended(i *invocation, out []byte, err error) {
	e := i.event
	if err == nil && e.source == fromQueue {
		var answer events.SQSEventResponse
		if json.Unmarshal(out, &answer) == nil && len(answer.BatchItemFailures) > 0 {
			err = fmt.Errorf("the function reports that the message failed")
		}
	}
	w.model.ended(i, out, err)
	if err != nil && e.source != fromAPI {
		w.tell("  %s fails: %v", i, err)
	}
	if e.done != nil {
		e.done(out, err)
	}
	if err == nil && e.deleted != nil {
		*e.deleted = true
	}
	if err == nil || (e.deleted != nil && *e.deleted) {
		return
	}
	again := *e
	again.trouble, again.seed, again.done = nil, 0, nil
	switch {
	case e.cron > 0 || e.source == fromAPI:
		return
	case e.source == fromQueue && e.tries < 5:
		again.due = w.now().Add(visibility(e.function))
	case e.source != fromQueue && e.tries < 3:
		again.due = w.now().Add(time.Duration(e.tries) * time.Minute)
	default:
		w.tell("  %s has failed for good; its event is kept", i)
		again.tries = 0
		w.dead = append(w.dead, &again)
		return
	}
	w.push(&again)
}

// invoke runs a function once, as Lambda does.
func (w *world) invoke(i *invocation) (out []byte, err error) {
	ctx := context.WithValue(context.Background(), invocationKey{}, i)
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: fmt.Sprintf("run-%d", i.n), InvokedFunctionArn: "arn:aws:lambda:us-east-1:" + account + ":function:smsconsent-" + i.function})
	ctx, cancel := context.WithTimeout(ctx, limit(i.function))
	defer cancel()
	w.mu.Lock()
	i.cancel = cancel
	f := w.instance(i.function)
	w.mu.Unlock()
	type result struct {
		out []byte
		err error
	}
	done := make(chan result, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- result{nil, fmt.Errorf("the function panicked: %v", p)}
			}
		}()
		out, err := f(ctx, i.event.payloadFor())
		done <- result{bytes.Clone(out), err} // the runtime keeps answers in a buffer that its next one goes to
	}()
	var r result
	select {
	case r = <-done:
	case <-ctx.Done():
		w.mu.Lock()
		if !i.over {
			i.over = true
			w.tell("  %s runs out of time and is ended", i)
		}
		w.mu.Unlock()
		r = <-done
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if i.over {
		return nil, errEnded
	}
	w.idle[i.function] = append(w.idle[i.function], f)
	return r.out, r.err
}

// payloadFor is the event as the function gets it.
func (e *event) payloadFor() []byte {
	if e.source != fromQueue {
		return e.payload
	}
	payload, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{
		MessageId: e.id, ReceiptHandle: fmt.Sprintf("%s/%d", e.id, e.tries), Body: e.body, EventSource: "aws:sqs", AWSRegion: "us-east-1",
		Attributes: map[string]string{"ApproximateReceiveCount": fmt.Sprint(e.tries)},
	}}})
	if err != nil {
		panic(err)
	}
	return payload
}

// instance is a process of the function that serves nobody at the moment. Call it with mu held.
func (w *world) instance(name string) function {
	if idle := w.idle[name]; len(idle) > 0 {
		w.idle[name] = idle[:len(idle)-1]
		return idle[len(idle)-1]
	}
	return w.deploy(name)
}
