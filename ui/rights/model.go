package rights

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"loonbrug/data/model"
	"loonbrug/ui/widgets"
)

// draft is the rights as they are on the page. Members point at their templates,
// so that one that is renamed stays theirs.
type draft struct {
	templates []*template
	members   []*member
}

type template struct{ model.Template }

type member struct {
	user     string
	template *template // nil while none is chosen
}

func draftOf(r model.Rights) (d draft) {
	named := make(map[string]*template)
	for _, t := range r.Templates {
		t.Targets = maps.Clone(t.Targets)
		if t.Targets == nil {
			t.Targets = make(map[string]model.Right)
		}
		now := &template{t}
		d.templates, named[t.Name] = append(d.templates, now), now
	}
	for _, m := range r.Members {
		d.members = append(d.members, &member{m.User, named[m.Template]})
	}
	return d
}

// rights are the draft as it is kept.
func (d *draft) rights() (r model.Rights) {
	for _, t := range d.templates {
		t.Name = strings.TrimSpace(t.Name)
		r.Templates = append(r.Templates, t.Template)
	}
	for _, m := range d.members {
		now := model.Member{User: strings.TrimSpace(m.user)}
		if m.template != nil {
			now.Template = m.template.Name
		}
		r.Members = append(r.Members, now)
	}
	return r
}

// at is the right at a target.
func (t *template) at(target string) model.Right {
	if r, ok := t.Targets[target]; ok {
		return r
	}
	return model.RightNone
}

// add adds a template that allows nothing, under a name that no other has.
func (d *draft) add(name string) *template {
	free := name
	for n := 2; slices.ContainsFunc(d.templates, func(t *template) bool { return t.Name == free }); n++ {
		free = name + " " + strconv.Itoa(n)
	}
	t := &template{model.Template{Name: free, Targets: make(map[string]model.Right)}}
	d.templates = append(d.templates, t)
	return t
}

// remove takes a template away; its users have none then. Without templates there
// are no users either: everybody may do everything.
func (d *draft) remove(t *template) {
	d.templates = slices.DeleteFunc(d.templates, func(o *template) bool { return o == t })
	for _, m := range d.members {
		if m.template == t {
			m.template = nil
		}
	}
	if len(d.templates) == 0 {
		d.members = nil
	}
}

func (d *draft) dismiss(m *member) {
	d.members = slices.DeleteFunc(d.members, func(o *member) bool { return o == m })
}

// choices are the templates to pick from, by their place.
func (d *draft) choices() (all []widgets.Option) {
	for i, t := range d.templates {
		all = append(all, widgets.Option{ID: strconv.Itoa(i), Label: t.Name})
	}
	return all
}

func (d *draft) id(t *template) string {
	if i := slices.Index(d.templates, t); i >= 0 {
		return strconv.Itoa(i)
	}
	return ""
}

func (d *draft) byID(id string) *template {
	i, err := strconv.Atoi(id)
	if err != nil || i >= len(d.templates) {
		return nil
	}
	return d.templates[i]
}
