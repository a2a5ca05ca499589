package office

import (
	"context"
	"fmt"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// codeOtherCompany and paramIdentity are of the problem that waits for a person
// to confirm a company.
const (
	codeOtherCompany = "account.other_company"
	paramIdentity    = "identity"
)

// otherCompany keeps a sign-in from being used that belongs to another company
// than the account had before: its mappings would move with it, unseen. The
// first sign-in, and an account that is good for several companies, have none
// before.
func otherCompany(a model.Account, now target.Identity) *model.Problem {
	before := a.Identity
	if before == "" || now.Company == "" || of(before, now.Company) {
		return nil
	}
	return model.NewProblem(codeOtherCompany, "account", a.Name, "company", now.Company, "before", before,
		paramIdentity, now.String()).With(model.ActionConfirmCompany)
}

// of tells whether an identity, as one line, is one of the company.
func of(identity, company string) bool {
	end := strings.TrimPrefix(target.Identity{Who: "-", Company: company}.String(), "-")
	return identity == company || strings.HasSuffix(identity, end)
}

// ConfirmCompany takes the company that the account is signed in to for the
// right one, after a person said so. Its mappings stay as they are; those to
// the company of before can be changed, or send nothing. Without anything to
// confirm it does nothing.
func (f *Office) ConfirmCompany(ctx context.Context, accountID int64) error {
	if err := f.mayAccount(ctx, model.ActWrite, accountID); err != nil {
		return err
	}
	account, err := f.o.Store.Account(ctx, accountID)
	if err != nil {
		return fmt.Errorf("account %d: %w", accountID, err)
	}
	p := account.Problem
	if p == nil || p.Code != codeOtherCompany {
		return nil
	}
	account.State, account.Identity, account.Problem = model.AccountAuthorised, p.Params[paramIdentity], nil
	if err := f.o.Store.SaveAccount(ctx, &account); err != nil {
		return fmt.Errorf("save account: %w", err)
	}
	f.changed()
	return f.o.Mailbox.Resume(ctx, accountID)
}

// alone refuses a mapping of an account that is good for one administration,
// and already books in another one.
func (f *Office) alone(ctx context.Context, a model.Account, m *model.Mapping) error {
	mappings, err := f.o.Store.Mappings(ctx)
	if err != nil {
		return fmt.Errorf("mappings: %w", err)
	}
	for _, other := range mappings {
		if other.AccountID == a.ID && other.ID != m.ID && other.Administration.Code != m.Administration.Code {
			return model.NewProblem("mapping.one_administration", "account", a.Name, "administration", other.Administration.Name).With(model.ActionNewAccount)
		}
	}
	return nil
}
