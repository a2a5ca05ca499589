package procountor

import (
	"context"
	"net/url"
	"strings"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/oauth"
	"loonbrug/integration/target"
)

// What a sign-in by the browser leaves with the account's credentials beside
// the tokens: the company that was chosen there.
const (
	fieldCompanyID = "company_id"
	fieldCompany   = "company"
)

// refreshLife is how long a sign-in lasts, by the release notes of
// dev.procountor.com: six months.
const refreshLife = 180 * 24 * time.Hour

// signIn opens Procountor's login, where the person chooses the company. The
// new tokens replace those of an earlier sign-in only after their user proved
// to have the rights.
func (t *Target) signIn(ctx context.Context, a target.Access, b target.Browser) (target.Identity, error) {
	c, _, err := t.credentials(ctx, a)
	if err != nil {
		return target.Identity{}, err
	}
	p, err := c.provider()
	if err != nil {
		return target.Identity{}, err
	}
	signed, err := t.oauth.SignIn(ctx, p, b)
	if err != nil {
		return target.Identity{}, signInFault(err)
	}
	defer signed.Close()

	s := t.bySignIn(c, func(context.Context, model.Secret) (model.Secret, error) { return signed.Grant.AccessToken, nil })
	identity, info, err := s.identity(ctx)
	if err != nil {
		return target.Identity{}, err
	}
	err = t.oauth.Save(ctx, a, signed.Grant, model.Credentials{
		fieldCompanyID: model.Secret(info.CompanyID.String()),
		fieldCompany:   model.Secret(info.Name),
	})
	if err != nil {
		return target.Identity{}, err
	}
	signed.Welcome(identity.Company)
	return identity, nil
}

// provider is Procountor's login as dev.procountor.com describes it: at the
// root of the server, for a client with a secret, back to its one registered
// address.
func (c *credentials) provider() (oauth.Provider, error) {
	base, err := url.Parse(c.address)
	if err != nil || base.Host == "" {
		return oauth.Provider{}, model.NewProblem("procountor.wrong_address").With(model.ActionOpenAccount)
	}
	if err := oauth.CheckRedirect(c.redirect); err != nil {
		return oauth.Provider{}, err
	}
	return oauth.Provider{
		AuthURL:      base.Scheme + "://" + base.Host + "/login",
		TokenURL:     strings.TrimRight(c.address, "/") + "/oauth/token",
		ClientID:     c.clientID,
		ClientSecret: c.secret,
		Redirect:     c.redirect,
		NoChallenge:  true,
		RefreshLife:  refreshLife,
		TokenParams:  map[string]string{"redirect_uri": c.redirect},
	}, nil
}

// bySignIn is a session whose tokens come from a sign-in.
func (t *Target) bySignIn(c credentials, tokens func(context.Context, model.Secret) (model.Secret, error)) *session {
	return &session{credentials: c, http: t.config.HTTP, now: t.config.Clock, signed: tokens}
}

// signedIn is the session of an account that signed in by the browser.
func (t *Target) signedIn(a target.Access, c credentials, stored model.Credentials, administration string) (*session, error) {
	company := stored[fieldCompanyID].Reveal()
	switch {
	case company == "":
		return nil, model.NewProblem("signin.needed").With(model.ActionSignIn)
	case administration != "" && administration != company:
		return nil, model.NewProblem("procountor.signed_in_elsewhere",
			"administration", administration, "company", stored[fieldCompany].Reveal()).With(model.ActionSignIn)
	}
	p, err := c.provider()
	if err != nil {
		return nil, err
	}
	s := t.bySignIn(c, func(ctx context.Context, refused model.Secret) (model.Secret, error) {
		return t.oauth.Renew(ctx, p, a, refused)
	})
	s.companyID = company
	return s, nil
}

// SignInEnds implements [target.Ending]. A key lasts until it is revoked.
func (t *Target) SignInEnds(ctx context.Context, a target.Access) (time.Time, error) {
	if a.Setting(fieldWay, wayBrowser) != wayBrowser {
		return time.Time{}, nil
	}
	_, stored, err := t.credentials(ctx, a)
	return oauth.RefreshEnds(stored), err
}

// signInFault explains a refusal that Procountor gives as a bare status.
func signInFault(err error) error {
	switch model.ProblemOf(err).Params["error"] {
	case "http_400", "http_401", "http_403":
		return model.NewProblem("procountor.client_refused").With(model.ActionOpenAccount).Because(err)
	case "http_404":
		return model.NewProblem("procountor.wrong_address").With(model.ActionOpenAccount).Because(err)
	}
	return err
}
