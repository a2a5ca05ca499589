// Package dialogs shows a question, a form or a problem over the window, the
// same way everywhere: something has the focus, Enter confirms, Esc leaves, and
// while work is under way the dialog stays and says so.
//
// [Show] opens a dialog; [Problem] shows one problem with its cause, its
// solution and its button, and [ProblemPanel] is the same to put on a screen.
package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Spec is what a dialog consists of. Without Confirm there is only the button
// that leaves it.
type Spec struct {
	Title     string
	Content   fyne.CanvasObject
	Confirm   string            // label of the main button
	Cancel    string            // label of the button that leaves; empty: Cancel, or Close when there is no Confirm
	Extra     fyne.CanvasObject // at the other end of the buttons; may be nil
	Focus     fyne.Focusable    // what has the focus first; nil: the main button
	Width     float32
	Height    float32 // least height, for content that scrolls
	Guide     string  // page of the guide about this; empty: no button for it
	OnConfirm func(*Dialog)
	OnCancel  func()
}

// Guided is a window that has a guide to open.
type Guided interface{ OpenGuide(page string) }

// Dialog is an open dialog. It closes itself only when it is left; OnConfirm
// closes it with [Dialog.Close] once its work is done.
type Dialog struct {
	spec    Spec
	window  fyne.Window
	base    *dialog.CustomDialog
	confirm *widgets.Button
	cancel  *widgets.Button
	status  *widget.Label
	trouble *fyne.Container
	before  func(*fyne.KeyEvent)
	last    fyne.Focusable
	shut    func()
	busy    bool
	closed  bool
}

// Show opens a dialog over the window.
func Show(window fyne.Window, spec Spec) *Dialog {
	d := &Dialog{spec: spec, window: window, status: widgets.Muted(""), trouble: container.NewVBox()}
	d.status.Hide()
	body := container.NewBorder(nil, container.NewVBox(d.status, d.trouble), nil, nil, spec.Content)
	d.base = dialog.NewCustomWithoutButtons(spec.Title, widgets.Fixed(body, spec.Width, spec.Height), window)
	d.base.SetButtons([]fyne.CanvasObject{d.buttons()})
	d.last = window.Canvas().Focused()
	d.before = window.Canvas().OnTypedKey()
	window.Canvas().SetOnTypedKey(d.typed)
	d.shut = widgets.Opened(spec.Content)
	d.base.Show()
	d.focusFirst()
	return d
}

func (d *Dialog) buttons() fyne.CanvasObject {
	label := d.spec.Cancel
	if label == "" {
		label = i18n.T("dialog.cancel")
		if d.spec.Confirm == "" {
			label = i18n.T("dialog.close")
		}
	}
	d.cancel = widgets.NewButton(label, d.leave)
	row := container.NewHBox()
	if d.spec.Extra != nil {
		row.Add(d.spec.Extra)
	}
	if _, ok := d.window.(Guided); ok && d.spec.Guide != "" {
		row.Add(widgets.NewQuietButton(i18n.T("menu.guide"), d.openGuide))
	}
	row.Add(layout.NewSpacer())
	row.Add(d.cancel)
	if d.spec.Confirm != "" {
		d.confirm = widgets.NewMainButton(d.spec.Confirm, d.accept)
		row.Add(d.confirm)
	}
	return widgets.Fixed(row, d.spec.Width, 0)
}

func (d *Dialog) focusFirst() {
	canvas := d.window.Canvas()
	switch {
	case d.spec.Focus != nil:
		canvas.Focus(d.spec.Focus)
	case d.confirm != nil:
		canvas.Focus(d.confirm)
	default:
		canvas.Focus(d.cancel)
	}
}

// typed is given the keys that no control in the dialog has a use for.
func (d *Dialog) typed(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyEscape:
		d.leave()
	case fyne.KeyReturn, fyne.KeyEnter:
		d.accept()
	case fyne.KeyF1:
		d.openGuide()
	}
}

// SetGuide changes the page of the guide, as an answer in the dialog changes what
// it is about.
func (d *Dialog) SetGuide(page string) { d.spec.Guide = page }

func (d *Dialog) openGuide() {
	if w, ok := d.window.(Guided); ok {
		w.OpenGuide(d.spec.Guide)
	}
}

func (d *Dialog) accept() {
	switch {
	case d.spec.Confirm == "":
		d.leave()
	case !d.busy && !d.confirm.Disabled() && d.spec.OnConfirm != nil:
		d.spec.OnConfirm(d)
	}
}

func (d *Dialog) leave() {
	if d.closed {
		return
	}
	d.Close()
	if d.spec.OnCancel != nil {
		d.spec.OnCancel()
	}
}

// Close closes the dialog and gives the focus back.
func (d *Dialog) Close() {
	if d.closed {
		return
	}
	d.closed = true
	d.window.Canvas().SetOnTypedKey(d.before)
	d.base.Hide()
	d.shut()
	if d.last != nil {
		d.window.Canvas().Focus(d.last)
	}
}

// Closed tells whether the dialog is gone; an answer that comes later has
// nothing left to say.
func (d *Dialog) Closed() bool { return d.closed }

// Enable lets the main button be pressed or not.
func (d *Dialog) Enable(on bool) {
	if d.confirm == nil {
		return
	}
	if on && !d.busy {
		d.confirm.Enable()
	} else {
		d.confirm.Disable()
	}
}

// Busy says what is under way and holds the main button until [Dialog.Ready].
func (d *Dialog) Busy(text string) {
	d.busy = true
	d.Enable(false)
	d.trouble.RemoveAll()
	d.status.SetText(text)
	d.status.Show()
}

// Ready ends [Dialog.Busy].
func (d *Dialog) Ready() {
	d.busy = false
	d.Enable(true)
	d.status.Hide()
}

// Fail ends [Dialog.Busy] and shows content, such as a [ProblemPanel], below
// the form.
func (d *Dialog) Fail(content fyne.CanvasObject) {
	d.Ready()
	d.trouble.RemoveAll()
	d.trouble.Add(content)
	d.base.Refresh()
}

// ClearFailure takes away what [Dialog.Fail] showed.
func (d *Dialog) ClearFailure() { d.trouble.RemoveAll() }

// Confirm asks a question with one line of text.
func Confirm(window fyne.Window, title, text, yes string, then func()) *Dialog {
	return Show(window, Spec{
		Title:   title,
		Content: widgets.Paragraph(text),
		Confirm: yes,
		Width:   420,
		OnConfirm: func(d *Dialog) {
			d.Close()
			then()
		},
	})
}

// Message says one thing.
func Message(window fyne.Window, title, text string) *Dialog {
	return Show(window, Spec{Title: title, Content: widgets.Paragraph(text), Width: 420})
}
