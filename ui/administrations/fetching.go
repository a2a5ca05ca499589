package administrations

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// fetch asks for something that a question chooses from. It can be stopped, and
// begun again after that or after a failure.
func fetch[T any](e *editor, place *async.Latest, work func(context.Context) (T, error), apply func(T)) {
	e.stop() // what was asked before has nothing left to say
	ctx, stop := context.WithCancel(e.screen.ctx)
	e.stop = stop
	e.note.Say(i18n.T("mapping.fetching"), i18n.T("dialog.stop"), stop)
	async.Load(ctx, e.screen.deps.Runner, place, work, func(found T, err error) {
		stopped := ctx.Err() != nil
		stop()
		if stopped || err != nil {
			e.note.Say(i18n.T("mapping.not_fetched"), i18n.T("mapping.fetch_again"), func() { fetch(e, place, work, apply) })
		}
		switch {
		case stopped:
			e.check()
		case err != nil:
			e.trouble(err)
		default:
			e.note.Clear()
			e.dialog.ClearFailure()
			apply(found)
		}
	})
}

func (e *editor) fetchAdministrations(accountID int64) {
	fetch(e, &e.asking, func(ctx context.Context) ([]model.Administration, error) {
		return e.screen.deps.Office.Administrations(ctx, accountID)
	}, e.askAdministration)
}

// offer is what the rules of a mapping choose from.
type offer struct {
	reference *model.Reference
	codes     []model.CodePair
	first     journal.Period // to propose as start
}

// fetchOffer fetches what the rules choose from; anew asks the target even where
// its lists are known.
func (e *editor) fetchOffer(anew bool) {
	account, company, code := e.draft.mapping.AccountID, e.draft.mapping.CompanyID, e.draft.mapping.Administration.Code
	fetch(e, &e.reading, func(ctx context.Context) (offer, error) {
		return e.screen.offered(ctx, company, account, code, anew)
	}, func(found offer) {
		e.draft.reference, e.draft.codes = found.reference, found.codes
		e.start.propose(found.first, e.draft.mapping)
		e.askRules()
		e.check()
		e.show(e.field)
		e.field = ""
	})
}

func (s *Screen) offered(ctx context.Context, company, account int64, administration string, anew bool) (found offer, err error) {
	if found.reference, err = s.deps.Office.Reference(ctx, account, administration, anew); err != nil || company == 0 {
		return found, err
	}
	if found.codes, err = s.deps.Office.PayrollCodes(ctx, company); err != nil {
		return found, err
	}
	found.first, err = s.deps.Office.FirstPeriod(ctx, company)
	return found, err
}

// fetchedAt says when the lists are from and fetches them again on a click.
func (e *editor) fetchedAt() fyne.CanvasObject {
	again := widgets.NewQuietButton(i18n.T("mapping.fetch_again"), func() { e.fetchOffer(true) })
	at := e.draft.reference.FetchedAt
	if at.IsZero() {
		return container.NewHBox(again)
	}
	return container.NewBorder(nil, nil, nil, again, widgets.Middle(widgets.Small(i18n.T("mapping.fetched", "at", at))))
}

// trouble shows a problem below the form, at the field that it is about.
func (e *editor) trouble(err error) {
	p := model.ProblemOf(err)
	e.dialog.Fail(dialogs.ProblemPanel(e.screen.deps.Explain(p), e.remedy(p)))
	e.check()
	e.show(dialogs.FieldOf(e.draft.target.MappingFields, p))
}

// remedy is what the button of a problem does here; nil is nothing.
func (e *editor) remedy(p *model.Problem) func() {
	switch p.Action {
	case model.ActionNewAccount:
		return func() {
			e.dialog.Close()
			e.screen.deps.NewAccount(e.draft.target.ID)
		}
	case model.ActionRefresh:
		if e.draft.mapping.Administration.Code != "" {
			return func() { e.fetchOffer(true) }
		}
	}
	return nil
}
