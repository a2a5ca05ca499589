package payrollfile_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/payrollfile"
	"loonbrug/integration/source"
)

func read(t *testing.T, text string) (*source.File, error) {
	t.Helper()
	return payrollfile.New().ReadAll(context.Background(), "folder/loon.xml", strings.NewReader(text))
}

func one(lines string) string {
	return "<transactions><transaction><header><date>20260331</date><period>3/2026</period></header><lines>" +
		lines + "</lines></transaction></transactions>"
}

const (
	debit  = `<line id="0"><dim1>04000</dim1><dim2>100</dim2><dim3>A1</dim3><value>10.50</value><debitcredit>debit</debitcredit><description>Bruto &amp; meer</description></line>`
	credit = `<line id="1"><dim1>1700</dim1><value>10.50</value><debitcredit>Credit</debitcredit></line>`
)

func TestNmbrsXML_Samples(t *testing.T) {
	for file, want := range map[string]string{
		"nl-2026-03-twk.xml":               "2026-01 668.98, 2026-02 547.56, 2026-03 190567.45",
		"nl-2026-04-long-cost-centres.xml": "2026-04 39880.08",
		"fi-2026-06-corrections.xml":       "2026-01 846.18, 2026-02 52.76, 2026-03 633.77, 2026-04 399.08, 2026-05 349.84, 2026-06 85683.16",
	} {
		f, err := os.Open(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := payrollfile.New().ReadAll(context.Background(), file, f)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		var parts []string
		for _, part := range journal.Split(got.Journal) {
			debit, credit, err := journal.Totals(part.Lines())
			if err != nil || debit != credit {
				t.Errorf("%s %s: debit %s, credit %s, %v", file, part.Period, debit, credit, err)
			}
			parts = append(parts, part.Period.String()+" "+debit.String())
		}
		if s := strings.Join(parts, ", "); s != want {
			t.Errorf("%s:\n got %s\nwant %s", file, s, want)
		}
	}
}

func TestNmbrsXML_BadSamples(t *testing.T) {
	for file, want := range map[string]string{
		"bad-cut-off.xml":              `file.cut_off file="bad-cut-off.xml" line="8" row="12" transaction="1"`,
		"bad-line-without-account.xml": `file.no_ledger_account file="bad-line-without-account.xml" line="1" row="5" transaction="1"`,
		"bad-not-a-journal.xml":        `file.not_a_journal file="bad-not-a-journal.xml" found="html" row="1"`,
		"bad-one-cent-off.xml":         `file.unbalanced credit="14105.57" debit="14105.58" difference="0.01" file="bad-one-cent-off.xml" period="2026-07" row="15" transaction="1"`,
	} {
		raw, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		_, err = payrollfile.New().ReadAll(context.Background(), file, bytes.NewReader(raw))
		if p := model.ProblemOf(err); p == nil || !strings.HasPrefix(p.Error(), want) {
			t.Errorf("%s:\n got %v\nwant %s", file, p, want)
		}
	}
}

func TestNmbrsXML_Tolerant(t *testing.T) {
	plain := one(debit + credit)
	shuffled := `<t:transactions xmlns:t="urn:x"><t:transaction><lines><!-- c --><line><description>Bruto <b/>&amp; meer</description><extra><deep/></extra>` +
		`<debitcredit> DEBIT </debitcredit><value> 10.5 </value><dim3>A1</dim3><dim2>100</dim2><dim1> 04000 </dim1></line>` +
		`<line><dim1>1700</dim1><value>-10.50</value><debitcredit>debit</debitcredit></line></lines>` +
		`<header><office>x</office><period>2026/03</period><date>2026-03-31T00:00:00</date></header></t:transaction></t:transactions>`
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(`<?xml version="1.0" encoding="utf-16"?>` + plain)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	want := journal.Transaction{
		Period: journal.Period{Year: 2026, Number: 3},
		Date:   journal.Date{Year: 2026, Month: 3, Day: 31},
		Lines: []journal.Line{
			{LedgerAccount: "04000", CostCentre: "100", CostUnit: "A1", Amount: 1050, Text: "Bruto & meer"},
			{LedgerAccount: "1700", Amount: -1050},
		},
	}
	for name, text := range map[string]string{
		"plain":                     plain,
		"mark and blanks":           "\xef\xbb\xbf \r\n" + plain + "\r\n",
		"false declaration":         `<?xml version="1.0" encoding="utf-16"?>` + plain,
		"one transaction alone":     strings.TrimSuffix(strings.TrimPrefix(plain, "<transactions>"), "</transactions>"),
		"UTF-16":                    string(wide),
		"other order and namespace": shuffled,
	} {
		got, err := read(t, text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if g, w := fmt.Sprint(got.Journal.Transactions), fmt.Sprint([]journal.Transaction{want}); g != w && name != "other order and namespace" {
			t.Errorf("%s:\n got %s\nwant %s", name, g, w)
		}
		if d, c, _ := journal.Totals(got.Journal.Transactions[0].Lines); d != 1050 || c != 1050 {
			t.Errorf("%s: totals %s %s", name, d, c)
		}
	}
	latin, err := read(t, `<?xml version="1.0" encoding="windows-1252"?>`+one(strings.Replace(debit, "Bruto", "L\xf6n", 1)+credit))
	if err != nil || latin.Journal.Transactions[0].Lines[0].Text != "Lön & meer" {
		t.Errorf("windows-1252: %v %v", latin, err)
	}
}

func TestNmbrsXML_Problems(t *testing.T) {
	for _, c := range []struct{ name, text, code, place string }{
		{"nothing", " \n", "file.empty", ""},
		{"text", "loon;1", "file.unknown_format", ""},
		{"no journal", "<transactions/>", "file.no_transactions", ""},
		{"two documents", one(debit+credit) + one(debit+credit), "file.two_documents", "1"},
		{"document type", `<!DOCTYPE t [<!ENTITY a "b">]>` + one(debit+credit), "file.dtd", ""},
		{"unknown period", strings.Replace(one(debit+credit), "3/2026", "14/2026", 1), "file.bad_period", "1"},
		{"no period", strings.NewReplacer("<period>3/2026</period>", "", "<date>20260331</date>", "").Replace(one(debit + credit)), "file.missing", "1"},
		{"bad date", strings.Replace(one(debit+credit), "20260331", "20260231", 1), "file.bad_date", "1"},
		{"third decimal", strings.Replace(one(debit+credit), "10.50", "10.505", 1), "file.bad_amount", "1"},
		{"decimal comma", strings.Replace(one(debit+credit), "10.50", "10,50", 1), "file.bad_amount", "1"},
		{"exponent", strings.Replace(one(debit+credit), "10.50", "1e3", 1), "file.bad_amount", "1"},
		{"no value", strings.Replace(one(debit+credit), "<value>10.50</value>", "", 1), "file.missing", "1"},
		{"bad side", strings.Replace(one(debit+credit), "Credit", "left", 1), "file.bad_side", "1"},
		{"no side", strings.Replace(one(debit+credit), "<debitcredit>Credit</debitcredit>", "", 1), "file.missing", "1"},
		{"broken tag", strings.Replace(one(debit+credit), "</dim1>", "</dim2>", 1), "file.not_xml", "1"},
		{"too deep", "<transactions>" + strings.Repeat("<a>", 40), "file.too_deep", ""},
		{"long field", strings.Replace(one(debit+credit), "Bruto", strings.Repeat("x", 5000), 1), "file.field_too_long", "1"},
		{"endless tag", "<transactions><" + strings.Repeat("x", 2<<20), "file.field_too_long", ""},
	} {
		_, err := read(t, c.text)
		p := model.ProblemOf(err)
		if p == nil || p.Code != c.code || p.Params["transaction"] != c.place || p.Params["file"] != "loon.xml" {
			t.Errorf("%s: got %v, want %s at transaction %q", c.name, p, c.code, c.place)
		}
	}
}

// FuzzNmbrsXML checks two laws: what is read balances, and what is read is all
// that a plain decoder finds in the same file.
func FuzzNmbrsXML(f *testing.F) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := payrollfile.New().ReadAll(context.Background(), "f.xml", bytes.NewReader(raw))
		if err != nil {
			if p := model.ProblemOf(err); p.Code == "internal" {
				t.Fatalf("not a problem: %v", err)
			}
			return
		}
		lines := 0
		for i := range got.Journal.Transactions {
			if err := got.Journal.Transactions[i].Balance(); err != nil {
				t.Fatal(err)
			}
			lines += len(got.Journal.Transactions[i].Lines)
		}
		var plain struct {
			Transactions []struct {
				Lines []struct{} `xml:"lines>line"`
			} `xml:"transaction"`
		}
		if bytes.HasPrefix(raw, []byte("<transactions>")) && xml.Unmarshal(raw, &plain) == nil {
			found := 0
			for _, tr := range plain.Transactions {
				found += len(tr.Lines)
			}
			if found > lines {
				t.Fatalf("read %d lines of %d", lines, found)
			}
		}
	})
}
