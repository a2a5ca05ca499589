package store

import (
	"context"
	"fmt"

	"loonbrug/data/model"
)

const companyColumns = `id, source, source_id, number, name, debtor, country, currency,
	four_weekly, test_company, debtor_blocked, rules`

// companyFields are the places of [companyColumns], to read and to write.
func companyFields(c *model.Company) []any {
	return []any{
		&c.ID, &c.Source, &c.SourceID, &c.Number, &c.Name, &c.Debtor, &c.Country, &c.Currency,
		flag{&c.FourWeekly},
		flag{&c.TestCompany},
		flag{&c.DebtorBlocked},
		document{&c.Rules},
	}
}

// Companies are all companies, by debtor, name and id.
func (s *Store) Companies(ctx context.Context) (all []model.Company, err error) {
	err = s.read(ctx, "companies", func(c conn) (err error) {
		all, err = list(c, companyFields,
			`SELECT `+companyColumns+` FROM company ORDER BY debtor, name, id`)
		return err
	})
	return all, err
}

// CompaniesOf are the companies of these ids.
func (s *Store) CompaniesOf(ctx context.Context, ids ...int64) (all []model.Company, err error) {
	err = s.read(ctx, "companies", func(c conn) (err error) {
		all, err = listIn(c, companyFields, `SELECT `+companyColumns+` FROM company WHERE id IN (`, ids)
		return err
	})
	return all, err
}

// Company is the company of that id.
func (s *Store) Company(ctx context.Context, id int64) (m model.Company, err error) {
	err = s.read(ctx, fmt.Sprintf("company %d", id), func(c conn) error {
		return c.one(companyFields(&m), `SELECT `+companyColumns+` FROM company WHERE id = $1`, id)
	})
	return m, err
}

// SaveCompany updates the company of that source and source id, or inserts it;
// it sets the id.
func (s *Store) SaveCompany(ctx context.Context, m *model.Company) error {
	saved := *m
	err := s.write(ctx, "save company "+m.Source+" "+m.SourceID, func(c conn) error { return saveCompany(c, &saved) })
	if err == nil {
		m.ID = saved.ID
	}
	return err
}

func saveCompany(c conn, m *model.Company) error {
	var old model.Company
	found, err := c.maybe(companyFields(&old),
		`SELECT `+companyColumns+` FROM company WHERE source = $1 AND source_id = $2`, m.Source, m.SourceID)
	if err != nil {
		return err
	}
	if !found {
		return insertCompany(c, m)
	}
	m.ID = old.ID
	if changes := companyFacts(old).changes(companyFacts(*m)); len(changes) > 0 {
		c.tell(model.Event{Kind: model.EventCompanyChanged, Subject: m.ID, Name: m.Name, Changes: changes})
	}
	_, err = c.exec(`
		UPDATE company SET source = $2, source_id = $3, number = $4, name = $5, debtor = $6, country = $7,
			currency = $8, four_weekly = $9, test_company = $10, debtor_blocked = $11, rules = $12, search = $13
		WHERE id = $1`, append(companyFields(m), folded(m.Name))...)
	return err
}

func insertCompany(c conn, m *model.Company) (err error) {
	if m.ID, err = c.newID("company"); err != nil {
		return err
	}
	_, err = c.exec(`INSERT INTO company (`+companyColumns+`, search)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		append(companyFields(m), folded(m.Name))...)
	c.tell(model.Event{Kind: model.EventCompanyAdded, Subject: m.ID, Name: m.Name, Changes: facts{}.changes(companyFacts(*m))})
	return err
}
