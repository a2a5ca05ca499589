package store

import (
	"context"
	"fmt"
	"strconv"

	"loonbrug/data/model"
)

const accountColumns = `id, target, name, settings, state, identity, checked_at, problem`

// accountFields are the places of [accountColumns]. An account's problem is
// about signing in; unlike a delivery's it holds no amount and no text.
func accountFields(a *model.Account) []any {
	return []any{
		&a.ID, &a.Target, &a.Name,
		document{&a.Settings},
		&a.State, &a.Identity,
		instant{&a.CheckedAt},
		document{&a.Problem},
	}
}

// Accounts are all accounts, by target, name and id.
func (s *Store) Accounts(ctx context.Context) (all []model.Account, err error) {
	err = s.read(ctx, "accounts", func(c conn) (err error) {
		all, err = list(c, accountFields, `SELECT `+accountColumns+` FROM account ORDER BY target, name, id`)
		return err
	})
	return all, err
}

// Account is the account of that id.
func (s *Store) Account(ctx context.Context, id int64) (a model.Account, err error) {
	err = s.read(ctx, fmt.Sprintf("account %d", id), func(c conn) error {
		return c.one(accountFields(&a), `SELECT `+accountColumns+` FROM account WHERE id = $1`, id)
	})
	return a, err
}

// SaveAccount inserts an account with id zero and sets the id, or updates it.
func (s *Store) SaveAccount(ctx context.Context, a *model.Account) error {
	saved := *a
	err := s.write(ctx, fmt.Sprintf("save account %d", a.ID), func(c conn) error { return saveAccount(c, &saved) })
	if err == nil {
		a.ID = saved.ID
	}
	return err
}

func saveAccount(c conn, a *model.Account) (err error) {
	if a.ID != 0 {
		var old model.Account
		if err := c.one(accountFields(&old), `SELECT `+accountColumns+` FROM account WHERE id = $1`, a.ID); err != nil {
			return err
		}
		if _, err := c.exec(`
			UPDATE account SET target = $2, name = $3, settings = $4, state = $5, identity = $6,
				checked_at = $7, problem = $8
			WHERE id = $1`, accountFields(a)...); err != nil {
			return err
		}
		tellAccount(c, old, *a)
		return nil
	}
	if a.ID, err = c.newID("account"); err != nil {
		return err
	}
	_, err = c.exec(`INSERT INTO account (`+accountColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, accountFields(a)...)
	c.tell(model.Event{Kind: model.EventAccountAdded, Subject: a.ID, Name: a.Name, Changes: facts{}.changes(accountFacts(*a))})
	return err
}

// tellAccount names a change by what it means: a new sign-in, the end of one, or
// another name or setting.
func tellAccount(c conn, old, now model.Account) {
	e := model.Event{Kind: model.EventAccountChanged, Subject: now.ID, Name: now.Name}
	e.Changes = accountFacts(old).changes(accountFacts(now))
	signedIn := now.Authorised() && !now.CheckedAt.Equal(old.CheckedAt)
	switch {
	case signedIn:
		e.Kind = model.EventAccountSignedIn
	case now.State == model.AccountExpired && old.State != model.AccountExpired:
		e.Kind = model.EventAccountExpired
	case len(e.Changes) == 0:
		return
	}
	c.tell(e)
}

// AccountUse is what hangs on an account.
func (s *Store) AccountUse(ctx context.Context, id int64) (use model.AccountUse, err error) {
	err = s.read(ctx, fmt.Sprintf("use of account %d", id), func(c conn) (err error) {
		use.Companies, err = list(c, func(name *string) []any { return []any{name} }, `
			SELECT DISTINCT company.name FROM mapping JOIN company ON company.id = mapping.company_id
			WHERE mapping.account_id = $1 ORDER BY company.name`, id)
		if err != nil {
			return err
		}
		return c.one([]any{&use.Waiting}, `SELECT COUNT(*) FROM delivery WHERE account_id = $1 AND `+waits, id)
	})
	return use, err
}

// RemoveAccount removes an account with its credentials and reference data.
// Problem account.in_use: mappings use it, or deliveries still wait for it.
func (s *Store) RemoveAccount(ctx context.Context, id int64) error {
	return s.write(ctx, fmt.Sprintf("remove account %d", id), func(c conn) error {
		var name string
		var mappings, waiting int
		err := c.one([]any{&name, &mappings, &waiting}, `
			SELECT name,
				(SELECT COUNT(*) FROM mapping WHERE account_id = account.id),
				(SELECT COUNT(*) FROM delivery WHERE account_id = account.id AND `+waits+`)
			FROM account WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if mappings+waiting > 0 {
			return model.NewProblem("account.in_use", "account", name,
				"mappings", strconv.Itoa(mappings), "waiting", strconv.Itoa(waiting))
		}
		if _, err := c.exec(`DELETE FROM credential WHERE account_id = $1`, id); err != nil {
			return err
		}
		if _, err := c.exec(`DELETE FROM reference_data WHERE account_id = $1`, id); err != nil {
			return err
		}
		if _, err := c.exec(`DELETE FROM pause WHERE account_id = $1`, id); err != nil {
			return err
		}
		if _, err := c.exec(`DELETE FROM turn WHERE account_id = $1`, id); err != nil {
			return err
		}
		_, err = c.exec(`DELETE FROM account WHERE id = $1`, id)
		c.tell(model.Event{Kind: model.EventAccountRemoved, Subject: id, Name: name})
		return err
	})
}
