package main

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"loonbrug/data/model"
	"loonbrug/integration/office"
	"loonbrug/integration/payrollfile"
	"loonbrug/integration/practice"
	"loonbrug/integration/practice/books"
	"loonbrug/integration/practice/chromium"
	"loonbrug/integration/practice/procountor"
	"loonbrug/integration/practice/visma"
	"loonbrug/integration/sender"
)

// revocation is how access to a system is taken away, and what then helps.
type revocation struct {
	revoke, restore func(*practice.Systems) bool
	code            string // of the account's problem; empty is the system's own
}

// TestRevoked takes the access of an account away at its system, sends a run to
// all three, and signs in again: the account turns grey and its entries wait
// while the others are booked, and what waited is then booked, once.
func TestRevoked(t *testing.T) {
	for id, c := range map[string]revocation{
		practice.VismaNet: {
			revoke:  func(s *practice.Systems) bool { return s.VismaNet.Faults().Set(visma.FaultWithdrawn, 1) },
			restore: func(*practice.Systems) bool { return true }, // a new sign-in is all it takes
			code:    "signin.expired",
		},
		practice.Procountor: {
			revoke:  func(s *practice.Systems) bool { return s.Procountor.Faults().Set(procountor.FaultRevoked(103), -1) },
			restore: func(s *practice.Systems) bool { return s.Procountor.Faults().Set(procountor.FaultRevoked(103), 0) },
		},
	} {
		t.Run(id, func(t *testing.T) {
			systems, person := servedPractice(t), chromium.Sit(t, chromium.Start(t), "nl")
			s := officeOf(t, systems, person)
			run := s.onlyRun(t)
			if !c.revoke(systems) {
				t.Fatal("the system cannot revoke")
			}
			account := s.sendAll(t, run, id)
			s.until(t, "all but the revoked one are booked", func() bool {
				return s.bookedBut(t, run, id) && s.account(t, account).State == model.AccountExpired
			})
			s.wantOneGrey(t, run, id, c.code)
			if n := countAt(t, systems, id); n != 0 {
				t.Errorf("%d were booked without access", n)
			}

			if !c.restore(systems) {
				t.Fatal("the system cannot give access again")
			}
			person.Does = signsInAtVisma()
			if err := s.office.Authorise(t.Context(), account); err != nil {
				t.Fatal(err)
			}
			if id == practice.VismaNet {
				person.MustSee(t, "Bakkerij De Halm B.V.")
			}
			s.until(t, "what waited is booked", func() bool { return s.bookedBut(t, run, "") })
			if a := s.account(t, account); !a.Authorised() || a.Problem != nil {
				t.Errorf("after signing in again: %+v", a)
			}
			for _, system := range systems.All {
				if system.ID == practice.Nmbrs {
					continue // nothing is booked there
				}
				if n := countAt(t, systems, system.ID); n != 3 {
					t.Errorf("%s has %d bookings", system.Name, n)
				}
			}
		})
	}
}

// servedPractice serves the practice systems for the length of a test.
func servedPractice(t *testing.T) *practice.Systems {
	t.Helper()
	return servedWith(t, practice.Options{NoThrottle: true}, func(err error) {
		if err != nil {
			t.Error(err)
		}
	})
}

// heldPractice serves them with slow answers that are held back so long. How they
// end does not matter: nobody waits for those answers any more.
func heldPractice(t *testing.T, delay time.Duration) *practice.Systems {
	t.Helper()
	return servedWith(t, practice.Options{NoThrottle: true, Delay: delay}, func(error) {})
}

func servedWith(t *testing.T, o practice.Options, ended func(error)) *practice.Systems {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	systems, err := practice.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		ended(systems.Wait())
	})
	return systems
}

// signsInAtVisma is what a person does in the browser.
func signsInAtVisma() []chromium.Step {
	return []chromium.Step{
		chromedp.WaitVisible("#username"), chromedp.SendKeys("#username", visma.Bookkeeper),
		chromedp.SendKeys("#password", visma.Password), chromedp.Click("#login"),
		chromedp.WaitVisible(`input[name="company"]`), chromedp.Click(`input[name="company"][value="` + visma.DeHalm + `"]`),
		chromedp.Click("#allow"),
	}
}

// bookedBut tells whether all logos of a run are booked, but that of one target.
func (s *services) bookedBut(t *testing.T, run int64, target string) bool {
	t.Helper()
	for _, logo := range s.find(t, run).Targets {
		if logo.Target != target && logo.State != model.StateBooked {
			return false
		}
	}
	return true
}

// wantOneGrey checks that the account of one target asks to sign in again and its
// entries wait, and that no other account suffers.
func (s *services) wantOneGrey(t *testing.T, run int64, target, code string) {
	t.Helper()
	for _, logo := range s.find(t, run).Targets {
		a := s.account(t, logo.AccountID)
		if logo.Target != target {
			if !a.Authorised() || a.Problem != nil {
				t.Errorf("%s suffers too: %+v", logo.Target, a)
			}
			continue
		}
		if a.Problem == nil || a.Problem.Action != model.ActionSignIn || code != "" && a.Problem.Code != code {
			t.Errorf("the account's problem is %v", a.Problem)
		}
		for _, d := range logo.Deliveries {
			if d.State.Final() {
				t.Errorf("%s does not wait: %s, %v", d.Period, d.State, d.Problem)
			}
		}
	}
}

// countAt counts the bookings of a system, and fails the test for one that is
// there twice.
func countAt(t *testing.T, systems *practice.Systems, id string) int {
	t.Helper()
	system, _ := systems.Find(id)
	all := journalsAt(t, system)
	for key, n := range books.CountByKey(all) {
		if n != 1 {
			t.Errorf("%s has %s %d times", system.Name, key, n)
		}
	}
	return len(all)
}

// officeOf is [officeWith] whose sign-ins a person sees in a browser.
func officeOf(t *testing.T, systems *practice.Systems, person *chromium.Person) *services {
	t.Helper()
	return officeWith(t, systems, office.Options{
		Open:     func(address string) error { return person.Open(context.Background(), address) },
		Language: person.Language,
	})
}

// officeWith is a real data folder on practice systems with an office of its own,
// whose sender works.
func officeWith(t *testing.T, systems *practice.Systems, o office.Options) *services {
	t.Helper()
	folder := t.TempDir()
	officeAt(t, folder, systems)
	s, err := open(t.Context(), &shell{dataDir: folder, language: "nl"}, needs{ask: askPassphrase})
	if err != nil {
		t.Fatal(err)
	}
	targets := wire(addresses{loopbackOnly: true}, 10*time.Second, s.store.Now, s.log)
	if s.sender, err = sender.New(s.store, targets, sender.Options{Timing: sender.PracticeTiming(), Log: s.log}); err != nil {
		t.Fatal(err)
	}
	o.Store, o.Targets, o.Files, o.Mailbox, o.Log = s.store, targets, payrollfile.New(), mailbox{s.sender, s.lock}, s.log
	s.office = office.New(o)
	ctx, stop := context.WithCancel(context.Background())
	_, ended, err := s.send(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, s.Close()); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *services) onlyRun(t *testing.T) int64 {
	t.Helper()
	rows, err := s.office.Runs(t.Context(), model.RunFilter{})
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d runs, %v", len(rows), err)
	}
	return rows[0].Run.ID
}

func (s *services) find(t *testing.T, run int64) model.RunRow {
	t.Helper()
	row, err := s.office.Find(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	return row
}

func (s *services) account(t *testing.T, id int64) model.Account {
	t.Helper()
	a, err := s.store.Account(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// sendAll clicks every logo of a run and gives the account of a target.
func (s *services) sendAll(t *testing.T, run int64, target string) (account int64) {
	t.Helper()
	for _, logo := range s.find(t, run).Targets {
		if logo.Target == target {
			account = logo.AccountID
			a := s.account(t, account)
			if target == practice.VismaNet {
				a.Settings["ports"] = "0" // any that is free
			}
			if err := s.store.SaveAccount(t.Context(), &a); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.office.Send(t.Context(), run, logo.MappingID); err != nil {
			t.Fatalf("%s: %v", logo.Target, err)
		}
	}
	return account
}

// until waits for something that the office tells of.
func (s *services) until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	changes, end := s.office.Subscribe()
	defer end()
	over := time.After(time.Minute)
	for !holds() {
		select {
		case <-changes:
		case <-over:
			t.Fatalf("not in a minute: %s\n%+v", what, s.find(t, s.onlyRun(t)).Targets)
		}
	}
}
