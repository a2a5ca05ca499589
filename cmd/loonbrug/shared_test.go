package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"loonbrug/data/model"
	"loonbrug/data/store"
	"loonbrug/data/store/postgrestest"
	"loonbrug/integration/office"
	"loonbrug/integration/payrollfile"
	"loonbrug/integration/practice"
	"loonbrug/ui/i18n"
)

// TestShared_Office moves an office to a server and works with it from two data
// folders, as two computers do, and then moves it back.
func TestShared_Office(t *testing.T) {
	onFiles(t)
	first, systems := booked(t)
	before := state(t, first)
	fine := func(folder string, args ...string) told {
		t.Helper()
		a := loonbrug(t, append([]string{"--data-dir", folder}, args...)...)
		if a.code != exitFine {
			t.Fatalf("%v: %d %s%s", args, a.code, a.out, a.err)
		}
		return a
	}
	refused := func(want, folder string, args ...string) {
		t.Helper()
		a := loonbrug(t, append([]string{"--data-dir", folder}, args...)...)
		if a.code == exitFine || !strings.Contains(a.err, want) {
			t.Errorf("%v: %d %s, want %s", args, a.code, a.err, want)
		}
	}
	like := func(folder string, want statusReport) {
		t.Helper()
		if got := state(t, folder); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	const password = "kluis-9931"
	address := strings.Replace(postgrestest.New(t), "loonbrug@", "loonbrug:"+password+"@", 1)
	t.Setenv(addressVariable, address)
	if a := fine(first, "shared", "test"); a.out != "empty\n" {
		t.Error(a.out)
	}
	if a := fine(first, "shared", "move"); !strings.Contains(a.out, "delivery                 9") {
		t.Error(a.out)
	}
	like(first, before)
	fine(first, "verify")
	for _, name := range []string{"backup", "restore"} {
		file := filepath.Join(t.TempDir(), "b.zip")
		if name == "restore" {
			fine(t.TempDir(), "backup", file)
		}
		refused("not copied by this program", first, name, file)
	}

	second := t.TempDir()
	if a := fine(second, "shared", "test"); a.out != "in use by an office\n" {
		t.Error(a.out)
	}
	wrong := func(password, want string) {
		t.Run(want, func(t *testing.T) {
			t.Setenv("LOONBRUG_PASSPHRASE", password)
			var out, errOut bytes.Buffer
			if code := run(t.Context(), []string{"--data-dir", second, "shared", "join"}, &out, &errOut); code == exitFine || !strings.Contains(errOut.String(), want) {
				t.Errorf("%d %s", code, errOut.String())
			}
			if entries, err := os.ReadDir(filepath.Join(second, "shared")); err == nil {
				t.Errorf("%v was left behind", entries)
			}
		})
	}
	wrong("another passphrase", "passphrase is not right")
	fine(second, "shared", "join")
	like(second, before)
	holdsNone(t, filepath.Join(second, "shared", "address"), []model.Secret{password, model.Secret(address), "postgres://", "127.0.0.1", "loonbrug@"})

	// What the second books the first knows, and no period is booked twice.
	fine(second, "send", "--all")
	like(first, before)
	for _, system := range systems.All {
		if n := len(journalsAt(t, system)); n != 3 && system.ID != practice.Nmbrs {
			t.Errorf("%s has %d bookings", system.Name, n)
		}
	}
	s := opened(t, second)
	refused("still in use", first, "shared", "return")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	// The first one's own file is an old copy now; the second gets everything.
	fine(second, "shared", "return")
	like(second, before)
	fine(second, "verify")
	refused("has moved", first, "status")
	fine(first, "shared", "leave")
	refused("has moved", first, "status")
	refused("has moved", t.TempDir(), "shared", "join")
	nothingLeft(t, second)
}

// nothingLeft wants no folder of a connection.
func nothingLeft(t *testing.T, folder string) {
	t.Helper()
	if err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasPrefix(filepath.Base(path), "shared") || filepath.Base(path) == "restore" {
			t.Errorf("%s is left", path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// between is a store in which something else happens just before the next queueing.
type between struct {
	*store.Store
	first func()
}

func (b *between) Queue(ctx context.Context, items []model.Queued) error {
	if first := b.first; first != nil {
		b.first = nil
		first()
	}
	return b.Store.Queue(ctx, items)
}

// TestShared_TwoClicks: of two people who click the same logo at the same moment both
// see it queued, and it is queued once.
func TestShared_TwoClicks(t *testing.T) {
	folder := t.TempDir()
	officeAt(t, folder, servedPractice(t))
	s := opened(t, folder)
	rows, err := s.office.Runs(t.Context(), model.RunFilter{})
	if err != nil {
		t.Fatal(err)
	}
	run, mapping := rows[0].Run.ID, rows[0].Targets[0].MappingID
	second := office.New(office.Options{
		Store: &between{s.store, func() {
			if _, err := s.office.Send(t.Context(), run, mapping); err != nil {
				t.Error(err)
			}
		}},
		Targets: s.targets, Files: payrollfile.New(), Mailbox: mailbox{s.sender, s.lock}, Open: s.openSystem, Language: i18n.Language, Log: s.log,
	})
	logo, err := second.Send(t.Context(), run, mapping)
	if err != nil || logo.State != model.StateQueued {
		t.Errorf("%s: %v", logo.State, err)
	}
	all, err := s.store.Deliveries(t.Context(), run)
	if err != nil || len(all) != 3 {
		t.Errorf("%d deliveries: %v", len(all), err)
	}
}
