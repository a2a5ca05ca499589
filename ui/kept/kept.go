// Package kept is the page that says what is kept where, and how long. [Show]
// opens it. What is kept of books can be kept longer there, never shorter than
// the law and the office's own promise.
package kept

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/integration/target"
	"loonbrug/ui/allowed"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/tables"
	"loonbrug/ui/widgets"
)

// Office is what the page needs of the office.
type Office interface {
	allowed.Office
	tables.Keeper

	Kept(ctx context.Context) ([]model.Kept, error)
	Lengthen(ctx context.Context, b model.Books, r model.Retention) error
	Targets() []target.Description
}

// Deps is what the page stands on.
type Deps struct {
	Office  Office
	Runner  *async.Runner
	Window  fyne.Window
	Explain func(*model.Problem) explain.Page
	Folder  string // of the data
}

const (
	width  = 980
	height = 440
	wide   = 190
	narrow = 106
)

// page is what is open.
type page struct {
	ctx     context.Context
	deps    Deps
	refused *model.Problem
	table   *widgets.Table[model.Kept]
}

// Show opens the page and reads what is kept.
func Show(ctx context.Context, deps Deps) {
	p := &page{ctx: ctx, deps: deps}
	p.table = widgets.NewTable(i18n.T("kept.none"),
		widgets.TextColumn("company", i18n.T("mapping.column.company"), 0, func(k model.Kept) string { return dialogs.CompanyName(k.Company) }),
		widgets.TextColumn("administration", i18n.T("mapping.column.administration"), 0, p.administration),
		number("payload", i18n.T("kept.payload"), wide, func(k model.Kept) int { return k.Retention.PayloadMonths }, months),
		number("record", i18n.T("kept.record"), wide, func(k model.Kept) int { return k.Retention.RecordYears }, years),
		number("runs", i18n.T("kept.runs"), narrow, func(k model.Kept) int { return k.Runs }, strconv.Itoa),
		number("erased", i18n.T("kept.erased"), narrow, func(k model.Kept) int { return k.Erased }, strconv.Itoa),
	)
	p.table.OnSelected = p.lengthen
	tables.Dress(ctx, p.table, tables.Deps{Keeper: deps.Office, Desk: p.desk, Name: "kept", Title: i18n.T("menu.kept")})
	top := container.NewVBox(
		widgets.Paragraph(i18n.T("kept.about")), widgets.Paragraph(i18n.T("kept.where", "folder", deps.Folder)), widgets.Muted(i18n.T("kept.choose")))
	dialogs.Show(deps.Window, dialogs.Spec{
		Title: i18n.T("menu.kept"), Content: container.NewBorder(top, nil, nil, nil, p.table), Width: width, Height: height,
	})
	p.load()
}

// administration is the system and the administration that something was sent to.
func (p *page) administration(k model.Kept) string {
	if k.Books.Target == "" {
		return i18n.T("kept.nowhere")
	}
	name := k.Name
	if name == "" {
		name = k.Books.Administration
	}
	for _, d := range p.deps.Office.Targets() {
		if d.ID == k.Books.Target {
			return d.Name + " · " + name
		}
	}
	return name
}

// number is a column of a figure, shown as text.
func number(id, title string, width float32, of func(model.Kept) int, text func(int) string) widgets.Column[model.Kept] {
	return widgets.Column[model.Kept]{
		ID: id, Title: title, Width: width, Compare: widgets.By(of), Text: func(k model.Kept) string { return text(of(k)) },
	}
}

func (p *page) desk() dialogs.Desk {
	return dialogs.Desk{Window: p.deps.Window, Runner: p.deps.Runner, Explain: p.deps.Explain}
}

func (p *page) load() {
	async.Run(p.ctx, p.deps.Runner,
		func(ctx context.Context) ([]model.Kept, error) {
			refusals, err := allowed.Ask(ctx, p.deps.Office, model.ActManage, "")
			if err != nil {
				return nil, err
			}
			p.refused = refusals.At(model.ActManage, "")
			return p.deps.Office.Kept(ctx)
		},
		func(all []model.Kept, err error) {
			if err != nil {
				dialogs.Problem(p.deps.Window, p.deps.Explain(model.ProblemOf(err)), nil)
				return
			}
			p.table.SetRows(all)
		})
}

// lengthen asks how much longer.
func (p *page) lengthen(k model.Kept) {
	forMonths := spans(months, k.Retention.PayloadMonths, []int{3, 6, 12, 24, 36, 60, 84, 120})
	forYears := spans(years, k.Retention.RecordYears, []int{7, 8, 9, 10, 12, 15, 20, 30})
	notice := allowed.NewNotice()
	d := dialogs.Show(p.deps.Window, dialogs.Spec{
		Title: dialogs.CompanyName(k.Company) + " – " + p.administration(k),
		Content: container.NewVBox(widgets.Muted(i18n.T("kept.longer")), notice,
			widgets.Field(i18n.T("kept.payload"), "", forMonths), widgets.Field(i18n.T("kept.record"), "", forYears)),
		Confirm: i18n.T("dialog.save"), Width: 460,
		OnConfirm: func(d *dialogs.Dialog) { p.save(d, k.Books, chosen(forMonths), chosen(forYears)) },
	})
	allowed.Guard(p.refused, p.deps.Explain, notice, forMonths, forYears)
	d.Enable(p.refused == nil)
}

func (p *page) save(d *dialogs.Dialog, b model.Books, months, years int) {
	d.Busy(i18n.T("dialog.busy"))
	async.Run(p.ctx, p.deps.Runner,
		func(ctx context.Context) (struct{}, error) {
			return struct{}{}, p.deps.Office.Lengthen(ctx, b, model.Retention{PayloadMonths: months, RecordYears: years})
		},
		func(_ struct{}, err error) {
			if err != nil {
				d.Fail(dialogs.ProblemPanel(p.deps.Explain(model.ProblemOf(err)), nil))
				return
			}
			d.Close()
			p.load()
		})
}

// spans picks from what is now and all that is longer.
func spans(label func(int) string, now int, all []int) *widgets.Picker {
	options := []widgets.Option{{ID: strconv.Itoa(now), Label: label(now)}}
	for _, n := range all {
		if n > now {
			options = append(options, widgets.Option{ID: strconv.Itoa(n), Label: label(n)})
		}
	}
	p := widgets.NewPicker(i18n.T("picker.choose"), i18n.T("picker.nothing"), nil)
	p.SetOptions(options)
	p.Choose(strconv.Itoa(now))
	return p
}

func months(n int) string { return i18n.Tn("kept.months", n) }

func years(n int) string { return i18n.Tn("kept.years", n) }

func chosen(p *widgets.Picker) int {
	n, err := strconv.Atoi(p.Chosen())
	if err != nil {
		panic(err) // the options are numbers, and one is always chosen
	}
	return n
}
