package administrations

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// copyForm copies a mapping to other companies: each gets books of its own, and
// what those do not have is said instead of left out.
type copyForm struct {
	screen  *Screen
	dialog  *dialogs.Dialog
	mapping model.Mapping
	target  target.Description
	ctx     context.Context
	stop    context.CancelFunc
	all     []books
	options []widgets.Option
	rows    []*copyRow
	note    *widgets.Waiting
	search  *widgets.Entry
	lines   *fyne.Container
	more    *widget.Label // says how many companies are not drawn
}

// copyRow is one company that the mapping can be copied to.
type copyRow struct {
	company model.Company
	take    bool
	books   string // the id of its books; empty is none
}

const (
	copyWidth  = 640
	copyHeight = 420
	copyLines  = 25 // are drawn at once; the others are found by searching
)

// copy closes the mapping and asks which companies get the same.
func (e *editor) copy() {
	e.stop()
	e.dialog.Close()
	f := &copyForm{screen: e.screen, mapping: e.draft.mapping, target: e.draft.target, note: widgets.NewWaiting(), lines: container.NewVBox(), search: widgets.NewEntry(), more: widgets.Muted("")}
	f.search.SetPlaceHolder(i18n.T("copy.search"))
	f.search.OnChanged = func(string) { f.draw() }
	f.search.Hide()
	f.more.Hide()
	f.ctx, f.stop = context.WithCancel(e.screen.ctx)
	help := widgets.Muted(i18n.T("copy.help", "company", e.companyOf().Name, "target", f.target.Name))
	f.dialog = dialogs.Show(e.screen.deps.Window(), dialogs.Spec{
		Title:   i18n.T("copy.title"),
		Content: container.NewBorder(container.NewVBox(help, f.note.Content, f.search), f.more, nil, nil, container.NewVScroll(widgets.BesideBar(f.lines))),
		Confirm: i18n.T("copy.confirm"),
		Width:   copyWidth, Height: copyHeight,
		OnConfirm: func(*dialogs.Dialog) { f.save() },
		OnCancel:  f.stop,
	})
	f.check()
	f.fetch()
}

// fetch asks every account of the target what it may book in.
func (f *copyForm) fetch() {
	f.note.Say(i18n.T("mapping.fetching"), i18n.T("dialog.stop"), f.stop)
	accounts := usable(f.screen.state.accounts, []target.Description{f.target})
	async.Run(f.ctx, f.screen.deps.Runner, func(ctx context.Context) (all []books, err error) {
		for _, a := range accounts {
			list, err := f.screen.deps.Office.Administrations(ctx, a.ID)
			if err != nil {
				return nil, err
			}
			for _, administration := range list {
				all = append(all, books{account: a, administration: administration})
			}
		}
		return all, nil
	}, func(all []books, err error) {
		switch {
		case f.ctx.Err() != nil:
			f.note.Say(i18n.T("mapping.not_fetched"), "", nil)
		case err != nil:
			f.note.Say(i18n.T("mapping.not_fetched"), i18n.T("mapping.fetch_again"), f.fetch)
			f.fail(err)
		default:
			f.note.Clear()
			f.ask(all)
		}
	})
}

// ask begins with all companies that have no mapping at the target; those whose
// books are known by name are ticked.
func (f *copyForm) ask(all []books) {
	f.all = free(all, f.screen.state)
	f.options = booksOptions(f.all)
	for _, c := range withoutMapping(f.screen.state, f.target.ID) {
		guess := guessBooks(c, f.all)
		f.rows = append(f.rows, &copyRow{company: c, take: guess != "", books: guess})
	}
	if len(f.rows) == 0 || len(f.options) == 0 {
		f.note.Say(i18n.T("copy.nobody"), "", nil)
	}
	f.search.Hidden = len(f.rows) <= copyLines
	f.search.Refresh()
	f.draw()
	f.check()
}

// draw shows the companies that the search asks for, as many as fit, and says how
// many more there are.
func (f *copyForm) draw() {
	f.lines.RemoveAll()
	left := 0
	for _, r := range f.rows {
		name := dialogs.CompanyName(r.company)
		switch {
		case len(widgets.Matching([]widgets.Option{{Label: name}}, f.search.Text)) == 0:
		case len(f.lines.Objects) == copyLines:
			left++
		default:
			f.lines.Add(f.line(r, name))
		}
	}
	f.more.Hidden = left == 0
	f.more.SetText(i18n.Tn("copy.more", left))
	widgets.Settle(f.lines)
}

// line is one company with the books that it gets.
func (f *copyForm) line(r *copyRow, name string) fyne.CanvasObject {
	take := widgets.NewCheck(name, nil)
	take.SetChecked(r.take)
	books := widgets.NewPicker(i18n.T("mapping.pick_administration"), i18n.T("picker.nothing"), nil)
	books.SetChoices(f.options)
	books.Choose(r.books)
	take.OnChanged = func(on bool) {
		r.take = on
		f.check()
	}
	books.OnChanged = func(id string) {
		r.books = id
		take.SetChecked(id != "")
		f.check()
	}
	return container.NewGridWithColumns(2, take, books)
}

// chosen are the rows that a person wants; whole is false while one of them has
// no books, or the same as another one.
func (f *copyForm) chosen() (rows []*copyRow, whole bool) {
	whole = true
	taken := make(map[string]bool)
	for _, r := range f.rows {
		if !r.take {
			continue
		}
		whole = whole && r.books != "" && !taken[r.books]
		taken[r.books] = true
		rows = append(rows, r)
	}
	return rows, whole
}

func (f *copyForm) check() {
	rows, whole := f.chosen()
	f.dialog.Enable(whole && len(rows) > 0)
}

// copies is what became of copying.
type copies struct {
	done   int
	failed []failure
}

// failure is why a company did not get the mapping: an error, or what its books
// do not have.
type failure struct {
	company model.Company
	books   books
	missing []string
	err     error
}

func (f *copyForm) save() {
	rows, _ := f.chosen()
	places := make(map[int64]books, len(rows))
	companies := make([]model.Company, len(rows))
	for i, r := range rows {
		companies[i] = r.company
		for _, b := range f.all {
			if b.id() == r.books {
				places[r.company.ID] = b
			}
		}
	}
	f.dialog.Busy(i18n.T("dialog.busy"))
	async.Run(f.ctx, f.screen.deps.Runner, func(ctx context.Context) (copies, error) {
		var made copies
		for _, c := range companies {
			if err := ctx.Err(); err != nil {
				return made, err
			}
			missing, err := f.copyTo(ctx, c, places[c.ID])
			if err != nil || len(missing) > 0 {
				made.failed = append(made.failed, failure{c, places[c.ID], missing, err})
			} else {
				made.done++
			}
		}
		return made, nil
	}, f.finish)
}

// copyTo makes the mapping of one company, unless its books lack something.
func (f *copyForm) copyTo(ctx context.Context, c model.Company, b books) (missing []string, err error) {
	found, err := f.screen.offered(ctx, c.ID, b.account.ID, b.administration.Code, false)
	if err != nil {
		return nil, err
	}
	now, missing := copied(f.mapping, f.target, c, b, found.reference, found.first)
	if len(missing) > 0 {
		return missing, nil
	}
	return nil, f.screen.deps.Office.SaveMapping(ctx, &now)
}

// why is a failure as a sentence.
func (f *copyForm) why(x failure) string {
	why := i18n.T("copy.missing", "administration", administrationName(x.books.administration), "what", strings.Join(x.missing, ", "))
	if x.err != nil {
		why = f.screen.deps.Explain(model.ProblemOf(x.err)).Message
	}
	return i18n.T("copy.failed", "company", x.company.Name, "why", why)
}

func (f *copyForm) finish(made copies, err error) {
	f.screen.Load()
	f.screen.deps.Changed()
	if err != nil && f.ctx.Err() == nil {
		f.fail(err)
		return
	}
	f.dialog.Close()
	if len(made.failed) > 0 {
		lines := []string{i18n.Tn("copy.done", made.done)}
		for _, x := range made.failed {
			lines = append(lines, f.why(x))
		}
		dialogs.Message(f.screen.deps.Window(), i18n.T("copy.title"), strings.Join(lines, "\n"))
	}
}

func (f *copyForm) fail(err error) {
	f.dialog.Fail(dialogs.ProblemPanel(f.screen.deps.Explain(model.ProblemOf(err)), nil))
	f.check()
}
