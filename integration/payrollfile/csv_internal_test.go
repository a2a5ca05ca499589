package payrollfile

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
)

// The quick way takes ordinary files itself: the tests that compare it with the
// careful reading would prove nothing if it always gave up.
func TestCSV_QuickWayIsTaken(t *testing.T) {
	sample, err := os.ReadFile("testdata/nl-2026-03-twk.csv")
	if err != nil {
		t.Fatal(err)
	}
	var large strings.Builder
	large.WriteString("Periode;Boekstuk;Rekening;Kostenplaats;Omschrijving;Bedrag\n")
	for i := range 40_000 {
		fmt.Fprintf(&large, "2026-03;%d;4000;%d;\"tekst \"\"a\"\"\nen b\";12,50\n2026-03;%d;1700;;;-12,50\n", i/3, i%100, i/3)
	}
	for name, raw := range map[string][]byte{
		"sample":       sample,
		"mark":         append([]byte("\xef\xbb\xbf"), sample...),
		"Windows-1252": bytes.ReplaceAll(sample, []byte("Bruto"), []byte("L\xf6n")),
		"totals":       append(bytes.Clone(sample), "Totaal;;;;;;;1,00;1,00\r\n"...),
		"many blocks":  []byte(large.String()),
	} {
		if _, err := (CSV{}).totals(context.Background(), bytes.NewReader(raw)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
