// Package history shows the log of everything that matters, which is only added
// to: what happened, when, and by whom. It can be searched, checked, and saved
// for an auditor as [CSV] and [PDF].
//
// It changes nothing. [Show] opens it.
package history

import (
	"context"
	"io"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/tables"
	"loonbrug/ui/widgets"
)

// Office is what the page needs of the office.
type Office interface {
	tables.Keeper

	Events(ctx context.Context, f model.HistoryFilter) ([]model.Event, error)
	Verify(ctx context.Context) (model.Verification, error)
}

// Deps is what the page stands on.
type Deps struct {
	Office  Office
	Runner  *async.Runner
	Window  fyne.Window
	Explain func(*model.Problem) explain.Page
}

const (
	width  = 980
	height = 520
)

// page is what is open.
type page struct {
	deps    Deps
	ctx     context.Context
	events  []model.Event
	table   *widgets.Table[model.Event]
	search  *widgets.Entry
	verdict *fyne.Container
	dialog  *dialogs.Dialog
}

// Show opens the page and reads the history.
func Show(ctx context.Context, deps Deps) *dialogs.Dialog {
	p := &page{deps: deps, ctx: ctx, verdict: container.NewVBox()}
	names := titles()
	p.table = widgets.NewTable(i18n.T("history.none"),
		widgets.Column[model.Event]{
			ID: "at", Title: names[1], Width: 130, Text: func(e model.Event) string { return i18n.FormatTime(e.At) },
			Compare: func(a, b model.Event) int { return a.At.Compare(b.At) },
		},
		widgets.TextColumn("who", names[2], 140, Who),
		widgets.TextColumn("what", names[3], 320, Sentence),
		widgets.TextColumn("detail", names[4], 0, Detail),
	)
	tables.Dress(ctx, p.table, tables.Deps{Keeper: deps.Office, Desk: p.desk, Name: "history", Title: i18n.T("history.title")})
	p.table.OnSelected = p.open
	p.search = widgets.NewEntry()
	p.search.SetPlaceHolder(i18n.T("history.search"))
	p.search.OnChanged = func(text string) { p.table.SetRows(matching(p.events, text)) }
	buttons := container.NewHBox(
		widgets.NewButton(i18n.T("history.verify"), p.verify), layout.NewSpacer(),
		widgets.NewButton(i18n.T("history.csv"), func() { p.save("csv") }),
		widgets.NewButton(i18n.T("history.pdf"), func() { p.save("pdf") }),
	)
	top := container.NewVBox(widgets.Muted(i18n.T("history.about")), p.search)
	p.dialog = dialogs.Show(deps.Window, dialogs.Spec{
		Title:   i18n.T("history.title"),
		Content: container.NewBorder(top, container.NewVBox(p.verdict, buttons), nil, nil, p.table),
		Width:   width, Height: height, Focus: p.search,
	})
	async.Run(ctx, deps.Runner,
		func(ctx context.Context) ([]model.Event, error) {
			return deps.Office.Events(ctx, model.HistoryFilter{})
		},
		func(events []model.Event, err error) {
			if err != nil {
				p.fail(err)
				return
			}
			p.events = events
			p.table.SetRows(events)
		})
	return p.dialog
}

// open shows all of one event; a line of the table may be cut off.
func (p *page) open(e model.Event) {
	dialogs.Message(p.deps.Window, Sentence(e), i18n.FormatTime(e.At)+" · "+Who(e)+"\n"+Detail(e))
}

func (p *page) verify() {
	async.Run(p.ctx, p.deps.Runner, p.deps.Office.Verify, func(v model.Verification, err error) {
		if err != nil {
			p.fail(err)
			return
		}
		say := widgets.Paragraph
		if len(v.Breaches) > 0 {
			say = widgets.Wrong
		}
		p.verdict.Objects = []fyne.CanvasObject{say(Verdict(v))}
		p.verdict.Refresh()
	})
}

func (p *page) desk() dialogs.Desk {
	return dialogs.Desk{Window: p.deps.Window, Runner: p.deps.Runner, Explain: p.deps.Explain}
}

// save asks where to save what the table shows, and writes it.
func (p *page) save(kind string) {
	events := p.table.Rows()
	dialogs.SaveFile(p.ctx, p.desk(), "loonbrug-"+i18n.T("history.file")+"."+kind, func(w io.Writer) error {
		if kind == "csv" {
			return CSV(w, events)
		}
		v, err := p.deps.Office.Verify(p.ctx)
		if err != nil {
			return err
		}
		return PDF(w, v, events)
	})
}

func (p *page) fail(err error) {
	if err != nil {
		dialogs.Problem(p.deps.Window, p.deps.Explain(model.ProblemOf(err)), nil)
	}
}
