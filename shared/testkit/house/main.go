// Command house prints the map of the code as Markdown: every package, what it holds and what it imports.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	if err := draw(os.Stdout, "."); err != nil {
		fmt.Fprintln(os.Stderr, "house:", err)
		os.Exit(1)
	}
}

// floor is a layer of the code. Its packages are those whose path begins with prefix. The floors are listed from the
// top down.
type floor struct{ prefix, name, holds string }

func floors() []floor {
	return []floor{
		{"cmd/", "the command", "what an operator types"},
		{"local", "the local stack", "one machine's AWS"},
		{"functions", "the functions", "a folder for each Lambda"},
		{"shared/testkit/", "the testkit", "stands in for AWS and browsers"},
		{"shared/edge/", "the edge", "talks to AWS and browsers"},
		{"shared/core/", "the core", "decides: no AWS, no clock, no I/O"},
	}
}

// room is a package.
type room struct {
	Path    string   `json:"ImportPath"`
	Doc     string   // the first sentence of the package comment
	Imports []string // without the imports of its tests
}

const module = "smsconsent/"

// draw prints the map of the module in a folder.
func draw(w io.Writer, folder string) error {
	rooms, err := read(folder)
	if err != nil {
		return err
	}
	fmt.Fprint(w, `# The house, room by room

Made from the code by `+"`make docs`"+`; [architecture.md](architecture.md) says what belongs where. Numbers are imports of one floor by another.

`+"```mermaid\nflowchart TD\n")
	arrows := map[string]int{}
	for i, f := range floors() {
		n := 0
		for _, r := range rooms {
			if on(r.Path) != i {
				continue
			}
			n++
			for _, to := range r.Imports {
				if at := on(to); at >= 0 && at != i {
					arrows[fmt.Sprintf("f%d -->|%%d| f%d", i, at)]++
				}
			}
		}
		fmt.Fprintf(w, "  f%d[\"%s<br>%s<br>%d packages\"]\n", i, f.name, f.holds, n)
	}
	for _, arrow := range slices.Sorted(maps.Keys(arrows)) {
		fmt.Fprintf(w, "  "+arrow+"\n", arrows[arrow])
	}
	fmt.Fprint(w, "```\n")
	for i, f := range floors() {
		fmt.Fprintf(w, "\n## %s\n\n| package | what it holds | stands on |\n|---|---|---|\n", title(f.name))
		for _, r := range rooms {
			if on(r.Path) == i {
				fmt.Fprintf(w, "| [%s](../%[1]s) | %s | %s |\n", strings.TrimPrefix(r.Path, module), said(r.Doc), standsOn(r))
			}
		}
	}
	return nil
}

// read returns the packages, ordered by path. Programs that only generate tables are left out.
func read(folder string) ([]room, error) {
	list := exec.Command("go", "list", "-json=ImportPath,Doc,Imports", "./...")
	list.Dir, list.Stderr = folder, os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("list the packages: %w", err)
	}
	var rooms []room
	for in := json.NewDecoder(bytes.NewReader(out)); ; {
		var r room
		err := in.Decode(&r)
		if errors.Is(err, io.EOF) {
			return rooms, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the list of packages: %w", err)
		}
		if on(r.Path) >= 0 && !strings.HasSuffix(r.Path, "/gen") && !strings.HasSuffix(r.Path, "/bootstrap") {
			rooms = append(rooms, r)
		}
	}
}

// on returns the index of a package's floor; -1 for none.
func on(path string) int {
	ours, found := strings.CutPrefix(path, module)
	if !found {
		return -1
	}
	return slices.IndexFunc(floors(), func(f floor) bool { return strings.HasPrefix(ours, f.prefix) })
}

// standsOn lists the packages of this module that r imports. Those in shared are named by their path within their
// floor.
func standsOn(r room) string {
	var names []string
	for _, to := range r.Imports {
		if ours, found := strings.CutPrefix(to, module); found && on(to) >= 0 {
			if f := floors()[on(to)]; strings.HasPrefix(f.prefix, "shared/") {
				ours = strings.TrimPrefix(ours, f.prefix)
			}
			names = append(names, ours)
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// said returns what a package comment says after "Package x".
func said(doc string) string {
	if words := strings.SplitN(doc, " ", 3); len(words) == 3 && (words[0] == "Package" || words[0] == "Command") {
		doc = words[2]
	}
	return strings.ReplaceAll(strings.TrimSuffix(doc, "."), "|", `\|`)
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
