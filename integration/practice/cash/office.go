package cash

import (
	"fmt"
	"slices"
)

// The keys of the practice office.
const (
	KeyAll      = "practice-cash-key"
	KeyReader   = "practice-cash-reader"
	KeyUnlinked = "practice-cash-unlinked"
)

// Relation is the relation number of the practice office.
const Relation = "100200"

// user is whom an API key stands for.
type user struct {
	linked  bool
	imports bool
}

func users() map[string]user {
	return map[string]user{
		KeyAll:      {linked: true, imports: true},
		KeyReader:   {linked: true},
		KeyUnlinked: {},
	}
}

// administration is one set of books with what may be booked in it.
type administration struct {
	code, name  string
	folder      string // the "map" that SOAP calls name beside the code
	readOnly    bool
	accounts    []account
	daybooks    []daybook
	costCentres []costCentre
	relations   []relation
}

type account struct {
	number, name string
	subLedger    bool // needs relation and invoice
	blocked      bool // refused on a bad day only
}

type daybook struct{ code, name, kind string }

type costCentre struct {
	code, name string
	blocked    bool // refused on a bad day only
}

type relation struct{ number, name string }

// Administration is what a client needs to know of a set of books.
type Administration struct {
	Code, Name string
	Folder     string // what SOAP calls admMap
	ReadOnly   bool
}

// Administrations lists the books of the practice office.
func Administrations() []Administration {
	var all []Administration
	for _, a := range office() {
		all = append(all, Administration{a.code, a.name, a.folder, a.readOnly})
	}
	return all
}

// office is the practice office, in the order in which CASH lists it.
func office() []administration {
	return []administration{
		dutch("halm", "1012", "Bakkerij De Halm B.V.", false),
		dutch("trns", "1013", "Halm Transport B.V.", false),
		dutch("arch", "1099", "Archief 2019", true),
	}
}

func dutch(code, folder, name string, readOnly bool) administration {
	return administration{
		code: code, folder: folder, name: name, readOnly: readOnly,
		accounts: chart(),
		daybooks: []daybook{{"BANK", "Bank", "B"}, {"MEMO", "Memoriaal", "M"}, {"SAL", "Salarissen", "M"}},
		costCentres: []costCentre{
			{code: "100", name: "Kantoor"},
			{code: "200", name: "Bakkerij"},
			{code: "300", name: "Winkels"},
			{code: "900", name: "Oud", blocked: true},
		},
		relations: []relation{{"000100", "Praktijkdebiteur"}},
	}
}

// chart is the Dutch chart of the practice office. The ranges that payroll uses
// are whole.
func chart() []account {
	names := map[string]string{
		"1700": "Af te dragen loonheffingen", "1710": "Af te dragen pensioenpremie",
		"1720": "Netto lonen te betalen", "1730": "Reservering vakantiegeld",
		"4000": "Bruto lonen", "4010": "Vakantiegeld reservering", "4020": "Bijzondere beloningen",
		"4030": "Overuren", "4040": "Ziekengeld", "4050": "Sociale lasten werkgever",
		"4060": "Pensioenpremie werkgever", "4070": "Reiskosten",
	}
	all := []account{
		{number: "0800", name: "Eigen vermogen"},
		{number: "1000", name: "Kas"},
		{number: "1100", name: "Bank"},
		{number: "1300", name: "Debiteuren", subLedger: true},
		{number: "2100", name: "Nettoloon"},
		{number: "4999", name: "Vervallen", blocked: true},
	}
	for _, span := range [][2]int{{1700, 1730}, {4000, 4070}} {
		for n := span[0]; n <= span[1]; n += 10 {
			number := fmt.Sprint(n)
			all = append(all, account{number: number, name: names[number]})
		}
	}
	slices.SortFunc(all, func(a, b account) int {
		if a.number < b.number {
			return -1
		}
		return 1
	})
	return all
}

func (a administration) account(number string) (account, bool) {
	i := slices.IndexFunc(a.accounts, func(x account) bool { return x.number == number })
	if i < 0 {
		return account{}, false
	}
	return a.accounts[i], true
}

func (a administration) costCentre(code string) (costCentre, bool) {
	i := slices.IndexFunc(a.costCentres, func(x costCentre) bool { return x.code == code })
	if i < 0 {
		return costCentre{}, false
	}
	return a.costCentres[i], true
}

func (a administration) hasDaybook(code string) bool {
	return slices.ContainsFunc(a.daybooks, func(x daybook) bool { return x.code == code })
}

func (a administration) hasRelation(number string) bool {
	return slices.ContainsFunc(a.relations, func(x relation) bool { return x.number == number })
}

// closed tells whether a period YYPP is closed.
func (a administration) closed(period string) bool {
	return period >= "2501" && period <= "2506"
}
