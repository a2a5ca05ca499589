package accounts

import (
	"slices"
	"strings"

	"loonbrug/data/model"
	"loonbrug/integration/target"
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
	account model.Account
	target  target.Description
	signing bool // a sign-in is under way
}

// groupsOf puts the accounts below their targets, in the order of the targets
// and then by name. Targets without an account are left out; accounts of a
// target that the program does not know come last.
func groupsOf(targets []target.Description, accounts []model.Account, signing map[int64]bool) []group {
	var groups []group
	take := func(d target.Description) {
		g := group{target: d}
		for _, a := range accounts {
			if a.Target == d.ID {
				g.cards = append(g.cards, card{account: a, target: d, signing: signing[a.ID]})
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

// isPayroll tells which groups are of payroll systems: those of no target.
// Groups that the program does not know are not.
func isPayroll(groups []group, targets []target.Description) []bool {
	of := make([]bool, len(groups))
	for i, g := range groups {
		of[i] = g.target.Logo != "" && !slices.ContainsFunc(targets, func(d target.Description) bool { return d.ID == g.target.ID })
	}
	return of
}

// face is the logo of an account: grey until it is authorised.
func (c card) face() widgets.Face {
	f := widgets.Face{Logo: c.target.Logo, Look: widgets.LookGrey, Badge: "plus", Tone: widgets.ToneStill}
	switch {
	case c.signing:
		f.Badge, f.Tone = "clock", widgets.ToneBusy
	case c.account.Authorised():
		f.Look, f.Badge, f.Tone = widgets.LookColour, "tick", widgets.ToneGood
	case c.account.Problem != nil || c.account.State == model.AccountExpired:
		f.Badge, f.Tone = "bang", widgets.ToneBad
	}
	f.Hint = c.state()
	return f
}

// state is where the account stands, as a sentence.
func (c card) state() string {
	if c.signing {
		if c.target.SignsIn(c.account.Settings) == target.SignInBrowser {
			return i18n.T("account.state.browser")
		}
		return i18n.T("account.state.checking")
	}
	return i18n.T("account.state." + string(c.account.State))
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
