package office

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// fresh is how old reference data may be before it is fetched again.
const fresh = time.Hour

// notice is how long before its end a sign-in is warned about.
const notice = 14 * 24 * time.Hour

// Accounts are all accounts, in the order they were made. An authorised one
// whose sign-in is about to end says so as its problem.
func (f *Office) Accounts(ctx context.Context) ([]model.Account, error) {
	accounts, err := f.o.Store.Accounts(ctx)
	for i := range accounts {
		if accounts[i].Authorised() {
			accounts[i].Problem = f.ending(ctx, accounts[i])
		}
	}
	return accounts, err
}

// ending is the problem of a sign-in that ends soon, nil when it does not or
// nobody knows.
func (f *Office) ending(ctx context.Context, a model.Account) *model.Problem {
	t, err := f.partner(a.Target)
	if err != nil {
		return a.Problem
	}
	e, ok := t.(target.Ending)
	if !ok {
		return a.Problem
	}
	at, err := e.SignInEnds(ctx, target.Access{Account: a, Vault: f.o.Store})
	if err != nil {
		f.o.Log.Warn("when a sign-in ends", "account", a.ID, "error", err)
	}
	if at.IsZero() || at.Sub(f.o.Now()) > notice {
		return a.Problem
	}
	return model.NewProblem("account.sign_in_ends", "account", a.Name, "date", at.Format(time.DateOnly)).With(model.ActionSignIn)
}

// NewAccount keeps a new account of a target. It is not authorised yet.
func (f *Office) NewAccount(ctx context.Context, targetID, name string, settings map[string]string, secrets model.Credentials) (model.Account, error) {
	if err := f.may(ctx, model.ActWrite, targetID); err != nil {
		return model.Account{}, err
	}
	t, err := f.partner(targetID)
	if err != nil {
		return model.Account{}, err
	}
	a := model.Account{Target: targetID, Name: strings.TrimSpace(name), Settings: settings, State: model.AccountNew}
	if a.Name == "" {
		a.Name = t.Describe().Name
	}
	if err := complete(t.Describe(), settings, secrets); err != nil {
		return model.Account{}, err
	}
	if err := f.o.Store.SaveAccount(ctx, &a); err != nil {
		return model.Account{}, fmt.Errorf("save account: %w", err)
	}
	if err := f.o.Store.SaveCredentials(ctx, a.ID, secrets); err != nil {
		return model.Account{}, errors.Join(fmt.Errorf("save credentials: %w", err), f.o.Store.RemoveAccount(ctx, a.ID))
	}
	f.changed()
	return a, nil
}

// complete refuses a form in which a required field is empty.
func complete(d target.Description, settings map[string]string, secrets model.Credentials) error {
	for _, field := range target.Asked(d.AccountFields, settings) {
		given := settings[field.ID] != "" || field.Default != ""
		if field.Kind == target.FieldSecret {
			given = secrets[field.ID] != ""
		}
		if field.Required && !given {
			return model.NewProblem("account.field_missing", "target", d.Name, "field", field.ID)
		}
	}
	return nil
}

// ChangeAccount stores a new name, settings and the secrets that were typed
// anew; the others stay. An account whose way in changed must sign in again.
func (f *Office) ChangeAccount(ctx context.Context, a model.Account, secrets model.Credentials) error {
	if err := f.mayAccount(ctx, model.ActWrite, a.ID); err != nil {
		return err
	}
	old, err := f.o.Store.Account(ctx, a.ID)
	if err != nil {
		return fmt.Errorf("account %d: %w", a.ID, err)
	}
	if len(secrets) > 0 {
		all, err := reopened{f.o.Store}.Credentials(ctx, a.ID)
		if err != nil {
			return fmt.Errorf("credentials: %w", err)
		}
		all = maps.Clone(all)
		if all == nil {
			all = make(model.Credentials)
		}
		maps.Copy(all, secrets)
		if err := f.o.Store.SaveCredentials(ctx, a.ID, all); err != nil {
			return fmt.Errorf("save credentials: %w", err)
		}
	}
	old.Name = strings.TrimSpace(a.Name)
	if len(secrets) > 0 || !maps.Equal(old.Settings, a.Settings) {
		old.Settings = a.Settings
		if old.State == model.AccountAuthorised {
			old.State = model.AccountExpired
		}
	}
	defer f.changed()
	return f.o.Store.SaveAccount(ctx, &old)
}

// Authorise signs the account in: at a target with a sign-in page the browser
// opens and this waits until the page is answered, refused, or ctx ends. What
// comes of it is kept with the account; what waited for it goes on. An account in
// use stays so when the target could not be asked. A sign-in to another company
// than before is not used until [Office.ConfirmCompany].
func (f *Office) Authorise(ctx context.Context, accountID int64) error {
	if err := f.mayAccount(ctx, model.ActWrite, accountID); err != nil {
		return err
	}
	account, err := f.o.Store.Account(ctx, accountID)
	if err != nil {
		return fmt.Errorf("account %d: %w", accountID, err)
	}
	t, err := f.partner(account.Target)
	if err != nil {
		return err
	}
	access := target.Access{Account: account, Vault: reopened{f.o.Store}}
	page := &page{office: f, account: accountID}
	defer page.close()
	var identity target.Identity
	failed := f.typedAgain(ctx, account, t.Describe())
	if failed == nil {
		identity, failed = t.Connect(ctx, access, page)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if account, err = f.o.Store.Account(ctx, accountID); err != nil {
		return errors.Join(failed, fmt.Errorf("account %d: %w", accountID, err))
	}
	if unanswered(failed) && account.Authorised() {
		return failed
	}
	if failed == nil {
		if p := otherCompany(account, identity); p != nil {
			failed = p
		}
	}
	account.CheckedAt = f.o.Now()
	account.Problem = model.ProblemOf(failed)
	if failed == nil {
		account.State, account.Identity = model.AccountAuthorised, identity.String()
	} else if account.State == model.AccountAuthorised {
		account.State = model.AccountExpired
	}
	if err := f.o.Store.SaveAccount(ctx, &account); err != nil {
		return errors.Join(failed, fmt.Errorf("save account: %w", err))
	}
	f.changed()
	if failed != nil {
		return failed
	}
	return f.o.Mailbox.Resume(ctx, accountID)
}

// SignInAddress is the address that the browser was sent to for a sign-in under
// way, to be copied where no browser opens; empty when there is none.
func (f *Office) SignInAddress(accountID int64) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.signIns[accountID]
}

// page is the browser of one sign-in.
type page struct {
	office  *Office
	account int64
}

// Open does not wait: what opens a browser may stay until that is closed.
func (p *page) Open(_ context.Context, address string) error {
	p.office.mu.Lock()
	p.office.signIns[p.account] = address
	p.office.mu.Unlock()
	p.office.changed()
	go func() {
		if err := p.office.o.Open(address); err != nil {
			// The address can still be copied, so the sign-in goes on.
			p.office.o.Log.Warn("no browser opened", "error", err)
		}
	}()
	return nil
}

func (p *page) Language() string { return p.office.o.Language() }

func (p *page) close() {
	p.office.mu.Lock()
	delete(p.office.signIns, p.account)
	p.office.mu.Unlock()
	p.office.changed()
}

// access is an account with its target.
func (f *Office) access(ctx context.Context, accountID int64) (target.Access, target.Target, error) {
	account, err := f.o.Store.Account(ctx, accountID)
	if err != nil {
		return target.Access{}, nil, fmt.Errorf("account %d: %w", accountID, err)
	}
	t, err := f.o.Targets.Find(account.Target)
	return target.Access{Account: account, Vault: f.o.Store}, t, err
}

// Administrations asks the target what the account may book in.
func (f *Office) Administrations(ctx context.Context, accountID int64) ([]model.Administration, error) {
	if err := f.mayAccount(ctx, model.ActRead, accountID); err != nil {
		return nil, err
	}
	access, t, err := f.access(ctx, accountID)
	if err != nil {
		return nil, err
	}
	if !access.Account.Authorised() {
		return nil, notAuthorised(access.Account)
	}
	return t.Administrations(ctx, access)
}

func notAuthorised(a model.Account) *model.Problem {
	return model.NewProblem("send.account_not_authorised", "account", a.Name).With(model.ActionSignIn)
}

// Reference is what may be booked in an administration: as last fetched, or
// fetched anew when that is wanted, when it is more than an hour old, or when
// there is none. Where the target cannot be reached, older data serve.
func (f *Office) Reference(ctx context.Context, accountID int64, administration string, anew bool) (*model.Reference, error) {
	if err := f.mayAccount(ctx, model.ActRead, accountID); err != nil {
		return nil, err
	}
	kept, err := f.o.Store.Reference(ctx, accountID, administration)
	if err != nil && !errors.Is(err, model.ErrNotFound) {
		return nil, fmt.Errorf("reference: %w", err)
	}
	if kept != nil && !anew && f.o.Now().Sub(kept.FetchedAt) < fresh {
		return kept, nil
	}
	fetched, err := f.fetch(ctx, accountID, administration)
	if err != nil && kept != nil && !anew {
		f.o.Log.Warn("reference data are old", "account", accountID, "fetched", kept.FetchedAt, "error", err)
		return kept, nil
	}
	return fetched, err
}

func (f *Office) fetch(ctx context.Context, accountID int64, administration string) (*model.Reference, error) {
	access, t, err := f.access(ctx, accountID)
	if err != nil {
		return nil, err
	}
	if !access.Account.Authorised() {
		return nil, notAuthorised(access.Account)
	}
	r, err := t.Reference(ctx, access, administration)
	if err != nil {
		return nil, err
	}
	if err := f.o.Store.SaveReference(ctx, accountID, administration, r); err != nil {
		return nil, fmt.Errorf("save reference: %w", err)
	}
	return r, nil
}

// Mappings are all mappings.
func (f *Office) Mappings(ctx context.Context) ([]model.Mapping, error) {
	return f.o.Store.Mappings(ctx)
}

// SaveMapping inserts or changes a mapping after checking that company and
// account are there and that the target's required fields are filled. One that
// moves to another administration starts anew, see [Office.FirstPeriod].
func (f *Office) SaveMapping(ctx context.Context, m *model.Mapping) error {
	if _, err := f.o.Store.Company(ctx, m.CompanyID); err != nil {
		return fmt.Errorf("company %d: %w", m.CompanyID, err)
	}
	access, t, err := f.access(ctx, m.AccountID)
	if err != nil {
		return err
	}
	if err := f.may(ctx, model.ActWrite, access.Account.Target); err != nil {
		return err
	}
	if m.ID != 0 { // it may come from another target
		if err := f.mayMapping(ctx, model.ActWrite, m.ID); err != nil {
			return err
		}
	}
	m.Target = access.Account.Target
	d := t.Describe()
	if err := filled(d, m); err != nil {
		return err
	}
	if d.OneAdministration {
		if err := f.alone(ctx, access.Account, m); err != nil {
			return err
		}
	}
	if err := f.restart(ctx, m); err != nil {
		return err
	}
	defer f.changed()
	return f.o.Store.SaveMapping(ctx, m)
}

// filled refuses a mapping in which something that must be chosen is missing.
func filled(d target.Description, m *model.Mapping) error {
	if m.Administration.Code == "" {
		return model.NewProblem("mapping.field_missing", "target", d.Name, "field", "administration")
	}
	if m.Administration.ReadOnly {
		return model.NewProblem("mapping.read_only", "administration", m.Administration.Name)
	}
	for _, field := range target.Asked(d.MappingFields, m.Options) {
		if field.Required && m.Options[field.ID] == "" && field.Default == "" {
			return model.NewProblem("mapping.field_missing", "target", d.Name, "field", field.ID)
		}
	}
	return nil
}

// RemoveMapping removes a mapping that nothing waits for.
func (f *Office) RemoveMapping(ctx context.Context, id int64) error {
	if err := f.mayMapping(ctx, model.ActWrite, id); err != nil {
		return err
	}
	defer f.changed()
	return f.o.Store.RemoveMapping(ctx, id)
}
