package care

import (
	"context"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/i18n"
	"loonbrug/ui/theme"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// keeper remembers what it was asked, and refuses what it is told to.
type keeper struct {
	Keeper
	passphrase model.Secret // that a restore wants
	meanwhile  func()       // looks at the window while a restore works
	calls      []string
	address    string
	on         bool
	newer      string
}

func (k *keeper) call(words ...string) { k.calls = append(k.calls, strings.Join(words, " ")) }

func (k *keeper) Restore(_ context.Context, path string, passphrase model.Secret) error {
	k.call("Restore", path, passphrase.Reveal())
	k.meanwhile()
	switch passphrase {
	case k.passphrase:
		return nil
	case "":
		return model.NewProblem("secret.passphrase_needed", "path", path)
	}
	return model.NewProblem("secret.wrong_passphrase", "path", path)
}

func (k *keeper) Reopen() { k.call("Reopen") }

func (k *keeper) ImportSetup(_ context.Context, file []byte) error {
	k.call("ImportSetup", string(file))
	return nil
}

func (k *keeper) Updates(context.Context) (string, bool, error) { return k.address, k.on, nil }

func (k *keeper) SaveUpdates(_ context.Context, address string, on bool) error {
	if strings.HasPrefix(address, "http:") {
		return model.NewProblem("settings.update", "address", address)
	}
	k.address, k.on = address, on
	return nil
}

func (k *keeper) Newer(context.Context) (string, error) { return k.newer, nil }

func (k *keeper) OpenDownload() error {
	k.call("OpenDownload")
	return nil
}

// shown opens the page of a keeper.
func shown(t *testing.T, k *keeper) (*page, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	if err := i18n.SetLanguage("en"); err != nil {
		t.Fatal(err)
	}
	w := test.NewTempWindow(t, widget.NewLabel("the office"))
	w.Resize(fyne.NewSize(1024, 700))
	deps := Deps{Window: w, Runner: new(uitest.Queue).Runner(), Keeper: k, Explain: explained, Changed: func() { k.call("Changed") }}
	return open(t.Context(), deps), w
}

func explained(p *model.Problem) explain.Page { return explain.Page{Message: p.Code, Code: p.Code} }

func called(t *testing.T, k *keeper, want ...string) {
	t.Helper()
	if got := strings.Join(k.calls, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("called\n%s", got)
	}
}

func TestShow(t *testing.T) {
	_, w := shown(t, &keeper{})
	for _, key := range []string{"Make a backup", "Put a backup back", "Save the set-up", "Compare and take over", "Save the logs", "Open the folder"} {
		uitest.MustShow(t, w, key)
	}
}

// A backup of another computer wants its passphrase, and says when it was wrong;
// the office opens anew only after it was right. While it works, it says so.
func TestRestore(t *testing.T) {
	k := &keeper{passphrase: "open sesame"}
	p, w := shown(t, k)
	k.meanwhile = func() { uitest.MustShow(t, w, i18n.T("dialog.busy")) }
	p.layReady("/b.zip", "")
	uitest.Type(t, w, "wrong")
	uitest.Tap(t, w, "Put back")
	uitest.MustShow(t, w, "secret.wrong_passphrase")
	uitest.Type(t, w, "open sesame")
	uitest.Tap(t, w, "Put back")
	called(t, k, "Restore /b.zip ", "Restore /b.zip wrong", "Restore /b.zip open sesame", "Reopen")
}

func TestSetup(t *testing.T) {
	k := &keeper{}
	p, w := shown(t, k)
	kept := model.SetupChange{Kind: model.SetupAccount, What: model.SetupKept, Key: "cash · A"}
	p.offer(compared{changes: []model.SetupChange{kept}})
	uitest.MustShow(t, w, "The file changes nothing: the office is set up that way already.")
	uitest.Press(w, fyne.KeyEscape)
	p.offer(compared{file: []byte("{}"), changes: []model.SetupChange{kept, {
		Kind: model.SetupCompany, What: model.SetupChanged, Key: "file · halm", Fields: []model.SetupDetail{{Field: "rules.workflow.days", From: "2", To: "3"}},
	}}})
	uitest.MustShow(t, w, "rules.workflow.days: 2 → 3")
	uitest.Tap(t, w, "Take over")
	called(t, k, "ImportSetup {}", "Changed")
	uitest.MustShow(t, w, "The set-up was taken over. New accounts still have to sign in.")
}

func TestUpdates(t *testing.T) {
	k := &keeper{on: true, newer: "9.9.9"}
	_, w := shown(t, k)
	uitest.Tap(t, w, "New versions …")
	uitest.Type(t, w, "http://example.org/list.json")
	uitest.Tap(t, w, "Save")
	uitest.MustShow(t, w, "settings.update")
	address, ok := uitest.Find(uitest.Roots(w), func(*widgets.Entry) bool { return true })
	if !ok {
		t.Fatal("no field for the address")
	}
	address.SetText("https://example.org/list.json")
	uitest.Tap(t, w, "Ask now")
	uitest.MustShow(t, w, "Version 9.9.9 is there.")
	uitest.Tap(t, w, "Open its page")
	called(t, k, "OpenDownload")
	if k.address != "https://example.org/list.json" || !k.on {
		t.Errorf("%q %v", k.address, k.on)
	}
}

func TestShowCrash(t *testing.T) {
	_, w := shown(t, &keeper{})
	uitest.Press(w, fyne.KeyEscape)
	seen, opened := false, false
	ShowCrash(w, "panic: the cupboard is bare", func() { opened = true }, func() { seen = true })
	uitest.Tap(t, w, "Copy details")
	if got := fyne.CurrentApp().Clipboard().Content(); got != "panic: the cupboard is bare" {
		t.Errorf("copied %q", got)
	}
	uitest.Tap(t, w, "Open the folder")
	uitest.Press(w, fyne.KeyEscape)
	if !seen || !opened {
		t.Error(seen, opened)
	}
}
