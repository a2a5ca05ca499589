package vismanet

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/target"
)

// extraSubaccount is the field of a reference's extras that lists the ledger
// accounts that need a subaccount, one a line.
const extraSubaccount = "subaccount"

// Reference implements [target.Target]: chart of accounts, segments of the
// subaccount, periods, currency, actual ledgers and active branches.
func (t *Target) Reference(ctx context.Context, a target.Access, administration string) (*model.Reference, error) {
	s, err := t.open(ctx, a, administration)
	if err != nil {
		return nil, err
	}
	fetched := t.config.Clock()
	company, err := s.organization(ctx)
	if err != nil {
		return nil, err
	}
	accounts, err := s.accounts(ctx)
	if err != nil {
		return nil, err
	}
	dimensions, err := s.segments(ctx)
	if err != nil {
		return nil, err
	}
	periods, err := s.periods(ctx)
	if err != nil {
		return nil, err
	}
	ref := &model.Reference{
		FetchedAt: fetched, Currency: company.currency, Country: company.country,
		Dimensions: dimensions, Periods: periods,
	}
	ledgers, err := s.ledgers(ctx)
	if err != nil {
		return nil, err
	}
	branches, err := s.branches(ctx)
	if err != nil {
		return nil, err
	}
	ref.Lists = lists(ledgers, branches)
	if ref.Currency == "" && len(ledgers) > 0 {
		ref.Currency = ledgers[0].Currency
	}
	ref.LedgerAccounts, ref.Extra = chart(accounts, len(dimensions) > 0)
	return ref, nil
}

// account is a row of the chart. ManualEntry is a pointer because older
// answers do not have it.
type account struct {
	Code        string   `json:"accountCD"`
	Name        string   `json:"description"`
	Type        string   `json:"type"`
	Active      bool     `json:"active"`
	DefaultSub  bool     `json:"useDefaultSub"`
	ManualEntry *bool    `json:"allowManualEntry"`
	Metadata    metadata `json:"metadata"`
}

// metadata stands in each element of a list. Its count is of all elements, at
// journals of all lines.
type metadata struct {
	TotalCount int `json:"totalCount"`
}

// accounts reads the whole chart, inactive accounts included: they are told
// apart from unknown ones. The list is read on as long as it says that there
// is more.
func (s *session) accounts(ctx context.Context) ([]account, error) {
	var all []account
	seen := make(map[string]bool)
	for total := 0; ; {
		query := url.Values{}
		if len(all) > 0 {
			query.Set("skipRecords", strconv.Itoa(len(all)))
			query.Set("numberToRead", strconv.Itoa(pageSize))
		}
		text, err := s.get(ctx, "/v1/account", query)
		if err != nil {
			return nil, err
		}
		page, err := parseAccounts(text)
		if err != nil {
			return nil, err
		}
		before := len(all)
		for _, a := range page {
			total = max(total, a.Metadata.TotalCount)
			if a.Code != "" && !seen[a.Code] {
				seen[a.Code] = true
				all = append(all, a)
			}
		}
		switch {
		case len(all) >= total:
			return all, nil
		case len(all) == before:
			return nil, incomplete("account", len(all), total)
		}
	}
}

// parseAccounts reads a page of the chart.
func parseAccounts(text []byte) ([]account, error) {
	var page []account
	err := decode("account", text, &page)
	return page, err
}

// incomplete says that a list ended before its end.
func incomplete(what string, got, want int) *model.Problem {
	return model.NewProblem("vismanet.incomplete", "what", what, "got", strconv.Itoa(got), "expected", strconv.Itoa(want)).Again()
}

// chart turns accounts into ledger accounts. A subaccount is needed on income
// and expense accounts, unless the account always books on its default one;
// the balance sheet is booked without.
func chart(accounts []account, segmented bool) ([]model.LedgerAccount, map[string]string) {
	ledger := make([]model.LedgerAccount, 0, len(accounts))
	var needing []string
	for _, a := range accounts {
		ledger = append(ledger, model.LedgerAccount{
			Code: a.Code, Name: a.Name, Active: a.Active, Postable: a.ManualEntry == nil || *a.ManualEntry,
		})
		if segmented && plain(a.Code) == a.Code && !a.DefaultSub && (a.Type == "Income" || a.Type == "Expense") {
			needing = append(needing, a.Code)
		}
	}
	return ledger, map[string]string{extraSubaccount: strings.Join(needing, "\n")}
}

// segments are the dimensions of the subaccount.
func (s *session) segments(ctx context.Context) ([]model.Dimension, error) {
	text, err := s.get(ctx, "/v1/dimension/SUBACCOUNT", url.Values{"expandSegmentsValues": {"true"}})
	if p := model.ProblemOf(err); p != nil && p.Code == codeNotFound {
		return []model.Dimension{}, nil // the company books without subaccounts
	}
	if err != nil {
		return nil, err
	}
	return parseSegments(text)
}

// parseSegments reads the segments with their values. The values of a segment
// that the company does not validate are no list to check against.
func parseSegments(text []byte) ([]model.Dimension, error) {
	var raw struct {
		Segments []struct {
			ID       int    `json:"segmentId"`
			Name     string `json:"description"`
			Length   int    `json:"length"`
			Validate *bool  `json:"validate"`
			Values   []struct {
				ID     string `json:"valueId"`
				Name   string `json:"description"`
				Active bool   `json:"active"`
			} `json:"segmentValues"`
		} `json:"segments"`
	}
	if err := decode("dimension", text, &raw); err != nil {
		return nil, err
	}
	dimensions := make([]model.Dimension, 0, len(raw.Segments))
	for _, segment := range raw.Segments {
		d := model.Dimension{ID: strconv.Itoa(segment.ID), Name: segment.Name, Length: segment.Length}
		if segment.Validate == nil || *segment.Validate {
			d.Values = make([]model.DimensionValue, 0, len(segment.Values))
			for _, v := range segment.Values {
				d.Values = append(d.Values, model.DimensionValue{ID: v.ID, Code: v.ID, Name: v.Name, Active: v.Active})
			}
		}
		dimensions = append(dimensions, d)
	}
	return dimensions, nil
}

func (s *session) periods(ctx context.Context) ([]model.BookPeriod, error) {
	text, err := s.get(ctx, "/v1/financialPeriod", nil)
	if err != nil {
		return nil, err
	}
	return parsePeriods(text)
}

// span is a period as the target shows it.
type span struct {
	id         string
	first, end journal.Date
	open       bool
}

// parsePeriods reads the financial periods. Their end may be shown as the last
// day or as the day after it; the period that follows tells. An adjustment
// period ends on the day it starts and is never chosen by date.
func parsePeriods(text []byte) ([]model.BookPeriod, error) {
	var raw []struct {
		Year   int    `json:"year"`
		Period string `json:"period"`
		Start  string `json:"startDate"`
		End    string `json:"endDate"`
		Active bool   `json:"active"`
		Closed bool   `json:"closedInGeneralLedger"`
	}
	if err := decode("financialPeriod", text, &raw); err != nil {
		return nil, err
	}
	spans := make([]span, 0, len(raw))
	for _, r := range raw {
		first, errFirst := journal.ParseDate(r.Start)
		end, errEnd := journal.ParseDate(r.End)
		id, ok := periodID(r.Year, r.Period)
		if errFirst != nil || errEnd != nil || !ok {
			return nil, unreadable("financialPeriod")
		}
		if first.Compare(end) < 0 {
			spans = append(spans, span{id: id, first: first, end: end, open: r.Active && !r.Closed})
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(a.first.Compare(b.first), cmp.Compare(a.id, b.id)) })
	periods := make([]model.BookPeriod, 0, len(spans))
	for i, p := range spans {
		last := p.end
		switch {
		case i+1 < len(spans) && last.Compare(spans[i+1].first) >= 0:
			last = dayBefore(spans[i+1].first)
		case i+1 == len(spans) && p.first.Day == 1 && p.end.Day == 1:
			last = dayBefore(p.end)
		}
		periods = append(periods, model.BookPeriod{ID: p.id, First: p.first.String(), Last: last.String(), Open: p.open})
	}
	return periods, nil
}

func dayBefore(d journal.Date) journal.Date { return journal.DateOf(d.Time().AddDate(0, 0, -1)) }

// periodID is year and number of a period as the API wants them, YYYYPP, from
// either form in which the number is shown: "01" or "202601".
func periodID(year int, period string) (string, bool) {
	number, err := strconv.ParseUint(period, 10, 32)
	if err != nil {
		return "", false
	}
	if len(period) == 6 {
		return period, true
	}
	if len(period) > 2 || number == 0 || year < 1900 || year > 9999 {
		return "", false
	}
	return fmt.Sprintf("%04d%02d", year, number), true
}
