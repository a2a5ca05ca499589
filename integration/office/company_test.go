package office_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/office"
	"loonbrug/integration/target"
)

// desk keeps one account and a list of mappings, and counts what is resumed.
type desk struct {
	office.Store
	office.Mailbox
	account  model.Account
	mappings []model.Mapping
	resumed  int
}

func (*desk) Rights(context.Context) (model.Rights, error) { return model.Rights{}, nil }

func (d *desk) Account(context.Context, int64) (model.Account, error) { return d.account, nil }

func (d *desk) Credentials(context.Context, int64) (model.Credentials, error) {
	return model.Credentials{}, nil
}

func (d *desk) SaveAccount(_ context.Context, a *model.Account) error {
	d.account = *a
	return nil
}

func (d *desk) Company(context.Context, int64) (model.Company, error) {
	return model.Company{ID: 1}, nil
}

func (d *desk) Mappings(context.Context) ([]model.Mapping, error) { return d.mappings, nil }

func (d *desk) Mapping(_ context.Context, id int64) (model.Mapping, error) {
	for _, m := range d.mappings {
		if m.ID == id {
			return m, nil
		}
	}
	return model.Mapping{ID: id}, nil
}

func (d *desk) SaveMapping(_ context.Context, m *model.Mapping) error {
	d.mappings = append(d.mappings, *m)
	return nil
}

func (d *desk) Resume(context.Context, int64) error {
	d.resumed++
	return nil
}

// bank is a target that signs in as whoever is set.
type bank struct {
	target.Target
	identity target.Identity
	err      error
	several  bool
}

func (b *bank) Describe() target.Description {
	return target.Description{ID: "bank", Name: "Bank", OneAdministration: !b.several}
}

func (b *bank) Connect(context.Context, target.Access, target.Browser) (target.Identity, error) {
	return b.identity, b.err
}

func newDesk(account model.Account) (*office.Office, *desk, *bank) {
	b := &bank{}
	f, d := deskOf(account, b, noBrowser)
	return f, d, b
}

func deskOf(account model.Account, t target.Target, open func(string) error) (*office.Office, *desk) {
	account.ID, account.Target, account.Name = 1, "bank", "Kantoor"
	d := &desk{account: account}
	return office.New(office.Options{
		Store: d, Targets: target.Registry{t}, Files: noFiles{}, Mailbox: d, Open: open, Language: dutch,
		Now: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler),
	}), d
}

// paged is a bank with a sign-in page.
type paged struct{ bank }

func (p *paged) Connect(ctx context.Context, _ target.Access, b target.Browser) (target.Identity, error) {
	return p.identity, b.Open(ctx, "https://bank.example/")
}

// A sign-in does not wait until the browser is closed, as what opens one on Linux
// may.
func TestAuthorise_BrowserStaysOpen(t *testing.T) {
	closed := make(chan struct{})
	defer close(closed)
	f, d := deskOf(model.Account{}, &paged{}, func(string) error {
		<-closed
		return nil
	})
	if err := f.Authorise(t.Context(), 1); err != nil || !d.account.Authorised() {
		t.Errorf("%v, %v", err, d.account.State)
	}
}

// A sign-in to another company than before is not used until a person says so;
// who signs in does not matter.
func TestAuthorise_OtherCompany(t *testing.T) {
	halm := target.Identity{Who: "api", Company: "De Halm B.V."}
	for name, tt := range map[string]struct {
		before string
		state  model.AccountState
		now    target.Identity
		asks   bool
	}{
		"First":           {"", model.AccountNew, halm, false},
		"Same":            {halm.String(), model.AccountAuthorised, halm, false},
		"SameAgain":       {halm.String(), model.AccountExpired, halm, false},
		"OtherUser":       {halm.String(), model.AccountAuthorised, target.Identity{Who: "anna", Company: halm.Company}, false},
		"CompanyAlone":    {halm.Company, model.AccountAuthorised, halm, false},
		"SeveralBooks":    {"100200", model.AccountAuthorised, target.Identity{Who: "100201"}, false},
		"Other":           {halm.String(), model.AccountAuthorised, target.Identity{Who: "api", Company: "Halm Transport B.V."}, true},
		"OtherAfterEnd":   {halm.String(), model.AccountExpired, target.Identity{Who: "api", Company: "Halm Transport B.V."}, true},
		"EndsAlike":       {halm.String(), model.AccountAuthorised, target.Identity{Company: "Halm B.V."}, true},
		"NewKeyUserAlone": {"api · X", model.AccountExpired, target.Identity{Company: "api"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			f, d, b := newDesk(model.Account{State: tt.state, Identity: tt.before})
			b.identity = tt.now
			p := model.ProblemOf(f.Authorise(t.Context(), 1))
			if !tt.asks {
				if p != nil || !d.account.Authorised() || d.account.Identity != tt.now.String() || d.resumed != 1 {
					t.Errorf("%v, %+v, resumed %d", p, d.account, d.resumed)
				}
				return
			}
			if p == nil || p.Code != "account.other_company" || p.Action != model.ActionConfirmCompany || p.Params["company"] != tt.now.Company ||
				p.Params["before"] != tt.before || p.Params["account"] != "Kantoor" {
				t.Fatalf("problem %v", p)
			}
			if d.account.Authorised() || d.account.Identity != tt.before || d.account.Problem.Code != p.Code || d.resumed != 0 {
				t.Errorf("%+v, resumed %d", d.account, d.resumed)
			}
		})
	}
}

// Confirming takes the new company. Mappings are never touched.
func TestConfirmCompany(t *testing.T) {
	other := target.Identity{Who: "api", Company: "Halm Transport B.V."}
	f, d, b := newDesk(model.Account{State: model.AccountAuthorised, Identity: "api · De Halm B.V."})
	d.mappings = []model.Mapping{{ID: 1, AccountID: 1, Administration: model.Administration{Code: "103"}}}
	b.identity = other
	if err := f.Authorise(t.Context(), 1); err == nil {
		t.Fatal("another company was taken")
	}
	for range 2 { // the second time there is nothing to confirm
		if err := f.ConfirmCompany(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
	if !d.account.Authorised() || d.account.Identity != other.String() || d.account.Problem != nil || d.resumed != 1 {
		t.Errorf("%+v, resumed %d", d.account, d.resumed)
	}
	if len(d.mappings) != 1 || d.mappings[0].Administration.Code != "103" {
		t.Errorf("mappings %+v", d.mappings)
	}
	if err := f.Authorise(t.Context(), 1); err != nil {
		t.Errorf("the company that was confirmed: %v", err)
	}
}

// Signing in to the company of before needs no confirming.
func TestConfirmCompany_BackAgain(t *testing.T) {
	f, d, b := newDesk(model.Account{State: model.AccountAuthorised, Identity: "api · De Halm B.V."})
	b.identity = target.Identity{Who: "api", Company: "Halm Transport B.V."}
	if err := f.Authorise(t.Context(), 1); err == nil {
		t.Fatal("another company was taken")
	}
	b.identity = target.Identity{Who: "api", Company: "De Halm B.V."}
	if err := f.Authorise(t.Context(), 1); err != nil || !d.account.Authorised() || d.account.Problem != nil {
		t.Errorf("back at the company of before: %v, %+v", err, d.account)
	}
}

// Only the question about the company can be confirmed away.
func TestConfirmCompany_OtherProblem(t *testing.T) {
	f, d, _ := newDesk(model.Account{State: model.AccountExpired, Problem: model.NewProblem("signin.expired")})
	if err := f.ConfirmCompany(t.Context(), 1); err != nil || d.account.Authorised() || d.resumed != 0 {
		t.Errorf("%v, %+v", err, d.account)
	}
}

// Where an account is good for one administration, it books in one.
func TestSaveMapping_OneAdministration(t *testing.T) {
	old := model.Mapping{ID: 7, CompanyID: 1, AccountID: 1, Administration: model.Administration{Code: "103", Name: "De Halm B.V."}}
	for name, tt := range map[string]struct {
		mapping model.Mapping
		several bool
		want    string
	}{
		"SameBooks":    {model.Mapping{CompanyID: 1, AccountID: 1, Administration: old.Administration}, false, ""},
		"OtherBooks":   {model.Mapping{CompanyID: 1, AccountID: 1, Administration: model.Administration{Code: "101"}}, false, "mapping.one_administration"},
		"Moved":        {model.Mapping{ID: 7, CompanyID: 1, AccountID: 1, Administration: model.Administration{Code: "101"}}, false, ""},
		"OtherAccount": {model.Mapping{CompanyID: 1, AccountID: 2, Administration: model.Administration{Code: "101"}}, true, ""},
		"SeveralBooks": {model.Mapping{CompanyID: 1, AccountID: 1, Administration: model.Administration{Code: "101"}}, true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f, d, b := newDesk(model.Account{State: model.AccountAuthorised})
			d.mappings, b.several = []model.Mapping{old}, tt.several
			p := model.ProblemOf(f.SaveMapping(t.Context(), &tt.mapping))
			switch {
			case tt.want == "" && p != nil:
				t.Error(p)
			case tt.want != "" && (p == nil || p.Code != tt.want || p.Params["account"] != "Kantoor" || p.Params["administration"] != "De Halm B.V."):
				t.Errorf("problem %v", p)
			}
		})
	}
}
