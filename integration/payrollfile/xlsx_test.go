package payrollfile_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"loonbrug/data/model"
	"loonbrug/integration/payrollfile"
)

// workbook makes a workbook of one sheet; rows are the contents of its rows.
func workbook(t *testing.T, properties string, rows ...string) []byte {
	t.Helper()
	var sheet strings.Builder
	for i, r := range rows {
		fmt.Fprintf(&sheet, `<row r="%d">%s</row>`, i+1, r)
	}
	return zipOf(t, map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="http://x/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook>` + properties + `<sheets><sheet name="x" r:id="s1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s1" Type="http://x/worksheet" Target="sheets/a.xml"/><Relationship Id="t" Type="http://x/sharedStrings" Target="/xl/s.xml"/></Relationships>`,
		"xl/sheets/a.xml":            `<worksheet><sheetData>` + sheet.String() + `</sheetData></worksheet>`,
		"xl/s.xml":                   `<sst><si><t>Datum</t></si><si><r><t>Gr</t></r><r><t>ootboek</t></r><rPh><t>zzz</t></rPh></si></sst>`,
	})
}

func zipOf(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const (
	sheetHeader = `<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>Bedrag</t></is></c>`
	creditRow   = `<c><v>46112</v></c><c t="str"><v>1700</v></c><c><v>-12771.28</v></c>`
)

func debitRow(date, amount string) string {
	return `<c r="A2" s="1">` + date + `</c><c r="B2"><v>4000</v></c><c r="C2">` + amount + `</c>`
}

func TestXLSX_Cells(t *testing.T) {
	const want = "2026-03 1700// 0.00 12771.28\n2026-03 4000// 12771.28 0.00\n"
	for name, raw := range map[string][]byte{
		"number":   workbook(t, "", sheetHeader, debitRow("<v>46112</v>", "<v>12771.28</v>"), creditRow),
		"noise":    workbook(t, "", sheetHeader, debitRow("<v>46112.75</v>", "<v>12771.280000000001</v>"), creditRow),
		"exponent": workbook(t, "", sheetHeader, debitRow("<v>46112</v>", "<v>1.277128E4</v>"), creditRow),
		"formula":  workbook(t, "", sheetHeader, debitRow("<f>DATE(2026,3,31)</f><v>46112</v>", "<f>SUM(1)</f><v>12771.28</v>"), creditRow),
		"gap":      workbook(t, "", "", `<c r="B2" t="str"><v>Loon</v></c>`, sheetHeader, "", debitRow("<v>46112</v>", "<v>12771.28</v>"), creditRow),
		"from 1904": workbook(t, `<workbookPr date1904="1"/>`, sheetHeader, debitRow("<v>44650</v>", "<v>12771.28</v>"),
			strings.Replace(creditRow, "46112", "44650", 1)),
	} {
		if got, err := totals(t, payrollfile.New(), raw); err != nil || got != want {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

func TestXLSX_Problems(t *testing.T) {
	sheet := func(rows ...string) []byte { return workbook(t, "", rows...) }
	for _, c := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"third decimal", sheet(sheetHeader, debitRow("<v>46112</v>", "<v>1.234</v>"), creditRow), `file.bad_amount field="Bedrag" file="f.xlsx" row="2" value="1.234"`},
		{"no cached value", sheet(sheetHeader, debitRow("<v>46112</v>", "<f>A1</f>"), creditRow), `file.missing field="Bedrag" file="f.xlsx" row="2"`},
		{"error", sheet(sheetHeader, `<c><v>46112</v></c><c><v>1</v></c><c t="e"><v>#REF!</v></c>`), `file.bad_amount field="Bedrag" file="f.xlsx" row="2" value="#REF!"`},
		{"text of a thousand", sheet(sheetHeader, `<c><v>46112</v></c><c><v>1</v></c><c t="str"><v>1.234</v></c>`), `file.ambiguous_amount field="Bedrag" file="f.xlsx" row="2" value="1.234"`},
		{"unknown text", sheet(sheetHeader, `<c t="s"><v>7</v></c>`), `file.not_a_workbook file="f.xlsx" row="2"`},
		{"no such day", sheet(sheetHeader, debitRow("<v>12</v>", "<v>1</v>"), creditRow), `file.bad_date field="Datum" file="f.xlsx" row="2" value="12"`},
		{"no header", sheet(`<c t="str"><v>hallo</v></c>`), `file.no_header file="f.xlsx"`},
		{"columns missing", sheet(`<c t="s"><v>0</v></c><c t="s"><v>1</v></c>`), `file.columns_missing amount="amount" file="f.xlsx" row="1"`},
		{"another zip", zipOf(t, map[string]string{"a.txt": "a"}), `file.not_a_workbook file="f.xlsx"`},
		{"cut off", sheet(sheetHeader)[:400], `file.not_a_workbook file="f.xlsx"`},
		{"old", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)), `file.old_workbook file="f.xlsx"`},
		{"document type", workbook(t, `<!DOCTYPE a [<!ENTITY b "c">]>`, sheetHeader), `file.dtd file="f.xlsx"`},
		{"bomb", sheet(sheetHeader, strings.Repeat(" ", 64<<20)), `file.unpacks_too_large file="f.xlsx"`},
		{"long text", sheet(sheetHeader, debitRow("<v>46112</v>", "<v>"+strings.Repeat("12", 1<<10)+"</v>"), strings.Repeat("<c><v>"+fmt.Sprint(payrollfile.LedgerAccount)+"</v></c>", 3)), `file.bad_amount`},
	} {
		_, err := payrollfile.New().ReadAll(context.Background(), "f.xlsx", bytes.NewReader(c.raw))
		if p := model.ProblemOf(err); p == nil || !strings.HasPrefix(p.Error(), c.want) {
			t.Errorf("%s:\n got %v\nwant %s", c.name, p, c.want)
		}
	}
}

// FuzzXLSX reads damaged workbooks and damaged sheets in sound ones.
func FuzzXLSX(f *testing.F) {
	for _, name := range []string{"testdata/excelize.xlsx", "testdata/exceljs.xlsx"} {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, "")
	}
	f.Add([]byte{}, sheetHeader)
	f.Add([]byte{}, `<c r="ZZ9" t="inlineStr"><is><t>a</t></is></c></row><row><c><v>1e400</v></c>`)
	f.Fuzz(func(t *testing.T, raw []byte, cells string) {
		if cells != "" {
			raw = workbook(t, "", sheetHeader, cells, creditRow)
		}
		file, err := payrollfile.New(payrollfile.XLSX{}).ReadAll(context.Background(), "f.xlsx", bytes.NewReader(raw))
		if p := model.ProblemOf(err); p != nil && p.Code == "internal" {
			t.Fatalf("not a problem: %v", err)
		}
		if err != nil {
			return
		}
		for i := range file.Journal.Transactions {
			if err := file.Journal.Transactions[i].Balance(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
