package export

import (
	"context"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// fileSection offers what was sent as a file, one for each period, or says why
// there is none.
func (s *Screen) fileSection(d detail) fyne.CanvasObject {
	section := container.NewVBox()
	system := s.description(d.logo.Target)
	if system.Download {
		sent := sentPeriods(d)
		for _, line := range sent {
			label := i18n.T("export.file")
			if len(sent) > 1 {
				label = i18n.T("export.file.of", "period", line.period)
			}
			section.Add(widgets.NewButton(label, func() { s.saveFile(line.delivery) }))
		}
		if len(sent) > 0 {
			section.Add(widgets.SmallWrapped(i18n.T("export.file.about")))
			return section
		}
	}
	why := i18n.T("export.file.later")
	if !system.Download {
		if system.NoDownload == "" {
			return section
		}
		why = i18n.T(system.NoDownload)
	}
	off := widgets.NewButton(i18n.T("export.file"), nil)
	off.Disable()
	section.Add(off)
	section.Add(widgets.SmallWrapped(why))
	return section
}

// sentPeriods are the periods that left, of which there is a file.
func sentPeriods(d detail) (sent []periodLine) {
	for _, line := range d.periods {
		if line.sent {
			sent = append(sent, line)
		}
	}
	return sent
}

// saved is a file to be saved.
type saved struct {
	name    string
	content []byte
}

// saveFile asks where to save what was sent for a delivery.
func (s *Screen) saveFile(delivery int64) {
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (f saved, err error) {
			f.name, f.content, err = s.deps.Office.File(ctx, delivery)
			return f, err
		},
		func(f saved, err error) {
			if err != nil {
				s.fail(err)
				return
			}
			dialogs.SaveFile(s.ctx, s.desk(), f.name, func(w io.Writer) error {
				_, err := w.Write(f.content)
				return err
			})
		})
}

// desk is what dialogs that work stand on.
func (s *Screen) desk() dialogs.Desk {
	return dialogs.Desk{Window: s.deps.Window(), Runner: s.deps.Runner, Explain: s.deps.Explain}
}
