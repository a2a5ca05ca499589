package dialogs

import (
	"fyne.io/fyne/v2"

	"loonbrug/integration/target"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Fields draws the fields that a target asks for, with the values they have.
// existing says that secrets are kept already and may stay empty. Fields of
// kind daybook are left to the caller, who has the list. A field that hangs on
// the choice of another is hidden while it is not asked for.
func Fields(targetID string, fields []target.Field, values map[string]string, existing bool, changed func()) *widgets.Fields {
	form := widgets.NewFields()
	drawn := make(map[string]fyne.CanvasObject)
	show := func() {
		values := form.Values()
		for _, f := range fields {
			if object := drawn[f.ID]; object == nil {
				continue
			} else if f.Asked(fields, values) {
				object.Show()
			} else {
				object.Hide()
			}
		}
	}
	answered := func() {
		show()
		changed()
	}
	for _, f := range fields {
		value, ok := values[f.ID]
		if !ok {
			value = f.Default
		}
		if f.Kind == target.FieldChoice && len(f.Choices) == 1 {
			form.AddSilent(f.ID, f.Choices[0]) // one answer is not a question
			continue
		}
		control, read := fieldControl(targetID, f, value, existing, answered)
		if control == nil {
			continue
		}
		named := control
		if f.Kind != target.FieldCheck {
			named = widgets.Field(FieldLabel(targetID, f), fieldHelp(targetID, f), control)
		}
		if f.When != "" {
			drawn[f.ID] = named
		}
		if folded(f) {
			form.AddFolded(f.ID, named, read)
		} else {
			form.Add(f.ID, named, read)
		}
	}
	show()
	return form
}

// folded tells whether a field is put away: what the program knows already, or
// what hardly anybody needs, is not asked for.
func folded(f target.Field) bool {
	switch f.Kind {
	case target.FieldAddress:
		return true
	case target.FieldText, target.FieldSecret:
		return !f.Required || f.Default != ""
	}
	return false
}

// FieldLabel is the name of a field of a target.
func FieldLabel(targetID string, f target.Field) string {
	return i18n.T("field." + targetID + "." + f.ID)
}

func fieldHelp(targetID string, f target.Field) string {
	if key := "field." + targetID + "." + f.ID + ".help"; i18n.Has(key) {
		return i18n.T("field." + targetID + "." + f.ID + ".help")
	}
	return ""
}

// checked is the value of a field of kind check that is on.
const checked = "true"

func fieldControl(targetID string, f target.Field, value string, existing bool, changed func()) (fyne.CanvasObject, func() string) {
	switch f.Kind {
	case target.FieldText, target.FieldAddress:
		e := widgets.NewEntry()
		e.SetText(value)
		e.OnChanged = func(string) { changed() }
		return e, func() string { return e.Text }
	case target.FieldSecret:
		e := widgets.NewSecretEntry()
		if existing {
			e.SetPlaceHolder(i18n.T("account.secret.kept"))
		}
		e.OnChanged = func(string) { changed() }
		return e, func() string { return e.Text }
	case target.FieldChoice:
		options := make([]widgets.Option, len(f.Choices))
		for i, c := range f.Choices {
			options[i] = widgets.Option{ID: c, Label: i18n.T("field." + targetID + "." + f.ID + "." + c)}
		}
		p := widgets.NewPicker(i18n.T("picker.choose"), i18n.T("picker.nothing"), nil)
		p.SetOptions(options)
		p.Choose(value)
		p.OnChanged = func(string) { changed() }
		return p, p.Chosen
	case target.FieldCheck:
		c := widgets.NewCheck(FieldLabel(targetID, f), nil)
		c.SetChecked(value == checked)
		c.OnChanged = func(bool) { changed() }
		return c, func() string {
			if c.Checked {
				return checked
			}
			return ""
		}
	}
	return nil, nil
}
