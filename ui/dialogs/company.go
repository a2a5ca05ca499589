package dialogs

import (
	"cmp"
	"context"
	"slices"
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
	options, sources := make([]widgets.Option, len(companies)), SourcesOf(companies)
	for i, c := range companies {
		options[i] = widgets.Option{ID: strconv.FormatInt(c.ID, 10), Label: sources.Beside(CompanyName(c), c)}
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

// Sources say where companies come from, by their ids.
type Sources map[int64]string

// SourcesOf gives the sources of those companies alone that look like another of
// them: the same number and name, once from a payroll system and once from files.
func SourcesOf(companies []model.Company) Sources {
	alike := make(map[string]int)
	for _, c := range companies {
		alike[CompanyName(c)]++
	}
	sources := make(Sources)
	for _, c := range companies {
		switch {
		case alike[CompanyName(c)] == 1:
		case c.Source == fileSource:
			sources[c.ID] = i18n.T("company.source.file")
		default:
			sources[c.ID] = i18n.T("company.source.system", "source", c.Source)
		}
	}
	return sources
}

// Beside is a text about a company with its source where that is needed.
func (s Sources) Beside(text string, c model.Company) string {
	if s[c.ID] == "" {
		return text
	}
	return text + " · " + s[c.ID]
}

// CompanySaver keeps companies.
type CompanySaver interface {
	SaveCompany(ctx context.Context, c *model.Company) error
	// BlockDebtor blocks or unblocks all companies of a debtor.
	BlockDebtor(ctx context.Context, debtor string, on bool) error
}

// fileSource is the source of companies that are entered by hand: their runs
// come from files.
const fileSource = "file"

// currencyOf gives the currency of a country that this program serves.
func currencyOf(country string) string {
	if country == "SE" {
		return "SEK"
	}
	return "EUR"
}

// currencies are those that payrolls of the countries of this program are in.
func currencies() []string { return []string{"EUR", "SEK", "DKK", "NOK", "GBP", "USD"} }

// companyForm is the fields of a company on the screen.
type companyForm struct {
	name, number      *widgets.Entry
	country, currency *widgets.Picker
	fourWeekly        *widgets.Check
	rules             *companyRules
	content           *fyne.Container
}

func newCompanyForm(c model.Company, changed func()) *companyForm {
	f := &companyForm{name: widgets.NewEntry(), number: widgets.NewEntry()}
	f.name.SetText(c.Name)
	f.name.OnChanged = func(string) { changed() }
	f.number.SetText(c.Number)
	f.currency = widgets.NewPicker(i18n.T("picker.choose"), i18n.T("picker.nothing"), nil)
	known := currencies()
	if c.Currency != "" && !slices.Contains(known, c.Currency) {
		known = append(known, c.Currency)
	}
	options := make([]widgets.Option, len(known))
	for i, code := range known {
		options[i] = widgets.Option{ID: code, Label: code}
	}
	f.currency.SetOptions(options)
	f.country = widgets.NewPicker(i18n.T("picker.choose"), i18n.T("picker.nothing"), func(id string) { f.currency.Choose(currencyOf(id)) })
	f.country.SetOptions([]widgets.Option{
		{ID: "NL", Label: i18n.T("country.nl")},
		{ID: "SE", Label: i18n.T("country.se")},
		{ID: "FI", Label: i18n.T("country.fi")},
	})
	f.country.Choose(c.Country)
	f.currency.Choose(c.Currency)
	f.fourWeekly = widgets.NewCheck(i18n.T("company.four_weekly"), nil)
	f.fourWeekly.SetChecked(c.FourWeekly)
	f.rules = newCompanyRules(c, changed)
	f.content = container.NewVBox(container.New(layout.NewFormLayout(),
		widgets.Name(i18n.T("company.name")), f.name,
		widgets.Name(i18n.T("company.number")), f.number,
		widgets.Name(i18n.T("company.country")), f.country,
		widgets.Name(i18n.T("company.currency")), f.currency,
		widgets.Name(""), f.fourWeekly), f.rules.fold)
	return f
}

// good tells whether everything in the form can be kept.
func (f *companyForm) good() bool { return strings.TrimSpace(f.name.Text) != "" && f.rules.good() }

// fill puts what the form holds into a company.
func (f *companyForm) fill(c model.Company) model.Company {
	c.Name, c.Number = strings.TrimSpace(f.name.Text), strings.TrimSpace(f.number.Text)
	c.Country, c.Currency, c.FourWeekly = f.country.Chosen(), f.currency.Chosen(), f.fourWeekly.Checked
	return f.rules.fill(c)
}

// CompanyDesk is what the dialogs of a company stand on.
type CompanyDesk struct {
	Window  fyne.Window
	Runner  *async.Runner
	Saver   CompanySaver
	Explain func(*model.Problem) explain.Page
}

// NewCompany asks for a payroll company whose runs come from files and gives it
// to then once it is kept.
func NewCompany(ctx context.Context, desk CompanyDesk, then func(model.Company)) *Dialog {
	return askCompany(ctx, desk, i18n.T("company.new"), model.Company{Source: fileSource, Country: "NL", Currency: currencyOf("NL")}, then)
}

// ChangeCompany asks for other data of a company, such as its currency, and gives
// it to then once it is kept.
func ChangeCompany(ctx context.Context, desk CompanyDesk, c model.Company, then func(model.Company)) *Dialog {
	return askCompany(ctx, desk, i18n.T("company.change"), c, then)
}

const (
	companyWidth  = 480
	companyHeight = 420
)

func askCompany(ctx context.Context, desk CompanyDesk, title string, before model.Company, then func(model.Company)) *Dialog {
	var f *companyForm
	var d *Dialog
	f = newCompanyForm(before, func() {
		if d != nil {
			widgets.Settle(f.content)
			d.Enable(f.good())
		}
	})
	d = Show(desk.Window, Spec{
		Title: title, Content: widgets.Scrolling(container.NewVScroll(widgets.BesideBar(f.content))), Confirm: i18n.T("dialog.save"), Focus: f.name,
		Width: companyWidth, Height: companyHeight,
		OnConfirm: func(d *Dialog) {
			c := f.fill(before)
			if c.SourceID == "" {
				c.SourceID = cmp.Or(c.Number, c.Name) // stays when either is changed later
			}
			d.Busy(i18n.T("dialog.busy"))
			async.Run(ctx, desk.Runner,
				func(ctx context.Context) (model.Company, error) {
					err := desk.keep(ctx, &c, before.DebtorBlocked)
					return c, err
				},
				func(c model.Company, err error) {
					if err != nil {
						d.Fail(ProblemPanel(desk.Explain(model.ProblemOf(err)), nil))
						return
					}
					d.Close()
					then(c)
				})
		},
	})
	d.Enable(f.good())
	return d
}

// keep keeps a company; a debtor that is blocked, or no longer, is so for all of
// its companies.
func (desk CompanyDesk) keep(ctx context.Context, c *model.Company, wasBlocked bool) error {
	if err := desk.Saver.SaveCompany(ctx, c); err != nil || c.DebtorBlocked == wasBlocked || c.Debtor == "" {
		return err
	}
	return desk.Saver.BlockDebtor(ctx, c.Debtor, c.DebtorBlocked)
}
