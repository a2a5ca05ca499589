package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"loonbrug/data/model"
	"loonbrug/data/settings"
	"loonbrug/integration/practice"
	"loonbrug/integration/practice/books"
)

// officeAt makes a real data folder, sealed under a passphrase, that is mapped
// to practice systems of another process for all three targets, and has the
// sample payroll. Its waits are short.
func officeAt(t *testing.T, folder string, systems *practice.Systems) {
	t.Helper()
	ctx := t.Context()
	t.Setenv("LOONBRUG_PASSPHRASE", "a passphrase for tests")
	s, err := open(ctx, &shell{dataDir: folder, language: "en"}, needs{ask: askPassphrase})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(settings.Save(ctx, s.store, settings.Settings{Timing: settings.Timing{
		Lease: 3 * time.Second, Settle: time.Second, SendDeadline: 500 * time.Millisecond, RequestTimeout: 2 * time.Second,
	}}))
	s.practice = systems // lends its credentials to the furnishing
	at := practiceAddresses(systems)
	accounts, err := s.practiceAccounts(ctx, map[string]map[string]string{
		practice.CASH:       {"address": at.cash},
		practice.VismaNet:   {"identity": at.vismaIdentity, "api": at.vismaAPI, "client_id": at.vismaClientID},
		practice.Procountor: {"address": at.procountor},
	})
	must(err)
	o, err := readPracticeOffice()
	must(err)
	companies := make(map[string]int64)
	for _, c := range o.Companies {
		company := model.Company{Source: practiceSource, SourceID: c.SourceID, Name: c.Name, Country: c.Country, Currency: c.Currency}
		must(s.office.SaveCompany(ctx, &company))
		companies[c.SourceID] = company.ID
	}
	must(s.practiceMappings(ctx, accounts, companies))
	must(s.practiceRun(ctx, companies["halm"], sampleFile, "", time.Now()))
	s.practice = nil
}

// journalsAt are the bookings that a practice system tells of.
func journalsAt(t *testing.T, s practice.System) []books.Journal {
	t.Helper()
	r, err := http.Get(s.Journals)
	if err != nil {
		t.Fatal(err)
	}
	var all []books.Journal
	if err := errors.Join(json.NewDecoder(r.Body).Decode(&all), r.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestKill kills the program between a request and its answer, at all three
// targets at once, starts it again, and counts in the systems' own books.
func TestKill(t *testing.T) {
	bin := builtPlain(t)
	systems := heldPractice(t, time.Minute)
	folder := t.TempDir()
	officeAt(t, folder, systems)

	for _, faults := range []*books.Faults{systems.CASH.Faults(), systems.VismaNet.Faults(), systems.Procountor.Faults()} {
		if !faults.SetBookings(books.FaultSlow, 1) {
			t.Fatal("a system cannot be slow")
		}
	}
	targets := slices.DeleteFunc(slices.Clone(systems.All), func(s practice.System) bool { return s.ID == practice.Nmbrs })
	killAfterBooking(t, bin, folder, targets)
	finish(t, bin, folder)
	for _, system := range targets {
		all := journalsAt(t, system)
		for key, n := range books.CountByKey(all) {
			if n != 1 {
				t.Errorf("%s has %s %d times", system.Name, key, n)
			}
		}
		if len(all) != 3 {
			t.Errorf("%s has %d bookings", system.Name, len(all))
		}
	}
}

// finish starts the program until everything is booked. What it was killed at
// before the request left is looked up in vain; at CASH a person says then that
// it is not there, as the test can see in CASH's own books.
func finish(t *testing.T, bin, folder string) {
	t.Helper()
	for range 2 {
		out, err := sendAll(bin, folder).Output()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		all := told{out: string(out)}.deliveries(t).Deliveries
		if len(all) != 9 {
			t.Fatalf("%d deliveries: %s", len(all), out)
		}
		open := 0
		for _, d := range all {
			if d.State == "unknown" && d.Target == practice.CASH {
				open++
			} else if d.State != "booked" || d.Number == "" {
				t.Errorf("%+v", d)
			}
		}
		if open == 0 {
			return
		}
		decide(t, folder)
	}
	t.Error("not everything is booked")
}

// decide is a person who has looked at CASH and says of everything that only a
// person can settle: it is not there, send it again.
func decide(t *testing.T, folder string) {
	t.Helper()
	s, err := open(t.Context(), &shell{dataDir: folder, language: "en"}, needs{ask: askPassphrase})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := s.office.Runs(t.Context(), model.RunFilter{})
	for _, row := range rows {
		for _, logo := range row.Targets {
			for _, d := range logo.Deliveries {
				if d.Person {
					err = errors.Join(err, s.office.SendAgain(t.Context(), d.ID))
				}
			}
		}
	}
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
}

func sendAll(bin, folder string) *exec.Cmd {
	cmd := exec.Command(bin, "--data-dir", folder, "send", "--all", "--json")
	cmd.Stderr = os.Stderr
	return cmd
}

// killAfterBooking runs the program until every system has booked something and
// still holds the answer back, and kills it then.
func killAfterBooking(t *testing.T, bin, folder string, systems []practice.System) {
	t.Helper()
	cmd := sendAll(bin, folder)
	var out bytes.Buffer
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	over := time.After(time.Minute)
	for slices.ContainsFunc(systems, func(s practice.System) bool { return len(journalsAt(t, s)) == 0 }) {
		select {
		case <-again.C:
		case <-over:
			t.Fatalf("not every system booked something: %s", out.String())
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatalf("the program ended by itself: %s", out.String())
	}
}
