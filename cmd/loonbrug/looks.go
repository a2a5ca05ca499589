package main

import (
	"os"
	"strconv"

	"fyne.io/fyne/v2"

	"loonbrug/ui/settings"
	"loonbrug/ui/theme"
)

// looks are the settings that must be known before any office is open. The
// desktop's own store of preferences keeps them; nothing that matters to a
// booking is among them.
type looks struct{ kept fyne.Preferences }

// The names they are kept under.
const (
	themeLook     = "look.theme"
	scaleLook     = "look.scale" // percent
	dpiLook       = "look.ignore_dpi"
	trayLook      = "window.tray"
	explainedLook = "window.tray_explained"
	practiceLook  = "start.practice"
	minimisedLook = "window.minimised"
)

// use has the program look as it was chosen. A size that the environment sets
// wins.
func (l looks) use(a fyne.App) {
	if n := l.kept.Int(scaleLook); n > 0 {
		setUnlessSet("FYNE_SCALE", strconv.FormatFloat(float64(n)/100, 'f', 2, 64))
	}
	if l.kept.Bool(dpiLook) {
		setUnlessSet("FYNE_DISABLE_DPI_DETECTION", "true")
	}
	a.Settings().SetTheme(theme.New(l.mode()))
}

// ours are the variables that the program itself set.
const ours = "LOONBRUG_SET_"

func setUnlessSet(name, value string) {
	if os.Getenv(name) != "" && os.Getenv(ours+name) == "" {
		return
	}
	_ = os.Setenv(ours+name, "1") // fails for impossible names only
	_ = os.Setenv(name, value)
}

func (l looks) mode() theme.Mode {
	return theme.Mode(l.kept.StringWithFallback(themeLook, string(theme.System)))
}

// read fills in the part of the settings page that is kept here.
func (l looks) read(v *settings.Values) {
	v.Theme, v.Scale, v.IgnoreDPI = l.mode(), l.kept.Int(scaleLook), l.kept.Bool(dpiLook)
	v.Tray, v.Minimised = l.tray(), l.kept.Bool(minimisedLook)
}

// write keeps that part.
func (l looks) write(v settings.Values) {
	l.kept.SetString(themeLook, string(v.Theme))
	l.kept.SetInt(scaleLook, v.Scale)
	l.kept.SetBool(dpiLook, v.IgnoreDPI)
	l.kept.SetBool(trayLook, v.Tray)
	l.kept.SetBool(minimisedLook, v.Minimised)
}

// tray tells whether closing the window leaves the program in the tray.
func (l looks) tray() bool { return l.kept.BoolWithFallback(trayLook, trayHost()) }

// explained tells whether the person knows about the tray; explain notes it.
func (l looks) explained() bool { return l.kept.Bool(explainedLook) }
func (l looks) explain()        { l.kept.SetBool(explainedLook, true) }

// practised tells whether the practice office was chosen last; practise notes it.
func (l looks) practised() bool  { return l.kept.Bool(practiceLook) }
func (l looks) practise(on bool) { l.kept.SetBool(practiceLook, on) }
