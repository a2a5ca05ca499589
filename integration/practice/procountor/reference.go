package procountor

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func (s *Server) sessionInfo(w http.ResponseWriter, c call) {
	reply(w, http.StatusOK, map[string]any{
		"companyId": c.company.id, "name": c.company.name, "country": c.company.country,
		"productVersion": "FINANCIALS_BASIC", "userId": c.user.id, "userName": c.user.name,
	})
}

func (s *Server) companyInfo(w http.ResponseWriter, c call) {
	if s.faults.Take(FaultCompanyForbidden) {
		forbid(w, noRights)
		return
	}
	answer := map[string]any{
		"id": c.company.id, "name": c.company.name, "country": c.company.country,
		"productVersion": "FINANCIALS_BASIC", "companyCurrency": c.company.currency,
	}
	if c.company.brn != "" {
		answer["businessIdentifier"] = map[string]string{"brnType": c.company.brnType, "code": c.company.brn}
	}
	reply(w, http.StatusOK, answer)
}

func (s *Server) currency(w http.ResponseWriter, c call) {
	reply(w, http.StatusOK, map[string]string{"companyCurrency": c.company.currency})
}

func (s *Server) rights(w http.ResponseWriter, c call) {
	receipts := "VIEWING_RIGHTS"
	if c.user.writes {
		receipts = "ALL_RIGHTS"
	}
	reply(w, http.StatusOK, map[string]any{"role": "Accountant", "rights": map[string]any{
		"accounting": map[string]any{
			"journalReceipts": receipts, "journalReceiptSearch": receipts,
			"personalJournalReceiptsOnly": false, "preventEditingAccountingPage": !c.user.writes,
		},
		"management": map[string]any{
			"basicCompanyInfo": "VIEWING_RIGHTS", "basicAccountingInfo": "VIEWING_RIGHTS",
			"chartOfAccountsAndDefaultReports": "VIEWING_RIGHTS",
		},
		"user": map[string]any{"limitedDimensions": false},
	}})
}

func (s *Server) status(w http.ResponseWriter, _ call) {
	status := "OK"
	if s.faults.Take(FaultDegraded) {
		status = "DEGRADED"
	}
	reply(w, http.StatusOK, map[string]string{
		"name": "Procountor API (practice)", "version": s.contract.document.Info.Version, "status": status, "procountorVersion": "practice",
	})
}

func (s *Server) fiscalYears(w http.ResponseWriter, _ call) {
	reply(w, http.StatusOK, map[string]any{"fiscalYears": fiscalYearsOn(s.faults.Take)})
}

func (s *Server) chart(w http.ResponseWriter, c call) {
	type row struct {
		Code   string `json:"ledgerAccountCode"`
		Name   string `json:"name"`
		Active bool   `json:"active"`
	}
	var rows []row
	for _, a := range c.company.accounts {
		rows = append(rows, row{a.code, a.name, !a.inactive})
	}
	reply(w, http.StatusOK, map[string]any{"ledgerAccounts": rows})
}

func (s *Server) vats(w http.ResponseWriter, c call) {
	var percentages []map[string]any
	for _, p := range c.company.percentages {
		percentages = append(percentages, map[string]any{"vatPercent": p, "sales": true, "purchase": true})
	}
	reply(w, http.StatusOK, map[string]any{
		"vatInformation": []any{map[string]any{"country": c.company.countryName(), "percentages": percentages}},
		"vatStatuses":    vatStatusesOn(s.faults.Take),
	})
}

// dimensions lists the dimensions whose name and items' names hold what is
// asked for.
func (s *Server) dimensions(w http.ResponseWriter, c call) {
	name, codeName := c.URL.Query().Get("name"), c.URL.Query().Get("codeName")
	found := []dimension{}
	for _, d := range c.company.dimensions {
		items := slices.DeleteFunc(slices.Clone(d.Items), func(i item) bool { return !strings.Contains(i.CodeName, codeName) })
		if strings.Contains(d.Name, name) && (codeName == "" || len(items) > 0) {
			found = append(found, dimension{d.ID, d.Name, items})
		}
	}
	reply(w, http.StatusOK, found)
}

func (s *Server) dimension(w http.ResponseWriter, c call) {
	for _, d := range c.company.dimensions {
		if strconv.Itoa(d.ID) == c.PathValue("id") {
			reply(w, http.StatusOK, d)
			return
		}
	}
	refuseStatus(w, http.StatusNotFound)
}
