package nmbrs

import (
	"slices"
	"strings"
)

// What a client signs in with: a sub-domain, a login and one of the tokens.
const (
	SubDomain = "praktijk"
	Domain    = "praktijk.nmbrs.nl"
	User      = "salaris@praktijk.example"

	TokenAll     = "practice-nmbrs-token"   // every operation, every debtor
	TokenLists   = "practice-nmbrs-lists"   // lists; journals answer 1002
	TokenCompany = "practice-nmbrs-company" // of CompanyService the lists and Journals_GetByRunCompany_v2
	TokenOne     = "practice-nmbrs-one"     // every operation, debtor Halm Groep alone
)

// The debtors and companies of the practice office, by id.
const (
	HalmGroep     = 901
	OudeMolen     = 902
	DeHalm        = 54613
	Transport     = 54614
	TestCompany   = 54615
	BlockedDebtor = OudeMolen // its companies answer 1003 on the bad day [FaultBlocked]
	OudeMolenBV   = 54620
)

// Debtor is a customer of the payroll office.
type Debtor struct {
	ID     int
	Number string
	Name   string
}

// Debtors are those of the practice office.
func Debtors() []Debtor {
	return []Debtor{{HalmGroep, "1", "Halm Groep"}, {OudeMolen, "2", "Oude Molen Groep"}}
}

// Company is an employer. TaxPeriod is LoonaangifteTijdvak: Month or Week4.
type Company struct {
	ID        int    `json:"id"`
	Debtor    int    `json:"debtor"`
	Number    int    `json:"number"`
	Name      string `json:"name"`
	TaxPeriod string `json:"tax_period"`
	Chamber   string `json:"chamber,omitempty"` // number at the chamber of commerce
}

// Kinds of tax periods that the practice office knows.
const (
	Month = "Month"
	Week4 = "Week4"
)

// periods is the number of periods in a year of the company.
func (c Company) periods() int {
	if c.TaxPeriod == Week4 {
		return 13
	}
	return 12
}

// Companies are those the practice office begins with.
func Companies() []Company {
	return []Company{
		{DeHalm, HalmGroep, 12, "Bakkerij De Halm B.V.", Month, "20153354"},
		{Transport, HalmGroep, 13, "Halm Transport B.V.", Week4, ""},
		{TestCompany, HalmGroep, 14, "Halm Test B.V.", Month, ""},
		{OudeMolenBV, OudeMolen, 90, "Oude Molen B.V.", Month, "20098817"},
	}
}

// named is a code with its description, as cost centres and cost units are.
type named struct {
	id                int
	code, description string
}

func costCentres() []named {
	return []named{{3101, "100", "Kantoor"}, {3102, "200", "Bakkerij"}, {3103, "300", "Winkels"}}
}

func costUnits() []named { return []named{{4101, "A1", "Brood"}, {4102, "B2", "Banket"}} }

// department is the department that works at a cost centre. Two cost centres
// share one, so that the two divisions of a journal differ.
func department(costCentre string) string {
	switch costCentre {
	case "":
		return ""
	case "100":
		return "1"
	default:
		return "2"
	}
}

// rights is what a token may: the operations of its API template, and the
// debtors that its data filter lets through.
type rights struct {
	allows  func(operation) bool
	debtors []int // nil is all
}

func (r rights) sees(debtor int) bool { return r.debtors == nil || slices.Contains(r.debtors, debtor) }

// tokens are the practice tokens with what they may.
func tokens() map[string]rights {
	everything := func(operation) bool { return true }
	lists := func(o operation) bool {
		return strings.Contains(o.name, "List") || o.name == "Company_GetCurrentPeriod"
	}
	return map[string]rights{
		TokenAll:   {allows: everything},
		TokenLists: {allows: lists},
		TokenCompany: {allows: func(o operation) bool {
			return o.service == companyService && (lists(o) || o.name == "Journals_GetByRunCompany_v2")
		}},
		TokenOne: {allows: everything, debtors: []int{HalmGroep}},
	}
}
