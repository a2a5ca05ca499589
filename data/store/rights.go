package store

import (
	"context"
	"fmt"

	"loonbrug/data/model"
)

// Rights are the templates and who has which; none at all in a new database.
func (s *Store) Rights(ctx context.Context) (r model.Rights, err error) {
	err = s.read(ctx, "rights", func(c conn) (err error) {
		r, err = c.rights()
		return err
	})
	return r, err
}

func (c conn) rights() (r model.Rights, err error) {
	_, err = c.maybe([]any{document{&r}}, `SELECT data FROM rights WHERE id = 1`)
	return r, err
}

// SaveRights keeps rights in place of the earlier ones.
func (s *Store) SaveRights(ctx context.Context, r model.Rights) error {
	return s.write(ctx, "save rights", func(c conn) error {
		old, err := c.rights()
		if err != nil {
			return err
		}
		if changes := rightsFacts(old).changes(rightsFacts(r)); len(changes) > 0 {
			c.tell(model.Event{Kind: model.EventRightsChanged, Changes: changes})
		}
		_, err = c.exec(`
			INSERT INTO rights (id, data) VALUES (1, $1)
			ON CONFLICT (id) DO UPDATE SET data = excluded.data`, document{&r})
		return err
	})
}

func rightsFacts(r model.Rights) facts {
	f := make(facts)
	for _, t := range r.Templates {
		path := "template." + t.Name
		f[path+".send"], f[path+".manage"] = fmt.Sprint(t.Send), fmt.Sprint(t.Manage)
		for target, right := range t.Targets {
			f[path+"."+target] = string(right)
		}
	}
	for _, m := range r.Members {
		f["user."+m.User] = m.Template
	}
	return f
}
