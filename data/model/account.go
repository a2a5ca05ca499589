package model

import (
	"fmt"
	"log/slog"
	"time"
)

// Secret is a credential. It prints as three dots in every format verb, in
// JSON and in logs; Reveal is the only way to its text.
type Secret string

const redacted = "•••"

// Reveal gives the text of the secret, to be sent or sealed, never to be shown.
func (s Secret) Reveal() string { return string(s) }

// String hides the secret.
func (Secret) String() string { return redacted }

// GoString hides the secret from %#v.
func (Secret) GoString() string { return redacted }

// Format hides the secret from every other verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue hides the secret from slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText hides the secret from encoders.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// Credentials are the secrets of an account by field id: "api_key",
// "refresh_token" and so on.
type Credentials map[string]Secret

// AccountState tells whether an account may be used.
type AccountState string

// The states of an account.
const (
	AccountNew        AccountState = "new"        // never authorised: grey logo, red banner
	AccountAuthorised AccountState = "authorised" // in use
	AccountExpired    AccountState = "expired"    // signed in once, refused since: grey, banner
)

// Account is the office's access to a target: a free name and what it signs in
// with. Settings hold what is not secret; secrets are kept apart and sealed.
type Account struct {
	ID        int64
	Target    string
	Name      string
	Settings  map[string]string
	State     AccountState
	Identity  string // who and which company it signs in as, in the target's words
	CheckedAt time.Time
	Problem   *Problem // why it is not authorised, if something went wrong
}

// Authorised tells whether the account may be used now.
func (a *Account) Authorised() bool { return a.State == AccountAuthorised }

// AccountUse is what hangs on an account.
type AccountUse struct {
	Companies []string // names of the companies that book with it, each once, in order
	Waiting   int      // deliveries that are not done yet
}

// Free tells whether nothing hangs on it, so that it can be removed.
func (u AccountUse) Free() bool { return len(u.Companies) == 0 && u.Waiting == 0 }

// Administration is one set of books at a target.
type Administration struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	ReadOnly bool   `json:"read_only,omitempty"`
}

// Reference is what a target says about one administration: what may be booked
// there. FetchedAt is when it was asked. A nil list means that the target gives
// none, so nothing is checked against it; an empty list means there are none.
type Reference struct {
	FetchedAt      time.Time           `json:"fetched_at"`
	Currency       string              `json:"currency,omitempty"`
	Country        string              `json:"country,omitempty"` // in the target's own spelling
	LedgerAccounts []LedgerAccount     `json:"ledger_accounts"`
	Daybooks       []Daybook           `json:"daybooks"`
	Dimensions     []Dimension         `json:"dimensions"`
	Periods        []BookPeriod        `json:"periods"`
	Lists          map[string][]Choice `json:"lists,omitempty"` // further lists to pick from, such as branches
	Extra          map[string]string   `json:"extra,omitempty"` // what only the target's own package reads
}

// Choice is one row of a list to pick from.
type Choice struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// LedgerAccount is one row of a chart of accounts. Postable is false where
// journals may not be booked on it by hand.
type LedgerAccount struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	Active   bool   `json:"active"`
	Postable bool   `json:"postable"`
}

// Daybook is a journal code of the administration.
type Daybook struct {
	Code string `json:"code"`
	Name string `json:"name"`
	Kind string `json:"kind,omitempty"`
}

// Dimension is a cost centre table, a segment, or whatever the target calls
// it. ID is what the target wants to be sent, Name what a person reads.
// Length, when not zero, is the exact length of its values.
type Dimension struct {
	ID     string           `json:"id"`
	Name   string           `json:"name"`
	Length int              `json:"length,omitempty"`
	Values []DimensionValue `json:"values"`
}

// DimensionValue is one value of a dimension. ID is what is sent; Code is what
// the payroll's cost centre or cost unit is compared with.
type DimensionValue struct {
	ID     string `json:"id"`
	Code   string `json:"code"`
	Name   string `json:"name"`
	Active bool   `json:"active"`
}

// BookPeriod is a period of the target's own book year. First and Last are
// dates (YYYY-MM-DD) and both belong to it. Warning marks a period that is open
// but about to close.
type BookPeriod struct {
	ID      string `json:"id"` // as it is sent
	First   string `json:"first"`
	Last    string `json:"last"`
	Open    bool   `json:"open"`
	Warning bool   `json:"warning,omitempty"`
}
