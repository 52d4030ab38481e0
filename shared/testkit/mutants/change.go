package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// A mutant is the source of a file with one small change, which a test should notice.
type mutant struct {
	file       string // its path
	line       int
	start, end int    // the bytes that are replaced
	with       string // the replacement

	// name says what is changed: the package, the declaration, and the line with the old and new text. It stays the
	// same when lines or packages are moved.
	name string
}

// mutantsOf returns the mutants of a file, in the order of its lines.
//
// A condition is made true and false, and terms of && and || are dropped. A test that notices these also notices a
// negated condition or an exchanged operator. Removed code stays visible to the compiler, so that no variable becomes
// unused.
func mutantsOf(path string, src []byte) ([]mutant, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, src, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	if ast.IsGenerated(file) {
		return nil, nil
	}
	p := &pass{src: src, base: int(file.FileStart), lines: files, mutant: mutant{file: path}, seen: map[string]int{}}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			p.mutant.name = file.Name.Name + "." + declared(d)
			p.walk(d)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if s, ok := s.(*ast.ValueSpec); ok {
					p.mutant.name = file.Name.Name + "." + s.Names[0].Name
					if d.Tok == token.VAR {
						p.table(s)
					} else {
						p.walk(s)
					}
				}
			}
		}
	}
	slices.SortStableFunc(p.found, func(a, b mutant) int { return cmp.Compare(a.start, b.start) })
	return p.found, nil
}

// declared returns the name of a function, with the receiver's type.
func declared(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if generic, ok := t.(*ast.IndexExpr); ok {
		t = generic.X
	}
	return t.(*ast.Ident).Name + "." + f.Name.Name
}

// A pass collects the mutants of one file.
type pass struct {
	src    []byte
	base   int
	lines  *token.FileSet
	mutant mutant // what the mutants of the current declaration have in common
	seen   map[string]int
	found  []mutant
}

// table drops each row of a table, and treats the functions in it as code. Numbers and words in it are data, which
// tests check against other sources.
func (p *pass) table(n ast.Node) {
	rows := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			p.walk(n)
			return false
		case *ast.CompositeLit:
			if !rows {
				rows = true
				p.elements(n)
			}
		}
		return true
	})
}

func (p *pass) walk(n ast.Node) {
	var above []ast.Node
	ast.Inspect(n, func(n ast.Node) bool {
		if n == nil {
			above = above[:len(above)-1]
			return true
		}
		var parent ast.Node
		if len(above) > 0 {
			parent = above[len(above)-1]
		}
		p.visit(n, parent)
		above = append(above, n)
		return true
	})
}

func (p *pass) visit(n, parent ast.Node) {
	switch n := n.(type) {
	case *ast.BlockStmt:
		p.drop(n.List)
	case *ast.CommClause:
		p.drop(n.Body)
	case *ast.CaseClause:
		p.drop(n.Body)
	case *ast.SwitchStmt:
		p.cases(n)
	case *ast.ReturnStmt:
		p.swallow(n)
	case *ast.CompositeLit:
		p.elements(n)
	case *ast.BasicLit:
		if (n.Kind == token.INT || n.Kind == token.FLOAT) && !besideError(n, parent) {
			p.replace(n, "("+n.Value+" + 1)", n.Value+" + 1")
			if n.Value != "0" {
				p.replace(n, "("+n.Value+" - 1)", n.Value+" - 1")
			}
		}
	case *ast.SliceExpr:
		if n.Low != nil {
			p.change(n.Low.Pos(), n.Low.End(), "", "")
		}
		if n.High != nil && !n.Slice3 {
			p.change(n.High.Pos(), n.High.End(), "", "")
		}
	case *ast.SelectorExpr:
		if product, ok := parent.(*ast.BinaryExpr); (!ok || product.Op != token.MUL) && isUnit(n) {
			p.replace(n, "(2 * "+p.text(n)+")", "2 * "+p.text(n))
		}
	case *ast.CallExpr:
		p.call(n)
	case *ast.BinaryExpr:
		p.operator(n)
	}
	if e, ok := n.(ast.Expr); ok {
		p.truth(e, parent)
	}
}

// truth makes a condition true and false. Of a term of && or ||, only one of these differs from changing the whole
// condition.
func (p *pass) truth(e ast.Expr, parent ast.Node) {
	always, never := false, false
	switch n := parent.(type) {
	case *ast.IfStmt:
		always, never = e == n.Cond, e == n.Cond
	case *ast.ForStmt:
		never = e == n.Cond
	case *ast.CaseClause: // boolean only in a switch without a tag
		always, never = isTruth(e), isTruth(e)
	case *ast.BinaryExpr:
		always, never = n.Op == token.LAND, n.Op == token.LOR
		if n.Op != token.LAND && n.Op != token.LOR {
			always, never = isTruth(e), isTruth(e)
		}
	case *ast.UnaryExpr, *ast.ParenExpr: // their parent decides
	default:
		always, never = isTruth(e), isTruth(e)
	}
	if id, ok := e.(*ast.Ident); ok && (id.Name == "true" || id.Name == "false") && !besideError(e, parent) {
		always, never = id.Name == "false", id.Name == "true"
		if sel, ok := parent.(*ast.KeyValueExpr); ok && sel.Key == e {
			return
		}
	}
	if always {
		p.replace(e, "(true || "+p.text(e)+")", "true")
	}
	if never {
		p.replace(e, "(false && ("+p.text(e)+"))", "false")
	}
}

// isTruth reports whether an expression has the form of a boolean.
func isTruth(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return isTruth(e.X)
	case *ast.UnaryExpr:
		return e.Op == token.NOT
	case *ast.BinaryExpr:
		return e.Op == token.LAND || e.Op == token.LOR || e.Op.Precedence() == token.EQL.Precedence()
	}
	return false
}

// isUnit reports whether an expression is a unit of time in package time.
func isUnit(n *ast.SelectorExpr) bool {
	pkg, ok := n.X.(*ast.Ident)
	return ok && pkg.Name == "time" && slices.Contains([]string{"Hour", "Minute", "Second", "Millisecond"}, n.Sel.Name)
}

func (p *pass) operator(n *ast.BinaryExpr) {
	other := map[token.Token]token.Token{
		token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR,
		token.ADD: token.SUB, token.SUB: token.ADD, token.MUL: token.QUO, token.QUO: token.MUL, token.REM: token.QUO,
		token.AND: token.OR, token.OR: token.AND, token.SHL: token.SHR, token.SHR: token.SHL,
	}
	if with, ok := other[n.Op]; ok && !joins(n) {
		p.change(n.OpPos, n.OpPos+token.Pos(len(n.Op.String())), with.String(), with.String())
	}
}

// joins reports whether an operator concatenates strings.
func joins(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return e.Op == token.ADD && (joins(e.X) || joins(e.Y))
	case *ast.BasicLit:
		return e.Kind == token.STRING
	}
	return false
}

func (p *pass) call(n *ast.CallExpr) {
	switch f := n.Fun.(type) {
	case *ast.Ident:
		if f.Name == "min" || f.Name == "max" {
			for _, a := range n.Args {
				p.replace(n, p.text(a), p.text(a))
			}
		}
	case *ast.SelectorExpr: // of two equal instants, neither is before or after the other
		other := map[string]string{"Before": "After", "After": "Before"}[f.Sel.Name]
		if id, ok := f.X.(*ast.Ident); other == "" || len(n.Args) != 1 || ok && id.Name == "time" {
			return
		}
		with := "!" + p.text(f.X) + "." + other + string(p.src[p.at(f.Sel.End()):p.at(n.End())])
		p.replace(n, "("+with+")", with)
	}
}

// drop removes each statement that does something and declares nothing.
func (p *pass) drop(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE || isBlank(s.Lhs) {
				continue
			}
		case *ast.ReturnStmt:
			if len(s.Results) > 0 {
				continue
			}
		case *ast.BranchStmt:
			if s.Tok == token.GOTO || s.Tok == token.FALLTHROUGH {
				continue
			}
		case *ast.ExprStmt, *ast.IncDecStmt, *ast.SendStmt, *ast.DeferStmt, *ast.GoStmt:
		default:
			continue
		}
		p.replace(s, "if false { "+p.text(s)+"\n}", "")
	}
}

func isBlank(list []ast.Expr) bool {
	for _, e := range list {
		if id, ok := e.(*ast.Ident); !ok || id.Name != "_" {
			return false
		}
	}
	return true
}

// cases drops each value of a switch, and each case that has only one.
func (p *pass) cases(n *ast.SwitchStmt) {
	if n.Tag == nil {
		return
	}
	for _, s := range n.Body.List {
		switch c := s.(*ast.CaseClause); len(c.List) {
		case 0:
		case 1:
			p.change(c.Pos(), c.End(), "", "")
		default:
			p.each(c.List, c.Colon)
		}
	}
}

// elements drops each field of a struct, and each row of a table that is more than a word or a number.
func (p *pass) elements(n *ast.CompositeLit) {
	if slices.ContainsFunc(n.Elts, func(e ast.Expr) bool { _, ok := e.(*ast.BasicLit); return ok }) {
		return
	}
	p.each(n.Elts, n.Rbrace)
}

// each removes each element of a list that ends before end, and its comma.
func (p *pass) each(list []ast.Expr, end token.Pos) {
	for i, e := range list {
		from, to := e.Pos(), end
		if i+1 < len(list) {
			to = list[i+1].Pos()
		} else if i > 0 {
			from = list[i-1].End()
		}
		p.add(from, to, "", e.Pos(), e.End(), "")
	}
}

// swallow returns nil where an error is returned.
func (p *pass) swallow(n *ast.ReturnStmt) {
	if len(n.Results) > 0 {
		if last := n.Results[len(n.Results)-1]; isError(last) {
			p.replace(last, "error(nil)", "nil")
		}
	}
}

// besideError reports whether a value is returned together with an error. Callers ignore such a value.
func besideError(e ast.Expr, parent ast.Node) bool {
	r, ok := parent.(*ast.ReturnStmt)
	return ok && e != r.Results[len(r.Results)-1] && isError(r.Results[len(r.Results)-1])
}

// isError reports whether an expression has the form of an error.
func isError(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return strings.HasPrefix(strings.ToLower(e.Name), "err")
	case *ast.SelectorExpr:
		return isError(e.Sel)
	case *ast.CallExpr:
		f, ok := e.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		pkg, ok := f.X.(*ast.Ident)
		return ok && (pkg.Name == "errors" || pkg.Name == "fmt" && f.Sel.Name == "Errorf")
	}
	return false
}

func (p *pass) at(pos token.Pos) int { return int(pos) - p.base }

func (p *pass) text(n ast.Node) string { return string(p.src[p.at(n.Pos()):p.at(n.End())]) }

func (p *pass) replace(n ast.Node, with, shown string) { p.change(n.Pos(), n.End(), with, shown) }

func (p *pass) change(from, to token.Pos, with, shown string) {
	p.add(from, to, with, from, to, shown)
}

// add adds a mutant with the replacement with between two positions. Its name is the line of the change, with «old →
// new» at that place.
func (p *pass) add(from, to token.Pos, with string, oldFrom, oldTo token.Pos, shown string) {
	m, src := p.mutant, string(p.src)
	m.line, m.start, m.end, m.with = p.lines.Position(oldFrom).Line, p.at(from), p.at(to), with
	head := src[strings.LastIndexByte(src[:p.at(oldFrom)], '\n')+1 : p.at(oldFrom)]
	tail, _, _ := strings.Cut(src[p.at(oldTo):], "\n")
	old := src[p.at(oldFrom):p.at(oldTo)]
	if first, _, more := strings.Cut(old, "\n"); more {
		old, tail = first+" …", ""
	}
	m.name += ": " + strings.Join(strings.Fields(head+"«"+old+" → "+shown+"»"+tail), " ")
	p.seen[m.name]++
	if n := p.seen[m.name]; n > 1 {
		m.name += fmt.Sprintf(" #%d", n)
	}
	p.found = append(p.found, m)
}

// source returns the file with the change.
func (m mutant) source(src []byte) []byte {
	return slices.Concat(src[:m.start], []byte(m.with), src[m.end:])
}
