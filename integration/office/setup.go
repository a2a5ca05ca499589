package office

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/office/setup"
	"loonbrug/integration/target"
)

// Setup is how the office is set up now, without a secret. Two accounts of one
// system with the same name cannot be told apart in it: problem
// setup.same_account.
func (f *Office) Setup(ctx context.Context) (setup.File, error) {
	p, err := f.inventory(ctx)
	if err != nil {
		return setup.File{}, err
	}
	return p.now, nil
}

// CompareSetup tells what [Office.ImportSetup] would change.
func (f *Office) CompareSetup(ctx context.Context, then setup.File) ([]model.SetupChange, error) {
	p, err := f.inventory(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := p.draft(then); err != nil {
		return nil, err
	}
	return setup.Compare(p.now, then), nil
}

// ImportSetup takes a set-up over, all of it or nothing, and tells what changed.
// What the set-up does not have stays. New accounts, and those whose way in
// changed, must sign in. Problems: setup.same_account, setup.unknown_account,
// setup.unknown_company, setup.bad_start, target.unknown, account.field_missing,
// mapping.field_missing, mapping.one_administration, rights.write, rights.work.
func (f *Office) ImportSetup(ctx context.Context, then setup.File) ([]model.SetupChange, error) {
	if err := f.mayTakeOver(ctx, then); err != nil {
		return nil, err
	}
	p, err := f.inventory(ctx)
	if err != nil {
		return nil, err
	}
	draft, err := p.draft(then)
	if err != nil {
		return nil, err
	}
	changes := setup.Compare(p.now, then)
	if err := f.o.Store.SaveSetup(ctx, draft); err != nil {
		return nil, fmt.Errorf("take the set-up over: %w", err)
	}
	f.o.Log.Info("set-up taken over", "accounts", len(draft.Accounts), "companies", len(draft.Companies), "mappings", len(draft.Mappings))
	f.changed()
	return changes, nil
}

// mayTakeOver asks for the rights to everything that a set-up says something of.
func (f *Office) mayTakeOver(ctx context.Context, then setup.File) error {
	if err := f.may(ctx, model.ActWork, ""); err != nil {
		return err
	}
	for _, a := range then.Accounts {
		if err := f.may(ctx, model.ActWrite, a.System); err != nil {
			return err
		}
	}
	for _, m := range then.Mappings {
		if err := f.may(ctx, model.ActWrite, m.System); err != nil {
			return err
		}
	}
	return nil
}

// accountName and companyName are what a set-up calls an account and a company.
type (
	accountName struct{ system, name string }
	companyName struct{ source, id string }
	mappingName struct {
		company        companyName
		system         string
		administration string
	}
)

// inventory is what the office has, by the names of a set-up.
type inventory struct {
	office    *Office
	now       setup.File
	accounts  map[accountName]*model.Account
	companies map[companyName]*model.Company
	mappings  map[mappingName]model.Mapping
}

func (f *Office) inventory(ctx context.Context) (*inventory, error) {
	p := &inventory{
		office: f, accounts: make(map[accountName]*model.Account),
		companies: make(map[companyName]*model.Company), mappings: make(map[mappingName]model.Mapping),
	}
	accounts, err := f.o.Store.Accounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	names := make(map[int64]string)
	for _, a := range accounts {
		name := accountName{a.Target, a.Name}
		if p.accounts[name] != nil {
			return nil, model.NewProblem("setup.same_account", "account", a.Name)
		}
		p.accounts[name], names[a.ID] = &a, a.Name
		p.now.Accounts = append(p.now.Accounts, setup.Account{System: a.Target, Name: a.Name, Settings: f.open(a)})
	}
	companies, err := f.o.Store.Companies(ctx)
	if err != nil {
		return nil, fmt.Errorf("companies: %w", err)
	}
	ids := make(map[int64]companyName)
	for _, c := range companies {
		name := companyName{c.Source, c.SourceID}
		p.companies[name], ids[c.ID] = &c, name
		p.now.Companies = append(p.now.Companies, companyOut(c))
	}
	mappings, err := f.o.Store.Mappings(ctx)
	if err != nil {
		return nil, fmt.Errorf("mappings: %w", err)
	}
	for _, m := range mappings {
		company := ids[m.CompanyID]
		p.mappings[mappingName{company, m.Target, m.Administration.Code}] = m
		p.now.Mappings = append(p.now.Mappings, mappingOut(m, company, names[m.AccountID]))
	}
	return p, nil
}

// open are the settings of an account that its system asks for in the open; a
// setting that is none of these does not leave the office.
func (f *Office) open(a model.Account) map[string]string {
	t, err := f.partner(a.Target)
	if err != nil {
		return nil
	}
	settings := make(map[string]string)
	for _, field := range t.Describe().AccountFields {
		if v := a.Settings[field.ID]; v != "" && field.Kind != target.FieldSecret {
			settings[field.ID] = v
		}
	}
	return settings
}

func companyOut(c model.Company) setup.Company {
	return setup.Company{
		Source: c.Source, SourceID: c.SourceID, Number: c.Number, Name: c.Name, Debtor: c.Debtor, Country: c.Country, Currency: c.Currency,
		FourWeekly: c.FourWeekly, TestCompany: c.TestCompany, DebtorBlocked: c.DebtorBlocked, Rules: c.Rules,
	}
}

func mappingOut(m model.Mapping, company companyName, account string) setup.Mapping {
	start := ""
	if m.Start != (journal.Period{}) {
		start = m.Start.String()
	}
	return setup.Mapping{
		Source: company.source, SourceID: company.id, System: m.Target, Administration: m.Administration, Account: account,
		CostCentre: m.CostCentre, CostUnit: m.CostUnit, Options: m.Options, Start: start, Rules: m.Rules,
	}
}

// draft is what must be saved so that the office has the set-up; it changes
// nothing yet.
func (p *inventory) draft(then setup.File) (*model.Setup, error) {
	var s model.Setup
	for _, a := range then.Accounts {
		account, err := p.account(a)
		if err != nil {
			return nil, err
		}
		s.Accounts = append(s.Accounts, account)
	}
	for _, c := range then.Companies {
		s.Companies = append(s.Companies, p.company(c))
	}
	for _, m := range then.Mappings {
		mapping, err := p.mapping(m)
		if err != nil {
			return nil, err
		}
		s.Mappings = append(s.Mappings, mapping)
	}
	return &s, p.alone(s.Mappings)
}

// account is the account of that name as it will be. Its secrets are asked for
// when it signs in, so none is missed here.
func (p *inventory) account(a setup.Account) (*model.Account, error) {
	t, err := p.office.partner(a.System)
	if err != nil {
		return nil, err
	}
	d := t.Describe()
	if strings.TrimSpace(a.Name) == "" {
		return nil, model.NewProblem("account.field_missing", "target", d.Name, "field", "name")
	}
	for _, field := range target.Asked(d.AccountFields, a.Settings) {
		if field.Required && field.Kind != target.FieldSecret && a.Settings[field.ID] == "" && field.Default == "" {
			return nil, model.NewProblem("account.field_missing", "target", d.Name, "field", field.ID)
		}
	}
	name := accountName{a.System, a.Name}
	next := model.Account{Target: a.System, Name: a.Name, Settings: a.Settings, State: model.AccountNew}
	if old := p.accounts[name]; old != nil {
		next = *old
		if !maps.Equal(p.office.open(*old), a.Settings) {
			next.Settings = a.Settings
			if next.State == model.AccountAuthorised {
				next.State = model.AccountExpired
			}
		}
	}
	p.accounts[name] = &next
	return &next, nil
}

func (p *inventory) company(c setup.Company) *model.Company {
	next := &model.Company{
		Source: c.Source, SourceID: c.SourceID, Number: c.Number, Name: c.Name, Debtor: c.Debtor, Country: c.Country, Currency: c.Currency,
		FourWeekly: c.FourWeekly, TestCompany: c.TestCompany, DebtorBlocked: c.DebtorBlocked, Rules: c.Rules,
	}
	p.companies[companyName{c.Source, c.SourceID}] = next
	return next
}

func (p *inventory) mapping(m setup.Mapping) (model.SetupMapping, error) {
	company := companyName{m.Source, m.SourceID}
	next := model.SetupMapping{Account: p.accounts[accountName{m.System, m.Account}], Company: p.companies[company]}
	switch {
	case next.Account == nil:
		return next, model.NewProblem("setup.unknown_account", "account", m.Account, "target", m.System)
	case next.Company == nil:
		return next, model.NewProblem("setup.unknown_company", "company", m.SourceID, "source", m.Source)
	}
	next.Mapping = model.Mapping{
		ID:     p.mappings[mappingName{company, m.System, m.Administration.Code}].ID,
		Target: m.System, Administration: m.Administration, CostCentre: m.CostCentre, CostUnit: m.CostUnit, Options: m.Options, Rules: m.Rules,
	}
	if m.Start != "" {
		start, err := journal.ParsePeriod(m.Start)
		if err != nil {
			return next, model.NewProblem("setup.bad_start", "company", next.Company.Name, "period", m.Start).Because(err)
		}
		next.Start = start
	}
	t, err := p.office.o.Targets.Find(m.System)
	if err != nil {
		return next, err
	}
	return next, filled(t.Describe(), &next.Mapping)
}

// alone refuses an account that is good for one administration and would book in
// two.
func (p *inventory) alone(mappings []model.SetupMapping) error {
	books := make(map[accountName]string)
	for _, m := range mappings {
		t, err := p.office.o.Targets.Find(m.Target)
		if err != nil {
			return err
		}
		name := accountName{m.Target, m.Account.Name}
		if other, known := books[name]; known && other != m.Administration.Code && t.Describe().OneAdministration {
			return model.NewProblem("mapping.one_administration", "account", m.Account.Name, "administration", other).With(model.ActionNewAccount)
		}
		books[name] = m.Administration.Code
	}
	return nil
}
