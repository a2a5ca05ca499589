package target

import (
	"slices"

	"loonbrug/data/model"
)

// Description is how a target presents itself. Texts are keys of the
// translations; the target's name is the same in all languages.
type Description struct {
	ID     string // "cash"
	Name   string // "CASH"
	Logo   string // id of the pair of logos in resources
	Colour string // "#rrggbb", the colour of its logo card
	Sent   SentLook

	SignIn        SignIn
	BrowserWhen   When // accounts with this setting sign in by the browser instead
	AccountFields []Field
	AccountNote   string // key of a sentence shown in the account form; may be empty
	MappingFields []Field

	CostCentre DimensionSupport
	CostUnit   DimensionSupport

	// OneAdministration: an account is good for one administration, found at
	// sign-in; a second one needs a second account.
	OneAdministration bool
	// PersonDecides: an outcome that stays unknown is never sent again by the
	// program itself.
	PersonDecides bool
	// Download: what is sent can be saved as a file. NoDownload is the key of
	// the sentence that says why not.
	Download   bool
	NoDownload string

	Limits Limits
}

// SentLook is what a logo looks like once everything is booked.
type SentLook string

// The looks after sending, as the manuals of the systems have them.
const (
	SentRed    SentLook = "red"
	SentShaded SentLook = "shaded"
	SentGreen  SentLook = "green"
)

// SignIn is how an account is authorised.
type SignIn string

// The ways of signing in.
const (
	SignInBrowser     SignIn = "browser"     // the system's browser opens the target's page
	SignInCredentials SignIn = "credentials" // what the form holds is checked
)

// FieldKind is how a field of a form is drawn.
type FieldKind string

// The kinds of fields.
const (
	FieldText    FieldKind = "text"
	FieldSecret  FieldKind = "secret"  // kept sealed, never shown again
	FieldAddress FieldKind = "address" // a base address, folded away with its default
	FieldChoice  FieldKind = "choice"  // one of Choices
	FieldCheck   FieldKind = "check"   // "true" or ""
	FieldDaybook FieldKind = "daybook" // picked from the administration's daybooks
	FieldList    FieldKind = "list"    // picked from one of the administration's lists, named by List
)

// Field is one field of an account or mapping form. Its label is the
// translation "field.<target>.<id>", its help "field.<target>.<id>.help", the
// label of a choice "field.<target>.<id>.<choice>".
type Field struct {
	ID       string
	Kind     FieldKind
	Required bool
	Default  string
	Choices  []string
	List     string // of [model.Reference.Lists], for FieldList

	When         When // asked only then; zero is always
	RequiredWhen When // required then too
}

// When is a condition on another field of the form: that it has this value. The
// zero When is never met.
type When struct{ Field, Value string }

// met tells whether the condition is met; a field without a value has its
// default.
func (w When) met(fields []Field, values map[string]string) bool {
	if w.Field == "" {
		return false
	}
	if v := values[w.Field]; v != "" {
		return v == w.Value
	}
	return slices.ContainsFunc(fields, func(f Field) bool { return f.ID == w.Field && f.Default == w.Value })
}

// Asked gives the fields that a form with these values asks for, each required
// or not as it then is.
func Asked(fields []Field, values map[string]string) []Field {
	var asked []Field
	for _, f := range fields {
		if f.When == (When{}) || f.When.met(fields, values) {
			f.Required = f.Required || f.RequiredWhen.met(fields, values)
			asked = append(asked, f)
		}
	}
	return asked
}

// SignsIn is how an account with these settings is authorised.
func (d Description) SignsIn(settings map[string]string) SignIn {
	if d.BrowserWhen.met(d.AccountFields, settings) {
		return SignInBrowser
	}
	return d.SignIn
}

// DimensionSupport says what a target can do with a payroll dimension.
type DimensionSupport struct {
	Offered bool   // the mapping form shows it
	Label   string // key of the target's word for it
	Named   bool   // the person picks one of the target's dimensions by name
	Forced  bool   // always used, no checkbox

	// Dimension is the id of the dimension in [model.Reference] where it is not
	// picked by name, and Longest the length of its longest code where the
	// reference has no list of them; zero is none.
	Dimension string
	Longest   int

	// Together: with this option of the mapping, cost centre and cost unit become
	// one code of this dimension, which the table of cost centres translates by
	// both codes with [Between] between them.
	Together When
}

// Between stands between a cost centre and a cost unit that a table translates
// together, as in "100 + A1".
const Between = " + "

// Joins tells whether a mapping with these options has cost centre and cost unit
// translated together.
func (d Description) Joins(options map[string]string) bool {
	return d.CostCentre.Together.met(d.MappingFields, options)
}

// Limits are the longest texts a target takes, in characters; zero is none.
type Limits struct {
	Description int
	LineText    int
}

// Registry is the list of targets the program was wired with, in the order in
// which they are shown.
type Registry []Target

// Find gives the target with an id.
func (r Registry) Find(id string) (Target, error) {
	for _, t := range r {
		if t.Describe().ID == id {
			return t, nil
		}
	}
	return nil, model.NewProblem("target.unknown", "target", id)
}
