package payrollfile_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"loonbrug/data/journal"
	"loonbrug/integration/payrollfile"
)

// large is a payroll of n lines in Nmbrs XML, twenty lines a transaction.
func large(n int) []byte {
	var b strings.Builder
	b.WriteString("<transactions>")
	for i := 0; i < n; i += 20 {
		fmt.Fprintf(&b, "<transaction><header><date>20260331</date><period>%d/2026</period></header><lines>", i/20%12+1)
		for k := range 20 {
			side := "debit"
			if k%2 == 1 {
				side = "credit"
			}
			fmt.Fprintf(&b, `<line id="%d"><dim1>%d</dim1><dim2>%d</dim2><dim3>A1</dim3><value>%d.25</value><debitcredit>%s</debitcredit><description>Bruto lonen</description></line>`,
				k, 4000+k%8*10, 100*(k%3+1), 1000+k/2, side)
		}
		b.WriteString("</lines></transaction>")
	}
	b.WriteString("</transactions>")
	return []byte(b.String())
}

// plainTransaction is what a plain decode makes of a transaction.
type plainTransaction struct {
	Date   string `xml:"header>date"`
	Period string `xml:"header>period"`
	Lines  []struct {
		Account     string `xml:"dim1"`
		CostCentre  string `xml:"dim2"`
		CostUnit    string `xml:"dim3"`
		Value       string `xml:"value"`
		DebitCredit string `xml:"debitcredit"`
		Description string `xml:"description"`
	} `xml:"lines>line"`
}

// plainDecode decodes transaction by transaction with the standard library, and
// tells how many lines there are. It checks nothing.
func plainDecode(in io.Reader) (lines int, err error) {
	d := xml.NewDecoder(in)
	for {
		token, err := d.Token()
		if err == io.EOF {
			return lines, nil
		}
		if err != nil {
			return lines, err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "transaction" {
			var t plainTransaction
			if err := d.DecodeElement(&t, &start); err != nil {
				return lines, err
			}
			lines += len(t.Lines)
		}
	}
}

// BenchmarkNmbrsXML reads 100,000 lines and compares the throughput with that of
// the standard library in the same run: decoding into structs without any rule
// of a journal, and only walking the tokens.
func BenchmarkNmbrsXML(b *testing.B) {
	const size = 100_000
	raw := large(size)
	walk := func() (int, error) {
		d := xml.NewDecoder(bytes.NewReader(raw))
		for {
			if _, err := d.RawToken(); err == io.EOF {
				return size, nil
			} else if err != nil {
				return 0, err
			}
		}
	}
	ours := func() (lines int, err error) {
		_, err = payrollfile.New().Read(context.Background(), "f.xml", bytes.NewReader(raw), func(t journal.Transaction) error {
			lines += len(t.Lines)
			return nil
		})
		return lines, err
	}
	decode := func() (int, error) { return plainDecode(bytes.NewReader(raw)) }
	var took [3]float64
	for b.Loop() {
		for i, run := range []func() (int, error){ours, decode, walk} {
			start := b.Elapsed()
			if lines, err := run(); err != nil || lines != size {
				b.Fatal(i, lines, err)
			}
			took[i] += float64(b.Elapsed() - start)
		}
	}
	b.ReportMetric(took[1]/took[0], "x-as-fast-as-decode")
	b.ReportMetric(took[2]/took[0], "x-as-fast-as-tokens")
}
