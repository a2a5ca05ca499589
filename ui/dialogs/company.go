package dialogs

import (
	"context"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"loonbrug/data/model"
	"loonbrug/integration/explain"
	"loonbrug/ui/async"
	"loonbrug/ui/i18n"
	"loonbrug/ui/widgets"
)

// Companies is a picker of payroll companies.
type Companies struct{ Picker *widgets.Picker }

// CompanyPicker makes a picker; changed is given 0 when nothing is chosen.
func CompanyPicker(companies []model.Company, changed func(id int64)) Companies {
	options := make([]widgets.Option, len(companies))
	for i, c := range companies {
		options[i] = widgets.Option{ID: strconv.FormatInt(c.ID, 10), Label: CompanyName(c)}
	}
	p := Companies{widgets.NewPicker(i18n.T("company.pick"), i18n.T("picker.nothing"), nil)}
	p.Picker.OnChanged = func(string) { changed(p.Company()) }
	p.Picker.SetOptions(options)
	return p
}

// Company is the id of the chosen company; 0 is none.
func (c Companies) Company() int64 {
	id, err := strconv.ParseInt(c.Picker.Chosen(), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// Choose chooses a company by its id.
func (c Companies) Choose(id int64) { c.Picker.Choose(strconv.FormatInt(id, 10)) }

// CompanyName is a company as a person knows it: number and name.
func CompanyName(c model.Company) string {
	return strings.TrimSpace(c.Number + " " + c.Name)
}

// CompanySaver keeps companies.
type CompanySaver interface {
	SaveCompany(ctx context.Context, c *model.Company) error
}

// fileSource is the source of companies that are entered by hand: their runs
// come from files.
const fileSource = "file"

// currencies gives the currency of a country that this program serves.
func currencies() map[string]string {
	return map[string]string{"NL": "EUR", "SE": "SEK", "FI": "EUR"}
}

// NewCompany asks for a payroll company whose runs come from files and gives it
// to then once it is kept.
func NewCompany(ctx context.Context, window fyne.Window, run *async.Runner, saver CompanySaver, explained func(*model.Problem) explain.Page, then func(model.Company)) *Dialog {
	name, number := widgets.NewEntry(), widgets.NewEntry()
	country := widgets.NewPicker(i18n.T("company.country"), i18n.T("picker.nothing"), nil)
	country.SetOptions([]widgets.Option{
		{ID: "NL", Label: i18n.T("country.nl")},
		{ID: "SE", Label: i18n.T("country.se")},
		{ID: "FI", Label: i18n.T("country.fi")},
	})
	country.Choose("NL")
	var d *Dialog
	name.OnChanged = func(text string) { d.Enable(strings.TrimSpace(text) != "") }
	form := container.New(layout.NewFormLayout(),
		widgets.Name(i18n.T("company.name")), name,
		widgets.Name(i18n.T("company.number")), number,
		widgets.Name(i18n.T("company.country")), country)
	d = Show(window, Spec{
		Title: i18n.T("company.new"), Content: form, Confirm: i18n.T("dialog.save"), Focus: name, Width: 440,
		OnConfirm: func(d *Dialog) {
			c := model.Company{
				Source: fileSource, Name: strings.TrimSpace(name.Text), Number: strings.TrimSpace(number.Text),
				Country: country.Chosen(), Currency: currencies()[country.Chosen()],
			}
			c.SourceID = c.Number
			if c.SourceID == "" {
				c.SourceID = c.Name
			}
			d.Busy(i18n.T("dialog.busy"))
			async.Run(ctx, run,
				func(ctx context.Context) (model.Company, error) { err := saver.SaveCompany(ctx, &c); return c, err },
				func(c model.Company, err error) {
					if err != nil {
						d.Fail(ProblemPanel(explained(model.ProblemOf(err)), nil))
						return
					}
					d.Close()
					then(c)
				})
		},
	})
	d.Enable(false)
	return d
}
