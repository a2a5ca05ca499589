package administrations

import (
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/i18n"
)

// proposals are the answers that were filled in for a person to look at. One
// that was changed since is a person's own.
type proposals struct {
	account        string // id
	administration string // code
	daybooks       map[string]string
}

// named are the names of the questions whose answer is still a proposal.
func (p proposals) named(m model.Mapping, d target.Description, label func(target.Field) string) []string {
	var names []string
	if p.account != "" && p.account == strconv.FormatInt(m.AccountID, 10) {
		names = append(names, i18n.T("mapping.account"))
	}
	if p.administration != "" && p.administration == m.Administration.Code {
		names = append(names, i18n.T("mapping.administration"))
	}
	for _, f := range d.MappingFields {
		if code := p.daybooks[f.ID]; code != "" && code == m.Options[f.ID] {
			names = append(names, label(f))
		}
	}
	return names
}

// guessAccount proposes the account of a company that is not mapped with it yet:
// the only one that signs in as a company of its name, else the only one that
// other companies of its debtor book with. Nothing is better than a wrong one.
func guessAccount(c model.Company, accounts []model.Account, s state) string {
	if c.ID == 0 {
		return ""
	}
	free := slices.DeleteFunc(slices.Clone(accounts), func(a model.Account) bool {
		return slices.ContainsFunc(s.mappings, func(m model.Mapping) bool { return m.CompanyID == c.ID && m.AccountID == a.ID })
	})
	if id := onlyOne(free, func(a model.Account) bool { return plain(companyIn(a.Identity)) == plain(c.Name) }); id != "" {
		return id
	}
	return onlyOne(free, func(a model.Account) bool {
		return c.Debtor != "" && slices.ContainsFunc(s.mappings, func(m model.Mapping) bool {
			i := slices.IndexFunc(s.companies, func(o model.Company) bool { return o.ID == m.CompanyID })
			return m.AccountID == a.ID && i >= 0 && s.companies[i].Debtor == c.Debtor
		})
	})
}

func onlyOne(accounts []model.Account, fits func(model.Account) bool) string {
	found, n := "", 0
	for _, a := range accounts {
		if fits(a) {
			found, n = strconv.FormatInt(a.ID, 10), n+1
		}
	}
	if n != 1 {
		return ""
	}
	return found
}

// companyIn is the company in an identity as [target.Identity] writes it.
func companyIn(identity string) string {
	if i := strings.LastIndex(identity, " · "); i >= 0 {
		return identity[i+len(" · "):]
	}
	return identity
}

// payrollWords are how daybooks for payroll are called where this program is
// used.
func payrollWords() []string { return []string{"salar", "loon", "lön", "palk", "payroll"} }

// guessDaybook proposes a daybook: the one that all other mappings of the target
// use, else the only one that is named after payroll.
func guessDaybook(field string, targetID string, list []model.Daybook, mappings []model.Mapping) string {
	var used []string
	for _, m := range mappings {
		if m.Target == targetID && m.Options[field] != "" {
			used = append(used, m.Options[field])
		}
	}
	slices.Sort(used)
	if used = slices.Compact(used); len(used) == 1 && slices.ContainsFunc(list, func(d model.Daybook) bool { return d.Code == used[0] }) {
		return used[0]
	}
	found, n := "", 0
	for _, d := range list {
		if slices.ContainsFunc(payrollWords(), func(w string) bool { return strings.Contains(strings.ToLower(d.Name), w) }) {
			found, n = d.Code, n+1
		}
	}
	if n != 1 {
		return ""
	}
	return found
}
