package store_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/data/secret"
	"loonbrug/data/store"
)

func TestOpen_Pragmas(t *testing.T) {
	b := setupFile(t)
	for name, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000",
		"wal_autocheckpoint": "200", "journal_size_limit": "1048576", "fullfsync": "1", "checkpoint_fullfsync": "1",
	} {
		if got := b.Text(t, false, "PRAGMA "+name, 0)[0]; got != want {
			t.Errorf("writer: %s is %s, want %s", name, got, want)
		}
	}
	b.HoldReaders(t, 4, func(pragma func(string) string) {
		for name, want := range map[string]string{
			"journal_mode": "wal", "foreign_keys": "1", "query_only": "1", "busy_timeout": "5000", "synchronous": "2",
		} {
			if got := pragma(name); got != want {
				t.Errorf("reader: %s is %s, want %s", name, got, want)
			}
		}
	})
	if err := b.ReaderExec("DELETE FROM setting"); err == nil {
		t.Error("a reader could write")
	}
}

func TestOpen_AgainFindsEverything(t *testing.T) {
	b := setupFile(t)
	d := b.queue()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.Store = b.open()
	if got := b.delivery(d.ID); got.Key != d.Key {
		t.Errorf("got %v, want %v", got, d)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(b.path), "backups")); err == nil {
		t.Error("a copy was made with nothing to migrate")
	}
}

func TestOpen_OwnFilesOnly(t *testing.T) {
	b := setupFile(t)
	b.queue()
	for _, name := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(b.path + name)
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s%s has mode %v", filepath.Base(b.path), name, info.Mode())
		}
	}
}

func TestOpen_ManyAtOnceOnANewFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "loonbrug.db")
	sealer := secret.NewSealer(secret.NewKey())
	errs := make(chan error)
	const programs = 6
	for range programs {
		go func() {
			s, err := store.Open(t.Context(), path, sealer)
			if err == nil {
				err = s.Close()
			}
			errs <- err
		}()
	}
	for range programs {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestOpen_MigratesAnOlderDatabase(t *testing.T) {
	b := setupFile(t)
	b.path = filepath.Join(t.TempDir(), "old", "loonbrug.db")
	b.Store = b.open()
	b.company, b.account = b.addCompany("1"), b.addAccount("De Halm")
	d := b.queue()
	b.olden()
	old := b.Store
	b.Store = b.open()
	if digests, err := b.Digests(t.Context(), d.RunID); err != nil || digests[d.RunID].Debit != 7777_31 {
		t.Errorf("digest of an older run: %+v, %v", digests, err)
	}
	if got := b.delivery(d.ID); got.Key != d.Key {
		t.Error("the delivery did not come along")
	}
	if got, ok := b.claim(noon.Add(time.Hour)); !ok || got.ID != d.ID {
		t.Error("what waited before the migration is never sent")
	}
	if err := b.Exec("DELETE FROM delivery"); err == nil {
		t.Error("the second migration was not applied")
	}
	copies := glob(t, filepath.Join(filepath.Dir(b.path), "backups", "*"))
	if len(copies) != 1 || !strings.HasSuffix(copies[0], "-v1.db") {
		t.Fatalf("copies: %v", copies)
	}
	if info, err := os.Stat(copies[0]); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Error("mode of the copy", info.Mode(), err)
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	b.path = copies[0]
	b.Store = b.open(store.WithBackups(t.TempDir()))
	if got := b.Text(t, true, "SELECT key FROM delivery", 0); len(got) != 1 || got[0] != d.Key {
		t.Errorf("the copy holds %v", got)
	}
}

// underFolderKey seals journals and entries as programs did that had no key for
// each run.
func (b *bundle) underFolderKey() {
	b.t.Helper()
	seal := func(table, column, where, place string, id int64, plain []byte) {
		sealed, err := b.sealer.Seal(plain, fmt.Appendf(nil, "loonbrug/%s/%d/%s", table, id, place))
		if err == nil {
			err = b.Exec("UPDATE "+table+" SET "+column+" = $2 WHERE "+where+" = $1", id, sealed)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	plain := func(v any) []byte {
		text, err := json.Marshal(v)
		if err != nil {
			b.t.Fatal(err)
		}
		return text
	}
	for _, r := range must[[]model.Run](b.t)(b.Runs(b.t.Context(), model.RunFilter{})) {
		snap := must[model.Snapshot](b.t)(b.Snapshot(b.t.Context(), r.ID))
		seal("snapshot", "raw", "run_id", "raw", r.ID, snap.Raw)
		seal("snapshot", "journal", "run_id", "journal", r.ID, plain(snap.Journal))
		for _, d := range must[[]model.Delivery](b.t)(b.Deliveries(b.t.Context(), r.ID)) {
			seal("entry", "sealed", "delivery_id", "entry", d.ID, plain(must[model.Entry](b.t)(b.Entry(b.t.Context(), d.ID))))
		}
	}
}

// olden takes everything away that came after the first migration, so that what
// is left is the database of a first program with today's rows in it.
func (b *bundle) olden() {
	b.t.Helper()
	b.underFolderKey()
	for _, text := range []string{
		"DROP TRIGGER attempt_never_changes", "DROP TRIGGER attempt_never_goes",
		"DROP TRIGGER delivery_never_goes", "DROP TRIGGER delivery_fence_rises",
		"DROP TABLE acknowledgement", "ALTER TABLE run DROP COLUMN changed_seen", "ALTER TABLE run DROP COLUMN gone_seen",
		"DROP TABLE run_digest", "DROP INDEX run_period", "DROP INDEX delivery_state",
		"DROP TABLE history", "DROP TABLE history_head", "DROP TABLE rights", "DROP TABLE shared", "DROP INDEX run_other", "DROP TABLE journal_key", "ALTER TABLE run DROP COLUMN erased_at",
		"DROP INDEX delivery_sweep", "DROP INDEX delivery_leased", "CREATE INDEX delivery_leased ON delivery (account_id, lease_until)",
		"ALTER TABLE delivery DROP COLUMN sweep_at", "ALTER TABLE delivery DROP COLUMN sweeps",
		"DROP INDEX delivery_live", "DROP INDEX delivery_books", "DROP INDEX delivery_follows", "DROP INDEX delivery_exchange",
		"ALTER TABLE delivery DROP COLUMN kind", "ALTER TABLE delivery DROP COLUMN corrects",
		"ALTER TABLE delivery DROP COLUMN journal_number", "ALTER TABLE delivery DROP COLUMN made_by",
		"CREATE UNIQUE INDEX delivery_live ON delivery (run_id)",
		"DROP TABLE run_journal", "DROP TABLE reconciliation", "DELETE FROM counter WHERE name = 'reconciliation'",
		"ALTER TABLE company DROP COLUMN rules", "ALTER TABLE mapping DROP COLUMN rules", "ALTER TABLE snapshot DROP COLUMN asked",
		"ALTER TABLE run DROP COLUMN created_at", "ALTER TABLE run DROP COLUMN locked_at", "ALTER TABLE run DROP COLUMN hold", "ALTER TABLE run DROP COLUMN other_id",
		"DROP INDEX delivery_due", "CREATE INDEX delivery_due ON delivery (account_id, not_before, id)", "DROP TABLE pause", "DROP TABLE turn",
		"DROP TABLE inbox", "DROP TABLE layout", "DELETE FROM counter WHERE name = 'inbox'",
		"DELETE FROM goose_db_version WHERE version_id > 1",
	} {
		if err := b.Exec(text); err != nil {
			b.t.Fatalf("%s: %v", text, err)
		}
	}
}

func TestOpen_KeepsThreeCopies(t *testing.T) {
	b := setupFile(t)
	folder := filepath.Join(t.TempDir(), "copies")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"loonbrug-2021-v1.db", "loonbrug-2022-v1.db", "loonbrug-2023-v1.db", "loonbrug-2024-v1.db", "other.db"} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.open(store.Newer("-- +goose Up\nCREATE TABLE tomorrow (id BIGINT);"), store.WithBackups(folder))
	var names []string
	for _, path := range glob(t, filepath.Join(folder, "*")) {
		names = append(names, filepath.Base(path))
	}
	if len(names) != 4 || names[0] != "loonbrug-2023-v1.db" || names[1] != "loonbrug-2024-v1.db" || names[3] != "other.db" {
		t.Errorf("kept %v", names)
	}
}

func TestOpen_RefusesNewer(t *testing.T) {
	b := setupFile(t)
	b.open(store.Newer("-- +goose Up\nCREATE TABLE tomorrow (id BIGINT);"))
	_, err := store.Open(t.Context(), b.path, b.sealer)
	wantProblem(t, err, "store.newer", "path", "database", "program")
}

func TestOpen_MigrationFails(t *testing.T) {
	b := setupFile(t)
	d := b.queue()
	_, err := store.Open(t.Context(), b.path, b.sealer,
		store.Newer("-- +goose Up\nCREATE TABLE half (id BIGINT);\nDROP TABLE nothing_of_the_kind;"))
	wantProblem(t, err, "store.migration_failed", "path", "backup")
	if got := b.Text(t, false, "SELECT name FROM sqlite_master WHERE name = 'half'", 0); len(got) != 0 {
		t.Error("half a migration stayed")
	}
	b.Store = b.open()
	b.delivery(d.ID)
}

func TestOpen_ProvesAfterMigrating(t *testing.T) {
	b := setupFile(t)
	_, err := store.Open(t.Context(), b.path, b.sealer,
		store.Newer("-- +goose NO TRANSACTION\n-- +goose Up\nPRAGMA foreign_keys = OFF;\n"+
			"INSERT INTO credential (account_id, sealed) VALUES (999, 'x');\nPRAGMA foreign_keys = ON;"))
	wantProblem(t, err, "store.damaged", "path")
}

func TestOpen_BadPlaces(t *testing.T) {
	sealer := secret.NewSealer(secret.NewKey())
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte(strings.Repeat("this is not a database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, code string }{
		"NotADatabase": {file, "store.damaged"},
		"BelowAFile":   {filepath.Join(file, "loonbrug.db"), "store.read_only"},
		"IsAFolder":    {folder, "store.read_only"},
		"Share":        {`\\server\share\loonbrug.db`, "store.network"},
		"ShareUNC":     {`\\?\UNC\server\share\loonbrug.db`, "store.network"},
		"CutOff":       {cutOff(t), "store.damaged"},
		"KernelFolder": {"/proc/loonbrug/loonbrug.db", "store.read_only"},
		"KernelFile":   {"/proc/loonbrug.db", "store.read_only"},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(c.path, "/proc") && runtime.GOOS != "linux" {
				return // only Linux has that folder
			}
			_, err := store.Open(t.Context(), c.path, sealer)
			wantProblem(t, err, c.code, "path")
		})
	}
}

// cutOff is a database whose second half is noise.
func cutOff(t *testing.T) string {
	b := setupFile(t)
	b.queue()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(b.path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(data); i++ {
		data[i] = 0xEE
	}
	path := filepath.Join(t.TempDir(), "loonbrug.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOpen_ReadOnlyFolder runs itself once more as a user without rights, since
// nothing is read-only for root.
func TestOpen_ReadOnlyFolder(t *testing.T) {
	const inside = "LOONBRUG_TEST_READ_ONLY"
	if path := os.Getenv(inside); path != "" {
		_, err := store.Open(t.Context(), path, secret.NewSealer(secret.NewKey()))
		wantProblem(t, err, "store.read_only", "path")
		return
	}
	folder, err := os.MkdirTemp("", "loonbrug")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = os.Chmod(folder, 0o755) // else only root could empty it
		_ = os.RemoveAll(folder)
	})
	b := setupFile(t)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "test.exe")
	existing := filepath.Join(folder, "loonbrug.db")
	copyFile(t, os.Args[0], program, 0o755)
	copyFile(t, b.path, existing, 0o444)
	if err := os.Chmod(folder, 0o555); err != nil {
		t.Fatal(err)
	}
	paths := map[string]string{
		"Existing": existing,
		"New":      filepath.Join(folder, "new.db"),
		"Folder":   filepath.Join(folder, "deep", "loonbrug.db"),
	}
	if runtime.GOOS == "windows" {
		delete(paths, "New") // its folders are not made read-only by a mode
		delete(paths, "Folder")
	}
	for name, path := range paths {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), program, "-test.run", "^TestOpen_ReadOnlyFolder$", "-test.count=1")
			cmd.Env = append(os.Environ(), inside+"="+path)
			cmd.Dir = folder
			withoutRights(cmd)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

func copyFile(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, mode); err != nil {
		t.Fatal(err)
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestFullDisk(t *testing.T) {
	b := setupFile(t)
	d := b.queue()
	b.LimitPages(t, 1) // SQLite takes the size it has as the least
	var err error
	for i := 0; err == nil && i < 1000; i++ {
		err = b.SaveSetting(t.Context(), strings.Repeat("x", i), strings.Repeat("filler", 1000))
	}
	wantProblem(t, err, "store.disk_full", "path")
	b.LimitPages(t, 1<<30)
	if got := b.delivery(d.ID); got.Key != d.Key {
		t.Error("the full disk did damage")
	}
	if err := b.SaveSetting(t.Context(), "language", "nl"); err != nil {
		t.Errorf("after there is room again: %v", err)
	}
}
