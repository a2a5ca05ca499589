package office_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/office"
	"loonbrug/integration/target"
)

// rightsStore is a store of one account with one mapping.
type rightsStore struct {
	office.Store
	account model.Account
	asked   int // how often reference data were kept
}

func (*rightsStore) Rights(context.Context) (model.Rights, error) { return model.Rights{}, nil }

func (d *rightsStore) Credentials(context.Context, int64) (model.Credentials, error) { return nil, nil }

func (d *rightsStore) Account(context.Context, int64) (model.Account, error) { return d.account, nil }

func (d *rightsStore) SaveAccount(_ context.Context, a *model.Account) error {
	d.account = *a
	return nil
}

func (d *rightsStore) Mappings(context.Context) ([]model.Mapping, error) {
	books := model.Administration{Code: "1"}
	return []model.Mapping{{ID: 5, AccountID: 1, Administration: books}, {ID: 6, AccountID: 2, Administration: books}}, nil
}

func (d *rightsStore) Reference(context.Context, int64, string) (*model.Reference, error) {
	return &model.Reference{FetchedAt: noon}, nil
}

func (d *rightsStore) SaveReference(context.Context, int64, string, *model.Reference) error {
	d.asked++
	return nil
}

// guarded is a target with a sign-in page, whose lists answer with err.
type guarded struct {
	target.Target
	page bool
	err  error
}

func (g guarded) Describe() target.Description {
	if g.page {
		return target.Description{ID: "guarded", SignIn: target.SignInBrowser}
	}
	return target.Description{ID: "guarded", SignIn: target.SignInCredentials}
}

func (g guarded) Connect(context.Context, target.Access, target.Browser) (target.Identity, error) {
	return target.Identity{}, g.err
}

func (g guarded) Administrations(context.Context, target.Access) ([]model.Administration, error) {
	return nil, nil
}

func (g guarded) Reference(context.Context, target.Access, string) (*model.Reference, error) {
	return &model.Reference{}, g.err
}

// A check of the rights tells what the target says of them, keeps it, and takes
// no silence for an answer.
func TestCheckAccount(t *testing.T) {
	rights := model.NewProblem("vismanet.no_rights")
	for name, tt := range map[string]struct {
		page  bool
		err   error
		state model.AccountState
		code  string
		seen  bool // the time of the check is kept
	}{
		"all is well":             {page: true, state: model.AccountAuthorised, seen: true},
		"rights are missing":      {page: true, err: rights, state: model.AccountAuthorised, code: "vismanet.no_rights", seen: true},
		"the sign-in has ended":   {page: true, err: model.NewProblem("oauth.expired").With(model.ActionSignIn), state: model.AccountExpired, code: "oauth.expired", seen: true},
		"no answer":               {page: true, err: model.NewProblem("network.down").Again(), state: model.AccountAuthorised},
		"a fault":                 {page: true, err: errors.New("fault"), state: model.AccountAuthorised},
		"a key that is refused":   {err: rights, state: model.AccountExpired, code: "vismanet.no_rights", seen: true},
		"a key without an answer": {err: model.NewProblem("network.down").Again(), state: model.AccountAuthorised},
	} {
		t.Run(name, func(t *testing.T) {
			d := &rightsStore{account: model.Account{ID: 1, Target: "guarded", State: model.AccountAuthorised}}
			f := office.New(office.Options{
				Store: d, Targets: target.Registry{guarded{page: tt.page, err: tt.err}}, Files: noFiles{}, Mailbox: noMailbox{},
				Open: noBrowser, Language: dutch, Now: func() time.Time { return noon },
			})
			if err := f.CheckAccount(t.Context(), 1); !errors.Is(err, tt.err) {
				t.Errorf("error %v, not %v", err, tt.err)
			}
			code := ""
			if d.account.Problem != nil {
				code = d.account.Problem.Code
			}
			if d.account.State != tt.state || code != tt.code || d.account.CheckedAt.IsZero() == tt.seen {
				t.Errorf("account %+v", d.account)
			}
			if tt.page && tt.err == nil && d.asked != 1 {
				t.Errorf("lists of %d administrations were fetched, not of the one that is mapped", d.asked)
			}
		})
	}
}

// locked is a store whose credentials cannot be opened until others are kept.
type locked struct {
	rightsStore
	kept model.Credentials
}

func (l *locked) Credentials(context.Context, int64) (model.Credentials, error) {
	if l.kept == nil {
		return nil, model.NewProblem("secret.key_lost", "what", "credential", "id", "1").With(model.ActionSignIn)
	}
	return l.kept, nil
}

func (l *locked) SaveCredentials(_ context.Context, _ int64, c model.Credentials) error {
	l.kept = c
	return nil
}

func (*locked) Only(ctx context.Context, _ string, fn func(context.Context) error) error {
	return fn(ctx)
}

// keyed is a target that wants a key, typed or from its sign-in page.
type keyed struct {
	target.Target
	typed bool
}

func (k keyed) Describe() target.Description {
	d := target.Description{ID: "guarded", SignIn: target.SignInCredentials}
	if k.typed {
		d.AccountFields = []target.Field{{ID: "key", Kind: target.FieldSecret, Required: true}}
	}
	return d
}

func (k keyed) Connect(ctx context.Context, a target.Access, _ target.Browser) (target.Identity, error) {
	kept, err := a.Vault.Credentials(ctx, 1)
	if err != nil || kept["key"] != "" {
		return target.Identity{}, err
	}
	return target.Identity{}, a.Vault.SaveCredentials(ctx, 1, model.Credentials{"key": "from the page"})
}

// resuming is a sender that is only told to go on.
type resuming struct{ office.Mailbox }

func (resuming) Resume(context.Context, int64) error { return nil }

// After the key of the credentials was lost an account signs in again: by its
// page, or with what a person types once more.
func TestAuthorise_AfterTheKeyWasLost(t *testing.T) {
	for name, typed := range map[string]bool{"by the page": false, "typed again": true} {
		t.Run(name, func(t *testing.T) {
			l := &locked{rightsStore: rightsStore{account: model.Account{ID: 1, Target: "guarded", State: model.AccountExpired}}}
			f := office.New(office.Options{
				Store: l, Targets: target.Registry{keyed{typed: typed}}, Files: noFiles{}, Mailbox: resuming{}, Open: noBrowser, Language: dutch,
			})
			if typed {
				p := model.ProblemOf(f.Authorise(t.Context(), 1))
				if p == nil || p.Code != "secret.key_lost" || p.Action != model.ActionOpenAccount {
					t.Fatalf("problem %v", p)
				}
				if err := f.ChangeAccount(t.Context(), l.account, model.Credentials{"key": "typed"}); err != nil {
					t.Fatal(err)
				}
			}
			if err := f.Authorise(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			if !l.account.Authorised() || l.account.Problem != nil || l.kept["key"] == "" {
				t.Errorf("account %+v with %d credentials", l.account, len(l.kept))
			}
		})
	}
}
