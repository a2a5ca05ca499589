// Package tables gives a table its menu and keeps how a person left it: [Dress]
// is called once for a table. The menu sorts, shows and hides columns, makes them
// wider and narrower, copies, and writes the table to a file.
//
// It holds nothing: what is kept is kept by the office.
package tables

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/data/sheet"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Keeper keeps how tables look, by their names.
type Keeper interface {
	TableView(ctx context.Context, table string) (model.TableView, error)
	SaveTableView(ctx context.Context, table string, v model.TableView) error
}

// Deps is what the menu of a table stands on.
type Deps struct {
	Keeper Keeper
	Desk   func() dialogs.Desk
	Name   string            // the table's name for ever
	Title  string            // of the file, in the language of the moment
	All    func(then func()) // shows all rows before they are written or sorted; nil: they are shown
}

// step is how much wider or narrower the menu makes a column.
const step = 40

// Dress gives a table its menu and shows it as it was left.
func Dress[T any](ctx context.Context, t *widgets.Table[T], d Deps) {
	t.Decimal = i18n.Decimal
	t.OnCopied = func() { widgets.Say(d.Desk().Window.Canvas(), i18n.T("dialog.copied")) }
	t.OnMenu = func(at fyne.Position) {
		widget.ShowPopUpMenuAtPosition(menu(ctx, t, d), d.Desk().Window.Canvas(), at)
	}
	t.OnView = func(v model.TableView) {
		async.Run(ctx, d.Desk().Runner,
			func(ctx context.Context) (struct{}, error) { return struct{}{}, d.Keeper.SaveTableView(ctx, d.Name, v) },
			func(_ struct{}, err error) {
				if err != nil { // a width that is forgotten is no reason to stop anybody
					slog.Warn(fmt.Errorf("keep the view of table %s: %w", d.Name, err).Error())
				}
			})
	}
	async.Run(ctx, d.Desk().Runner,
		func(ctx context.Context) (model.TableView, error) { return d.Keeper.TableView(ctx, d.Name) },
		func(v model.TableView, err error) {
			if err != nil {
				slog.Warn(fmt.Errorf("view of table %s: %w", d.Name, err).Error())
				return
			}
			t.SetView(v)
		})
}

func menu[T any](ctx context.Context, t *widgets.Table[T], d Deps) *fyne.Menu {
	all := d.All
	if all == nil {
		all = func(then func()) { then() }
	}
	sorts, shown, wide := &fyne.Menu{}, &fyne.Menu{}, &fyne.Menu{}
	for _, c := range t.Columns() {
		if c.Sortable {
			item := fyne.NewMenuItem(sortLabel(c), func() { all(func() { t.SortBy(c.ID) }) })
			item.Checked = c.Sorted
			sorts.Items = append(sorts.Items, item)
		}
		item := fyne.NewMenuItem(c.Title, func() { t.ShowColumn(c.ID, c.Hidden) })
		item.Checked, item.Disabled = !c.Hidden, c.Alone
		shown.Items = append(shown.Items, item)
		if !c.Hidden {
			wide.Items = append(wide.Items,
				fyne.NewMenuItem(i18n.T("table.wider", "column", c.Title), func() { t.Widen(c.ID, step) }),
				fyne.NewMenuItem(i18n.T("table.narrower", "column", c.Title), func() { t.Widen(c.ID, -step) }))
		}
	}
	m := fyne.NewMenu("")
	for _, below := range []struct {
		label string
		menu  *fyne.Menu
	}{{i18n.T("table.sort"), sorts}, {i18n.T("table.columns"), shown}, {i18n.T("table.widths"), wide}} {
		if len(below.menu.Items) > 0 {
			item := fyne.NewMenuItem(below.label, nil)
			item.ChildMenu = below.menu
			m.Items = append(m.Items, item)
		}
	}
	m.Items = append(m.Items,
		fyne.NewMenuItem(i18n.T("table.reset"), t.ResetView),
		fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem(i18n.T("table.copy"), func() { t.CopyTo(fyne.CurrentApp().Clipboard()) }),
		fyne.NewMenuItem(i18n.T("table.xlsx"), func() { all(func() { saveXLSX(ctx, d, t.Sheet(d.Title)) }) }),
		fyne.NewMenuItem(i18n.T("table.csv"), func() { all(func() { saveCSV(ctx, d, t.Sheet(d.Title)) }) }),
	)
	return m
}

// sortLabel says which way the rows will go.
func sortLabel(c widgets.ColumnState) string {
	if c.Sorted && !c.Down {
		return i18n.T("table.sort.down", "column", c.Title)
	}
	return i18n.T("table.sort.up", "column", c.Title)
}

func saveXLSX(ctx context.Context, d Deps, s sheet.Table) {
	dialogs.SaveFile(ctx, d.Desk(), dialogs.FileName(d.Title, ".xlsx"), s.XLSX)
}

func saveCSV(ctx context.Context, d Deps, s sheet.Table) {
	style := sheet.Style{Separator: ';', Decimal: i18n.Decimal()}
	if style.Decimal == "." {
		style.Separator = ','
	}
	dialogs.SaveFile(ctx, d.Desk(), dialogs.FileName(d.Title, ".csv"), func(w io.Writer) error { return s.CSV(w, style) })
}
