package payrollfile

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"loonbrug/data/journal"
	"loonbrug/data/model"
)

// NmbrsXML reads the transaction XML of Nmbrs journals and, with the same
// shape, of Twinfield: transactions, transaction, header (date, period), lines,
// line (dim1, dim2, dim3, value, debitcredit, description). Elements are found
// by name, in any order and namespace; unknown ones are passed over.
//
// Source: Nmbrs support, "API XML references" (360015523700).
type NmbrsXML struct{}

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

// Read gives every transaction, complete and balanced. Problems name the
// transaction and the line, counted from one, and the row in the file.
func (NmbrsXML) Read(ctx context.Context, r io.Reader, yield func(journal.Transaction) error) error {
	source := &guard{in: transform.NewReader(r, unicode.BOMOverride(transform.Nop))}
	d := &nmbrsDecoder{xml: xml.NewDecoder(source), source: source, yield: yield}
	d.xml.CharsetReader = charset
	for ctx.Err() == nil {
		source.allow(maxToken)
		token, err := d.xml.Token()
		if errors.Is(err, io.EOF) {
			return d.end()
		}
		if err != nil {
			return d.broken(err)
		}
		if err := d.take(token); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// nmbrsDecoder is the state between two tokens.
type nmbrsDecoder struct {
	xml    *xml.Decoder
	source *guard
	yield  func(journal.Transaction) error

	path         []string
	roots        int
	transactions int // begun
	lines        int // begun in this transaction
	inLine       bool
	now          journal.Transaction
	period       string
	date         string
	line         map[string]string
	text         strings.Builder
}

func (d *nmbrsDecoder) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		return d.problem("file.dtd")
	case xml.StartElement:
		return d.start(t.Name.Local)
	case xml.CharData:
		if d.text.Len()+len(t) <= maxField {
			d.text.Write(t)
			return nil
		}
		if len(bytes.TrimSpace(t)) == 0 {
			return nil
		}
		return d.problem("file.field_too_long", "limit", strconv.Itoa(maxField))
	case xml.EndElement:
		return d.finish(t.Name.Local)
	}
	return nil
}

func (d *nmbrsDecoder) start(name string) error {
	if len(d.path) == 0 {
		d.roots++
		if d.roots > 1 {
			return d.problem("file.two_documents")
		}
		if name != "transactions" && name != "transaction" {
			return d.problem("file.not_a_journal", "found", name)
		}
	}
	if len(d.path) >= maxDepth {
		return d.problem("file.too_deep", "limit", strconv.Itoa(maxDepth))
	}
	d.path = append(d.path, name)
	d.text.Reset()
	switch {
	case name == "transaction" && d.parent() != "line":
		d.transactions++
		d.lines, d.inLine = 0, false
		d.now, d.period, d.date = journal.Transaction{}, "", ""
	case name == "line" && d.parent() == "lines":
		d.lines++
		d.inLine = true
		d.line = make(map[string]string, 6)
	}
	return nil
}

// parent is the element that the innermost one stands in.
func (d *nmbrsDecoder) parent() string {
	if len(d.path) < 2 {
		return ""
	}
	return d.path[len(d.path)-2]
}

func (d *nmbrsDecoder) finish(name string) error {
	parent := d.parent()
	text := strings.TrimSpace(d.text.String())
	d.path = d.path[:len(d.path)-1]
	d.text.Reset()
	switch {
	case parent == "line" && d.inLine:
		d.line[name] = text
	case name == "line" && parent == "lines":
		d.inLine = false
		return d.endLine()
	case name == "period" && parent == "header":
		d.period = text
	case name == "date" && parent == "header":
		d.date = text
	case name == "transaction" && parent != "line":
		return d.endTransaction()
	}
	return nil
}

func (d *nmbrsDecoder) endLine() error {
	account := d.line["dim1"]
	if account == "" {
		return d.problem("file.no_ledger_account")
	}
	value, ok := d.line["value"]
	if !ok || value == "" {
		return d.problem("file.missing", "field", "value")
	}
	amount, err := journal.ParseAmount(value)
	if err != nil {
		return d.problem("file.bad_amount", "value", value).Because(err)
	}
	switch strings.ToLower(d.line["debitcredit"]) {
	case "debit":
	case "credit":
		amount = -amount
	case "":
		return d.problem("file.missing", "field", "debitcredit")
	default:
		return d.problem("file.bad_side", "value", d.line["debitcredit"])
	}
	d.now.Lines = append(d.now.Lines, journal.Line{
		LedgerAccount: account, CostCentre: d.line["dim2"], CostUnit: d.line["dim3"],
		Amount: amount, Text: d.line["description"],
	})
	return nil
}

func (d *nmbrsDecoder) endTransaction() error {
	d.lines = 0
	if d.period == "" {
		return d.problem("file.missing", "field", "period")
	}
	var err error
	if d.now.Period, err = journal.ParsePeriod(d.period); err != nil {
		return d.problem("file.bad_period", "value", d.period).Because(err)
	}
	if d.date != "" {
		if d.now.Date, err = journal.ParseDate(d.date); err != nil {
			return d.problem("file.bad_date", "value", d.date).Because(err)
		}
	}
	if err := d.now.Balance(); err != nil {
		return d.unbalanced(err)
	}
	return d.yield(d.now)
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

// broken turns a fault of the XML into a problem: cut off where the bytes
// simply ended, otherwise not XML at that row.
func (d *nmbrsDecoder) broken(err error) error {
	switch {
	case errors.Is(err, errTokenTooLong):
		return d.problem("file.field_too_long", "limit", strconv.Itoa(maxToken)).Because(err)
	case d.source.failed != nil:
		return fmt.Errorf("read: %w", d.source.failed)
	case d.source.ended && strings.HasSuffix(err.Error(), "unexpected EOF"):
		return d.problem("file.cut_off").Because(err)
	}
	return d.problem("file.not_xml").Because(err)
}

// problem names the place that has been reached.
func (d *nmbrsDecoder) problem(code string, pairs ...string) *model.Problem {
	row, _ := d.xml.InputPos()
	pairs = append(pairs, "row", strconv.Itoa(row))
	if d.transactions > 0 {
		pairs = append(pairs, "transaction", strconv.Itoa(d.transactions))
	}
	if d.lines > 0 {
		pairs = append(pairs, "line", strconv.Itoa(d.lines))
	}
	return model.NewProblem(code, pairs...)
}
