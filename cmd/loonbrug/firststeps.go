package main

import (
	"context"
	"encoding/json"
	"errors"

	"loonbrug/data/model"
	"loonbrug/data/store"
	"loonbrug/integration/office"
	"loonbrug/ui/help"
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
// stand-in answers for every one.
func couplings(o *office.Office, inPractice bool) []help.Coupling {
	state := help.Available
	if inPractice {
		state = help.PracticeOnly
	}
	var all []help.Coupling
	for _, d := range o.Partners() {
		all = append(all, help.Coupling{ID: d.ID, Name: d.Name, Logo: d.Logo, State: state})
	}
	return all
}
