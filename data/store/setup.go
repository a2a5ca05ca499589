package store

import (
	"context"
	"fmt"

	"loonbrug/data/model"
)

// SaveSetup saves accounts, companies and mappings in one step and gives what is
// new its ids. Companies go by source and source id, as in [Store.SaveCompany].
// When it fails, the ids in the set-up say nothing.
func (s *Store) SaveSetup(ctx context.Context, setup *model.Setup) error {
	return s.write(ctx, "save set-up", func(c conn) error {
		for _, a := range setup.Accounts {
			if err := saveAccount(c, a); err != nil {
				return fmt.Errorf("account %s: %w", a.Name, err)
			}
		}
		for _, m := range setup.Companies {
			if err := saveCompany(c, m); err != nil {
				return fmt.Errorf("company %s: %w", m.SourceID, err)
			}
		}
		for i := range setup.Mappings {
			m := &setup.Mappings[i]
			m.AccountID, m.CompanyID = m.Account.ID, m.Company.ID
			if err := saveMapping(c, &m.Mapping); err != nil {
				return fmt.Errorf("mapping of %s: %w", m.Company.SourceID, err)
			}
		}
		return nil
	})
}
