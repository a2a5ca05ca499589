package payrollfile

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/source"
)

// XAF reads the XML Auditfile Financieel, version 3.2 and its edition 3.2.1,
// which differs in its namespace alone.
//
//   - costID of a line is the cost centre, prodID the cost unit; projID is left
//     out. The text of a line is the name of its ledger account, or empty: the
//     free texts (desc) may name an employee and are not kept.
//   - The opening balance is no transaction, whether it stands in openingBalance
//     or in transactions of period 0.
//   - The number of lines and the totals that the file states must be those of
//     its lines.
//
// Elements are found by their place, whatever prefix their namespace has;
// unknown ones are passed over.
//
// Source: Belastingdienst, "XML Auditfile Financieel 3.2" (schema, explanation
// and addendum of 2017). Other versions, the payroll audit file (XAS) among
// them, are refused by their name.
type XAF struct{}

// ID is "xaf".
func (XAF) ID() string { return "xaf" }

// Recognise takes every audit file, so that those which cannot be read get a
// problem of their own.
func (XAF) Recognise(head []byte) bool {
	head = plainHead(head)
	return bytes.HasPrefix(head, []byte(adfMark)) || isAuditfile(xmlRoot(head).Local)
}

// adfMark begins the audit files of 1999, which are no XML.
const adfMark = "CLAIR1."

func isAuditfile(name string) bool { return strings.Contains(strings.ToLower(name), "auditfile") }

// Read gives every transaction, complete and balanced.
func (f XAF) Read(ctx context.Context, r io.Reader, yield func(journal.Transaction) error) error {
	return f.ReadHeaded(ctx, r, func(source.Header) error { return nil }, yield)
}

// ReadHeaded is [XAF.Read] that first gives what the file says of itself:
// company, book year and program.
func (XAF) ReadHeaded(ctx context.Context, r io.Reader, head func(source.Header) error, yield func(journal.Transaction) error) error {
	plain := bufio.NewReader(transform.NewReader(r, unicode.BOMOverride(transform.Nop)))
	in := &guard{in: plain}
	d := &xafDecoder{xml: xml.NewDecoder(in), source: in, names: make(map[string]string), head: head, yield: yield}
	d.xml.CharsetReader = charset
	begin, err := plain.Peek(len(adfMark))
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return fmt.Errorf("read: %w", err)
	case string(begin) == adfMark:
		return d.problem("file.xaf_version", "version", "1.0")
	}
	for ctx.Err() == nil {
		in.allow(maxToken)
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

// Places of the elements that matter, below the root.
const (
	xafCompany      = "/company"
	xafAccount      = xafCompany + "/generalLedger/ledgerAccount"
	xafTransactions = xafCompany + "/transactions"
	xafTransaction  = xafTransactions + "/journal/transaction"
	xafLine         = xafTransaction + "/trLine"
)

// xafDecoder is the state between two tokens.
type xafDecoder struct {
	xml    *xml.Decoder
	source *guard
	head   func(source.Header) error
	yield  func(journal.Transaction) error

	depth int
	path  []byte // places of the open elements below the root, "/company/..."
	roots int
	bare  bool // the root has no namespace
	text  strings.Builder

	header     source.Header
	headerSent bool
	year       string // fiscalYear as written
	taxNumber  string
	names      map[string]string // of ledger accounts
	account    string            // accID of the ledgerAccount in hand
	accountAs  string            // its accDesc
	stated     map[string]string // linesCount, totalDebit, totalCredit
	counted    xafTotals

	daybook      string
	transactions int  // begun
	inside       bool // a transaction
	lines        int  // begun in it
	now          xafTransactionText
	done         []journal.Line
	line         xafLineText
}

// xafTransactionText and xafLineText are what the file says, as written.
type xafTransactionText struct{ number, period, date string }

type xafLineText struct{ account, amount, side, costCentre, costUnit string }

func (d *xafDecoder) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.Directive:
		return d.problem("file.dtd")
	case xml.StartElement:
		return d.start(t.Name)
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

func (d *xafDecoder) start(name xml.Name) error {
	if d.depth >= maxDepth {
		return d.problem("file.too_deep", "limit", strconv.Itoa(maxDepth))
	}
	d.depth++
	d.text.Reset()
	if d.depth == 1 {
		d.roots++
		if d.roots > 1 {
			return d.problem("file.two_documents")
		}
		return d.version(name)
	}
	d.path = append(append(d.path, '/'), name.Local...)
	switch string(d.path) {
	case "/header/auditfileVersion", "/transactions":
		if d.bare {
			return d.problem("file.xaf_version", "version", "2.0")
		}
	case xafAccount:
		d.account, d.accountAs = "", ""
	case xafTransactions:
		if d.stated != nil {
			return d.problem("file.bad_record", "found", "transactions")
		}
		d.stated = make(map[string]string, 3)
		return d.sendHeader()
	case xafTransactions + "/journal":
		d.daybook = ""
	case xafTransaction:
		d.transactions++
		d.inside = true
		d.lines, d.done, d.now = 0, nil, xafTransactionText{}
	case xafLine:
		d.lines++
		d.line = xafLineText{}
		if d.lines > maxLines {
			return d.problem("file.too_many", "limit", strconv.Itoa(maxLines))
		}
	}
	return nil
}

// version lets 3.2 and 3.2.1 pass. Namespaces are compared without regard to
// capitals, as programs write them in both ways.
func (d *xafDecoder) version(root xml.Name) error {
	space := strings.TrimSuffix(strings.ToLower(root.Space), "/")
	name := strings.ToLower(root.Local)
	switch {
	case !isAuditfile(name):
		return d.problem("file.not_a_journal", "found", foundText([]byte(root.Local)))
	case strings.Contains(space+name, "salaris"), strings.Contains(space, "/xas"):
		return d.problem("file.xas")
	case space == "http://www.auditfiles.nl/xaf/3.2", strings.HasSuffix(space, "/xmlauditfilefinancieel3.2"),
		strings.HasSuffix(space, "/xmlauditfilefinancieel3.2.1"):
		return nil
	}
	if d.bare = space == ""; d.bare {
		return nil // some programs leave it out; the places of the elements show what it is
	}
	number := regexp.MustCompile(`[0-9]+(\.[0-9]+)+$`).FindString(space)
	if number == "" {
		number = "?"
	}
	return d.problem("file.xaf_version", "version", number)
}

func (d *xafDecoder) finish(name string) error {
	d.depth--
	if d.depth == 0 {
		return nil
	}
	place := d.path
	parent := d.path[:len(d.path)-len(name)-1]
	d.path = parent
	text := strings.TrimSpace(d.text.String())
	d.text.Reset()
	switch {
	case string(parent) == xafLine:
		d.line.set(name, text)
	case string(place) == xafLine:
		return d.endLine()
	case string(parent) == xafTransaction:
		d.now.set(name, text)
	case string(place) == xafTransaction:
		return d.endTransaction()
	case string(parent) == xafTransactions:
		d.stated[name] = text
	case string(place) == xafTransactions:
		return d.compare()
	case string(place) == xafTransactions+"/journal/jrnID":
		d.daybook = text
	case string(place) == xafAccount:
		return d.endAccount()
	case string(parent) == xafAccount && name == "accID":
		d.account = text
	case string(parent) == xafAccount && name == "accDesc":
		d.accountAs = text
	case string(parent) == "/header" || string(parent) == xafCompany:
		return d.setHeader(string(place), text)
	}
	return nil
}

func (t *xafTransactionText) set(name, text string) {
	switch name {
	case "nr":
		t.number = text
	case "periodNumber":
		t.period = text
	case "trDt":
		t.date = text
	}
}

func (l *xafLineText) set(name, text string) {
	switch name {
	case "accID":
		l.account = text
	case "amnt":
		l.amount = text
	case "amntTp":
		l.side = text
	case "costID":
		l.costCentre = text
	case "prodID":
		l.costUnit = text
	}
}

func (d *xafDecoder) setHeader(place, text string) error {
	var err error
	switch h := &d.header; place {
	case "/header/fiscalYear":
		d.year = text
	case "/header/startDate":
		h.YearStart, err = d.date("startDate", text)
	case "/header/endDate":
		h.YearEnd, err = d.date("endDate", text)
	case "/header/softwareDesc":
		h.Programme = text
	case "/header/softwareVersion":
		h.Programme = strings.TrimSpace(h.Programme + " " + text)
	case "/company/companyIdent":
		h.CompanyNumber = text
	case "/company/taxRegIdent":
		d.taxNumber = text
	case "/company/companyName":
		h.CompanyName = text
	case "/company/taxRegistrationCountry":
		h.Country = text
	}
	return err
}

// date reads a day of a field; an empty text is the zero date.
func (d *xafDecoder) date(field, text string) (journal.Date, error) {
	if text == "" {
		return journal.Date{}, nil
	}
	date, err := journal.ParseDate(cutDayZone(text))
	if err == nil {
		err = periodOf(date).Validate()
	}
	if err != nil {
		return journal.Date{}, d.problem("file.bad_date", "field", field, "value", text).Because(err)
	}
	return date, nil
}

// cutDayZone takes the zone off a day, which XML Schema allows: 2026-03-31Z and
// 2026-03-31+01:00.
func cutDayZone(text string) string {
	const day = len("2026-03-31")
	if len(text) > day && strings.ContainsRune("Z+-", rune(text[day])) {
		return text[:day]
	}
	return text
}

func (d *xafDecoder) sendHeader() error {
	if d.headerSent {
		return nil
	}
	d.headerSent = true
	if d.header.CompanyNumber == "" {
		d.header.CompanyNumber = d.taxNumber
	}
	return d.head(d.header)
}

func (d *xafDecoder) endAccount() error {
	d.names[d.account] = d.accountAs
	if len(d.names) > maxNames {
		return d.problem("file.too_many", "limit", strconv.Itoa(maxNames))
	}
	return nil
}

// end is reached when the bytes end where a document may end.
func (d *xafDecoder) end() error {
	if d.roots == 0 {
		return d.problem("file.not_xml")
	}
	if d.bare && d.stated == nil {
		return d.problem("file.xaf_version", "version", "?")
	}
	return d.sendHeader()
}

// broken turns a fault of the XML into a problem.
func (d *xafDecoder) broken(err error) error {
	switch {
	case errors.Is(err, errTokenTooLong):
		return d.problem("file.field_too_long", "limit", strconv.Itoa(maxToken)).Because(err)
	case d.source.failed != nil:
		return fmt.Errorf("read: %w", d.source.failed)
	case strings.Contains(err.Error(), "invalid UTF-8"):
		field := string(d.path[bytes.LastIndexByte(d.path, '/')+1:])
		return d.problem("file.wrong_code_page", "field", field).Because(err)
	case d.source.ended && strings.HasSuffix(err.Error(), "unexpected EOF"):
		return d.problem("file.cut_off").Because(err)
	}
	return d.problem("file.not_xml").Because(err)
}

// problem names the row and, within a transaction, its place and the line.
func (d *xafDecoder) problem(code string, pairs ...string) *model.Problem {
	row, _ := d.xml.InputPos()
	pairs = append(pairs, "row", strconv.Itoa(row))
	if d.inside {
		place := strconv.Itoa(d.transactions)
		if d.now.number != "" {
			place = fmt.Sprintf("%s (%s)", place, strings.TrimSpace(d.daybook+" "+d.now.number))
		}
		pairs = append(pairs, "transaction", place)
		if d.lines > 0 {
			pairs = append(pairs, "line", strconv.Itoa(d.lines))
		}
	}
	return model.NewProblem(code, pairs...)
}
