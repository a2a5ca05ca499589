package store_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"loonbrug/data/model"
	"loonbrug/data/store"
)

// statements finds every statement in the source of the package, by the place
// where it stands. Names of constants in it are put in.
func statements(t *testing.T) map[string]string {
	t.Helper()
	files := token.NewFileSet()
	var parsed []*ast.File
	paths := glob(t, "*.go")
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, f)
	}
	constants := make(map[string]string)
	for _, f := range append(parsed, parsed...) { // one may be made of another that comes later
		ast.Inspect(f, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
				if text, ok := textOf(spec.Values[0], constants); ok {
					constants[spec.Names[0].Name] = text
				}
			}
			return true
		})
	}
	found := make(map[string]string)
	for _, f := range parsed {
		ast.Inspect(f, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			text, ok := textOf(e, constants)
			if !ok {
				return true
			}
			if regexp.MustCompile(`^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM)\s`).MatchString(text) {
				found[fmt.Sprint(files.Position(n.Pos()))] = text
			}
			return false // its parts are no statements of their own
		})
	}
	if len(found) < 30 {
		t.Fatalf("only %d statements found", len(found))
	}
	return found
}

// textOf is the value of a constant text made of literals, names and plus.
func textOf(e ast.Expr, constants map[string]string) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, e.Kind == token.STRING && err == nil
	case *ast.Ident:
		text, ok := constants[e.Name]
		return text, ok
	case *ast.BinaryExpr:
		x, okX := textOf(e.X, constants)
		y, okY := textOf(e.Y, constants)
		return x + y, okX && okY && e.Op == token.ADD
	}
	return "", false
}

// isComposed tells a part of the statements that are put together when
// they are used.
func isComposed(text string) bool {
	return text == "SELECT " || strings.HasPrefix(text, "SELECT id FROM run") || strings.HasSuffix(text, "IN (") ||
		strings.HasSuffix(text, "FROM ") || strings.Contains(text, "%s")
}

func TestStatements_Prepare(t *testing.T) {
	b := setup(t)
	others := map[bool][]string{false: {"postgres.go"}, true: {"sqlite.go", "migrate.go", "copy.go"}}[b.shared]
	for place, text := range statements(t) {
		file, _, _ := strings.Cut(place, ":")
		if isComposed(text) || slices.Contains(others, file) {
			continue
		}
		if err := b.Prepare(text); err != nil {
			t.Errorf("%s: %v\n%s", place, err, text)
		}
	}
	runs, _ := store.RunsText(model.RunFilter{CompanyID: 1, Year: 1, Text: "x", Limit: 1})
	deliveries, _ := store.DeliveriesText([]int64{1, 2})
	digests, _ := store.DigestsText([]int64{1, 2})
	for _, text := range []string{runs, deliveries, digests} {
		if err := b.Prepare(text); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
	}
}

// TestStatements_Portable refuses what only SQLite would take.
func TestStatements_Portable(t *testing.T) {
	onlyHere := regexp.MustCompile(`(?i)\b(OR (REPLACE|IGNORE|ABORT)|REPLACE INTO|AUTOINCREMENT|ROWID|IFNULL|GROUP_CONCAT|GLOB|JULIANDAY|STRFTIME|INDEXED BY|PRAGMA|JSON_\w+)\b|\?`)
	for place, text := range statements(t) {
		if found := onlyHere.FindString(text); found != "" {
			t.Errorf("%s: %s", place, found)
		}
	}
	portable, err := fs.ReadFile(store.Migrations(), "0001_first.sql")
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`(?i)\b(AUTOINCREMENT|ROWID|TRIGGER|BLOB|INTEGER|DATETIME|BOOLEAN|STRICT|PRAGMA)\b`).Find(portable); found != nil {
		t.Errorf("0001_first.sql: %s", found)
	}
}

// TestStatements_Placeholders: SQLite binds $2,$1 in the order of appearance.
func TestStatements_Placeholders(t *testing.T) {
	if got := store.Numbered("a = $2 AND b = $1 AND c = $12"); got != "a = ?2 AND b = ?1 AND c = ?12" {
		t.Error(got)
	}
	b := setup(t)
	if got := b.Text(t, true, "SELECT $2 || $1", 0, "one", "two"); got[0] != "twoone" {
		t.Error(got)
	}
}

// TestStates_InTheTable holds the table's own list of states against the
// model's.
func TestStates_InTheTable(t *testing.T) {
	b := setup(t)
	d := b.queue()
	for state, allowed := range map[model.State]bool{
		model.StateQueued: true, model.StateChecking: true, model.StateSending: true, model.StateAccepted: true,
		model.StateBooked: true, model.StateRefused: true, model.StateUnknown: true, model.StateMarked: true,
		model.StateNothingToBook: true, model.StateWithdrawn: true,
		model.StateNotSetUp: false, model.StateBeforeStart: false, model.StateBlocked: false,
		model.StateReady: false, model.StatePartial: false, "": false, "Booked": false,
	} {
		to := d
		to.State = state
		err := b.Apply(t.Context(), d, to, model.Attempt{}, nil)
		if (err == nil) != allowed {
			t.Errorf("%q: %v", state, err)
		}
		if err == nil {
			d = to
			waits := len(b.Text(t, true, "SELECT id FROM delivery WHERE id = $1 AND state IN ('queued', 'checking', 'sending', 'accepted', 'unknown')", 0, d.ID)) == 1
			if waits == state.Final() {
				t.Errorf("%s: final %t, waits %t", state, state.Final(), waits)
			}
		}
	}
}

// TestGuards: what the store never does, nobody else can do by mistake either.
func TestGuards(t *testing.T) {
	b := setup(t)
	d := b.queue()
	b.claim(noon)
	d = b.delivery(d.ID)
	b.apply(d, d)
	for _, text := range []string{
		"UPDATE attempt SET event = 'x'",
		"DELETE FROM attempt",
		"DELETE FROM delivery",
		"UPDATE delivery SET fence = 0",
		"UPDATE delivery SET person = 2",
		"DELETE FROM run",
		"INSERT INTO credential (account_id, sealed) VALUES (99, 'x')",
	} {
		if err := b.Exec(text); err == nil {
			t.Errorf("allowed: %s", text)
		}
	}
}
