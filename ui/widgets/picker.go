package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	base "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Option is one choice of a [Picker].
type Option struct {
	ID    string // stable, never shown
	Label string
}

// Picker chooses one of many options, which can be searched by typing. An only
// option is chosen by itself.
type Picker struct {
	widget.DisableableWidget
	OnChanged func(id string)

	name        string
	placeholder string
	nothing     string
	options     []Option
	chosen      string
	popup       *widget.PopUp
	focused     bool
	text        *widget.Label
	ground      *surface
}

// NewPicker makes a picker. placeholder stands there while nothing is chosen,
// nothing in the list when no option fits what was typed.
func NewPicker(placeholder, nothing string, changed func(id string)) *Picker {
	p := &Picker{placeholder: placeholder, nothing: nothing, OnChanged: changed, text: Line(placeholder)}
	p.ground = newSurface(base.ColorNameInputBackground, base.ColorNameInputBorder)
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer draws the chosen option with the sign that there are more.
func (p *Picker) CreateRenderer() fyne.WidgetRenderer {
	p.draw()
	arrow := container.New(layout.NewCustomPaddedLayout(0, 0, 0, base.InnerPadding()), widget.NewIcon(base.MenuDropDownIcon()))
	return widget.NewSimpleRenderer(container.NewStack(p.ground, container.NewBorder(nil, nil, nil, Middle(arrow), p.text)))
}

// Refresh draws the picker as it is now.
func (p *Picker) Refresh() {
	p.draw()
	p.BaseWidget.Refresh()
}

func (p *Picker) draw() {
	text, importance := p.placeholder, widget.LowImportance
	if i := p.find(p.chosen); i >= 0 {
		text, importance = p.options[i].Label, widget.MediumImportance
	}
	p.ground.edge = base.ColorNameInputBorder
	if p.focused {
		p.ground.edge = base.ColorNamePrimary
	}
	if p.Disabled() {
		importance = widget.LowImportance
	}
	p.ground.Refresh()
	p.text.Importance = importance
	p.text.SetText(text)
}

// Tapped opens the list.
func (p *Picker) Tapped(*fyne.PointEvent) {
	if !p.Disabled() {
		p.open()
	}
}

// FocusGained shows that keys go here, and brings the picker into sight.
func (p *Picker) FocusGained() {
	p.focused = true
	p.Refresh()
	reveal(p)
}

// FocusLost shows that they do not.
func (p *Picker) FocusLost() { p.focused = false; p.Refresh() }

// TypedRune opens the list and searches for what is typed; Space opens it as a
// key.
func (p *Picker) TypedRune(r rune) {
	if r == ' ' || p.Disabled() {
		return
	}
	p.open()
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(p); canvas != nil && p.popup != nil {
		canvas.Focused().TypedRune(r)
	}
}

// AccessibilityLabel is what a screen reader says.
func (p *Picker) AccessibilityLabel() string {
	if p.name == "" {
		return p.text.Text
	}
	return p.name + ": " + p.text.Text
}

// AccessibilityRole is that of a button, which opens the list.
func (p *Picker) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// SetName tells what the picker asks for, for a screen reader.
func (p *Picker) SetName(name string) { p.name = name }

// Chosen is the id of the chosen option; "" is none.
func (p *Picker) Chosen() string { return p.chosen }

// SetOptions replaces the options. What was chosen stays chosen when it is
// still there; an only option is chosen and tells OnChanged.
func (p *Picker) SetOptions(options []Option) {
	p.SetChoices(options)
	if len(options) == 1 {
		p.Choose(options[0].ID)
	}
}

// SetChoices is [Picker.SetOptions] that leaves an only option to the person.
func (p *Picker) SetChoices(options []Option) {
	p.options = options
	if p.find(p.chosen) < 0 {
		p.Choose("")
	}
	p.Refresh()
}

// Choose chooses an option by id and tells OnChanged when it is another one.
func (p *Picker) Choose(id string) {
	if p.find(id) < 0 {
		id = ""
	}
	if p.chosen == id {
		return
	}
	p.chosen = id
	p.Refresh()
	if p.OnChanged != nil {
		p.OnChanged(id)
	}
}

func (p *Picker) find(id string) int {
	for i, o := range p.options {
		if o.ID == id {
			return i
		}
	}
	return -1
}

var (
	_ fyne.Focusable  = (*Picker)(nil)
	_ fyne.Accessible = (*Picker)(nil)
	_ Named           = (*Picker)(nil)
)

// TypedKey opens the list on Space, Enter and Down.
func (p *Picker) TypedKey(key *fyne.KeyEvent) {
	if key.Name == fyne.KeySpace || key.Name == fyne.KeyDown || isEnter(key) {
		if !p.Disabled() {
			p.open()
		}
		return
	}
	HandOn(p, key)
}

const (
	pickerRows  = 7
	pickerWidth = 280
)

func (p *Picker) open() {
	canvas := fyne.CurrentApp().Driver().CanvasForObject(p)
	if canvas == nil {
		return
	}
	search := newSearch(p)
	p.popup = widget.NewPopUp(container.NewBorder(search.entry, nil, nil, nil, container.NewStack(search.list, search.none)), canvas)
	row := search.list.MinSize().Height
	size := fyne.NewSize(max(p.Size().Width, pickerWidth), search.entry.MinSize().Height+row*float32(min(pickerRows, max(2, len(p.options))))+16)
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p).AddXY(0, p.Size().Height)
	at.Y = max(0, min(at.Y, canvas.Size().Height-size.Height))
	at.X = max(0, min(at.X, canvas.Size().Width-size.Width))
	p.popup.ShowAtPosition(at)
	p.popup.Resize(size)
	canvas.Focus(search.entry)
}

func (p *Picker) close() {
	if p.popup == nil {
		return
	}
	p.popup.Hide()
	p.popup = nil
	if canvas := fyne.CurrentApp().Driver().CanvasForObject(p); canvas != nil {
		canvas.Focus(p)
	}
}

// search is the open list of a picker.
type search struct {
	picker *Picker
	entry  *searchEntry
	list   *widget.List
	none   *widget.Label
	found  []Option
	marked int
}

func newSearch(p *Picker) *search {
	s := &search{picker: p, found: p.options, none: Muted(p.nothing)}
	s.list = widget.NewList(func() int { return len(s.found) }, func() fyne.CanvasObject { return Line("") }, s.show)
	s.entry = newSearchEntry(s)
	s.entry.OnChanged = s.filter
	s.none.Hide()
	s.list.OnSelected = s.take
	s.mark(max(0, p.find(p.chosen)))
	return s
}

// show draws one option; the marked one, which Enter takes, stands out.
func (s *search) show(i widget.ListItemID, o fyne.CanvasObject) {
	if i >= len(s.found) {
		return
	}
	l := o.(*widget.Label)
	l.Importance = widget.MediumImportance
	if i == s.marked {
		l.Importance = widget.HighImportance
	}
	l.TextStyle.Bold = i == s.marked
	l.SetText(s.found[i].Label)
}

func (s *search) filter(text string) {
	s.found = Matching(s.picker.options, text)
	s.none.Hidden = len(s.found) > 0
	s.none.Refresh()
	s.mark(0)
}

// mark says which option Enter takes. It is not the list's selection, which
// would make a click on it mean nothing.
func (s *search) mark(i int) {
	if len(s.found) == 0 {
		return
	}
	s.marked = max(0, min(i, len(s.found)-1))
	s.list.Refresh()
	s.list.ScrollTo(s.marked)
}

func (s *search) take(i int) {
	if i >= len(s.found) {
		return
	}
	id := s.found[i].ID
	s.picker.close()
	s.picker.Choose(id)
}

// Matching gives the options whose label holds every word of text, whatever
// the case.
func Matching(options []Option, text string) []Option {
	words := strings.Fields(strings.ToLower(text))
	var found []Option
	for _, o := range options {
		label, fits := strings.ToLower(o.Label), true
		for _, w := range words {
			fits = fits && strings.Contains(label, w)
		}
		if fits {
			found = append(found, o)
		}
	}
	return found
}

// searchEntry is where the person types; the arrows move through the list.
type searchEntry struct {
	widget.Entry
	search *search
}

func newSearchEntry(s *search) *searchEntry {
	e := &searchEntry{search: s}
	e.ExtendBaseWidget(e)
	return e
}

func (e *searchEntry) TypedKey(key *fyne.KeyEvent) {
	switch {
	case key.Name == fyne.KeyEscape:
		e.search.picker.close()
	case key.Name == fyne.KeyDown:
		e.search.mark(e.search.marked + 1)
	case key.Name == fyne.KeyUp:
		e.search.mark(e.search.marked - 1)
	case key.Name == fyne.KeyPageDown:
		e.search.mark(e.search.marked + pickerRows)
	case key.Name == fyne.KeyPageUp:
		e.search.mark(e.search.marked - pickerRows)
	case isEnter(key):
		e.search.take(e.search.marked)
	default:
		e.Entry.TypedKey(key)
	}
}
