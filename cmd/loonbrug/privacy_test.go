package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loonbrug/data/paths"
	"loonbrug/data/secret"
)

// payrollOfPeople is a payroll file with a line for each employee.
const payrollOfPeople = `Period;Account;Debit;Credit;Description
2026-03;4000;1000.17;;Loon Pietertje Jansen-Plantinga
2026-03;4000;2000.19;;Loon Korneel Geheimschrijver
2026-03;1700;;3000.36;Netto Pietertje Jansen-Plantinga
`

// TestPrivacy: names of employees and credentials stand in no file of the data
// folder, the log at its most talkative among them, and in nothing that a command
// prints. The books of the stand-ins show that no name was sent either.
func TestPrivacy(t *testing.T) {
	t.Setenv("LOONBRUG_LOG", "debug")
	folder := t.TempDir()
	file := filepath.Join(t.TempDir(), "loon.csv")
	bad := filepath.Join(t.TempDir(), "fout.csv")
	for path, text := range map[string]string{file: payrollOfPeople, bad: strings.Replace(payrollOfPeople, "3000.36", "Pietertje", 1)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var printed []string
	for _, args := range [][]string{
		{"practice", "--headless", "--json", file}, {"practice", "--headless", bad}, {"practice", "--headless"},
	} {
		a := loonbrug(t, append([]string{"--data-dir", folder}, args...)...)
		printed = append(printed, a.out, a.err)
	}
	names := []string{"Pietertje", "Plantinga", "Korneel", "Geheimschrijver"}
	secrets := practiceSecrets(t, folder)
	logs := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.HasSuffix(path, ".log") && bytes.Contains(data, []byte(`"level":"DEBUG"`)) {
			logs++
		}
		planted := names
		if !strings.Contains(path, string(filepath.Separator)+"books"+string(filepath.Separator)) {
			planted = append(planted[:len(planted):len(planted)], secrets...)
		}
		for _, text := range planted {
			if bytes.Contains(data, []byte(text)) {
				t.Errorf("%q stands in %s", text, path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if logs == 0 {
		t.Error("no log at debug level was found; the search proves little")
	}
	for _, text := range append(names, secrets...) {
		if strings.Contains(strings.Join(printed, "\n"), text) {
			t.Errorf("%q was printed", text)
		}
	}
}

// practiceSecrets are the credentials of the practice office that are long enough
// to be found by chance nowhere.
func practiceSecrets(t *testing.T, folder string) (all []string) {
	t.Helper()
	at, err := paths.Locate(folder, true)
	if err != nil {
		t.Fatal(err)
	}
	key, err := secret.Open(t.Context(), secret.Options{Folder: at.Folder, Practice: true})
	if err != nil {
		t.Fatal(err)
	}
	s, err := openOwn(t.Context(), at, key)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	accounts, err := s.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		credentials, err := s.Credentials(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for field, c := range credentials {
			// Which company a sign-in is for is kept beside the secrets and is none.
			isCompany := strings.Contains(field, "company") || field == "administration"
			if !isCompany && len(c.Reveal()) >= 10 {
				all = append(all, c.Reveal())
			}
		}
	}
	t.Logf("%d secrets", len(all))
	if len(all) < 2 {
		t.Fatalf("only %d secrets to look for", len(all))
	}
	return all
}
