package ui_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// sources gives the files of the screens, without tests.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	files := make(map[string]*ast.File)
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		files[path] = file
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("only %d files found", len(files))
	}
	return files
}

// Goroutines and hand-overs to Fyne's own belong to one helper.
func TestSources_OnlyAsyncStartsGoroutines(t *testing.T) {
	for path, file := range sources(t) {
		if strings.HasPrefix(path, "async") {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if _, ok := n.(*ast.GoStmt); ok {
				t.Errorf("%s starts a goroutine", path)
			}
			if sel, ok := n.(*ast.SelectorExpr); ok {
				if pkg, ok := sel.X.(*ast.Ident); ok && pkg.Name == "fyne" && (sel.Sel.Name == "Do" || sel.Sel.Name == "DoAndWait") {
					t.Errorf("%s calls fyne.%s", path, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

// Endless animations cost a core on a software-drawn desktop.
func TestSources_NoEndlessAnimation(t *testing.T) {
	for path, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				switch sel.Sel.Name {
				case "NewProgressBarInfinite", "NewActivity", "NewDisabledResource":
					t.Errorf("%s uses %s", path, sel.Sel.Name)
				}
			}
			return true
		})
	}
}

// No screen knows a target by its id.
func TestSources_NoTargetByName(t *testing.T) {
	for path, file := range sources(t) {
		if strings.HasPrefix(path, "uitest") {
			continue
		}
		each(file, func(text string) {
			for _, id := range []string{"cash", "vismanet", "procountor"} {
				if strings.Contains(strings.ToLower(text), id) {
					t.Errorf("%s holds %q", path, text)
				}
			}
		})
	}
}

// Texts for people come from the translations. A literal that a person could
// read has a blank between letters or begins with a capital.
func TestSources_NoTextsForPeople(t *testing.T) {
	for path, file := range sources(t) {
		switch first, _, _ := strings.Cut(path, string(filepath.Separator)); first {
		case "async", "i18n", "uitest":
			continue
		}
		if path == filepath.Join("history", "report.go") {
			continue // fonts and edges of a page on paper
		}
		each(file, func(text string) {
			if readable(text) {
				t.Errorf("%s holds the text %q", path, text)
			}
		})
	}
}

// each gives every string literal but those of imports and of errors, which
// are for the log.
func each(file *ast.File, visit func(string)) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && (sel.Sel.Name == "Errorf" || sel.Sel.Name == "New" && isPackage(sel.X, "errors")) {
				return false
			}
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				visit(text)
			}
		}
		return true
	})
}

func isPackage(x ast.Expr, name string) bool {
	id, ok := x.(*ast.Ident)
	return ok && id.Name == name
}

func readable(text string) bool {
	letters := strings.IndexFunc(text, unicode.IsLetter) >= 0
	words := strings.Fields(text)
	code := len(text) == 2 || len(text) == 3 && strings.ToUpper(text) == text // countries and currencies
	return letters && !code && (len(words) > 1 || unicode.IsUpper([]rune(text)[0]))
}
