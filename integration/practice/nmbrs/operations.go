package nmbrs

import "strconv"

// The services.
const (
	companyService = "CompanyService"
	debtorService  = "DebtorService"
	reportService  = "ReportService"
)

// operation is one operation of a service: the parameters it takes, by the exact
// names of the wire, the type of its result in the WSDL, and what it does. One
// that tells of employees does nothing: no token of the practice office may call
// it.
type operation struct {
	service, name string
	in            []parameter
	out           string
	oldHeader     bool // AuthHeader, without a domain
	do            func(*Server, call) (result, error)
}

// parameter is one value of a call.
type parameter struct{ name, kind string }

// Kinds of parameters, as the WSDL names them.
const (
	integer = "int"
	str     = "string"
)

// result is what stands inside the result element, as XML.
type result string

// namespace is that of the operation's service.
func (o operation) namespace() string { return NamespaceOf(o.service) }

// call is one call of an operation by a login that may make it.
type call struct {
	operation
	values part
	rights rights
}

// number is the value of a parameter that is a number; one that did not come is 0,
// as in .NET.
func (c call) number(name string) (int, error) {
	text := c.text(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		return 0, faultCode(2030)
	}
	return int(n), nil
}

func (c call) text(name string) string { return c.values.text(c.namespace(), name) }

// numbers are the values of all parameters in their order.
func (c call) numbers() ([]int, error) {
	all := make([]int, len(c.in))
	for i, p := range c.in {
		n, err := c.number(p.name)
		if err != nil {
			return nil, err
		}
		all[i] = n
	}
	return all, nil
}

func integers(names ...string) []parameter {
	all := make([]parameter, len(names))
	for i, name := range names {
		all[i] = parameter{name, integer}
	}
	return all
}

// operations are all that are served.
func operations() []operation {
	company := func(name, out string, do func(*Server, call) (result, error), in ...string) operation {
		return operation{service: companyService, name: name, in: integers(in...), out: out, do: do}
	}
	all := []operation{
		{service: debtorService, name: "Environment_Get", out: "tns:Environment", oldHeader: true, do: (*Server).environment},
		{service: debtorService, name: "List_GetAll", out: "tns:ArrayOfDebtor", do: (*Server).debtors},
		{service: debtorService, name: "List_GetByNumber", in: []parameter{{"Number", str}}, out: "tns:ArrayOfDebtor", do: (*Server).debtors},

		company("List_GetAll", "tns:ArrayOfCompany", (*Server).companies),
		company("List_GetByDebtor", "tns:ArrayOfCompany", (*Server).companiesOf, "DebtorId"),
		company("Company_GetCurrentPeriod", "s:string", (*Server).currentPeriod, "CompanyId"),
		company("Run_GetList", "tns:ArrayOfRunInfo", (*Server).runs, "CompanyId", "Year"),
		company("RunRequest_GetList", "tns:ArrayOfRunRequest", (*Server).runRequests, "CompanyId", "Year"),
		company("CostCenter_GetList", "tns:ArrayOfCostCenter", (*Server).costCentres, "CompanyId"),
		company("CostUnit_GetList", "tns:ArrayOfCostUnit", (*Server).costUnits, "CompanyId"),
		company("PayrollWorkflow_Get", "tns:ArrayOfPayrollWorkflowTrack", (*Server).workflow, "CompanyId", "Year", "Period"),
		company("Converter_GetByCompany_IntToGuid", "tns:ArrayOfConverter", (*Server).guids, "CompanyId"),

		company("Run_GetEmployeesByRunCompany", "s:string", nil, "CompanyId", "RunId", "Year"),
		company("Reports_GetJournalsReportByCompany", "s:string", nil, "CompanyId", "StartPeriod", "EndPeriod", "Year"),
		{service: reportService, name: "Reports_GetJournalsReportByCompany_Background", in: integers("companyId", "startPeriod", "endPeriod", "year"), out: "s:string"},
		{service: reportService, name: "Reports_Business_Company_CompanyJournalReport", in: integers("CompanyId", "FromYear", "FromPeriod", "UntilYear", "UntilPeriod"), out: "s:string"},
		{service: reportService, name: "Reports_BackgroundTask_Result", in: []parameter{{"TaskId", str}}, out: "s:string"},
	}
	return append(all, journalOperations()...)
}

// journalOperations are the ten that give a journal, in pairs: for the company's
// active year and for a given one.
func journalOperations() []operation {
	var all []operation
	pair := func(name string, dated string, in []parameter, d depth) {
		o := operation{service: companyService, name: "Journals_GetByRun" + name, in: integers("CompanyId", "RunId"), out: "s:string"}
		withYear := o
		withYear.name, withYear.in = "Journals_GetByRun"+dated, in
		if d != nil {
			o.do = func(s *Server, c call) (result, error) { return s.journal(c, d) }
			withYear.do = o.do
		}
		all = append(all, o, withYear)
	}
	dated := integers("CompanyId", "RunId", "intYear")
	pair("Company", "Company_v2", dated, byCompany)
	pair("Employee", "Employee_v2", dated, nil)
	pair("Department", "Department_v2", dated, byDepartment)
	pair("CostCenter", "CostCenter_v2", dated, byCostCentre)
	pair("CostCenterCostUnit", "CostCenterCostUnitPerYear", integers("companyId", "runId", "year"), byCostUnit)
	return all
}
