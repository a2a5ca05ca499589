package export

import (
	"io"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/data/paper"
	"loonbrug/ui/dialogs"
	"loonbrug/ui/i18n"
	"loonbrug/ui/tables"
	"loonbrug/ui/widgets"
)

// proof is everything that a receipt says: of one period of a run at a target.
type proof struct {
	row     model.RunRow
	target  string // its name
	period  journal.Period
	entry   model.Entry
	receipt model.Receipt
	books   string // code and name of the administration
}

// proofOf gathers what a receipt of the details says.
func (s *Screen) proofOf(d detail, r receiptLine) proof {
	p := proof{row: d.row, target: s.description(d.logo.Target).Name, period: r.period, entry: d.entries[r.receipt.DeliveryID], receipt: r.receipt}
	p.books = p.entry.Administration
	if name := d.books[p.books]; name != "" && name != p.books {
		p.books += " " + name
	}
	return p
}

// facts are the lines of a receipt in their order; those without a value are left
// out. The page and the PDF are both made of them.
func (p proof) facts() (facts []paper.Fact) {
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, paper.Fact{Name: name, Value: value})
		}
	}
	debit, credit := p.entry.Totals()
	currency := p.entry.Currency
	both := func(debit, credit journal.Amount) string {
		return i18n.T("lines.total", "debit", debit, "credit", credit, "currency", currency)
	}
	add(i18n.T("receipt.target"), p.target)
	add(i18n.T("receipt.administration"), p.books)
	add(i18n.T("receipt.company"), p.row.Company.Name)
	add(i18n.T("receipt.run"), p.row.Run.Description)
	add(i18n.T("receipt.number"), p.receipt.Number)
	add(i18n.T("receipt.date"), i18n.FormatDate(p.entry.Date))
	add(i18n.T("receipt.period"), i18n.FormatPeriod(p.period))
	add(i18n.T("receipt.reference"), p.entry.Reference)
	add(i18n.T("receipt.lines"), strconv.Itoa(p.receipt.Lines))
	if len(p.entry.Lines) > 0 {
		add(i18n.T("receipt.sent"), both(debit, credit))
	}
	add(i18n.T("receipt.read_back"), both(p.receipt.Debit, p.receipt.Credit))
	add(i18n.T("receipt.at"), i18n.FormatTime(p.receipt.BookedAt))
	add(i18n.T("receipt.user"), p.receipt.User)
	if a := p.receipt.Approval; a != model.ApprovalNone && a != "" {
		add(i18n.T("receipt.approval"), i18n.T("approval."+string(a)))
	}
	add(i18n.T("receipt.key"), p.receipt.Key)
	add(i18n.T("receipt.hash"), p.receipt.EntryHash)
	if p.receipt.ReadHash != "" {
		add(i18n.T("receipt.read"), i18n.T("receipt.read.same", "hash", short(p.receipt.ReadHash)))
	}
	return facts
}

// title is that of the receipt of one booking.
func (p proof) title() string {
	return i18n.T("receipt.page", "target", p.target, "number", p.receipt.Number, "period", p.period)
}

// document is the receipt on paper.
func (p proof) document(now time.Time) paper.Document {
	part := paper.Part{
		Title: p.row.Company.Name, Facts: p.facts(),
		Titles: []paper.Column{
			{Title: i18n.T("lines.number"), Share: 0.08},
			{Title: i18n.T("lines.ledger"), Share: 0.14},
			{Title: i18n.T("lines.dimensions"), Share: 0.18},
			{Title: i18n.T("lines.text"), Share: 0.28},
			{Title: i18n.T("lines.debit"), Share: 0.16, End: true},
			{Title: i18n.T("lines.credit"), Share: 0.16, End: true},
		},
	}
	for _, l := range numberedLines(p.entry) {
		part.Rows = append(part.Rows, []string{l.number, l.LedgerAccount, dimensions(l), l.Text, side(l, l.Amount > 0), side(l, l.Amount < 0)})
	}
	debit, credit := p.entry.Totals()
	part.Total = []string{"", "", "", "", i18n.FormatAmount(debit), i18n.FormatAmount(credit)}
	return paper.Document{
		Title: p.title(), About: i18n.T("receipt.made", "at", now), Created: now, Language: i18n.Language(), Foot: p.receipt.Key, Parts: []paper.Part{part},
	}
}

const (
	receiptWidth  = 960
	receiptHeight = 520
)

// showReceipt shows a receipt as a page, with the button that makes a PDF of it.
func (s *Screen) showReceipt(p proof) {
	form := container.New(layout.NewFormLayout())
	for _, f := range p.facts() {
		form.Add(widgets.Name(f.Name))
		form.Add(widgets.Paragraph(f.Value))
	}
	table := widgets.NewTable(i18n.T("export.lines.none"), lineColumns()...)
	tables.Dress(s.ctx, table, tables.Deps{Keeper: s.deps.Office, Desk: s.desk, Name: "lines", Title: p.title()})
	table.SetRows(numberedLines(p.entry))
	logo := widgets.NewPicture(logoSize)
	d := s.description(p.entry.Target)
	logo.Set(d.Logo, widgets.LookColour)
	head := container.NewBorder(nil, nil, widgets.Middle(logo), nil, widgets.Title(p.target))
	facts := container.NewVScroll(widgets.BesideBar(container.NewVBox(head, widgets.Dense(form))))
	pdf := widgets.NewButton(i18n.T("receipt.pdf"), func() {
		dialogs.SaveFile(s.ctx, s.desk(), dialogs.FileName(p.title(), ".pdf"), func(w io.Writer) error {
			return p.document(s.deps.Now()).PDF(w)
		})
	})
	dialogs.Show(s.deps.Window(), dialogs.Spec{
		Title: p.title(), Content: widgets.Beside(receiptShare, facts, table), Extra: pdf, Width: receiptWidth, Height: receiptHeight,
	})
}

const receiptShare = 0.34 // the lines beside the facts need the rest, down to the last column

// receiptButton opens the page of a receipt.
func (s *Screen) receiptButton(d detail, r receiptLine) fyne.CanvasObject {
	return container.NewHBox(widgets.NewButton(i18n.T("receipt.open"), func() { s.showReceipt(s.proofOf(d, r)) }))
}
