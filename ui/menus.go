package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/about"
	"loonbrug/ui/connection"
	"loonbrug/ui/help"
	"loonbrug/ui/i18n"
	"loonbrug/ui/settings"
	"loonbrug/ui/widgets"
)

// menus are the language, the settings, the help and the program's own page.
func (s *Shell) menus() fyne.CanvasObject {
	var language *widgets.Button
	language = widgets.NewIconButton(languageName(), base.MenuDropDownIcon(), func() { s.showLanguages(language) })
	language.IconPlacement = widget.ButtonIconTrailingText
	language.Importance = widget.LowImportance
	ask := widgets.NewIconButton(i18n.T("menu.help"), base.QuestionIcon(), s.showHelp)
	ask.Importance = widget.LowImportance
	info := widgets.NewIconButton(i18n.T("menu.about"), base.InfoIcon(), func() { about.Show(s.window, s.deps.About) })
	info.Importance = widget.LowImportance
	row := container.NewHBox(language, s.oversight())
	if s.deps.Settings != nil {
		change := widgets.NewIconButton(i18n.T("menu.settings"), base.SettingsIcon(), s.showSettings)
		change.Importance = widget.LowImportance
		row.Add(change)
	}
	if s.deps.Care != nil {
		care := widgets.NewIconButton(i18n.T("menu.care"), base.StorageIcon(), s.showCare)
		care.Importance = widget.LowImportance
		row.Add(care)
	}
	row.Add(ask)
	row.Add(info)
	return row
}

// showSettings opens the settings; another language or look shows at once.
func (s *Shell) showSettings() {
	var connect func()
	if s.deps.Connection != nil {
		connect = func() {
			connection.Show(s.ctx, connection.Deps{Window: s.window, Runner: s.deps.Runner, Keeper: s.deps.Connection, Explain: s.explain})
		}
	}
	settings.Show(s.ctx, settings.Deps{
		Connect: connect, Window: s.window, Runner: s.deps.Runner, Keeper: s.deps.Settings, Explain: s.explain, Tray: s.deps.Tray,
		Saved: func(v settings.Values) {
			if s.deps.OnSettings != nil {
				s.deps.OnSettings(v)
			}
			if v.Language != i18n.Language() {
				s.SetLanguage(v.Language)
			}
		},
	})
}

// showHelp opens the page about the couplings.
func (s *Shell) showHelp() { help.Show(s.window, s.deps.Couplings, s.start.Open) }

func languageName() string {
	for _, l := range i18n.Languages() {
		if l.Code == i18n.Language() {
			return l.Name
		}
	}
	return i18n.Language()
}

func (s *Shell) showLanguages(below fyne.CanvasObject) {
	menu := fyne.NewMenu("")
	for _, l := range i18n.Languages() {
		item := fyne.NewMenuItem(l.Name, func() { s.SetLanguage(l.Code) })
		item.Checked = l.Code == i18n.Language()
		menu.Items = append(menu.Items, item)
	}
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(below).AddXY(0, below.Size().Height)
	widget.ShowPopUpMenuAtPosition(menu, s.window.Canvas(), at)
}

// SetLanguage shows the window in another language at once.
func (s *Shell) SetLanguage(code string) {
	if err := i18n.SetLanguage(code); err != nil {
		return
	}
	s.deps.StartAt, s.deps.Walk = s.start.State(), s.start.IsOpen()
	s.build()
	if s.deps.Walk {
		s.start.Open()
	}
	s.Reload()
	if s.deps.OnLanguage != nil {
		s.deps.OnLanguage(code)
	}
}
