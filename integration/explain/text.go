package explain

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// text is a sentence with parameters: {{.file}} stands for one, and
// {{with .line}} ... {{end}} for words that are left out when it is empty.
// {{amount .debit}} and {{date .since}} write one in the style of the language;
// only the text knows that a code such as 4000.10 is not an amount. {{if one .lines}}
// tells a list of one from a longer one.
type text struct {
	template *template.Template
	params   []string // all names it uses, sorted
	needs    []string // names it uses outside of {{with}} and {{if}}, sorted
}

// gap stands where a parameter is missing that a sentence cannot do without.
const gap = "…"

func parseText(lang, s string) (text, error) {
	tmpl, err := template.New("").Option("missingkey=zero").Funcs(writers(lang)).Parse(s)
	if err != nil {
		return text{}, err
	}
	t := text{template: tmpl}
	if err := t.collect(tmpl.Root, true); err != nil {
		return text{}, err
	}
	for _, names := range []*[]string{&t.params, &t.needs} {
		slices.Sort(*names)
		*names = slices.Compact(*names)
	}
	return t, nil
}

// collect finds the parameters below a node. It knows only what the catalogue
// may use: texts, plain parameters, with and if.
func (t *text) collect(node parse.Node, needed bool) error {
	switch n := node.(type) {
	case *parse.ListNode:
		for _, child := range n.Nodes {
			if err := t.collect(child, needed); err != nil {
				return err
			}
		}
		return nil
	case *parse.TextNode:
		return nil
	case *parse.ActionNode:
		return t.collectPipe(n.Pipe, needed)
	case *parse.WithNode:
		return t.collectBranch(&n.BranchNode)
	case *parse.IfNode:
		return t.collectBranch(&n.BranchNode)
	}
	return fmt.Errorf("%s is not allowed in an explanation", node)
}

func (t *text) collectBranch(n *parse.BranchNode) error {
	if err := t.collectPipe(n.Pipe, false); err != nil {
		return err
	}
	for _, list := range []*parse.ListNode{n.List, n.ElseList} {
		if list == nil {
			continue
		}
		if err := t.collect(list, false); err != nil {
			return err
		}
	}
	return nil
}

func (t *text) collectPipe(pipe *parse.PipeNode, needed bool) error {
	if len(pipe.Cmds) != 1 || len(pipe.Decl) > 0 {
		return fmt.Errorf("%s is not a plain parameter", pipe)
	}
	args := pipe.Cmds[0].Args
	if _, ok := args[0].(*parse.IdentifierNode); ok && len(args) == 2 {
		args = args[1:] // a writer: the parser let only known ones pass
	}
	if len(args) != 1 {
		return fmt.Errorf("%s is not a plain parameter", pipe)
	}
	switch arg := args[0].(type) {
	case *parse.DotNode:
		if needed {
			return fmt.Errorf("%s stands for nothing outside of with", pipe)
		}
		return nil
	case *parse.FieldNode:
		if len(arg.Ident) != 1 {
			return fmt.Errorf("%s is not a plain parameter", pipe)
		}
		t.params = append(t.params, arg.Ident[0])
		if needed {
			t.needs = append(t.needs, arg.Ident[0])
		}
		return nil
	}
	return fmt.Errorf("%s is not a plain parameter", pipe)
}

// fill writes the text. A parameter that is missing leaves a gap.
func (t text) fill(params map[string]string) string {
	data := maps.Clone(params)
	for _, name := range t.needs {
		if data[name] == "" {
			data[name] = gap
		}
	}
	var b strings.Builder
	if err := t.template.Execute(&b, data); err != nil {
		// Nothing that collect lets through can fail over a map of strings.
		return gap
	}
	return b.String()
}

// values are the parameters of a problem, the code among them.
func values(p *model.Problem) map[string]string {
	params := map[string]string{"code": p.Code}
	for name, value := range p.Params {
		params[name] = strings.TrimSpace(value)
	}
	return params
}

// writers are what a text may write a parameter with, or ask of it. What they do not
// know as an amount or a time they leave as it is.
func writers(lang string) template.FuncMap {
	style := journal.StyleOf(lang)
	return template.FuncMap{
		"one": func(list string) bool { return !strings.Contains(list, ",") },
		"amount": func(value string) string {
			var a journal.Amount
			if err := a.UnmarshalText([]byte(value)); err != nil {
				return value
			}
			return style.Amount(a)
		},
		"date": func(value string) string {
			if at, err := time.Parse(time.RFC3339, value); err == nil {
				return style.Time(at)
			}
			if day, err := time.Parse(time.DateOnly, value); err == nil {
				return style.Date(journal.DateOf(day))
			}
			return value
		},
	}
}
