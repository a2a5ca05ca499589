package explain_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// use is one place in the program that makes a problem. Codes is empty when the
// place takes over a code that another place made.
type use struct {
	place  string
	codes  []string
	params []string
	open   bool // more parameters are added elsewhere
}

// isCode leaves out what a variable holds before it gets its code.
var isCode = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_]+)?$`)

// targetIDs stand for the field Target of an entry, whose value is the id of
// whichever target it is for.
func targetIDs() []string { return []string{"cash", "vismanet", "procountor"} }

// uses finds every call of model.NewProblem and every model.Problem literal with
// a code in the folders, tests and their helpers left out. Codes that are not
// written in place are followed through constants, variables, arguments and
// results within their package; one that cannot be followed fails the test.
func uses(t *testing.T, root string, folders ...string) []use {
	t.Helper()
	var all []use
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() {
				return err
			}
			if slices.Contains([]string{"uitest", "testdata"}, d.Name()) && path != filepath.Join(root, folder) {
				return filepath.SkipDir
			}
			p := readPackage(t, path)
			all = append(all, p.uses(t)...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// pkg is the syntax of one package.
type pkg struct {
	set       *token.FileSet
	files     []*ast.File
	constants map[string]ast.Expr
	functions map[string][]*ast.FuncDecl
}

func readPackage(t *testing.T, folder string) *pkg {
	t.Helper()
	p := &pkg{set: token.NewFileSet(), constants: make(map[string]ast.Expr), functions: make(map[string][]*ast.FuncDecl)}
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(p.set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		p.files = append(p.files, file)
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				p.functions[d.Name.Name] = append(p.functions[d.Name.Name], d)
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if v, ok := s.(*ast.ValueSpec); ok && d.Tok == token.CONST {
						for i := range min(len(v.Names), len(v.Values)) {
							p.constants[v.Names[i].Name] = v.Values[i]
						}
					}
				}
			}
		}
	}
	return p
}

func (p *pkg) uses(t *testing.T) []use {
	var found []use
	for _, file := range p.files {
		if file.Name.Name == "model" {
			continue // defines NewProblem; its own code "internal" is in the catalogue's test
		}
		for _, d := range file.Decls {
			ast.Inspect(d, func(n ast.Node) bool {
				code, pairs, open := made(n)
				if code == nil {
					return true
				}
				u := use{place: p.set.Position(code.Pos()).String(), open: open}
				f := finder{pkg: p, around: d, seen: make(map[ast.Node]bool)}
				u.codes = slices.DeleteFunc(f.values(code), func(c string) bool { return !isCode.MatchString(c) })
				for _, name := range pairs {
					values := f.values(name)
					u.params = append(u.params, values...)
					u.open = u.open || len(values) == 0
				}
				for _, lost := range f.lost {
					t.Errorf("%s: the code of a problem cannot be followed", p.set.Position(lost.Pos()))
				}
				slices.Sort(u.codes)
				u.codes = slices.Compact(u.codes)
				found = append(found, u)
				return true
			})
		}
	}
	return found
}

// made tells whether a node makes a problem: with which code, which names of
// parameters, and whether others may be added.
func made(n ast.Node) (code ast.Expr, names []ast.Expr, open bool) {
	switch n := n.(type) {
	case *ast.CallExpr:
		if nameOf(n.Fun) != "NewProblem" || len(n.Args) == 0 {
			return nil, nil, false
		}
		if n.Ellipsis.IsValid() {
			return n.Args[0], nil, true
		}
		for i := 1; i < len(n.Args); i += 2 {
			names = append(names, n.Args[i])
		}
		return n.Args[0], names, false
	case *ast.CompositeLit:
		if n.Type == nil || nameOf(n.Type) != "Problem" {
			return nil, nil, false
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && nameOf(kv.Key) == "Code" {
				return kv.Value, nil, true
			}
		}
	}
	return nil, nil, false
}

// nameOf is the last name of an expression: NewProblem of model.NewProblem.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// TestUses_FollowsCodes proves the finder on code written for it.
func TestUses_FollowsCodes(t *testing.T) {
	var got []string
	for _, u := range uses(t, "testdata", "follow") {
		got = append(got, fmt.Sprint(u.codes, u.params, u.open))
	}
	want := []string{
		"[a.literal] [x y] false",
		"[a.constant] [] false",
		"[cash.shared procountor.shared vismanet.shared] [] false",
		"[a.first a.second] [] false",
		"[a.one a.two] [x] false",
		"[a.result] [] false",
		"[a.composite] [] true",
		"[a.table] [] false",
		"[a.placed] [] false",
		"[b.arg b.other] [] true",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
