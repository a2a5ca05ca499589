package administrations

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// codeTable translates the codes of one payroll dimension, behind a fold.
type codeTable struct {
	editor *editor
	which  dimension
	rule   *model.DimensionRule
	drawn  string // what the rows were drawn for

	values valuesOf
	rows   []codeRow
	states []*widget.Label // beside the rows
	take   *widgets.Button
	lines  *fyne.Container
	fold   *fyne.Container
}

func newCodeTable(e *editor, which dimension, rule *model.DimensionRule) *codeTable {
	t := &codeTable{editor: e, which: which, rule: rule, lines: container.NewVBox()}
	t.take = widgets.NewButton("", t.takeOver)
	help := widgets.SmallWrapped(i18n.T("codes.help"))
	t.fold = widgets.NewFold(i18n.T("codes.title"), container.NewVBox(help, t.lines, container.NewHBox(t.take)), func() { e.opened(t.fold) })
	t.follow()
	return t
}

// follow draws the table again when it translates other codes than before, or
// into others, and tells whether all it holds can be sent. While a person types
// nothing is drawn again.
func (t *codeTable) follow() bool {
	d := &t.editor.draft
	joined := d.target.Joins(d.mapping.Options)
	if drawn := fmt.Sprint(t.rule.Use, joined, t.rule.Dimension); drawn != t.drawn {
		t.drawn = drawn
		t.values = d.values(t.which, *t.rule)
		t.rows = codeRowsOf(codesOf(t.which, d.codes, joined, t.rule.Values), t.rule.Values, t.values)
		t.draw()
	}
	return !t.rule.Use || count(t.rows, codeWrong) == 0
}

func (t *codeTable) draw() {
	t.fold.Hidden = !t.rule.Use || len(t.rows) == 0
	t.lines.RemoveAll()
	t.states = make([]*widget.Label, len(t.rows))
	for i, r := range t.rows {
		t.states[i] = widgets.Small("")
		code := widgets.Line(r.code)
		code.TextStyle.Bold = true
		t.lines.Add(container.NewGridWithColumns(2, container.NewGridWithColumns(2, code, widgets.Middle(t.states[i])), t.control(i)))
	}
	t.tell()
}

// tell writes the states beside the rows and how many there are of them.
func (t *codeTable) tell() {
	for i, r := range t.rows {
		t.states[i].SetText(i18n.T("codes.state."+string(r.state), "value", r.proposal))
		t.states[i].Importance = widget.LowImportance
		if r.state == codeMissing || r.state == codeWrong {
			t.states[i].Importance = widget.DangerImportance
		}
		t.states[i].Refresh()
	}
	proposed, missing := count(t.rows, codeProposed), count(t.rows, codeMissing)
	title := i18n.T("codes.title")
	if missing > 0 {
		title = i18n.Tn("codes.title.missing", missing)
	}
	widgets.SetFoldTitle(t.fold, title)
	t.take.SetText(i18n.Tn("codes.take_over", proposed))
	t.take.Hidden = proposed == 0
	t.fold.Refresh()
}

// control picks the target's value, or asks for it where the target has no list.
func (t *codeTable) control(i int) fyne.CanvasObject {
	r := t.rows[i]
	if !t.values.given {
		entry := widgets.NewEntry()
		entry.SetText(r.value)
		entry.SetPlaceHolder(t.values.limit())
		entry.OnChanged = func(text string) { t.set(i, strings.TrimSpace(text)) }
		return entry
	}
	p := widgets.NewPicker(i18n.T("codes.none"), i18n.T("picker.nothing"), nil)
	p.SetOptions(t.values.options(i18n.T("codes.none"), r.value))
	p.Choose(r.value)
	p.OnChanged = func(value string) { t.set(i, value) }
	return p
}

// options are the values to choose from, after one that chooses none. A value
// that is no longer in the list stays until a person changes it.
func (v valuesOf) options(none, chosen string) []widgets.Option {
	options := []widgets.Option{{Label: none}}
	known := chosen == ""
	for _, o := range v.list {
		options = append(options, widgets.Option{ID: o.Code, Label: valueName(o)})
		known = known || o.Code == chosen
	}
	if !known {
		options = append(options, widgets.Option{ID: chosen, Label: i18n.T("picker.gone", "code", chosen)})
	}
	return options
}

func valueName(v model.DimensionValue) string {
	if v.Name == "" || v.Name == v.Code {
		return v.Code
	}
	return v.Code + " " + v.Name
}

// limit says how long a code may be.
func (v valuesOf) limit() string {
	switch {
	case v.length > 0:
		return i18n.Tn("codes.length", v.length)
	case v.longest > 0:
		return i18n.Tn("codes.longest", v.longest)
	}
	return ""
}

// set translates one code; an empty value takes it out of the table.
func (t *codeTable) set(i int, value string) {
	if t.rule.Values == nil {
		t.rule.Values = make(map[string]string)
	}
	if value == "" {
		delete(t.rule.Values, t.rows[i].code)
	} else {
		t.rule.Values[t.rows[i].code] = value
	}
	t.rows[i] = codeRowsOf([]string{t.rows[i].code}, t.rule.Values, t.values)[0]
	t.tell()
	t.editor.check()
}

// takeOver puts every proposal into the table.
func (t *codeTable) takeOver() {
	for i, r := range t.rows {
		if r.state == codeProposed {
			t.set(i, r.proposal)
		}
	}
	t.draw()
	t.editor.check()
}
