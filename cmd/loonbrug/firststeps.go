package main

import (
	"context"
	"encoding/json"
	"errors"

	"loonbrug/data/model"
	"loonbrug/data/store"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/help"
	"loonbrug/ui/i18n"
	"loonbrug/ui/start"
)

// firstSteps keeps how far the path of the first start is.
type firstSteps struct{ store *store.Store }

const firstStepsName = "first_steps"

// Start implements the path's Keeper. What cannot be read begins anew.
func (f firstSteps) Start(ctx context.Context) (at start.State, err error) {
	text, err := f.store.Setting(ctx, firstStepsName)
	if errors.Is(err, model.ErrNotFound) {
		return at, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &at)
	}
	return at, err
}

// SaveStart implements the path's Keeper.
func (f firstSteps) SaveStart(ctx context.Context, at start.State) error {
	text, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return f.store.SaveSetting(ctx, firstStepsName, string(text))
}

// begun is how far the path is, and whether the office has accounts.
func (f firstSteps) begun(ctx context.Context) (at start.State, known bool, err error) {
	if at, err = f.Start(ctx); err != nil {
		return at, false, err
	}
	accounts, err := f.store.Accounts(ctx)
	return at, len(accounts) > 0, err
}

// couplings are the systems with how far each is; in the practice office a
// stand-in answers for every one, and shows its books in the browser.
func (d *desk) couplings() []help.Coupling {
	s := d.services
	var all []help.Coupling
	for _, p := range s.office.Partners() {
		c := help.Coupling{ID: p.ID, Name: p.Name, Logo: p.Logo, State: help.Available}
		if s.practice != nil {
			c.State = help.PracticeOnly
			if stand, ok := s.practice.Find(p.ID); ok {
				c.Books = func() { d.showPage(stand.Page) }
			}
		}
		all = append(all, c)
	}
	return all
}

// showPage shows a page of a system in the browser.
func (d *desk) showPage(address string) {
	s := d.services
	async.Run(d.ctx, d.runner, func(context.Context) (struct{}, error) { return struct{}{}, s.openSystem(address) },
		func(_ struct{}, err error) {
			if err != nil {
				dialogs.Problem(d.window, d.sh.texts.catalogue.Page(i18n.Language(), model.ProblemOf(err)), nil)
			}
		})
}
