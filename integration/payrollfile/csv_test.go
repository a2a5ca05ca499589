package payrollfile_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/payrollfile"
)

const plainTable = "Jaar;Periode;Grootboek;Kostenplaats;Kostendrager;Omschrijving;Debet;Credit\n" +
	"2026;3;04000;100;A1;Löner;1.234,50;\n" +
	"2026;3;1700;;;Netto;;1.234,50\n"

// totals reads a text both ways and fails when they do not agree.
func totals(t interface {
	Helper()
	Fatalf(string, ...any)
}, r *payrollfile.Reader, raw []byte,
) (string, error) {
	t.Helper()
	quick, errQuick := r.Totals(context.Background(), "f.csv", bytes.NewReader(raw))
	careful := make(journal.Ledger)
	_, errCareful := r.Read(context.Background(), "f.csv", bytes.NewReader(raw), careful.Add)
	if fmt.Sprint(errQuick) != fmt.Sprint(errCareful) {
		t.Fatalf("added up: %v\nread: %v", errQuick, errCareful)
	}
	if errQuick == nil && !reflect.DeepEqual(quick, careful) {
		t.Fatalf("added up:\n%s\nread:\n%s", show(quick), show(careful))
	}
	return show(quick), errQuick
}

func show(l journal.Ledger) string {
	var b strings.Builder
	for _, p := range l.Posts() {
		fmt.Fprintf(&b, "%s %s/%s/%s %s %s\n", p.Period, p.LedgerAccount, p.CostCentre, p.CostUnit, l[p].Debit, l[p].Credit)
	}
	return b.String()
}

func TestTables_Samples(t *testing.T) {
	raw, err := os.ReadFile("testdata/nl-2026-03-twk.xml")
	if err != nil {
		t.Fatal(err)
	}
	want, err := totals(t, payrollfile.New(), raw)
	if err != nil || strings.Count(want, "\n") < 30 {
		t.Fatal(want, err)
	}
	// Three workbooks of other programs: with rows before the header, dates as
	// numbers and as text, formulas and a row of totals.
	for _, name := range []string{"nl-2026-03-twk.csv", "exceljs.xlsx", "excelize.xlsx", "sheetjs.xlsx"} {
		raw, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := totals(t, payrollfile.New(), raw); err != nil || got != want {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

func TestCSV_Forms(t *testing.T) {
	want, err := totals(t, payrollfile.New(), []byte(plainTable))
	if err != nil {
		t.Fatal(err)
	}
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(plainTable)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for name, text := range map[string]string{
		"mark":                "\xef\xbb\xbf" + plainTable,
		"UTF-16":              string(wide),
		"Windows-1252":        strings.ReplaceAll(plainTable, "ö", "\xf6"),
		"CRLF":                strings.ReplaceAll(plainTable, "\n", "\r\n"),
		"CR":                  strings.ReplaceAll(plainTable, "\n", "\r"),
		"mixed line ends":     strings.Replace(plainTable, "\n", "\r\n", 1),
		"no last line end":    strings.TrimSuffix(plainTable, "\n"),
		"rows before":         "Loonjournaal maart\n\nsep=;\n" + plainTable,
		"empty and totals":    strings.Replace(plainTable, "2026;3;1700", ";;;;;;;\n\n2026;3;1700", 1) + ";;;;;Totaal;1.234,50;1.234,50\nTotaal;;;;;;1.234,50;1.234,50\n",
		"quotes":              strings.NewReplacer("Löner", "\"L\"\"ö;\nner\"", "04000", `"04000"`, "Jaar", `"Jaar"`).Replace(plainTable),
		"columns at the end":  strings.ReplaceAll(plainTable, "\n", ";;\n"),
		"tabs":                strings.ReplaceAll(plainTable, ";", "\t"),
		"bars":                strings.ReplaceAll(plainTable, ";", "|"),
		"commas and points":   strings.NewReplacer(";", ",", "1.234,50", `"1,234.50"`).Replace(plainTable),
		"blanks and nothing":  strings.NewReplacer(";1.234,50;", ";1 234,50; ", "1.234,50", "1234.50-").Replace("") + plainTable,
		"zero on other side":  strings.ReplaceAll(strings.ReplaceAll(plainTable, "50;\n", "50;0,00\n"), ";;1.234", ";0;1.234"),
		"blanks in thousands": strings.ReplaceAll(plainTable, "1.234,50", "1\u00a0234,50"),
		"date and no period": "Boekdatum\tRekening\tKostenplaats\tKostendrager\tBedrag\tD/C\n31-03-2026\t04000\t100\tA1\t1234,5\tD\n" +
			"01-03-2026\t1700\t\t\t1234,50\tC\n",
		"Swedish, signed": "Datum,Konto,Kst,Projekt,Belopp\n2026-03-25,04000,100,A1,1234.50\n2026-03-25,1700,,,−1234.50\n",
		"Finnish":         "Kausi;Tili;Kustannuspaikka;Laskentakohde;Debet;Kredit\n2026-03;04000;100;A1;1234,50;\n2026-03;1700;;;;1234,50\n",
		"German":          "Jahr;Monat;Sachkonto;Kostenstelle;Kostenträger;Betrag;Soll/Haben\n2026;3;04000;100;A1;1.234,50;S\n2026;3;1700;;;1.234,50;H\n",
		"English, quoted": "Period,Account Code,Cost Centre,Cost Unit,Amount\n3/2026,04000,100,A1,\"1,234.50\"\n3/2026,1700,,,1234.50-\n",
	} {
		if got, err := totals(t, payrollfile.New(), []byte(text)); err != nil || got != want {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

func TestCSV_Problems(t *testing.T) {
	twice := func(row string) string { return plainTable + row + "\n" }
	for _, c := range []struct{ name, text, want string }{
		{"both sides", twice("2026;3;4000;;;;1,50;1,50"), `file.both_sides credit="1,50" debit="1,50" file="loon.xml" row="4"`},
		{"no amount", twice("2026;3;4000;;;;;"), `file.missing field="Debet / Credit" file="loon.xml" row="4"`},
		{"no account", twice("2026;3;;;;;1,50;"), `file.no_ledger_account file="loon.xml" row="4"`},
		{"period 14", twice("2026;14;4000;;;;1,50;"), `file.bad_period field="Periode" file="loon.xml" row="4" value="14/2026"`},
		{"two decimal signs", twice("2026;3;4000;;;;1.50;"), `file.bad_amount field="Debet" file="loon.xml" row="4" value="1.50"`},
		{"third decimal", twice("2026;3;4000;;;;1,505;"), `file.bad_amount field="Debet" file="loon.xml" row="4" value="1,505"`},
		{"currency", twice("2026;3;4000;;;;$ 1,50;"), `file.bad_amount field="Debet" file="loon.xml" row="4" value="$ 1,50"`},
		{"too few columns", twice("2026;3;4000;1,50"), `file.wrong_columns expected="8" file="loon.xml" found="4" row="4"`},
		{"too many columns", twice("2026;3;4000;;;;1,50;;x"), `file.wrong_columns expected="8" file="loon.xml" found="9" row="4"`},
		{"open quote", twice(`2026;3;4000;;;"x;1,50;`), `file.bad_quotes file="loon.xml" row="4"`},
		{"stray quote", twice(`2026;3;4000;;;5" x;1,50;`), `file.bad_quotes file="loon.xml" row="4"`},
		{"two encodings", twice("2026;3;4000;;;L\xf6n;1,50;"), `file.mixed_text file="loon.xml" row="4"`},
		{"long line", twice(strings.Repeat("x", 2<<20)), `file.field_too_long file="loon.xml" limit="1048576" row="4"`},
		{"long field", twice("2026;3;4000;;;" + strings.Repeat("x", 5000) + ";1,50;"), `file.field_too_long file="loon.xml" limit="4096" row="4"`},
		{"long quoted field", twice(`2026;3;4000;;;"` + strings.Repeat("x\n", 1<<20)), `file.field_too_long file="loon.xml" limit="1048576" row="4"`},
		{
			"unbalanced", twice("2026;3;4000;;;;1,50;"),
			`file.unbalanced credit="1234.50" debit="1236.00" difference="1.50" file="loon.xml" period="2026-03" row="2–4" transaction="1"`,
		},
		{
			"unbalanced entry", "Periode;Boekstuk;Rekening;Bedrag\n2026-03;7;4000;10\n2026-03;8;4000;5\n2026-03;8;1700;-5\n2026-03;7;1700;-9\n",
			`file.unbalanced credit="9.00" debit="10.00" difference="1.00" entry="7" file="loon.xml" period="2026-03" row="2–5" transaction="1"`,
		},
		{"missing columns", "Jaar;Periode;Grootboek;Debet\n2026;3;1;1\n", `file.columns_missing credit="credit" file="loon.xml" row="1"`},
		{"number without year", "Periode;Grootboek;Bedrag\n3;1;1\n", `file.columns_missing file="loon.xml" row="1" year="year"`},
		{"thousand or fraction", "Periode;Grootboek;Bedrag\n2026-03;1;12\n2026-03;1;1.234\n", `file.ambiguous_amount field="Bedrag" file="loon.xml" row="3" value="1.234"`},
		{"day or month", "Datum;Grootboek;Bedrag\n03-04-2026;1;1\n", `file.ambiguous_date field="Datum" file="loon.xml" row="2" value="03-04-2026"`},
		{"dates in two forms", "Datum;Grootboek;Bedrag\n2026-03-31;1;1\n31-03-2026;2;-1\n", `file.bad_date field="Datum" file="loon.xml" row="3" value="31-03-2026"`},
		{"no side", "Periode;Grootboek;Bedrag;D/C\n2026-03;1;1;D\n2026-03;2;1;X\n", `file.bad_side field="D/C" file="loon.xml" row="3" value="X"`},
		{"no rows", "Periode;Grootboek;Bedrag\n", `file.no_transactions file="loon.xml"`},
		{"no table", "a;b\n1;2\n", `file.unknown_format file="loon.xml"`},
	} {
		_, err := read(t, c.text)
		if p := model.ProblemOf(err); p == nil || !strings.HasPrefix(p.Error(), c.want) {
			t.Errorf("%s:\n got %v\nwant %s", c.name, p, c.want)
		}
		if c.name != "no rows" {
			if _, err := totals(t, payrollfile.New(), []byte(c.text)); err == nil {
				t.Errorf("%s: was added up", c.name)
			}
		}
	}
}

// What the first rows leave open, later ones decide; nothing is taken before.
func TestCSV_EvidenceComesLate(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"thousands", "Periode;Grootboek;Bedrag\n2026-03;1;1.234\n2026-03;2;-1.233,50\n2026-03;3;-0,50\n", "1234.00"},
		{"points", "Periode;Grootboek;Bedrag\n2026-03;1;1.230\n2026-03;2;-1.2\n2026-03;3;-0.03\n", "1.23"},
		{"day first", "Datum;Grootboek;Bedrag\n03-04-2026;1;5\n30-04-2026;2;-5\n", "2026-04 1//"},
		{"month first", "Date;Account;Amount\n04/03/2026;1;5\n04/30/2026;2;-5\n", "2026-04 1//"},
	} {
		if got, err := totals(t, payrollfile.New(), []byte(c.text)); err != nil || !strings.Contains(got, c.want) {
			t.Errorf("%s: %v\n%s", c.name, err, got)
		}
	}
}

// A layout is proposed, corrected by a person, kept as JSON and used for the
// next file with that header, whatever its case and blanks.
func TestPropose_CorrectedAndRemembered(t *testing.T) {
	text := "Wann;Wo;Wieviel\n03-04-2026;1;1.234\n03-04-2026;2;-1.234\n"
	layout, missing, ok := payrollfile.Propose([]byte(text))
	if !ok || len(layout.Columns) != 0 || !slices.Equal(missing, []payrollfile.Role{payrollfile.LedgerAccount, payrollfile.Period, payrollfile.Amount}) {
		t.Fatal(layout, missing, ok)
	}
	layout.Columns = map[payrollfile.Role]int{payrollfile.Date: 0, payrollfile.LedgerAccount: 1, payrollfile.Amount: 2}
	layout.Decimal, layout.Dates = ",", payrollfile.DayMonthYear
	if missing := layout.Missing(); missing != nil {
		t.Fatal(missing)
	}
	kept, err := json.Marshal(layout)
	if err != nil {
		t.Fatal(err)
	}
	var again payrollfile.Layout
	if err := json.Unmarshal(kept, &again); err != nil || !reflect.DeepEqual(again, layout) {
		t.Fatal(again, err)
	}
	reader := payrollfile.New(payrollfile.CSV{Layouts: []payrollfile.Layout{again}})
	got, err := totals(t, reader, []byte(strings.Replace(text, "Wann;Wo", " WANN ;wo", 1)))
	if err != nil || got != "2026-04 1// 1234.00 0.00\n2026-04 2// 0.00 1234.00\n" {
		t.Fatal(got, err)
	}
	if _, _, ok := payrollfile.Propose([]byte("just words\n")); ok {
		t.Error("words are no table")
	}
	sample, err := os.ReadFile("testdata/exceljs.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	csv, err := os.ReadFile("testdata/nl-2026-03-twk.csv")
	if err != nil {
		t.Fatal(err)
	}
	a, missing, ok := payrollfile.Propose(sample)
	b, _, _ := payrollfile.Propose(csv)
	if !ok || missing != nil || a.ID != b.ID || !maps.Equal(a.Columns, b.Columns) || len(a.Columns) != 9 {
		t.Error(a, b, missing)
	}
}

// What is written as a table in any form is read back as it was, both ways.
func TestCSV_ReadsWhatWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		separator := rapid.SampledFrom([]string{";", ",", "\t", "|"}).Draw(t, "separator")
		decimal := rapid.SampledFrom([]string{".", ","}).Draw(t, "decimal")
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end")
		code := rapid.StringMatching(`[A-Zö0-9][A-Z0-9;,"é ]{0,4}[0-9]`)
		cell := func(s string) string {
			if strings.ContainsAny(s, separator+"\"\r\n") || rapid.IntRange(0, 9).Draw(t, "quote") == 0 {
				return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
			}
			return s
		}
		money := func(a journal.Amount) string {
			return strings.Replace(a.Abs().String(), ".", decimal, 1)
		}
		var b strings.Builder
		b.WriteString(strings.Join([]string{"Jaar", "Periode", "Boekstuk", "Rekening", "Kostenplaats", "Kostendrager", "Omschrijving", "Debet", "Credit"}, separator) + end)
		want := make(journal.Ledger)
		write := func(p journal.Period, entry string, l journal.Line) {
			debit, credit := money(l.Amount), ""
			if l.Amount < 0 {
				debit, credit = credit, debit
			}
			cells := []string{fmt.Sprint(p.Year), fmt.Sprint(p.Number), entry, l.LedgerAccount, l.CostCentre, l.CostUnit, l.Text, debit, credit}
			for i := range cells {
				cells[i] = cell(cells[i])
			}
			b.WriteString(strings.Join(cells, separator) + end)
		}
		for entry := range rapid.IntRange(1, 6).Draw(t, "entries") {
			tr := journal.Transaction{Period: journal.Period{Year: 2026, Number: rapid.IntRange(1, 13).Draw(t, "period")}}
			rest := journal.Amount(0)
			for range rapid.IntRange(1, 5).Draw(t, "lines") {
				l := journal.Line{
					LedgerAccount: code.Draw(t, "account"), CostCentre: code.Draw(t, "centre"), CostUnit: code.Draw(t, "unit"),
					Text:   rapid.StringMatching(`[a-zà-ü";,| \n]{0,12}`).Draw(t, "text"),
					Amount: journal.Amount(rapid.Int64Range(-int64(journal.MaxAmount), int64(journal.MaxAmount)).Draw(t, "amount")),
				}
				rest -= l.Amount
				tr.Lines = append(tr.Lines, l)
			}
			if rest.Abs() > journal.MaxAmount {
				tr.Lines, rest = tr.Lines[:1], -tr.Lines[0].Amount
			}
			tr.Lines = append(tr.Lines, journal.Line{LedgerAccount: "1700", Amount: rest})
			for _, l := range tr.Lines {
				write(tr.Period, fmt.Sprint(entry), l)
			}
			if err := want.Add(tr); err != nil {
				t.Fatal(err)
			}
		}
		got, err := totals(t, payrollfile.New(), []byte(b.String()))
		if err != nil || got != show(want) {
			t.Fatalf("%v\n%s\ngot\n%s\nwant\n%s", err, b.String(), got, show(want))
		}
	})
}

// FuzzCSV holds the quick way against the careful one: equal totals or the same
// problem.
func FuzzCSV(f *testing.F) {
	sample, err := os.ReadFile("testdata/nl-2026-03-twk.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	f.Add([]byte(plainTable))
	f.Add([]byte("Periode;Grootboek;Bedrag\n2026-03;1;1.234\n\n2026-03;\"2\"\"\";-1.234,00\r\nTotaal;;3"))
	f.Add([]byte("Datum,Konto,Belopp\n2026-03-25,\"4\n0\",1\n2026-03-25,17\xf6,-1"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, err := totals(t, payrollfile.New(payrollfile.CSV{}), raw)
		if p := model.ProblemOf(err); p != nil && p.Code == "internal" {
			t.Fatalf("not a problem: %v", err)
		}
	})
}
