package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"loonbrug/data/secret"
	"loonbrug/data/store"
)

// told is what a command prints and ends with.
type told struct {
	code     int
	out, err string
}

func loonbrug(t *testing.T, args ...string) told {
	t.Helper()
	t.Setenv("LC_ALL", "en_GB.UTF-8")
	t.Setenv("LOONBRUG_PASSPHRASE", "a passphrase for tests")
	var out, errOut bytes.Buffer
	code := run(context.Background(), args, &out, &errOut)
	return told{code, out.String(), errOut.String()}
}

type deliveries struct {
	Deliveries []struct {
		Target, Company, Reference, State, Number, Key, Approval, Debit, Credit string
		Run                                                                     int64
		Year, Period, Lines                                                     int
		Problem                                                                 *struct{ Code, Message, Cause, Solution string }
	}
}

func (a told) deliveries(t *testing.T) deliveries {
	t.Helper()
	var d deliveries
	if err := json.Unmarshal([]byte(a.out), &d); err != nil {
		t.Fatalf("%v in %s\n%s", err, a.out, a.err)
	}
	return d
}

const sample = "testdata/nl-2026-03-twk.xml"

func TestPractice_NineEntries(t *testing.T) {
	wantNineEntries(t, loonbrug(t, "practice", "--headless", "--json", sample))
}

// wantNineEntries wants the sample payroll booked in three systems, in three
// periods each.
func wantNineEntries(t *testing.T, a told) {
	t.Helper()
	if a.code != exitFine {
		t.Fatalf("exit %d\n%s\n%s", a.code, a.out, a.err)
	}
	totals := map[int]string{1: "668.98", 2: "547.56", 3: "190567.45"}
	found, keys, references := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, d := range a.deliveries(t).Deliveries {
		found[fmt.Sprintf("%s %d-%02d", d.Target, d.Year, d.Period)] = true
		keys[d.Key], references[d.Reference] = true, true
		if d.State != "booked" || d.Number == "" || d.Debit != totals[d.Period] || d.Credit != totals[d.Period] || d.Problem != nil {
			t.Errorf("%+v", d)
		}
		if waits := d.Target != "cash"; waits != (d.Approval == "waiting") {
			t.Errorf("%s: approval %s", d.Target, d.Approval)
		}
	}
	want := []string{
		"cash 2026-01", "cash 2026-02", "cash 2026-03", "procountor 2026-01", "procountor 2026-02", "procountor 2026-03",
		"vismanet 2026-01", "vismanet 2026-02", "vismanet 2026-03",
	}
	if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if len(keys) != 9 || len(references) != 1 {
		t.Errorf("%d keys, %d references", len(keys), len(references))
	}
}

// TestPractice_TwiceBooksNothingTwice sends the same run again, within a command
// and by another one on the same office, and counts in the systems' own books.
func TestPractice_TwiceBooksNothingTwice(t *testing.T) {
	folder := t.TempDir()
	again := filepath.Join(folder, "again.xml")
	raw, err := os.ReadFile(sample)
	if err != nil {
		t.Fatal(err)
	}
	// The same journal in other bytes is the same journal.
	if err := os.WriteFile(again, append([]byte(`<?xml version="1.0"?>`+"\n"), raw...), 0o600); err != nil {
		t.Fatal(err)
	}
	first := loonbrug(t, "--data-dir", folder, "practice", "--headless", "--json", sample, sample, again)
	second := loonbrug(t, "--data-dir", folder, "practice", "--headless", "--json", again)
	for _, a := range []told{first, second} {
		if n := len(a.deliveries(t).Deliveries); a.code != exitFine || n != 9 {
			t.Errorf("exit %d with %d entries\n%s", a.code, n, a.err)
		}
	}
	if first.out != second.out {
		t.Error("the second time tells another story")
	}
	books := 0
	err = filepath.WalkDir(filepath.Join(folder, "practice", "books"), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		for _, d := range first.deliveries(t).Deliveries {
			// In Procountor's and Visma.net's books the key stands once a booking,
			// in CASH's on every line.
			if n := bytes.Count(text, []byte(d.Key)); d.Target != "cash" && n > 1 || d.Target == "cash" && n > d.Lines {
				t.Errorf("%s stands %d times in %s", d.Key, n, filepath.Base(path))
			} else if n > 0 {
				books++
			}
		}
		return err
	})
	if err != nil || books != 9 {
		t.Errorf("%d bookings found, %v", books, err)
	}
}

// TestPractice_Refused gives a payroll whose ledger accounts the books do not
// have: nothing is booked, and every period says why.
func TestPractice_Refused(t *testing.T) {
	a := loonbrug(t, "practice", "--headless", "--json", "testdata/fi-2026-06-corrections.xml")
	all := a.deliveries(t).Deliveries
	if a.code != exitProblems || len(all) != 18 {
		t.Fatalf("exit %d, %d entries\n%s", a.code, len(all), a.err)
	}
	for _, d := range all {
		if d.State != "refused" || d.Number != "" || d.Problem == nil || d.Problem.Code != "entry.unknown_ledger_account" || d.Problem.Solution == "" {
			t.Errorf("%+v", d)
		}
	}
}

// TestPractice_BadFiles refuses bad files with their place and stores nothing.
func TestPractice_BadFiles(t *testing.T) {
	for file, place := range map[string]string{
		"bad-cut-off.xml":              "[file.cut_off, transaction 1, line 8, row 12]",
		"bad-line-without-account.xml": "[file.no_ledger_account, transaction 1, line 1, row 5]",
		"bad-not-a-journal.xml":        "[file.not_a_journal, row 1]",
		"bad-one-cent-off.xml":         "[file.unbalanced, transaction 1, row 15]",
		"absent.xml":                   "[file.cannot_open]",
	} {
		path := filepath.Join("testdata", file)
		for _, args := range [][]string{{"read", path}, {"read", "--totals", sample, path}, {"practice", "--headless", sample, path}} {
			a := loonbrug(t, args...)
			if a.code != exitProblems || !strings.Contains(a.err, place) || !strings.Contains(a.err, file) {
				t.Errorf("%v: exit %d, %s", args, a.code, a.err)
			}
			if args[0] != "read" || args[1] == "--totals" {
				if a.out != "" {
					t.Errorf("%v printed %s", args, a.out)
				}
			}
		}
		a := loonbrug(t, "read", "--json", path)
		if a.code != exitProblems || !strings.Contains(a.out, `"problem": {`) {
			t.Errorf("%s as JSON: exit %d, %s", file, a.code, a.out)
		}
	}
}

func TestRead_Totals(t *testing.T) {
	a := loonbrug(t, "read", "--totals", sample, sample)
	lines := strings.Split(strings.TrimSpace(a.out), "\n")
	if a.code != exitFine || len(lines) != 1+4+34 {
		t.Fatalf("exit %d, %d lines\n%s", a.code, len(lines), a.err)
	}
	for i, want := range map[int]string{
		0: "year,period,cost centre,cost unit,ledger account,debit,credit",
		1: "2026,1,100,A1,4000,0.00,1337.96",
		2: "2026,1,200,A1,4000,1337.96,0.00",
		5: "2026,3,,,1700,0.00,125230.08",
		9: "2026,3,100,A1,4000,25542.56,0.00",
	} {
		if lines[i] != want {
			t.Errorf("line %d: got %s, want %s", i, lines[i], want)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		{"nonsense"},
		{"--nonsense"},
		{"read"},
		{"read", "--json", "--totals", sample},
		{"send"},
		{"send", "--run", "1", "--all"},
		{"practice", "--servers", "--headless"},
		{"sender", "x"},
		{"status", "x"},
	} {
		if a := loonbrug(t, append([]string{"--data-dir", t.TempDir()}, args...)...); a.code != exitUsage || a.out != "" || a.err == "" {
			t.Errorf("%v: exit %d, %s", args, a.code, a.err)
		}
	}
}

// TestCannotWork names the cause and ends with 3 when the program cannot work.
func TestCannotWork(t *testing.T) {
	onFiles(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(folder, "newer")
	makeNewer(t, newer)
	damaged := filepath.Join(folder, "damaged")
	if err := os.MkdirAll(damaged, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(damaged, "loonbrug.db"), bytes.Repeat([]byte("not a database "), 400), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, code := range map[string]string{
		filepath.Join(file, "below"): "[store.read_only]",
		newer:                        "[store.newer]",
		damaged:                      "[store.damaged]",
	} {
		if a := loonbrug(t, "--data-dir", path, "status", "--json"); a.code != exitFailed || !strings.Contains(a.err, code) || a.out != "" {
			t.Errorf("%s: exit %d, %s", code, a.code, a.err)
		}
	}
}

// makeNewer makes a database that a later version of the program has been at.
func makeNewer(t *testing.T, folder string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "loonbrug.db")
	s, err := store.Open(t.Context(), path, secret.NewSealer(secret.NewKey()))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	execSQL(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
}
