// Package start is the path of the first start: language, practice or real,
// where payroll comes from, the first account, the first mapping. It can be left
// at any step and goes on there, also after a restart.
//
// The path holds no rules: what is done shows from the office, and each step
// leads to the same dialogs that the tabs have. What is walked is in model.go,
// free of Fyne.
package start

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/integration/target"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/widgets"
)

// Office is what the path needs of the office.
type Office interface {
	Partners() []target.Description // payroll systems before the targets
	Targets() []target.Description
	Accounts(ctx context.Context) ([]model.Account, error)
	Companies(ctx context.Context) ([]model.Company, error)
	Mappings(ctx context.Context) ([]model.Mapping, error)
	Runs(ctx context.Context, f model.RunFilter) ([]model.RunRow, error)
}

// Keeper keeps how far a person is.
type Keeper interface {
	Start(ctx context.Context) (State, error)
	SaveStart(ctx context.Context, s State) error
}

// Deps is what the path stands on.
type Deps struct {
	Office   Office
	Keeper   Keeper
	Runner   *async.Runner
	Window   func() fyne.Window
	Explain  func(*model.Problem) explain.Page
	Practice bool // this is the practice office

	Language   func(code string)                 // shows the window in another language
	Choose     func(practice bool)               // opens the other office
	NewAccount func(targetID string)             // asks for a new account
	SignIn     func(accountID int64)             // signs an account in
	Signing    func(accountID int64) func()      // stops a sign-in that is under way; nil when none is
	Import     func()                            // asks for a payroll file
	Map        func(companyID int64)             // asks for a mapping; 0 is of any company
	Shown      func(open bool)                   // the path opened or closed
	Finished   func()                            // shows where runs are sent
	Help       func(id string) fyne.CanvasObject // about a system; nil where there is none
}

// Screen is the path. It belongs to the screen's goroutine.
type Screen struct {
	deps    Deps
	ctx     context.Context
	state   State
	facts   facts
	open    bool
	known   bool // the facts are there
	loading async.Latest
	steps   *fyne.Container
	step    *fyne.Container
	content fyne.CanvasObject
}

// New makes the path, closed, at a state; ctx is the life of the window.
func New(ctx context.Context, deps Deps, at State) *Screen {
	s := &Screen{deps: deps, ctx: ctx, state: at, steps: container.NewVBox(), step: container.NewStack()}
	s.content = widgets.Inset(widgets.Beside(stepsShare, s.steps, widgets.Panel(widgets.Inset(s.step))))
	return s
}

// stepsShare is the part of the width that the list of steps has.
const stepsShare = 0.27

// Content is what the path shows while it is open.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// State is how far the person is.
func (s *Screen) State() State { return s.state }

// IsOpen tells whether the path is shown in place of the tabs.
func (s *Screen) IsOpen() bool { return s.open }

// Left tells whether the path was put away before its end, and how many of how
// many steps are done.
func (s *Screen) Left() (done, of int, left bool) {
	done, of = s.facts.count(s.state.Step), len(Steps())
	return done, of, s.known && !s.open && s.state.Left && !s.state.Done && done < of
}

// Open shows the path where the person left it.
func (s *Screen) Open() {
	s.open, s.state.Left, s.state.Done = true, false, false
	if s.state.Step == "" {
		s.state.Step = StepLanguage
	}
	s.save()
	s.show()
	s.deps.Shown(true)
}

// leave puts the path away for later.
func (s *Screen) leave() { s.close(State{Step: s.state.Step, Left: true}) }

// finish ends the path.
func (s *Screen) finish() {
	s.close(State{Step: s.state.Step, Done: true})
	s.deps.Finished()
}

func (s *Screen) close(at State) {
	s.open, s.state = false, at
	s.save()
	s.deps.Shown(false)
}

// turn goes to a step.
func (s *Screen) turn(to Step) {
	if to == s.state.Step {
		return
	}
	s.state.Step = to
	s.save()
	s.show()
}

func (s *Screen) save() {
	at := s.state
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (struct{}, error) { return struct{}{}, s.deps.Keeper.SaveStart(ctx, at) },
		func(_ struct{}, err error) {
			if err != nil {
				dialogs.Problem(s.deps.Window(), s.deps.Explain(model.ProblemOf(err)), nil)
			}
		})
}

// Load fetches what the office has and shows it; a step that is done now goes on
// to the next by itself. shown is called afterwards.
func (s *Screen) Load(shown func()) {
	async.Load(s.ctx, s.deps.Runner, &s.loading, s.fetch, func(now facts, err error) {
		if err != nil {
			return // the screens below say so
		}
		at := s.state.Step
		landed := s.known && !s.facts.done(at, at) && now.done(at, at)
		s.facts, s.known = now, true
		if s.open {
			if landed && at != StepMapping {
				s.turn(next(at))
			} else {
				s.show()
			}
		}
		shown()
	})
}

func (s *Screen) fetch(ctx context.Context) (f facts, err error) {
	f.practice = s.deps.Practice
	targets := make(map[string]bool)
	for _, d := range s.deps.Office.Targets() {
		targets[d.ID] = true
	}
	for _, d := range s.deps.Office.Partners() {
		if !targets[d.ID] {
			f.payroll = append(f.payroll, d.ID)
		}
	}
	rows, err := s.deps.Office.Runs(ctx, model.RunFilter{Limit: 1})
	if err != nil {
		return f, err
	}
	f.runs = len(rows)
	if f.accounts, err = s.deps.Office.Accounts(ctx); err != nil {
		return f, err
	}
	if f.companies, err = s.deps.Office.Companies(ctx); err != nil {
		return f, err
	}
	f.mappings, err = s.deps.Office.Mappings(ctx)
	return f, err
}
