package optin

import (
	"net/http"
	"slices"
	"strings"

	"smsconsent/shared/core/message"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/gateway"
)

// unstated is the evidence of a caller who did not say which disclosure was shown.
const unstated = "unstated"

// disclosed is the disclosure a person sees before they sign up: one complete paragraph per topic, so that they agree
// to no more than they ticked.
type disclosed struct {
	Text     string
	Versions []string // one per topic, in order
	Locale   string   // the language of Text, BCP 47
}

func disclose(b *program.Brand, topics []program.Topic, w *words) disclosed {
	paragraphs, versions := make([]string, len(topics)), make([]string, len(topics))
	for i := range topics {
		paragraphs[i], versions[i] = paragraph(b, topics[i:i+1], w)
	}
	return disclosed{strings.Join(paragraphs, "\n\n"), versions, w.Tag}
}

// paragraph returns one disclosure about topics, and its version.
func paragraph(b *program.Brand, topics []program.Topic, w *words) (text, version string) {
	ids := make([]string, len(topics))
	for i, t := range topics {
		ids[i] = t.ID
	}
	return message.Disclosure(b, ids, w.Tag)
}

// Version returns the versions, separated by spaces, as in the evidence and in the form's hidden field.
func (d disclosed) Version() string { return strings.Join(d.Versions, " ") }

// within reports whether shown, a list in the form of Version, contains every version of d. It may contain those of
// topics that were offered and not chosen.
func (d disclosed) within(shown string) bool {
	seen := strings.Fields(shown)
	return !slices.ContainsFunc(d.Versions, func(v string) bool { return !slices.Contains(seen, v) })
}

// disclosure finds which of the present disclosures a caller showed, in any language. The form posts the versions of
// all it offers. A caller that posts none may have shown anything, and the record must not claim more than is known.
func (h *Handler) disclosure(
	b *program.Brand,
	topics []program.Topic,
	in posted,
	w *words,
) (inForce disclosed, shown string, why *refusal) {
	inForce = disclose(b, topics, w)
	if in.Version == "" {
		return inForce, unstated, nil
	}
	shown = strings.ToValidUTF8(in.Version, "")
	if inForce.within(shown) {
		return inForce, shown, nil
	}
	for i := range h.book.Words {
		if d := disclose(b, topics, &h.book.Words[i]); d.within(shown) {
			return d, shown, nil
		}
	}
	return disclosed{}, "", because(http.StatusConflict, "disclosure_version", changed)
}

// offer is what a brand's own form must show: GET /opt-in/disclosure?brand=example&topic=alerts&lang=es.
type offer struct {
	Brand   string       `json:"brand"` // as people read it
	Locale  string       `json:"locale"`
	Topics  []offered    `json:"topics"`
	Version string       `json:"disclosure_version"` // to be posted back
	Terms   string       `json:"terms,omitempty"`
	Privacy string       `json:"privacy,omitempty"`
	Captcha offerCaptcha `json:"captcha"`
}

type offered struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Disclosure string `json:"disclosure"` // to be shown as it is, before the person signs up
	Version    string `json:"version"`
}

type offerCaptcha struct {
	Provider string `json:"provider"`
	Field    string `json:"field"` // of the sign-up, for the solution
	SiteKey  string `json:"site_key,omitempty"`
}

// offer answers with what is offered and the present disclosures.
func (h *Handler) offer(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	brand, topics, ok := h.offered(query.Get("brand"), query["topic"])
	if !ok {
		h.fail(w, r, "", &refusal{Refusal: gateway.Refusal{
			Status: http.StatusNotFound, Message: "there is no such brand or topic",
		}})
		return
	}
	speak := h.language(r, "", topics)
	d, widget := disclose(brand, topics, speak), h.Captcha.Widget()
	o := offer{
		Brand: brand.Name, Locale: d.Locale, Version: d.Version(), Terms: brand.Terms, Privacy: brand.Privacy,
		Captcha: offerCaptcha{widget.Provider, widget.Field, widget.SiteKey},
	}
	for _, t := range topics {
		one := disclose(brand, []program.Topic{t}, speak)
		o.Topics = append(o.Topics, offered{t.ID, t.Name, one.Text, one.Version()})
	}
	gateway.WriteJSON(w, http.StatusOK, o)
}

// offered returns a brand and those of its topics that are named, or all; the first brand where none is named.
func (h *Handler) offered(id string, only []string) (*program.Brand, []program.Topic, bool) {
	brand := &h.Catalog.Brands[0]
	if id != "" {
		var ok bool
		if brand, ok = h.Catalog.Brand(id); !ok {
			return nil, nil, false
		}
	}
	var topics []program.Topic
	for i := range brand.Programs {
		for _, t := range brand.Programs[i].Topics {
			if len(only) == 0 || slices.Contains(only, t.ID) {
				topics = append(topics, t)
			}
		}
	}
	return brand, topics, len(topics) > 0
}
