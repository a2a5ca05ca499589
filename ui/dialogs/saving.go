package dialogs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/async"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Desk is what a dialog that works stands on.
type Desk struct {
	Window  fyne.Window
	Runner  *async.Runner
	Explain func(*model.Problem) explain.Page
}

// SaveFile asks where to save a file and lets write fill it, away from the
// screen. Only when it is closed without a fault is it called saved.
func SaveFile(ctx context.Context, d Desk, name string, write func(io.Writer) error) {
	ask := dialog.NewFileSave(func(to fyne.URIWriteCloser, err error) {
		switch {
		case err != nil:
			Problem(d.Window, d.Explain(model.ProblemOf(err)), nil)
		case to != nil:
			writeFile(ctx, d, to, write)
		}
	}, d.Window)
	ask.SetFileName(name)
	ask.SetTitleText(i18n.T("export.file.title"))
	ask.SetConfirmText(i18n.T("export.file.save"))
	ShowFiles(ask)
}

// ShowFiles shows a dialog of Fyne's for files at a size to work in, which it
// takes only once it is shown.
func ShowFiles(d *dialog.FileDialog) {
	d.Show()
	d.Resize(fyne.NewSize(860, 560))
}

func writeFile(ctx context.Context, d Desk, to fyne.URIWriteCloser, write func(io.Writer) error) {
	async.Run(ctx, d.Runner,
		func(context.Context) (string, error) {
			err := write(to)
			if err = errors.Join(err, to.Close()); err != nil {
				return "", fmt.Errorf("save %s: %w", to.URI().Name(), err)
			}
			return to.URI().Path(), nil
		},
		func(path string, err error) {
			if err != nil {
				Problem(d.Window, d.Explain(model.ProblemOf(err)), nil)
				return
			}
			widgets.Say(d.Window.Canvas(), i18n.T("export.file.saved", "file", path))
		})
}

// FileName makes a name that every system takes from a title.
func FileName(title, ending string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`\/:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, strings.TrimSpace(title)) + ending
}
