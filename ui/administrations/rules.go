package administrations

import (
	"maps"
	"slices"

	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// askRules draws what the target asks of a mapping, from lists that were
// fetched.
func (e *editor) askRules() {
	e.clearRules()
	if c, ref := e.companyOf(), e.draft.reference; ref.Currency != "" && c.ID != 0 && ref.Currency != c.Currency {
		e.rules.Add(widgets.Wrong(i18n.T("mapping.currency", "company", c.Currency, "administration", ref.Currency)))
	}
	e.options = e.askOptions()
	if e.options.Picked != nil {
		e.rules.Add(e.options.Picked)
	}
	e.askDimension(dimensionCentre, e.draft.target.CostCentre, &e.draft.mapping.CostCentre)
	e.askDimension(dimensionUnit, e.draft.target.CostUnit, &e.draft.mapping.CostUnit)
	e.rules.Add(e.options.Content)
	if e.options.Folded != nil {
		e.advanced = widgets.NewFold(i18n.T("account.advanced"), e.options.Folded, func() { e.opened(e.advanced) })
		e.rules.Add(e.advanced)
	}
	e.rules.Add(e.askStart())
	e.booking = newBookingRules(&e.draft, e.check, e.opened)
	e.rules.Add(e.booking.fold)
	e.rules.Add(e.fetchedAt())
	e.rules.Refresh()
}

// askOptions makes the form of the target's own fields.
func (e *editor) askOptions() *widgets.Fields {
	m := &e.draft.mapping
	e.proposeDaybooks()
	var fields *widgets.Fields
	fields = dialogs.FieldsOf(e.draft.target.ID, e.draft.target.MappingFields, m.Options, e.draft.reference, func() {
		maps.Copy(m.Options, fields.Values())
		e.check()
	})
	maps.Copy(m.Options, fields.Values())
	return fields
}

// proposeDaybooks fills in the likely daybooks of a new mapping where a person
// has chosen none.
func (e *editor) proposeDaybooks() {
	m := &e.draft.mapping
	if m.ID != 0 {
		return
	}
	if e.guess.daybooks == nil {
		e.guess.daybooks = make(map[string]string)
	}
	for _, f := range e.draft.target.MappingFields {
		if f.Kind == target.FieldDaybook && f.Required && m.Options[f.ID] == e.guess.daybooks[f.ID] {
			code := guessDaybook(f.ID, m.Target, e.draft.reference.Daybooks, e.screen.state.mappings)
			e.guess.daybooks[f.ID], m.Options[f.ID] = code, code
		}
	}
}

// askDimension asks whether a payroll dimension is used and, where the target
// has several by name, which one it is.
func (e *editor) askDimension(which dimension, support target.DimensionSupport, rule *model.DimensionRule) {
	if !support.Offered {
		return
	}
	label := i18n.T(support.Label)
	picker := e.dimensionPicker(support, label, rule)
	table := newCodeTable(e, which, rule)
	e.tables = append(e.tables, table)
	if support.Forced {
		rule.Use = true
		if picker != nil {
			e.rules.Add(widgets.Field(label, "", picker))
		}
		e.rules.Add(table.fold)
		return
	}
	use := widgets.NewCheck(i18n.T("mapping.dimension.use", "dimension", label), nil)
	use.SetChecked(rule.Use)
	show := func() {
		if picker != nil {
			picker.Hidden = !rule.Use
			picker.Refresh()
		}
	}
	use.OnChanged = func(on bool) {
		rule.Use = on
		show()
		e.check()
	}
	show()
	question := container.NewVBox(use)
	if picker != nil {
		question.Add(container.NewPadded(picker))
	}
	question.Add(table.fold)
	e.rules.Add(question)
}

// dimensionPicker chooses the target's dimension; nil where the target has one
// by nature.
func (e *editor) dimensionPicker(support target.DimensionSupport, label string, rule *model.DimensionRule) *widgets.Picker {
	if !support.Named {
		return nil
	}
	list := e.draft.reference.Dimensions
	picker := widgets.NewPicker(i18n.T("mapping.pick_dimension"), i18n.T("picker.nothing"), func(id string) {
		*rule = named(*rule, id, list)
		e.check()
	})
	picker.SetOptions(dimensionOptions(list))
	if rule.Dimension != "" {
		picker.Choose(rule.Dimension)
	} else {
		picker.Choose(guessDimension(label, list))
	}
	*rule = named(*rule, picker.Chosen(), list)
	return picker
}

// named sets the dimension of a rule by its id.
func named(rule model.DimensionRule, id string, list []model.Dimension) model.DimensionRule {
	rule.Dimension, rule.Name = "", ""
	if i := slices.IndexFunc(list, func(d model.Dimension) bool { return d.ID == id }); i >= 0 {
		rule.Dimension, rule.Name = id, list[i].Name
	}
	return rule
}
