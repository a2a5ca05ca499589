package administrations

import (
	"cmp"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// bookingRules are the rules of a mapping on corrections, dimensions and gaps,
// behind a fold that says in a sentence what holds without any.
type bookingRules struct {
	rules    *model.MappingRules
	changed  func()
	patterns []*patternField
	coded    []*codeField
	fold     *fyne.Container
}

// patternField asks for a pattern of ledger accounts and says at once whether it
// is one.
type patternField struct {
	text  *string
	told  *widget.Label
	entry *widgets.Entry
}

func newBookingRules(d *draft, changed func(), opened func(*fyne.Container)) *bookingRules {
	b := &bookingRules{rules: &d.mapping.Rules, changed: changed}
	corrections := b.choice(string(cmp.Or(b.rules.Corrections, model.CorrectOriginal)), []widgets.Option{
		{ID: string(model.CorrectOriginal), Label: i18n.T("mapping.corrections." + string(model.CorrectOriginal))},
		{ID: string(model.CorrectRun), Label: i18n.T("mapping.corrections." + string(model.CorrectRun))},
	}, func(id string) { b.rules.Corrections = model.Corrections(id) })
	closed := b.choice(string(cmp.Or(b.rules.Closed, model.ClosedStop)), []widgets.Option{
		{ID: string(model.ClosedStop), Label: i18n.T("mapping.closed." + string(model.ClosedStop))},
		{ID: string(model.ClosedAsk), Label: i18n.T("mapping.closed." + string(model.ClosedAsk))},
		{ID: string(model.ClosedFirst), Label: i18n.T("mapping.closed." + string(model.ClosedFirst))},
	}, func(id string) { b.rules.Closed = model.Closed(id) })
	content := container.NewVBox(
		widgets.SmallWrapped(i18n.T("mapping.rules.help")),
		widgets.Field(i18n.T("mapping.corrections"), i18n.T("mapping.corrections.help"), corrections),
		widgets.Field(i18n.T("mapping.closed"), i18n.T("mapping.closed.help"), closed),
		b.pattern(i18n.T("mapping.balance"), i18n.T("mapping.balance.help"), i18n.T("mapping.balance.example"), &b.rules.Balance),
		b.pattern(i18n.T("mapping.profit"), i18n.T("mapping.profit.help"), i18n.T("mapping.profit.example"), &b.rules.Profit),
	)
	m := &d.mapping
	if d.target.CostCentre.Offered {
		content.Add(b.code(i18n.T("mapping.default_centre"), i18n.T("mapping.default_centre.help"), &b.rules.CostCentre,
			func() valuesOf { return d.values(dimensionCentre, m.CostCentre) }))
	}
	if d.target.CostUnit.Offered {
		content.Add(b.code(i18n.T("mapping.default_unit"), i18n.T("mapping.default_unit.help"), &b.rules.CostUnit,
			func() valuesOf { return d.values(dimensionUnit, m.CostUnit) }))
	}
	content.Add(b.code(i18n.T("mapping.fallback"), i18n.T("mapping.fallback.help"), &b.rules.LedgerAccount, d.ledgerAccounts))
	b.fold = widgets.NewFold(i18n.T("mapping.rules"), content, func() { opened(b.fold) })
	return b
}

// choice is a picker of a rule whose first option is what holds without any.
func (b *bookingRules) choice(chosen string, options []widgets.Option, set func(id string)) *widgets.Picker {
	p := widgets.NewPicker(i18n.T("picker.choose"), i18n.T("picker.nothing"), nil)
	p.SetOptions(options)
	p.Choose(chosen)
	p.OnChanged = func(id string) {
		if id == options[0].ID {
			id = ""
		}
		set(id)
		b.changed()
	}
	return p
}

func (b *bookingRules) entry(text *string) *widgets.Entry {
	e := widgets.NewEntry()
	e.SetText(*text)
	e.OnChanged = func(now string) {
		*text = strings.TrimSpace(now)
		b.changed()
	}
	return e
}

// pattern is a field that tells what is wrong with a pattern while it is typed.
func (b *bookingRules) pattern(name, help, example string, text *string) fyne.CanvasObject {
	f := &patternField{text: text, entry: b.entry(text), told: widgets.Wrong(i18n.T("mapping.pattern.wrong"))}
	f.told.Hide()
	f.entry.SetPlaceHolder(example)
	b.patterns = append(b.patterns, f)
	return container.NewVBox(widgets.Field(name, help, f.entry), f.told)
}

// code is a field for a code of the administration.
func (b *bookingRules) code(name, help string, text *string, values func() valuesOf) fyne.CanvasObject {
	f := newCodeField(text, values, b.changed)
	b.coded = append(b.coded, f)
	return widgets.Field(name, help, f.content)
}

// good tells whether all patterns can be read and all codes be sent, and says so
// beside those that cannot.
func (b *bookingRules) good() bool {
	good := true
	for _, f := range b.coded {
		good = f.good() && good
	}
	for _, f := range b.patterns {
		_, err := journal.ParsePattern(*f.text)
		f.told.Hidden = err == nil
		f.told.Refresh()
		good = good && err == nil
	}
	return good
}
