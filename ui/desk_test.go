package ui_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"loonbrug/ui"
	"loonbrug/ui/about"
	"loonbrug/ui/help"
	"loonbrug/ui/i18n"
	"loonbrug/ui/start"
	"loonbrug/ui/theme"
	"loonbrug/ui/uitest"
)

// desk is a window on an office, as a person has it before them.
type desk struct {
	*testing.T
	fyne.Window
	office   *uitest.Office
	queue    *uitest.Queue
	settings uitest.Settings
	database uitest.Database
	path     uitest.Path
	chosen   []string // which office was asked for
	summary  ui.Summary
	shell    *ui.Shell
	keys     *fyne.ShortcutHandler
	raised   int // how often the window was brought to the front
	now      time.Time
}

// listening is a window whose shortcuts a test can press and that counts how
// often it was brought to the front; Fyne's test window keeps both to itself.
type listening struct {
	fyne.Window
	canvas fyne.Canvas
	raised *int
}

func (l listening) RequestFocus() { *l.raised++ }

func (l listening) Canvas() fyne.Canvas { return l.canvas }

type listeningCanvas struct {
	fyne.Canvas
	keys *fyne.ShortcutHandler
}

func (l listeningCanvas) AddShortcut(s fyne.Shortcut, do func(fyne.Shortcut)) {
	l.keys.AddShortcut(s, do)
}

// open opens the window of an office at the size that everything must fit in.
// Work is done at once, on the test's goroutine; the office's signals are left
// to the test that is about them.
func open(t *testing.T, language string, office *uitest.Office) *desk {
	t.Helper()
	return opened(t, language, office, start.State{}, false)
}

// opened is [open] with the path of the first start at a state; walk goes on with
// it at once.
func opened(t *testing.T, language string, office *uitest.Office, at start.State, walk bool) *desk {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	if err := i18n.SetLanguage(language); err != nil {
		t.Fatal(err)
	}
	d := &desk{T: t, office: office, queue: &uitest.Queue{}, keys: &fyne.ShortcutHandler{}, now: uitest.Now(), path: uitest.Path{At: at}}
	d.shell = ui.New(t.Context(), ui.Deps{
		Office: office, Settings: &d.settings, Start: &d.path, StartAt: d.path.At, Walk: walk, Runner: d.queue.Runner(), Explain: uitest.Explain, Now: func() time.Time { return d.now },
		Practice: len(office.Rows) > 0, // one without runs is a real office that was just begun
		Tray:     true, Choose: func(practice bool) {
			d.chosen = append(d.chosen, map[bool]string{true: "practice", false: "real"}[practice])
		},
		Connection: &d.database,
		OnSummary:  func(now ui.Summary) { d.summary = now }, Couplings: couplings(office),
		About: about.Info{Name: "Loonbrug", Version: "0.1.0", Folders: []about.Folder{{Kind: "data", Path: "/data"}, {Kind: "log", Path: "/data/log"}}, Licences: []about.Licence{{Work: "Fyne v2", Text: "BSD 3-Clause License"}}},
	})
	d.Window = test.NewTempWindow(t, d.shell.Content())
	d.SetPadded(false)
	d.Resize(fyne.NewSize(1024, 700))
	d.queue.Hold() // following the office never ends by itself
	d.shell.Attach(listening{d.Window, listeningCanvas{d.Canvas(), d.keys}, &d.raised})
	d.queue.Drop()
	d.shell.Reload()
	return d
}

func (d *desk) tap(key string, pairs ...any) {
	d.Helper()
	uitest.Tap(d.T, d.Window, i18n.T(key, pairs...))
}

func (d *desk) tapText(text string) {
	d.Helper()
	uitest.Tap(d.T, d.Window, text)
}

func (d *desk) shows(key string, pairs ...any) {
	d.Helper()
	uitest.MustShow(d.T, d.Window, i18n.T(key, pairs...))
}

func (d *desk) press(key fyne.KeyName) { uitest.Press(d.Window, key) }

func (d *desk) called(want string) {
	d.Helper()
	for _, call := range d.office.Calls {
		if call == want {
			return
		}
	}
	d.Fatalf("the office was not asked for %q but for %q", want, d.office.Calls)
}

func everyLanguage(t *testing.T, do func(t *testing.T, language string)) {
	t.Helper()
	for _, l := range i18n.Languages() {
		t.Run(l.Code, func(t *testing.T) { do(t, l.Code) })
	}
}

// couplings are the systems of an office, and one that is not there yet.
func couplings(office *uitest.Office) []help.Coupling {
	all := []help.Coupling{{ID: "later", Name: "Later", State: help.Planned}}
	for _, d := range office.Descriptions {
		all = append(all, help.Coupling{
			ID: d.ID, Name: d.Name, Logo: d.Logo, State: help.PracticeOnly,
			Books: func() { office.Calls = append(office.Calls, "Books "+d.ID) },
		})
	}
	return all
}
