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

// handsAtOnce is how many people do something at a time: enough to keep the cores of a stack busy.
const handsAtOnce = 8

// Of a hundred people of a crowd so many do not simply answer YES.
const (
	fadedOf100  = 10 // answered YES half a year ago, and show no sign of reading since
	silentOf100 = 5  // say nothing to the question
	leftOf100   = 3  // answer YES, and STOP later
	refusedOf   = 2  // answer NO
)

// crowd signs people up at a local stack, by its real functions: a request as a shop posts it, and the answer of the
// phone.
type crowd struct {
	stage
	requests *requests
	catalog  *program.Catalog
	brand    *program.Brand
	program  *program.Program
	topic    *program.Topic
	phones   []phone.Number
}

// someone is one of them.
type someone struct {
	n      int
	phone  phone.Number
	zip    string // of whoever lives elsewhere than their number; empty for the others
	locale string
	faded  bool
	says   []string // what the phone answers
}

// newCrowd finds the stack, and n phones for its first promotional topic.
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
	w.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: handsAtOnce}}
	return w, nil
}

// fictional returns phones which are nobody's, of the places where a phone may be asked: 555-0100 to 555-0199 of each
// North American area code (NANPA), and what Arcep and Ofcom set aside for films, in turns.
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

// person is who has the nth phone: the same at each call.
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
	case of < fadedOf100+silentOf100+leftOf100+refusedOf:
		p.says = []string{"NO"}
	}
	return p
}

// request is their sign-up, as of an instant.
func (w *crowd) request(p someone, at time.Time) signup.Request {
	return signup.Request{
		Brand: w.brand.ID, Topics: []string{w.topic.ID}, Phone: string(p.phone), ZIP: p.zip, Locale: p.locale,
		Evidence: map[string]string{"at": at.UTC().Format(time.RFC3339), "source": "a demonstration"},
	}
}

// gather signs up n people.
func (w *crowd) gather(ctx context.Context, n int, out, progress io.Writer) error {
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
	hands := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError().WithMaxGoroutines(handsAtOnce)
	past, err := w.past(ctx, now)
	if err != nil {
		return err
	}
	for i := range n {
		hands.Go(func(ctx context.Context) error {
			defer func() { _ = bar.Add(1) }()
			p := w.person(i)
			if p.faded {
				return past.fade(ctx, p)
			}
			return w.signUp(ctx, p, now)
		})
	}
	if err := hands.Wait(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d people signed up to %s of %s.\n\nLook at them: %s/\n", n, w.topic.ID, w.brand.ID, w.url)
	return nil
}

// signUp has somebody asked, and answer.
func (w *crowd) signUp(ctx context.Context, p someone, now time.Time) error {
	res, err := w.requests.ask(ctx, w.request(p, now))
	if err != nil {
		return err
	}
	switch res.status {
	case signup.Asked:
	case signup.Subscribed, signup.Stopped, signup.Waiting, signup.Limited:
		return nil // they are there from the last time
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

// number is where people of the topic text to.
func (w *crowd) number() string { return w.program.Identity.Dialled() }

// past is the stack half a year ago, as its functions would have seen it: what it stores is dated then, while its
// carrier shows the texts on the phones now.
type past struct {
	*crowd
	asked, moved *outbox.Outbox
	table        *consenttable.Table
	at, then     time.Time
	gate         signup.Gate
}

// past opens the stack as it was so long before now that whoever never showed a sign since then gets digests only.
func (w *crowd) past(ctx context.Context, now time.Time) (*past, error) {
	const halfYear = 182 * 24 * time.Hour
	v := &past{crowd: w, at: now.Add(-halfYear), then: now.Add(-halfYear + w.topic.Engagement.Digest.For)}
	for _, each := range []struct {
		at  time.Time
		out **outbox.Outbox
	}{{v.at, &v.asked}, {v.then, &v.moved}} {
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

// fade has somebody sign up then, and show no sign of reading since. How many chances they had to is made up.
func (v *past) fade(ctx context.Context, p someone) error {
	q, err := v.request(p, v.at).Check(v.catalog, v.gate, v.at)
	if err != nil {
		return fmt.Errorf("sign up phone %s: %w", p.phone, err)
	}
	yes := consent.Inbound{
		ID: ulid.Make().String(), At: v.at.Add(time.Minute), Brand: v.brand, Program: v.program, Terms: v.catalog.SignUp,
		Intent: keyword.Vocabulary{}.Classify("YES"), Body: "YES", To: v.number(),
	}
	for _, step := range []func(c consent.Contact) consent.Change{
		func(c consent.Contact) consent.Change { return c.Request(q.Request) },
		func(c consent.Contact) consent.Change { return c.Hear(yes) },
	} {
		if _, err := v.asked.Change(ctx, q.Key, step); err != nil {
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
	_, err = v.moved.Change(ctx, q.Key, func(c consent.Contact) consent.Change {
		return c.Review(v.topic, v.then.Add(time.Hour))
	})
	return err
}
