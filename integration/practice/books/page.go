package books

import (
	"html/template"
	"net/http"
)

// Page is the books of a practice system as a person sees them.
type Page struct {
	System   string // "CASH"
	Title    string
	Text     string
	Links    []Link
	Tables   []Table
	Actions  []Action // what may be done, below the tables
	Faults   []FaultStatus
	Control  string // path of the fault board; empty shows none
	Language string
}

// Link is a way to another page of the system.
type Link struct{ Text, Path string }

// Action is a button that posts its values to a path.
type Action struct {
	Text, Path string
	Values     []Value
}

// Value is a form value of an action; one that is asked for has a field, with a
// label and what stands in it at first.
type Value struct {
	Name, Value string
	Ask         bool
	Label       string
}

// Table is a part of the books. Columns named in Numbers are set right. Actions
// are what may be done with a row, by its place; none is a table to read alone.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
	Numbers []int
	Actions [][]Action
}

// ActionsOf are what may be done with row i.
func (t Table) ActionsOf(i int) []Action {
	if i >= len(t.Actions) {
		return nil
	}
	return t.Actions[i]
}

// Number tells whether column i holds numbers.
func (t Table) Number(i int) bool {
	for _, n := range t.Numbers {
		if n == i {
			return true
		}
	}
	return false
}

// Render writes the page.
func Render(w http.ResponseWriter, p Page) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	// A reader who has gone away is no fault of the page.
	_ = layout.Execute(w, p)
}

var layout = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="{{or .Language "en"}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Title}} – {{.System}} (practice)</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;color:#1c2430}
.practice{background:#fff3c4;border:1px solid #e0c050;padding:.4rem .8rem;border-radius:.4rem}
table{border-collapse:collapse;margin:.5rem 0 2rem;min-width:24rem}caption{text-align:left;font-weight:600;padding:.4rem 0}
th,td{border-bottom:1px solid #d5dae1;padding:.25rem .8rem .25rem 0;text-align:left}
.n{text-align:right;font-variant-numeric:tabular-nums}nav a{margin-right:1rem}button,input{font:inherit}.action{display:inline}
</style>
<p class="practice">Practice system. Nothing here is real and nothing leaves this computer.</p>
<h1>{{.System}} · {{.Title}}</h1>
{{with .Text}}<p>{{.}}</p>{{end}}
{{with .Links}}<nav>{{range .}}<a href="{{.Path}}">{{.Text}}</a>{{end}}</nav>{{end}}
{{range .Tables}}{{$t := .}}<table><caption>{{.Caption}}</caption>
<tr>{{range $i, $h := .Head}}<th{{if $t.Number $i}} class="n"{{end}}>{{$h}}</th>{{end}}</tr>
{{range $r, $row := .Rows}}<tr>{{range $i, $c := $row}}<td{{if $t.Number $i}} class="n"{{end}}>{{$c}}</td>{{end}}{{with $t.ActionsOf $r}}<td>{{range .}}{{template "action" .}} {{end}}</td>{{end}}</tr>
{{end}}</table>{{end}}
{{range .Actions}}<p>{{template "action" .}}</p>
{{end}}{{if .Control}}<h2>Bad days</h2><table>
{{range .Faults}}<tr><td>{{.Text}}</td><td>{{if .Left}}on{{else}}off{{end}}</td><td>
<form method="post" action="{{$.Control}}"><input type="hidden" name="fault" value="{{.ID}}"><input type="hidden" name="back" value="1">
<button name="times" value="1">once</button> <button name="times" value="-1">on</button> <button name="times" value="0">off</button></form></td></tr>
{{end}}</table>{{end}}
</html>
{{define "action"}}<form class="action" method="post" action="{{.Path}}">{{range .Values}}{{if .Ask}}<label>{{.Label}} <input name="{{.Name}}" value="{{.Value}}"></label> {{else}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">{{end}}{{end}}<button>{{.Text}}</button></form>{{end}}`))
