package memory

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// The grammar is that of docs.aws.amazon.com, "Condition and filter expressions" and "Update expressions".

// path leads to an attribute, or to a value within one. A step is a name, a "#placeholder", or an index.
type path []step

type step struct {
	name  string
	index int // where there is no name
}

// operand is an attribute, the size of one, or a value.
type operand struct {
	path  path
	size  bool
	value string // ":placeholder" of a value; empty for an attribute
}

// condition is an expression that is true or false for an item.
type condition struct {
	op   string       // AND, OR, NOT, BETWEEN, IN, a comparison, or a function's name
	of   []*condition // the operands of AND, OR and NOT
	args []operand
}

// update is a parsed update expression.
type update struct {
	set         []assignment
	remove      []path
	add, delete []assignment
}

type assignment struct {
	path path
	is   term
}

// term is the value that an attribute is set to.
type term struct {
	operand
	op   string // +, -, if_not_exists or list_append; empty for the operand alone
	args []term
}

// parsed parses an expression, or returns the result of an earlier time.
func parsed[T any](d *DynamoDB, text string, parse func(*parser) T) (T, error) {
	var none T
	if known, ok := d.parsed.Load(text); ok {
		if t, ok := known.(T); ok {
			return t, nil
		}
	}
	p := &parser{tokens: tokens(text)}
	t := parse(p)
	if len(p.tokens) > 0 {
		p.fail()
	}
	if p.failed != "" {
		return none, invalid("Invalid expression: Syntax error; token: %q", p.failed)
	}
	d.parsed.Store(text, t)
	return t, nil
}

func (d *DynamoDB) condition(e *env, text *string) (*condition, error) {
	if text == nil {
		return nil, nil
	}
	c, err := parsed(d, *text, (*parser).or)
	if err == nil {
		c.each(e.use)
	}
	return c, err
}

func (d *DynamoDB) update(e *env, text *string) (*update, error) {
	u, err := parsed(d, aws.ToString(text), (*parser).update)
	if err == nil {
		u.each(e.use)
	}
	return u, err
}

// tokens splits an expression into names, numbers, signs and placeholders.
func tokens(text string) []string {
	var all []string
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		n := strings.IndexFunc(text, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_-#:", r)
		})
		switch {
		case n < 0:
			n = len(text)
		case strings.HasPrefix(text, "<>"), strings.HasPrefix(text, "<="), strings.HasPrefix(text, ">="):
			n = 2
		default:
			n = max(n, 1)
		}
		all, text = append(all, text[:n]), text[n:]
	}
	return all
}

type parser struct {
	tokens []string
	failed string // the token that was not understood
}

func (p *parser) fail() {
	if p.failed == "" {
		p.failed = strings.Join(append(p.tokens, "the end")[:1], "")
	}
	p.tokens = nil
}

// next returns the next token where it is one of these, in capitals or not, and goes on to the one after it. Else it
// returns an empty string.
func (p *parser) next(these ...string) string {
	for _, want := range these {
		if len(p.tokens) > 0 && strings.EqualFold(p.tokens[0], want) {
			p.tokens = p.tokens[1:]
			return want
		}
	}
	return ""
}

func (p *parser) need(sign string) {
	if p.next(sign) == "" {
		p.fail()
	}
}

// chain parses conditions that are joined by a word.
func (p *parser) chain(word string, part func() *condition) *condition {
	c := part()
	for p.next(word) != "" {
		c = &condition{op: word, of: []*condition{c, part()}}
	}
	return c
}

func (p *parser) or() *condition  { return p.chain("OR", p.and) }
func (p *parser) and() *condition { return p.chain("AND", p.not) }

func (p *parser) not() *condition {
	if p.next("NOT") != "" {
		return &condition{op: "NOT", of: []*condition{p.not()}}
	}
	if p.next("(") != "" {
		c := p.or()
		p.need(")")
		return c
	}
	return p.comparison()
}

func (p *parser) comparison() *condition {
	for _, f := range []string{"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains"} {
		if len(p.tokens) > 1 && p.tokens[0] == f && p.tokens[1] == "(" {
			p.tokens = p.tokens[1:]
			c := &condition{op: f, args: p.list()}
			if want := map[bool]int{true: 1, false: 2}[strings.HasSuffix(f, "exists")]; len(c.args) != want { //nolint:mnd // operands
				p.fail()
			}
			return c
		}
	}
	a := p.operand()
	switch op := p.next("=", "<>", "<=", "<", ">=", ">", "BETWEEN", "IN"); op {
	case "":
		p.fail()
		return &condition{}
	case "BETWEEN":
		low := p.operand()
		p.need("AND")
		return &condition{op: op, args: []operand{a, low, p.operand()}}
	case "IN":
		return &condition{op: op, args: append([]operand{a}, p.list()...)}
	default:
		return &condition{op: op, args: []operand{a, p.operand()}}
	}
}

// list parses operands in parentheses.
func (p *parser) list() []operand {
	p.need("(")
	all := []operand{p.operand()}
	for p.next(",") != "" {
		all = append(all, p.operand())
	}
	p.need(")")
	return all
}

func (p *parser) operand() operand {
	if len(p.tokens) > 1 && p.tokens[0] == "size" && p.tokens[1] == "(" {
		p.tokens = p.tokens[2:]
		o := operand{path: p.path(), size: true}
		p.need(")")
		return o
	}
	if len(p.tokens) > 0 && strings.HasPrefix(p.tokens[0], ":") {
		o := operand{value: p.tokens[0]}
		p.tokens = p.tokens[1:]
		return o
	}
	return operand{path: p.path()}
}

func (p *parser) path() path {
	steps := path{{name: p.name()}}
	for {
		switch p.next(".", "[") {
		case ".":
			steps = append(steps, step{name: p.name()})
		case "[":
			n, err := strconv.Atoi(p.name())
			if err != nil {
				p.fail()
			}
			p.need("]")
			steps = append(steps, step{index: n})
		default:
			return steps
		}
	}
}

func (p *parser) name() string {
	if len(p.tokens) == 0 || strings.ContainsAny(p.tokens[0][:1], "()=<>,.[]+-:") {
		p.fail()
		return ""
	}
	name := p.tokens[0]
	p.tokens = p.tokens[1:]
	return name
}

// paths parses a list of paths, of a projection or of REMOVE.
func (p *parser) paths() []path {
	all := []path{p.path()}
	for p.next(",") != "" {
		all = append(all, p.path())
	}
	return all
}

func (p *parser) update() *update {
	u := &update{}
	for len(p.tokens) > 0 {
		switch p.next("SET", "REMOVE", "ADD", "DELETE") {
		case "SET":
			u.set = append(u.set, p.assignments("=", p.sum)...)
		case "REMOVE":
			u.remove = append(u.remove, p.paths()...)
		case "ADD":
			u.add = append(u.add, p.assignments("", p.term)...)
		case "DELETE":
			u.delete = append(u.delete, p.assignments("", p.term)...)
		default:
			p.fail()
		}
	}
	return u
}

func (p *parser) assignments(sign string, is func() term) []assignment {
	var all []assignment
	for {
		a := assignment{path: p.path()}
		if sign != "" {
			p.need(sign)
		}
		a.is = is()
		all = append(all, a)
		if p.next(",") == "" {
			return all
		}
	}
}

func (p *parser) sum() term {
	t := p.term()
	if op := p.next("+", "-"); op != "" {
		return term{op: op, args: []term{t, p.term()}}
	}
	return t
}

func (p *parser) term() term {
	if len(p.tokens) > 1 && p.tokens[1] == "(" {
		if op := p.next("if_not_exists", "list_append"); op != "" {
			p.need("(")
			t := term{op: op, args: []term{p.term()}}
			p.need(",")
			t.args = append(t.args, p.term())
			p.need(")")
			return t
		}
	}
	return term{operand: p.operand()}
}
