package payrollfile

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/source"
)

// SIE reads the vouchers of SIE files of type 4: 4I, which payroll programs
// write for the bookkeeping, and 4E. The code page is found from the content.
//
//   - Each #VER becomes a transaction in the period of its date. Lines with a
//     date of their own in another month become a transaction of that period,
//     where the lines of every month balance by themselves; where they do not,
//     the voucher stays whole in the period of its own date.
//   - An object of dimension 1 is the cost centre, one of dimension 2 the cost
//     unit. Others, such as 6 (project) and 7 (employee), are left out.
//   - The text of a line is the name of its ledger account (#KONTO), or empty.
//     The free texts of #VER and #TRANS may name an employee and are not kept.
//   - #BTRANS (taken away) and #RTRANS (added) do not count: the standard has a
//     #TRANS follow every #RTRANS, for programs that do not know it.
//   - Unknown records are passed over with the block that follows them, also
//     within a voucher.
//
// Source: SIE Group, "SIE file format" edition 4B. SIE 5, which is XML, and
// files without vouchers (types 1 to 3) are refused.
type SIE struct{}

// ID is "sie".
func (SIE) ID() string { return "sie" }

// Recognise takes a file whose first record is one of SIE, and SIE 5.
func (SIE) Recognise(head []byte) bool {
	head = plainHead(head)
	if sie5(head) {
		return true
	}
	if !bytes.HasPrefix(head, []byte("#")) {
		return false
	}
	upper := bytes.ToUpper(head)
	for _, label := range []string{"#FLAGGA", "#SIETYP", "#PROGRAM", "#FNAMN", "#VER", "#KSUMMA"} {
		if bytes.Contains(upper, []byte(label)) {
			return true
		}
	}
	return false
}

func sie5(head []byte) bool {
	name := xmlRoot(head)
	return strings.Contains(strings.ToLower(name.Space), "sie.se/sie5") || name.Local == "Sie" || name.Local == "SieEntry"
}

// Read gives every voucher, complete and balanced.
func (f SIE) Read(ctx context.Context, r io.Reader, yield func(journal.Transaction) error) error {
	return f.ReadHeaded(ctx, r, func(source.Header) error { return nil }, yield)
}

// ReadHeaded is [SIE.Read] that first gives what the file says of itself:
// #FNAMN, #ORGNR, #RAR of the current year and #PROGRAM.
func (SIE) ReadHeaded(ctx context.Context, r io.Reader, head func(source.Header) error, yield func(journal.Transaction) error) error {
	in := bufio.NewReaderSize(transform.NewReader(r, unicode.BOMOverride(transform.Nop)), maxRecord)
	begin, err := in.Peek(maxRecord)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read: %w", err)
	}
	d := &sieDecoder{
		records: newRecordReader(in), page: detectPage(begin), names: make(map[string]string),
		kept: make(map[string]string), head: head, yield: yield,
	}
	if sie5(bytes.TrimLeft(begin, " \t\r\n")) {
		return d.problem("file.sie_xml")
	}
	return d.run(ctx)
}

// sieDecoder is the state between two records.
type sieDecoder struct {
	records *recordReader
	page    codePage
	names   map[string]string // of ledger accounts
	kept    map[string]string // codes seen before, so that a million lines share them
	head    func(source.Header) error
	yield   func(journal.Transaction) error

	header     source.Header
	headerSent bool
	sieType    string
	fields     []sieField
	label      string // of the record in hand
	skipped    int    // open blocks of records that are passed over
	unknown    bool   // the record before was unknown; a block after it is its own
	voucher    *sieVoucher
	vouchers   int // begun
}

func (d *sieDecoder) run(ctx context.Context) error {
	for ctx.Err() == nil {
		record, ok, err := d.records.next()
		switch {
		case errors.Is(err, bufio.ErrTooLong):
			return d.problem("file.field_too_long", "limit", strconv.Itoa(maxRecord)).Because(err)
		case err != nil:
			return fmt.Errorf("read: %w", err)
		case ok && len(record) == 0:
			continue
		case !ok || record[0] == 0x1a: // the end, or the mark of it that DOS programs write
			return d.end()
		}
		if err := d.take(record); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// take handles one record or one brace that stands alone.
func (d *sieDecoder) take(record []byte) error {
	d.label = ""
	switch {
	case len(record) == 1 && record[0] == '{':
		return d.open()
	case len(record) == 1 && record[0] == '}':
		return d.shut()
	case d.skipped > 0:
		return nil
	case record[0] != '#':
		return d.problem("file.bad_record", "found", foundText(record))
	}
	if d.page == unknownPage {
		d.page = detectPage(record)
	}
	label := record
	if end := bytes.IndexAny(record, " \t{\""); end >= 0 {
		label = record[:end]
	}
	d.label = labelOf(label)
	d.unknown = false
	if d.voucher != nil && !d.voucher.open {
		return d.problem("file.bad_record", "found", d.label)
	}
	opened := false
	if d.label == "#VER" { // some programs open the block at the end of the record
		if before, ok := bytes.CutSuffix(record, []byte("{")); ok {
			record, opened = before, true
		}
	}
	if !d.knows() {
		d.unknown = true
		return nil
	}
	var err error
	if d.fields, err = splitRecord(record[len(label):], d.fields[:0]); err != nil {
		return d.problem("file.bad_record", "found", d.label).Because(err)
	}
	if err := d.record(); err != nil || !opened {
		return err
	}
	return d.open()
}

// labelOf is the label of a record in capitals, cut to what a problem may show.
func labelOf(label []byte) string {
	if string(label) == "#TRANS" {
		return "#TRANS" // nearly all of them, and no copy of the text is made
	}
	return strings.ToUpper(foundText(label))
}

// knows tells whether the record in hand matters here; any other is passed
// over unread, so that its faults do not stand in the way.
func (d *sieDecoder) knows() bool {
	switch d.label {
	case "#TRANS", "#VER", "#FNAMN", "#ORGNR", "#PROGRAM", "#RAR", "#SIETYP", "#KONTO":
		return true
	}
	return false
}

func (d *sieDecoder) record() error {
	switch d.label {
	case "#TRANS":
		return d.trans()
	case "#VER":
		return d.ver()
	}
	if d.voucher != nil {
		return d.problem("file.bad_record", "found", d.label)
	}
	var err error
	switch d.label {
	case "#FNAMN":
		d.header.CompanyName, err = d.text(0)
	case "#ORGNR":
		d.header.CompanyNumber, err = d.text(0)
	case "#SIETYP":
		d.sieType, err = d.text(0)
	case "#PROGRAM":
		d.header.Programme, err = d.programme()
	case "#RAR":
		return d.bookYear()
	case "#KONTO":
		return d.account()
	}
	return err
}

func (d *sieDecoder) programme() (string, error) {
	name, err := d.text(0)
	if err != nil {
		return "", err
	}
	version, err := d.text(1)
	return strings.TrimSpace(name + " " + version), err
}

// bookYear keeps the current year, number 0. Some programs leave its dates out.
func (d *sieDecoder) bookYear() error {
	number, err := d.text(0)
	if err != nil || number != "0" {
		return err
	}
	if d.header.YearStart, err = d.date(1); err != nil {
		return err
	}
	d.header.YearEnd, err = d.date(2)
	return err
}

func (d *sieDecoder) account() error {
	code, err := d.text(0)
	if err != nil {
		return err
	}
	name, err := d.text(1)
	if err != nil {
		return err
	}
	d.names[code] = name
	if len(d.names) > maxNames {
		return d.problem("file.too_many", "limit", strconv.Itoa(maxNames))
	}
	return nil
}

// open begins a block: of a voucher, or of a record that is passed over.
func (d *sieDecoder) open() error {
	switch {
	case d.skipped > 0 || d.unknown:
		d.skipped++
		d.unknown = false
		if d.skipped > maxBlocks {
			return d.problem("file.too_deep", "limit", strconv.Itoa(maxBlocks))
		}
		return nil
	case d.voucher == nil || d.voucher.open:
		return d.problem("file.bad_record", "found", "{")
	}
	d.voucher.open = true
	return nil
}

// shut ends a block.
func (d *sieDecoder) shut() error {
	switch {
	case d.skipped > 0:
		d.skipped--
		return nil
	case d.voucher == nil || !d.voucher.open:
		return d.problem("file.bad_record", "found", "}")
	}
	return d.endVoucher()
}

// end is reached when there are no more records.
func (d *sieDecoder) end() error {
	switch {
	case d.voucher != nil || d.skipped > 0:
		return d.problem("file.cut_off")
	case d.vouchers == 0 && d.sieType != "" && strings.ContainsAny(d.sieType[:1], "123"):
		return d.problem("file.sie_without_vouchers", "type", d.sieType)
	}
	return d.sendHeader()
}

func (d *sieDecoder) sendHeader() error {
	if d.headerSent {
		return nil
	}
	d.headerSent = true
	return d.head(d.header)
}

// text is a field of the record in hand, empty where the record ends before it.
func (d *sieDecoder) text(i int) (string, error) {
	if i >= len(d.fields) {
		return "", nil
	}
	if d.fields[i].list {
		return "", d.problem("file.bad_record", "found", d.label)
	}
	return d.decode(d.fields[i].text)
}

// decode gives the text of a field. Short ones are given as the one copy of a
// text that comes again and again.
func (d *sieDecoder) decode(raw []byte) (string, error) {
	if len(raw) > maxField {
		return "", d.problem("file.field_too_long", "limit", strconv.Itoa(maxField))
	}
	if same, ok := d.kept[string(raw)]; ok {
		return same, nil
	}
	text, ok := d.page.decode(bytes.TrimSpace(raw))
	if !ok {
		return "", d.problem("file.wrong_code_page", "field", d.label)
	}
	if len(d.kept) < maxNames && len(raw) <= maxKept {
		d.kept[string(raw)] = text
	}
	return text, nil
}

// date reads a field YYYYMMDD; an empty one is the zero date.
func (d *sieDecoder) date(i int) (journal.Date, error) {
	text, err := d.text(i)
	if err != nil || text == "" {
		return journal.Date{}, err
	}
	date, err := journal.ParseDate(text)
	if err == nil {
		err = periodOf(date).Validate()
	}
	if err != nil {
		return journal.Date{}, d.problem("file.bad_date", "field", d.label, "value", text).Because(err)
	}
	return date, nil
}

// problem names the row, and within a voucher its place and the line.
func (d *sieDecoder) problem(code string, pairs ...string) *model.Problem {
	row := d.records.row
	if v := d.voucher; v != nil {
		pairs = append(pairs, "transaction", v.place)
		if v.line > 0 {
			pairs = append(pairs, "line", strconv.Itoa(v.line))
		}
		if code == "file.unbalanced" {
			row = v.row
		}
	}
	if row > 0 {
		pairs = append(pairs, "row", strconv.Itoa(row))
	}
	return model.NewProblem(code, pairs...)
}

// foundText is the beginning of a record for a problem: its first word, so far
// as it is plain and short, as what follows may be personal.
func foundText(record []byte) string {
	const longest = 20
	end := bytes.IndexFunc(record, func(r rune) bool { return r <= ' ' || r >= 0x7f })
	if end < 0 {
		end = len(record)
	}
	return string(record[:min(end, longest)])
}
