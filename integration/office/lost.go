package office

import (
	"context"
	"errors"
	"slices"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// codeKeyLost is the problem of what can no longer be opened.
const codeKeyLost = "secret.key_lost"

// reopened is a vault in which credentials that can no longer be opened are as
// good as none, so that what a sign-in stores takes their place.
type reopened struct{ target.Vault }

func (r reopened) Credentials(ctx context.Context, accountID int64) (model.Credentials, error) {
	kept, err := r.Vault.Credentials(ctx, accountID)
	if isKeyLost(err) {
		return model.Credentials{}, nil
	}
	return kept, err
}

func isKeyLost(err error) bool {
	var p *model.Problem
	return errors.As(err, &p) && p.Code == codeKeyLost
}

// typedAgain is the problem of an account whose credentials can no longer be
// opened and that only a person can fill in again; nil for any other. Where
// nothing of them was typed, a sign-in brings new ones.
func (f *Office) typedAgain(ctx context.Context, a model.Account, d target.Description) error {
	_, err := f.o.Store.Credentials(ctx, a.ID)
	if !isKeyLost(err) {
		return nil // any other error is the sign-in's own
	}
	typed := slices.ContainsFunc(target.Asked(d.AccountFields, a.Settings), func(field target.Field) bool {
		return field.Kind == target.FieldSecret && field.Required
	})
	if !typed {
		return nil
	}
	return model.ProblemOf(err).With(model.ActionOpenAccount)
}
