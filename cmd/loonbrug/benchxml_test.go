//go:build bench && linux

package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/integration/payrollfile"
)

// xmlLines is the size of the payroll in transaction XML.
const xmlLines = 200_000

// benchXML is the payroll of [benchRow] as Nmbrs writes it, a transaction for
// each entry.
func benchXML(lines int) []byte {
	var b bytes.Buffer
	b.WriteString("<transactions>")
	for i := range lines {
		period, _, post, amount := benchRow(i, benchPosts)
		account, centre, unit := benchCodes(post)
		if i%20 == 0 {
			fmt.Fprintf(&b, "<transaction><header><office>De Halm</office><date>202603%02d</date><period>%d/2026</period></header><lines>", 28, period)
		}
		side := "debit"
		if amount < 0 {
			side = "credit"
		}
		fmt.Fprintf(&b, `<line type="detail" id="%d"><dim1>%s</dim1><dim2>%s</dim2><dim3>%s</dim3><value>%s</value><debitcredit>%s</debitcredit><description>Bruto lonen</description></line>`,
			i%20+1, account, centre, unit, amount.Abs(), side)
		if i%20 == 19 {
			b.WriteString("</lines></transaction>")
		}
	}
	b.WriteString("</transactions>")
	return b.Bytes()
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
		Text        string `xml:"description"`
	} `xml:"lines>line"`
}

// plainDecode decodes transaction by transaction with the standard library, and
// gives the sum of the debit lines.
func plainDecode(in io.Reader) (debit journal.Amount, err error) {
	d := xml.NewDecoder(in)
	for {
		token, err := d.Token()
		if err == io.EOF {
			return debit, nil
		}
		if err != nil {
			return debit, err
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "transaction" {
			continue
		}
		var t plainTransaction
		if err := d.DecodeElement(&t, &start); err != nil {
			return debit, err
		}
		for _, l := range t.Lines {
			amount, err := journal.ParseAmount(l.Value)
			if err != nil {
				return debit, err
			}
			if l.DebitCredit == "debit" {
				debit += amount
			}
		}
	}
}

// byXML compares reading transaction XML with a plain decode of the same bytes,
// in turn, equal totals first.
func byXML(t *testing.T, print func(what, measured, wanted string, holds bool)) {
	raw := benchXML(xmlLines)
	ours := func() (debit journal.Amount, err error) {
		_, err = payrollfile.New().Read(context.Background(), "f.xml", bytes.NewReader(raw), func(tr journal.Transaction) error {
			d, _, err := journal.Totals(tr.Lines)
			debit += d
			return err
		})
		return debit, err
	}
	plain := func() (journal.Amount, error) { return plainDecode(bytes.NewReader(raw)) }
	var took [2]time.Duration
	var sums [2]journal.Amount
	for range 5 {
		for i, read := range []func() (journal.Amount, error){ours, plain} {
			start := busy(t)
			sum, err := read()
			if err != nil {
				t.Fatal(err)
			}
			if spent := busy(t) - start; took[i] == 0 || spent < took[i] {
				took[i] = spent
			}
			sums[i] = sum
		}
	}
	if sums[0] != sums[1] || sums[0] == 0 {
		t.Fatalf("debit is %s, by a plain decode %s", sums[0], sums[1])
	}
	ratio := took[1].Seconds() / took[0].Seconds()
	print(fmt.Sprintf("transaction XML, %d lines", xmlLines), fmt.Sprintf("%.0f MB/s", float64(len(raw))/1e6/took[0].Seconds()), "", true)
	print("  times faster than a plain decode by encoding/xml", fmt.Sprintf("%.1f", ratio), "3", ratio >= 3)
}
