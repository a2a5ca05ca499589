package dialogs

import (
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Fields draws the fields that a target asks for, with the values they have.
// existing says that secrets are kept already and may stay empty. Fields that the
// values of others make needless are hidden. Fields that are picked from lists of
// an administration are left out; [FieldsOf] has them.
func Fields(targetID string, fields []target.Field, values map[string]string, existing bool, changed func()) *widgets.Fields {
	return drawFields(targetID, fields, values, existing, nil, changed)
}

// FieldsOf is [Fields] with the lists of an administration.
func FieldsOf(targetID string, fields []target.Field, values map[string]string, ref *model.Reference, changed func()) *widgets.Fields {
	return drawFields(targetID, fields, values, false, ref, changed)
}

func drawFields(targetID string, fields []target.Field, values map[string]string, existing bool, ref *model.Reference, changed func()) *widgets.Fields {
	form := widgets.NewFields()
	ask := func() {
		var ids []string
		for _, f := range target.Asked(fields, form.Values()) {
			ids = append(ids, f.ID)
		}
		form.Show(ids...)
	}
	told := func() {
		ask()
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
		control, read := fieldControl(targetID, f, value, existing, told)
		if picked(f) && ref != nil {
			control, read = listControl(f, value, ref, told)
		}
		if control == nil {
			continue
		}
		form.Mark(f.ID, control)
		named := control
		if f.Kind != target.FieldCheck {
			named = widgets.Field(FieldLabel(targetID, f), fieldHelp(targetID, f), control)
		}
		switch {
		case picked(f):
			form.AddPicked(f.ID, named, read)
		case folded(f):
			form.AddFolded(f.ID, named, read)
		default:
			form.Add(f.ID, named, read)
		}
	}
	ask()
	return form
}

// picked tells whether a field is picked from a list of the administration.
func picked(f target.Field) bool {
	return f.Kind == target.FieldDaybook || f.Kind == target.FieldList
}

// listControl picks from a list of the administration. A field that may stay
// empty has an option that says so, and a value that the list no longer has stays
// until a person changes it.
func listControl(f target.Field, value string, ref *model.Reference, changed func()) (fyne.CanvasObject, func() string) {
	placeholder, options := i18n.T("mapping.pick_daybook"), daybookOptions(ref.Daybooks)
	if f.Kind == target.FieldList {
		placeholder, options = i18n.T("picker.choose"), choiceOptions(ref.Lists[f.List])
	}
	if !f.Required {
		options = append([]widgets.Option{{Label: i18n.T("picker.none")}}, options...)
	}
	if !slices.ContainsFunc(options, func(o widgets.Option) bool { return o.ID == value }) && value != "" && value != f.Default {
		options = append(options, widgets.Option{ID: value, Label: i18n.T("picker.gone", "code", value)})
	}
	p := widgets.NewPicker(placeholder, i18n.T("picker.nothing"), nil)
	p.SetOptions(options)
	if value != "" {
		p.Choose(value)
	}
	p.OnChanged = func(string) { changed() }
	return p, p.Chosen
}

func daybookOptions(list []model.Daybook) []widgets.Option {
	options := make([]widgets.Option, len(list))
	for i, d := range list {
		options[i] = widgets.Option{ID: d.Code, Label: strings.TrimSpace(d.Code + " " + d.Name)}
	}
	return options
}

func choiceOptions(list []model.Choice) []widgets.Option {
	options := make([]widgets.Option, len(list))
	for i, c := range list {
		options[i] = widgets.Option{ID: c.Code, Label: strings.TrimSpace(c.Code + " " + c.Name)}
	}
	return options
}

// folded tells whether a field is put away: what the program knows already, or
// what hardly anybody needs, is not asked for.
func folded(f target.Field) bool {
	switch f.Kind {
	case target.FieldAddress:
		return true
	case target.FieldText, target.FieldSecret:
		return !f.Required && f.RequiredWhen == (target.When{}) || f.Default != ""
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

// The fields of a mapping that no target describes, because all have them.
const (
	FieldAdministration = "administration"
	FieldCostCentre     = "cost_centre"
	FieldCostUnit       = "cost_unit"
)

// FieldOf is the id of the field of a form that a problem is about: the one it
// names, else the longest that its code is named after, as "cash.no_daybook";
// empty when it is about none.
func FieldOf(fields []target.Field, p *model.Problem) string {
	ids := []string{FieldAdministration, FieldCostCentre, FieldCostUnit}
	for _, f := range fields {
		ids = append(ids, f.ID)
	}
	for _, name := range []string{p.Params["field"], p.Params["which"]} {
		if slices.Contains(ids, name) {
			return name
		}
	}
	_, name, _ := strings.Cut(p.Code, ".")
	found := ""
	for _, id := range ids {
		if strings.Contains(name, id) && len(id) > len(found) {
			found = id
		}
	}
	return found
}

// NameField is a problem that names a field by its id, with the field's label in
// the language of the screens instead; any other problem is itself.
func NameField(targets []target.Description, p *model.Problem) *model.Problem {
	if p == nil || p.Params["field"] == "" {
		return p
	}
	label := ""
	for _, d := range targets {
		if d.Name != p.Params["target"] {
			continue
		}
		for _, f := range slices.Concat(d.AccountFields, d.MappingFields) {
			if f.ID == p.Params["field"] {
				label = FieldLabel(d.ID, f)
			}
		}
		if label == "" && p.Params["field"] == FieldAdministration {
			label = i18n.T("mapping.administration")
		}
	}
	if label == "" {
		return p
	}
	named := *p
	named.Params = maps.Clone(p.Params)
	named.Params["field"] = label
	return &named
}

// Focus gives the focus to the control of a field in a form and opens fold, which
// may be nil, where the field is put away there.
func Focus(window fyne.Window, form *widgets.Fields, fold *fyne.Container, id string) {
	control, put := form.Control(id)
	if put && fold != nil {
		widgets.OpenFold(fold)
	}
	if f, ok := control.(fyne.Focusable); ok {
		window.Canvas().Focus(f)
	}
}
