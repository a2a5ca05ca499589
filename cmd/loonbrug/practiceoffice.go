package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"loonbrug/data/model"
	"loonbrug/data/paths"
	"loonbrug/integration/oauth"
	"loonbrug/integration/office"
	"loonbrug/integration/practice"
	"loonbrug/integration/practice/visma"
	"loonbrug/integration/target"
	"loonbrug/integration/vismanet"
	"loonbrug/resources"
)

// The practice office is described by a file among the resources; what is said
// here is only how it is furnished.
const (
	sampleFile     = "nl-2026-03-twk.xml"
	practiceSource = "file"
)

// practiceOffice is the description of the practice office.
type practiceOffice struct {
	Debtor    string `json:"debtor"`
	Companies []struct {
		SourceID string `json:"source_id"`
		Number   string `json:"number"`
		Name     string `json:"name"`
		Country  string `json:"country"`
		Currency string `json:"currency"`
	} `json:"companies"`
	Runs []struct {
		Company     string    `json:"company"`
		File        string    `json:"file"`
		Description string    `json:"description"`
		RunAt       time.Time `json:"run_at"`
	} `json:"runs"`
}

func readPracticeOffice() (practiceOffice, error) {
	var o practiceOffice
	data, err := fs.ReadFile(resources.Practice(), "office.json")
	if err == nil {
		err = json.Unmarshal(data, &o)
	}
	if err == nil && len(o.Companies) == 0 {
		err = errors.New("no companies")
	}
	if err != nil {
		return o, fmt.Errorf("office.json: %w", err)
	}
	return o, nil
}

// clearPractice removes the practice office with its books.
func clearPractice(sh *shell) error {
	at, err := paths.Locate(sh.dataDir, true)
	if err != nil {
		return err
	}
	return os.RemoveAll(at.Folder)
}

// furnished is the setting that a practice office has once it is whole.
const furnished = "practice_furnished"

// whole tells whether the practice office was furnished to the end, and whether
// there is anything in it at all.
func (s *services) whole(ctx context.Context) (whole, empty bool, err error) {
	_, err = s.store.Setting(ctx, furnished)
	if err == nil || !errors.Is(err, model.ErrNotFound) {
		return err == nil, false, err
	}
	accounts, err := s.office.Accounts(ctx)
	return false, len(accounts) == 0, err
}

// furnish fills an empty practice office: companies and runs, accounts that are
// authorised but one, mappings for every company but one.
func (s *services) furnish(ctx context.Context) error {
	o, err := readPracticeOffice()
	if err != nil {
		return err
	}
	accounts, err := s.practiceAccounts(ctx, nil)
	if err != nil {
		return err
	}
	companies := make(map[string]int64)
	for _, c := range o.Companies {
		company := model.Company{
			Source: practiceSource, SourceID: c.SourceID, Number: c.Number, Name: c.Name,
			Debtor: o.Debtor, Country: c.Country, Currency: c.Currency,
		}
		if err := s.office.SaveCompany(ctx, &company); err != nil {
			return err
		}
		companies[c.SourceID] = company.ID
	}
	if err := s.practiceMappings(ctx, accounts, companies); err != nil {
		return err
	}
	for _, r := range o.Runs {
		if err := s.practiceRun(ctx, companies[r.Company], r.File, r.Description, r.RunAt); err != nil {
			return fmt.Errorf("%s: %w", r.File, err)
		}
	}
	return s.store.SaveSetting(ctx, furnished, "yes")
}

func (s *services) practiceRun(ctx context.Context, company int64, file, description string, at time.Time) error {
	in, err := resources.Practice().Open(file)
	if err != nil {
		return err
	}
	_, _, err = s.office.Take(ctx, office.Incoming{CompanyID: company, Name: file, Content: in, Description: description, RunAt: at})
	return errors.Join(err, in.Close())
}

// firstCompany is the company that a file given to practice belongs to.
func (s *services) firstCompany(ctx context.Context) (model.Company, error) {
	o, err := readPracticeOffice()
	if err != nil {
		return model.Company{}, err
	}
	all, err := s.office.Companies(ctx)
	if err != nil {
		return model.Company{}, err
	}
	i := slices.IndexFunc(all, func(c model.Company) bool {
		return c.Source == practiceSource && c.SourceID == o.Companies[0].SourceID
	})
	if i < 0 {
		return model.Company{}, fmt.Errorf("practice company: %w", model.ErrNotFound)
	}
	return all[i], nil
}

// access is an account of the practice office by its system and its name.
type access struct{ system, name string }

// practiceAccounts makes the accounts. The last one is left for the newcomer to
// authorise. settings are what accounts of a system are given beside their
// credentials; practice mode needs none, as its targets know the addresses.
func (s *services) practiceAccounts(ctx context.Context, settings map[string]map[string]string) (map[access]int64, error) {
	ids := make(map[access]int64)
	add := func(system, name string, credential int) error {
		id, err := s.practiceAccount(ctx, system, name, credential, settings[system])
		ids[access{system, name}] = id
		return err
	}
	if err := errors.Join(
		add(practice.CASH, "Kantoor", 0),
		s.signedInVisma(ctx, ids, settings[practice.VismaNet]),
		add(practice.Procountor, "Oulun Leipomo", 0),
		add(practice.Procountor, "Brödbolaget", 1),
		add(practice.Procountor, "De Halm", 2),
	); err != nil {
		return nil, err
	}
	_, err := s.office.NewAccount(ctx, practice.VismaNet, "Halm Transport", settings[practice.VismaNet], nil)
	return ids, err
}

// practiceAccount makes an account with one of a system's credentials and
// authorises it.
func (s *services) practiceAccount(ctx context.Context, id, name string, credential int, more map[string]string) (int64, error) {
	system, ok := s.practice.Find(id)
	if !ok {
		return 0, fmt.Errorf("practice system %s: %w", id, model.ErrNotFound)
	}
	fields := system.Credentials[credential].Fields
	settings, secrets := maps.Clone(more), make(model.Credentials)
	if settings == nil {
		settings = make(map[string]string)
	}
	for _, d := range s.office.Targets() {
		if d.ID != id {
			continue
		}
		for _, f := range d.AccountFields {
			value, given := fields[f.ID]
			switch {
			case f.Kind == target.FieldChoice:
				// The way that the credential is for has the name of its field.
				for _, c := range f.Choices {
					if fields[c] != "" {
						settings[f.ID] = c
					}
				}
			case !given:
			case f.Kind == target.FieldSecret:
				secrets[f.ID] = model.Secret(value)
			default:
				settings[f.ID] = value
			}
		}
	}
	a, err := s.office.NewAccount(ctx, id, name, settings, secrets)
	if err != nil {
		return 0, err
	}
	return a.ID, s.office.Authorise(ctx, a.ID)
}

// signedInVisma makes an account that has signed in already, as a browser would
// have left it.
func (s *services) signedInVisma(ctx context.Context, ids map[access]int64, settings map[string]string) error {
	const name, company = "De Halm", "Bakkerij De Halm B.V."
	token, err := s.practice.VismaNet.Authorize(visma.Bookkeeper, visma.DeHalm)
	if err != nil {
		return fmt.Errorf("practice sign-in: %w", err)
	}
	a := model.Account{
		Target: practice.VismaNet, Name: name, Settings: settings, State: model.AccountAuthorised,
		Identity: visma.Bookkeeper + " · " + company, CheckedAt: time.Now(),
	}
	if err := s.store.SaveAccount(ctx, &a); err != nil {
		return err
	}
	ids[access{practice.VismaNet, name}] = a.ID
	return s.store.SaveCredentials(ctx, a.ID, model.Credentials{
		oauth.FieldRefreshToken: model.Secret(token), vismanet.FieldAdministration: visma.DeHalm, vismanet.FieldCompany: company,
	})
}

// practiceMappings maps every company but Halm Transport, which is left for the
// newcomer.
func (s *services) practiceMappings(ctx context.Context, accounts map[access]int64, companies map[string]int64) error {
	for _, m := range []struct {
		company              string
		account              access
		administration       string // empty takes the only one
		costCentre, costUnit string // names of dimensions; empty leaves it out
		options              map[string]string
	}{
		{"halm", access{practice.CASH, "Kantoor"}, "halm", "*", "", map[string]string{"daybook": "SAL"}},
		{"halm", access{practice.VismaNet, "De Halm"}, "", "Kostenplaats", "Kostendrager", map[string]string{"batch": "hold"}},
		{"halm", access{practice.Procountor, "De Halm"}, "", "Kostenplaats", "Kostendrager", nil},
		{"brodbolaget", access{practice.Procountor, "Brödbolaget"}, "", "Kostnadsställe", "Kostnadsenhet", nil},
		{"oulun-leipomo", access{practice.Procountor, "Oulun Leipomo"}, "", "Kustannuspaikka", "", nil},
	} {
		account := accounts[m.account]
		administrations, err := s.office.Administrations(ctx, account)
		if err != nil {
			return fmt.Errorf("%v: %w", m.account, err)
		}
		i := slices.IndexFunc(administrations, func(a model.Administration) bool {
			return m.administration == "" || a.Code == m.administration
		})
		if i < 0 {
			return fmt.Errorf("%v: administration %q: %w", m.account, m.administration, model.ErrNotFound)
		}
		ref, err := s.office.Reference(ctx, account, administrations[i].Code, true)
		if err != nil {
			return fmt.Errorf("%v: %w", m.account, err)
		}
		if err := s.office.SaveMapping(ctx, &model.Mapping{
			CompanyID: companies[m.company], AccountID: account, Administration: administrations[i], Options: m.options,
			CostCentre: dimensionRule(ref, m.costCentre), CostUnit: dimensionRule(ref, m.costUnit),
		}); err != nil {
			return fmt.Errorf("%v: %w", m.account, err)
		}
	}
	return nil
}

// dimensionRule uses the dimension with a name; an asterisk uses the only one.
func dimensionRule(ref *model.Reference, name string) model.DimensionRule {
	for _, d := range ref.Dimensions {
		if d.Name == name || name == "*" {
			return model.DimensionRule{Use: true, Dimension: d.ID, Name: d.Name}
		}
	}
	return model.DimensionRule{}
}
