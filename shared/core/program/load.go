package program

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"smsconsent/shared/core/jurisdiction"
	"smsconsent/shared/core/phone"
)

// MaxFile is the largest programs.yaml that is read, in bytes. A file of a thousand programs is a third of it.
const MaxFile = 1 << 20

// Load reads and checks a programs.yaml. It is strict: an unknown, empty or repeated field is an error, because
// a misspelt rule that is silently left out costs its owner an illegal text.
//
// The error joins everything that is wrong, in the order of the file; each names line and field and says what to write.
func Load(yaml []byte) (*Catalog, error) {
	d := &decoder{owners: map[owned]owner{}, lines: bytes.Count(yaml, []byte("\n")) + 1}
	root, ok := d.parse(yaml)
	if !ok {
		return nil, d.err()
	}
	o := d.object(root, "policy", "sign_up", "brands")
	c := &Catalog{SignUp: d.signUp(o.get("sign_up"))}
	d.policy(o.get("policy"), c)
	c.Brands = d.brands(o.get("brands"), c.Policy)
	if err := d.err(); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(yaml)
	c.hash = hex.EncodeToString(sum[:])
	return c, nil
}

// parse makes a syntax tree of the file, or says why there is none.
func (d *decoder) parse(text []byte) (field, bool) {
	file := field{line: 1}
	if len(text) > MaxFile {
		d.fail(file, "the file has more than %d bytes; keep it under that", MaxFile)
		return file, false
	}
	if line, ok := validUTF8(text); !ok {
		d.fail(field{line: line}, "the file is not UTF-8; save it as UTF-8")
		return file, false
	}
	tree, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		what := "the file is not YAML"
		if syntax, ok := errors.AsType[*yaml.SyntaxError](err); ok {
			file.line, what = max(1, syntax.Token.Position.Line), what+": "+syntax.Message
		}
		d.fail(file, "%s", what)
		return file, false
	}
	for i, doc := range tree.Docs {
		if i > 0 || doc.Body != nil && doc.Body.Type() == ast.DirectiveType {
			d.fail(field{line: lineOf(doc, file.line)}, "write one YAML document, without --- or %%YAML lines inside")
			return file, false
		}
		file.node = doc.Body
	}
	if file.node == nil {
		d.fail(file, "the file is empty; it needs brands")
	}
	return file, file.node != nil
}

func lineOf(doc *ast.DocumentNode, otherwise int) int {
	if doc.Start != nil {
		return doc.Start.Position.Line
	}
	if doc.Body != nil && doc.Body.GetToken() != nil {
		return doc.Body.GetToken().Position.Line
	}
	return otherwise
}

// validUTF8 returns the line of the first byte that is not UTF-8.
func validUTF8(text []byte) (line int, ok bool) {
	line = 1
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return line, false
		}
		if r == '\n' {
			line++
		}
		i += size
	}
	return line, true
}

// policy reads what everybody is bound to.
func (d *decoder) policy(f field, c *Catalog) {
	o := d.object(f, "hours", "countries", "revoke_all", "answers_per_hour", "other_channels", "least_gap")
	c.Policy = d.hoursPolicy(o)
	c.RevokeAll = d.revokeAll(o.get("revoke_all"))
	c.OtherChannels = d.otherChannels(o.get("other_channels"))
	c.LeastGap = d.leastGap(o.get("least_gap"))
	c.AnswersAnHour = d.count(o.get("answers_per_hour"), usualAnswersAnHour, 1, 60)
}

func (d *decoder) hoursPolicy(o object) jurisdiction.Policy {
	policy := jurisdiction.Policy{Mode: jurisdiction.Strict}
	if at := o.get("hours"); at.node != nil {
		switch mode := jurisdiction.Mode(d.text(at)); {
		case slices.Contains(jurisdiction.Modes(), mode):
			policy.Mode = mode
		case mode != "":
			d.fail(at, "%q: write strict, law or business", mode)
		}
	}
	countries := d.open(o.get("countries"))
	for _, code := range countries.keys() {
		at := countries.get(code)
		before := len(d.faults)
		entry := d.object(at, slices.Concat(days, []string{"holiday_dates"})...)
		country := jurisdiction.Country{Hours: d.week(entry)}
		for _, date := range d.list(entry.get("holiday_dates")) {
			day, err := jurisdiction.ParseDate(d.text(date))
			if err != nil {
				d.fail(date, "%v", err)
			}
			country.Holidays = append(country.Holidays, day)
		}
		if len(d.faults) == before {
			d.valid(at, "countries."+code, jurisdiction.Policy{Countries: map[string]jurisdiction.Country{code: country}})
		}
		if policy.Countries == nil {
			policy.Countries = map[string]jurisdiction.Country{}
		}
		policy.Countries[code] = country
	}
	return policy
}

// hours reads a brand's own hours on top of the policy everybody is bound to; nil where the brand has none. They hold
// the whole policy, so that a brand can narrow it and never lose it.
func (d *decoder) hours(f field, policy jurisdiction.Policy) *jurisdiction.Policy {
	if f.node == nil {
		return nil
	}
	before := len(d.faults)
	week := d.week(d.object(f, days...))
	policy.Narrow = &week
	if len(d.faults) == before {
		d.valid(f, "narrow", jurisdiction.Policy{Narrow: &week})
	}
	return &policy
}

// valid has package jurisdiction judge what was read at f, which it calls name.
func (d *decoder) valid(f field, name string, policy jurisdiction.Policy) {
	if err := policy.Validate(); err != nil {
		d.fail(f, "%s", strings.TrimPrefix(err.Error(), name+"."))
	}
}

// days are the fields of a week of hours, in the order of jurisdiction.Week.
var days = []string{"weekdays", "saturday", "sunday", "holidays"}

func (d *decoder) week(o object) jurisdiction.Week {
	var w jurisdiction.Week
	for i, window := range [...]*jurisdiction.Window{&w.Weekday, &w.Saturday, &w.Sunday, &w.Holiday} {
		at := o.get(days[i])
		text := d.required(at, `"09:00-18:00", or none`)
		if text == "" {
			continue
		}
		var err error
		if *window, err = jurisdiction.ParseWindow(text); err != nil {
			d.fail(at, "%v", err)
		}
	}
	return w
}

func (d *decoder) brands(f field, policy jurisdiction.Policy) []Brand {
	var brands []Brand
	for _, at := range d.nonEmptyList(f, "a list of brands") {
		brands = append(brands, d.brand(at, policy))
	}
	return brands
}

func (d *decoder) brand(f field, policy jurisdiction.Policy) Brand {
	o := d.object(
		f,
		"id",
		"name",
		"region",
		"terms",
		"privacy",
		"color",
		"origins",
		"links",
		"countries",
		"hours",
		"approval",
		"testers",
		"programs",
		"texts",
	)
	b := Brand{
		ID:        d.id(o.get("id"), "brand", ""),
		Name:      d.name(o.get("name"), maxBrandName, "Example Corp."),
		Region:    d.required(o.get("region"), "US"),
		Hours:     d.hours(o.get("hours"), policy),
		Terms:     d.address(o.get("terms")),
		Privacy:   d.address(o.get("privacy")),
		Color:     d.color(o.get("color")),
		Origins:   d.origins(o.get("origins")),
		Links:     d.links(o.get("links")),
		Countries: d.countries(o.get("countries"), policy),
		Approval:  d.choice(o.get("approval"), "none", "required") == "required",
		Testers:   d.testers(o.get("testers")),
	}
	if b.Region != "" && !madeOf(b.Region, capitals, 2, 2) {
		d.fail(o.get("region"), "%q: write the country as two capital letters (ISO 3166-1), such as US", b.Region)
	}
	topics := 0
	for _, at := range d.nonEmptyList(o.get("programs"), "a list of programs") {
		p := d.program(at, &b)
		b.Programs = append(b.Programs, p)
		topics += len(p.Topics)
	}
	if topics > mostTopics {
		d.fail(o.get("programs"), "have %d topics; a STOP can end %d at once at most: leave some out", topics, mostTopics)
	}
	d.reached(o.get("countries"), &b, policy)
	b.Texts = d.texts(o.get("texts"), &b)
	return b
}

// testers reads the phones of those who are sent campaigns as a test.
func (d *decoder) testers(f field) []phone.Number {
	var all []phone.Number
	for _, at := range d.list(f) {
		text := d.text(at)
		if text == "" {
			continue
		}
		n, err := phone.Parse(text)
		switch {
		case err != nil:
			d.fail(at, "%q: write the number as +12065550142, in quotes", text)
		case slices.Contains(all, n):
			d.fail(at, "%s is there twice", n)
		default:
			all = append(all, n)
		}
	}
	return all
}

func (d *decoder) program(f field, b *Brand) Program {
	o := d.object(f, "id", "class", "identity", "opt_out_list", "messages_per_second", "restart", "clarify", "topics")
	p := Program{
		ID:        d.id(o.get("id"), "program", b.ID),
		Brand:     b.ID,
		BrandName: b.Name,
		Class:     d.class(o.get("class")),
	}
	p.OneStep = d.choice(o.get("restart"), "confirm", "one step") == "one step"
	clarify := "no"
	if p.Class == Promotional {
		clarify = "yes"
	}
	p.Clarify = d.choice(o.get("clarify"), clarify, "yes", "no") == "yes"
	label := fmt.Sprintf("%s/%s", b.ID, p.ID)
	p.Identity = d.identity(o.get("identity"), label)
	p.PerSecond = d.perSecond(o.get("messages_per_second"), p.Identity.rate())
	p.OptOutList = d.optOutList(o.get("opt_out_list"), label)

	list := o.get("topics")
	entries := d.nonEmptyList(list, "a list of topics")
	if len(entries) > maxTopics {
		d.fail(list, "has %d topics; a text can name %d at most: make another program", len(entries), maxTopics)
	}
	for _, at := range entries {
		t := d.topic(at, &p, b, label)
		if len(p.Topics) > 0 {
			d.sameHelp(at, &p.Topics[0], &t)
		}
		p.Topics = append(p.Topics, t)
	}
	return p
}

func (d *decoder) topic(f field, p *Program, b *Brand, label string) Topic {
	o := d.object(
		f, "id", "name", "keyword", "consent", "frequency", "help", "locale", "limits", "engagement", "templates",
	)
	t := Topic{
		ID:        d.id(o.get("id"), "topic", b.ID),
		Name:      d.name(o.get("name"), maxTopicName, "alerts"),
		Program:   p.ID,
		Class:     p.Class,
		Keyword:   d.keyword(o.get("keyword"), label),
		Told:      d.told(o.get("consent"), p.Class),
		Frequency: d.frequency(o.get("frequency"), p.Class),
		Locale:    d.locale(o.get("locale")),
		Limits:    d.limits(o.get("limits")),
	}
	t.HelpEmail, t.HelpPhone = d.help(o.get("help"))
	t.Engagement = d.engagement(o.get("engagement"), p.Class)
	t.Templates = d.templates(o.get("templates"), p.Class)
	return t
}
