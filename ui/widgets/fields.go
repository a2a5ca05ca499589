package widgets

import (
	"maps"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Named is a control that can be told what it asks for, for a screen reader.
type Named interface{ SetName(name string) }

// Field is a control below its name, with a line of help when there is one.
func Field(name, help string, control fyne.CanvasObject) *fyne.Container {
	if n, ok := control.(Named); ok {
		n.SetName(name)
	}
	lines := []fyne.CanvasObject{Bold(name)}
	if help != "" {
		lines = append(lines, SmallWrapped(help))
	}
	return container.NewVBox(Tight(lines...), control)
}

// Fields is a form whose controls are known by an id. Content shows the usual
// fields, Picked those that come from lists of somebody else's, Folded the rest;
// Picked and Folded are nil when there is none.
type Fields struct {
	Content *fyne.Container
	Picked  *fyne.Container
	Folded  *fyne.Container

	values   map[string]func() string
	drawn    map[string]fyne.CanvasObject
	controls map[string]fyne.CanvasObject
}

// NewFields makes a form without fields.
func NewFields() *Fields {
	return &Fields{Content: container.NewVBox(), values: make(map[string]func() string), drawn: make(map[string]fyne.CanvasObject), controls: make(map[string]fyne.CanvasObject)}
}

// Add appends a field whose value is read by value.
func (f *Fields) Add(id string, field fyne.CanvasObject, value func() string) {
	f.Content.Add(field)
	f.values[id], f.drawn[id] = value, field
}

// AddSilent appends a value that nobody is asked for.
func (f *Fields) AddSilent(id, value string) {
	f.values[id] = func() string { return value }
}

// AddFolded appends a field to the rest.
func (f *Fields) AddFolded(id string, field fyne.CanvasObject, value func() string) {
	if f.Folded == nil {
		f.Folded = container.NewVBox()
	}
	f.Folded.Add(field)
	f.values[id], f.drawn[id] = value, field
}

// AddPicked appends a field to those that come from lists.
func (f *Fields) AddPicked(id string, field fyne.CanvasObject, value func() string) {
	if f.Picked == nil {
		f.Picked = container.NewVBox()
	}
	f.Picked.Add(field)
	f.values[id], f.drawn[id] = value, field
}

// Mark tells which control of a field [Fields.Control] gives.
func (f *Fields) Mark(id string, control fyne.CanvasObject) { f.controls[id] = control }

// Control is what a person fills the field in with; nil when it cannot be seen,
// or has none. put tells whether it is put away with the rest.
func (f *Fields) Control(id string) (control fyne.CanvasObject, put bool) {
	if field := f.drawn[id]; field == nil || !field.Visible() {
		return nil, false
	}
	return f.controls[id], f.Folded != nil && slices.Contains(f.Folded.Objects, f.drawn[id])
}

// Show shows the fields with these ids and hides all others; their values stay.
func (f *Fields) Show(ids ...string) {
	for id, field := range maps.All(f.drawn) {
		if slices.Contains(ids, id) {
			field.Show()
		} else {
			field.Hide()
		}
	}
	for _, part := range []*fyne.Container{f.Content, f.Picked, f.Folded} {
		if part != nil {
			Settle(part)
		}
	}
}

// Values are the values of all fields by id.
func (f *Fields) Values() map[string]string {
	values := make(map[string]string, len(f.values))
	for id, value := range maps.All(f.values) {
		values[id] = value()
	}
	return values
}
