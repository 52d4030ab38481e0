package wiring_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"smsconsent"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/table"
	"smsconsent/shared/edge/telemetry"
	"smsconsent/shared/edge/wiring"
	"smsconsent/shared/testkit/wired"
)

// published is a function over a table in which programs are put in force.
type published struct {
	*wiring.Deployment
	t        *testing.T
	tab      *table.Table
	dynamodb dynamodb.HTTPClient
	clock    time.Time
	log      bytes.Buffer
	asked    int  // calls of DynamoDB
	down     bool // DynamoDB is
	number   int64
	function lambda.Handler
}

func newPublished(t *testing.T) *published {
	t.Helper()
	store := stores.Memory(t)
	p := &published{
		Deployment: wired.Stack(t), t: t, tab: table.New(store.Client, store.Table, consent.Ledger{}),
		dynamodb: store.Client.Options().HTTPClient,
	}
	p.clock = p.Now()
	p.Now = func() time.Time { return p.clock }
	p.Log, p.Metrics = telemetry.NewLogger(&p.log), telemetry.New(&p.log, "test", p.Now)
	p.Getenv = func(string) string { return store.Table }
	p.AWS = wiring.AWSFrom(func(string) string { return "local" })
	p.AWS.BaseEndpoint, p.AWS.HTTPClient, p.AWS.RetryMaxAttempts = aws.String("http://dynamodb"), p, 1
	p.LooksForPrograms()
	return p
}

// Do is DynamoDB as the function reaches it.
func (p *published) Do(r *http.Request) (*http.Response, error) {
	p.asked++
	if p.down {
		return nil, errors.New("DynamoDB is down")
	}
	return p.dynamodb.Do(r)
}

// publish puts a programs.yaml in force and returns its hash.
func (p *published) publish(text string) string {
	p.t.Helper()
	sum := sha256.Sum256([]byte(text))
	hash := hex.EncodeToString(sum[:])
	p.number++
	err := p.tab.StorePrograms(p.t.Context(), hash, []byte(text))
	if err := errors.Join(err, p.tab.Publish(p.t.Context(), program.Publication{Number: p.number, Hash: hash})); err != nil {
		p.t.Fatal(err)
	}
	return hash
}

// opened starts the function. Each event is answered with the hash of the programs it was served under, and how often
// DynamoDB had been asked by then.
func (p *published) opened(stopper bool) {
	p.t.Helper()
	type answer struct {
		Hash  string
		Asked int
	}
	var err error
	p.function, err = wiring.Open(p.t.Context(), p.Deployment, func(_ context.Context, d *wiring.Deployment) (lambda.Handler, error) {
		h := lambda.NewHandler(func() (answer, error) { return answer{d.Catalog.Hash(), p.asked}, nil })
		if stopper {
			return stopping{h}, nil
		}
		return h, nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.asked = 0
}

// stopping is a handler that people opt out by.
type stopping struct{ lambda.Handler }

func (stopping) Stops(payload []byte) bool { return string(payload) == `"STOP"` }

// serves tests an event after a time: under which programs it is served, behind how many calls of DynamoDB, and how
// many there are in all by the end.
func (p *published) serves(after time.Duration, hash string, before, inAll int) {
	p.t.Helper()
	p.handles(`{}`, after, hash, before, inAll)
}

// handles does what serves does, with that event.
func (p *published) handles(event string, after time.Duration, hash string, before, inAll int) {
	p.t.Helper()
	p.clock, p.asked = p.clock.Add(after), 0
	out, err := p.function.Invoke(p.t.Context(), []byte(event))
	if err != nil {
		p.t.Fatal(err)
	}
	want := `{"Hash":"` + hash + `","Asked":` + string(rune('0'+before)) + `}`
	if string(out) != want || p.asked != inAll {
		p.t.Errorf("served %s with %d calls, want %s with %d", out, p.asked, want, inAll)
	}
}

func variant(of string) string { return string(smsconsent.Programs()) + "# " + of + "\n" }

// A function serves under what is in force: what is built in until somebody publishes, and newer programs within a
// minute, for one call a minute.
func TestAFunctionServesUnderTheProgramsInForce(t *testing.T) {
	p := newPublished(t)
	builtIn := p.Catalog.Hash()
	p.opened(false)
	p.serves(0, builtIn, 0, 0)
	p.serves(time.Minute, builtIn, 1, 1)
	one := p.publish(variant("one"))
	p.serves(59*time.Second, builtIn, 0, 0)
	p.serves(time.Second, one, 2, 2)
	p.serves(time.Minute, one, 1, 1)
	p.opened(false)
	p.serves(0, one, 0, 0)
}

// Nothing stands between a STOP and its record: who hears STOPs looks for newer programs when it is done with one, and
// before it begins with anything else.
func TestAStopWaitsForNoLook(t *testing.T) {
	p := newPublished(t)
	builtIn := p.Catalog.Hash()
	p.opened(true)
	one := p.publish(variant("one"))
	const stop = `"STOP"`
	p.handles(stop, time.Hour, builtIn, 0, 2)
	p.handles(stop, time.Second, one, 0, 0)
	p.handles(stop, time.Hour, one, 0, 1)
	two := p.publish(variant("two"))
	p.serves(time.Second, one, 0, 0)
	p.serves(time.Hour, two, 2, 2)
}

// Programs that cannot be read leave those in force that were: at a start what is built in. Each is told of.
func TestProgramsThatCannotBeReadChangeNothing(t *testing.T) {
	for name, spoil := range map[string]func(p *published){
		"the table is down":         func(p *published) { p.down = true },
		"made by another release":   func(p *published) { p.publish("brands: one day a list of maps\n") },
		"not what its hash says":    func(p *published) { p.forge() },
		"named and not to be found": func(p *published) { p.name("gone") },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPublished(t)
			builtIn := p.Catalog.Hash()
			spoil(p)
			p.opened(false)
			told := p.log.String()
			if !strings.Contains(told, "ProgramsNotRead") || !strings.Contains(told, "cannot look for newer programs") {
				t.Errorf("nobody hears of it: %s", told)
			}
			calls := p.failing()
			p.serves(time.Second, builtIn, 0, 0)
			p.serves(time.Minute, builtIn, calls, calls)
			p.down = false
			last := p.publish(variant("mended"))
			p.serves(time.Minute, last, 2, 2)
			spoil(p)
			p.serves(time.Minute, last, p.failing(), p.failing())
		})
	}
}

// failing is how many calls a look makes that fails.
func (p *published) failing() int {
	if p.down {
		return 1
	}
	return 2
}

// forge puts a text in force under the hash of another.
func (p *published) forge() {
	p.t.Helper()
	if err := p.tab.StorePrograms(p.t.Context(), "aa", []byte(variant("forged"))); err != nil {
		p.t.Fatal(err)
	}
	p.name("aa")
}

// name puts in force what is stored under a hash.
func (p *published) name(hash string) {
	p.t.Helper()
	p.number++
	if err := p.tab.Publish(p.t.Context(), program.Publication{Number: p.number, Hash: hash}); err != nil {
		p.t.Fatal(err)
	}
}
