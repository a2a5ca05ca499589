package accounts

import (
	"slices"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/target"
	"loonbrug/ui/allowed"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// group is the accounts at one target.
type group struct {
	target target.Description
	cards  []card
}

// card is one account as it is shown.
type card struct {
	account  model.Account
	target   target.Description
	signing  bool           // a sign-in is under way
	checking bool           // a check of the rights is
	refused  *model.Problem // why the user may not change it; nil where they may
}

// groupsOf puts the accounts below their targets, in the order of the targets
// and then by name. Targets without an account are left out; accounts of a
// target that the program does not know come last.
func groupsOf(targets []target.Description, accounts []model.Account, busy SignIns, refused allowed.Refusals) []group {
	var groups []group
	take := func(d target.Description) {
		g := group{target: d}
		for _, a := range accounts {
			if a.Target == d.ID {
				now := busy[a.ID]
				g.cards = append(g.cards, card{
					account: a, target: d, signing: now != nil && !now.Check, checking: now != nil && now.Check,
					refused: refused.At(model.ActWrite, a.Target),
				})
			}
		}
		if len(g.cards) == 0 {
			return
		}
		slices.SortStableFunc(g.cards, func(a, b card) int { return i18n.Compare(a.account.Name, b.account.Name) })
		groups = append(groups, g)
	}
	known := make(map[string]bool)
	for _, d := range targets {
		known[d.ID] = true
		take(d)
	}
	for _, a := range accounts {
		if !known[a.Target] {
			known[a.Target] = true
			take(target.Description{ID: a.Target, Name: a.Target})
		}
	}
	return groups
}

// busy tells whether something is under way that can be stopped.
func (c card) busy() bool { return c.signing || c.checking }

// ailing tells whether something is wrong that a person can mend.
func (c card) ailing() bool {
	return !c.busy() && (c.account.Problem != nil || c.account.State == model.AccountExpired)
}

// face is the logo of an account: grey until it is authorised.
func (c card) face() widgets.Face {
	f := widgets.Face{Logo: c.target.Logo, Look: widgets.LookGrey, Badge: "plus", Tone: widgets.ToneStill}
	if c.account.Authorised() {
		f.Look, f.Badge, f.Tone = widgets.LookColour, "tick", widgets.ToneGood
	}
	switch {
	case c.busy():
		f.Badge, f.Tone = "clock", widgets.ToneBusy
	case c.ailing():
		f.Badge, f.Tone = "bang", widgets.ToneBad
	}
	f.Hint = c.hint()
	return f
}

// word is where the account stands, in a few words.
func (c card) word() string { return i18n.T("account.word." + string(c.state())) }

// hint is the same as a sentence, with what a click on the logo does.
func (c card) hint() string {
	if c.busy() {
		return c.word()
	}
	return i18n.T("account.state." + string(c.account.State))
}

// standing is where an account stands, for a person.
type standing string

const (
	standsNew       standing = "new"
	standsWell      standing = "authorised"
	standsEnded     standing = "expired"
	standsAttention standing = "attention" // in use, but something is wrong
	standsBrowser   standing = "browser"   // a sign-in page is open
	standsChecking  standing = "checking"
)

func (c card) state() standing {
	switch {
	case c.signing && c.target.SignsIn(c.account.Settings) == target.SignInBrowser:
		return standsBrowser
	case c.busy():
		return standsChecking
	case c.account.State == model.AccountNew:
		return standsNew
	case !c.account.Authorised():
		return standsEnded
	case c.account.Problem != nil:
		return standsAttention
	}
	return standsWell
}

// mending is what one button does about the state of an account.
type mending string

const (
	mendNothing mending = ""
	mendFirst   mending = "first"   // the first sign-in
	mendSignIn  mending = "sign_in" // another one
	mendCompany mending = "company" // a person confirms the company
	mendChange  mending = "change"  // what the account signs in with is filled in anew
	mendCheck   mending = "check"   // the rights are looked at again
)

// The problems of credentials that can no longer be opened, of an account from a
// backup, which has none, and how that of a key that a system never got ends,
// whichever system it is.
const (
	codeKeyLost  = "secret.key_lost"
	codeRestored = "account.restored"
	endNoKey     = ".no_key"
)

// lost tells whether the secrets that a person typed are gone, or were never there.
func lost(a model.Account) bool {
	if a.Problem == nil {
		return false
	}
	code := a.Problem.Code
	return code == codeKeyLost || code == codeRestored || strings.HasSuffix(code, endNoKey)
}

// mend is what helps first.
func (c card) mend() mending {
	p := c.account.Problem
	switch {
	case c.busy():
		return mendNothing
	case lost(c.account) && c.typed():
		return mendChange
	case p != nil && p.Action == model.ActionConfirmCompany:
		return mendCompany
	case p != nil && p.Action == model.ActionOpenAccount:
		return mendChange
	case c.account.State == model.AccountNew:
		return mendFirst
	case !c.account.Authorised(), p != nil && p.Action == model.ActionSignIn:
		return mendSignIn
	case p != nil:
		return mendCheck
	}
	return mendNothing
}

// typed tells whether a person types secrets of the account, which no sign-in
// brings.
func (c card) typed() bool {
	return slices.ContainsFunc(target.Asked(c.target.AccountFields, c.account.Settings), func(f target.Field) bool {
		return f.Kind == target.FieldSecret && f.Required
	})
}

// form is what was typed for a new or a changed account.
type form struct {
	target   target.Description
	name     string
	values   map[string]string
	existing bool // secrets that are left empty stay as they are
}

// missing gives the ids of required fields that are empty; "name" is the free
// name.
func (f form) missing() []string {
	var ids []string
	if strings.TrimSpace(f.name) == "" {
		ids = append(ids, "name")
	}
	for _, field := range target.Asked(f.target.AccountFields, f.values) {
		kept := f.existing && field.Kind == target.FieldSecret
		if field.Required && !kept && strings.TrimSpace(f.values[field.ID]) == "" {
			ids = append(ids, field.ID)
		}
	}
	return ids
}

// parted gives what is kept plainly and what is kept sealed, of what is asked
// for. Settings that are
// as the target proposes are left out, so that a later default reaches them.
func (f form) parted() (settings map[string]string, secrets model.Credentials) {
	settings, secrets = make(map[string]string), make(model.Credentials)
	for _, field := range target.Asked(f.target.AccountFields, f.values) {
		value := strings.TrimSpace(f.values[field.ID])
		switch {
		case value == "":
		case field.Kind == target.FieldSecret:
			secrets[field.ID] = model.Secret(value)
		case field.Kind == target.FieldAddress && value == field.Default:
		default:
			settings[field.ID] = value
		}
	}
	return settings, secrets
}

// proposeName is a name for the first account at a target, or the next free
// one.
func proposeName(d target.Description, accounts []model.Account) string {
	taken := func(name string) bool {
		return slices.ContainsFunc(accounts, func(a model.Account) bool { return a.Name == name })
	}
	name := d.Name
	for n := 2; taken(name); n++ {
		name = i18n.T("account.name.next", "name", d.Name, "n", n)
	}
	return name
}
