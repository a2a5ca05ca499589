package nmbrs_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"loonbrug/integration/practice/nmbrs"
)

func TestState_OneOpenRunForEachCompany(t *testing.T) {
	b := start(t, nmbrs.Options{})
	for company, want := range map[int]int{nmbrs.DeHalm: 24, nmbrs.Transport: 25, nmbrs.TestCompany: 3, nmbrs.OudeMolenBV: 11} {
		runs := b.server.Runs(company)
		if len(runs) != want {
			t.Errorf("company %d has %d runs", company, len(runs))
		}
		for i, r := range runs {
			if r.Locked == (i == len(runs)-1) {
				t.Errorf("run %+v", r)
			}
			if i > 0 && r.RunAt.Before(runs[i-1].RunAt) {
				t.Errorf("run %+v ran before the one before it", r)
			}
		}
	}
}

func TestState_LockRecalculateDelete(t *testing.T) {
	b := start(t, nmbrs.Options{})
	run := b.latest(nmbrs.DeHalm).ID
	list := func() string {
		return b.company("Run_GetList", "CompanyId", nmbrs.DeHalm, "Year", 2026).body
	}
	before := b.journal(b.perYear(nmbrs.DeHalm, run))
	if err := b.server.Recalculate(run); err != nil {
		t.Fatal(err)
	}
	after := b.journal(b.perYear(nmbrs.DeHalm, run))
	if x, y := before.Transactions[0].Lines[0], after.Transactions[0].Lines[0]; y.Value != x.Value+10_00 {
		t.Errorf("recalculated from %s to %s", x.Value, y.Value)
	}
	b.totals(after)
	if err := b.server.LockRun(run); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(list(), "<IsLocked>true</IsLocked>"); n != 12 {
		t.Errorf("%d runs are locked", n)
	}
	if err := b.server.Recalculate(run); !errors.Is(err, nmbrs.ErrLocked) {
		t.Errorf("a locked run was recalculated: %v", err)
	}
	if err := b.server.DeleteRun(run); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(list(), strconv.Itoa(run)) {
		t.Errorf("run %d is still there", run)
	}
	b.refused(b.perYear(nmbrs.DeHalm, run), 2046)
	for _, err := range []error{b.server.LockRun(run), b.server.Recalculate(run), b.server.DeleteRun(run)} {
		if !errors.Is(err, nmbrs.ErrNotFound) {
			t.Errorf("a run that is gone: %v", err)
		}
	}
}

func TestState_AddRun(t *testing.T) {
	b := start(t, nmbrs.Options{})
	c, err := b.server.AddRun(nmbrs.DeHalm, nmbrs.Period{})
	if err != nil {
		t.Fatal(err)
	}
	if r := b.latest(nmbrs.DeHalm); r.ID != c || r.From != 12 || r.Year != 2026 || r.Locked || r.Number != 13 || r.Description != "December 2026" {
		t.Errorf("next run %+v", r)
	}
	if _, err := b.server.AddRun(nmbrs.DeHalm, nmbrs.Period{}); err != nil {
		t.Fatal(err)
	}
	if r := b.latest(nmbrs.DeHalm); r.From != 1 || r.Year != 2027 || r.Number != 1 {
		t.Errorf("run of the next year %+v", r)
	}
	for _, p := range []nmbrs.Period{{Year: 2026, Number: 13}, {Year: 2026}, {Year: 1999, Number: 1}} {
		if _, err := b.server.AddRun(nmbrs.DeHalm, p); !errors.Is(err, nmbrs.ErrInvalid) {
			t.Errorf("%+v: %v", p, err)
		}
	}
	id, err := b.server.AddRun(nmbrs.DeHalm, nmbrs.Period{Year: 2026, Number: 12}, nmbrs.Period{Year: 2025, Number: 12}, nmbrs.Period{Year: 2026, Number: 3})
	if err != nil {
		t.Fatal(err)
	}
	j := b.journal(b.perYear(nmbrs.DeHalm, id))
	if b.totals(j); len(j.Transactions) != 3 || j.Transactions[1].Period != "3/2026" || j.Transactions[2].Period != "12/2025" {
		t.Errorf("corrections %+v", j)
	}
	if _, err := b.server.AddRun(nmbrs.DeHalm, nmbrs.Period{Year: 2026, Number: 3}, nmbrs.Period{Year: 2026, Number: 3}); !errors.Is(err, nmbrs.ErrInvalid) {
		t.Errorf("a period corrects itself: %v", err)
	}
	if _, err := b.server.AddRun(1, nmbrs.Period{}); !errors.Is(err, nmbrs.ErrNotFound) {
		t.Errorf("no company: %v", err)
	}
}

func TestState_AddCompany(t *testing.T) {
	b := start(t, nmbrs.Options{})
	id, err := b.server.AddCompany(nmbrs.HalmGroep, " Brood & Co  <B.V.> ", nmbrs.Week4)
	if err != nil {
		t.Fatal(err)
	}
	b.want(b.company("List_GetByDebtor", "DebtorId", nmbrs.HalmGroep), 200, "<Number>91</Number><Name>Brood &amp; Co &lt;B.V.&gt;</Name><LoonaangifteTijdvak>Week4</LoonaangifteTijdvak></Company>")
	b.want(b.company("Company_GetCurrentPeriod", "CompanyId", id), 200, ">2025-13-4W<")
	if _, err := b.server.AddRun(id, nmbrs.Period{}); err != nil {
		t.Fatal(err)
	}
	b.want(b.company("Company_GetCurrentPeriod", "CompanyId", id), 200, ">2026-1-4W<")
	b.totals(b.journal(b.perYear(id, b.latest(id).ID)))
	for _, name := range []string{"", " ", "a\x00b", strings.Repeat("x", 201)} {
		if _, err := b.server.AddCompany(nmbrs.HalmGroep, name, nmbrs.Month); !errors.Is(err, nmbrs.ErrInvalid) {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := b.server.AddCompany(1, "x", nmbrs.Month); !errors.Is(err, nmbrs.ErrNotFound) {
		t.Error(err)
	}
	if _, err := b.server.AddCompany(nmbrs.HalmGroep, "x", "Year"); !errors.Is(err, nmbrs.ErrInvalid) {
		t.Error(err)
	}
}

func TestState_OutlivesTheProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nmbrs.json")
	b := start(t, nmbrs.Options{BooksPath: path})
	run := b.latest(nmbrs.DeHalm).ID
	if err := errors.Join(b.server.Recalculate(run), b.server.LockRun(run)); err != nil {
		t.Fatal(err)
	}
	added, err := b.server.AddRun(nmbrs.DeHalm, nmbrs.Period{})
	if err != nil {
		t.Fatal(err)
	}
	want := b.perYear(nmbrs.DeHalm, run).body

	again := start(t, nmbrs.Options{BooksPath: path})
	if got := again.perYear(nmbrs.DeHalm, run).body; got != want {
		t.Errorf("the journal became %s, was %s", got, want)
	}
	if r := again.latest(nmbrs.DeHalm); r.ID != added {
		t.Errorf("latest run %+v", r)
	}
	if err := again.server.DeleteRun(added); err != nil {
		t.Fatal(err)
	}
	if id, err := again.server.AddRun(nmbrs.DeHalm, nmbrs.Period{}); err != nil || id == added {
		t.Errorf("the id %d was given twice: %v", id, err)
	}
}

func TestState_WhatCannotBeKeptIsNotChanged(t *testing.T) {
	b := start(t, nmbrs.Options{BooksPath: filepath.Join(t.TempDir(), "gone", "nmbrs.json")})
	run := b.latest(nmbrs.DeHalm).ID
	before := b.perYear(nmbrs.DeHalm, run).body
	if b.server.Recalculate(run) == nil || b.server.LockRun(run) == nil || b.perYear(nmbrs.DeHalm, run).body != before || b.latest(nmbrs.DeHalm).Locked {
		t.Error("a change was made that cannot be kept")
	}
}

// change posts a change of the office as a page or a script does.
func (b *bench) change(pairs ...string) answer {
	b.t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return b.do("POST", "/office", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func TestPage_ChangesTheOffice(t *testing.T) {
	b := start(t, nmbrs.Options{})
	id := strconv.Itoa(b.latest(nmbrs.DeHalm).ID)
	b.want(b.do("GET", "/", ""), 200, "Bakkerij De Halm B.V.", "Halm Transport B.V.", "November 2026", `value="lock"`, `value="`+id+`"`, "Recalculate")
	b.want(b.change("action", "recalculate", "run", id), 200, `{"id":`+id+`}`)
	a := b.change("action", "lock", "run", id, "company", "54613", "back", "1")
	if b.want(a, 303); a.header.Get("Location") != "/?company=54613" {
		t.Errorf("back to %q", a.header.Get("Location"))
	}
	if page := b.do("GET", "/?company=54613", ""); strings.Contains(page.body, `value="lock"`) {
		t.Error("nothing is open, and there is a button to lock")
	}
	b.want(b.change("action", "recalculate", "run", id), 409)
	b.want(b.change("action", "add_run", "company", "54613", "year", "2026", "period", "12"), 200)
	b.want(b.change("action", "add_run", "company", "54613", "corrects", "12/2025 6/2026"), 200)
	b.want(b.change("action", "add_run", "company", "54613", "corrects", "december"), 400)
	b.want(b.change("action", "add_company", "debtor", "902", "name", "<b>Nieuw</b>", "tax_period", "Month"), 200)
	b.want(b.do("GET", "/", ""), 200, "&lt;b&gt;Nieuw")
	b.want(b.change("action", "delete", "run", id), 200)
	b.want(b.change("action", "delete", "run", id), 404)
	b.want(b.change("action", "lock", "run", "x"), 400)
	b.want(b.change("action", "nothing"), 400)

	var all []struct {
		ID   int `json:"id"`
		Runs []struct {
			Year, Transactions int
			Locked             bool
		}
	}
	told := b.do("GET", "/runs", "")
	if err := json.Unmarshal([]byte(told.body), &all); err != nil || len(all) != 5 || all[0].ID != nmbrs.DeHalm || len(all[0].Runs) != 25 || all[0].Runs[13].Transactions != 2 {
		t.Errorf("%v: %s", err, told.body)
	}
	b.want(b.do("GET", "/journals", ""), 200, "[]")
}
