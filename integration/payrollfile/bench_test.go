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

// BenchmarkNmbrsXML reads 100,000 lines and compares the time with that of the
// standard library only walking the same tokens, in the same run: the ratio is
// what the rules of a journal cost.
func BenchmarkNmbrsXML(b *testing.B) {
	raw := large(100_000)
	var ours, plain int64
	for b.Loop() {
		start := b.Elapsed()
		lines := 0
		if _, err := payrollfile.New().Read(context.Background(), "f.xml", bytes.NewReader(raw), func(t journal.Transaction) error {
			lines += len(t.Lines)
			return nil
		}); err != nil || lines != 100_000 {
			b.Fatal(lines, err)
		}
		middle := b.Elapsed()
		d := xml.NewDecoder(bytes.NewReader(raw))
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
		ours += int64(middle - start)
		plain += int64(b.Elapsed() - middle)
	}
	b.ReportMetric(float64(ours)/float64(plain), "x-plain-decode")
}
