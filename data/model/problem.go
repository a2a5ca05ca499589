// Package model holds the nouns of the program: company, run, account,
// administration, mapping, entry, delivery, receipt and problem. It knows no
// database, no accounting system and no screen, and imports only the standard
// library and the journal.
//
// Everything that is stored or shown by its id keeps that id stable: states,
// actions and problem codes are text constants, never positions in a list.
package model

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Action is what a button beside a problem does.
type Action string

// The actions a problem may offer.
const (
	ActionNone        Action = ""
	ActionSignIn      Action = "sign_in"      // sign in to the account again
	ActionOpenMapping Action = "open_mapping" // open the mapping at fault
	ActionOpenAccount Action = "open_account" // open the account at fault
	ActionRefresh     Action = "refresh"      // fetch the reference data again
	ActionCheckAgain  Action = "check_again"  // look the booking up again
	ActionSendAgain   Action = "send_again"   // send what is missing
	ActionBookInOpen  Action = "book_in_open" // book a correction in the first open period

	ActionNewAccount     Action = "new_account"     // make another account of the same target
	ActionConfirmCompany Action = "confirm_company" // take the company of a sign-in for the right one
)

// Problem is something a person should know about: a code from the catalogue
// of explanations, what to fill in there, and what can be done. Nobody below
// the screens writes sentences for people; they return a Problem.
//
// Cause is for the log only and is never stored or shown.
type Problem struct {
	Code      string            `json:"code"`
	Params    map[string]string `json:"params,omitempty"`
	Retryable bool              `json:"retryable,omitempty"`
	Action    Action            `json:"action,omitempty"`
	Cause     error             `json:"-"`
}

// NewProblem makes a problem from a code and pairs of name and value. A name
// without a value is a mistake of the caller and panics.
func NewProblem(code string, pairs ...string) *Problem {
	if len(pairs)%2 != 0 {
		panic("model: NewProblem needs pairs")
	}
	p := &Problem{Code: code}
	for i := 0; i < len(pairs); i += 2 {
		if p.Params == nil {
			p.Params = make(map[string]string)
		}
		p.Params[pairs[i]] = pairs[i+1]
	}
	return p
}

// With sets the action and returns the problem.
func (p *Problem) With(a Action) *Problem { p.Action = a; return p }

// Because sets the cause for the log and returns the problem.
func (p *Problem) Because(err error) *Problem { p.Cause = err; return p }

// Again marks the problem as one that may pass by itself and returns it.
func (p *Problem) Again() *Problem { p.Retryable = true; return p }

// Error is for logs: the code, its parameters by name, and the cause.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Code)
	for _, name := range slices.Sorted(maps.Keys(p.Params)) {
		fmt.Fprintf(&b, " %s=%q", name, p.Params[name])
	}
	if p.Cause != nil {
		fmt.Fprintf(&b, ": %v", p.Cause)
	}
	return b.String()
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// ProblemOf finds the problem in a chain of errors. An error that carries none
// becomes the code "internal" with the error as its cause; nil stays nil.
func ProblemOf(err error) *Problem {
	if err == nil {
		return nil
	}
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return NewProblem("internal", "detail", err.Error()).Because(err)
}

// ErrNotFound says that what was asked for by id is not there.
var ErrNotFound = errors.New("not found")

// ErrLeaseLost says that another sender took the delivery over, or that its
// state is not what the caller thought. Nothing was written.
var ErrLeaseLost = errors.New("lease lost")
