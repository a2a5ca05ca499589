package visma

import (
	"fmt"
	"slices"
	"time"

	"loonbrug/integration/practice/visma/connect"
)

// What the practice office can sign in with.
const (
	ClientID      = "practice-visma"         // a native application: no secret
	ServiceID     = "practice-visma-service" // a service application
	ServiceSecret = "practice-secret"

	Bookkeeper = "boekhouder@praktijk.example" // API User in both companies
	Guest      = "gast@praktijk.example"       // works for both, API User in none
	Password   = "praktijk"                    // of both

	DeHalm        = "6f0c1d52-2f0e-4a57-9d0b-0c5c1a7e0012" // tenant of Bakkerij De Halm B.V.
	HalmTransport = "6f0c1d52-2f0e-4a57-9d0b-0c5c1a7e0013" // tenant of Halm Transport B.V.
)

// Company is one company of Visma.net: its set-up, without what is booked in it.
type Company struct {
	Tenant      string // id in Visma Connect
	Number      string // organizationCd
	Name        string
	CorporateID string
	Country     string
	Currency    string
	Accounts    []Account
	Segments    []Segment // of the dimension SUBACCOUNT, by id from 1
	Branches    []Branch  // the first is the main one
	Ledgers     []Ledger  // the first is the default one
	FirstYear   int
	LastYear    int
	ClosedUntil string // last period closed in the general ledger, YYYYPP

	// The company settings of screen GL102000.
	HoldOnEntry    bool // for batches that do not say
	PostOnRelease  bool
	RequireControl bool // control totals must be given
	PostToClosed   bool // closed periods may be posted to
	DimensionsOnPL bool // every segment must be given on income and expense
}

// Account is a ledger account (screen GL202500).
type Account struct {
	Code, Name string
	Type       string // Asset, Liability, Income, Expense
	Inactive   bool
	Control    string // module that alone posts here: AR, AP
	Currency   string // set when denominated in one
	NetIncome  bool   // year-to-date net income, never posted to
}

// Segment is one part of the subaccount (screen CS203000).
type Segment struct {
	ID     int
	Name   string
	Length int
	Values []Value // the first is the one for "none"
}

// Value is a value of a segment.
type Value struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Inactive bool   `json:"inactive,omitempty"`
}

// Branch is a branch of a company.
type Branch struct {
	Number, Name string
	Inactive     bool
}

// Ledger is a ledger of a company. Type is Actual, Report, Statistical or Budget.
type Ledger struct{ Number, Name, Type string }

// Office lists the two companies of the practice office.
func Office() []Company {
	return []Company{
		dutch(DeHalm, "12", "Bakkerij De Halm B.V."),
		dutch(HalmTransport, "13", "Halm Transport B.V."),
	}
}

// Users lists the two users of the practice office.
func Users() []connect.User {
	return []connect.User{
		{Name: Bookkeeper, Password: Password, Display: "Boekhouder", Member: []connect.Membership{{Tenant: DeHalm, APIUser: true}, {Tenant: HalmTransport, APIUser: true}}},
		{Name: Guest, Password: Password, Display: "Gast", Member: []connect.Membership{{Tenant: DeHalm}, {Tenant: HalmTransport}}},
	}
}

// Clients lists the applications that the practice sign-in knows.
func Clients() []connect.Client {
	return []connect.Client{
		{ID: ClientID, Name: "Loonbrug", Redirects: connect.LoopbackRedirects()},
		{ID: ServiceID, Name: "Loonbrug service", Secret: ServiceSecret, Service: true},
	}
}

func dutch(tenant, number, name string) Company {
	return Company{
		Tenant: tenant, Number: number, Name: name, CorporateID: "900000" + number, Country: "NL", Currency: "EUR",
		Accounts: dutchChart(),
		Segments: []Segment{
			{ID: 1, Name: "Kostenplaats", Length: 3, Values: []Value{
				{Code: "000", Name: "Geen"},
				{Code: "100", Name: "Kantoor"},
				{Code: "200", Name: "Bakkerij"},
				{Code: "300", Name: "Winkels"},
				{Code: "900", Name: "Oud", Inactive: true},
			}},
			{ID: 2, Name: "Kostendrager", Length: 2, Values: []Value{
				{Code: "00", Name: "Geen"}, {Code: "A1", Name: "Brood"}, {Code: "B2", Name: "Banket"},
			}},
		},
		Branches:  []Branch{{Number: "1", Name: "Hoofdvestiging"}, {Number: "2", Name: "Oude vestiging", Inactive: true}},
		Ledgers:   []Ledger{{Number: "1", Name: "Actueel", Type: "Actual"}, {Number: "2", Name: "Begroting", Type: "Budget"}},
		FirstYear: 2025, LastYear: 2027, ClosedUntil: "202506",
		HoldOnEntry: true, PostOnRelease: true, DimensionsOnPL: true,
	}
}

func dutchChart() []Account {
	const asset, liability, expense = "Asset", "Liability", "Expense"
	return []Account{
		{Code: "0800", Name: "Eigen vermogen", Type: liability},
		{Code: "0990", Name: "Resultaat lopend boekjaar", Type: liability, NetIncome: true},
		{Code: "1000", Name: "Kas", Type: asset},
		{Code: "1100", Name: "Bank", Type: asset},
		{Code: "1110", Name: "Bank USD", Type: asset, Currency: "USD"},
		{Code: "1300", Name: "Debiteuren", Type: asset, Control: "AR"},
		{Code: "1700", Name: "Af te dragen loonheffingen", Type: liability},
		{Code: "1710", Name: "Af te dragen pensioenpremie", Type: liability},
		{Code: "1720", Name: "Netto lonen te betalen", Type: liability},
		{Code: "1730", Name: "Reservering vakantiegeld", Type: liability},
		{Code: "2100", Name: "Nettoloon", Type: liability},
		{Code: "4000", Name: "Bruto lonen", Type: expense},
		{Code: "4010", Name: "Vakantiegeld reservering", Type: expense},
		{Code: "4020", Name: "Overwerk", Type: expense},
		{Code: "4030", Name: "Bonussen en gratificaties", Type: expense},
		{Code: "4040", Name: "Ziekengelden", Type: expense},
		{Code: "4050", Name: "Sociale lasten werkgever", Type: expense},
		{Code: "4060", Name: "Pensioenpremie werkgever", Type: expense},
		{Code: "4070", Name: "Reiskosten", Type: expense},
		{Code: "4999", Name: "Vervallen loonkosten", Type: expense, Inactive: true},
	}
}

// period is a financial period: a calendar month.
type period struct {
	id          string // YYYYPP
	first, last time.Time
	closed      bool
}

// periodLabel is how texts name a period: 01-2026.
func periodLabel(id string) string { return id[4:] + "-" + id[:4] }

func (c *Company) periods() []period {
	var all []period
	for year := c.FirstYear; year <= c.LastYear; year++ {
		for month := time.January; month <= time.December; month++ {
			first := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
			id := fmt.Sprintf("%04d%02d", year, month)
			all = append(all, period{id: id, first: first, last: first.AddDate(0, 1, -1), closed: id <= c.ClosedUntil})
		}
	}
	return all
}

func (c *Company) period(id string) (period, bool) {
	all := c.periods()
	i := slices.IndexFunc(all, func(p period) bool { return p.id == id })
	if i < 0 {
		return period{}, false
	}
	return all[i], true
}

func (c *Company) account(code string) (Account, bool) {
	i := slices.IndexFunc(c.Accounts, func(a Account) bool { return a.Code == code })
	if i < 0 {
		return Account{}, false
	}
	return c.Accounts[i], true
}

// dimensioned tells whether lines on the account must say every segment.
func (c *Company) dimensioned(a Account) bool {
	return c.DimensionsOnPL && (a.Type == "Expense" || a.Type == "Income")
}
