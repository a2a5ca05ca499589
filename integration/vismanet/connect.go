package vismanet

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// Connect implements [target.Target]. The account chooser is asked for, because
// Visma Connect would else take whoever is logged in to Visma in the browser.
// The new tokens replace those of an earlier sign-in only after they proved to
// open a company.
func (t *Target) Connect(ctx context.Context, a target.Access, b target.Browser) (target.Identity, error) {
	stored, err := a.Vault.Credentials(ctx, a.Account.ID)
	if err != nil {
		return target.Identity{}, fmt.Errorf("account %d: reading credentials: %w", a.Account.ID, err)
	}
	s, err := t.session(a, stored[fieldSecret])
	if err != nil {
		return target.Identity{}, err
	}
	s.provider.AuthParams = map[string]string{"prompt": "select_account", "ui_locales": locale(b.Language())}
	signed, err := t.oauth.SignIn(ctx, s.provider, b)
	if err != nil {
		return target.Identity{}, err
	}
	defer signed.Close()

	if want := a.Setting(fieldTenant, ""); want != "" && signed.Claims.Tenant != "" && want != signed.Claims.Tenant {
		return target.Identity{}, model.NewProblem("vismanet.wrong_tenant", "who", signed.Claims.Email,
			"expected", want, "tenant", signed.Claims.Tenant).With(model.ActionSignIn)
	}
	answer, err := s.ask(ctx, signed.Grant.AccessToken, "/v1/organization", nil)
	if err != nil {
		return target.Identity{}, err
	}
	text, err := body(answer, t.config.Clock())
	if err != nil {
		return target.Identity{}, err
	}
	company, err := parseOrganization(text)
	if err != nil {
		return target.Identity{}, err
	}
	err = t.oauth.Save(ctx, a, signed.Grant, model.Credentials{
		FieldAdministration: model.Secret(cmp.Or(signed.Claims.Tenant, company.code)),
		FieldCompany:        model.Secret(company.name),
	})
	if err != nil {
		return target.Identity{}, err
	}
	signed.Welcome(company.name)
	return target.Identity{Who: cmp.Or(signed.Claims.Email, signed.Claims.Name), Company: company.name}, nil
}

// Administrations implements [target.Target]: the one company of the token.
func (t *Target) Administrations(ctx context.Context, a target.Access) ([]model.Administration, error) {
	s, err := t.open(ctx, a, "")
	if err != nil {
		return nil, err
	}
	company, err := s.organization(ctx)
	if err != nil {
		return nil, err
	}
	return []model.Administration{{Code: s.administration, Name: company.name}}, nil
}

// organization is the company of the token.
type organization struct {
	code     string
	name     string
	currency string
	country  string
}

func (s *session) organization(ctx context.Context) (organization, error) {
	text, err := s.get(ctx, "/v1/organization", nil)
	if err != nil {
		return organization{}, err
	}
	return parseOrganization(text)
}

// parseOrganization reads the first organisation of the list; a company has
// one.
func parseOrganization(text []byte) (organization, error) {
	var list []struct {
		Code         string `json:"organizationCd"`
		Name         string `json:"name"`
		BaseCurrency coded  `json:"baseCurrency"`
		Currency     coded  `json:"currency"`
		Country      coded  `json:"defaultCountry"`
	}
	if err := decode("organization", text, &list); err != nil {
		return organization{}, err
	}
	if len(list) == 0 || list[0].Name == "" {
		return organization{}, model.NewProblem("vismanet.no_company", "detail", "", "request", "").With(model.ActionSignIn)
	}
	first := list[0]
	return organization{
		code:     cmp.Or(first.Code, first.Name),
		name:     first.Name,
		currency: cmp.Or(string(first.BaseCurrency), string(first.Currency)),
		country:  string(first.Country),
	}, nil
}

// coded is a code that comes as text or as an object with an id: the published
// documents and the answers seen differ.
type coded string

// UnmarshalJSON reads either form.
func (c *coded) UnmarshalJSON(text []byte) error {
	var object struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(text, (*string)(c)); err == nil {
		return nil
	}
	if err := json.Unmarshal(text, &object); err != nil {
		return err
	}
	*c = coded(object.ID)
	return nil
}

// locale is the language of the sign-in page.
func locale(language string) string {
	switch language {
	case "nl":
		return "nl-NL"
	case "sv":
		return "sv-SE"
	case "fi":
		return "fi-FI"
	}
	return "en-GB"
}
