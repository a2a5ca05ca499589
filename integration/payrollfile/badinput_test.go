package payrollfile_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/payrollfile"
)

// longLine is a file of a beginning and one line of two gigabytes behind it. It
// is never in memory, and counts what is taken of it.
type longLine struct {
	begin     string
	at, taken int64
}

const twoGigabytes = 2 << 30

func (l *longLine) Read(p []byte) (n int, err error) {
	if l.at >= twoGigabytes {
		return 0, io.EOF
	}
	if l.at < int64(len(l.begin)) {
		n = copy(p, l.begin[l.at:])
	} else {
		n = int(min(int64(len(p)), twoGigabytes-l.at))
		for i := range p[:n] {
			p[i] = 'x'
		}
	}
	l.at, l.taken = l.at+int64(n), l.taken+int64(n)
	return n, nil
}

func (l *longLine) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart || offset != 0 {
		return 0, errors.New("only to the start")
	}
	l.at = 0
	return 0, nil
}

// A line of two gigabytes is refused after the first of it, whatever the format
// and however it is read.
func TestRead_LongLine(t *testing.T) {
	for name, begin := range map[string]string{
		"CSV":    plainTable + "2026;3;4000;;;",
		"header": "Jaar;Periode;Grootboek;Debet;Credit;",
		"SIE":    sieFile("#VER L 7 20260531 "),
		"XAF":    xafHead + "<company><companyName>",
		"XML":    "<transactions><transaction><header><date>",
	} {
		in := &longLine{begin: begin}
		_, err := payrollfile.New().ReadAll(context.Background(), "f", in)
		_, errTotals := payrollfile.New().Totals(context.Background(), "f", &longLine{begin: begin})
		for _, err := range []error{err, errTotals} {
			if p := model.ProblemOf(err); p == nil || p.Code != "file.field_too_long" || p.Params["row"] == "" || p.Params["file"] != "f" {
				t.Errorf("%s: %v", name, err)
			}
		}
		if in.taken > 8<<20 {
			t.Errorf("%s: %d bytes taken", name, in.taken)
		}
	}
}

// falseSizes is a workbook whose sheet says that it unpacks to a size that it
// does not have.
func falseSizes(t *testing.T, sheet []byte, claimed uint64) []byte {
	t.Helper()
	sound, err := zip.NewReader(bytes.NewReader(workbook(t, "", sheetHeader)), int64(len(workbook(t, "", sheetHeader))))
	if err != nil {
		t.Fatal(err)
	}
	var b, packed bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range sound.File {
		if part.Name != "xl/sheets/a.xml" {
			if err := z.Copy(part); err != nil {
				t.Fatal(err)
			}
		}
	}
	f, err := flate.NewWriter(&packed, flate.BestSpeed)
	if err == nil {
		_, err = f.Write(sheet)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: "xl/sheets/a.xml", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(sheet),
		CompressedSize64: uint64(packed.Len()), UncompressedSize64: claimed,
	})
	if err == nil {
		_, err = w.Write(packed.Bytes())
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A part of a workbook that is larger or smaller than it says ends the reading
// where that shows.
func TestXLSX_FalseSizes(t *testing.T) {
	rows := "<row>" + sheetHeader + "</row><row>" + debitRow("<v>46112</v>", "<v>12771.28</v>") + "</row><row>" + creditRow + "</row>"
	plain := []byte("<worksheet><sheetData>" + rows + "</sheetData></worksheet>")
	bomb := []byte("<worksheet><sheetData>" + strings.Repeat("<row/>", 10<<20) + rows + "</sheetData></worksheet>")
	for _, c := range []struct {
		name    string
		sheet   []byte
		claimed uint64
		want    string
	}{
		{"true", plain, uint64(len(plain)), ""},
		{"smaller", plain, uint64(len(plain)) - 1, "file.not_a_workbook"},
		{"nothing", plain, 0, "file.not_a_workbook"},
		{"larger", plain, uint64(len(plain)) + 1, "file.not_a_workbook"},
		{"much larger", plain, 1 << 40, "file.unpacks_too_large"},
		{"hidden bomb", bomb, 1000, "file.not_a_workbook"},
		{"bomb", bomb, uint64(len(bomb)), "file.unpacks_too_large"},
	} {
		_, err := payrollfile.New().ReadAll(context.Background(), "f.xlsx", bytes.NewReader(falseSizes(t, c.sheet, c.claimed)))
		p := model.ProblemOf(err)
		if c.want == "" && err != nil || c.want != "" && (p == nil || p.Code != c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// Every format knows thirteen periods, and none a fourteenth.
func TestRead_Thirteenth(t *testing.T) {
	for name, text := range map[string]string{
		"XML":       strings.Replace(one(debit+credit), "3/2026", "%d/2026", 1),
		"Twinfield": strings.Replace(one(debit+credit), "3/2026", "2026/%d", 1),
		"table":     "Jaar;Periode;Grootboek;Bedrag\n2026;%d;4000;1\n2026;%[1]d;1700;-1\n",
		"full":      "Periode;Grootboek;Bedrag\n2026-%d;4000;1\n2026-%[1]d;1700;-1\n",
		"together":  "Periode;Grootboek;Bedrag\n2026%d;4000;1\n2026%[1]d;1700;-1\n",
	} {
		for number, want := range map[int]string{13: "", 14: "file.bad_period", 0: "file.bad_period"} {
			got, err := read(t, fmt.Sprintf(strings.ReplaceAll(text, "%d", "%[1]d"), number))
			p := model.ProblemOf(err)
			switch {
			case want != "" && (p == nil || p.Code != want || p.Params["row"] == ""):
				t.Errorf("%s %d: %v", name, number, err)
			case want == "" && (err != nil || got.Journal.Transactions[0].Period != journal.Period{Year: 2026, Number: 13}):
				t.Errorf("%s %d: %v", name, number, err)
			}
		}
	}
}

// The three forms of a date mean the same day in transaction XML, and so they do
// in tables, where a fourth form is known by its evidence.
func TestRead_DateForms(t *testing.T) {
	for _, form := range []string{"20260331", "2026-03-31", "2026-03-31T00:00:00", "2026-03-31T00:00:00+02:00", "31-03-2026", "31.03.2026", "31/3/2026", "03/31/2026"} {
		texts := []string{"Datum;Grootboek;Bedrag\n" + form + ";4000;1\n" + form + ";1700;-1\n"}
		if strings.HasPrefix(form, "2026") {
			texts = append(texts, strings.Replace(one(debit+credit), "20260331", form, 1))
		}
		for _, text := range texts {
			got, err := read(t, text)
			if err != nil || got.Journal.Transactions[0].Date.String() != "2026-03-31" {
				t.Errorf("%s: %v\n%s", form, err, text)
			}
		}
	}
	if _, err := read(t, strings.Replace(one(debit+credit), "20260331", "31-03-2026", 1)); model.ProblemOf(err).Code != "file.bad_date" {
		t.Error(err)
	}
}

// Line ends of any kind, mixed, change neither a journal nor the row of a
// problem.
func TestRead_MixedLineEnds(t *testing.T) {
	for name, text := range map[string]string{
		"CSV": plainTable + "2026;3;4000;;;;1,00;\n2026;3;1700;;;;;1,00\n",
		"SIE": sieVoucher("#TRANS 7210 {1 10} 12.5\n#TRANS 2710 {} -12.50"),
		"XML": strings.ReplaceAll(one(debit+credit), "><", ">\n<"),
		"XAF": strings.ReplaceAll(xafFile(xafTransaction("1", "3", "2026-03-31", xafLine("4000", "1", "D", "")+xafLine("1700", "1", "C", ""))), "><", ">\n<"),
	} {
		ends := []string{"\n", "\r\n", "\r\n", "\n"}
		if name == "CSV" || name == "SIE" {
			ends = append(ends, "\r")
		}
		lines := strings.SplitAfter(text, "\n")
		for i, l := range lines {
			lines[i] = strings.Replace(l, "\n", ends[i%len(ends)], 1)
		}
		mixed := strings.Join(lines, "")
		want, errWant := read(t, text)
		got, err := read(t, mixed)
		if err != nil || errWant != nil || shown(got) != shown(want) {
			t.Errorf("%s: %v, %v", name, err, errWant)
			continue
		}
		bad := func(s string) string {
			return strings.NewReplacer("2026;3;1700;;;;;1,00", "2026;3;1700;;;;;x", "#TRANS 2710", "#TRANS \"\"", "<dim1>1700", "<dim1>", "<accID>1700", "<accID>").Replace(s)
		}
		_, errWant = read(t, bad(text))
		_, err = read(t, bad(mixed))
		if p, w := model.ProblemOf(err), model.ProblemOf(errWant); p == nil || p.Params["row"] == "" || w == nil || p.Code != w.Code || p.Params["row"] != w.Params["row"] {
			t.Errorf("%s: %v, want %v", name, err, errWant)
		}
	}
}

// Lines without a ledger account pass only where that is asked for, and all
// else is refused as ever.
func TestReader_WithoutAccount(t *testing.T) {
	const bareTable = "Periode;Grootboek;Bedrag\n2026-03;4000;10\n2026-03;;-10\n;;\nTotaal;;0\n"
	bareXML := one(debit + strings.Replace(credit, "1700", " ", 1))
	sheet := workbook(t, "", sheetHeader, debitRow("<v>46112</v>", "<v>12771.28</v>"), strings.Replace(creditRow, "1700", " ", 1))
	for name, raw := range map[string][]byte{"CSV": []byte(bareTable), "XML": []byte(bareXML), "XLSX": sheet} {
		_, err := payrollfile.New().ReadAll(context.Background(), "f", bytes.NewReader(raw))
		if p := model.ProblemOf(err); p == nil || p.Code != "file.no_ledger_account" {
			t.Errorf("%s: %v", name, err)
		}
		got, err := payrollfile.New().ReadBare(context.Background(), "f", bytes.NewReader(raw))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		lines := got.Journal.Transactions[0].Lines
		if len(lines) != 2 || !slices.ContainsFunc(lines, func(l journal.Line) bool { return l.LedgerAccount == "" && l.Amount < 0 }) {
			t.Errorf("%s: %+v", name, lines)
		}
		if _, err := totals(t, payrollfile.New().WithoutAccount(), raw); err != nil {
			t.Errorf("%s added up: %v", name, err)
		}
	}
	_, err := payrollfile.New().ReadBare(context.Background(), "f", strings.NewReader(sieVoucher("#TRANS \"\" {} 1\n#TRANS 2710 {} -1")))
	if p := model.ProblemOf(err); p == nil || p.Code != "file.no_ledger_account" {
		t.Error("SIE:", err)
	}
}

// Tables say by which layout they are read; the same columns in a workbook are
// the same layout.
func TestTables_TellTheirLayout(t *testing.T) {
	want := payrollfile.LayoutID([]string{"datum", "grootboek", "BEDRAG"})
	for name, raw := range map[string][]byte{
		"CSV":  []byte("Datum;Grootboek;Bedrag\n2026-03-31;4000;1\n2026-03-31;1700;-1\n"),
		"XLSX": workbook(t, "", sheetHeader, debitRow("<v>46112</v>", "<v>12771.28</v>"), creditRow),
	} {
		got, err := payrollfile.New().ReadAll(context.Background(), "f", bytes.NewReader(raw))
		if err != nil || got.Header.Layout != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
