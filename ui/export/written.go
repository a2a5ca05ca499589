package export

import (
	"loonbrug/data/model"
	"loonbrug/data/sheet"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

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
