package office

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"loonbrug/data/model"
)

// Permission is what the user of the program may do; in work that the program
// does by itself it is everything.
func (f *Office) Permission(ctx context.Context) (model.Permission, error) {
	if model.IsUnattended(ctx) {
		return model.Permission{All: true}, nil
	}
	r, err := f.o.Store.Rights(ctx)
	if err != nil {
		return model.Permission{}, fmt.Errorf("rights: %w", err)
	}
	return r.Of(f.o.User), nil
}

// Rights are all templates and who has which.
func (f *Office) Rights(ctx context.Context) (model.Rights, error) { return f.o.Store.Rights(ctx) }

// SaveRights replaces all templates and who has which. The first to make a
// template needs no right to. Problems: rights.manage, rights.nobody_manages,
// rights.template_name, rights.member.
func (f *Office) SaveRights(ctx context.Context, r model.Rights) error {
	if err := f.may(ctx, model.ActManage, ""); err != nil {
		return err
	}
	if err := sound(r); err != nil {
		return err
	}
	defer f.changed()
	return f.o.Store.SaveRights(ctx, r)
}

// User is the operating system's name of the user.
func (f *Office) User() string { return f.o.User }

// Refused is nil where the user may do an act, and otherwise the problem that a
// button shows which is there and does nothing: it names the missing right and
// who can give it. Target is empty for an act that asks for none.
func (f *Office) Refused(ctx context.Context, act model.Act, target string) error {
	return f.may(ctx, act, target)
}

// may refuses an act that the user has no right to.
func (f *Office) may(ctx context.Context, act model.Act, target string) error {
	p, err := f.Permission(ctx)
	if err != nil {
		return err
	}
	if refused := refuse(p, act, target); refused != nil {
		return refused
	}
	return nil
}

// refuse is the problem of an act that is not allowed, nil of one that is.
func refuse(p model.Permission, act model.Act, target string) *model.Problem {
	if p.May(act, target) {
		return nil
	}
	return model.NewProblem(missingRight(act), "target", target, "user", cmp.Or(p.User, "?"),
		"who", cmp.Or(strings.Join(p.Givers, ", "), "?"))
}

// missingRight is the code of the problem that the right to an act is missing.
func missingRight(act model.Act) string {
	switch act {
	case model.ActRead:
		return "rights.read"
	case model.ActWrite:
		return "rights.write"
	case model.ActSend:
		return "rights.send"
	case model.ActWork:
		return "rights.work"
	}
	return "rights.manage"
}

// sound refuses rights that nobody could ever change again, a template without a
// name or with the name of another, and a member without a template.
func sound(r model.Rights) error {
	seen := make(map[string]bool)
	for _, t := range r.Templates {
		name := strings.TrimSpace(t.Name)
		if name == "" || seen[name] {
			return model.NewProblem("rights.template_name", "template", t.Name)
		}
		seen[name] = true
	}
	manages := len(r.Templates) == 0
	for _, m := range r.Members {
		t, ok := r.Template(m.Template)
		if !ok || strings.TrimSpace(m.User) == "" {
			return model.NewProblem("rights.member", "user", m.User, "template", m.Template)
		}
		manages = manages || t.Manage
	}
	if !manages {
		return model.NewProblem("rights.nobody_manages")
	}
	return nil
}

// mayAccount is may at the target of an account.
func (f *Office) mayAccount(ctx context.Context, act model.Act, accountID int64) error {
	if p, err := f.Permission(ctx); err != nil || p.All {
		return err
	}
	a, err := f.o.Store.Account(ctx, accountID)
	if err != nil {
		return fmt.Errorf("account %d: %w", accountID, err)
	}
	return f.may(ctx, act, a.Target)
}

// mayMapping is may at the target of a mapping.
func (f *Office) mayMapping(ctx context.Context, act model.Act, mappingID int64) error {
	if p, err := f.Permission(ctx); err != nil || p.All {
		return err
	}
	m, err := f.o.Store.Mapping(ctx, mappingID)
	if err != nil {
		return fmt.Errorf("mapping %d: %w", mappingID, err)
	}
	return f.may(ctx, act, m.Target)
}

// mayDelivery is may at the target of a delivery.
func (f *Office) mayDelivery(ctx context.Context, act model.Act, deliveryID int64) error {
	if p, err := f.Permission(ctx); err != nil || p.All {
		return err
	}
	d, err := f.o.Store.Delivery(ctx, deliveryID)
	if err != nil {
		return fmt.Errorf("delivery %d: %w", deliveryID, err)
	}
	return f.may(ctx, act, d.Target)
}
