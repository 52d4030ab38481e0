package preferences

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"smsconsent/shared/core/consent"
	"smsconsent/shared/core/message"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/core/zoneinfo"
	"smsconsent/shared/edge/page"
)

// view is what the page shows. Without a brand it says why there is no page.
type view struct {
	W       *words
	Style   string // address of the stylesheet, from the page's
	Title   string
	Text    string
	Token   string
	Brand   *program.Brand
	Done    []string // what a change did; empty where nothing was to be changed
	Topics  []topic
	Free    bool   // there is a switch to move
	Running bool   // something is on, so there is something to pause
	Paused  string // what the page says of a pause; empty for none
	Gone    string // what it says where everything was stopped
	Leave   string // what stopping everything means
}

// topic is one row of the page.
type topic struct {
	ID, Name, Often string
	State           string
	Kind            string // "on", "waiting", "off" or "stopped"
	Switch          bool   // it can be moved here
	On              bool
}

func (h *Handler) page(w http.ResponseWriter, r *http.Request, v visit, c *consent.Contact, done []string) {
	now, words := h.Now(), h.wordsFor(c.Locale, r)
	brand := page.Isolated(v.Brand.Name)
	p := view{
		W: words, Brand: v.Brand, Token: v.Token, Done: done,
		Title: page.Fill(words.Title, "brand", brand), Text: page.Fill(words.For, "digits", string(v.Phone[len(v.Phone)-4:])),
		Leave: page.Fill(words.StopMeans, "brand", brand),
	}
	for i := range v.Brand.Programs {
		for j := range v.Brand.Programs[i].Topics {
			t := row(words, v.Brand, &v.Brand.Programs[i], &v.Brand.Programs[i].Topics[j], c, now)
			p.Topics = append(p.Topics, t)
			p.Free, p.Running = p.Free || t.Switch, p.Running || t.On
		}
	}
	if c.Paused.After(now) {
		p.Paused = page.Fill(words.Paused, "date", words.date(c.Paused.In(zone(c))))
	}
	if _, all := c.Stopped[consent.Everything]; all {
		p.Gone = page.Fill(words.Gone, "brand", brand)
	}
	h.write(w, r, http.StatusOK, p)
}

// row returns the state of a topic. This page cannot undo a STOP by text: a link can be passed on, so the person
// comes back from their own phone.
func row(w *words, b *program.Brand, p *program.Program, t *program.Topic, c *consent.Contact, now time.Time) topic {
	out := topic{ID: t.ID, Name: named(b, t), Often: w.often(t.Frequency), Switch: true}
	_, stopped := c.StoppedAt(p.ID)
	switch state := c.Subs[t.ID].StateAt(now); {
	case stopped:
		out.Kind, out.Switch, out.State = "stopped", false, page.Fill(w.Stopped, "number", p.Identity.Dialled())
	case state == consent.Subscribed && c.Paused.After(now):
		out.Kind, out.On, out.State = "on", true, w.Resting
	case state == consent.Subscribed:
		out.Kind, out.On, out.State = "on", true, w.On
	case state == consent.Pending:
		out.Kind, out.On, out.State = "waiting", true, page.Fill(w.Waiting, "number", p.Identity.Dialled())
	default:
		out.Kind, out.State = "off", w.Off
	}
	return out
}

// outcome describes what a form changed. It claims no more than the change proves: that a text was sent where one was
// claimed, and that one will be sent where it waits.
func (h *Handler) outcome(r *http.Request, in posted, v visit, ch *consent.Change, now time.Time) []string {
	w := h.wordsFor(ch.Next.Locale, r)
	switch in.Action {
	case stop:
		return []string{page.Fill(w.StoppedNow, "brand", page.Isolated(v.Brand.Name))}
	case pauseNow:
		return []string{page.Fill(w.PausedNow, "date", w.date(ch.Next.Paused.In(zone(&ch.Next))))}
	case resume:
		return []string{w.Resumed}
	}
	var done []string
	var off, asked []string
	for _, t := range in.switchedOff(v.Brand) {
		if s := ch.Next.Subs[t.ID].State; s != consent.Subscribed && s != consent.Pending {
			off = append(off, named(v.Brand, &t))
		}
	}
	if len(off) > 0 {
		done = append(done, page.Fill(w.TurnedOff, "topics", w.list(off)))
	}
	for i := range ch.Next.Claims {
		cl := &ch.Next.Claims[i]
		p, ok := v.Brand.Program(cl.Program)
		if !ok || cl.Kind != message.Confirmation || cl.At.Before(now) {
			continue
		}
		asked = append(asked, cl.Topics...)
		topics := w.list(names(v.Brand, cl.Topics))
		done = append(done, page.Fill(w.Asked, "number", p.Identity.Dialled(), "topics", topics))
	}
	on := in.switchedOn(v.Brand)
	for _, ask := range ch.Next.Waiting {
		p, ok := v.Brand.Program(ask.Program)
		if !ok || ask.Kind != message.Confirmation ||
			!slices.ContainsFunc(on, func(t program.Topic) bool { return slices.Contains(ask.Topics, t.ID) }) {
			continue
		}
		asked = append(asked, ask.Topics...)
		topics := w.list(names(v.Brand, ask.Topics))
		done = append(done, page.Fill(w.AskedSoon, "number", p.Identity.Dialled(), "topics", topics))
	}
	var not []string
	for _, t := range on {
		_, stopped := ch.Next.StoppedAt(t.Program)
		if !stopped && !slices.Contains(asked, t.ID) && ch.Next.Subs[t.ID].State != consent.Subscribed {
			not = append(not, t.ID)
		}
	}
	if len(not) > 0 {
		done = append(done, page.Fill(w.NotAsked, "topics", w.list(names(v.Brand, not))))
	}
	if len(done) == 0 {
		done = []string{w.Same}
	}
	return done
}

// shown returns what the page says beside the switches of the topics, for the evidence of a request.
func shown(w *words, b *program.Brand, topics []program.Topic) string {
	lines := make([]string, 0, len(topics)+1)
	for i := range topics {
		lines = append(lines, b.Name+" "+topics[i].Name+": "+w.often(topics[i].Frequency))
	}
	return strings.Join(append(lines, w.Note), "\n")
}

func named(b *program.Brand, t *program.Topic) string { return page.Isolated(b.Name + " " + t.Name) }

func names(b *program.Brand, ids []string) []string {
	var found []string
	for _, id := range ids {
		if _, t, ok := b.Topic(id); ok {
			found = append(found, named(b, t))
		}
	}
	return found
}

// zone returns a time zone the person may be in, so that a pause ends on a day of theirs; UTC where their place is
// unknown.
func zone(c *consent.Contact) *time.Location {
	area, err := phone.Locate(c.Phone, c.Told)
	if err != nil {
		return time.UTC
	}
	places, err := area.Places()
	if err != nil {
		return time.UTC
	}
	where, err := zoneinfo.Load(places[0].Zones[0])
	if err != nil {
		return time.UTC
	}
	return where
}

func (h *Handler) write(w http.ResponseWriter, r *http.Request, status int, v view) {
	v.Style = assets + h.look.file()
	w.Header().Set("Content-Language", v.W.Tag)
	if err := page.Write(w, status, h.look.template, "page", v); err != nil {
		h.Log.ErrorContext(r.Context(), "write page", "error", err)
		http.Error(w, v.W.Fault[1], http.StatusInternalServerError)
	}
}
