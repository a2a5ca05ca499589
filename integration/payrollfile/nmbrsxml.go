package payrollfile

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// NmbrsXML reads the transaction XML of Nmbrs journals and, with the same
// shape, of Twinfield: transactions, transaction, header (date, period), lines,
// line (dim1, dim2, dim3, value, debitcredit, description). Elements are found
// by name, in any order and namespace; unknown ones are passed over.
//
// Source: Nmbrs support, "API XML references" (360015523700).
type NmbrsXML struct {
	WithoutAccount bool // take lines without a ledger account as they are
}

// ID is "nmbrs-xml".
func (NmbrsXML) ID() string { return "nmbrs-xml" }

// Recognise takes anything that begins like XML; whether it is a journal shows
// from its first element, so that a web page gets a problem of its own.
func (NmbrsXML) Recognise(head []byte) bool {
	if utf16(head) {
		return true
	}
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	return bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("<"))
}

const (
	xmlPiece      = 64 << 10  // bytes of a file that are read at once
	maxNmbrsLines = 2_000_000 // lines of one transaction: a payroll may be a single one
)

// Read gives every transaction, complete and balanced. Problems name the
// transaction and the line, counted from one, and the row in the file.
func (n NmbrsXML) Read(ctx context.Context, r io.Reader, yield func(journal.Transaction) error) error {
	return n.read(ctx, r, xmlPiece, yield)
}

func (n NmbrsXML) read(ctx context.Context, r io.Reader, piece int, yield func(journal.Transaction) error) error {
	plain := bufio.NewReaderSize(r, piece)
	mark, err := plain.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read: %w", err)
	}
	source := &guard{in: plain, left: math.MaxInt}
	if utf16(mark) || string(mark) == "\xef\xbb\xbf" {
		source.in = unmarked(plain)
	}
	xml := newXMLScanner(source, piece)
	d := &nmbrsDecoder{row: xml.row, yield: yield, bare: n.WithoutAccount}
	for ctx.Err() == nil {
		e, err := xml.next()
		if source.failed != nil {
			return fmt.Errorf("read: %w", source.failed)
		}
		if err != nil {
			return d.broken(err)
		}
		if e == ended {
			return d.end()
		}
		if err := d.take(e, xml.name, xml.text); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// nmbrsDecoder is the state between two tags or texts.
type nmbrsDecoder struct {
	row   func() int
	yield func(journal.Transaction) error
	bare  bool // lines without an account are taken

	path         []element
	roots        int
	transactions int // begun
	lines        int // begun in this transaction
	inLine       bool
	now          journal.Transaction
	period       string
	date         string
	line         [elements][]byte // the texts in it
	text         []byte
	kept         texts
}

func (d *nmbrsDecoder) take(e event, name, text []byte) error {
	switch e {
	case startTag:
		return d.start(name)
	case emptyTag:
		if err := d.start(name); err != nil {
			return err
		}
		return d.finish()
	case endTag:
		return d.finish()
	case characters:
		if len(d.text)+len(text) <= maxField {
			d.text = append(d.text, text...)
			return nil
		}
		if len(bytes.TrimSpace(text)) > 0 {
			return d.problem("file.field_too_long", "limit", strconv.Itoa(maxField))
		}
	}
	return nil
}

func (d *nmbrsDecoder) start(name []byte) error {
	e := elementOf(name)
	if len(d.path) == 0 {
		d.roots++
		if d.roots > 1 {
			return d.problem("file.two_documents")
		}
		if e != transactionsElement && e != transactionElement {
			return d.problem("file.not_a_journal", "found", string(name))
		}
	}
	if len(d.path) >= maxDepth {
		return d.problem("file.too_deep", "limit", strconv.Itoa(maxDepth))
	}
	d.path = append(d.path, e)
	d.text = d.text[:0]
	switch {
	case e == transactionElement && d.parent() != lineElement:
		d.transactions++
		d.lines, d.inLine = 0, false
		d.now, d.period, d.date = journal.Transaction{Lines: make([]journal.Line, 0, min(len(d.now.Lines), 64))}, "", ""
	case e == lineElement && d.parent() == linesElement:
		d.lines++
		if d.lines > maxNmbrsLines {
			return d.problem("file.too_many", "limit", strconv.Itoa(maxNmbrsLines))
		}
		d.inLine = true
		for i := range d.line {
			d.line[i] = d.line[i][:0]
		}
	}
	return nil
}

// parent is the element that the innermost one stands in.
func (d *nmbrsDecoder) parent() element {
	if len(d.path) < 2 {
		return otherElement
	}
	return d.path[len(d.path)-2]
}

func (d *nmbrsDecoder) finish() error {
	e, parent := d.path[len(d.path)-1], d.parent()
	text := bytes.TrimSpace(d.text)
	d.path = d.path[:len(d.path)-1]
	d.text = d.text[:0]
	switch {
	case parent == lineElement && d.inLine:
		d.line[e] = append(d.line[e][:0], text...)
	case e == lineElement && parent == linesElement:
		d.inLine = false
		return d.endLine()
	case e == periodElement && parent == headerElement:
		d.period = string(text)
	case e == dateElement && parent == headerElement:
		d.date = string(text)
	case e == transactionElement && parent != lineElement:
		return d.endTransaction()
	}
	return nil
}

func (d *nmbrsDecoder) endLine() error {
	account, value, side := d.line[dim1Element], string(d.line[valueElement]), d.line[sideElement]
	if len(account) == 0 && !d.bare {
		return d.problem("file.no_ledger_account")
	}
	if value == "" {
		return d.problem("file.missing", "field", "value")
	}
	amount, err := journal.ParseAmount(value)
	switch {
	case err != nil:
		return d.problem("file.bad_amount", "field", "value", "value", value).Because(err)
	case len(side) == 0:
		return d.problem("file.missing", "field", "debitcredit")
	case bytes.EqualFold(side, []byte("credit")):
		amount = -amount
	case !bytes.EqualFold(side, []byte("debit")):
		return d.problem("file.bad_side", "field", "debitcredit", "value", string(side))
	}
	d.now.Lines = append(d.now.Lines, journal.Line{
		LedgerAccount: d.kept.of(account), CostCentre: d.kept.of(d.line[dim2Element]), CostUnit: d.kept.of(d.line[dim3Element]),
		Amount: amount, Text: d.kept.of(d.line[textElement]),
	})
	return nil
}

func (d *nmbrsDecoder) endTransaction() error {
	d.lines = 0
	if err := d.when(); err != nil {
		return err
	}
	if err := d.now.Balance(); err != nil {
		return d.unbalanced(err)
	}
	return d.yield(d.now)
}

// when reads date and period of a transaction. Twinfield lets the period be left
// out; it is then the month of the date.
func (d *nmbrsDecoder) when() (err error) {
	if d.date != "" {
		if d.now.Date, err = journal.ParseDate(d.date); err != nil {
			return d.problem("file.bad_date", "field", "date", "value", d.date).Because(err)
		}
	}
	switch {
	case d.period != "":
		if d.now.Period, err = journal.ParsePeriod(d.period); err != nil {
			return d.problem("file.bad_period", "field", "period", "value", d.period).Because(err)
		}
		return nil
	case d.date == "":
		return d.problem("file.missing", "field", "period")
	}
	d.now.Period = periodOf(d.now.Date)
	if err := d.now.Period.Validate(); err != nil {
		return d.problem("file.bad_date", "field", "date", "value", d.date).Because(err)
	}
	return nil
}

func (d *nmbrsDecoder) unbalanced(err error) error {
	var u *journal.Unbalanced
	if !errors.As(err, &u) {
		return d.problem("file.bad_amount", "value", "").Because(err)
	}
	return d.problem("file.unbalanced", "period", u.Period.String(),
		"debit", u.Debit.String(), "credit", u.Credit.String(),
		"difference", (u.Debit - u.Credit).Abs().String()).Because(err)
}

// end is reached when the bytes end where a document may end.
func (d *nmbrsDecoder) end() error {
	if d.roots == 0 {
		return d.problem("file.not_xml")
	}
	return nil
}

// broken turns a fault of the XML into a problem.
func (d *nmbrsDecoder) broken(err error) error {
	switch {
	case errors.Is(err, errTokenTooLong):
		return d.problem("file.field_too_long", "limit", strconv.Itoa(maxToken)).Because(err)
	case errors.Is(err, errDocumentType):
		return d.problem("file.dtd")
	case errors.Is(err, errCutOff):
		return d.problem("file.cut_off").Because(err)
	}
	return d.problem("file.not_xml").Because(err)
}

// problem names the place that has been reached.
func (d *nmbrsDecoder) problem(code string, pairs ...string) *model.Problem {
	pairs = append(pairs, "row", strconv.Itoa(d.row()))
	if d.transactions > 0 {
		pairs = append(pairs, "transaction", strconv.Itoa(d.transactions))
	}
	if d.lines > 0 {
		pairs = append(pairs, "line", strconv.Itoa(d.lines))
	}
	return model.NewProblem(code, pairs...)
}
