package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/practice"
)

// booked is a data folder whose nine entries are booked in practice systems.
func booked(t *testing.T) (folder string, systems *practice.Systems) {
	t.Helper()
	systems = servedPractice(t)
	folder = t.TempDir()
	officeAt(t, folder, systems)
	if a := loonbrug(t, "--data-dir", folder, "send", "--all", "--json"); a.code != exitFine {
		t.Fatalf("send: %d %s %s", a.code, a.out, a.err)
	}
	return folder, systems
}

// state is what status tells of a folder, without what is of the folder itself.
func state(t *testing.T, folder string) statusReport {
	t.Helper()
	a := loonbrug(t, "--data-dir", folder, "status", "--json")
	var r statusReport
	if err := json.Unmarshal([]byte(a.out), &r); a.code != exitFine || err != nil {
		t.Fatalf("%d %s %v", a.code, a.err, err)
	}
	r.Folder = ""
	return r
}

// opened opens a data folder for the length of a test.
func opened(t *testing.T, folder string) *services {
	t.Helper()
	s, err := open(t.Context(), &shell{dataDir: folder, language: "en"}, needs{ask: askPassphrase})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// secretsOf are the secrets of all accounts of a folder. What the program shows
// of an account, such as its company, is none.
func secretsOf(t *testing.T, folder string) []model.Secret {
	t.Helper()
	var all []model.Secret
	t.Run("Secrets", func(t *testing.T) {
		s := opened(t, folder)
		some, err := s.secrets(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.statusReport(t.Context(), &shell{})
		if err != nil {
			t.Fatal(err)
		}
		mappings, err := s.office.Mappings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		shown := fmt.Sprintf("%+v %+v", r.Accounts, mappings)
		for _, secret := range some {
			if len(secret.Reveal()) >= 6 && !strings.Contains(shown, secret.Reveal()) {
				all = append(all, secret)
			}
		}
	})
	return all
}

// holdsNone looks for secrets in a file and, where it is a zip, in what it packs.
func holdsNone(t *testing.T, file string, secrets []model.Secret) {
	t.Helper()
	data := unpacked(t, file)
	for _, s := range secrets {
		if bytes.Contains(data, []byte(s.Reveal())) {
			t.Errorf("%s holds a secret of %d bytes", filepath.Base(file), len(s.Reveal()))
		}
	}
	if len(secrets) < 5 {
		t.Errorf("only %d secrets looked for", len(secrets))
	}
}

// TestCare looks after one office in all ways.
func TestCare(t *testing.T) {
	folder, _ := booked(t)
	t.Run("Setup", func(t *testing.T) { setsUp(t, folder) })
	t.Run("SetupAllOrNothing", func(t *testing.T) { setsUpNothing(t, folder) })
	t.Run("Logs", func(t *testing.T) { givesLogs(t, folder) })
}

// TestRestore brings a second data folder to the state of the first, with nobody
// signed in and without booking anything twice.
func TestRestore(t *testing.T) {
	onFiles(t)
	first, systems := booked(t)
	file := filepath.Join(t.TempDir(), "office.zip")
	if a := loonbrug(t, "--data-dir", first, "backup", file); a.code != exitFine {
		t.Fatalf("%d %s", a.code, a.err)
	}
	secrets := secretsOf(t, first)
	holdsNone(t, file, secrets)

	second := t.TempDir()
	if a := loonbrug(t, "--data-dir", second, "restore", file); a.code != exitFine {
		t.Fatalf("%d %s", a.code, a.err)
	}
	if left := secretsOf(t, second); len(left) != 0 {
		t.Errorf("%d secrets came along", len(left))
	}
	want, got := state(t, first), state(t, second)
	for i := range want.Accounts {
		if a := got.Accounts[i]; want.Accounts[i].State == model.AccountAuthorised && (a.State != model.AccountExpired || a.Problem.Code != "account.restored") {
			t.Errorf("%s is %s", a.Name, a.State)
		}
		want.Accounts[i].State, want.Accounts[i].Problem = got.Accounts[i].State, got.Accounts[i].Problem
	}
	if !reflect.DeepEqual(want, got) {
		t.Errorf("before %+v\nafter  %+v", want, got)
	}
	if len(got.Deliveries) != 9 || len(got.Mappings) != 5 {
		t.Errorf("%d deliveries, %d mappings", len(got.Deliveries), len(got.Mappings))
	}
	sentAgain(t, second, systems)
}

// sentAgain sends everything of a restored folder, finds nothing new in the books
// of the systems, and has the return noticed.
func sentAgain(t *testing.T, folder string, systems *practice.Systems) {
	t.Helper()
	if a := loonbrug(t, "--data-dir", folder, "send", "--all", "--json"); len(a.deliveries(t).Deliveries) != 9 {
		t.Errorf("%d %s", a.code, a.err)
	}
	for _, system := range systems.All {
		if system.ID == practice.Nmbrs {
			continue
		}
		if n := len(journalsAt(t, system)); n != 3 {
			t.Errorf("%s has %d bookings", system.Name, n)
		}
	}
	o := opened(t, folder).office
	changes, end := o.Subscribe()
	defer end()
	ctx, stop := context.WithCancel(t.Context())
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		o.Keep(ctx)
	}()
	for at := (time.Time{}); at.IsZero(); <-changes {
		var err error
		if at, err = o.Restored(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	<-kept
}

// TestRestore_Refuses leaves a data folder as it was.
func TestRestore_Refuses(t *testing.T) {
	onFiles(t)
	first, other := t.TempDir(), t.TempDir()
	file := filepath.Join(t.TempDir(), "office.zip")
	if a := loonbrug(t, "--data-dir", first, "backup", file); a.code != exitFine {
		t.Fatalf("%d %s", a.code, a.err)
	}
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	loonbrug(t, "--data-dir", other, "status") // makes it
	before := state(t, other)
	damaged := bytes.Clone(good)
	damaged[len(damaged)/2] ^= 0xff
	for name, c := range map[string]struct {
		content []byte
		code    int
		problem string
	}{
		"Absent":  {nil, exitProblems, "backup.cannot_open"},
		"Text":    {[]byte("a letter"), exitProblems, "backup.not_one"},
		"Cut":     {good[:len(good)/2], exitProblems, "backup.not_one"},
		"Damaged": {damaged, exitProblems, "backup.not_one"},
	} {
		path := filepath.Join(t.TempDir(), name)
		if c.content != nil {
			if err := os.WriteFile(path, c.content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		a := loonbrug(t, "--data-dir", other, "restore", path)
		if a.code != c.code || !strings.Contains(a.err, "["+c.problem) {
			t.Errorf("%s: %d %s", name, a.code, a.err)
		}
	}
	t.Setenv("LOONBRUG_PASSPHRASE", "another one")
	var out, errOut bytes.Buffer
	if code := run(t.Context(), []string{"--data-dir", other, "restore", file}, &out, &errOut); code != exitProblems || !strings.Contains(errOut.String(), "secret.wrong_passphrase") {
		t.Errorf("another passphrase: %d %s", code, errOut.String())
	}
	if after := state(t, other); !reflect.DeepEqual(before, after) {
		t.Errorf("%+v", after)
	}
	if _, err := os.Stat(filepath.Join(other, "restore")); !os.IsNotExist(err) {
		t.Error("something lies ready")
	}
}

// TestRestore_InUse: nothing is put back under a program that has the folder open.
func TestRestore_InUse(t *testing.T) {
	onFiles(t)
	folder := t.TempDir()
	file := filepath.Join(t.TempDir(), "office.zip")
	if a := loonbrug(t, "--data-dir", folder, "backup", file); a.code != exitFine {
		t.Fatalf("%d %s", a.code, a.err)
	}
	s, err := open(t.Context(), &shell{dataDir: folder, language: "en"}, needs{ask: askPassphrase})
	if err != nil {
		t.Fatal(err)
	}
	if a := loonbrug(t, "--data-dir", folder, "restore", file); a.code != exitFailed || !strings.Contains(a.err, restoreInUse) {
		t.Errorf("%d %s", a.code, a.err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if a := loonbrug(t, "--data-dir", folder, "restore", file); a.code != exitFine {
		t.Errorf("%d %s", a.code, a.err)
	}
	kept, err := filepath.Glob(filepath.Join(folder, "backups", "before-restore-*", "loonbrug.db"))
	if err != nil || len(kept) != 1 {
		t.Errorf("kept %v", kept)
	}
}

// setsUp brings a second data folder to the same set-up, without a secret.
func setsUp(t *testing.T, first string) {
	t.Helper()
	t.Run("Start", func(t *testing.T) {
		o := opened(t, first).office
		mappings, err := o.Mappings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		mappings[0].Start = journal.Period{Year: 2026, Number: 1}
		if err := o.SaveMapping(t.Context(), &mappings[0]); err != nil {
			t.Fatal(err)
		}
	})
	file, again := filepath.Join(t.TempDir(), "setup.json"), filepath.Join(t.TempDir(), "again.json")
	if a := loonbrug(t, "--data-dir", first, "setup", "export", file); a.code != exitFine {
		t.Fatalf("%d %s", a.code, a.err)
	}
	holdsNone(t, file, secretsOf(t, first))
	second := t.TempDir()
	t.Run("Import", func(t *testing.T) {
		s := opened(t, second)
		for i, do := range []func(context.Context, *shell, string, bool) error{s.compareSetup, s.importSetup, s.compareSetup, s.importSetup} {
			var out bytes.Buffer
			var r struct{ Changes []struct{ What string } }
			err := errors.Join(do(t.Context(), &shell{out: &out, err: t.Output()}, file, true), json.Unmarshal(out.Bytes(), &r))
			if want := map[bool]int{true: 15, false: 0}[i < 2]; err != nil || len(r.Changes) != want {
				t.Errorf("step %d: %d changes, %v", i, len(r.Changes), err)
			}
		}
	})
	want, got := state(t, first), state(t, second)
	for i := range got.Accounts {
		if got.Accounts[i].State != model.AccountNew {
			t.Errorf("%s is %s", got.Accounts[i].Name, got.Accounts[i].State)
		}
		w := &want.Accounts[i]
		w.ID, w.State, w.Identity = got.Accounts[i].ID, model.AccountNew, ""
	}
	for i := range got.Mappings {
		want.Mappings[i].ID = got.Mappings[i].ID
	}
	if !reflect.DeepEqual(want.Accounts, got.Accounts) || !reflect.DeepEqual(want.Mappings, got.Mappings) {
		t.Errorf("before %+v %+v\nafter  %+v %+v", want.Accounts, want.Mappings, got.Accounts, got.Mappings)
	}
	if a := loonbrug(t, "--data-dir", second, "setup", "export", again); a.code != exitFine {
		t.Fatal(a.err)
	}
	if x, y := read(t, file), read(t, again); x != y {
		t.Errorf("the same set-up is written in two ways:\n%s\n%s", x, y)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// setsUpNothing refuses a set-up with one bad thing in it whole.
func setsUpNothing(t *testing.T, first string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "setup.json")
	if a := loonbrug(t, "--data-dir", first, "setup", "export", file); a.code != exitFine {
		t.Fatal(a.err)
	}
	good, second := read(t, file), t.TempDir()
	s := opened(t, second)
	for change, problem := range map[[2]string]string{
		{`"account": "Kantoor"`, `"account": "Kantor"`}:       "setup.unknown_account",
		{`"system": "cash"`, `"system": "cache"`}:             "target.unknown",
		{`"loonbrug_setup": 1`, `"loonbrug_setup": 2`}:        "setup.newer",
		{`"loonbrug_setup": 1`, `"loonbrug_setup": 1,"x": 1`}: "setup.not_one",
		{`"code": "halm"`, `"code": ""`}:                      "mapping.field_missing",
		{`"daybook": "SAL"`, `"other": "SAL"`}:                "mapping.field_missing",
	} {
		if err := os.WriteFile(file, []byte(strings.Replace(good, change[0], change[1], 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		if err := s.importSetup(t.Context(), &shell{out: io.Discard, err: &said}, file, false); !errors.Is(err, errProblems) || !strings.Contains(said.String(), problem) {
			t.Errorf("%s: %v %s", change[1], err, said.String())
		}
	}
	if r, err := s.statusReport(t.Context(), &shell{}); err != nil || len(r.Accounts)+len(r.Mappings) != 0 {
		t.Errorf("%+v %v", r, err)
	}
	if companies, err := s.office.Companies(t.Context()); err != nil || len(companies) != 0 {
		t.Errorf("%v %v", companies, err)
	}
}

// givesLogs packs a log without a secret that had got into it.
func givesLogs(t *testing.T, folder string) {
	t.Helper()
	secrets := secretsOf(t, folder)
	log, err := os.OpenFile(filepath.Join(folder, "loonbrug.log"), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range secrets {
		if _, err := log.WriteString(`{"msg":"careless","detail":"` + s.Reveal() + `"}` + "\n"); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "logs.zip")
	if a := loonbrug(t, "--data-dir", folder, "logs", file); a.code != exitFine {
		t.Fatalf("%d %s", a.code, a.err)
	}
	holdsNone(t, file, secrets)
}
