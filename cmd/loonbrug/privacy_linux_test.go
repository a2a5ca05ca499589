package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"loonbrug/integration/practice"
	"loonbrug/integration/practice/books"
)

// people are the names in payrollOfPeople.
var people = []string{"Pietertje", "Plantinga", "Korneel", "Geheimschrijver"}

// init lets this program be loonbrug when it panics.
func init() {
	if how := os.Getenv("PANIC_TEST"); how != "" {
		fmt.Fprintln(os.Stderr, panics(os.Getenv("PANIC_FOLDER"), how))
		os.Exit(exitFailed)
	}
}

// panics opens the data folder and panics with what the program has in its hands
// then: the error of a bad payroll and its own description of accounts and their
// credentials, or a payroll that was read.
func panics(folder, how string) error {
	sh := &shell{dataDir: folder, language: "en", err: os.Stderr}
	return sh.watchCrashes(func() error {
		ctx := context.Background()
		s, err := open(ctx, sh, needs{ask: askPassphrase})
		if err != nil {
			return err
		}
		if how == "value" {
			path := filepath.Join(folder, "loon.csv")
			if err := os.WriteFile(path, []byte(payrollOfPeople), 0o600); err != nil {
				return err
			}
			file, err := readFile(ctx, path)
			if err := errors.Join(err, os.Remove(path)); err != nil {
				return err
			}
			panic(file)
		}
		_, bad := s.office.TakeIn(ctx, "fout.csv", strings.NewReader(strings.Replace(payrollOfPeople, "3000.36", "Pietertje", 1)))
		accounts, err := s.store.Accounts(ctx)
		if err != nil {
			return err
		}
		all := []error{bad}
		for _, a := range accounts {
			credentials, err := s.store.Credentials(ctx, a.ID)
			all = append(all, err, fmt.Errorf("%+v %#v %v %s %q", a, credentials, credentials, credentials, credentials))
		}
		panic(errors.Join(all...))
	})
}

// crashFile is what the one program left that crashed; it is taken away.
func crashFile(t *testing.T, folder string) []byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "crashes", "*.txt"))
	if err != nil || len(files) != 1 {
		t.Fatalf("crash files %v: %v", files, err)
	}
	said, err := os.ReadFile(files[0])
	if err := errors.Join(err, os.Remove(files[0])); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(said, []byte("goroutine ")) {
		t.Fatalf("no crash: %s", said)
	}
	return said
}

func holdsNothing(t *testing.T, where string, data []byte, planted []string) {
	t.Helper()
	for _, text := range planted {
		if bytes.Contains(data, []byte(text)) {
			t.Errorf("%q stands in %s", text, where)
		}
	}
}

// plantedIn are the names of people and the credentials of an office.
func plantedIn(t *testing.T, folder string) []string {
	t.Helper()
	all := slices.Clone(people)
	for _, s := range secretsOf(t, folder) {
		all = append(all, s.Reveal())
	}
	if len(all) < 6 {
		t.Fatalf("only %d things to look for", len(all))
	}
	return all
}

// wantSilentPanic has the program panic with names and credentials in its hands.
func wantSilentPanic(t *testing.T, folder, how string, planted []string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PANIC_TEST="+how, "PANIC_FOLDER="+folder)
	said, err := cmd.CombinedOutput()
	if err == nil || !bytes.Contains(said, []byte("panic: ")) {
		t.Fatalf("it did not panic: %v %s", err, said)
	}
	holdsNothing(t, "the crash file", crashFile(t, folder), planted)
	holdsNothing(t, "what was printed", said, planted)
}

// family are a process and all that it started, and they again.
func family(t *testing.T, pid int) []int {
	t.Helper()
	all := []int{pid}
	children, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range children {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // the thread has ended
		}
		for _, word := range strings.Fields(string(text)) {
			var child int
			if _, err := fmt.Sscan(word, &child); err != nil {
				t.Fatal(err)
			}
			all = append(all, family(t, child)...)
		}
	}
	return all
}

// dropPeople lays a payroll with names into the inbox of a sender, and one that is
// bad, and waits until both were taken.
func dropPeople(t *testing.T, folder string) (reason []byte) {
	t.Helper()
	in := filepath.Join(folder, "inbox")
	if err := os.MkdirAll(in, 0o700); err != nil {
		t.Fatal(err)
	}
	bad := strings.Replace(payrollOfPeople, "3000.36", "Pietertje", 1)
	for name, text := range map[string]string{"loon.csv": payrollOfPeople, "fout.csv": bad} {
		if err := os.WriteFile(filepath.Join(in, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	await(t, "the payroll to be taken", func() bool {
		done, _ := filepath.Glob(filepath.Join(in, "done", "*loon.csv"))
		reasons, _ := filepath.Glob(filepath.Join(in, "problems", "*.txt"))
		for _, path := range reasons {
			reason, _ = os.ReadFile(path)
		}
		return len(done) == 1 && len(reason) > 0
	})
	return reason
}

// await looks until a condition holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	over := time.After(time.Minute)
	for !holds() {
		select {
		case <-again.C:
		case <-over:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// TestPrivacy_Process: the real program, while it takes in a payroll with names
// and holds credentials in requests that are not answered, shows neither in a
// listing of processes; then it crashes, and what it leaves shows neither either.
// Nor does what it leaves when it panics with them in its hands.
// The passphrase is not among what is looked for: it stands in the environment
// because who started the program put it there.
func TestPrivacy_Process(t *testing.T) {
	bin := builtPlain(t)
	systems := heldPractice(t, time.Minute)
	folder := t.TempDir()
	officeAt(t, folder, systems)
	planted := plantedIn(t, folder)
	slow := []*books.Faults{systems.CASH.Faults(), systems.VismaNet.Faults(), systems.Procountor.Faults()}
	for _, faults := range slow {
		if !faults.SetBookings(books.FaultSlow, 3) {
			t.Fatal("a system cannot be slow")
		}
	}
	t.Setenv("LOONBRUG_LOG", "debug")
	t.Setenv("GOTRACEBACK", "all")
	cmd, says := startSender(t, bin, folder)
	says.until(t, "sending from")
	holdsNothing(t, "the reason beside a bad payroll", dropPeople(t, folder), planted)
	withOffice(t, folder, func(s *services) { queueAll(t, s) })
	await(t, "a request that is not answered", func() bool {
		for _, system := range systems.All {
			if system.ID != practice.Nmbrs && len(journalsAt(t, system)) == 0 {
				return false
			}
		}
		return true
	})
	for _, pid := range family(t, cmd.Process.Pid) {
		for _, name := range []string{"cmdline", "environ"} {
			data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, name))
			if err != nil {
				t.Fatal(err)
			}
			holdsNothing(t, name, data, planted)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGABRT); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("it did not crash")
	}
	holdsNothing(t, "the crash file", crashFile(t, folder), planted)
	holdsNothing(t, "what was printed", says.text.Bytes(), planted)
	for _, how := range []string{"error", "value"} {
		wantSilentPanic(t, folder, how, planted)
	}
}
