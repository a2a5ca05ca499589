package dialogs

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/integration/explain"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// ActionLabel is the text of the button of a problem; "" when it has none.
func ActionLabel(page explain.Page) string {
	if page.Action == "" {
		return ""
	}
	return i18n.T("action." + string(page.Action))
}

// ProblemPanel shows message, cause and solution, the button that helps, and
// the target's own words behind a fold. do is what the button does; nil leaves
// it out.
func ProblemPanel(page explain.Page, do func()) fyne.CanvasObject { return BarredPanel(page, do, "") }

// BarredPanel is [ProblemPanel] with a button that cannot be pressed, and why not;
// an empty why leaves the button as it is.
func BarredPanel(page explain.Page, do func(), why string) fyne.CanvasObject {
	panel := container.NewVBox(widgets.Bold(page.Message))
	add := func(title, text string) {
		if text == "" {
			return
		}
		panel.Add(named(title, text))
	}
	add(i18n.T("problem.cause"), page.Cause)
	add(i18n.T("problem.solution"), page.Solution)
	add(i18n.T("problem.booked"), page.Booked)

	row := container.NewHBox()
	if label := ActionLabel(page); label != "" && do != nil {
		button := widgets.NewButton(label, do)
		button.Importance = widget.HighImportance
		row.Add(button)
		if why != "" {
			button.Disable()
			panel.Add(widgets.SmallWrapped(why))
		}
	}
	row.Add(widgets.NewQuietButton(i18n.T("problem.copy"), func() {
		fyne.CurrentApp().Clipboard().SetContent(Details(page))
		widgets.SayBy(panel, i18n.T("dialog.copied"))
	}))
	panel.Add(row)
	if page.Detail != "" {
		panel.Add(widgets.NewFold(i18n.T("problem.detail"), widgets.Paragraph(page.Detail), nil))
	}
	return panel
}

// Details is everything about a problem as text, with its code, to be sent to
// somebody.
func Details(page explain.Page) string {
	var parts []string
	for _, text := range []string{page.Message, page.Cause, page.Solution, page.Booked, page.Detail, page.Code} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "\n\n")
}

func named(title, text string) fyne.CanvasObject {
	r := widget.NewRichText(
		&widget.TextSegment{Text: title + " ", Style: widget.RichTextStyle{Inline: true, TextStyle: fyne.TextStyle{Bold: true}}},
		&widget.TextSegment{Text: text, Style: widget.RichTextStyleParagraph},
	)
	r.Wrapping = fyne.TextWrapWord
	return r
}

// GuideTo is the place in the guide that explains a problem.
func GuideTo(page explain.Page) string { return "errors#" + page.Code }

// Problem shows one problem in a dialog of its own. do, when not nil, is called
// after the dialog closed. One that is open already is not shown a second time: many
// things may fail at once for one reason.
func Problem(window fyne.Window, page explain.Page, do func()) *Dialog {
	return BarredProblem(window, page, do, "")
}

// BarredProblem is [Problem] with a [BarredPanel].
func BarredProblem(window fyne.Window, page explain.Page, do func(), why string) *Dialog {
	problems = slices.DeleteFunc(problems, func(p told) bool { return p.dialog.Closed() })
	for _, p := range problems {
		if p.dialog.on(window) && p.code == page.Code && p.message == page.Message {
			return p.dialog
		}
	}
	var d *Dialog
	var act func()
	if do != nil {
		act = func() {
			d.Close()
			do()
		}
	}
	d = Show(window, Spec{Title: i18n.T("problem.title"), Content: BarredPanel(page, act, why), Width: 480, Guide: GuideTo(page)})
	problems = append(problems, told{d, page.Code, page.Message})
	return d
}

// told is a dialog about a problem.
type told struct {
	dialog        *Dialog
	code, message string
}

// Gone is for a window whose dialogs were all taken away at once.
func Gone(window fyne.Window) {
	problems = slices.DeleteFunc(problems, func(p told) bool { return p.dialog.on(window) })
}

// on tells whether the dialog lies over that window, which may have been given in a
// wrapping.
func (d *Dialog) on(window fyne.Window) bool { return d.window.Canvas() == window.Canvas() }

// problems are those that are open, on the screen's goroutine.
var problems []told
