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
)

// MaxFile is the size of the largest programs.yaml that is read, in bytes: three times a file of a thousand programs.
const MaxFile = 1 << 20

// Load reads and checks a programs.yaml. It is strict: an unknown, empty or repeated field is an error, because a
// misspelt rule that is silently ignored could lead to illegal texts.
//
// The error joins all mistakes in the order of the file. Each names its line and field and says what to write
// instead.
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

// parse returns the root of the syntax tree. It returns false where there is none, after reporting why.
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

// validUTF8 returns the line of the first byte that is not UTF-8, and false.
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

// policy reads the rules that bind all brands.
func (d *decoder) policy(f field, c *Catalog) {
	o := d.object(f, "hours", "countries", "revoke_all", "answers_per_hour", "other_channels", "least_gap")
	c.Policy = d.hoursPolicy(o)
	c.RevokeAll = d.revokeAll(o.get("revoke_all"))
	c.OtherChannels = d.otherChannels(o.get("other_channels"))
	c.LeastGap = d.leastGap(o.get("least_gap"))
	c.AnswersAnHour = d.count(o.get("answers_per_hour"), defaultAnswersAnHour, 1, 60)
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
			d.checkPolicy(at, "countries."+code, jurisdiction.Policy{Countries: map[string]jurisdiction.Country{code: country}})
		}
		if policy.Countries == nil {
			policy.Countries = map[string]jurisdiction.Country{}
		}
		policy.Countries[code] = country
	}
	return policy
}

// hours reads a brand's own hours, nil where it has none. The result contains the whole policy, so that own hours can
// only shorten the permitted ones.
func (d *decoder) hours(f field, policy jurisdiction.Policy) *jurisdiction.Policy {
	if f.node == nil {
		return nil
	}
	before := len(d.faults)
	week := d.week(d.object(f, days...))
	policy.Narrow = &week
	if len(d.faults) == before {
		d.checkPolicy(f, "narrow", jurisdiction.Policy{Narrow: &week})
	}
	return &policy
}

// checkPolicy lets package jurisdiction check what was read at f, and drops the name it uses for that place from the
// error.
func (d *decoder) checkPolicy(f field, name string, policy jurisdiction.Policy) {
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
			d.checkSameHelp(at, &p.Topics[0], &t)
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
