package payrollfile_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/payrollfile"
	"loonbrug/integration/source"
)

const xafHead = `<?xml version="1.0" encoding="UTF-8"?><auditfile xmlns="http://www.auditfiles.nl/XAF/3.2">`

const xafCompany = `<header><fiscalYear>2026</fiscalYear><startDate>2026-01-01</startDate><endDate>2026-12-31</endDate><curCode>EUR</curCode>` +
	`<softwareDesc>Salaris</softwareDesc><softwareVersion>1</softwareVersion></header>` +
	`<company><companyIdent>12345678</companyIdent><companyName>Café De Halm</companyName><taxRegistrationCountry>NL</taxRegistrationCountry>` +
	`<taxRegIdent>NL000000000B01</taxRegIdent>` +
	`<generalLedger><ledgerAccount><accID>4000</accID><accDesc>Bruto lonen</accDesc><accTp>P</accTp></ledgerAccount></generalLedger>` +
	`<openingBalance><obLine><nr>1</nr><accID>1000</accID><amnt>1.00</amnt><amntTp>D</amntTp></obLine></openingBalance>`

// xafFile is a small file around transactions of one journal.
func xafFile(transactions string) string {
	return xafHead + xafCompany + `<transactions><journal><jrnID>SAL</jrnID><desc>Salarissen</desc><jrnTp>Y</jrnTp>` + transactions +
		`</journal></transactions></company></auditfile>`
}

func xafTransaction(nr, period, date, lines string) string {
	return `<transaction><nr>` + nr + `</nr><desc>Loon Jansen</desc><periodNumber>` + period + `</periodNumber><trDt>` + date + `</trDt>` + lines + `</transaction>`
}

func xafLine(account, amount, side, rest string) string {
	return `<trLine><nr>1</nr><accID>` + account + `</accID><docRef>L1</docRef><effDate>2026-01-01</effDate><desc>Jansen</desc><amnt>` + amount +
		`</amnt><amntTp>` + side + `</amntTp>` + rest + `</trLine>`
}

// The audit file and the transaction XML of the same run are the same journal.
func TestXAF_SampleIsTheSampleInXML(t *testing.T) {
	read := func(name string) *source.File {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := payrollfile.New().ReadAll(context.Background(), name, bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	xaf, nmbrs := read("nl-2026-03-twk.xaf"), read("nl-2026-03-twk.xml")
	groups := func(f *source.File) string {
		var b strings.Builder
		for _, part := range journal.Split(f.Journal) {
			lines := part.Lines()
			for i := range lines {
				lines[i].Text = ""
			}
			debit, credit, err := journal.Totals(lines)
			fmt.Fprintln(&b, part.Period, debit, credit, err)
			for _, l := range journal.Group(lines, journal.Grouping{CostCentre: true, CostUnit: true}) {
				fmt.Fprintln(&b, l)
			}
		}
		return b.String()
	}
	if g, w := groups(xaf), groups(nmbrs); g != w || !strings.HasPrefix(g, "2026-01 668.98 668.98") || !strings.Contains(g, "2026-03 190567.45 190567.45") {
		t.Errorf("got %s\nwant %s", g, w)
	}
	want := source.Header{
		CompanyNumber: "NL000000000B01", CompanyName: "Bakkerij De Halm B.V.", Country: "NL", Programme: "Salaris 1",
		YearStart: journal.Date{Year: 2026, Month: 1, Day: 1}, YearEnd: journal.Date{Year: 2026, Month: 12, Day: 31},
	}
	if xaf.Header != want || xaf.Format != "xaf" {
		t.Errorf("%s %+v, want %+v", xaf.Format, xaf.Header, want)
	}
}

func TestXAF_Tolerant(t *testing.T) {
	lines := xafLine("4000", "12.50", "D", "<costID>100</costID><prodID>A1</prodID><projID>Jansen</projID>") + xafLine("1700", "12.50", "C", "")
	file := xafFile(xafTransaction("1", "3", "2026-03-31", lines))
	const plain = "2026-03 2026-03-31: 4000|100|A1|12.50|Bruto lonen, 1700|||-12.50|"
	latin, err := charmap.Windows1252.NewEncoder().String(strings.Replace(file, `encoding="UTF-8"`, `encoding="ISO-8859-1"`, 1))
	if err != nil {
		t.Fatal(err)
	}
	with := func(old, replaced string) string { return strings.Replace(file, old, replaced, 1) }
	for name, c := range map[string]struct{ text, want string }{
		"plain":              {file, plain},
		"mark":               {"\xef\xbb\xbf\r\n" + strings.Replace(file, `<?xml version="1.0" encoding="UTF-8"?>`, "", 1), plain},
		"Latin-1 declared":   {latin, plain},
		"edition 3.2.1":      {with("http://www.auditfiles.nl/XAF/3.2", "http://www.odb.belastingdienst.nl/Belastingdienst/BCPP/1.0/structures/XmlAuditfileFinancieel3.2.1"), plain},
		"small namespace":    {with("XAF/3.2", "xaf/3.2/"), plain},
		"prefix":             {prefixed(file), plain},
		"negative debit":     {xafFile(xafTransaction("1", "3", "2026-03-31", xafLine("4000", "-12.50", "C", "<costID>100</costID><prodID>A1</prodID>")+xafLine("1700", "-12.50", "D", ""))), plain},
		"VAT and currency":   {with("<costID>", "<vat><vatID>1</vatID><vatAmnt>9</vatAmnt><vatAmntTp>D</vatAmntTp></vat><currency><curCode>USD</curCode><curAmnt>7</curAmnt><amnt>3</amnt></currency><costID>"), plain},
		"zero-padded period": {with("<periodNumber>3<", "<periodNumber>03<"), plain},
		"date with zone":     {with("2026-03-31", "2026-03-31+01:00"), plain},
		"opening as period 0": {
			with("<transaction>", xafTransaction("0", "0", "2026-01-01", xafLine("1000", "5", "D", ""))+"<transaction>"), plain,
		},
		"totals": {with("<transactions>", "<transactions><linesCount>2</linesCount><totalDebit>12.5</totalDebit><totalCredit>12.500</totalCredit>"), plain},
		"four weeks": {
			with("<periodNumber>3<", "<periodNumber>13<"), strings.Replace(plain, "2026-03 ", "2026-13 ", 1),
		},
		"correction of the year before": {
			xafFile(xafTransaction("1", "12", "2025-12-31", lines)), "2025-12 2025-12-31: 4000|100|A1|12.50|Bruto lonen, 1700|||-12.50|",
		},
		"document of the year before": {
			xafFile(xafTransaction("1", "1", "2025-12-31", lines)), "2026-01 2025-12-31: 4000|100|A1|12.50|Bruto lonen, 1700|||-12.50|",
		},
		"broken book year": {
			strings.NewReplacer("<startDate>2026-01-01", "<startDate>2025-07-01", "<endDate>2026-12-31", "<endDate>2026-06-30", "<fiscalYear>2026", "<fiscalYear>2025/2026",
				"<periodNumber>3<", "<periodNumber>9<").Replace(file), plain,
		},
		"no period": {with("<periodNumber>3</periodNumber>", ""), plain},
		"no lines":  {with("<transaction>", xafTransaction("0", "3", "2026-03-31", "")+"<transaction>"), plain},
	} {
		got, err := payrollfile.New().ReadAll(context.Background(), "x.xaf", strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s := shown(got); s != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, s, c.want)
		}
		if got.Header.CompanyName != "Café De Halm" || got.Header.CompanyNumber != "12345678" || strings.Contains(shown(got), "Jansen") {
			t.Errorf("%s: %+v %s", name, got.Header, shown(got))
		}
	}
}

// prefixed writes the elements of a file with a prefix of its own.
func prefixed(file string) string {
	file = strings.Replace(file, "xmlns=", "xmlns:x=", 1)
	file = strings.NewReplacer("</", "</x:", "<?", "<?", "<", "<x:").Replace(file)
	return file
}

func TestXAF_Problems(t *testing.T) {
	good := xafFile(xafTransaction("7", "3", "2026-03-31", "\n"+xafLine("4000", "12.50", "D", "")+"\n"+xafLine("1700", "12.50", "C", "")+"\n"))
	swap := func(old, with string) string { return strings.Replace(good, old, with, 1) }
	const place = ` transaction="1 (SAL 7)"`
	for _, c := range []struct{ name, text, want string }{
		{"unbalanced", swap("12.50</amnt><amntTp>C", "12.51</amnt><amntTp>C"), `file.unbalanced credit="12.51" debit="12.50" difference="0.01" file="x.xaf" period="2026-03" row="4"` + place},
		{"third decimal", swap("12.50", "12.505"), `file.bad_amount field="amnt" file="x.xaf" line="1" row="2"` + place + ` value="12.505"`},
		{"no amount", swap("<amnt>12.50</amnt>", ""), `file.missing field="amnt" file="x.xaf" line="1" row="2"` + place},
		{"no side", swap("<amntTp>C</amntTp>", "<amntTp/>"), `file.missing field="amntTp" file="x.xaf" line="2" row="3"` + place},
		{"strange side", swap(">C<", ">X<"), `file.bad_side field="amntTp" file="x.xaf" line="2" row="3"` + place + ` value="X"`},
		{"no ledger account", swap("<accID>1700</accID>", ""), `file.no_ledger_account file="x.xaf" line="2" row="3"` + place},
		{"fourteenth period", swap(">3<", ">14<"), `file.bad_period field="periodNumber" file="x.xaf" row="4"` + place + ` value="14"`},
		{"period of letters", swap(">3<", ">mrt<"), `file.bad_period field="periodNumber" file="x.xaf" row="4"` + place + ` value="•••"`},
		{"date outside the calendar", swap("2026-03-31", "2026-03-32"), `file.bad_date field="trDt" file="x.xaf" row="4"` + place + ` value="2026-03-32"`},
		{"date of another age", swap("2026-03-31", "1026-03-31"), `file.bad_date field="trDt" file="x.xaf" row="4"` + place + ` value="1026-03-31"`},
		{"neither period nor date", strings.NewReplacer("<periodNumber>3</periodNumber>", "", "<trDt>2026-03-31</trDt>", "").Replace(good), `file.missing field="trDt" file="x.xaf" row="4"` + place},
		{"lines lost", swap("<transactions>", "<transactions><linesCount>3</linesCount>"), `file.totals counted="2" field="linesCount" file="x.xaf" row="4" stated="3"`},
		{"debits changed", swap("<transactions>", "<transactions><totalDebit>12.51</totalDebit>"), `file.totals counted="12.50" field="totalDebit" file="x.xaf" row="4" stated="12.51"`},
		{"credits changed", swap("<transactions>", "<transactions><totalCredit>1012.50</totalCredit>"), `file.totals counted="12.50" field="totalCredit" file="x.xaf" row="4" stated="1012.50"`},
		{"version 4.0", swap("http://www.auditfiles.nl/XAF/3.2", "http://www.odb.belastingdienst.nl/Belastingdienst/BCPP/1.1/structures/XmlauditfileXAF_4.0"), `file.xaf_version file="x.xaf" row="1" version="4.0"`},
		{"version 3.1", swap("XAF/3.2", "XAF/3.1"), `file.xaf_version file="x.xaf" row="1" version="3.1"`},
		{"version of 1999", "CLAIR1.00.00Administratie", `file.xaf_version file="x.xaf" row="1" version="1.0"`},
		{"payroll audit file", swap("XAF/3.2", "XAS/2008"), `file.xas file="x.xaf" row="1"`},
		{"payroll audit file by its name", "<XmlAuditfileSalaris/>", `file.xas file="x.xaf" row="1"`},
		{"document type", swap("<auditfile", `<!DOCTYPE a [<!ENTITY b "c">]><auditfile`), `file.dtd file="x.xaf" row="1"`},
		{"entity", swap("12.50", "&b;"), `file.not_xml file="x.xaf" line="1" row="2"` + place},
		{"cut off", good[:len(good)-100], `file.cut_off file="x.xaf" line="2" row="3"` + place},
		{"two documents", good + "<auditfile/>", `file.two_documents file="x.xaf" row="4"`},
		{"transactions twice", swap("</company>", "<transactions/></company>"), `file.bad_record file="x.xaf" found="transactions" row="4"`},
		{"wrong code page", swap("Café", "Caf\xe9"), `file.wrong_code_page field="companyName" file="x.xaf" row="1"`},
		{"long field", swap("Bruto", strings.Repeat("x", 5000)), `file.field_too_long file="x.xaf" limit="4096" row="1"`},
		{"nothing to book", xafHead + "</auditfile>", `file.no_transactions file="x.xaf"`},
	} {
		_, err := payrollfile.New().ReadAll(context.Background(), "x.xaf", strings.NewReader(c.text))
		p := model.ProblemOf(err)
		if p == nil {
			t.Errorf("%s: read without a problem", c.name)
			continue
		}
		p.Cause = nil
		if got := p.Error(); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

func writeXAF(t *rapid.T, all []journal.Transaction) string {
	escaped := func(s string) string {
		var b strings.Builder
		if err := xml.EscapeText(&b, []byte(s)); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	var b strings.Builder
	count, debit, credit := 0, journal.Amount(0), journal.Amount(0)
	for i, tr := range all {
		var lines strings.Builder
		for _, l := range tr.Lines {
			count++
			rest := rapid.SampledFrom([]string{"", "<projID>1</projID>", "<!-- c -->", "<vat><vatAmnt>1</vatAmnt></vat>"}).Draw(t, "rest")
			if l.CostCentre != "" {
				rest += "<costID>" + escaped(l.CostCentre) + "</costID>"
			}
			if l.CostUnit != "" {
				rest += "<prodID>" + escaped(l.CostUnit) + "</prodID>"
			}
			amount, side := l.Amount, "D"
			if rapid.Bool().Draw(t, "credit") {
				amount, side = -amount, "C"
				credit += amount
			} else {
				debit += amount
			}
			lines.WriteString(xafLine(l.LedgerAccount, amount.String(), side, rest))
		}
		b.WriteString(xafTransaction(fmt.Sprint(i), fmt.Sprint(tr.Period.Number), tr.Date.String(), lines.String()))
	}
	return strings.Replace(xafFile(b.String()), "<transactions>",
		fmt.Sprintf("<transactions><linesCount>%d</linesCount><totalDebit>%s</totalDebit><totalCredit>%s</totalCredit>", count, debit, credit), 1)
}

func TestXAF_ReadsWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyJournal(t)
		text := writeXAF(t, want)
		if rapid.Bool().Draw(t, "prefix") {
			text = strings.ReplaceAll(prefixed(text), "<x:!--", "<!--")
		}
		got, err := payrollfile.New().ReadAll(context.Background(), "x", strings.NewReader(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if g, w := fmt.Sprint(got.Journal.Transactions), fmt.Sprint(want); g != w {
			t.Fatalf("got %s\nwant %s\n%s", g, w, text)
		}
	})
}

// FuzzXAF checks what FuzzSIE checks.
func FuzzXAF(f *testing.F) {
	raw, err := os.ReadFile("testdata/nl-2026-03-twk.xaf")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(xafFile(xafTransaction("1", "3", "2026-03-31", xafLine("4000", "1", "D", "<costID>1</costID>")+xafLine("1700", "1", "C", "")))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := payrollfile.New(payrollfile.XAF{}).ReadAll(context.Background(), "f.xaf", bytes.NewReader(raw))
		if err != nil {
			if p := model.ProblemOf(err); p.Code == "internal" {
				t.Fatalf("not a problem: %v", err)
			}
			return
		}
		proven(t, got)
	})
}
