package store

import (
	"context"
	"fmt"

	"loonbrug/data/model"
)

// Inbox are the payroll files that wait for a person, oldest first, without
// their bytes.
func (s *Store) Inbox(ctx context.Context) (all []model.Parcel, err error) {
	err = s.read(ctx, "inbox", func(c conn) error {
		type row struct {
			parcel model.Parcel
			header []byte
		}
		rows, err := list(c, func(r *row) []any {
			return []any{&r.parcel.ID, &r.parcel.Name, &r.parcel.Hash, &r.parcel.Layout, instant{&r.parcel.ReceivedAt}, &r.header}
		}, `SELECT id, name, hash, layout, received_at, header FROM inbox ORDER BY id`)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := s.openLabel(&r.parcel, r.header); err != nil {
				return err
			}
			all = append(all, r.parcel)
		}
		return nil
	})
	return all, err
}

// Parcel is a file that waits, with its bytes.
func (s *Store) Parcel(ctx context.Context, id int64) (p model.Parcel, err error) {
	err = s.read(ctx, fmt.Sprintf("parcel %d", id), func(c conn) error {
		var raw, header []byte
		err := c.one([]any{&p.ID, &p.Name, &p.Hash, &p.Layout, instant{&p.ReceivedAt}, &raw, &header},
			`SELECT id, name, hash, layout, received_at, raw, header FROM inbox WHERE id = $1`, id)
		if err != nil {
			return err
		}
		if p.Raw, err = s.open(parcelCell(id, "raw"), raw); err != nil {
			return err
		}
		return s.openLabel(&p, header)
	})
	return p, err
}

// label is what is kept beside a file that waits.
type label struct {
	model.Header
	Problem *model.Problem `json:"problem,omitempty"`
}

func (s *Store) openLabel(p *model.Parcel, sealed []byte) error {
	var l label
	err := s.openJSON(parcelCell(p.ID, "header"), sealed, &l)
	p.Header, p.Problem = l.Header, l.Problem
	return err
}

// AddParcel keeps a file until a person says what it is; it sets the id. A file
// that waits already is kept once, with the last problem that it had.
func (s *Store) AddParcel(ctx context.Context, p *model.Parcel) error {
	saved := *p
	err := s.write(ctx, "add a parcel", func(c conn) error {
		found, err := c.maybe([]any{&saved.ID}, `SELECT id FROM inbox WHERE hash = $1`, p.Hash)
		if err != nil || found && p.Problem == nil {
			return err
		}
		if !found {
			if saved.ID, err = c.newID("inbox"); err != nil {
				return err
			}
		}
		header, err := s.sealJSON(parcelCell(saved.ID, "header"), label{p.Header, p.Problem})
		if err != nil {
			return err
		}
		if found {
			_, err = c.exec(`UPDATE inbox SET header = $1 WHERE id = $2`, header, saved.ID)
			return err
		}
		raw, err := s.seal(parcelCell(saved.ID, "raw"), p.Raw)
		if err != nil {
			return err
		}
		_, err = c.exec(`INSERT INTO inbox (id, name, hash, layout, received_at, raw, header) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			saved.ID, p.Name, p.Hash, p.Layout, instant{&saved.ReceivedAt}, raw, header)
		return err
	})
	if err == nil {
		p.ID = saved.ID
	}
	return err
}

// RemoveParcel lets a file go that was taken in or that a person put aside.
func (s *Store) RemoveParcel(ctx context.Context, id int64) error {
	return s.write(ctx, fmt.Sprintf("remove parcel %d", id), func(c conn) error {
		removed, err := c.exec(`DELETE FROM inbox WHERE id = $1`, id)
		if err == nil && removed == 0 {
			return model.ErrNotFound
		}
		return err
	})
}

// Layout is what was chosen for files of a layout; found is false when nothing
// was.
func (s *Store) Layout(ctx context.Context, id string) (l model.Layout, found bool, err error) {
	err = s.read(ctx, "layout", func(c conn) error {
		found, err = c.maybe([]any{&l.ID, &l.Columns, &l.CompanyID}, `SELECT id, columns, company_id FROM layout WHERE id = $1`, id)
		return err
	})
	return l, found, err
}

// Layouts are all that was chosen, in order of id.
func (s *Store) Layouts(ctx context.Context) (all []model.Layout, err error) {
	err = s.read(ctx, "layouts", func(c conn) error {
		all, err = list(c, func(l *model.Layout) []any {
			return []any{&l.ID, &l.Columns, &l.CompanyID}
		}, `SELECT id, columns, company_id FROM layout ORDER BY id`)
		return err
	})
	return all, err
}

// SaveLayout remembers what was chosen for files of a layout.
func (s *Store) SaveLayout(ctx context.Context, l model.Layout) error {
	return s.write(ctx, "save layout", func(c conn) error {
		_, err := c.exec(`
			INSERT INTO layout (id, columns, company_id) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET columns = EXCLUDED.columns, company_id = EXCLUDED.company_id`,
			l.ID, l.Columns, l.CompanyID)
		return err
	})
}
