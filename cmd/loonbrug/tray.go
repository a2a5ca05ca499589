package main

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"loonbrug/resources"
	"loonbrug/ui"
	"loonbrug/ui/i18n"
)

// tray is the program's icon beside the clock, with its menu.
type tray struct {
	desk        *desk
	app         desktop.App
	quiet, loud fyne.Resource // loud when something needs a person
	isLoud      bool
}

// mostDuties is how many lines about what needs a person the menu has room for.
const mostDuties = 5

// hangTray puts the icon up, where the desktop has a place for it and the person
// wants it there.
func (d *desk) hangTray(icon []byte) bool {
	app, ok := d.app.(desktop.App)
	if !ok || d.tray != nil || !d.looks.tray() || !trayHost() {
		return d.tray != nil
	}
	name, alarm, err := resources.Icon("loonbrug-alarm")
	if err != nil {
		return false
	}
	d.tray = &tray{desk: d, app: app, quiet: fyne.NewStaticResource("loonbrug.svg", icon), loud: fyne.NewStaticResource(name, alarm)}
	app.SetSystemTrayIcon(d.tray.quiet)
	d.tray.show(ui.Summary{Status: i18n.T("start.opening")})
	app.SetSystemTrayWindow(d.window)
	d.window.SetCloseIntercept(d.close) // the tray has set one of its own
	return true
}

// summary follows what the window says in short.
func (d *desk) summary(now ui.Summary) {
	if d.tray != nil {
		d.tray.show(now)
	}
}

// show draws the menu.
func (t *tray) show(now ui.Summary) {
	d := t.desk
	status := fyne.NewMenuItem(now.Status, nil)
	status.Disabled = true
	items := []*fyne.MenuItem{fyne.NewMenuItem(i18n.T("tray.open"), d.raise), status}
	if len(now.Duties) > 0 {
		items = append(items, fyne.NewMenuItemSeparator())
	}
	for i, duty := range now.Duties {
		if i == mostDuties {
			items = append(items, fyne.NewMenuItem(i18n.Tn("tray.more", len(now.Duties)-i), d.raise))
			break
		}
		items = append(items, fyne.NewMenuItem(duty.Text, func() {
			d.raise()
			duty.Do()
		}))
	}
	hold := i18n.T("status.pause")
	if now.Paused {
		hold = i18n.T("status.continue")
	}
	quit := fyne.NewMenuItem(i18n.T("tray.quit"), d.quit)
	quit.IsQuit = true
	items = append(items, fyne.NewMenuItemSeparator(), fyne.NewMenuItem(hold, func() {
		if d.shell != nil {
			d.shell.Hold(!now.Paused)
		}
	}), quit)
	t.app.SetSystemTrayMenu(fyne.NewMenu("", items...))
	if loud := len(now.Duties) > 0; loud != t.isLoud {
		t.isLoud = loud
		icon := t.quiet
		if loud {
			icon = t.loud
		}
		t.app.SetSystemTrayIcon(icon)
	}
}
