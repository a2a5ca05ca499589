package export

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// filterBar chooses the runs that are listed.
type filterBar struct {
	search  *widgets.Entry
	company *widgets.Picker
	period  *widgets.Picker // a year or a period
	state   *widgets.Picker
	target  *widgets.Picker
	only    []int64 // the runs behind a plot; none is all
	all     *widgets.Button
	content *fyne.Container
}

// choices are what the pickers offer.
type choices struct {
	companies []model.Company
	periods   []journal.Period
}

// filterable are the states to choose from, those that need somebody first.
func filterable() []model.State {
	return []model.State{
		model.StateReady, model.StateRefused, model.StateUnknown, model.StatePartial, model.StateAccepted, model.StateQueued, model.StateSending,
		model.StateBooked, model.StateMarked, model.StateNotSetUp, model.StateBlocked, model.StateBeforeStart,
	}
}

func (s *Screen) newFilterBar() *filterBar {
	f := &filterBar{search: widgets.NewEntry()}
	changed := func(string) { s.refilter() }
	pick := func(none string) *widgets.Picker {
		return widgets.NewPicker(none, i18n.T("picker.nothing"), changed)
	}
	f.search.SetPlaceHolder(i18n.T("filter.search"))
	f.search.OnChanged = changed
	f.company, f.period = pick(i18n.T("filter.company")), pick(i18n.T("filter.period"))
	f.state, f.target = pick(i18n.T("filter.state")), pick(i18n.T("filter.target"))
	states := []widgets.Option{{Label: i18n.T("filter.state")}}
	for _, state := range filterable() {
		states = append(states, widgets.Option{ID: string(state), Label: i18n.T("state.short." + string(state))})
	}
	f.state.SetOptions(states)
	targets := []widgets.Option{{Label: i18n.T("filter.target")}}
	for _, t := range s.targets {
		targets = append(targets, widgets.Option{ID: t.ID, Label: t.Name})
	}
	f.target.SetOptions(targets)
	f.offer(choices{})
	f.all = widgets.NewButton("", func() { s.showOnly(nil) })
	f.all.Hide()
	f.content = container.NewBorder(nil, nil, nil, f.all, container.NewGridWithColumns(5, f.search, f.company, f.period, f.state, f.target))
	return f
}

// offer fills the lists that grow.
func (f *filterBar) offer(c choices) {
	companies := []widgets.Option{{Label: i18n.T("filter.company")}}
	sources := dialogs.SourcesOf(c.companies)
	for _, company := range c.companies {
		companies = append(companies, widgets.Option{ID: strconv.FormatInt(company.ID, 10), Label: sources.Beside(company.Name, company)})
	}
	f.company.SetOptions(companies)
	periods, year := []widgets.Option{{Label: i18n.T("filter.period")}}, 0
	for _, p := range c.periods {
		if p.Year != year {
			year = p.Year
			periods = append(periods, widgets.Option{ID: strconv.Itoa(year), Label: strconv.Itoa(year)})
		}
		periods = append(periods, widgets.Option{ID: p.String(), Label: i18n.FormatPeriod(p)})
	}
	f.period.SetOptions(periods)
}

// chosen is what the bar says.
func (f *filterBar) chosen() model.RunFilter {
	filter := model.RunFilter{Text: f.search.Text, Target: f.target.Chosen(), IDs: f.only}
	filter.CompanyID, _ = strconv.ParseInt(f.company.Chosen(), 10, 64) // none is zero
	if _, err := fmt.Sscanf(f.period.Chosen(), "%d-%d", &filter.Period.Year, &filter.Period.Number); err != nil {
		filter.Period = journal.Period{}
		filter.Year, _ = strconv.Atoi(f.period.Chosen()) // none is zero
	}
	if state := f.state.Chosen(); state != "" {
		filter.States = []model.State{model.State(state)}
	}
	return filter
}

// refilter lists the runs that are chosen now, from the newest on.
func (s *Screen) refilter() {
	if s.filter == nil {
		return // the bar is being made
	}
	s.rows = nil
	s.gather(false)
	s.Load()
}

// showOnly lists the runs behind a plot and nothing else; none lists all again.
func (s *Screen) showOnly(runs []int64) {
	s.filter.only = slices.Clone(runs)
	s.filter.all.Hidden = len(runs) == 0
	s.filter.all.SetText(i18n.Tn("filter.only", len(runs)))
	s.filter.content.Refresh()
	s.refilter()
}

// loadChoices fetches what the pickers offer.
func (s *Screen) loadChoices() {
	async.Load(s.ctx, s.deps.Runner, &s.choosing,
		func(ctx context.Context) (c choices, err error) {
			if c.companies, err = s.deps.Office.Companies(ctx); err != nil {
				return c, err
			}
			c.periods, err = s.deps.Office.RunPeriods(ctx)
			return c, err
		},
		func(c choices, err error) {
			if err == nil { // Load tells of the same fault
				s.filter.offer(c)
				s.sources = dialogs.SourcesOf(c.companies)
				s.table.Refresh()
			}
		})
}

// The runs come in pages: the first screen, and what was scrolled to already
// when they are fetched again.
const (
	pageOfRuns = 200
	mostAgain  = 2000
)

// Load fetches the runs and then shows them.
func (s *Screen) Load() {
	if s.gathering {
		return // a person waits for all rows, and what is shown now follows after
	}
	s.loadChoices()
	s.askRights()
	filter := s.filter.chosen()
	filter.Limit = max(pageOfRuns, min(len(s.rows), mostAgain))
	async.Load(s.ctx, s.deps.Runner, &s.loading,
		func(ctx context.Context) ([]model.RunRow, error) { return s.deps.Office.Runs(ctx, filter) },
		func(rows []model.RunRow, err error) {
			if err != nil {
				s.fail(err)
				return
			}
			s.more = len(rows) == filter.Limit
			s.apply(rows)
		})
}

// loadMore fetches the page after the last row.
func (s *Screen) loadMore() { s.loadPage(pageOfRuns, func() {}) }

func (s *Screen) loadPage(limit int, then func()) {
	if !s.more || len(s.rows) == 0 {
		then()
		return
	}
	filter := s.filter.chosen()
	filter.Limit, filter.After = limit, s.rows[len(s.rows)-1].Run.Place()
	async.Load(s.ctx, s.deps.Runner, &s.loading,
		func(ctx context.Context) ([]model.RunRow, error) { return s.deps.Office.Runs(ctx, filter) },
		func(rows []model.RunRow, err error) {
			if err != nil {
				s.gather(false)
				s.fail(err)
				return
			}
			s.more = len(rows) == filter.Limit
			s.add(rows)
			then()
		})
}

// loadAll fetches every run that is chosen, page by page, and then goes on; the
// line below the rows says how far it is, with the button that stops it.
func (s *Screen) loadAll(then func()) {
	s.gather(s.more)
	s.loadRest(then)
}

func (s *Screen) loadRest(then func()) {
	switch {
	case !s.more:
		s.gather(false)
		then()
	case s.gathering:
		s.rest(i18n.T("export.loading", "n", len(s.rows)))
		s.loadPage(mostAgain, func() { s.loadRest(then) })
	}
}

// gather begins or ends fetching all rows.
func (s *Screen) gather(on bool) {
	if s.gathering == on {
		return
	}
	s.gathering = on
	s.halt.Hidden = !on
	s.halt.Refresh()
	if !on {
		s.loading.Forget()
		s.rest(i18n.T("export.hint.idle"))
	}
}
