package procountor

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// What the reference keeps for this package alone.
const (
	extraVat12 = "vat_12" // "yes" or "no": receipts without VAT handling are in use; missing is unknown
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

// companyInfo asks for the company; a user without the right to see it gets an
// empty answer, and nothing is checked against it.
func (s *session) companyInfo(ctx context.Context) (companyInfo, error) {
	var c companyInfo
	err := s.read(ctx, "/company", nil, &c)
	if isNoRights(err) {
		return companyInfo{}, nil
	}
	return c, err
}

func isNoRights(err error) bool {
	var p *model.Problem
	return errors.As(err, &p) && p.Code == "procountor.no_rights"
}

// checkRights refuses a user who cannot write journal receipts, or cannot see
// them: without seeing them a doubtful sending could not be looked up.
func (s *session) checkRights(ctx context.Context) error {
	var answer struct {
		Rights struct {
			Accounting struct {
				Receipts string `json:"journalReceipts"`
				Search   string `json:"journalReceiptSearch"`
			} `json:"accounting"`
		} `json:"rights"`
	}
	if err := s.read(ctx, "/users/rights", nil, &answer); err != nil {
		return err
	}
	const all, viewing = "ALL_RIGHTS", "VIEWING_RIGHTS"
	rights := answer.Rights.Accounting
	switch {
	case rights.Receipts != all:
		return model.NewProblem("procountor.no_receipt_rights", "right", rights.Receipts)
	case rights.Search != all && rights.Search != viewing:
		return model.NewProblem("procountor.no_search_rights", "right", rights.Search)
	}
	return nil
}

// Reference implements [target.Target].
func (t *Target) Reference(ctx context.Context, a target.Access, administration string) (*model.Reference, error) {
	s, err := t.open(ctx, a, administration)
	if err != nil {
		return nil, err
	}
	info, err := s.info(ctx)
	if err != nil {
		return nil, err
	}
	company, err := s.companyInfo(ctx)
	if err != nil {
		return nil, err
	}
	ref := &model.Reference{
		FetchedAt: t.config.Clock(), Currency: company.Currency, Country: info.Country, Extra: make(map[string]string),
	}
	for _, fetch := range []func(context.Context, *model.Reference) error{s.chart, s.dimensions, s.periods, s.vat} {
		if err := fetch(ctx, ref); err != nil {
			return nil, err
		}
	}
	return ref, nil
}

func (s *session) chart(ctx context.Context, ref *model.Reference) error {
	var answer struct {
		Accounts []struct {
			Code   string `json:"ledgerAccountCode"`
			Name   string `json:"name"`
			Active bool   `json:"active"`
		} `json:"ledgerAccounts"`
	}
	if err := s.read(ctx, "/coa", nil, &answer); err != nil {
		return err
	}
	ref.LedgerAccounts = make([]model.LedgerAccount, len(answer.Accounts))
	for i, a := range answer.Accounts {
		ref.LedgerAccounts[i] = model.LedgerAccount{Code: a.Code, Name: a.Name, Active: a.Active, Postable: true}
	}
	return nil
}

func (s *session) dimensions(ctx context.Context, ref *model.Reference) error {
	const passive = "P"
	var answer []struct {
		ID    json.Number `json:"id"`
		Name  string      `json:"name"`
		Items []struct {
			ID          json.Number `json:"id"`
			CodeName    string      `json:"codeName"`
			Status      string      `json:"status"`
			Description string      `json:"description"`
		} `json:"items"`
	}
	if err := s.read(ctx, "/dimensions", nil, &answer); err != nil {
		return err
	}
	ref.Dimensions = make([]model.Dimension, len(answer))
	for i, d := range answer {
		ref.Dimensions[i] = model.Dimension{ID: d.ID.String(), Name: d.Name, Values: make([]model.DimensionValue, len(d.Items))}
		for j, item := range d.Items {
			ref.Dimensions[i].Values[j] = model.DimensionValue{
				ID: item.ID.String(), Code: item.CodeName, Name: item.Description, Active: item.Status != passive,
			}
		}
	}
	return nil
}

// periods are the tracking periods of the fiscal years; a year without any is
// one period.
func (s *session) periods(ctx context.Context, ref *model.Reference) error {
	type period struct {
		Start  string `json:"startDate"`
		End    string `json:"endDate"`
		Status string `json:"status"`
	}
	var answer struct {
		Years []struct {
			period
			Open    bool     `json:"isOpen"`
			Periods []period `json:"trackingPeriods"`
		} `json:"fiscalYears"`
	}
	if err := s.read(ctx, "/fiscalyears", nil, &answer); err != nil {
		return err
	}
	const closed, pending = "CLOSED", "PENDING"
	ref.Periods = []model.BookPeriod{}
	for _, year := range answer.Years {
		parts := year.Periods
		if len(parts) == 0 {
			parts = []period{year.period}
		}
		for _, p := range parts {
			ref.Periods = append(ref.Periods, model.BookPeriod{
				ID: p.Start + "/" + p.End, First: p.Start, Last: p.End,
				Open: year.Open && p.Status != closed, Warning: p.Status == pending,
			})
		}
	}
	return nil
}

// vat finds out whether receipts without VAT handling are in use.
func (s *session) vat(ctx context.Context, ref *model.Reference) error {
	var answer struct {
		Statuses []struct {
			Status   json.Number `json:"vatStatus"`
			Purchase bool        `json:"purchase"`
		} `json:"vatStatuses"`
	}
	err := s.read(ctx, "/vats/default", nil, &answer)
	if isNoRights(err) || (err == nil && len(answer.Statuses) == 0) {
		return nil
	}
	if err != nil {
		return err
	}
	ref.Extra[extraVat12] = "no"
	for _, v := range answer.Statuses {
		if v.Status.String() == strconv.Itoa(vatNone) && v.Purchase {
			ref.Extra[extraVat12] = "yes"
		}
	}
	return nil
}
