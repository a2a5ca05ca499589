package procountor

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"time"

	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// What the reference keeps for this package alone; "yes" or "no", missing is
// not known.
const (
	extraVat12   = "vat_12"             // receipts without VAT handling are in use
	extraVat0    = "vat_0"              // rows of 0 % are in use for purchases
	extraOwnOnly = "own_receipts_only"  // the user sees no receipts of others
	extraLimited = "limited_dimensions" // the user sees not all dimensions
	extraStatus  = "status"             // what Procountor said of itself when it was not "OK"
)

// errNoAnswer is an answer without the list that was asked for. It would read
// as nothing there.
var errNoAnswer = errors.New("the answer lacks what was asked for")

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
	if err := s.lists(ctx, ref); err != nil {
		return nil, err
	}
	return ref, s.circumstances(ctx, ref)
}

// lists fetches what may be booked.
func (s *session) lists(ctx context.Context, ref *model.Reference) error {
	for _, list := range []struct {
		path string
		read func([]byte, *model.Reference) error
	}{{"/coa", readChart}, {"/dimensions", readDimensions}, {"/fiscalyears", readPeriods}} {
		if err := s.read(ctx, list.path, func(body []byte) error { return list.read(body, ref) }); err != nil {
			return err
		}
	}
	return nil
}

// circumstances fetches what a person should know of before sending. A user who
// may not see it gets by without, as does everybody without Procountor's word on
// itself.
func (s *session) circumstances(ctx context.Context, ref *model.Reference) error {
	for _, part := range []struct {
		path string
		read func([]byte, *model.Reference) error
	}{
		{"/vats/default", readVat},
		{"/users/rights", func(body []byte, ref *model.Reference) error {
			r, err := readRights(body)
			r.note(ref)
			return err
		}},
		{pathStatus, readStatus},
	} {
		err := s.read(ctx, part.path, func(body []byte) error { return part.read(body, ref) })
		if err != nil && !isNoRights(err) && part.path != pathStatus {
			return err
		}
	}
	return nil
}

const pathStatus = "/status"

// readChart reads the chart of accounts. An account is in use unless Procountor
// says that it is not.
func readChart(body []byte, ref *model.Reference) error {
	var answer struct {
		Accounts []struct {
			Code   string `json:"ledgerAccountCode"`
			Name   string `json:"name"`
			Active *bool  `json:"active"`
		} `json:"ledgerAccounts"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	if answer.Accounts == nil {
		return errNoAnswer
	}
	ref.LedgerAccounts = make([]model.LedgerAccount, len(answer.Accounts))
	for i, a := range answer.Accounts {
		ref.LedgerAccounts[i] = model.LedgerAccount{Code: a.Code, Name: a.Name, Active: a.Active == nil || *a.Active, Postable: true}
	}
	return nil
}

// readDimensions reads the dimensions with their items. What has no id cannot
// be sent and is left out.
func readDimensions(body []byte, ref *model.Reference) error {
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
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	if answer == nil {
		return errNoAnswer
	}
	ref.Dimensions = []model.Dimension{}
	for _, d := range answer {
		if d.ID == "" {
			continue
		}
		values := make([]model.DimensionValue, 0, len(d.Items))
		for _, item := range d.Items {
			if item.ID != "" {
				values = append(values, model.DimensionValue{
					ID: item.ID.String(), Code: item.CodeName, Name: item.Description, Active: item.Status != passive,
				})
			}
		}
		ref.Dimensions = append(ref.Dimensions, model.Dimension{ID: d.ID.String(), Name: d.Name, Values: values})
	}
	return nil
}

// period is a fiscal year or a tracking period; both days belong to it.
type period struct {
	Start  string `json:"startDate"`
	End    string `json:"endDate"`
	Status string `json:"status"`
}

// readPeriods reads the fiscal years with their tracking periods, which a year
// may have or not: days of a year that lie in none of them are a period of
// their own, closed only with the year.
func readPeriods(body []byte, ref *model.Reference) error {
	var answer struct {
		Years []struct {
			period
			Open    bool     `json:"isOpen"`
			Periods []period `json:"trackingPeriods"`
		} `json:"fiscalYears"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	if answer.Years == nil {
		return errNoAnswer
	}
	const closed, pending = "CLOSED", "PENDING"
	ref.Periods = []model.BookPeriod{}
	for _, year := range answer.Years {
		parts, err := year.divided(year.Periods)
		if err != nil {
			return err
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

// divided gives the tracking periods of a year in order, and the days between
// them that belong to none.
func (p period) divided(parts []period) (all []period, err error) {
	first, last, err := p.days()
	if err != nil {
		return nil, err
	}
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b period) int { return cmp.Compare(a.Start, b.Start) })
	rest := func(from, to time.Time) {
		if !from.After(to) {
			all = append(all, period{Start: from.Format(time.DateOnly), End: to.Format(time.DateOnly)})
		}
	}
	next := first
	for _, part := range parts {
		start, end, err := part.days()
		if err != nil {
			return nil, err
		}
		rest(next, start.AddDate(0, 0, -1))
		all = append(all, part)
		if day := end.AddDate(0, 0, 1); day.After(next) {
			next = day
		}
	}
	rest(next, last)
	return all, nil
}

func (p period) days() (first, last time.Time, err error) {
	first, err = time.Parse(time.DateOnly, p.Start)
	if err == nil {
		last, err = time.Parse(time.DateOnly, p.End)
	}
	return first, last, err
}

// readVat finds out whether receipts without VAT handling, and rows of 0 %, are
// in use. Nothing said is nothing known.
func readVat(body []byte, ref *model.Reference) error {
	var answer struct {
		Countries []struct {
			Percentages []struct {
				Percent  json.Number `json:"vatPercent"`
				Purchase bool        `json:"purchase"`
			} `json:"percentages"`
		} `json:"vatInformation"`
		Statuses []struct {
			Status   json.Number `json:"vatStatus"`
			Purchase bool        `json:"purchase"`
		} `json:"vatStatuses"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	use := func(extra string, in bool) {
		if in {
			ref.Extra[extra] = "yes"
		} else if ref.Extra[extra] == "" {
			ref.Extra[extra] = "no"
		}
	}
	for _, v := range answer.Statuses {
		use(extraVat12, v.Status.String() == strconv.Itoa(vatNone) && v.Purchase)
	}
	for _, country := range answer.Countries {
		for _, v := range country.Percentages {
			percent, err := v.Percent.Float64()
			use(extraVat0, err == nil && percent == 0 && v.Purchase)
		}
	}
	return nil
}

// readStatus keeps what Procountor says of itself when something is wrong.
func readStatus(body []byte, ref *model.Reference) error {
	var answer struct {
		Status string `json:"status"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return err
	}
	if answer.Status != "" && answer.Status != "OK" {
		ref.Extra[extraStatus] = answer.Status
	}
	return nil
}
