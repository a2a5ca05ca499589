package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"loonbrug/data/model"
)

const mappingColumns = `id, company_id, account_id, target, administration, admin_name, read_only,
	cost_centre, cost_unit, options, start_year, start_number, rules`

// mappingFields are the places of [mappingColumns].
func mappingFields(m *model.Mapping) []any {
	return []any{
		&m.ID, &m.CompanyID, &m.AccountID, &m.Target,
		&m.Administration.Code, &m.Administration.Name,
		flag{&m.Administration.ReadOnly},
		document{&m.CostCentre},
		document{&m.CostUnit},
		document{&m.Options},
		&m.Start.Year, &m.Start.Number,
		document{&m.Rules},
	}
}

// Mappings are all mappings, by company, target and id.
func (s *Store) Mappings(ctx context.Context) (all []model.Mapping, err error) {
	err = s.read(ctx, "mappings", func(c conn) (err error) {
		all, err = list(c, mappingFields, `SELECT `+mappingColumns+` FROM mapping ORDER BY company_id, target, id`)
		return err
	})
	return all, err
}

// MappingsOf are the mappings of these companies, by company, target and id.
func (s *Store) MappingsOf(ctx context.Context, companyIDs ...int64) (all []model.Mapping, err error) {
	err = s.read(ctx, "mappings", func(c conn) (err error) {
		all, err = listIn(c, mappingFields, `SELECT `+mappingColumns+` FROM mapping WHERE company_id IN (`, companyIDs)
		return err
	})
	slices.SortFunc(all, func(a, b model.Mapping) int {
		return cmp.Or(cmp.Compare(a.CompanyID, b.CompanyID), cmp.Compare(a.Target, b.Target), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// Mapping is the mapping of that id.
func (s *Store) Mapping(ctx context.Context, id int64) (m model.Mapping, err error) {
	err = s.read(ctx, fmt.Sprintf("mapping %d", id), func(c conn) error {
		return c.one(mappingFields(&m), `SELECT `+mappingColumns+` FROM mapping WHERE id = $1`, id)
	})
	return m, err
}

// SaveMapping inserts a mapping with id zero and sets the id, or updates it.
// Problem mapping.exists: the company has a mapping to that administration.
func (s *Store) SaveMapping(ctx context.Context, m *model.Mapping) error {
	saved := *m
	err := s.write(ctx, fmt.Sprintf("save mapping %d", m.ID), func(c conn) error {
		err := saveMapping(c, &saved)
		if isDuplicate(err) {
			return model.NewProblem("mapping.exists", "target", m.Target,
				"administration", m.Administration.Name, "code", m.Administration.Code).Because(err)
		}
		return err
	})
	if err == nil {
		m.ID = saved.ID
	}
	return err
}

func saveMapping(c conn, m *model.Mapping) (err error) {
	if m.ID != 0 {
		var old model.Mapping
		if err := c.one(mappingFields(&old), `SELECT `+mappingColumns+` FROM mapping WHERE id = $1`, m.ID); err != nil {
			return err
		}
		_, err := c.exec(`
			UPDATE mapping SET company_id = $2, account_id = $3, target = $4, administration = $5, admin_name = $6,
				read_only = $7, cost_centre = $8, cost_unit = $9, options = $10, start_year = $11, start_number = $12, rules = $13
			WHERE id = $1`, mappingFields(m)...)
		if changes := mappingFacts(old).changes(mappingFacts(*m)); len(changes) > 0 {
			c.tell(model.Event{Kind: model.EventMappingChanged, Subject: m.ID, Name: m.Administration.Name, Changes: changes})
		}
		return err
	}
	if m.ID, err = c.newID("mapping"); err != nil {
		return err
	}
	_, err = c.exec(`INSERT INTO mapping (`+mappingColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, mappingFields(m)...)
	c.tell(model.Event{Kind: model.EventMappingAdded, Subject: m.ID, Name: m.Administration.Name, Changes: facts{}.changes(mappingFacts(*m))})
	return err
}

// RemoveMapping removes a mapping; its deliveries stay. Problem mapping.in_use:
// some of them still wait.
func (s *Store) RemoveMapping(ctx context.Context, id int64) error {
	return s.write(ctx, fmt.Sprintf("remove mapping %d", id), func(c conn) error {
		var waiting int
		err := c.one([]any{&waiting}, `SELECT COUNT(*) FROM delivery WHERE mapping_id = $1 AND `+waits, id)
		if err != nil {
			return err
		}
		var old model.Mapping
		if err := c.one(mappingFields(&old), `SELECT `+mappingColumns+` FROM mapping WHERE id = $1`, id); err != nil {
			return err
		}
		if waiting > 0 {
			return model.NewProblem("mapping.in_use", "waiting", strconv.Itoa(waiting))
		}
		_, err = c.exec(`DELETE FROM mapping WHERE id = $1`, id)
		c.tell(model.Event{Kind: model.EventMappingRemoved, Subject: id, Name: old.Administration.Name, Changes: mappingFacts(old).changes(facts{})})
		return err
	})
}
