package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/schollz/progressbar/v3"
	"github.com/sourcegraph/conc/pool"

	"smsconsent/local/account"
	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/gate"
	"smsconsent/shared/core/keyword"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/signup"
	"smsconsent/shared/edge/outbox"
	consenttable "smsconsent/shared/edge/table"
)

// demoWorkers is how many people do something at a time. It is enough to keep the cores of a stack busy.
const demoWorkers = 8

// So many of a hundred people do something else than just answer YES.
const (
	fadedOf100   = 10 // answered YES half a year ago, and show no sign of reading since
	silentOf100  = 5  // do not answer
	leftOf100    = 3  // answer YES, and text STOP later
	refusedOf100 = 2  // answer NO
)

// crowd signs people up at a local stack through its real functions: a request as a shop would post it, and then the
// phone's answer.
type crowd struct {
	stage
	requests *requests
	catalog  *program.Catalog
	brand    *program.Brand
	program  *program.Program
	topic    *program.Topic
	phones   []phone.Number
}

// someone is a person of the crowd.
type someone struct {
	n      int
	phone  phone.Number
	zip    string // set for people who live elsewhere than their number says
	locale string
	faded  bool
	says   []string // what the phone answers
}

// newCrowd prepares n people for the first promotional topic of the first brand.
func newCrowd(s stage, n int) (*crowd, error) {
	c, err := Catalog()
	if err != nil {
		return nil, err
	}
	w := &crowd{stage: s, catalog: c, brand: &c.Brands[0]}
	for i := range w.brand.Programs {
		if p := &w.brand.Programs[i]; w.topic == nil && p.Topics[0].Class == program.Promotional {
			w.program, w.topic = p, &p.Topics[0]
		}
	}
	if w.topic == nil {
		return nil, errors.New("the first brand of programs.yaml has no promotional topic")
	}
	g, err := gate.New(c)
	if err != nil {
		return nil, err
	}
	w.phones = fictional(func(n phone.Number) bool {
		_, err := w.request(someone{phone: n}, time.Time{}).Check(c, g, time.Time{})
		return err == nil
	})
	if n < 1 || n > len(w.phones) {
		return nil, usageError{fmt.Errorf("--people: %d is not between 1 and %d, as many fictional numbers as there are", n, len(w.phones))}
	}
	w.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: demoWorkers}}
	return w, nil
}

// fictional returns fictional phones from the places where asked allows it: 555-0100 to 555-0199 of each North
// American area code (NANPA), and the numbers that Arcep and Ofcom reserve for films. The countries take turns.
func fictional(asked func(phone.Number) bool) (all []phone.Number) {
	var ranges []string
	for code := 201; code < 990; code++ {
		ranges = append(ranges, fmt.Sprintf("+1%d55501", code))
	}
	for i := range 100 {
		ranges = append(ranges, fmt.Sprintf("+3363998%02d", i))
	}
	for i := range 10 {
		ranges = append(ranges, fmt.Sprintf("+447700900%d", i))
	}
	ranges = slices.DeleteFunc(ranges, func(r string) bool {
		n, err := phone.Parse(r + "42")
		return err != nil || !asked(n)
	})
	for last := range 100 {
		for _, r := range ranges {
			all = append(all, phone.Number(fmt.Sprintf("%s%02d", r, last)))
		}
	}
	return all
}

// person returns the owner of the nth phone. It returns the same person at each call.
func (w *crowd) person(n int) someone {
	p := someone{n: n, phone: w.phones[n], locale: "en", says: []string{"YES"}}
	switch country := p.phone.Country(); {
	case country == "FR":
		p.locale = "fr"
	case country == "US" && n%4 == 0:
		p.locale = "es"
	}
	if p.phone.Country() == "US" && n%7 == 0 {
		p.zip = []string{"96813", "10001", "98101", "60601", "80202"}[n/7%5]
	}
	switch of := n * 37 % 100; {
	case of < fadedOf100:
		p.faded = true
	case of < fadedOf100+silentOf100:
		p.says = nil
	case of < fadedOf100+silentOf100+leftOf100:
		p.says = []string{"YES", "STOP"}
	case of < fadedOf100+silentOf100+leftOf100+refusedOf100:
		p.says = []string{"NO"}
	}
	return p
}

// request returns the person's sign-up, dated at.
func (w *crowd) request(p someone, at time.Time) signup.Request {
	return signup.Request{
		Brand: w.brand.ID, Topics: []string{w.topic.ID}, Phone: string(p.phone), ZIP: p.zip, Locale: p.locale,
		Evidence: map[string]string{"at": at.UTC().Format(time.RFC3339), "source": "a demonstration"},
	}
}

// signUpAll signs up n people.
func (w *crowd) signUpAll(ctx context.Context, n int, out, progress io.Writer) error {
	now, err := localClock(ctx, w.url)
	if err != nil {
		return fmt.Errorf("no local stack answers at %s; start one with: make run (%w)", w.url, err)
	}
	w.requests = &requests{pause: pause, api: &api{
		url: w.url, aws: account.AWS(w.url), http: w.client, simulated: true, now: func() time.Time { return now },
	}}
	bar := progressbar.NewOptions(n, progressbar.OptionSetWriter(progress), progressbar.OptionShowCount(),
		progressbar.OptionSetDescription("signing up"), progressbar.OptionSetVisibility(isTerminal(progress)),
		progressbar.OptionClearOnFinish())
	workers := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(demoWorkers)
	past, err := w.past(ctx, now)
	if err != nil {
		return err
	}
	for i := range n {
		workers.Go(func(ctx context.Context) error {
			defer func() { _ = bar.Add(1) }()
			p := w.person(i)
			if p.faded {
				return past.signUpFaded(ctx, p)
			}
			return w.signUp(ctx, p, now)
		})
	}
	if err := workers.Wait(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d people signed up to %s of %s.\n\nLook at them: %s/\n", n, w.topic.ID, w.brand.ID, w.url)
	return nil
}

// signUp has a person asked to confirm, and sends their answers.
func (w *crowd) signUp(ctx context.Context, p someone, now time.Time) error {
	res, err := w.requests.ask(ctx, w.request(p, now))
	if err != nil {
		return err
	}
	switch res.status {
	case signup.Asked:
	case signup.Subscribed, signup.Stopped, signup.Waiting, signup.Limited:
		return nil // signed up by an earlier run
	default:
		return fmt.Errorf("phone %s was not asked to confirm, but %s %s", p.phone, res.status, res.message)
	}
	for _, body := range p.says {
		text := map[string]any{"to": w.number(), "body": body}
		if err := w.call(ctx, http.MethodPost, "/handsets/"+url.PathEscape(string(p.phone)), text, nil); err != nil {
			return err
		}
	}
	return nil
}

// number returns the number that people of the topic text to.
func (w *crowd) number() string { return w.program.Identity.Dialled() }

// past is the stack as its functions would have seen it half a year ago. What it stores is dated then. Its carrier
// puts the texts on the phones now.
type past struct {
	*crowd
	signUps, moves    *outbox.Outbox // with the clocks of signedUp and movedAt
	table             *consenttable.Table
	signedUp, movedAt time.Time // half a year ago; when the first audit would have moved the person to digests
	gate              signup.Gate
}

// past opens the stack as it was half a year before now.
func (w *crowd) past(ctx context.Context, now time.Time) (*past, error) {
	const halfYear = 182 * 24 * time.Hour
	v := &past{crowd: w, signedUp: now.Add(-halfYear), movedAt: now.Add(-halfYear + w.topic.Engagement.Digest.For)}
	for _, each := range []struct {
		at  time.Time
		out **outbox.Outbox
	}{{v.signedUp, &v.signUps}, {v.movedAt, &v.moves}} {
		d := account.Deployment(w.catalog, account.Env, account.AWS(w.url), func() time.Time { return each.at })
		d.AWS.HTTPClient = w.client
		t, g, err := d.TableAndGate(ctx)
		if err != nil {
			return nil, err
		}
		v.table, v.gate, *each.out = t, g, d.Outbox(t, g)
	}
	return v, nil
}

// signUpFaded signs a person up half a year ago who showed no sign of reading since. The number of chances they had
// is made up.
func (v *past) signUpFaded(ctx context.Context, p someone) error {
	q, err := v.request(p, v.signedUp).Check(v.catalog, v.gate, v.signedUp)
	if err != nil {
		return fmt.Errorf("sign up phone %s: %w", p.phone, err)
	}
	yes := consent.Inbound{
		ID: ulid.Make().String(), At: v.signedUp.Add(time.Minute), Body: "YES", To: v.number(),
		Brand: v.brand, Program: v.program, Terms: v.catalog.SignUp, Intent: keyword.Vocabulary{}.Classify("YES"),
	}
	for _, step := range []func(c consent.Contact) consent.Change{
		func(c consent.Contact) consent.Change { return c.Request(q.Request) },
		func(c consent.Contact) consent.Change { return c.Hear(yes) },
	} {
		if _, err := v.signUps.Change(ctx, q.Key, step); err != nil {
			return fmt.Errorf("sign up phone %s: %w", p.phone, err)
		}
	}
	c, err := v.table.Contact(ctx, q.Key)
	if err != nil {
		return err
	}
	if _, err := v.table.UpdateBookkeeping(ctx, c, func(c consent.Contact) consent.Contact {
		c.Attention = map[string]consent.Attention{v.topic.ID: {Chances: v.topic.Engagement.Digest.Chances}}
		return c
	}); err != nil {
		return err
	}
	_, err = v.moves.Change(ctx, q.Key, func(c consent.Contact) consent.Change {
		return c.Review(v.topic, v.movedAt.Add(time.Hour))
	})
	return err
}
