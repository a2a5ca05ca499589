package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// The company that a file names stands in what read tells of it.
func TestRead_Company(t *testing.T) {
	readers := filepath.Join("..", "..", "integration", "payrollfile", "testdata")
	for file, want := range map[string][2]string{
		"se-2026-05.si":      {"(sie)\nBrödbolaget i Malmö AB\n", `"name": "Brödbolaget i Malmö AB"`},
		"nl-2026-03-twk.xaf": {"(xaf)\nBakkerij De Halm B.V. NL000000000B01\n", `"number": "NL000000000B01"`},
		"nl-2026-03-twk.xml": {"(nmbrs-xml)\n", `"name": ""`},
	} {
		path := filepath.Join(readers, file)
		plain, asJSON := loonbrug(t, "read", path), loonbrug(t, "read", "--json", path)
		if plain.code != exitFine || !strings.Contains(plain.out, want[0]) {
			t.Errorf("%s: exit %d\n%s%s", file, plain.code, plain.out, plain.err)
		}
		if asJSON.code != exitFine || !strings.Contains(asJSON.out, want[1]) {
			t.Errorf("%s: exit %d\n%s%s", file, asJSON.code, asJSON.out, asJSON.err)
		}
	}
}

// The audit file of a run has the totals of its transaction XML.
func TestRead_TotalsOfAuditfile(t *testing.T) {
	readers := filepath.Join("..", "..", "integration", "payrollfile", "testdata")
	xml := loonbrug(t, "read", "--totals", filepath.Join(readers, "nl-2026-03-twk.xml"))
	xaf := loonbrug(t, "read", "--totals", filepath.Join(readers, "nl-2026-03-twk.xaf"))
	if xaf.code != exitFine || xaf.out == "" || xaf.out != xml.out {
		t.Errorf("exit %d\n%s%s", xaf.code, xaf.out, xaf.err)
	}
}
