package paper_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loonbrug/data/paper"
)

func document(rows int) paper.Document {
	d := paper.Document{
		Title: "Kvittens · Brödbolaget i Malmö AB", About: "Ångström, öre, äpple – € 1.234,56", Language: "sv-SE", Foot: "Loonbrug",
		Created: time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC),
	}
	part := paper.Part{
		Title:  "2026-03",
		Facts:  []paper.Fact{{Name: "Bokat", Value: "2026-03-31"}, {Name: "Nummer", Value: "SAL 260001"}},
		Titles: []paper.Column{{Title: "Konto", Share: 0.2}, {Title: "Text", Share: 0.5}, {Title: "Debet", Share: 0.3, End: true}},
		Total:  []string{"", "Summa", "99,00"},
	}
	for i := range rows {
		part.Rows = append(part.Rows, []string{fmt.Sprint(4000 + i), "Löner " + strings.Repeat("mycket lång text ", 8), "1,00"})
	}
	d.Parts = []paper.Part{part}
	return d
}

// read gives the text of a PDF as a reader of another make sees it.
func read(t *testing.T, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", file, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext (package poppler-utils): %v %s", err, out)
	}
	return string(out)
}

func TestDocument_CanBeReadBack(t *testing.T) {
	var out bytes.Buffer
	if err := document(120).PDF(&out); err != nil {
		t.Fatal(err)
	}
	text := read(t, out.Bytes())
	for _, want := range []string{"Kvittens · Brödbolaget i Malmö AB", "Ångström, öre, äpple – € 1.234,56", "SAL 260001", "4000", "4119", "Löner", "…", "Summa", "99,00", "Loonbrug · 1", "Loonbrug · 3"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the PDF:\n%.600s", want, text)
		}
	}
}

func TestDocument_AWholeTextIsNotCut(t *testing.T) {
	d := document(40)
	d.Across = true
	d.Parts[0].Titles[1].Whole = true
	d.Parts[0].Rows[0][1] = strings.Repeat("mycket lång text ", 20) + strings.Repeat("ord", 60) + " slut"
	var out bytes.Buffer
	if err := d.PDF(&out); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(read(t, out.Bytes())), "")
	if n := strings.Count(text, "ord"); n != 60 {
		t.Errorf("%d of 60 pieces of a long word", n)
	}
	if !strings.Contains(text, "slut") || strings.Contains(text, "…") {
		t.Errorf("the text was cut:\n%.600s", text)
	}
}

func TestDocument_IsTheSameEveryTime(t *testing.T) {
	var one, two bytes.Buffer
	if err := errors.Join(document(3).PDF(&one), document(3).PDF(&two)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two files of the same document differ")
	}
}

type broken struct{}

var errBroken = errors.New("broken")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestDocument_AFaultOfTheFileIsTold(t *testing.T) {
	if err := document(1).PDF(broken{}); !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
}
