package i18n_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ask is one call of i18n.T or Tn in the program.
type ask struct {
	place  string
	keys   []string
	params []string
	plural bool
	open   bool // more parameters are added that cannot be seen
}

// family is a group of keys that are put together from a prefix and an id: the
// only ones that need not stand in the source as a whole. Ids are listed, or are
// the constants of types, each named by folder and type.
type family struct {
	prefix string
	ids    []string
	types  []string
}

// families is the register of all such groups. Keys under "field." are made from
// the descriptions of the targets and checked where the targets are known.
func families() []family {
	return []family{
		{prefix: "state.short.", types: []string{"data/model.State"}},
		{prefix: "state.hint.", types: []string{"data/model.State"}},
		{prefix: "account.state.", types: []string{"data/model.AccountState"}},
		{prefix: "account.word.", types: []string{"ui/accounts.standing"}},
		{prefix: "account.mend.", ids: []string{"first", "sign_in", "company", "change", "check"}},
		{prefix: "action.", types: []string{"data/model.Action", "ui/export.remedy"}},
		{prefix: "care.setup.kind.", types: []string{"data/model.SetupKind"}},
		{prefix: "care.setup.what.", types: []string{"data/model.SetupWhat"}},
		{prefix: "codes.state.", types: []string{"ui/administrations.codeState"}},
		{prefix: "company.posting.", types: []string{"data/model.PostingDate"}},
		{prefix: "company.send.", types: []string{"data/model.SendMode"}},
		{prefix: "company.after.", types: []string{"data/model.SendAfter"}},
		{prefix: "mapping.corrections.", types: []string{"data/model.Corrections"}},
		{prefix: "mapping.closed.", types: []string{"data/model.Closed"}},
		{prefix: "sendall.outcome.", types: []string{"data/model.TrialOutcome"}},
		{prefix: "tasks.kind.", types: []string{"data/model.TaskKind"}},
		{prefix: "tasks.twin.", types: []string{"data/model.Twin"}},
		{prefix: "column.", types: []string{"integration/payrollfile.Role"}},
		{prefix: "approval.", ids: []string{"waiting", "given"}},
		{prefix: "about.folder.", ids: []string{"data", "log"}},
		{prefix: "history.", ids: []string{"discarded", "not_swept", "orphan", "sweep_now", "swept"}},
		{prefix: "help.state.", types: []string{"ui/help.State"}},
		{prefix: "help.need.", ids: systems()},
		{prefix: "help.steps.", ids: systems()},
		{prefix: "help.errors.", ids: systems()},
		{prefix: "settings.drawing.", ids: []string{"automatic", "on", "off"}},
		{prefix: "settings.theme.", types: []string{"ui/theme.Mode"}},
		{prefix: "start.step.", types: []string{"ui/start.Step"}},
		{prefix: "start.text.", types: []string{"ui/start.Step"}},
		{prefix: "evidence.", ids: []string{"intent", "ambiguous", "lease_over", "missed", "not_looked", "differs", "gone"}},
		{prefix: "history.", ids: []string{"orphan", "discarded", "swept", "not_swept", "sweep_now"}},
		{prefix: "rights.right.", types: []string{"data/model.Right"}},
		{prefix: "history.kind.", types: []string{"data/model.EventKind"}},
		{prefix: "history.breach.", types: []string{"data/model.BreachKind"}},
		{prefix: "field."},
	}
}

// systems are those that the help is written about.
func systems() []string { return []string{"cash", "vismanet", "procountor", "nmbrs"} }

// described are the fields of a target's description that hold whole keys, and
// what the guide quotes, whose keys are checked there.
func described() []string { return []string{"Label", "AccountNote", "NoDownload", "Quoted"} }

func asks(t *testing.T, root string, folders ...string) []ask {
	t.Helper()
	known := make(map[string][]string)
	for _, f := range families() {
		known[f.prefix] = f.ids
		for _, name := range f.types {
			known[f.prefix] = append(known[f.prefix], constantsOf(t, root, name)...)
		}
	}
	var all []ask
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			all = append(all, asksOf(t, path, known)...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func asksOf(t *testing.T, path string, known map[string][]string) (all []ask) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range file.Imports {
		if i.Path.Value == `"fyne.io/fyne/v2/lang"` && filepath.Base(filepath.Dir(path)) != "i18n" {
			t.Errorf("%s uses Fyne's texts past i18n", path)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		function, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !isNamed(function.X, "i18n") {
			return true
		}
		a := ask{place: set.Position(call.Pos()).String(), open: call.Ellipsis.IsValid()}
		rest := call.Args[1:]
		switch function.Sel.Name {
		case "T":
		case "Tn":
			a.plural, a.params, rest = true, []string{"n"}, rest[min(1, len(rest)):]
		default:
			return true // Has may ask for what is not there
		}
		for i := 0; i < len(rest); i += 2 {
			if name, ok := literal(rest[i]); ok {
				a.params = append(a.params, name)
			} else {
				a.open = true
			}
		}
		if a.keys, ok = keysOf(call.Args[0], known); !ok {
			t.Errorf("%s: the key is neither written out nor of a registered family", a.place)
		}
		all = append(all, a)
		return true
	})
	return all
}

// keysOf are the keys an expression can be; none for what targets describe.
func keysOf(e ast.Expr, known map[string][]string) (keys []string, ok bool) {
	if key, ok := literal(e); ok {
		return []string{key}, true
	}
	if s, ok := e.(*ast.SelectorExpr); ok {
		return nil, slices.Contains(described(), s.Sel.Name)
	}
	prefix, suffix := ends(e)
	ids, ok := known[prefix]
	for _, id := range ids {
		keys = append(keys, prefix+id+suffix)
	}
	return keys, ok
}

// ends are the literals a sum of texts begins and ends with.
func ends(e ast.Expr) (first, last string) {
	sum, ok := e.(*ast.BinaryExpr)
	if !ok || sum.Op != token.ADD {
		text, _ := literal(e)
		return text, text
	}
	first, _ = ends(sum.X)
	_, last = ends(sum.Y)
	return first, last
}

func literal(e ast.Expr) (string, bool) {
	b, ok := e.(*ast.BasicLit)
	if !ok || b.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(b.Value)
	return s, err == nil
}

func isNamed(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// constantsOf are the texts of a type's constants, the empty one left out. The
// type is named by its folder and its name.
func constantsOf(t *testing.T, root, typ string) (found []string) {
	t.Helper()
	folder, name, _ := strings.Cut(typ, ".")
	files, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			v, ok := n.(*ast.ValueSpec)
			if !ok || len(v.Values) != 1 || !isNamed(v.Type, name) {
				return true
			}
			if text, ok := literal(v.Values[0]); ok && text != "" {
				found = append(found, text)
			}
			return true
		})
	}
	if len(found) == 0 {
		t.Errorf("%s has no constants", typ)
	}
	return found
}
