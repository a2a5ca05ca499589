package visma

import (
	"slices"
	"strconv"
	"strings"
)

// The reads of reference data.

// seeded is the last change of everything that never changes here.
const seeded = "2025-01-01T00:00:00.000"

type (
	dict = map[string]any
	list = []any
)

func (s *Server) organizations(c *call) answer {
	return ok(list{organizationDTO(c.company, c.query("expandBranches") == "true")})
}

func (s *Server) organization(c *call) answer {
	if c.path("organizationNumber") != c.company.Number {
		return notThere()
	}
	return unchanged(organizationDTO(c.company, c.query("expandBranches") == "true"))
}

// unchanged answers with one thing that never changes here.
func unchanged(v any) answer { return ok(v).with(map[string]string{"ETag": etag(1)}) }

// organizationDTO gives the base currency as the text that the document has; the
// object beside it says the same.
func organizationDTO(c *Company, branches bool) dict {
	o := dict{
		"organizationCd": c.Number, "name": c.Name, "organizationType": "WithoutBranches", "baseCurrency": c.Currency,
		"corporateId": c.CorporateID, "currency": currencyDTO(c.Currency, true), "ledger": ledgerRef(c.Ledgers[0]),
		"defaultCountry": dict{"id": c.Country}, "lastModifiedDateTime": seeded, "timeStamp": stamp(1),
	}
	if branches {
		all := list{}
		for _, b := range c.Branches {
			all = append(all, dict{"number": b.Number, "name": b.Name})
		}
		o["branches"] = all
	}
	return o
}

func currencyDTO(code string, base bool) dict {
	d := dict{"id": code, "description": code}
	if base {
		d["isBaseCurrency"], d["decimalPrecision"], d["isUsedForAccounting"] = true, 2, true
	}
	return d
}

func ledgerRef(l Ledger) dict { return dict{"id": l.Number, "description": l.Name} }

func (s *Server) branches(c *call) answer {
	all := list{}
	for i, b := range c.company.Branches {
		if b.Number > c.query("greaterThanValue") {
			all = append(all, branchDTO(c.company, i))
		}
	}
	return ok(all)
}

func (s *Server) branch(c *call) answer {
	i := slices.IndexFunc(c.company.Branches, func(b Branch) bool { return b.Number == c.path("branchNumber") })
	if i < 0 {
		return notThere()
	}
	return unchanged(branchDTO(c.company, i))
}

func branchDTO(c *Company, i int) dict {
	b := c.Branches[i]
	return dict{
		"branchId": i + 1, "number": b.Number, "name": b.Name, "organizationId": 1, "isMainBranch": i == 0,
		"isActive": !b.Inactive, "lastModifiedDateTime": seeded, "corporateId": c.CorporateID,
		"defaultCountry": dict{"id": c.Country}, "currency": currencyDTO(c.Currency, false), "ledger": ledgerRef(c.Ledgers[0]),
	}
}

func (s *Server) ledgers(c *call) answer {
	all := list{}
	for i, l := range c.company.Ledgers {
		if l.Number > c.query("greaterThanValue") {
			all = append(all, dict{
				"internalId": i + 1, "number": l.Number, "description": l.Name, "balanceType": l.Type,
				"currencyId": c.company.Currency, "branchAccounting": false, "consolidationSource": false,
				"postInterCompany": false, "lastModifiedDateTime": seeded,
			})
		}
	}
	return ok(window(c, all))
}

func (s *Server) accounts(c *call) answer {
	all := list{}
	for i, a := range c.company.Accounts {
		active := c.query("active")
		if a.Code > c.query("greaterThanValue") && (active == "" || active == strconv.FormatBool(!a.Inactive)) {
			all = append(all, s.accountDTO(c, i))
		}
	}
	return ok(window(c, all))
}

func (s *Server) account(c *call) answer {
	i := slices.IndexFunc(c.company.Accounts, func(a Account) bool { return a.Code == c.path("accountCd") })
	if i < 0 {
		return notThere()
	}
	return unchanged(s.accountDTO(c, i))
}

func (s *Server) accountDTO(c *call, i int) dict {
	a := c.company.Accounts[i]
	d := dict{
		"accountID": 500 + i, "accountCD": a.Code, "type": a.Type, "active": !a.Inactive, "description": a.Name,
		"useDefaultSub": !c.company.dimensioned(a), "postOption": "Detail", "cashAccount": false,
		"allowManualEntry": a.Control == "", "lastModifiedDateTime": seeded, "timeStamp": stamp(1),
		"metadata": metadata{Total: len(c.company.Accounts), Max: s.opt.MaxPageSize},
	}
	if a.Control != "" {
		d["controlAccountModule"] = a.Control
	}
	if a.Currency != "" {
		d["currency"] = a.Currency
	}
	return d
}

// window is the older way of paging: skip so many, read so many.
func window(c *call, all list) list {
	skip, _ := strconv.Atoi(c.query("skipRecords"))
	all = all[min(max(skip, 0), len(all)):]
	if n, err := strconv.Atoi(c.query("numberToRead")); err == nil && n > 0 {
		all = all[:min(n, len(all))]
	}
	return all
}

func (s *Server) financialPeriods(c *call) answer {
	other := s.take(c.r, FaultOtherPeriods)
	all := list{}
	for _, p := range c.company.periods() {
		if p.id > c.query("greaterThanValue") {
			all = append(all, periodDTO(p, other))
		}
	}
	return ok(all)
}

func (s *Server) financialPeriod(c *call) answer {
	p, known := c.company.period(c.path("financialPeriodId"))
	if !known {
		return notThere()
	}
	return unchanged(periodDTO(p, s.take(c.r, FaultOtherPeriods)))
}

// periodDTO writes a period in one of the two forms that its members may have:
// the documents do not say which.
func periodDTO(p period, other bool) dict {
	number, end := p.id[4:], p.last
	if other {
		number, end = p.id, end.AddDate(0, 0, 1)
	}
	return dict{
		"year": p.first.Year(), "period": number, "startDate": p.first.Format(dayForm), "endDate": end.Format(dayForm),
		"description": strings.ToLower(p.first.Format("January 2006")), "active": true,
		"closedInSupplierLedger": p.closed, "closedInCustomerLedger": p.closed, "closedInInventoryManagement": p.closed,
		"closedInGeneralLedger": p.closed, "closedInCashManagement": p.closed, "closedInFixedAssets": p.closed,
	}
}
