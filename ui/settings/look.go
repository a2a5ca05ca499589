package settings

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/ui/i18n"
	"loonbrug/ui/theme"
	"loonbrug/ui/widgets"
)

// scales are the choices of the size of everything, in percent.
func scales() []int { return []int{80, 90, 100, 110, 125, 150, 175, 200} }

// look is the questions about how the window looks.
type look struct {
	theme, scale *widgets.Picker
	dpi          *widgets.Check
}

func newLook(v Values) look {
	var modes []widgets.Option
	for _, m := range theme.Modes() {
		modes = append(modes, widgets.Option{ID: string(m), Label: i18n.T("settings.theme." + string(m))})
	}
	sizes := []widgets.Option{{ID: "0", Label: i18n.T("settings.scale.system")}}
	for _, n := range scales() {
		sizes = append(sizes, widgets.Option{ID: strconv.Itoa(n), Label: i18n.T("settings.scale.percent", "percent", n)})
	}
	chosen := v.Theme
	if chosen == "" {
		chosen = theme.System
	}
	l := look{theme: pick(modes, string(chosen)), scale: pick(sizes, strconv.Itoa(v.Scale)), dpi: widgets.NewCheck(i18n.T("settings.dpi"), nil)}
	l.dpi.SetChecked(v.IgnoreDPI)
	return l
}

func (l look) content() fyne.CanvasObject {
	return container.NewVBox(
		widgets.Field(i18n.T("settings.theme"), "", l.theme),
		widgets.Field(i18n.T("settings.scale"), "", l.scale),
		l.dpi, widgets.SmallWrapped(i18n.T("settings.dpi.help")),
	)
}

func (l look) write(v *Values) {
	v.Theme, v.IgnoreDPI = theme.Mode(l.theme.Chosen()), l.dpi.Checked
	v.Scale = 0
	if n, err := strconv.Atoi(l.scale.Chosen()); err == nil {
		v.Scale = n
	}
}

// presence is the questions about when the program is there.
type presence struct{ tray, autostart, minimised *widgets.Check }

// newPresence makes them; without a tray nothing can stay in it.
func newPresence(v Values, tray bool) presence {
	p := presence{
		tray: widgets.NewCheck(i18n.T("settings.tray"), nil), autostart: widgets.NewCheck(i18n.T("settings.autostart"), nil),
		minimised: widgets.NewCheck(i18n.T("settings.minimised"), nil),
	}
	p.tray.SetChecked(v.Tray)
	p.autostart.SetChecked(v.Autostart)
	p.minimised.SetChecked(v.Minimised)
	if !tray {
		p.tray.Disable()
		p.minimised.Disable()
	}
	return p
}

func (p presence) content() fyne.CanvasObject {
	content := container.NewVBox(widgets.Title(i18n.T("settings.presence")), p.tray)
	if p.tray.Disabled() {
		content.Add(widgets.SmallWrapped(i18n.T("settings.tray.none")))
	}
	content.Add(p.autostart)
	content.Add(p.minimised)
	return content
}

func (p presence) write(v *Values) {
	v.Tray, v.Autostart, v.Minimised = p.tray.Checked, p.autostart.Checked, p.minimised.Checked
}
