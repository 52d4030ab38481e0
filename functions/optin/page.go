package optin

import (
	"bytes"
	_ "embed" // for the page
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/phone/typed"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/captcha"
	"smsconsent/shared/edge/gateway"
	"smsconsent/shared/edge/page"
)

// maxPhone is how many bytes of a number are typed in for somebody.
const maxPhone = 40

//go:embed page.html
var pageHTML string

// newTemplates reads the pages, whose addresses of files carry their versions. The addresses are relative, so that the
// API may stand under any path.
func newTemplates(assets map[string]page.Asset) *template.Template {
	address := func(name string) string { return "opt-in/assets/" + name + "?v=" + assets[name].Version }
	return template.Must(template.New("page").Funcs(template.FuncMap{"asset": address}).Parse(pageHTML))
}

// formVersion returns what identifies what the form says: a hash of its template and of its words in all languages.
func formVersion(b *page.Phrasebook[words]) string {
	form := bytes.NewBufferString(pageHTML)
	// Words are text and maps of text, which always encode, and in one order.
	_ = json.NewEncoder(form).Encode(b.Words)
	return page.Version(form.Bytes())
}

// frame is what both pages have around them.
type frame struct {
	W         *words
	Brand     *program.Brand
	Widget    captcha.Widget
	Languages []languageLink
	Embedded  bool   // the page is in a frame of another, which has its own surroundings
	Light     bool   // that other page is light, whatever the person prefers
	Frames    string // the sites that may frame it, with spaces between
}

// Title returns what the browser calls the page.
func (f *frame) Title() string { return page.Fill(f.W.Title, "brand", f.Brand.Name) }

type languageLink struct {
	Tag, Name, Address string
	Current            bool
}

// formView is what the form shows.
type formView struct {
	frame
	Offers    []choice
	Countries []country
	Country   string // the one chosen
	States    []state
	In        posted
	Wrong     []wrong
	Preview   []piece // one disclosure of all topics, where there are several
	Version   string  // of the disclosures of each
	Form      string  // version of the form
	Referrer  string
	ByText    [][]piece // how to sign up without the form
}

// wrong is what the form says is wrong with a field.
type wrong struct{ Field, At, Message string }

// Lead returns what the page begins with.
func (v *formView) Lead() []piece { return emphasised(v.W.Lead) }

// Error returns what is wrong with a field.
func (v *formView) Error(field string) string {
	if i := slices.IndexFunc(v.Wrong, func(w wrong) bool { return w.Field == field }); i >= 0 {
		return v.Wrong[i].Message
	}
	return ""
}

// Focus returns the element of the first error that belongs to one.
func (v *formView) Focus() string {
	if i := slices.IndexFunc(v.Wrong, func(w wrong) bool { return w.At != "" }); i >= 0 {
		return v.Wrong[i].At
	}
	return ""
}

// NoTopic returns what the script says where no topic is ticked, which it finds by itself.
func (v *formView) NoTopic() string { return v.W.Reasons[noTopic] }

// NoPhone returns what is said where the number is missing.
func (v *formView) NoPhone() string {
	return page.Fill(v.W.Reasons[phoneEmpty], "example", typed.Example(v.Brand.Region))
}

// choice is one topic to tick.
type choice struct {
	ID, At, Name, About string
	Disclosure          []piece
	Ticked              bool
}

// page shows the sign-up form of a brand: of the first one where the address names none, with the topics the address
// names or all of them, and with the phone it names typed in:
// /opt-in?brand=example&topic=alerts&phone=+12065550142&lang=es. embed=1 leaves out what stands around the form,
// theme=light keeps it light.
func (h *Handler) page(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	brand, topics, ok := h.offered(query.Get("brand"), query["topic"])
	if !ok {
		http.Error(w, "There is no such sign-up page.", http.StatusNotFound)
		return
	}
	number := query.Get("phone")
	if digits, ok := strings.CutPrefix(number, " "); ok {
		// A plus sign that a link's author did not escape reads as a space.
		number = "+" + digits
	}
	in := posted{Phone: gateway.Cut(number, maxPhone), Referrer: address(r.Referer())}
	speak, found := h.book.Best(wishes(r, "", topics)...)
	if in.Locale = speak.Tag; !found {
		// The page stands in for one in the topic's language, which the brand may have texts in though we have none.
		in.Locale = topics[0].Locale
	}
	h.write(w, r, http.StatusOK, "form", brand, h.form(r, brand, topics, speak, in))
}

// form returns the form with the topics offered; none is ticked that the person did not tick (CTIA Messaging Principles
// 5.1.2: opt-in must not be by default).
func (h *Handler) form(
	r *http.Request,
	brand *program.Brand,
	topics []program.Topic,
	speak *words,
	in posted,
) *formView {
	v := &formView{
		frame: h.frame(r, brand, speak), Countries: h.countries(brand, speak), Country: brand.Region, In: in,
		Version: disclose(brand, topics, speak).Version(), Form: h.formVersion(), Referrer: in.Referrer,
	}
	if in.Country != "" {
		v.Country = in.Country
	}
	if len(topics) > 1 {
		text, _ := paragraph(brand, topics, speak)
		v.Preview = linked(text, brand.Terms, brand.Privacy)
	}
	for _, t := range topics {
		p, _, _ := brand.Topic(t.ID)
		kind := speak.Service
		if t.Class == program.Promotional {
			kind = speak.Marketing
		}
		v.Offers = append(v.Offers, choice{
			ID: t.ID, At: "topic-" + t.ID, Name: t.Name, About: kind + ", " + speak.often(t.Frequency),
			Disclosure: linked(disclose(brand, []program.Topic{t}, speak).Text, brand.Terms, brand.Privacy),
			Ticked:     slices.Contains(in.Topics, t.ID),
		})
		if number := dialled(p.Identity); t.Keyword != "" && number != "" {
			v.ByText = append(v.ByText, emphasised(speak.ByText, "topic", t.Name, "keyword", t.Keyword, "number", number))
		}
	}
	if slices.ContainsFunc(v.Countries, func(c country) bool { return c.Code == "US" }) {
		v.States = states()
	}
	return v
}

func (h *Handler) frame(r *http.Request, brand *program.Brand, speak *words) frame {
	query := r.URL.Query()
	f := frame{
		W: speak, Brand: brand, Widget: h.Captcha.Widget(), Frames: strings.Join(brand.Origins, " "),
		Embedded: query.Get("embed") == "1", Light: query.Get("theme") == "light",
	}
	query.Del("phone")
	for i := range h.book.Words {
		b := &h.book.Words[i]
		query.Set("lang", b.Tag)
		f.Languages = append(f.Languages, languageLink{b.Tag, b.Name, "?" + query.Encode(), b == speak})
	}
	return f
}

// write answers a page, which the brand's own sites may show in a frame.
func (h *Handler) write(
	w http.ResponseWriter,
	r *http.Request,
	status int,
	name string,
	brand *program.Brand,
	view any,
) {
	framed(w.Header(), h.Captcha.Widget(), brand)
	if err := page.Write(w, status, h.templates(), name, view); err != nil {
		h.Log.ErrorContext(r.Context(), "write page", "error", err)
		http.Error(w, h.book.Words[0].Reasons[tryAgain], http.StatusInternalServerError)
	}
}

// dialled returns what people text to reach an identity, as they read it; empty where none is known.
func dialled(id program.Identity) string { return typed.International(phone.Number(id.Dialled())) }

// formAddress returns the address of the form that was posted.
func formAddress(r *http.Request, up signUp) string {
	query := r.URL.Query()
	query.Del("phone")
	query.Set("brand", up.Brand.ID)
	if up.Locale != "" {
		query.Set("lang", up.Locale)
	}
	return (&url.URL{RawQuery: query.Encode()}).String()
}
