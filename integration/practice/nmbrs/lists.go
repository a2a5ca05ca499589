package nmbrs

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
)

// wireTime is how .NET writes a time without a zone.
const wireTime = "2006-01-02T15:04:05"

func number(name string, n int) string { return element(name, strconv.Itoa(n)) }

// optional is an element that is left out when it has no text.
func optional(name, text string) string {
	if text == "" {
		return ""
	}
	return element(name, text)
}

func (s *Server) environment(call) (result, error) {
	return result(element("Domain", Domain) + element("SubDomain", SubDomain)), nil
}

// debtors lists those that the login sees; with a number, that one alone.
func (s *Server) debtors(c call) (result, error) {
	only := c.text("Number")
	var b strings.Builder
	for _, d := range Debtors() {
		if c.rights.sees(d.ID) && (len(c.in) == 0 || d.Number == only) {
			b.WriteString("<Debtor>" + number("Id", d.ID) + element("Number", d.Number) + element("Name", d.Name) + "</Debtor>")
		}
	}
	return result(b.String()), nil
}

func (s *Server) companies(c call) (result, error) {
	return s.companyList(func(x Company) bool { return c.rights.sees(x.Debtor) }), nil
}

func (s *Server) companiesOf(c call) (result, error) {
	debtor, err := c.number("DebtorId")
	if err != nil {
		return "", err
	}
	for _, d := range Debtors() {
		switch {
		case d.ID != debtor:
		case !c.rights.sees(debtor), debtor == BlockedDebtor && s.on(FaultBlocked, c.operation):
			return "", faultCode(1003)
		default:
			return s.companyList(func(x Company) bool { return x.Debtor == debtor }), nil
		}
	}
	return "", faultCode(2009)
}

func (s *Server) companyList(in func(Company) bool) result {
	var b strings.Builder
	for _, x := range s.Companies() {
		if in(x) {
			b.WriteString("<Company>" + number("ID", x.ID) + number("Number", x.Number) + element("Name", x.Name) +
				element("LoonaangifteTijdvak", x.TaxPeriod) + optional("KvkNr", x.Chamber) + "</Company>")
		}
	}
	return result(b.String())
}

// company is the company of a call, and the numbers of all its parameters, of
// which the first is the company.
func (s *Server) company(c call) (Company, []int, error) {
	in, err := c.numbers()
	if err != nil {
		return Company{}, nil, err
	}
	s.mu.Lock()
	x, known := s.state.company(in[0])
	s.mu.Unlock()
	switch {
	case !known:
		return x, in, faultCode(2004)
	case !c.rights.sees(x.Debtor), x.Debtor == BlockedDebtor && s.on(FaultBlocked, c.operation):
		return x, in, faultCode(1003)
	}
	return x, in, nil
}

// currentPeriod writes the latest period as 2026-11-M or 2026-12-4W.
func (s *Server) currentPeriod(c call) (result, error) {
	x, _, err := s.company(c)
	if err != nil {
		return "", err
	}
	kind := "M"
	if x.TaxPeriod == Week4 {
		kind = "4W"
	}
	p := s.activePeriod(x)
	return result(fmt.Sprintf("%d-%d-%s", p.Year, p.Number, kind)), nil
}

// activePeriod is the latest period of a company.
func (s *Server) activePeriod(x Company) Period {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state.latest(x, s.options.Clock())
}

func (s *Server) runs(c call) (result, error) {
	return s.eachRun(c, func(r Run) string {
		return "<RunInfo>" + number("ID", r.ID) + number("Number", r.Number) + number("Year", r.Year) +
			number("PeriodStart", r.From) + number("PeriodEnd", r.Until) + element("Description", r.Description) +
			element("RunAt", r.RunAt.Format(wireTime)) + element("IsLocked", strconv.FormatBool(r.Locked)) + "</RunInfo>"
	})
}

// runRequests lists what was asked to be run: complete when the run is locked.
func (s *Server) runRequests(c call) (result, error) {
	return s.eachRun(c, func(r Run) string {
		status := "Handled"
		if r.Locked {
			status = "Complete"
		}
		return "<RunRequest>" + number("Period", r.Until) + number("Year", r.Year) + element("Status", status) +
			element("HandledDate", r.RunAt.Format(wireTime)) + "</RunRequest>"
	})
}

// eachRun writes the runs of the company and year of a call.
func (s *Server) eachRun(c call, write func(Run) string) (result, error) {
	x, in, err := s.company(c)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, r := range s.Runs(x.ID) {
		if r.Year == in[1] {
			b.WriteString(write(r))
		}
	}
	return result(b.String()), nil
}

func (s *Server) costCentres(c call) (result, error) {
	return s.named(c, costCentres(), func(n named) string {
		return "<CostCenter>" + element("Code", n.code) + element("Description", n.description) + number("Id", n.id) + "</CostCenter>"
	})
}

func (s *Server) costUnits(c call) (result, error) {
	return s.named(c, costUnits(), func(n named) string {
		return "<CostUnit>" + number("Id", n.id) + element("Code", n.code) + element("Description", n.description) + "</CostUnit>"
	})
}

func (s *Server) named(c call, all []named, write func(named) string) (result, error) {
	if _, _, err := s.company(c); err != nil {
		return "", err
	}
	var b strings.Builder
	for _, n := range all {
		b.WriteString(write(n))
	}
	return result(b.String()), nil
}

// workflow tells how far the work on a period is. The fields are known from public
// clients, the elements around them are the practice office's own.
func (s *Server) workflow(c call) (result, error) {
	x, in, err := s.company(c)
	if err != nil {
		return "", err
	}
	if in[2] < 1 || in[2] > x.periods() {
		return "", faultCode(2006)
	}
	var b strings.Builder
	for _, r := range s.Runs(x.ID) {
		if r.Year != in[1] || in[2] < r.From || in[2] > r.Until {
			continue
		}
		status, id := "Open", 1
		if r.Locked {
			status, id = "Done", 2
		}
		action := func(n int, name string) string {
			return "<PayrollWorkflowAction>" + number("ActionId", n) + element("ActionName", name) + number("ActionStatusId", id) +
				element("ActionStatus", status) + element("RunAt", r.RunAt.Format(wireTime)) + "</PayrollWorkflowAction>"
		}
		b.WriteString("<PayrollWorkflowTrack>" + element("TrackName", r.Description) + element("TrackStatus", status) +
			"<Actions>" + action(5, "Journaalposten verzenden") + action(6, "Run vergrendelen") + "</Actions></PayrollWorkflowTrack>")
	}
	return result(b.String()), nil
}

// guids maps the numbers of a company and its runs to the ids of the REST API.
func (s *Server) guids(c call) (result, error) {
	x, _, err := s.company(c)
	if err != nil {
		return "", err
	}
	mapping := func(kind string, id int) string {
		return "<Mapping>" + number("IdInt", id) + element("IdGuid", guid(kind, id)) + "</Mapping>"
	}
	var runs strings.Builder
	for _, r := range s.Runs(x.ID) {
		runs.WriteString(mapping("run", r.ID))
	}
	entity := func(name, mappings string) string {
		return "<Converter>" + element("Entity", name) + "<Mappings>" + mappings + "</Mappings></Converter>"
	}
	return result(entity("Company", mapping("company", x.ID)) + entity("Run", runs.String())), nil
}

// guid is the id that the REST API has for a number; it is always the same.
func guid(kind string, id int) string {
	h := sha256.Sum256([]byte(kind + " " + strconv.Itoa(id)))
	h[6], h[8] = h[6]&0x0f|0x80, h[8]&0x3f|0x80 // version 8, a form of one's own
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}
