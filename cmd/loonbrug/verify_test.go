package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"loonbrug/data/model"
)

// verified is what the command found in a data folder.
func verified(t *testing.T, folder string) (told, model.Verification) {
	t.Helper()
	a := loonbrug(t, "--data-dir", folder, "verify", "--json")
	var v model.Verification
	if err := json.Unmarshal([]byte(a.out), &v); err != nil {
		t.Fatalf("%d %s %s: %v", a.code, a.out, a.err, err)
	}
	return a, v
}

// TestVerify changes the history behind the program's back: the command exits with
// 1 and names the row.
func TestVerify(t *testing.T) {
	onFiles(t)
	folder, _ := booked(t)
	database := filepath.Join(folder, "loonbrug.db")
	whole, v := verified(t, folder)
	if whole.code != exitFine || len(v.Breaches) != 0 || v.Rows < 12 || v.Receipts != 9 {
		t.Fatalf("a whole history: %d %+v", whole.code, v)
	}
	execSQL(t, database, `PRAGMA wal_checkpoint(TRUNCATE)`)
	before, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	row := v.Rows / 2
	flipped := fmt.Sprintf(`UPDATE history SET detail = substr(detail, 1, 20) || CASE WHEN substr(detail, 21, 1) = x'00'
		THEN x'01' ELSE x'00' END || substr(detail, 22) WHERE number = %d`, row)
	swapped := fmt.Sprintf(`UPDATE history SET number = -1 WHERE number = %[1]d; UPDATE history SET number = %[1]d WHERE number = %[1]d + 1;
		UPDATE history SET number = %[1]d + 1 WHERE number = -1`, row)
	for _, c := range []struct {
		name, statement string
		row             int64
	}{
		{"flipped", flipped, row},
		{"who", fmt.Sprintf(`UPDATE history SET made_by = made_by || 'x' WHERE number = %d`, row), row},
		{"when", fmt.Sprintf(`UPDATE history SET happened_at = happened_at + 1 WHERE number = %d`, row), row},
		{"hash", fmt.Sprintf(`UPDATE history SET hash = replace(hash, substr(hash, 1, 1), 'g') WHERE number = %d`, row), row},
		{"deleted", fmt.Sprintf(`DELETE FROM history WHERE number = %d`, row), row},
		{"last deleted", fmt.Sprintf(`DELETE FROM history WHERE number = %d`, v.Rows), v.Rows},
		{"swapped", swapped, row},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := os.WriteFile(database, before, 0o600); err != nil {
				t.Fatal(err)
			}
			_ = os.Remove(database + "-wal")
			_ = os.Remove(database + "-shm")
			execSQL(t, database, c.statement)
			a, found := verified(t, folder)
			if a.code != exitProblems || len(found.Breaches) == 0 || found.Breaches[0].Number != c.row {
				t.Errorf("exit code %d, row %d of %d: %+v", a.code, c.row, v.Rows, found.Breaches)
			}
			plain := loonbrug(t, "--data-dir", folder, "verify")
			if plain.code != exitProblems || !strings.Contains(plain.out, fmt.Sprintf("row %d", c.row)) {
				t.Errorf("%d: no row %d in %q", plain.code, c.row, plain.out)
			}
		})
	}
}
