package procountor

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The API client of the practice office.
const (
	ClientID     = "practice-procountor"
	ClientSecret = "practice-secret"
)

// KeyNoRights is the key of a user of company 103 who may not write receipts.
const KeyNoRights = "practice-key-norights"

// APIKey is the key of a company's user with all rights.
func APIKey(company int) string { return "practice-key-" + strconv.Itoa(company) }

// company is one Procountor environment with what may be booked in it.
type company struct {
	id             int
	name, country  string
	currency       string
	brnType, brn   string
	accounts       []account
	reconciliation string // account of rows that Procountor adds
	dimensions     []dimension
	percentages    []json.Number // VAT percentages in use, for /vats/default alone
}

type account struct {
	code, name string
	inactive   bool
}

type dimension struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Items []item `json:"items"`
}

type item struct {
	ID          int    `json:"id"`
	CodeName    string `json:"codeName"`
	Status      string `json:"status,omitempty"` // "P" is passive
	Description string `json:"description,omitempty"`
}

// Company is what a client needs to know of a company.
type Company struct {
	ID                      int
	Name, Country, Currency string
}

// Companies lists the companies of the practice office.
func Companies() []Company {
	var all []Company
	for _, c := range office() {
		all = append(all, Company{c.id, c.name, c.country, c.currency})
	}
	return all
}

// office is the practice office, in the order of the login page.
func office() []company {
	return []company{finnish(), swedish(), dutch()}
}

func finnish() company {
	return company{
		id: 101, name: "Oulun Leipomo Oy", country: "FINLAND", currency: "EUR", brnType: "FI", brn: "1010101-0",
		accounts: []account{
			{code: "1900", name: "Pankkitili"},
			{code: "2921", name: "Ennakonpidätysvelka"},
			{code: "2923", name: "Sosiaaliturvamaksuvelka"},
			{code: "2925", name: "TyEL-velka"},
			{code: "2930", name: "Palkkavelka"},
			{code: "5000", name: "Palkat"},
			{code: "6300", name: "Eläkevakuutusmaksut"},
			{code: "6400", name: "Muut henkilösivukulut"},
			{code: "6970", name: "Pyöristyserot"},
			{code: "6999", name: "Vanha tili", inactive: true},
		},
		reconciliation: "6970",
		dimensions: []dimension{{501, "Kustannuspaikka", []item{
			{ID: 9001, CodeName: "100 Myynti"},
			{ID: 9002, CodeName: "200 Tuotanto"},
			{ID: 9003, CodeName: "900 Vanha", Status: "P"},
		}}},
		percentages: []json.Number{"0", "10", "14", "25.5"},
	}
}

func swedish() company {
	return company{
		id: 102, name: "Brödbolaget i Malmö AB", country: "SWEDEN", currency: "SEK", brnType: "SE", brn: "556000-0102",
		accounts: []account{
			{code: "1930", name: "Företagskonto"},
			{code: "2710", name: "Personalskatt"},
			{code: "2731", name: "Avräkning lagstadgade sociala avgifter"},
			{code: "2821", name: "Löneskulder"},
			{code: "2920", name: "Upplupna semesterlöner"},
			{code: "3740", name: "Öres- och kronutjämning"},
			{code: "7210", name: "Löner till tjänstemän"},
			{code: "7290", name: "Förändring av semesterlöneskuld"},
			{code: "7510", name: "Lagstadgade sociala avgifter"},
			{code: "7999", name: "Gammalt konto", inactive: true},
		},
		reconciliation: "3740",
		dimensions: []dimension{
			{601, "Kostnadsställe", []item{{ID: 9101, CodeName: "10"}, {ID: 9102, CodeName: "20"}}},
			{602, "Kostnadsenhet", []item{{ID: 9111, CodeName: "P1"}}},
		},
		percentages: []json.Number{"0", "6", "12", "25"},
	}
}

func dutch() company {
	return company{
		id: 103, name: "Bakkerij De Halm B.V.", country: "NETHERLANDS", currency: "EUR",
		accounts: dutchChart(), reconciliation: "4990",
		dimensions: []dimension{
			{701, "Kostenplaats", []item{
				{ID: 9201, CodeName: "100", Description: "Kantoor"},
				{ID: 9202, CodeName: "200", Description: "Bakkerij"},
				{ID: 9203, CodeName: "300", Description: "Winkels"},
			}},
			{702, "Kostendrager", []item{
				{ID: 9211, CodeName: "A1", Description: "Brood"},
				{ID: 9212, CodeName: "B2", Description: "Banket"},
			}},
		},
		percentages: []json.Number{"0", "9", "21"},
	}
}

// dutchChart is the Dutch chart of the practice office. The ranges that payroll
// uses are whole.
func dutchChart() []account {
	return []account{
		{code: "0800", name: "Eigen vermogen"},
		{code: "1000", name: "Kas"},
		{code: "1100", name: "Bank"},
		{code: "1300", name: "Debiteuren"},
		{code: "1700", name: "Af te dragen loonheffingen"},
		{code: "1710", name: "Af te dragen pensioenpremie"},
		{code: "1720", name: "Netto lonen te betalen"},
		{code: "1730", name: "Reservering vakantiegeld"},
		{code: "2100", name: "Nettoloon"},
		{code: "4000", name: "Bruto lonen"},
		{code: "4010", name: "Vakantiegeld reservering"},
		{code: "4020", name: "Bijzondere beloningen"},
		{code: "4030", name: "Overuren"},
		{code: "4040", name: "Ziekengeld"},
		{code: "4050", name: "Sociale lasten werkgever"},
		{code: "4060", name: "Pensioenpremie werkgever"},
		{code: "4070", name: "Reiskosten"},
		{code: "4990", name: "Afrondingsverschillen"},
		{code: "4999", name: "Vervallen", inactive: true},
	}
}

func (c company) account(code string) (account, bool) {
	i := slices.IndexFunc(c.accounts, func(a account) bool { return a.code == code })
	if i < 0 {
		return account{}, false
	}
	return c.accounts[i], true
}

func (c company) item(dimensionID, itemID int) (item, bool) {
	for _, d := range c.dimensions {
		i := slices.IndexFunc(d.Items, func(x item) bool { return x.ID == itemID })
		if d.ID == dimensionID && i >= 0 {
			return d.Items[i], true
		}
	}
	return item{}, false
}

// vatStatus is a VAT status as a company has it enabled.
type vatStatus struct {
	Status      int    `json:"vatStatus"`
	Description string `json:"description"`
	Sales       bool   `json:"sales"`
	Purchase    bool   `json:"purchase"`
}

const noVAT = 12

// vatStatusesOn are those of a day; taken tells which bad days it has.
func vatStatusesOn(taken func(string) bool) []vatStatus {
	all := []vatStatus{{1, "Domestic", true, false}, {noVAT, "No VAT handling", true, true}}
	if taken(FaultNoVAT12) {
		return all[:1]
	}
	return all
}

// fiscalYear is a calendar year with a tracking period for each month.
type fiscalYear struct {
	ID        int              `json:"id"`
	StartDate string           `json:"startDate"`
	EndDate   string           `json:"endDate"`
	IsOpen    bool             `json:"isOpen"`
	Periods   []trackingPeriod `json:"trackingPeriods,omitempty"`
}

type trackingPeriod struct {
	ID        int    `json:"id"`
	StartDate string `json:"startDate"`
	EndDate   string `json:"endDate"`
	Status    string `json:"status"`
	Modified  string `json:"modified,omitempty"`
}

// fiscalYears are the years of every company, the newest first. The first half
// of 2025 is closed.
func fiscalYears() []fiscalYear {
	var all []fiscalYear
	for year := 2027; year >= 2025; year-- {
		y := fiscalYear{ID: year - 1995, StartDate: fmt.Sprintf("%d-01-01", year), EndDate: fmt.Sprintf("%d-12-31", year), IsOpen: true}
		for month := time.January; month <= time.December; month++ {
			first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
			p := trackingPeriod{ID: y.ID*100 + int(month), StartDate: first.Format(time.DateOnly), EndDate: first.AddDate(0, 1, -1).Format(time.DateOnly), Status: periodOpen}
			if year == 2025 && month <= time.June {
				p.Status, p.Modified = periodClosed, "2025-08-10T09:00:00"
			}
			y.Periods = append(y.Periods, p)
		}
		all = append(all, y)
	}
	return all
}

// The states of tracking periods.
const (
	periodOpen    = "OPEN"
	periodPending = "PENDING"
	periodClosed  = "CLOSED"
)

// fiscalYearsOn are the years as they are on a day; taken tells which bad days it
// has.
func fiscalYearsOn(taken func(string) bool) []fiscalYear {
	all := fiscalYears()
	if taken(FaultYearMissing) {
		all = slices.DeleteFunc(all, func(y fiscalYear) bool { return y.StartDate >= "2026" })
	}
	pending, closed, leftOut := taken(FaultPeriodsPending), taken(FaultYearClosed), taken(FaultPeriodsLeftOut)
	for i := range all {
		y := &all[i]
		y.IsOpen = y.IsOpen && !closed
		for j := range y.Periods {
			p := &y.Periods[j]
			switch {
			case closed:
				p.Status = periodClosed
			case pending && p.Status == periodOpen:
				p.Status = periodPending
			}
		}
		if leftOut {
			y.Periods = nil
		}
	}
	return all
}

// stateOf is the state of the period that a date lies in, or of its year when that
// has none; empty is in no year.
func stateOf(years []fiscalYear, date string) string {
	for _, y := range years {
		if date < y.StartDate || date > y.EndDate {
			continue
		}
		for _, p := range y.Periods {
			if p.StartDate <= date && date <= p.EndDate {
				return p.Status
			}
		}
		if y.IsOpen {
			return periodOpen
		}
		return periodClosed
	}
	return ""
}

// user is whom a token stands for, in one company.
type user struct {
	id      int
	name    string
	writes  bool
	nowhere bool // has no company that programs may be given access to
}

func users() []user {
	return []user{
		{id: 7, name: "API Praktijk", writes: true},
		{id: 8, name: "API Praktijk, alleen lezen"},
		{id: 9, name: "Gast", nowhere: true},
	}
}

// keyFor is the API key of a user in a company.
func keyFor(company int, u user) string {
	switch {
	case u.writes:
		return APIKey(company)
	case company == 103:
		return KeyNoRights
	default:
		return KeyNoRights + "-" + strconv.Itoa(company)
	}
}

// access is what an API key or a login gives.
type access struct {
	Company int `json:"company"`
	User    int `json:"user"`
}

func keys() map[string]access {
	all := make(map[string]access)
	for _, c := range office() {
		for _, u := range users() {
			if u.nowhere {
				continue
			}
			all[keyFor(c.id, u)] = access{c.id, u.id}
		}
	}
	return all
}

// countryName is the name of a company's country as a list of VAT writes it.
func (c company) countryName() string {
	return c.country[:1] + strings.ToLower(c.country[1:])
}
