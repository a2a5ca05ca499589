package office

import (
	"context"
	"errors"
	"fmt"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// AccountUse is what hangs on an account, and stands in the way of removing it.
func (f *Office) AccountUse(ctx context.Context, id int64) (model.AccountUse, error) {
	return f.o.Store.AccountUse(ctx, id)
}

// CheckAccount asks the target again what an account may do, without a sign-in
// page: an account of a browser has to show what it may book in, and the lists
// of every administration that is mapped with it; any other account checks its
// credentials. What comes of it is kept with the account. A check that did not
// get an answer, or that ctx ended, changes nothing.
func (f *Office) CheckAccount(ctx context.Context, accountID int64) error {
	if err := f.mayAccount(ctx, model.ActWrite, accountID); err != nil {
		return err
	}
	account, err := f.o.Store.Account(ctx, accountID)
	if err != nil {
		return fmt.Errorf("account %d: %w", accountID, err)
	}
	partner, err := f.partner(account.Target)
	if err != nil {
		return err
	}
	if partner.Describe().SignsIn(account.Settings) != target.SignInBrowser {
		return f.Authorise(ctx, accountID)
	}
	if !account.Authorised() {
		return notAuthorised(account)
	}
	failed := f.mayBook(ctx, account)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if unanswered(failed) {
		return failed
	}
	if account, err = f.o.Store.Account(ctx, accountID); err != nil {
		return errors.Join(failed, fmt.Errorf("account %d: %w", accountID, err))
	}
	account.CheckedAt, account.Problem = f.o.Now(), model.ProblemOf(failed)
	if p := account.Problem; p != nil && p.Action == model.ActionSignIn {
		account.State = model.AccountExpired
	}
	if err := f.o.Store.SaveAccount(ctx, &account); err != nil {
		return errors.Join(failed, fmt.Errorf("save account: %w", err))
	}
	f.changed()
	return failed
}

// unanswered tells whether an error says nothing about an account: its target
// could not be asked.
func unanswered(err error) bool {
	var p *model.Problem
	return err != nil && (!errors.As(err, &p) || p.Retryable)
}

// mayBook asks for everything that the mappings of an account need.
func (f *Office) mayBook(ctx context.Context, a model.Account) error {
	if _, err := f.Administrations(ctx, a.ID); err != nil {
		return err
	}
	mappings, err := f.o.Store.Mappings(ctx)
	if err != nil {
		return fmt.Errorf("mappings: %w", err)
	}
	for _, m := range mappings {
		if m.AccountID != a.ID {
			continue
		}
		if _, err := f.Reference(ctx, a.ID, m.Administration.Code, true); err != nil {
			return err
		}
	}
	return nil
}
