package vismanet_test

import (
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/oauth"
)

// A sign-in that was given back is no longer good at the practice system.
func TestRevoke(t *testing.T) {
	o := signedIn(t)
	if err := o.target.Revoke(t.Context(), o.access); err != nil {
		t.Fatal(err)
	}
	_, err := o.target.Administrations(t.Context(), o.access)
	wantProblem(t, err, "signin.expired", model.ActionSignIn)
	delete(o.vault.kept[7], oauth.FieldRefreshToken)
	if err := o.target.Revoke(t.Context(), o.access); err != nil {
		t.Errorf("an account without a sign-in: %v", err)
	}
}
