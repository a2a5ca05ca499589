package ui_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/uitest"
	"loonbrug/ui/widgets"
)

// fits fails the test when a text of what can be reached now is cut off.
func fits(t *testing.T, d *desk) {
	t.Helper()
	edge := d.Canvas().Size().Width + 0.5
	uitest.Walk(uitest.Roots(d.Window), func(o fyne.CanvasObject, at fyne.Position) bool {
		text, need := needed(o)
		if o.Size().Width == 0 {
			return false // the title of a dialog, which Fyne draws without giving it a size
		}
		if need > o.Size().Width+0.5 {
			t.Errorf("%s: %q needs %.0f but has %.0f", i18n.Language(), text, need, o.Size().Width)
		}
		if text != "" && at.X+need > edge {
			t.Errorf("%s: %q ends outside of the window", i18n.Language(), text)
		}
		return !isText(o)
	})
}

// isText tells whether what is below an object is only its own text.
func isText(o fyne.CanvasObject) bool {
	switch o.(type) {
	case *widget.Label, *widget.RichText:
		return true
	}
	return false
}

// needed is the width that the text of an object needs on one line; a text
// that wraps needs the width of its longest word, which Fyne sees to.
func needed(o fyne.CanvasObject) (string, float32) {
	switch o := o.(type) {
	case *canvas.Text:
		return o.Text, o.MinSize().Width
	case *widget.Label:
		if o.Wrapping != fyne.TextWrapOff {
			return "", 0
		}
		name := o.SizeName
		if name == "" {
			name = base.SizeNameText
		}
		return o.Text, fyne.MeasureText(o.Text, base.Size(name), o.TextStyle).Width + 2*base.InnerPadding()
	case *widget.RichText:
		if o.Wrapping != fyne.TextWrapOff || len(o.Segments) != 1 {
			return "", 0
		}
		if s, ok := o.Segments[0].(*widget.TextSegment); ok && s.Style.ColorName != "" {
			return s.Text, fyne.MeasureText(s.Text, base.Size(base.SizeNameText), s.Style.TextStyle).Width
		}
	case *widgets.Button:
		return o.Text, o.MinSize().Width
	}
	return "", 0
}

func TestEverythingFits(t *testing.T) {
	everyLanguage(t, func(t *testing.T, language string) {
		office := uitest.Practice()
		office.AccountList = append(office.AccountList, model.Account{ID: 50, Target: "cash", Name: "Tweede", State: model.AccountExpired})
		d := open(t, language, office)
		for _, tab := range []string{"tab.accounts", "tab.administrations", "tab.export"} {
			d.tap(tab)
			fits(t, d)
		}
	})
}

// Every state's label fits below its logo, and every detail beside the rows.
func TestEveryStateFits(t *testing.T) {
	states := []model.State{
		model.StateNotSetUp, model.StateBeforeStart, model.StateBlocked, model.StateReady, model.StatePartial, model.StateQueued, model.StateChecking,
		model.StateSending, model.StateAccepted, model.StateBooked, model.StateRefused, model.StateUnknown, model.StateMarked, model.StateNothingToBook, model.StateWithdrawn,
	}
	everyLanguage(t, func(t *testing.T, language string) {
		d := open(t, language, uitest.Practice())
		for _, state := range states {
			d.office.Set(uitest.RunMarch, uitest.MapCash, state)
			d.shell.Reload()
			row := "Salarissen maart 2026 · " + i18n.Tn("export.corrections", 2)
			d.tapText(row)
			fits(t, d)
		}
	})
}

// reachable fails the test when something that can be clicked or typed into now is
// not reached with Tab. The focus stays where it is.
func reachable(t *testing.T, d *desk) {
	t.Helper()
	defer d.Canvas().Focus(d.Canvas().Focused())
	reached := make(map[fyne.CanvasObject]bool)
	for _, f := range uitest.FocusOrder(d.Window) {
		reached[f.(fyne.CanvasObject)] = true
	}
	uitest.Walk(uitest.Roots(d.Window), func(o fyne.CanvasObject, _ fyne.Position) bool {
		switch o := o.(type) {
		case *widgets.Button:
			if !o.Disabled() && !reached[o] {
				t.Errorf("the button %q cannot be reached", o.Text)
			}
		case *widgets.Logo:
			if !reached[o] {
				t.Errorf("the logo %q cannot be reached", o.Face().Hint)
			}
		case *widgets.Picker, *widgets.Entry, *widgets.Check:
			if !reached[o] {
				t.Errorf("a %T cannot be reached", o)
			}
		}
		return true
	})
}

// Everything that can be clicked can be reached with Tab.
func TestEverythingHasFocus(t *testing.T) {
	d := open(t, "nl", uitest.Practice())
	for _, tab := range []string{"tab.accounts", "tab.administrations", "tab.export"} {
		d.tap(tab)
		reachable(t, d)
	}
}
