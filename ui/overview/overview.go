// Package overview is the page of plots: what was booked per month and per cost
// centre, how much of it were corrections, and what became of the deliveries. A
// click on a bar leads to the runs behind it.
//
// Sums are made by the office; the page only draws them. Every bar has its name
// and its amount beside it, and corrections have a pattern, so that nothing is
// told by colour alone.
package overview

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Office is what the page needs of the office.
type Office interface {
	Companies(ctx context.Context) ([]model.Company, error)
	RunPeriods(ctx context.Context) ([]journal.Period, error)
	Overview(ctx context.Context, f model.RunFilter) ([]model.Overview, error)
}

// Deps is what the page stands on.
type Deps struct {
	Office  Office
	Runner  *async.Runner
	Window  fyne.Window
	Explain func(*model.Problem) explain.Page
	Runs    func(ids []int64) // shows the runs behind a bar
}

// page is the open page.
type page struct {
	deps    Deps
	ctx     context.Context
	stop    context.CancelFunc
	dialog  *dialogs.Dialog
	year    *widgets.Picker
	company *widgets.Picker
	money   *widgets.Picker // which currency; hidden while there is one
	all     []model.Overview
	plots   *fyne.Container
	loading async.Latest
}

const (
	pageWidth  = 940
	pageHeight = 540
	mostBars   = 24 // of one plot; smaller ones are added up
)

// Show opens the page of the newest year.
func Show(ctx context.Context, deps Deps) {
	p := &page{deps: deps, plots: container.NewVBox()}
	p.ctx, p.stop = context.WithCancel(ctx)
	pick := func(none string, changed func(string)) *widgets.Picker {
		return widgets.NewPicker(none, i18n.T("picker.nothing"), changed)
	}
	p.year = pick(i18n.T("overview.years"), func(string) { p.load() })
	p.company = pick(i18n.T("filter.company"), func(string) { p.load() })
	p.money = pick(i18n.T("overview.currency"), func(string) { p.draw() })
	p.money.Hide()
	bar := container.NewGridWithColumns(3, p.year, p.company, p.money)
	p.dialog = dialogs.Show(deps.Window, dialogs.Spec{
		Title: i18n.T("overview.title"), Content: container.NewBorder(bar, nil, nil, nil, container.NewVScroll(widgets.BesideBar(p.plots))),
		Width: pageWidth, Height: pageHeight, OnCancel: p.stop,
	})
	p.dialog.Busy(i18n.T("overview.adding"))
	p.begin()
}

// offered is what the pickers offer.
type offered struct {
	companies []model.Company
	periods   []journal.Period
}

// begin fills the pickers and loads the newest year.
func (p *page) begin() {
	async.Run(p.ctx, p.deps.Runner,
		func(ctx context.Context) (o offered, err error) {
			if o.companies, err = p.deps.Office.Companies(ctx); err != nil {
				return o, err
			}
			o.periods, err = p.deps.Office.RunPeriods(ctx)
			return o, err
		},
		func(o offered, err error) {
			if err != nil {
				p.fail(err)
				return
			}
			companies := []widgets.Option{{Label: i18n.T("filter.company")}}
			for _, c := range o.companies {
				companies = append(companies, widgets.Option{ID: strconv.FormatInt(c.ID, 10), Label: c.Name})
			}
			p.company.SetOptions(companies)
			years, last := []widgets.Option{{Label: i18n.T("overview.years")}}, 0
			for _, period := range o.periods {
				if period.Year != last {
					last = period.Year
					years = append(years, widgets.Option{ID: strconv.Itoa(last), Label: strconv.Itoa(last)})
				}
			}
			p.year.SetOptions(years)
			if len(o.periods) > 0 {
				p.year.Choose(strconv.Itoa(o.periods[0].Year))
			}
			p.load()
		})
}

// load adds up what is chosen.
func (p *page) load() {
	var filter model.RunFilter
	filter.Year, _ = strconv.Atoi(p.year.Chosen())                     // none is zero
	filter.CompanyID, _ = strconv.ParseInt(p.company.Chosen(), 10, 64) // likewise
	p.dialog.Busy(i18n.T("overview.adding"))
	async.Load(p.ctx, p.deps.Runner, &p.loading,
		func(ctx context.Context) ([]model.Overview, error) { return p.deps.Office.Overview(ctx, filter) },
		func(all []model.Overview, err error) {
			if err != nil {
				p.fail(err)
				return
			}
			p.dialog.Ready()
			p.show(all)
		})
}

func (p *page) fail(err error) {
	if !p.dialog.Closed() {
		p.dialog.Fail(dialogs.ProblemPanel(p.deps.Explain(model.ProblemOf(err)), nil))
	}
}

// show offers the currencies and draws the first.
func (p *page) show(all []model.Overview) {
	p.all = all
	var options []widgets.Option
	for _, o := range all {
		options = append(options, widgets.Option{ID: o.Currency, Label: o.Currency})
	}
	p.money.SetOptions(options)
	if len(all) > 0 {
		p.money.Choose(all[0].Currency)
	}
	p.money.Hidden = len(all) < 2
	p.draw()
}

// draw shows the plots of the currency that is chosen.
func (p *page) draw() {
	var o model.Overview
	for _, one := range p.all {
		if one.Currency == p.money.Chosen() || o.Currency == "" {
			o = one
		}
	}
	if o.Runs == 0 {
		p.plots.Objects = []fyne.CanvasObject{widgets.Muted(i18n.T("overview.none"))}
		p.plots.Refresh()
		return
	}
	share := i18n.T("overview.share", "percent", percent(o.Corrections, o.Debit), "corrections", o.Corrections, "debit", o.Debit, "currency", o.Currency)
	left := container.NewVBox(widgets.Title(i18n.T("overview.months")), container.NewHBox(p.legend()), p.plot(monthBars(o)))
	right := container.NewVBox(widgets.Title(i18n.T("overview.centres")), p.plot(centreBars(o)))
	if len(o.Outcomes) > 0 {
		right.Add(widgets.Title(i18n.T("overview.outcomes")))
		right.Add(p.plot(outcomeBars(o)))
	}
	p.plots.Objects = []fyne.CanvasObject{widgets.Paragraph(share), widgets.Beside(0.5, left, right)}
	widgets.Settle(p.plots)
}

func (p *page) plot(bars []bar) fyne.CanvasObject {
	box := container.NewVBox()
	for _, b := range bars {
		box.Add(newBarRow(b, func() {
			p.stop()
			p.dialog.Close()
			p.deps.Runs(b.runs)
		}))
	}
	return box
}

// legend says what the pattern means.
func (p *page) legend() fyne.CanvasObject {
	sample := newBarShape()
	sample.set(1, 1)
	return container.NewHBox(widgets.Middle(widgets.Fixed(sample, 28, 12)), widgets.SmallWhole(i18n.T("overview.corrections")))
}
