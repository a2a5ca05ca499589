package nmbrs

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/httpx"
	"loonbrug/integration/oauth"
	"loonbrug/integration/target"
)

// The addresses of the REST API and of the sign-in to it. Elsewhere both are at
// the address of the account.
const (
	AddressREST     = "https://api.nmbrsapp.com"
	AddressIdentity = "https://identityservice.nmbrs.com"
)

// pageSize is how many rows of a list are asked for at once, and maxPages how many
// pages one may have.
const (
	pageSize = 100
	maxPages = 1000
)

// scopes are what a sign-in asks for: the lists, and a token to renew it with.
func scopes() []string { return []string{"company.info.read", "offline_access"} }

// bySignIn tells whether an account uses the REST API.
func bySignIn(a target.Access) bool { return a.Setting(fieldAPI, apiSOAP) == apiREST }

// lists is the REST API at work for one account: lists of companies and runs. It
// has no journals; a file stands in for them.
//
// Source: the paths of "api.nmbrsapp.com" as public programs use them; Nmbrs'
// own description of them cannot be read without an account.
type lists struct {
	*System
	access   target.Access
	base     string
	key      model.Secret // of the subscription
	provider oauth.Provider

	fresh model.Secret // of a sign-in that is not stored yet
}

// lists is the connection of an account.
func (s *System) lists(ctx context.Context, a target.Access) (*lists, error) {
	stored, err := a.Vault.Credentials(ctx, a.Account.ID)
	if err != nil {
		return nil, err
	}
	base, identity := AddressREST, AddressIdentity
	if s.place(a) == placeOther {
		base = strings.TrimRight(s.address(a), "/")
		identity = base
	}
	l := &lists{System: s, access: a, base: base, key: stored[fieldSubscription]}
	l.provider = oauth.Provider{
		AuthURL: identity + "/connect/authorize", TokenURL: identity + "/connect/token",
		ClientID: a.Setting(fieldClient, ""), ClientSecret: stored[fieldSecret], Scopes: scopes(), Redirect: a.Setting(fieldRedirect, DefaultRedirect),
	}
	if l.provider.ClientID == "" || l.key == "" {
		return nil, model.NewProblem("nmbrs.no_login").With(model.ActionOpenAccount)
	}
	if base == "" {
		return nil, model.NewProblem("nmbrs.no_address").With(model.ActionOpenAccount)
	}
	return l, oauth.CheckRedirect(l.provider.Redirect)
}

// signIn signs an account in by the browser. It is good when it may list
// companies; only then the new tokens take the place of older ones.
func (s *System) signIn(ctx context.Context, a target.Access, b target.Browser) (target.Identity, error) {
	l, err := s.lists(ctx, a)
	if err != nil {
		return target.Identity{}, err
	}
	signed, err := s.oauth.SignIn(ctx, l.provider, b)
	if err != nil {
		return target.Identity{}, err
	}
	defer signed.Close()
	l.fresh = signed.Grant.AccessToken
	companies, err := l.companies(ctx)
	if err != nil {
		return target.Identity{}, err
	}
	if len(companies) == 0 {
		return target.Identity{}, model.NewProblem("nmbrs.no_companies", "user", l.provider.ClientID)
	}
	if err := s.oauth.Save(ctx, a, signed.Grant, nil); err != nil {
		return target.Identity{}, err
	}
	name := companies[0].Name
	if more := len(companies) - 1; more > 0 {
		name = fmt.Sprintf("%s (+%d)", name, more)
	}
	signed.Welcome(name)
	return target.Identity{Company: name}, nil
}

// restCompany and restRun are rows of the lists.
type restCompany struct {
	ID     string `json:"companyId"`
	Number string `json:"number"`
	Name   string `json:"name"`
}

type restRun struct {
	ID          string `json:"payrollRunId"`
	Number      int    `json:"number"`
	Year        int    `json:"year"`
	Description string `json:"description"`
	CreatedAt   string `json:"createdAt"`
	Locked      bool   `json:"locked"`
}

func (l *lists) companies(ctx context.Context) ([]model.Company, error) {
	rows, err := pages[restCompany](ctx, l, "/api/companies", nil)
	if err != nil {
		return nil, err
	}
	country, currency := l.country(l.access)
	var all []model.Company
	for _, r := range rows {
		if r.ID == "" {
			continue
		}
		all = append(all, model.Company{
			Source: ID + ":rest", SourceID: r.ID, Number: r.Number, Name: strings.TrimSpace(r.Name), Country: country, Currency: currency,
		})
	}
	return all, nil
}

// runs are those of a year. The list does not tell their periods, which the file
// of the journal will.
func (l *lists) runs(ctx context.Context, c model.Company, year int) ([]model.Run, error) {
	rows, err := pages[restRun](ctx, l, "/api/companies/"+url.PathEscape(c.SourceID)+"/runs", url.Values{"year": {strconv.Itoa(year)}})
	if err != nil {
		return nil, err
	}
	var all []model.Run
	for _, r := range rows {
		if r.ID == "" {
			continue
		}
		at, err := runTime(r.CreatedAt, nil)
		if err != nil {
			return nil, model.NewProblem("nmbrs.bad_run", "run", strconv.Itoa(r.Number), "year", strconv.Itoa(r.Year)).Because(err)
		}
		all = append(all, model.Run{
			CompanyID: c.ID, SourceID: r.ID, Year: cmp.Or(r.Year, year), Number: r.Number,
			Description: strings.TrimSpace(r.Description), RunAt: at, Locked: r.Locked,
		})
	}
	slices.SortStableFunc(all, func(a, b model.Run) int { return a.Number - b.Number })
	return all, nil
}

// page is one page of a list.
type page[T any] struct {
	Pagination struct {
		Number int `json:"pageNumber"`
		Total  int `json:"totalPages"`
	} `json:"pagination"`
	Data []T `json:"data"`
}

// pages reads a list whole.
func pages[T any](ctx context.Context, l *lists, path string, query url.Values) (all []T, err error) {
	asked := url.Values{"pageSize": {strconv.Itoa(pageSize)}}
	for name, values := range query {
		asked[name] = values
	}
	for number := 1; number <= maxPages; number++ {
		asked.Set("pageNumber", strconv.Itoa(number))
		var p page[T]
		if err := l.get(ctx, path, asked, &p); err != nil {
			return nil, err
		}
		all = append(all, p.Data...)
		if number >= p.Pagination.Total || len(p.Data) == 0 {
			return all, nil
		}
	}
	return nil, model.NewProblem("nmbrs.unreadable_answer", "operation", path, "status", "200", "type", "application/json")
}

// get asks for a page. A refused token is renewed once; what may pass is asked
// once more. Nothing is changed there, so that asking twice does no harm.
func (l *lists) get(ctx context.Context, path string, query url.Values, into any) error {
	renewed, again := false, false
	token, err := l.token(ctx, "")
	for err == nil {
		answer, failed := l.once(ctx, path, query, token, into)
		switch {
		case failed == nil:
			return nil
		case answer != nil && answer.Status == http.StatusUnauthorized && !renewed && l.fresh == "":
			renewed = true
			token, err = l.token(ctx, token)
		case passing(failed) && !again && ctx.Err() == nil:
			again = true
			select {
			case <-ctx.Done():
				return failed.orNil()
			case <-time.After(l.config.Pause):
			}
		default:
			return failed.orNil()
		}
	}
	return err
}

func (l *lists) token(ctx context.Context, refused model.Secret) (model.Secret, error) {
	if l.fresh != "" {
		return l.fresh, nil
	}
	return l.oauth.Renew(ctx, l.provider, l.access, refused)
}

func (l *lists) once(ctx context.Context, path string, query url.Values, token model.Secret, into any) (*httpx.Answer, *failure) {
	if err := l.pace(l.access.Account.ID).Wait(ctx); err != nil {
		return nil, &failure{Problem: model.NewProblem("network.cancelled", "host", "").Because(err)}
	}
	header := http.Header{"Accept": {"application/json"}, "Authorization": {"Bearer " + token.Reveal()}, "X-Subscription-Key": {l.key.Reveal()}}
	answer, err := l.config.HTTP.Get(ctx, httpx.Join(l.base, path, query), header)
	if err != nil {
		return nil, &failure{Problem: httpx.ProblemOf(err), again: ctx.Err() == nil}
	}
	if !answer.OK() {
		return answer, refusal(answer, path)
	}
	if err := json.Unmarshal(answer.Body, into); err != nil {
		return answer, &failure{Problem: unreadable(path, answer).Because(err), again: true}
	}
	return answer, nil
}

// refusal explains an answer by the code in it, and else by its status.
func refusal(answer *httpx.Answer, path string) *failure {
	var said struct {
		Title  string `json:"title"`
		Detail string `json:"detail"`
		Code   int    `json:"code"`
	}
	if json.Unmarshal(answer.Body, &said) == nil && said.Code >= 1000 {
		return faultProblem(&soapFault{Text: fmt.Sprintf("---> %04d: %s", said.Code, cmp.Or(said.Detail, said.Title))}, path)
	}
	if answer.Status == http.StatusForbidden {
		return &failure{Problem: model.NewProblem("nmbrs.no_right", "operation", path, "text", shortened(said.Title))}
	}
	return statusProblem(answer, path)
}
