package explain_test

import (
	"go/ast"
	"strconv"
	"strings"
)

// finder follows an expression to the texts it can be.
type finder struct {
	pkg    *pkg
	around ast.Decl // the declaration that holds the expression
	seen   map[ast.Node]bool
	lost   []ast.Node
}

func (f *finder) values(e ast.Expr) []string {
	if f.seen[e] {
		return nil
	}
	f.seen[e] = true
	defer delete(f.seen, e)
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, err := strconv.Unquote(e.Value); err == nil {
			return []string{s}
		}
	case *ast.ParenExpr:
		return f.values(e.X)
	case *ast.BinaryExpr:
		var joined []string
		for _, left := range f.values(e.X) {
			for _, right := range f.values(e.Y) {
				joined = append(joined, left+right)
			}
		}
		return joined
	case *ast.SelectorExpr:
		if e.Sel.Name == "Target" {
			return targetIDs()
		}
		if strings.EqualFold(e.Sel.Name, "code") {
			return nil // the code of a problem that was made elsewhere
		}
		return f.fields(e.Sel.Name, e)
	case *ast.CallExpr:
		return f.results(e, 0)
	case *ast.Ident:
		if value, ok := f.pkg.constants[e.Name]; ok {
			return f.values(value)
		}
		return f.variable(e)
	}
	f.lost = append(f.lost, e)
	return nil
}

// variable follows a name to what is assigned to it in its declaration, and to
// the arguments of calls when it is a parameter.
func (f *finder) variable(e *ast.Ident) (found []string) {
	known := false
	assigned := func(names []ast.Expr, values []ast.Expr) {
		for i, name := range names {
			if id, ok := name.(*ast.Ident); !ok || id.Name != e.Name {
				continue
			}
			known = true
			switch {
			case len(names) == len(values):
				found = append(found, f.values(values[i])...)
			case len(values) == 1:
				if call, ok := values[0].(*ast.CallExpr); ok {
					found = append(found, f.results(call, i)...)
				} else {
					f.lost = append(f.lost, values[0])
				}
			}
		}
	}
	ast.Inspect(f.around, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			assigned(n.Lhs, n.Rhs)
			for i, value := range n.Rhs {
				if literal, ok := value.(*ast.FuncLit); ok {
					if at := position(literal.Type, e.Name); at >= 0 && holds(literal, e) {
						known = true
						found = append(found, f.arguments(nameOf(n.Lhs[i]), at, f.around)...)
					}
				}
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				assigned([]ast.Expr{name}, n.Values)
				known = known || name.Name == e.Name
			}
		}
		return true
	})
	if d, ok := f.around.(*ast.FuncDecl); ok {
		if at := position(d.Type, e.Name); at >= 0 {
			known = true
			for _, file := range f.pkg.files {
				for _, caller := range file.Decls {
					found = append(found, f.arguments(d.Name.Name, at, caller)...)
				}
			}
		}
		if r := d.Type.Results; r != nil && !known {
			known = position(&ast.FuncType{Params: r}, e.Name) >= 0
		}
	}
	if !known {
		f.lost = append(f.lost, e)
	}
	return found
}

// arguments are what calls of a function within a declaration pass at a place.
func (f *finder) arguments(function string, at int, within ast.Decl) (found []string) {
	inner := finder{pkg: f.pkg, around: within, seen: f.seen}
	ast.Inspect(within, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && nameOf(call.Fun) == function && at < len(call.Args) {
			found = append(found, inner.values(call.Args[at])...)
		}
		return true
	})
	f.lost = append(f.lost, inner.lost...)
	return found
}

// results are what a function of the package returns at a place.
func (f *finder) results(call *ast.CallExpr, at int) (found []string) {
	declared, ok := f.pkg.functions[nameOf(call.Fun)]
	if !ok {
		f.lost = append(f.lost, call)
	}
	for _, d := range declared {
		if d.Type.Results == nil || f.seen[d] {
			continue
		}
		f.seen[d] = true
		inner := finder{pkg: f.pkg, around: d, seen: f.seen}
		ast.Inspect(d.Body, func(n ast.Node) bool {
			if _, ok := n.(*ast.FuncLit); ok {
				return false
			}
			if r, ok := n.(*ast.ReturnStmt); ok && at < len(r.Results) {
				found = append(found, inner.values(r.Results[at])...)
			}
			return true
		})
		f.lost = append(f.lost, inner.lost...)
		delete(f.seen, d)
	}
	return found
}

// fields are the values that composite literals of the package give a field,
// by its name or by its place.
func (f *finder) fields(name string, at ast.Node) (found []string) {
	known := false
	for _, file := range f.pkg.files {
		for _, d := range file.Decls {
			inner := finder{pkg: f.pkg, around: d, seen: f.seen}
			take := func(value ast.Expr) {
				known = true
				found = append(found, inner.values(value)...)
			}
			ast.Inspect(d, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.KeyValueExpr:
					if nameOf(n.Key) == name {
						take(n.Value)
					}
				case *ast.CompositeLit:
					for _, row := range rowsOf(n) {
						if i := f.pkg.placeOf(nameOf(elementOf(n)), name); i >= 0 && i < len(row.Elts) {
							take(row.Elts[i])
						}
					}
				}
				return true
			})
			f.lost = append(f.lost, inner.lost...)
		}
	}
	if !known {
		f.lost = append(f.lost, at)
	}
	return found
}

// elementOf is the type of a literal's rows: T of []T{{...}} and of T{...}.
func elementOf(n *ast.CompositeLit) ast.Expr {
	if list, ok := n.Type.(*ast.ArrayType); ok {
		return list.Elt
	}
	return n.Type
}

// rowsOf are the literals without keys that a literal of structs is made of.
func rowsOf(n *ast.CompositeLit) (rows []*ast.CompositeLit) {
	candidates := []ast.Expr{n}
	if _, ok := n.Type.(*ast.ArrayType); ok {
		candidates = n.Elts
	}
	for _, c := range candidates {
		if row, ok := c.(*ast.CompositeLit); ok && len(row.Elts) > 0 {
			if _, keyed := row.Elts[0].(*ast.KeyValueExpr); !keyed {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// placeOf is the place of a field in a struct type of the package, or -1.
func (p *pkg) placeOf(structName, field string) int {
	for _, file := range p.files {
		for _, d := range file.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, s := range g.Specs {
				if ts, ok := s.(*ast.TypeSpec); ok && structName != "" && ts.Name.Name == structName {
					if st, ok := ts.Type.(*ast.StructType); ok {
						return position(&ast.FuncType{Params: st.Fields}, field)
					}
				}
			}
		}
	}
	return -1
}

// position is the place of a parameter, or -1.
func position(f *ast.FuncType, name string) int {
	i := 0
	for _, field := range f.Params.List {
		for _, n := range field.Names {
			if n.Name == name {
				return i
			}
			i++
		}
	}
	return -1
}

func holds(outer, inner ast.Node) bool {
	return outer.Pos() <= inner.Pos() && inner.End() <= outer.End()
}
