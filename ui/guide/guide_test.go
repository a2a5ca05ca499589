package guide_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"loonbrug/integration/explain"
	"loonbrug/ui/guide"
	"loonbrug/ui/i18n"
	"loonbrug/ui/theme"
	"loonbrug/ui/uitest"
)

func explained(string) []explain.Page {
	return []explain.Page{
		{Code: "cash.pending", Message: "CASH is still busy.", Cause: "It takes time.", Solution: "Wait."},
		{Code: "file.cut_off", Message: "The file was cut off.", Cause: "A copy broke off.", Solution: "Copy it again."},
	}
}

// opened is the guide's window, at a place.
func opened(t *testing.T, language, place string) (*guide.Guide, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	if err := i18n.SetLanguage(language); err != nil {
		t.Fatal(err)
	}
	g := guide.New(explained)
	g.Open(place)
	return g, only(t)
}

func only(t *testing.T) fyne.Window {
	t.Helper()
	all := slices.DeleteFunc(slices.Clone(fyne.CurrentApp().Driver().AllWindows()), func(w fyne.Window) bool { return w.Title() != i18n.T("menu.guide") })
	if len(all) != 1 {
		t.Fatalf("%d windows", len(all))
	}
	return all[0]
}

// said is everything that the page says, as one text.
func said(w fyne.Window) string {
	var all strings.Builder
	uitest.Walk(uitest.Roots(w), func(o fyne.CanvasObject, _ fyne.Position) bool {
		if r, ok := o.(*widget.RichText); ok {
			all.WriteString(r.String() + "\n")
		}
		return true
	})
	return all.String()
}

func TestOpen_EveryPageInEveryLanguage(t *testing.T) {
	for _, l := range i18n.Languages() {
		t.Run(l.Code, func(t *testing.T) {
			g, _ := opened(t, l.Code, "start")
			for _, page := range guide.Pages() {
				title, _, _ := strings.Cut(strings.TrimPrefix(text(t, l.Code, page), "# "), "\n")
				g.Open(page)
				if words := said(only(t)); !strings.Contains(words, title) || strings.Contains(words, "{{") {
					t.Errorf("%s says %q", page, words)
				}
			}
		})
	}
}

func TestOpen_AtAProblem(t *testing.T) {
	_, w := opened(t, "en", "errors#file.cut_off")
	if words := said(w); !strings.Contains(words, "Copy it again.") || strings.Contains(words, "CASH is still busy.") {
		t.Error(words)
	}
}

// TestOpen_AtASystemWithoutAPage shows how accounts are made.
func TestOpen_AtASystemWithoutAPage(t *testing.T) {
	_, w := opened(t, "en", "ledger-of-tomorrow")
	if words := said(w); !strings.Contains(words, "Make an account") {
		t.Error(words)
	}
}

func TestSearch(t *testing.T) {
	_, w := opened(t, "en", "errors")
	if words := said(w); !strings.Contains(words, "Copy it again.") || !strings.Contains(words, "CASH is still busy.") {
		t.Error(words)
	}
	uitest.Type(t, w, "busy")
	if words := said(w); strings.Contains(words, "Copy it again.") || !strings.Contains(words, "CASH is still busy.") {
		t.Error(words)
	}
}

// TestLink follows a link to another page.
func TestLink(t *testing.T) {
	_, w := opened(t, "en", "start")
	links := uitest.All[*widget.Hyperlink](uitest.Roots(w))
	for _, l := range links {
		if l.Text == "Sending" {
			l.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		}
	}
	if words := said(w); !strings.Contains(words, "The receipt") {
		t.Errorf("%d links, and then: %s", len(links), words)
	}
}
