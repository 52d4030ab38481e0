package main

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
)

// mutantVariable is the environment variable with the number of the mutant to run. Without it a program runs the
// original code.
const mutantVariable = "MUTANT"

// together returns the files of a package with numbered mutants in them. Each mutant is a copy of the function or
// variable that it changes. The program chooses one when it starts, so that one compilation serves all. Mutants that
// cannot be copied, because they change a constant, main or init, are returned in alone.
func together(dir, pkg string, mutants map[int]mutant, text map[string][]byte) (files map[string][]byte, alone []int) {
	files = map[string][]byte{filepath.Join(dir, "zz_mutants.go"): []byte(choice(pkg))}
	copied := map[int]bool{}
	for path, src := range text {
		c := copier{src: src, path: path, mutants: mutants, copied: copied}
		if changed := c.file(); changed != nil {
			files[path] = changed
		}
	}
	for n := range mutants {
		if !copied[n] {
			alone = append(alone, n)
		}
	}
	slices.Sort(alone)
	return files, alone
}

// choice returns the file that reads which mutant to run.
func choice(pkg string) string {
	return "package " + pkg + `

import (
	mutantos "os"
	mutantstrconv "strconv"
)

var mutantChosen = func() int { n, _ := mutantstrconv.Atoi(mutantos.Getenv("` + mutantVariable + `")); return n }()

func mutantOf[T any](sound T, n int, changed T) T {
	if mutantChosen == n {
		return changed
	}
	return sound
}
`
}

// copier writes the mutants of one file into it.
type copier struct {
	src     []byte
	path    string
	mutants map[int]mutant
	copied  map[int]bool

	base  int
	edits []edit
	tail  bytes.Buffer
}

type edit struct {
	start, end int
	with       string
}

// file returns the file with its mutants; nil where there are none.
func (c *copier) file() []byte {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, c.path, c.src, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil {
		panic(err) // the file was parsed before, when its mutants were made
	}
	c.base = int(file.FileStart)
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if inside := c.inside(d); len(inside) > 0 && d.Body != nil && d.Name.Name != "init" && d.Name.Name != "main" {
				c.function(d, inside)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				s, ok := s.(*ast.ValueSpec)
				if !ok || d.Tok != token.VAR || len(s.Names) != 1 || len(s.Values) != 1 || countsItself(s.Values[0]) {
					continue
				}
				if inside := c.inside(s.Values[0]); len(inside) > 0 {
					c.variable(s, inside)
				}
			}
		}
	}
	if len(c.edits) == 0 {
		return nil
	}
	slices.SortFunc(c.edits, func(a, b edit) int { return cmp.Compare(b.start, a.start) })
	out := slices.Clone(c.src)
	for _, e := range c.edits {
		out = slices.Concat(out[:e.start], []byte(e.with), out[e.end:])
	}
	return append(out, c.tail.Bytes()...)
}

func (c *copier) at(pos token.Pos) int { return int(pos) - c.base }

func (c *copier) text(n ast.Node) string { return string(c.src[c.at(n.Pos()):c.at(n.End())]) }

// inside returns the numbers of the mutants that change something within a node.
func (c *copier) inside(n ast.Node) []int {
	var all []int
	for number, m := range c.mutants {
		if m.file == c.path && c.at(n.Pos()) <= m.start && m.end <= c.at(n.End()) {
			all = append(all, number)
			c.copied[number] = true
		}
	}
	slices.Sort(all)
	return all
}

// changed returns the text of a node with a mutant's change.
func (c *copier) changed(from, to int, m mutant) string {
	return string(c.src[from:m.start]) + m.with + string(c.src[m.end:to])
}

// append adds a copy. Its line directive makes the compiler name the mutant in errors.
func (c *copier) append(number int, text string) {
	fmt.Fprintf(&c.tail, "\n//line mutant-%d:1\n%s\n", number, text)
}

// function makes a function check first which mutant is chosen.
func (c *copier) function(d *ast.FuncDecl, inside []int) {
	unnamed := 0
	name := func(id *ast.Ident) string {
		if id != nil && id.Name != "_" {
			return id.Name
		}
		unnamed++
		return fmt.Sprintf("mutantArg%d", unnamed)
	}
	// fields are parameters that all have names, and what to hand them on by.
	fields := func(list *ast.FieldList) (decl, args string) {
		for _, f := range list.List {
			names := f.Names
			if len(names) == 0 {
				names = []*ast.Ident{nil}
			}
			for _, id := range names {
				n := name(id)
				decl, args = decl+n+" "+c.text(f.Type)+", ", args+n
				if _, variadic := f.Type.(*ast.Ellipsis); variadic {
					args += "..."
				}
				args += ", "
			}
		}
		return strings.TrimSuffix(decl, ", "), strings.TrimSuffix(args, ", ")
	}
	head, prefix := "func ", ""
	if d.Recv != nil {
		decl, args := fields(d.Recv)
		head, prefix = head+"("+decl+") ", args+"."
	}
	head += d.Name.Name
	types := ""
	if d.Type.TypeParams != nil {
		head += c.text(d.Type.TypeParams)
		for _, f := range d.Type.TypeParams.List {
			for _, id := range f.Names {
				types += id.Name + ", "
			}
		}
		types = "[" + types + "]"
	}
	decl, args := fields(d.Type.Params)
	head += "(" + decl + ") "
	if d.Type.Results != nil {
		head += c.text(d.Type.Results) + " "
	}
	head += "{ switch mutantChosen {"
	for _, n := range inside {
		call := fmt.Sprintf("%smutant%d%s%s(%s)", prefix, n, d.Name.Name, types, args)
		if d.Type.Results != nil {
			call = "return " + call
		} else {
			call += "; return"
		}
		head += fmt.Sprintf(" case %d: %s;", n, call)
		whole := c.changed(c.at(d.Name.End()), c.at(d.End()), c.mutants[n])
		c.append(n, string(c.src[c.at(d.Pos()):c.at(d.Name.Pos())])+fmt.Sprintf("mutant%d%s", n, d.Name.Name)+whole)
	}
	c.edits = append(c.edits, edit{c.at(d.Pos()), c.at(d.Body.Lbrace) + 1, head + " };"})
}

// countsItself reports whether a value is an array whose type changes with each dropped row.
func countsItself(v ast.Expr) bool {
	list, ok := v.(*ast.CompositeLit)
	if !ok {
		return false
	}
	array, ok := list.Type.(*ast.ArrayType)
	if !ok {
		return false
	}
	_, counts := array.Len.(*ast.Ellipsis)
	return counts
}

// variable makes a package's variable start with the chosen mutant's value.
func (c *copier) variable(s *ast.ValueSpec, inside []int) {
	v := s.Values[0]
	with := c.text(v)
	for _, n := range inside {
		kind := ""
		if s.Type != nil {
			kind = c.text(s.Type) + " "
		}
		id := fmt.Sprintf("mutant%d%s", n, s.Names[0].Name)
		with = fmt.Sprintf("mutantOf(%s, %d, %s)", with, n, id)
		c.append(n, "var "+id+" "+kind+"= "+c.changed(c.at(v.Pos()), c.at(v.End()), c.mutants[n]))
	}
	c.edits = append(c.edits, edit{c.at(v.Pos()), c.at(v.End()), with})
}
