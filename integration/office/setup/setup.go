// Package setup is how an office is set up, as a file that people can read,
// compare and keep: accounts without their secrets, companies with their rules
// and workflow, mappings with theirs.
//
// [Read] and [Write] are the file: JSON with everything in a fixed order, so that
// two files of the same set-up are the same bytes. [Compare] tells what taking
// over another set-up would change. Nothing in a file is an id of one database:
// accounts go by system and name, companies by their source, mappings by company,
// system and administration.
package setup

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"loonbrug/data/model"
)

// format is the version of the file that this program writes, and the newest one
// that it reads.
const format = 1

// File is a whole set-up.
type File struct {
	Format    int       `json:"loonbrug_setup"`
	Accounts  []Account `json:"accounts"`
	Companies []Company `json:"companies"`
	Mappings  []Mapping `json:"mappings"`
}

// Account is an account without what it signs in with.
type Account struct {
	System   string            `json:"system"`
	Name     string            `json:"name"`
	Settings map[string]string `json:"settings,omitempty"`
}

// Company is a payroll company with what the office decided for it.
type Company struct {
	Source        string `json:"source"`
	SourceID      string `json:"source_id"`
	Number        string `json:"number,omitempty"`
	Name          string `json:"name"`
	Debtor        string `json:"debtor,omitempty"`
	Country       string `json:"country,omitempty"`
	Currency      string `json:"currency,omitempty"`
	FourWeekly    bool   `json:"four_weekly,omitempty"`
	TestCompany   bool   `json:"test_company,omitempty"`
	DebtorBlocked bool   `json:"debtor_blocked,omitempty"`

	Rules model.CompanyRules `json:"rules"`
}

// Mapping is where and how the entries of a company are booked.
type Mapping struct {
	Source         string               `json:"source"`    // of the company
	SourceID       string               `json:"source_id"` // likewise
	System         string               `json:"system"`
	Administration model.Administration `json:"administration"`
	Account        string               `json:"account"` // its name
	CostCentre     model.DimensionRule  `json:"cost_centre"`
	CostUnit       model.DimensionRule  `json:"cost_unit"`
	Options        map[string]string    `json:"options,omitempty"`
	Start          string               `json:"start,omitempty"` // period, as 2026-01; empty is no limit
	Rules          model.MappingRules   `json:"rules"`
}

func (a Account) key() string { return a.System + " · " + a.Name }
func (c Company) key() string { return c.Source + " · " + c.SourceID }
func (m Mapping) key() string {
	return m.Source + " · " + m.SourceID + " → " + m.System + " · " + m.Administration.Code
}

// sort puts everything in its fixed order.
func (f *File) sort() {
	slices.SortFunc(f.Accounts, func(a, b Account) int { return cmp.Compare(a.key(), b.key()) })
	slices.SortFunc(f.Companies, func(a, b Company) int { return cmp.Compare(a.key(), b.key()) })
	slices.SortFunc(f.Mappings, func(a, b Mapping) int { return cmp.Compare(a.key(), b.key()) })
}

// Write writes the file, sorted.
func Write(out io.Writer, f File) error {
	f.Format = format
	f.sort()
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(f)
}

// Read reads a file and refuses what it does not understand, rather than leaving
// it out. Problems: setup.not_one, setup.newer, setup.twice.
func Read(in io.Reader) (File, error) {
	data, err := io.ReadAll(in)
	if err != nil {
		return File{}, fmt.Errorf("read the set-up: %w", err)
	}
	var version struct {
		Format int `json:"loonbrug_setup"`
	}
	if err := json.Unmarshal(data, &version); err != nil || version.Format < 1 {
		return File{}, notOne(cmp.Or(err, errNoFormat))
	}
	if version.Format > format {
		return File{}, model.NewProblem("setup.newer")
	}
	var f File
	if err := strictly(data, &f); err != nil {
		return File{}, notOne(err)
	}
	f.sort()
	return f, f.single()
}

var errNoFormat = errors.New("it does not say that it is a set-up")

func notOne(err error) error {
	return model.NewProblem("setup.not_one", "detail", err.Error()).Because(err)
}

// single refuses a file in which something stands twice.
func (f *File) single() error {
	twice := func(key string) error { return model.NewProblem("setup.twice", "what", key) }
	if i := repeated(f.Accounts); i > 0 {
		return twice(f.Accounts[i].key())
	}
	if i := repeated(f.Companies); i > 0 {
		return twice(f.Companies[i].key())
	}
	if i := repeated(f.Mappings); i > 0 {
		return twice(f.Mappings[i].key())
	}
	return nil
}

type keyed interface{ key() string }

// repeated is the place of the first thing in a sorted list that is the same as
// the one before it; zero is none.
func repeated[T keyed](list []T) int {
	for i := 1; i < len(list); i++ {
		if list[i].key() == list[i-1].key() {
			return i
		}
	}
	return 0
}
