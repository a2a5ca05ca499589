// Package follow is read by the test of the finder of problem codes and never
// compiled into the program.
package follow

const named = "a.constant"

func codes(e entry, odd bool, rows []row) {
	model.NewProblem("a.literal", "x", "1", "y", "2")
	model.NewProblem(named)
	model.NewProblem(e.Target + ".shared")
	code := "a.first"
	if odd {
		code = "a.second"
	}
	model.NewProblem(code)
	helper("b.arg", "x", "1")
	helper("b.other")
	problem := func(name string) *model.Problem { return model.NewProblem("a."+name, "x", "1") }
	problem("one")
	problem("two")
	model.NewProblem(result(odd))
	_ = &model.Problem{Code: "a.composite"}
	table := []row{{name: "a.table"}}
	model.NewProblem(table[0].name)
	for _, r := range []rule{{1, "placed"}} {
		model.NewProblem("a." + r.label)
	}
}

type rule struct {
	n     int
	label string
}

func helper(code string, pairs ...string) { model.NewProblem(code, pairs...) }

func result(bool) string { return "a.result" }
