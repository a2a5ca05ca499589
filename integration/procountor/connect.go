package procountor

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// Connect implements [target.Target]: it signs in by the browser or gets a
// token for the key, asks whose it is, and whether that user may write journal
// receipts.
func (t *Target) Connect(ctx context.Context, a target.Access, b target.Browser) (target.Identity, error) {
	if a.Setting(fieldWay, wayBrowser) == wayBrowser {
		return t.signIn(ctx, a, b)
	}
	s, err := t.open(ctx, a, "")
	if err != nil {
		return target.Identity{}, err
	}
	identity, _, err := s.identity(ctx)
	return identity, err
}

// identity is who the session is for, once that user proved to have the rights.
func (s *session) identity(ctx context.Context) (target.Identity, *sessionInfo, error) {
	info, err := s.info(ctx)
	if err != nil {
		return target.Identity{}, nil, err
	}
	company, err := s.companyInfo(ctx)
	if err != nil {
		return target.Identity{}, nil, err
	}
	if err := s.checkRights(ctx); err != nil {
		return target.Identity{}, nil, err
	}
	name := info.Name
	if id := company.Business.Code; id != "" {
		name = strings.TrimSpace(name + " (" + id + ")")
	}
	return target.Identity{Who: info.UserName, Company: name}, info, nil
}

// Administrations implements [target.Target]: the one company of the account.
func (t *Target) Administrations(ctx context.Context, a target.Access) ([]model.Administration, error) {
	s, err := t.open(ctx, a, "")
	if err != nil {
		return nil, err
	}
	info, err := s.info(ctx)
	if err != nil {
		return nil, err
	}
	return []model.Administration{{Code: info.CompanyID.String(), Name: info.Name}}, nil
}

// companyInfo is what a company says of itself.
type companyInfo struct {
	Business struct {
		Code string `json:"code"`
	} `json:"businessIdentifier"`
	Currency string `json:"companyCurrency"`
}

// companyInfo asks for the company. A user without the right to see it may
// still see its currency; where even that is hidden, nothing is checked against
// it.
func (s *session) companyInfo(ctx context.Context) (c companyInfo, err error) {
	into := func(body []byte) error { return json.Unmarshal(body, &c) }
	if err = s.read(ctx, "/company", into); isNoRights(err) {
		err = s.read(ctx, "/currencies/company", into)
	}
	if isNoRights(err) {
		return companyInfo{}, nil
	}
	return c, err
}

func isNoRights(err error) bool {
	var p *model.Problem
	return errors.As(err, &p) && p.Code == "procountor.no_rights"
}

// rights are those of the user, as far as they matter here.
type rights struct {
	receipts, search string
	ownOnly, limited bool
}

// readRights reads the rights of the user.
func readRights(body []byte) (rights, error) {
	var answer struct {
		Rights struct {
			Accounting struct {
				Receipts string `json:"journalReceipts"`
				Search   string `json:"journalReceiptSearch"`
				OwnOnly  bool   `json:"personalJournalReceiptsOnly"`
			} `json:"accounting"`
			User struct {
				Limited bool `json:"limitedDimensions"`
			} `json:"user"`
		} `json:"rights"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return rights{}, err
	}
	r := answer.Rights
	return rights{r.Accounting.Receipts, r.Accounting.Search, r.Accounting.OwnOnly, r.User.Limited}, nil
}

// problem refuses a user who cannot write journal receipts, or cannot see them:
// without seeing them a doubtful sending could not be looked up.
func (r rights) problem() error {
	const all, viewing = "ALL_RIGHTS", "VIEWING_RIGHTS"
	switch {
	case r.receipts != all:
		return model.NewProblem("procountor.no_receipt_rights", "right", r.receipts)
	case r.search != all && r.search != viewing:
		return model.NewProblem("procountor.no_search_rights", "right", r.search)
	}
	return nil
}

// note keeps what the rights leave out.
func (r rights) note(ref *model.Reference) {
	if r.ownOnly {
		ref.Extra[extraOwnOnly] = "yes"
	}
	if r.limited {
		ref.Extra[extraLimited] = "yes"
	}
}

// checkRights proves that the user may do what sending needs: the rights to
// journal receipts are asked for, those to the lists are tried.
func (s *session) checkRights(ctx context.Context) error {
	var r rights
	err := s.read(ctx, "/users/rights", func(body []byte) (err error) {
		r, err = readRights(body)
		return err
	})
	if err != nil {
		return err
	}
	if err := r.problem(); err != nil {
		return err
	}
	return s.lists(ctx, &model.Reference{})
}
