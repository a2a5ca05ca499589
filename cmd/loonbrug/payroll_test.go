package main

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"loonbrug/data/journal"
	"loonbrug/data/model"
	"loonbrug/integration/intake"
	"loonbrug/integration/practice"
	"loonbrug/integration/practice/books"
	nmbrspractice "loonbrug/integration/practice/nmbrs"
	"loonbrug/integration/practice/procountor"
)

// TestPayrollComesInByItself has a run locked in the practice payroll: with the
// workflow on automatic it is booked with no click, once, with its correction in
// the period it belongs to; a test company's run is not, and nothing older is.
func TestPayrollComesInByItself(t *testing.T) {
	s, err := open(t.Context(), &shell{dataDir: t.TempDir(), language: "nl"}, needs{practice: true, ask: askPassphrase})
	if err != nil {
		t.Fatal(err)
	}
	pay := s.signedIn(t, practice.Nmbrs, map[string]string{"user": "salaris@praktijk.example"}, model.Credentials{"token": "practice-nmbrs-token"})
	book := s.signedIn(t, practice.Procountor, map[string]string{"way": "api_key", "client_id": procountor.ClientID},
		model.Credentials{"client_secret": procountor.ClientSecret, "api_key": model.Secret(procountor.APIKey(103))})
	if err := s.office.Fetch(t.Context(), pay); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	halm := s.mapAutomatic(t, "12", book, journal.Period{Year: now.Year(), Number: int(now.Month())}, false)
	test := s.mapAutomatic(t, "14", book, journal.Period{Year: 2025, Number: 1}, true)

	s.intake = intake.New(payrollDoor{s.office, &shell{}}, intake.Options{Every: 200 * time.Millisecond, Log: s.log})
	ctx, stop := context.WithCancel(context.Background())
	_, ended, err := s.send(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		stop()
		if err := errors.Join(<-ended, s.Close()); err != nil {
			t.Error(err)
		}
	}()
	payroll := s.practice.Nmbrs
	corrected := nmbrspractice.Period{Year: now.Year() - 1, Number: 12}
	run, err := payroll.AddRun(54613, nmbrspractice.Period{Year: now.Year(), Number: int(now.Month())}, corrected)
	if err != nil {
		t.Fatal(err)
	}
	if err := payroll.LockRun(run); err != nil {
		t.Fatal(err)
	}
	rows := s.untilRows(t, "the locked run is booked", func(rows []model.RunRow) bool {
		return slices.ContainsFunc(rows, func(r model.RunRow) bool {
			return r.Run.Locked && r.Corrections == 1 && r.Targets[0].State == model.StateBooked
		})
	})
	for _, r := range rows {
		early := r.Run.Last.Compare(journal.Period{Year: now.Year(), Number: int(now.Month())}) < 0
		for _, logo := range r.Targets {
			if len(logo.Deliveries) > 0 && (r.Company.ID != halm || early || !r.Run.Locked) {
				t.Errorf("%s of %s was sent", r.Run.Description, r.Company.Name)
			}
			if r.Company.ID == test && logo.State != model.StateBlocked {
				t.Errorf("a run of the test company is %s", logo.State)
			}
		}
	}
	if n := countAt(t, s.practice, practice.Procountor); n != 2 {
		t.Errorf("%d bookings, want the run's and its correction's", n)
	}
	system, _ := s.practice.Find(practice.Procountor)
	december := journal.Date{Year: now.Year() - 1, Month: time.December, Day: 31}.String()
	if all := journalsAt(t, system); !slices.ContainsFunc(all, func(j books.Journal) bool { return j.Date == december }) {
		t.Errorf("no correction on %s", december)
	}
}

// signedIn makes an account and signs it in.
func (s *services) signedIn(t *testing.T, id string, settings map[string]string, secrets model.Credentials) int64 {
	t.Helper()
	a, err := s.office.NewAccount(t.Context(), id, "", settings, secrets)
	if err == nil {
		err = s.office.Authorise(t.Context(), a.ID)
	}
	if err != nil {
		t.Fatal(id, err)
	}
	return a.ID
}

// mapAutomatic maps a company and leaves its sending to the program.
func (s *services) mapAutomatic(t *testing.T, number string, account int64, start journal.Period, test bool) (companyID int64) {
	t.Helper()
	companies, err := s.office.Companies(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(companies, func(c model.Company) bool { return c.Number == number && c.Source == "nmbrs:praktijk" })
	if i < 0 {
		t.Fatalf("no company %s in %+v", number, companies)
	}
	c := companies[i]
	c.TestCompany, c.Rules.Workflow.Send = test, model.SendAutomatic
	if err := s.office.SaveCompany(t.Context(), &c); err != nil {
		t.Fatal(err)
	}
	m := model.Mapping{
		CompanyID: c.ID, AccountID: account, Administration: model.Administration{Code: "103", Name: "Bakkerij De Halm B.V."},
		CostCentre: model.DimensionRule{Use: true, Name: "Kostenplaats"}, Start: start,
	}
	if err := s.office.SaveMapping(t.Context(), &m); err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// untilRows waits for something that the list of runs shows.
func (s *services) untilRows(t *testing.T, what string, holds func([]model.RunRow) bool) []model.RunRow {
	t.Helper()
	changes, end := s.office.Subscribe()
	defer end()
	over := time.After(time.Minute)
	for {
		rows, err := s.office.Runs(t.Context(), model.RunFilter{})
		if err != nil {
			t.Fatal(err)
		}
		if holds(rows) {
			return rows
		}
		select {
		case <-changes:
		case <-over:
			for _, r := range rows {
				for _, logo := range r.Targets {
					t.Log(r.Company.Name, r.Run.Last, r.Run.Description, r.Run.Locked, logo.State, logo.Problem)
				}
			}
			t.Fatalf("not in a minute: %s", what)
		}
	}
}
