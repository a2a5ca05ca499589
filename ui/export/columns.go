package export

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"loonbrug/data/model"
	"loonbrug/integration/source"
	"loonbrug/ui/async"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// columnsForm asks what the columns of a table mean.
type columnsForm struct {
	screen  *Screen
	table   source.Table
	dialog  *dialogs.Dialog
	missing *widget.Label
	content *fyne.Container
}

const (
	columnsWidth  = 700
	columnsHeight = 400
	cellWidth     = 110
)

// askColumns asks what the columns of a file mean, remembers it for every file
// with the same header, and then takes the file in.
func (s *Screen) askColumns(t taken) {
	f := &columnsForm{screen: s, table: t.table, missing: widgets.Wrong("")}
	f.table.Columns = maps.Clone(t.table.Columns)
	roles := container.NewGridWithColumns(2)
	for _, role := range f.table.Roles {
		roles.Add(widgets.Name(i18n.T("column." + role)))
		roles.Add(f.picker(role))
	}
	f.content = container.NewVBox(widgets.Muted(i18n.T("columns.text", "file", t.file.name)), f.sample(), f.missing, roles)
	f.dialog = dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title: i18n.T("columns.title"), Content: container.NewVScroll(widgets.BesideBar(f.content)), Confirm: i18n.T("columns.read"),
		Width: columnsWidth, Height: columnsHeight,
		OnConfirm: func(d *dialogs.Dialog) { f.save(d, t) },
	})
	f.follow()
}

// sample are the header and the first rows, to look at.
func (f *columnsForm) sample() fyne.CanvasObject {
	grid := container.NewVBox()
	line := func(cells []string, strong bool) {
		row := container.NewHBox()
		for i := range f.table.Header {
			text := ""
			if i < len(cells) {
				text = cells[i]
			}
			cell := widgets.Line(text)
			cell.TextStyle.Bold = strong
			row.Add(container.NewGridWrap(fyne.NewSize(cellWidth, cell.MinSize().Height), cell))
		}
		grid.Add(row)
	}
	line(f.table.Header, true)
	for _, r := range f.table.Rows {
		line(r, false)
	}
	return widgets.Panel(container.NewHScroll(grid))
}

// picker chooses the column of a role.
func (f *columnsForm) picker(role string) *widgets.Picker {
	options := []widgets.Option{{Label: i18n.T("picker.none")}}
	for i, name := range f.table.Header {
		label := strings.TrimSpace(name)
		if label == "" {
			label = i18n.T("columns.unnamed", "n", i+1)
		}
		options = append(options, widgets.Option{ID: strconv.Itoa(i), Label: label})
	}
	p := widgets.NewPicker(i18n.T("picker.none"), i18n.T("picker.nothing"), nil)
	p.SetOptions(options)
	if i, ok := f.table.Columns[role]; ok {
		p.Choose(strconv.Itoa(i))
	}
	p.OnChanged = func(id string) {
		delete(f.table.Columns, role)
		if i, err := strconv.Atoi(id); err == nil {
			f.table.Columns[role] = i
		}
		f.follow()
	}
	return p
}

// follow says what is still missing.
func (f *columnsForm) follow() {
	var names []string
	for _, role := range f.screen.deps.Office.MissingColumns(f.table) {
		names = append(names, i18n.T("column."+role))
	}
	f.missing.SetText(i18n.T("columns.missing", "columns", strings.Join(names, ", ")))
	f.missing.Hidden = len(names) == 0
	f.dialog.Enable(len(names) == 0 && len(f.table.Columns) == len(slices.Compact(slices.Sorted(maps.Values(f.table.Columns)))))
	widgets.Settle(f.content)
}

// save remembers the columns and takes the file in.
func (f *columnsForm) save(d *dialogs.Dialog, t taken) {
	s := f.screen
	d.Busy(i18n.T("dialog.busy"))
	async.Run(s.ctx, s.deps.Runner,
		func(ctx context.Context) (taken, error) {
			if err := s.deps.Office.SaveColumns(ctx, f.table); err != nil {
				return taken{}, err
			}
			return s.takeOne(ctx, inMemory(t)), nil
		},
		func(again taken, err error) {
			if err == nil {
				err = again.err
			}
			if err != nil {
				d.Fail(dialogs.ProblemPanel(s.deps.Explain(model.ProblemOf(err)), nil))
				return
			}
			d.Close()
			s.tell(again)
		})
}
