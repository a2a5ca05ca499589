package export

import (
	"cmp"

	"loonbrug/data/model"
	"loonbrug/data/sheet"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// by compares rows by something of theirs.
func by[T any, V cmp.Ordered](value func(T) V) func(a, b T) int {
	return func(a, b T) int { return cmp.Compare(value(a), value(b)) }
}

// textColumn is a column of words that can be sorted.
func textColumn[T any](id, title string, width float32, text func(T) string) widgets.Column[T] {
	return widgets.Column[T]{ID: id, Title: title, Width: width, Text: text, Compare: by(text)}
}

// writtenColumns are what files say of a run beyond what its row shows.
func writtenColumns() []widgets.Column[model.RunRow] {
	text := func(title string, of func(model.RunRow) string) widgets.Column[model.RunRow] {
		return widgets.Column[model.RunRow]{Title: title, Text: of}
	}
	return []widgets.Column[model.RunRow]{
		text(i18n.T("export.column.run"), func(r model.RunRow) string { return r.Run.Description }),
		text(i18n.T("export.column.reference"), func(r model.RunRow) string { return r.Run.Reference }),
		{Title: i18n.T("export.column.amount"), Cell: func(r model.RunRow) sheet.Cell { return sheet.Amount(r.Debit) }},
		text(i18n.T("export.column.currency"), func(r model.RunRow) string { return r.Company.Currency }),
		{Title: i18n.T("export.column.corrections"), Cell: func(r model.RunRow) sheet.Cell { return sheet.Count(r.Corrections) }},
		{Title: i18n.T("export.column.run_at"), Cell: func(r model.RunRow) sheet.Cell { return sheet.DayOf(r.Run.RunAt.Local()) }},
	}
}
