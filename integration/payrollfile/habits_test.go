package payrollfile_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"loonbrug/data/model"
	"loonbrug/integration/payrollfile"
)

// habit is a file as some program writes it; all of them hold the same two lines.
type habit struct{ name, text string }

// march are the totals of one debit and one credit of 1,234.50 in March 2026.
const (
	march     = "2026-03 1700// 0.00 1234.50\n2026-03 4000/100/ 1234.50 0.00\n"
	marchUnit = "2026-03 1700// 0.00 1234.50\n2026-03 4000/100/A1 1234.50 0.00\n"
)

func check(t *testing.T, want string, habits []habit) {
	t.Helper()
	for _, h := range habits {
		if got, err := totals(t, payrollfile.New(), []byte(h.text)); err != nil || got != want {
			t.Errorf("%s: %v\n%s", h.name, err, got)
		}
	}
}

// Tables as bookkeeping and payroll programs and spreadsheets write them.
func TestTables_Habits(t *testing.T) {
	rows := func(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n" }
	check(t, march, []habit{
		{"signed, thousands, list above", rows("Journaalposten;;;", "Bedrijf: De Halm B.V.;;;", ";;;",
			"Datum;Grootboekrekening;Kostenplaats;Bedrag", "31-03-2026;4000;100;1.234,50", "31-03-2026;1700;;-1.234,50", ";;Totaal;0,00")},
		{"sides in a column", rows("Boekjaar,Periode,Bkst.nr.,Grootboekrekening,Kostenplaats,Omschrijving,Bedrag,D/C",
			`2026,3,20260001,4000,100,"Lonen, bruto",1234.50,D`, `2026,3,20260001,1700,,"Netto ""te betalen""",1234.50,C`)},
		{"minus behind", rows("Datum\tRekening\tKst\tBedrag", "20260331\t4000\t100\t1234,50", "20260331\t1700\t\t1234,50-")},
		{"currency in the header and in the cells", rows("Datum;Rekening;Kostenplaats;Debet (EUR);Credit (EUR)",
			"31-03-2026;4000;100;€ 1.234,50;", "31-03-2026;1700;;;€ 1.234,50", ";;;€ 1.234,50;€ 1.234,50")},
		{"negative in parentheses", rows("Date,Account,Cost Center,Amount", `03/31/2026,4000,100,"1,234.50"`, `03/31/2026,1700,,"(1,234.50)"`)},
		{"blanks for thousands", rows("Bokföringsdatum;Konto;Kontonamn;Kostnadsställe;Debet;Kredit",
			"2026-03-31;4000;Löner;100;1 234,50;", "2026-03-31;1700;Skuld;;;1 234,50", "Summa;;;;1 234,50;1 234,50")},
		{"hard blanks for thousands", rows("Ver.datum;Ver.nr;Konto;Kst;Belopp", "2026-03-31;L 7;4000;100;1\u00a0234,50", "2026-03-31;L 7;1700;;-1\u00a0234,50")},
		{"Finnish", rows("Tositenumero;Tositepvm;Tili;Tilin nimi;Kustannuspaikka;Selite;Debet;Kredit",
			"12;31.3.2026;4000;Palkat;100;Palkka-ajo;1234,50;0,00", "12;31.3.2026;1700;Velka;;Palkka-ajo;0,00;1234,50", "Yhteensä;;;;;;1234,50;1234,50")},
		{"separator named by a spreadsheet", rows("sep=;", "Periode;Grootboek;Kostenplaats;Debet;Credit", "2026-03;4000;100;1234,50;", "2026-03;1700;;;1234,50")},
		{"period with a letter", rows("Periode;Grootboek;Kostenplaats;Bedrag", "2026-P03;4000;100;1234,50", "2026-P03;1700;;-1234,50")},
		{"columns at the end left out", rows("Periode;Grootboek;Kostenplaats;Bedrag;Bijlage;", "2026-03;4000;100;1234,50", "2026-03;1700;;-1234,50;x;")},
		{"header on every page, remarks", rows("Periode;Grootboek;Kostenplaats;Bedrag;Naam", "2026-03;4000;100;1234,50;", "Pagina 2;;;;",
			"Periode;Grootboek;Kostenplaats;Bedrag;Naam", "2026-03;1700;;-1234,50;", "Aantal regels: 2;;;;")},
		{"business software in English", rows("Posting Date|Document No.|G/L Account No.|Shortcut Dimension 1 Code|Description|Debit Amount|Credit Amount",
			"2026-03-31|L7|4000|100|Wages|1234.50|0.00", "2026-03-31|L7|1700||Net|0.00|1234.50")},
		{"words for the sides", rows("Grootboek;Relatie/Kpl;Debet/Credit;Bedrag;Boekdatum", "4000;100;debet;1234,50;31-3-2026", "1700;;credit;1234,50;31-3-2026")},
		{"three and four decimals of nothing", rows("Periode,Account,Department,Amount", "2026/3,4000,100,1234.5000", "2026/3,1700,,-1234.500")},
	})
	check(t, marchUnit, []habit{
		{"two dimensions", rows("Periode;Grootboekrekening;Code verbijzonderingsas 1;Code verbijzonderingsas 2;Bedrag debet;Bedrag credit",
			"3/2026;4000;100;A1;1234,50;", "3/2026;1700;;;;1234,50")},
		{"cost centre and project", rows("Datum;Konto;Kostnadsställe;Projekt;Debet;Kredit;Transaktionsinfo", "2026-03-31;4000;100;A1;1234.50;;Lön", "2026-03-31;1700;;;;1234.50;Lön")},
	})
}

// What books nothing is passed over; what may book something is not.
func TestTables_RowsThatBookNothing(t *testing.T) {
	const head = "Periode;Grootboek;Debet;Credit\n2026-03;4000;10,00;\n2026-03;1700;;10,00\n"
	for text, code := range map[string]string{
		";;10,00;10,00":        "",
		";;;":                  "",
		"Opmerking;;;":         "",
		";;10,00;":             "file.no_ledger_account",
		";;10,00;9,00":         "file.no_ledger_account",
		"2026-03;;10,00;10,00": "file.no_ledger_account",
		"2026-03;4000;;":       "file.missing",
		"2026-03;4000;5,00;5":  "file.both_sides",
		"2026-03;4000;10":      "file.wrong_columns",
		"2026-03;4000;--5;":    "file.bad_amount",
		"2026-03;4000;-(5);":   "file.bad_amount",
		"2026-03;4000;(5;":     "file.bad_amount",
		"2026-03;4000;€;":      "file.bad_amount",
	} {
		_, err := totals(t, payrollfile.New(), []byte(head+text+"\n"))
		got := ""
		if p := model.ProblemOf(err); p != nil {
			got = p.Code
		}
		if got != code {
			t.Errorf("%q: %q, want %q", text, got, code)
		}
	}
}

// SIE files with what programs put around and into their vouchers.
func TestSIE_Habits(t *testing.T) {
	const before = "#FLAGGA 0\n#KSUMMA\n#FORMAT PC8\n#SIETYP 4\n#PROGRAM \"Lön\" 2026.1\n#GEN 20260401 kj\n#FNR 12\n#FNAMN \"Åkeri & Son AB\"\n#ORGNR \n" +
		"#ADRESS \"\" \"\" \"\" \"\"\n#RAR 0 20260101 20261231\n#OMFATTN 20260331\n#TAXAR 2027\n#KPTYP EUBAS97\n#VALUTA SEK\n#PROSA \"a \\\"b\\\" c\"\n" +
		"#KONTO 4000 \"Löner\"\n#KTYP 4000 K\n#SRU 4000 7514\n#ENHET 4000 h\n#DIM 1 \"Kst\"\n#UNDERDIM 21 \"Del\" 1\n#OBJEKT 1 100 \"Lager\"\n" +
		"#IB 0 1700 -5.00\n#UB 0 1700 -9.00\n#OIB 0 4000 {1 100} 1.00\n#RES 0 4000 12.00\n#PSALDO 0 202603 4000 {} 12.00\n#PBUDGET 0 202603 4000 {1 100} 1.00\n"
	voucher := func(lines ...string) string {
		return before + "#VER L 7 20260331 \"Lön, \\\"mars\\\" {1}\" 20260402 kj\n{\n" + strings.Join(lines, "\n") + "\n}\n#KSUMMA 1573150874\n"
	}
	plain := voucher("   #TRANS 4000 {1 \"100\"} 1234.50 \"\" \"Lön\" 160.00 kj", "   #TRANS 1700 {} -1234.50")
	dos, _ := charmap.CodePage437.NewEncoder().String(plain)
	windows, _ := charmap.Windows1252.NewEncoder().String(plain)
	check(t, march, []habit{
		{"plain", plain},
		{"code page 437", dos},
		{"Windows-1252", windows},
		{"UTF-8 with mark", "\ufeff" + plain},
		{"line feeds and returns", strings.ReplaceAll(plain, "\n", "\r\n")},
		{"returns alone", strings.ReplaceAll(plain, "\n", "\r")},
		{"tabs", strings.ReplaceAll(strings.ReplaceAll(plain, "   ", "\t"), " ", "\t")},
		{"end of file of DOS", plain + "\x1a"},
		{"blank lines, small letters", "\n\n" + strings.NewReplacer("#TRANS", "#trans", "#VER", "#Ver", "\n{\n", "\n\n{\n\n").Replace(plain)},
		{"block opened in the record", strings.Replace(plain, "kj\n{\n", "kj {\n", 1)},
		{"many objects", voucher("#TRANS 4000 {6 \"P 1\" 1 100 7 \"12\" 21 \"x\"} 1234.50", "#TRANS 1700 {7 12} -1234.50")},
		{"blanks in the list", voucher("#TRANS 4000 { 1  \"100\" } 1234.50", "#TRANS 1700 { } -1234.50")},
		{"no list", voucher("#TRANS 4000 {1 100} 1234.50", "#TRANS 1700 -1234.50")},
		{"removed and added lines", voucher("#TRANS 4000 {1 100} 1000", "#BTRANS 4000 {} 1234.50 \"\" \"\" \"\" kj", "#RTRANS 4000 {1 100} 234.5 20260331 \"rättad\"",
			"#TRANS 4000 {1 100} 234.5 20260331 \"rättad\"", "#TRANS 1700 {} -1234.50")},
		{"comma", voucher("#TRANS 4000 {1 100} 1234,50", "#TRANS 1700 {} -1234,5")},
		{"everything in quotes", voucher(`#TRANS "4000" {"1" "100"} "1234.50" "20260331" "a" "0" "kj"`, `#TRANS "1700" {} "-1234.50" "" "" "" ""`)},
		{"no date in the voucher", strings.Replace(voucher("#TRANS 4000 {1 100} 1234.50 20260331", "#TRANS 1700 {} -1234.50 20260330"), "20260331 \"L", "\"\" \"L", 1)},
		{"unknown records with blocks", voucher("#TRANS 4000 {1 100} 1234.50", "#XDETALJ 1", "{", "#RAD 2", "}", "#TRANS 1700 {} -1234.50")},
		{"a voucher of nothing", voucher("#TRANS 4000 {1 100} 1234.50", "#TRANS 1700 {} -1234.50") + "#VER L 8 20260331\n{\n}\n"},
	})
}

// Transaction XML of Nmbrs, and what Twinfield answers and is sent.
func TestXML_Habits(t *testing.T) {
	const header = `<office name="De Halm" shortname="H">001</office><code name="Memoriaal">MEMO</code><currency name="Euro">EUR</currency><date>20260331</date>` +
		`<origin>import</origin><period>2026/03</period><number>202600003</number><freetext1/>`
	line := func(id, dims, side, rest string) string {
		return `<line type="detail" id="` + id + `">` + dims + `<debitcredit>` + side + `</debitcredit><value>1234.50</value><basevalue>1234.50</basevalue><rate>1</rate>` + rest + `</line>`
	}
	lines := line("1", `<dim1 name="Lonen" dimensiontype="PNL">4000`+"\n\t\t"+`</dim1><dim2>100</dim2><dim3/>`, "debit", `<description>Loon &amp; meer</description>`) +
		line("2", `<dim1>1700</dim1>`, "Credit", `<description/><matchstatus>available</matchstatus>`)
	answer := `<transaction result="1" location="temporary"><header>` + header + `</header><lines>` + lines + `</lines></transaction>`
	sent := `<transactions><transaction destiny="temporary" raisewarning="false" autobalancevat='true'><header>` + header + `</header><lines>` + lines + `</lines></transaction></transactions>`
	latin, _ := charmap.Windows1252.NewEncoder().String(strings.Replace(sent, "Loon", "Café €", 1))
	wide := func(order []byte, at func(u uint16) []byte) string {
		var b bytes.Buffer
		b.Write(order)
		for _, u := range utf16.Encode([]rune(`<?xml version="1.0" encoding="utf-16"?>` + sent)) {
			b.Write(at(u))
		}
		return b.String()
	}
	check(t, march, []habit{
		{"answer", answer},
		{"sent", sent},
		{"declared", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n<!-- export -->\n" + sent + "\n<!-- end -->\n"},
		{"Windows-1252", `<?xml version="1.0" encoding="windows-1252"?>` + latin},
		{"Latin-1", `<?xml version='1.0' encoding='ISO-8859-1'?>` + latin[:strings.Index(latin, "Caf")] + "Caf\xe9" + latin[strings.Index(latin, " &amp;"):]},
		{"UTF-16, little end first", wide([]byte{0xff, 0xfe}, func(u uint16) []byte { return []byte{byte(u), byte(u >> 8)} })},
		{"UTF-16, big end first", wide([]byte{0xfe, 0xff}, func(u uint16) []byte { return []byte{byte(u >> 8), byte(u)} })},
		{"UTF-16 declared only", `<?xml version="1.0" encoding="utf-16"?>` + sent},
		{"namespace", strings.Replace(sent, "<transactions>", `<transactions xmlns="http://www.twinfield.com/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="false">`, 1)},
		{"prefixes", strings.NewReplacer("</", "</tw:", "<t", "<tw:t", "<h", "<tw:h", "<l", "<tw:l", "<d", "<tw:d", "<v", "<tw:v", "<p", "<tw:p",
			"<o", "<tw:o", "<c", "<tw:c", "<n", "<tw:n", "<f", "<tw:f", "<b", "<tw:b", "<r", "<tw:r", "<m", "<tw:m").Replace(sent)},
		{"sections and comments", strings.NewReplacer("4000\n", "<![CDATA[4000]]>\n", "1234.50</value>", "1234<!-- a -->.50</value>", "<dim2>100", "<dim2><![CDATA[100]]>").Replace(sent)},
		{"no period", strings.Replace(sent, "<period>2026/03</period>", "", 1)},
		{"period as Nmbrs writes it", strings.Replace(sent, "2026/03", "3/2026", 1)},
		{"no date", strings.Replace(sent, "<date>20260331</date>", "", 1)},
		{"line feeds and returns", strings.ReplaceAll(sent, "><", ">\r\n\t<")},
	})
}

// Audit files of other programs, and those that are explained.
func TestXAF_Habits(t *testing.T) {
	plain := xafFile(xafTransaction("1", "3", "2026-03-31", xafLine("4000", "1234.50", "D", "<costID>100</costID><projID>P</projID>")+xafLine("1700", "1234.5000", "C", "<vat><vatID>1</vatID><vatAmnt>0</vatAmnt><vatAmntTp>D</vatAmntTp></vat>")))
	const space = ` xmlns="http://www.auditfiles.nl/XAF/3.2"`
	check(t, march, []habit{
		{"plain", plain},
		{"no namespace", strings.Replace(plain, space, "", 1)},
		{"capitals", strings.Replace(plain, "XAF/3.2", "xaf/3.2", 1)},
		{"prefix", strings.NewReplacer(space, ` xmlns:x="http://www.auditfiles.nl/XAF/3.2"`, "<auditfile", "<x:auditfile", "</auditfile", "</x:auditfile").Replace(plain)},
		{"small letters for the sides", strings.NewReplacer("<amntTp>D", "<amntTp>d", "<amntTp>C", "<amntTp>c").Replace(plain)},
		{"negative debit", strings.Replace(plain, "1234.5000</amnt><amntTp>C", "-1234.50</amnt><amntTp>D", 1)},
		{"mark and indents", "\ufeff" + strings.ReplaceAll(plain, "><", ">\r\n  <")},
		{"stated totals", strings.Replace(plain, "<transactions>", "<transactions><linesCount>2</linesCount><totalDebit>1234.50</totalDebit><totalCredit>1234.50</totalCredit>", 1)},
	})
	for name, c := range map[string]struct{ text, version string }{
		"3.0":     {strings.Replace(plain, "XAF/3.2", "XAF/3.0", 1), "3.0"},
		"3.1":     {strings.Replace(plain, "XAF/3.2", "XAF/3.1", 1), "3.1"},
		"4.0":     {strings.Replace(plain, "http://www.auditfiles.nl/XAF/3.2", "http://www.odb.belastingdienst.nl/XAF/4.0", 1), "4.0"},
		"of 2003": {`<auditfile><header><auditfileVersion>CLAIR2.00.00</auditfileVersion></header><transactions/></auditfile>`, "2.0"},
		"empty":   {`<auditfile><header/></auditfile>`, "?"},
	} {
		_, err := payrollfile.New().ReadAll(context.Background(), "f.xaf", strings.NewReader(c.text))
		if p := model.ProblemOf(err); p == nil || p.Code != "file.xaf_version" || p.Params["version"] != c.version {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Workbooks with several sheets, days and amounts as text, and cells in any form.
func TestXLSX_Habits(t *testing.T) {
	head := `<c t="inlineStr"><is><t>Datum</t></is></c><c t="inlineStr"><is><t>Grootboek</t></is></c><c t="inlineStr"><is><t>Kostenplaats</t></is></c><c t="inlineStr"><is><t xml:space="preserve"> Bedrag </t></is></c>`
	row := func(day, account, centre, amount string) string {
		return `<c s="2">` + day + `</c><c t="str"><v>` + account + `</v></c><c t="str"><v>` + centre + `</v></c>` + amount
	}
	number := func(s string) string { return `<c s="7"><v>` + s + `</v></c>` }
	text := func(s string) string { return `<c t="inlineStr"><is><t>` + s + `</t></is></c>` }
	total := `<c/><c/><c t="str"><v>Totaal</v></c><c><f>SUM(D2:D3)</f><v>0</v></c>`
	for name, rows := range map[string][]string{
		"numbers":         {head, row("<v>46112</v>", "4000", "100", number("1234.5")), row("<v>46112</v>", "1700", "", number("-1234.5")), total},
		"amounts as text": {head, row("<v>46112</v>", "4000", "100", text("1.234,50")), row("<v>46112</v>", "1700", "", text("-1.234,50"))},
		"title above":     {`<c t="str"><v>Journaalpost maart</v></c>`, "", head, row("<v>46112</v>", "4000", "100", number("1234.5")), row("<v>46112</v>", "1700", "", number("-1234.5"))},
	} {
		if got, err := totals(t, payrollfile.New(), workbook(t, "", rows...)); err != nil || got != march {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
	days := []string{
		head,
		strings.Replace(row("", "4000", "100", number("1234.5")), `<c s="2"></c>`, `<c t="d"><v>2026-03-31T00:00:00</v></c>`, 1),
		strings.Replace(row("", "1700", "", number("-1234.5")), `<c s="2"></c>`, text("2026-03-31"), 1),
	}
	if got, err := totals(t, payrollfile.New(), workbook(t, "", days...)); err != nil || got != march {
		t.Errorf("days: %v\n%s", err, got)
	}
	sheet := func(rows ...string) string {
		return `<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData><x:row>` + strings.NewReplacer("</", "</x:", "<", "<x:").Replace(strings.Join(rows, "</row><row>")) + `</x:row></x:sheetData></x:worksheet>`
	}
	good := []string{head, row("<v>46112</v>", "4000", "100", number("1234.5")), row("<v>46112</v>", "1700", "", number("-1234.5"))}
	other := []string{head, row("<v>46112</v>", "9999", "", number("1")), row("<v>46112</v>", "9998", "", number("-1"))}
	several := zipOf(t, map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook><sheets><sheet name="old" state="hidden" id="s1"/><sheet name="cover" id="s2"/><sheet name="data" id="s3"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s1" Type="http://x/worksheet" Target="1.xml"/><Relationship Id="s2" Type="http://x/worksheet" Target="2.xml"/><Relationship Id="s3" Type="http://x/worksheet" Target="3.xml"/></Relationships>`,
		"xl/1.xml":                   sheet(other...),
		"xl/2.xml":                   sheet(`<c t="str"><v>De Halm</v></c>`),
		"xl/3.xml":                   sheet(good...),
	})
	if got, err := totals(t, payrollfile.New(), several); err != nil || got != march {
		t.Errorf("several sheets: %v\n%s", err, got)
	}
}
