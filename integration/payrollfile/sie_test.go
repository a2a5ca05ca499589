package payrollfile_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/payrollfile"
	"loonbrug/integration/source"
)

// sieFile is a small file around records of vouchers.
func sieFile(records string) string {
	return "#FLAGGA 0\n#FORMAT PC8\n#SIETYP 4\n#PROGRAM \"Lön\" 1.0\n#FNAMN \"Brödbolaget i Malmö AB\"\n#ORGNR 556677-8899\n" +
		"#RAR 0 20260101 20261231\n#RAR -1 20250101 20251231\n#KONTO 7210 \"Löner till tjänstemän\"\n" + records
}

func sieVoucher(lines string) string {
	return sieFile("#VER L 7 20260531 \"Lön Karin Ek\"\n{\n" + lines + "\n}\n")
}

// shown is what a file gives, one transaction a line.
func shown(f *source.File) string {
	var parts []string
	for _, t := range f.Journal.Transactions {
		var lines []string
		for _, l := range t.Lines {
			lines = append(lines, strings.Join([]string{l.LedgerAccount, l.CostCentre, l.CostUnit, l.Amount.String(), l.Text}, "|"))
		}
		parts = append(parts, fmt.Sprintf("%s %s: %s", t.Period, t.Date, strings.Join(lines, ", ")))
	}
	return strings.Join(parts, "\n")
}

func TestSIE_Sample(t *testing.T) {
	raw, err := os.ReadFile("testdata/se-2026-05.si")
	if err != nil {
		t.Fatal(err)
	}
	got, err := payrollfile.New().ReadAll(context.Background(), "x.csv", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	want := "2026-05 2026-05-31: 7210|10|P1|424243.80|, 7290|10|P1|50909.25|, 7510|10|P1|133297.40|, 7210|20|P1|38779.50|, " +
		"7290|20|P1|4653.54|, 7510|20|P1|12184.51|, 2710|||-138906.99|, 2731|||-145481.92|, 2920|||-55562.79|, 2821|||-324116.30|"
	if s := shown(got); s != want || got.Format != "sie" {
		t.Errorf("%s:\n got %s\nwant %s", got.Format, s, want)
	}
	header := source.Header{
		CompanyName: "Brödbolaget i Malmö AB", Programme: "Lön 1.0",
		YearStart: journal.Date{Year: 2026, Month: 1, Day: 1}, YearEnd: journal.Date{Year: 2026, Month: 12, Day: 31},
	}
	if got.Header != header {
		t.Errorf("header %+v, want %+v", got.Header, header)
	}
}

// Whatever a file says of itself, its letters decide how they are read.
func TestSIE_CodePages(t *testing.T) {
	text := sieVoucher(`#TRANS 7210 {1 "Malmö" 2 "Å1"} 100.00` + "\n#TRANS 2710 {} -100")
	encoded := func(e encoding.Encoding, s string) string {
		out, err := e.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	ascii := strings.NewReplacer("Lön\" 1.0", "Lon\" 1.0", "Brödbolaget i Malmö AB", "Broedbolaget", "Löner till tjänstemän", "Salaries").Replace(text)
	late := strings.Replace(ascii, "#KONTO", strings.Repeat("#SRU 7210 7514\n", 6000)+"#KONTO", 1)
	for name, c := range map[string]struct{ raw, company, text string }{
		"page 437":                   {encoded(charmap.CodePage437, text), "Brödbolaget i Malmö AB", "Löner till tjänstemän"},
		"UTF-8":                      {text, "Brödbolaget i Malmö AB", "Löner till tjänstemän"},
		"UTF-8 with mark":            {"\xef\xbb\xbf" + text, "Brödbolaget i Malmö AB", "Löner till tjänstemän"},
		"UTF-16":                     {string(wide), "Brödbolaget i Malmö AB", "Löner till tjänstemän"},
		"Windows-1252":               {encoded(charmap.Windows1252, text), "Brödbolaget i Malmö AB", "Löner till tjänstemän"},
		"Windows-1252, letters late": {encoded(charmap.Windows1252, late), "Broedbolaget", "Salaries"},
		"page 437, letters late":     {encoded(charmap.CodePage437, late), "Broedbolaget", "Salaries"},
		"UTF-8, letters late":        {late, "Broedbolaget", "Salaries"},
	} {
		got, err := payrollfile.New().ReadAll(context.Background(), "x.si", strings.NewReader(c.raw))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := "2026-05 2026-05-31: 7210|Malmö|Å1|100.00|" + c.text + ", 2710|||-100.00|"
		if s := shown(got); s != want || got.Header.CompanyName != c.company || got.Header.CompanyNumber != "556677-8899" {
			t.Errorf("%s: %q\n got %s\nwant %s", name, got.Header.CompanyName, s, want)
		}
	}
	if got, err := unicode.UTF8.NewDecoder().String(text); err != nil || got != text {
		t.Fatal("the test's own text is not UTF-8")
	}
}

func TestSIE_Tolerant(t *testing.T) {
	const plain = "2026-05 2026-05-31: 7210|10||12.50|Löner till tjänstemän, 2710|||-12.50|"
	for name, c := range map[string]struct{ text, want string }{
		"plain":                  {sieVoucher("#TRANS 7210 {1 10} 12.5\n#TRANS 2710 {} -12.50"), plain},
		"tabs and blanks":        {sieVoucher("\t#TRANS\t7210  { 1  \"10\" } 12.5 \"\" \"\" 1.75 x y z  \n \n#TRANS\t2710\t{}\t-12.50\t "), plain},
		"all in quotation marks": {sieVoucher(`#TRANS "7210" {"1" "10"} "12.50" "20260531" "Ek"` + "\n" + `#TRANS "2710" {} "-12.50"`), plain},
		"small letters":          {strings.ReplaceAll(sieVoucher("#trans 7210 {1 10} 12.5\n#Trans 2710 {} -12.50"), "#VER", "#ver"), plain},
		"line ends mixed":        {strings.NewReplacer("0\n", "0\r\n", "}\n", "}\r", "8899\n", "8899\r").Replace(sieVoucher("#TRANS 7210 {1 10} 12.5\n#TRANS 2710 {} -12.50")), plain},
		"DOS end of file":        {sieVoucher("#TRANS 7210 {1 10} 12.5\n#TRANS 2710 {} -12.50") + "\x1a\x00\x00", plain},
		"block on the record":    {strings.Replace(sieVoucher("#TRANS 7210 {1 10} 12.5\n#TRANS 2710 {} -12.50"), "\"\n{", "\" {", 1), plain},
		"no object list":         {sieVoucher("#TRANS 7210 {1 10} 12.5\n#TRANS 2710 -12.50"), plain},
		"fields touch":           {sieVoucher("#TRANS 7210{1 10}12.5\n#TRANS 2710{}-12.50"), plain},
		"project and employee":   {sieVoucher(`#TRANS 7210 {6 "P9" 7 "Karin Ek" 1 "10" 20 "x"} 12.5 "" "Karin Ek"` + "\n#TRANS 2710 {7 1} -12.50"), plain},
		"empty object":           {sieVoucher(`#TRANS 7210 {1 "10" 2 ""} 12.5` + "\n#TRANS 2710 {} -12.50"), plain},
		"escaped marks":          {sieVoucher(`#TRANS 7210 {1 "10"} 12.5 "" "say \"Ek\" }{"` + "\n#TRANS 2710 {} -12.50"), plain},
		"year without dates":     {strings.Replace(sieVoucher("#TRANS 7210 {1 10} 12.5\n#TRANS 2710 {} -12.50"), "#RAR 0 20260101 20261231", "#RAR 0  ", 1), plain},
		"added and taken away":   {sieVoucher("#TRANS 7210 {1 10} 12.5\n#BTRANS 2710 {} -99\n#RTRANS 2710 {} -12.50\n#TRANS 2710 {} -12.50"), plain},
		"unknown in a voucher":   {sieVoucher("#TRANS 7210 {1 10} 12.5\n#XNEW \"open {\n{\nfree text\n#TRANS 1 {} 5\n{\n}\n}\n#TRANS 2710 {} -12.50"), plain},
		"unknown with a block":   {sieFile("#XNEW 1\n{\n#VER A 1 20200101\n{\n}\n}\n#VER A 1 20260531\n{\n#TRANS 7210 {1 10} 12.5\n#TRANS 2710 {} -12.50\n}\n#KSUMMA 12"), plain},
		"empty voucher":          {sieFile("#VER A 1 20260101\n{\n}\n#VER \"\" \"\" 20260531\n{\n#TRANS 7210 {1 10} 12.5\n#TRANS 2710 {} -12.50\n}"), plain},
		"dates of lines":         {sieFile("#VER A 1\n{\n#TRANS 7210 {1 10} 12.5 20260530\n#TRANS 2710 {} -12.50 20260531\n}"), plain},
		"corrections by month": {
			sieVoucher("#TRANS 7210 {} 1 20251215\n#TRANS 7210 {} 2\n#TRANS 2710 {} -1 20251220\n#TRANS 2710 {} -2 20260502"),
			"2025-12 2025-12-20: 7210|||1.00|Löner till tjänstemän, 2710|||-1.00|\n2026-05 2026-05-31: 7210|||2.00|Löner till tjänstemän, 2710|||-2.00|",
		},
		"months that do not balance": {
			sieVoucher("#TRANS 7210 {} 12.5 20260430\n#TRANS 2710 {} -12.50"),
			"2026-05 2026-05-31: 7210|||12.50|Löner till tjänstemän, 2710|||-12.50|",
		},
		"type without small print": {strings.Replace(sieVoucher("#TRANS 7210 {1 10} 12.5\n#TRANS 2710 {} -12.50"), "#SIETYP 4", "#SIETYP 4i", 1), plain},
	} {
		got, err := payrollfile.New().ReadAll(context.Background(), "x.si", strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s := shown(got); s != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, s, c.want)
		}
		if strings.Contains(fmt.Sprintf("%+v", got.Journal), "Ek") {
			t.Errorf("%s: the name of an employee is kept", name)
		}
	}
}

func TestSIE_Problems(t *testing.T) {
	good := sieVoucher("#TRANS 7210 {1 10} 12.5\n#TRANS 2710 {} -12.50")
	swap := func(old, with string) string { return strings.Replace(good, old, with, 1) }
	const place = ` transaction="1 (#VER L 7)"`
	for _, c := range []struct{ name, text, want string }{
		{"unbalanced", swap("-12.50", "-12.51"), `file.unbalanced credit="12.51" debit="12.50" difference="0.01" file="x.si" period="2026-05" row="10"` + place},
		{"third decimal", swap("12.5\n", "12.505\n"), `file.bad_amount field="belopp (#TRANS)" file="x.si" line="1" row="12"` + place + ` value="12.505"`},
		{"thousands", swap("-12.50", "-1.012,50"), `file.bad_amount field="belopp (#TRANS)" file="x.si" line="2" row="13"` + place + ` value="-1.012,50"`},
		{"exponent", swap("-12.50", "-1e1"), `file.bad_amount field="belopp (#TRANS)" file="x.si" line="2" row="13"` + place + ` value="-1e1"`},
		{"no amount", swap(" -12.50", ""), `file.missing field="belopp (#TRANS)" file="x.si" line="2" row="13"` + place},
		{"no ledger account", swap("7210 {1", `"" {1`), `file.no_ledger_account file="x.si" line="1" row="12"` + place},
		{"date outside the calendar", swap("20260531", "20260532"), `file.bad_date field="#VER" file="x.si" row="10"` + place + ` value="20260532"`},
		{"thirteenth month", swap("12.5\n", "12.5 20261301\n"), `file.bad_date field="#TRANS" file="x.si" line="1" row="12"` + place + ` value="20261301"`},
		{"date of another age", swap("20260531", "10260531"), `file.bad_date field="#VER" file="x.si" row="10"` + place + ` value="10260531"`},
		{"no date", swap("20260531", `""`), `file.missing field="verdatum (#VER)" file="x.si" row="14"` + place},
		{"half an object", swap("{1 10}", "{1}"), `file.bad_objects file="x.si" line="1" row="12"` + place},
		{"two cost centres", swap("{1 10}", "{1 10 1 20}"), `file.bad_objects file="x.si" line="1" row="12"` + place},
		{"open list", swap("{1 10} 12.5", "{1 10 12.5"), `file.bad_record file="x.si" found="#TRANS" row="12"` + place},
		{"open mark", swap("7210 {1", `"7210 {1`), `file.bad_record file="x.si" found="#TRANS" row="12"` + place},
		{"free text", swap("{\n#TR", "{\nKarin Ek\n#TR"), `file.bad_record file="x.si" found="Karin" row="12"` + place},
		{"line outside", good + "#TRANS 1 {} 5\n", `file.bad_record file="x.si" found="#TRANS" row="15"`},
		{"voucher in a voucher", swap("#TRANS 2710", "#VER A 8 20260531\n#TRANS 2710"), `file.bad_record file="x.si" found="#VER" row="13"` + place},
		{"voucher without block", swap("{\n", ""), `file.bad_record file="x.si" found="#TRANS" row="11"` + place},
		{"block of nothing", good + "}\n", `file.bad_record file="x.si" found="}" row="15"`},
		{"cut off", swap("\n}\n", ""), `file.cut_off file="x.si" row="14"` + place},
		{"cut off after a voucher", swap("{\n#TRANS 7210 {1 10} 12.5\n#TRANS 2710 {} -12.50\n}\n", ""), `file.cut_off file="x.si" row="11"` + place},
		{"balances only", strings.Replace(sieFile("#IB 0 1910 5.00\n"), "#SIETYP 4", "#SIETYP 2", 1), `file.sie_without_vouchers file="x.si" row="11" type="2"`},
		{"nothing to book", sieFile(""), `file.no_transactions file="x.si"`},
		{"SIE 5", `<?xml version="1.0"?><Sie xmlns="http://www.sie.se/sie5"><FileInfo/></Sie>`, `file.sie_xml file="x.si"`},
		{"SIE 5 entry", "\xef\xbb\xbf<s:SieEntry xmlns:s=\"http://www.sie.se/sie5\"/>", `file.sie_xml file="x.si"`},
		{"broken UTF-8", swap(`"Löner till tjänstemän"`, "\"L\xf6ner till tjänstemän\""), `file.wrong_code_page field="#KONTO" file="x.si" row="9"`},
		{"control characters", swap("{1 10}", "{1 \"1\x000\"}"), `file.wrong_code_page field="#TRANS" file="x.si" line="1" row="12"` + place},
		{"long field", swap("{1 10}", "{1 "+strings.Repeat("1", 5000)+"}"), `file.field_too_long file="x.si" limit="4096" line="1" row="12"` + place},
		{"long record", swap("#TRANS 7210", "#PROSA "+strings.Repeat("x", 70_000)+"\n#TRANS 7210"), `file.field_too_long file="x.si" limit="65536" row="12"` + place},
		{"blocks in blocks", sieFile("#X\n" + strings.Repeat("{\n", 20)), `file.too_deep file="x.si" limit="8" row="19"`},
	} {
		_, err := payrollfile.New().ReadAll(context.Background(), "folder/x.si", strings.NewReader(c.text))
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

// endless gives a beginning and then one piece for ever. It fails the test when
// more is taken than a limit can need.
type endless struct {
	t     *testing.T
	begin io.Reader
	piece string
	given int
}

func (e *endless) Read(p []byte) (int, error) {
	if n, err := e.begin.Read(p); n > 0 || !errors.Is(err, io.EOF) {
		return n, err
	}
	if e.given > 8<<20 {
		e.t.Fatal("reads on and on")
	}
	n := 0
	for n < len(p) {
		n += copy(p[n:], e.piece)
	}
	e.given += n
	return n, nil
}

func TestRead_EndsAtItsLimits(t *testing.T) {
	for name, c := range map[string]struct{ begin, piece, code string }{
		"SIE record":      {"#FLAGGA 0\n#PROSA ", "x", "file.field_too_long"},
		"SIE accounts":    {"#FLAGGA 0\n#VER A 1 20260531\n{\n#TRANS 1 {} ", "1", "file.field_too_long"},
		"SIE blocks":      {"#FLAGGA 0\n#X\n", "{\n", "file.too_deep"},
		"SIE without end": {"#FLAGGA 0\n#VER A 1 20260531\n{\n", "#TRANS 1 {} 1\n", "file.too_many"},
		"XAF text":        {xafHead + "<company><companyName>", "x", "file.field_too_long"},
		"XAF tag":         {xafHead + "<", "x", "file.field_too_long"},
		"XAF comment":     {xafHead + "<!--", "x", "file.field_too_long"},
		"XAF nesting":     {xafHead, "<a>", "file.too_deep"},
		"XAF oldest":      {"CLAIR1.00.00", "x", "file.xaf_version"},
		"XML text":        {"<transactions><transaction><header><date>", "x", "file.field_too_long"},
		"XML blanks":      {"<transactions>", " \n", "file.field_too_long"},
		"XML tag":         {"<transactions><", "x", "file.field_too_long"},
		"XML attribute":   {`<transactions a="`, "x", "file.field_too_long"},
		"XML tag, blanks": {"<transactions", " ", "file.field_too_long"},
		"XML comment":     {"<transactions><!--", "x", "file.field_too_long"},
		"XML section":     {"<transactions><![CDATA[", "]", "file.field_too_long"},
		"XML instruction": {"<transactions><?a ", "?", "file.field_too_long"},
		"XML nesting":     {"<transactions>", "<a>", "file.too_deep"},
		"CSV header":      {"Periode;Grootboek;Bedrag;", "x", "file.field_too_long"},
		"CSV line":        {"Periode;Grootboek;Bedrag\n2026-03;4000;", "x", "file.field_too_long"},
		"CSV quotes":      {"Periode;Grootboek;Bedrag\n2026-03;4000;\"", "x\n", "file.field_too_long"},
		"CSV columns":     {"Periode;Grootboek;Bedrag\n", ";", "file.field_too_long"},
		"CSV empty lines": {"Periode;Grootboek;Bedrag\n", "\r\n", "file.field_too_long"},
	} {
		in := &endless{t: t, begin: strings.NewReader(c.begin), piece: c.piece}
		_, err := payrollfile.New().Read(context.Background(), "x", in, func(journal.Transaction) error { return nil })
		if p := model.ProblemOf(err); p == nil || p.Code != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

func TestRead_StopsWithItsCaller(t *testing.T) {
	stop := errors.New("enough")
	for name, text := range map[string]string{
		"sie": sieVoucher("#TRANS 7210 {1 10} 12.5\n#TRANS 2710 {} -12.50"),
		"xaf": xafFile(xafTransaction("1", "3", "2026-03-31", xafLine("4000", "1", "D", "")+xafLine("1700", "1", "C", ""))),
	} {
		format, err := payrollfile.New().Read(context.Background(), name, strings.NewReader(text), func(journal.Transaction) error { return stop })
		if !errors.Is(err, stop) || format != name {
			t.Errorf("%s: %s, %v", name, format, err)
		}
		if _, err := payrollfile.New().ReadHeaded(context.Background(), name, strings.NewReader(text), func(source.Header) error { return stop },
			func(journal.Transaction) error { t.Error("a transaction without its header"); return nil }); !errors.Is(err, stop) {
			t.Errorf("%s: %v", name, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := payrollfile.New().Read(ctx, name, strings.NewReader(text), func(journal.Transaction) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// anyJournal is a journal as both formats can write it: balanced transactions
// with a date in their period.
func anyJournal(t *rapid.T) []journal.Transaction {
	code := rapid.SampledFrom([]string{"", "100", "0020", "Malmö", "å{b}", `a "b"`, "A&B <c>"})
	var all []journal.Transaction
	for range rapid.IntRange(1, 5).Draw(t, "transactions") {
		month := rapid.IntRange(1, 12).Draw(t, "month")
		tr := journal.Transaction{
			Period: journal.Period{Year: 2026, Number: month},
			Date:   journal.Period{Year: 2026, Number: month}.LastDay(false),
		}
		sum := journal.Amount(0)
		for range rapid.IntRange(1, 6).Draw(t, "lines") {
			l := journal.Line{
				LedgerAccount: rapid.SampledFrom([]string{"7210", "04000", "1700"}).Draw(t, "account"),
				CostCentre:    code.Draw(t, "centre"), CostUnit: code.Draw(t, "unit"),
				Amount: journal.Amount(rapid.Int64Range(-1_000_000, 1_000_000).Draw(t, "cents")),
			}
			sum += l.Amount
			tr.Lines = append(tr.Lines, l)
		}
		tr.Lines = append(tr.Lines, journal.Line{LedgerAccount: "1720", Amount: -sum})
		all = append(all, tr)
	}
	return all
}

// writeSIE writes a journal in one of the many ways in which programs do.
func writeSIE(t *rapid.T, all []journal.Transaction) string {
	pick := func(label string, ways ...string) string { return rapid.SampledFrom(ways).Draw(t, label) }
	quoted := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }
	var b strings.Builder
	end := func() { b.WriteString(pick("end", "\n", "\r\n", "\r", " \r\n\r\n")) }
	b.WriteString("#FLAGGA 0\n#FNAMN \"Mjölby Bröd AB\"\n#SIETYP 4")
	end()
	for i, tr := range all {
		day := strings.ReplaceAll(tr.Date.String(), "-", "")
		fmt.Fprintf(&b, `#VER L %d %s "Löneväg \"%d\""`, i, day, i)
		end()
		b.WriteString("{")
		end()
		for _, l := range tr.Lines {
			objects := pick("other", "", `6 "P1"`, `7 "Åsa"`)
			if l.CostCentre != "" {
				objects += " 1 " + quoted(l.CostCentre)
			}
			if l.CostUnit != "" {
				objects += " \"2\" " + quoted(l.CostUnit)
			}
			record := fmt.Sprintf("TRANS %s {%s} %s %s", l.LedgerAccount, objects, l.Amount, pick("rest", "", day, `"" "Åsa"`, day+" text 1.5 x"))
			switch pick("way", "plain", "plain", "added", "taken") {
			case "added":
				b.WriteString("#R" + record)
				end()
			case "taken":
				b.WriteString("#B" + record)
				end()
			}
			b.WriteString(pick("indent", "", "\t", "   ") + "#" + record)
			end()
		}
		b.WriteString("}")
		end()
	}
	return b.String()
}

func TestSIE_ReadsWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyJournal(t)
		text := writeSIE(t, want)
		page := rapid.SampledFrom([]encoding.Encoding{charmap.CodePage437, charmap.Windows1252, unicode.UTF8, unicode.UTF8BOM}).Draw(t, "page")
		raw, err := page.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := payrollfile.New().ReadAll(context.Background(), "x", strings.NewReader(raw))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if g, w := fmt.Sprint(got.Journal.Transactions), fmt.Sprint(want); g != w || got.Header.CompanyName != "Mjölby Bröd AB" {
			t.Fatalf("%q\n got %s\nwant %s\n%s", got.Header.CompanyName, g, w, text)
		}
	})
}

// FuzzSIE checks that whatever is read balances, lies in a period and carries no
// free text, and that whatever is not read is a problem.
func FuzzSIE(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*.si")
	if err != nil || len(seeds) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range seeds {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(sieVoucher("#TRANS 7210 {1 \"1 \\\" 0\" 7 x} 12.5 20260401 \"a\"\n#RTRANS 1 {} 1\n#X\n{\n}\n#TRANS 2710 {} -12.50")))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := payrollfile.New(payrollfile.SIE{}).ReadAll(context.Background(), "f.si", bytes.NewReader(raw))
		if err != nil {
			if p := model.ProblemOf(err); p.Code == "internal" {
				t.Fatalf("not a problem: %v", err)
			}
			return
		}
		proven(t, got)
	})
}

// proven checks what holds for every file that is read.
func proven(t *testing.T, f *source.File) {
	t.Helper()
	for i := range f.Journal.Transactions {
		tr := &f.Journal.Transactions[i]
		if err := errors.Join(tr.Balance(), tr.Period.Validate()); err != nil || len(tr.Lines) == 0 {
			t.Fatalf("%+v: %v", tr, err)
		}
		for _, l := range tr.Lines {
			for _, s := range []string{l.LedgerAccount, l.CostCentre, l.CostUnit, l.Text} {
				if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffd }) {
					t.Fatalf("%q", s)
				}
			}
			if l.LedgerAccount == "" {
				t.Fatalf("%+v", l)
			}
		}
	}
}
