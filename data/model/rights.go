package model

import (
	"slices"
	"strings"
)

// Right is what a person may do with the accounts, mappings and bookings of a
// target. Each includes the one before.
type Right string

// The rights.
const (
	RightNone  Right = "none"
	RightRead  Right = "read"  // look at what is there and what became of it
	RightWrite Right = "write" // make and change accounts and mappings
)

// Template is a set of rights under a name, given to users.
type Template struct {
	Name    string           `json:"name"`
	Targets map[string]Right `json:"targets"` // by id of target or payroll system; what is not in it is RightNone
	Send    bool             `json:"send"`    // send, and decide about what was sent
	Manage  bool             `json:"manage"`  // give rights
}

// Member is a user of the computer with the name of a template.
type Member struct {
	User     string `json:"user"` // as the operating system names it
	Template string `json:"template"`
}

// Rights are all templates and who has which. As long as there is no template,
// everybody may do everything; with one, a user who has none may do nothing.
type Rights struct {
	Templates []Template `json:"templates"`
	Members   []Member   `json:"members"`
}

// Template is the template of that name.
func (r Rights) Template(name string) (t Template, ok bool) {
	i := slices.IndexFunc(r.Templates, func(t Template) bool { return t.Name == name })
	if i < 0 {
		return Template{}, false
	}
	return r.Templates[i], true
}

// Of is what a user may do.
func (r Rights) Of(user string) Permission {
	p := Permission{User: user, All: len(r.Templates) == 0}
	for _, m := range r.Members {
		t, _ := r.Template(m.Template)
		if t.Manage {
			p.Givers = append(p.Givers, m.User)
		}
		if strings.EqualFold(m.User, user) {
			p.Template = t
		}
	}
	return p
}

// Act is what a right is asked for.
type Act string

// The acts. Those of a target ask for a right at it; the others do not.
const (
	ActRead   Act = "read"
	ActWrite  Act = "write"
	ActSend   Act = "send"   // at a target; needs to read there too
	ActWork   Act = "work"   // take payroll in and change companies: everybody who may send or write anywhere
	ActManage Act = "manage" // give rights
)

// Permission is what one user may do.
type Permission struct {
	User     string
	All      bool // there are no templates, or the program works by itself
	Template Template
	Givers   []string // the users who can give rights
}

// May tells whether an act is allowed. Target is empty for an act that asks for
// none.
func (p Permission) May(act Act, target string) bool {
	if p.All {
		return true
	}
	at := p.Template.Targets[target]
	switch act {
	case ActRead:
		return at == RightRead || at == RightWrite
	case ActWrite:
		return at == RightWrite
	case ActSend:
		return p.Template.Send && (target == "" || at == RightRead || at == RightWrite)
	case ActWork:
		return p.Template.Send || slices.Contains(rightsOf(p.Template), RightWrite)
	case ActManage:
		return p.Template.Manage
	}
	return false
}

func rightsOf(t Template) (all []Right) {
	for _, r := range t.Targets {
		all = append(all, r)
	}
	return all
}
